//! Events to try a flow with, made from what its triggers say.
//!
//! May import: `document`, `kinds`, and of its siblings `rules` and `webhook`.

use super::{Action, Commit, Event, Files, PullRequest, Push, Rule, parameter, rules};
use crate::{
    document::{Document, Key},
    kinds::settings::TRIGGER_OUTPUTS,
};

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Example {
    /// A push that the trigger waits for.
    Push,
    /// The same with a file that the path rules leave out.
    LeftOut,
    /// A pull request that isn't ready for review.
    Draft,
}

const SHA: &str = "8f14e45fceea167a5a36dedd4bea2543a1b2c3d4";

/// Files that the examples may change, beside those that the path rules name.
const FILES: [&str; 4] = ["src/main.rs", "README.md", "docs/notes.md", "package.json"];

/// An event for the first of the flow's triggers that could see it.
#[must_use]
pub fn example(document: &Document, of: Example) -> Event {
    let triggers: Vec<Key> = triggers(document).collect();
    let list = match of {
        Example::Push | Example::LeftOut => "branchRestrictions",
        Example::Draft => "prRestrictions",
    };
    let has = |trigger: &Key, list: &str| !texts(document, *trigger, list).is_empty();
    let fits = |trigger: &&Key| {
        has(trigger, list) && (of != Example::LeftOut || has(trigger, "pathIgnoreRules"))
    };
    let trigger = triggers
        .iter()
        .find(fits)
        .or_else(|| triggers.iter().find(|trigger| has(trigger, list)))
        .or_else(|| triggers.first())
        .copied();
    let repository = trigger
        .and_then(|trigger| document.str(document.get(trigger, "repoUrl")?))
        .filter(|address| !address.is_empty())
        .unwrap_or("https://github.com/acme/shop")
        .to_owned();
    let fallback = if of == Example::Draft { "feature/cart" } else { "main" };
    let branch = trigger
        .and_then(|trigger| texts(document, trigger, list).first().map(|rule| plain(rule)))
        .unwrap_or_else(|| fallback.to_owned());
    let event = |file: &str| {
        let commit =
            Commit { sha: SHA.to_owned(), message: "Show the total in the cart".to_owned() };
        let files = Files::Known(vec![file.to_owned()]);
        let (repository, branch) = (repository.clone(), branch.clone());
        match of {
            Example::Push | Example::LeftOut => {
                Event::Push(Push { repository, branch, commits: vec![commit], files })
            }
            Example::Draft => Event::PullRequest(PullRequest {
                repository,
                id: "42".to_owned(),
                branch,
                action: Action::Opened,
                draft: true,
                head: commit,
                files,
            }),
        }
    };
    let Some(trigger) = trigger else { return event(FILES[0]) };
    // The first file of which the path rules say what the example wants.
    let wanted = of != Example::LeftOut;
    let rules = texts(document, trigger, "pathIgnoreRules");
    let of_rules = rules.iter().map(|rule| plain(rule.trim_start_matches(['!', '/'])));
    let mut files = FILES.into_iter().map(str::to_owned).chain(of_rules);
    let passes = |file: &String| {
        let verdict = rules::judge(document, trigger, &event(file));
        !verdict.reasons.iter().any(|reason| reason.rule == Rule::Paths && !reason.passes)
    };
    let file = files.find(|file| !file.is_empty() && passes(file) == wanted);
    event(file.as_deref().unwrap_or(FILES[0]))
}

/// The query of a call that stands in for a push that the trigger with this ref waits for.
#[must_use]
pub fn trigger_call(document: &Document, reference: &str) -> String {
    let of = |trigger: &Key| {
        document.get(*trigger, "ref").and_then(|key| document.str(key)) == Some(reference)
    };
    let branch = triggers(document)
        .find(of)
        .and_then(|trigger| texts(document, trigger, "branchRestrictions").first().copied());
    let values = |output: &str| match output {
        "branch" => Some(branch.map_or_else(|| "main".to_owned(), plain)),
        "sha" => Some(SHA.to_owned()),
        _ => None,
    };
    let known = TRIGGER_OUTPUTS.iter().filter_map(|output| {
        Some(parameter(&format!("{reference}.{}", output.name), &values(output.name)?))
    });
    known.collect::<Vec<_>>().join("&")
}

