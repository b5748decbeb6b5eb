//! Which problems are listed, in what order and under what headings.

use std::collections::HashMap;

use slipway_flow::{
    check::{Problem, Severity, code},
    document::Document,
};

use crate::state::target::problem_words;

/// How problems are put together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Grouping {
    /// One list, the worst first.
    #[default]
    Severity,
    Node,
    Kind,
}

impl Grouping {
    pub const ALL: [Self; 3] = [Self::Severity, Self::Node, Self::Kind];

    /// The word of the choice.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Node => "node",
            Self::Kind => "kind",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Severity => "Worst first",
            Self::Node => "By node",
            Self::Kind => "By kind of problem",
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// Only this severity.
    pub severity: Option<Severity>,
    /// Words that must all be somewhere in the sentence, the code, the node's title or the field's
    /// label.
    pub text: String,
    pub grouping: Grouping,
}

/// Problems under one heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// Empty where there is no heading.
    pub title: String,
    /// What all of them have in common, where they are of one kind.
    pub code: Option<&'static str>,
    /// How many of them can be corrected.
    pub fixable: usize,
    /// Places in the list of problems.
    pub problems: Vec<usize>,
}

/// The problems that are wanted.
#[must_use]
pub fn sift(problems: &[Problem], document: &Document, wanted: &Wanted) -> Vec<Group> {
    let words: Vec<String> = wanted.text.split_whitespace().map(str::to_lowercase).collect();
    let fits = |problem: &Problem| {
        if wanted.severity.is_some_and(|severity| problem.severity != severity) {
            return false;
        }
        if words.is_empty() {
            return true;
        }
        let (place, field) = problem_words(document, problem);
        let text = format!("{} {} {place} {field}", problem.sentence, problem.code);
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut found: Vec<usize> =
        (0..problems.len()).filter(|at| problems.get(*at).is_some_and(fits)).collect();
    if wanted.grouping != Grouping::Node {
        found.sort_by_key(|at| problems.get(*at).map(|problem| problem.severity));
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut known = HashMap::new();
    for at in found {
        let Some(problem) = problems.get(at) else { continue };
        // What belongs to no node is told apart by its name.
        let (node, around, code) = match wanted.grouping {
            Grouping::Severity => (None, None, None),
            Grouping::Node if problem.node.is_none() => {
                (None, Some(place(problem, document)), None)
            }
            Grouping::Node => (problem.node, None, None),
            Grouping::Kind => (None, None, Some(problem.code)),
        };
        let index = *known.entry((node, around, code)).or_insert(groups.len());
        if index == groups.len() {
            let title = match wanted.grouping {
                Grouping::Severity => String::new(),
                Grouping::Node => place(problem, document),
                Grouping::Kind => means(problem.code),
            };
            groups.push(Group { title, code, ..Group::default() });
        }
        if let Some(group) = groups.get_mut(index) {
            group.fixable += usize::from(!problem.fixes.is_empty());
            group.problems.push(at);
        }
    }
    groups
}

/// What a problem is about.
fn place(problem: &Problem, document: &Document) -> String {
    problem_words(document, problem).0
}

fn means(word: &str) -> String {
    let code = code::ALL.iter().chain(code::OF_FILES).find(|code| code.word == word);
    code.map_or(word, |code| code.means.trim_end_matches('.')).to_owned()
}

#[cfg(test)]
mod tests {
    use slipway_flow::check::check;

    use super::*;

    const FLOW: &str = r#"{"apiVersion": "v1.2", "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "ref": "a", "spec": {"jobId": "one"}, "skipNodeExcution": "true"},
        {"kind": "JobRun", "ref": "a", "spec": {"jobID": "two"}}]}}}"#;

    fn sifted(wanted: &Wanted) -> Vec<(String, usize)> {
        let document = Document::parse(FLOW).unwrap();
        let groups = sift(&check(&document), &document, wanted);
        groups.into_iter().map(|group| (group.title, group.problems.len())).collect()
    }

    #[test]
    fn groups_have_what_they_have_in_common_as_their_heading() {
        let by = |grouping| sifted(&Wanted { grouping, ..Wanted::default() });
        let all: usize = by(Grouping::Severity).iter().map(|(_, count)| count).sum();
        assert_eq!(by(Grouping::Severity).len(), 1);
        let nodes = by(Grouping::Node);
        assert!(nodes.iter().any(|(title, _)| title == "Run job one"), "{nodes:?}");
        assert_eq!(nodes.iter().map(|(_, count)| count).sum::<usize>(), all);
        let kinds = by(Grouping::Kind);
        let slips = kinds.iter().find(|(title, _)| title.starts_with("A member that looks like"));
        assert_eq!(slips.map(|(_, count)| *count), Some(2), "{kinds:?}");
    }

    #[test]
    fn problems_of_the_settings_are_told_apart() {
        let document = Document::parse(
            r#"{"apiVersion": "v1.2", "arguments": {"UNREAD": "1"}, "options": {"paused": true},
            "triggers": [{"ref": "push", "vcsService": "github", "repoUrl": "", "branchRestrictions": ["main"]}],
            "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": []}}}"#,
        )
        .unwrap();
        let wanted = Wanted { grouping: Grouping::Node, ..Wanted::default() };
        let groups = sift(&check(&document), &document, &wanted);
        let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
        let right = ["Argument UNREAD", "Options", "Git trigger push", "Sequential workflow"];
        assert_eq!(titles, right);
        let text = "trigger push".to_owned();
        let found = sift(&check(&document), &document, &Wanted { text, ..Wanted::default() });
        assert_eq!(found.iter().map(|group| group.problems.len()).sum::<usize>(), 1);
    }

    #[test]
    fn the_list_is_sifted_by_severity_and_by_words() {
        let only = |severity| {
            let wanted = Wanted { severity, ..Wanted::default() };
            sifted(&wanted).iter().map(|(_, count)| count).sum::<usize>()
        };
        let each = [Severity::Error, Severity::Warning, Severity::Hint].map(Some).map(only);
        assert_eq!(each.iter().sum::<usize>(), only(None));
        let text = "ONE skipnode".to_owned();
        let found = sifted(&Wanted { text, ..Wanted::default() });
        assert_eq!(found.iter().map(|(_, count)| count).sum::<usize>(), 1);
        assert!(sifted(&Wanted { text: "nowhere".to_owned(), ..Wanted::default() }).is_empty());
    }
}
