//! The path rules of a trigger: an ignore list, or an allow list of the same form.
//!
//! May import: of its siblings `ignore`, `glob` and `rules`.

use super::{Files, Rule, glob::Fuel, ignore::Ignore, rules::Trigger};

/// How much a single trigger compares before it gives up; far more than real rules and pushes
/// need, and a fraction of a second.
const MAX_STEPS: usize = 50_000_000;

/// What the rules come to.
enum Found<'f> {
    /// This file starts a run; the line that says so, if one does.
    Starts(&'f str, Option<usize>),
    /// No file does: the first one, and the line that decides about it.
    Nothing(&'f str, Option<usize>),
    /// It would take too long to tell.
    TooMuch,
}

pub(super) fn judge(trigger: &mut Trigger<'_>, files: &Files) {
    let allows = trigger.is_set("isAllowList");
    let rules = trigger.texts("pathIgnoreRules").unwrap_or_default();
    if rules.is_empty() {
        if allows {
            let sentence = "The allow list has no path, so every file counts.";
            trigger.say(Rule::Paths, true, "/isAllowList", sentence);
        }
        return;
    }
    let all = "/pathIgnoreRules";
    let Files::Known(files) = files else {
        let sentence = "Which files changed isn't known, so the path rules count as met.";
        return trigger.say(Rule::Paths, true, all, sentence);
    };
    if files.is_empty() {
        let sentence = "No file changed, and this trigger asks for certain files.";
        return trigger.say(Rule::Paths, false, all, sentence);
    }
    let named = |line: Option<usize>| {
        line.and_then(|line| rules.get(line)).map(|(index, text)| (format!("{all}/{index}"), *text))
    };
    let number = files.len();
    let (passes, below, sentence) = match find(&rules, files, allows) {
        Found::TooMuch => {
            let sentence = "There are too many files and path rules to compare them all, so the \
                            path rules count as met.";
            (true, all.to_owned(), sentence.to_owned())
        }
        Found::Starts(file, line) => match (named(line), allows) {
            (Some((below, rule)), true) => {
                (true, below, format!("`{file}` changed, and the rule `{rule}` allows it."))
            }
            (Some((below, rule)), false) => {
                (true, below, format!("`{file}` changed, and the rule `{rule}` takes it in again."))
            }
            (None, _) => {
                (true, all.to_owned(), format!("`{file}` changed, and no rule ignores it."))
            }
        },
        Found::Nothing(file, line) => match (named(line), allows) {
            (Some((below, rule)), false) if number == 1 => (
                false,
                below,
                format!("The only changed file, `{file}`, is ignored by the rule `{rule}`."),
            ),
            (Some((below, rule)), false) => (
                false,
                below,
                format!(
                    "All {number} changed files are ignored, `{file}` for one by the rule `{rule}`."
                ),
            ),
            _ if number == 1 => (
                false,
                all.to_owned(),
                format!("The only changed file, `{file}`, is not on the allow list."),
            ),
            _ => (
                false,
                all.to_owned(),
                format!("None of the {number} changed files is on the allow list."),
            ),
        },
    };
    trigger.say(Rule::Paths, passes, &below, sentence);
}

/// Looks for the first file that starts a run. The same lines ignore files or allow them.
fn find<'f>(rules: &[(usize, &str)], files: &'f [String], allows: bool) -> Found<'f> {
    let lines = Ignore::new(rules.iter().map(|(_, text)| *text));
    let mut fuel = Fuel(MAX_STEPS);
    let mut first = None;
    for file in files {
        let file = file.trim_start_matches('/');
        let Some(decision) = lines.decide(file, &mut fuel) else { return Found::TooMuch };
        let line = decision.map(|decision| decision.line);
        if decision.is_some_and(|decision| decision.ignores) == allows {
            return Found::Starts(file, line);
        }
        first = first.or(Some((file, line)));
    }
    first.map_or(Found::TooMuch, |(file, line)| Found::Nothing(file, line))
}