/// The query of a call with a value for each of the flow's arguments: its default.
#[must_use]
pub fn argument_call(document: &Document) -> String {
    let arguments = document.get(document.flow(), "arguments").into_iter();
    let arguments = arguments.flat_map(|all| document.members(all)).map(|(name, key)| {
        let text = document.str(key).map_or_else(|| document.text_of(key), str::to_owned);
        parameter(name, &text)
    });
    let all: Vec<String> = arguments.collect();
    if all.is_empty() { parameter("IMAGE_TAG", "1.4.0") } else { all.join("&") }
}

/// The refs of the flow's triggers, in their order.
#[must_use]
pub fn refs(document: &Document) -> Vec<&str> {
    let held = triggers(document).filter_map(|entry| document.str(document.get(entry, "ref")?));
    held.filter(|name| !name.is_empty()).collect()
}

fn triggers(document: &Document) -> impl Iterator<Item = Key> + '_ {
    let list = document.get(document.flow(), "triggers").into_iter();
    list.flat_map(|list| document.elements(list))
}

fn texts<'d>(document: &'d Document, trigger: Key, list: &str) -> Vec<&'d str> {
    let list = document.get(trigger, list).into_iter();
    list.flat_map(|list| document.elements(list)).filter_map(|key| document.str(key)).collect()
}

/// A text that a rule matches: its wildcards stand for a word.
fn plain(rule: &str) -> String {
    let word = rule.replace("**", "*").replace('*', "example").replace('?', "x");
    if word.ends_with('/') { word + "example" } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trigger::{Outcome, Standing, git_event, webhook_call};

    fn fires(document: &Document, of: Example) -> bool {
        let answer = git_event(document, &example(document, of), Standing::default());
        answer.triggers.iter().any(super::super::Verdict::fires)
    }

    #[test]
    fn examples_do_what_they_are_called() {
        for paths in [
            r#""pathIgnoreRules": ["docs/**", "*.md"]"#,
            r#""pathIgnoreRules": ["web/*.ts"], "isAllowList": true"#,
            r#""pathIgnoreRules": ["*", "!/server/", "!/server/**"]"#,
        ] {
            let document = Document::parse(&format!(
                r#"{{"triggers": [{{"ref": "other", "repoUrl": "https://github.com/acme/other"}},
                {{"repoUrl": "https://github.com/acme/web", "branchRestrictions": ["release/*"],
                "prRestrictions": ["*"], "ignoreDrafts": true, {paths}}}], "spec": {{}}}}"#
            ))
            .expect("JSON");
            assert!(fires(&document, Example::Push), "{paths}");
            assert!(!fires(&document, Example::LeftOut), "{paths}");
            assert!(!fires(&document, Example::Draft), "{paths}");
        }
    }

    #[test]
    fn calls_bring_what_they_say() {
        let document = Document::parse(
            r#"{"triggers": [{"ref": "a.b", "branchRestrictions": ["feature/*"]}, {"ref": ""}],
            "arguments": {"TAG": "1/2", "N": 3}, "spec": {}}"#,
        )
        .expect("JSON");
        assert_eq!(refs(&document), ["a.b"]);
        let query = format!("{}&{}", trigger_call(&document, "a.b"), argument_call(&document));
        assert!(query.starts_with("a%2Eb%2Ebranch=feature%2Fexample&"), "{query}");
        let Outcome::Run(_, given) = webhook_call(&document, &query, Standing::default()).outcome
        else {
            panic!("no run for {query}");
        };
        assert_eq!(given.overrides["a.b"]["branch"], "feature/example");
        assert_eq!(given.overrides["a.b"]["sha"], SHA);
        assert_eq!(given.arguments["TAG"], "1/2");
        assert_eq!(given.arguments["N"], "3");
    }

    #[test]
    fn a_flow_of_any_shape_has_examples() {
        for text in ["{}", "3", r#"{"triggers": {}}"#, r#"{"triggers": [7, {"repoUrl": 3}]}"#] {
            let document = Document::parse(text).expect("JSON");
            for of in [Example::Push, Example::LeftOut, Example::Draft] {
                assert!(!fires(&document, of), "{text}");
            }
        }
    }
}
