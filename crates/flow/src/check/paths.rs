//! Rule: the path rules of triggers and builds can fit a path. They are written as in `.gitignore`
//! files: with slashes, from the top of the repository.

use super::{Findings, Fix, View, code};
use crate::document::{Document, Key};

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    for trigger in super::triggers(document) {
        rules(document, document.get(trigger, "pathIgnoreRules"), findings);
    }
}

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    if view.node.word == "Build" {
        let path = ["spec", "buildRules", "pathIgnoreRules"];
        rules(view.document, view.document.at(view.node.key, &path), findings);
    }
}

fn rules(document: &Document, list: Option<Key>, findings: &mut Findings) {
    for key in list.into_iter().flat_map(|list| document.elements(list)) {
        let Some(rule) = document.str(key).filter(|rule| !rule.contains("${")) else { continue };
        let Some(why) = fits_no_path(rule) else { continue };
        let sentence = format!("No path fits this rule: {why}.");
        let finding = findings.warning(key, code::DOUBTFUL_PATH, sentence);
        let meant = meant(rule);
        if fits_no_path(&meant).is_none() {
            finding.fix(Fix::replace(format!("Change to `{meant}`"), key, meant));
        }
    }
}

/// Why no path of a repository fits the rule.
fn fits_no_path(rule: &str) -> Option<&'static str> {
    let path = rule.strip_prefix('!').unwrap_or(rule);
    if path.starts_with('#') {
        None
    } else if names_by_backslash(path) {
        Some(
            "the parts of a path are separated by `/`, and `\\` only takes the next character as it is",
        )
    } else if path.split('/').any(|part| matches!(part, "." | "..")) {
        Some("paths have no `.` or `..` in them; they begin at the top of the repository")
    } else {
        None
    }
}

/// Whether a backslash stands before a letter or a digit, which need none.
fn names_by_backslash(path: &str) -> bool {
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next().is_some_and(char::is_alphanumeric) {
            return true;
        }
    }
    false
}

/// The rule with slashes, from the top.
fn meant(rule: &str) -> String {
    let (not, path) = rule.strip_prefix('!').map_or(("", rule), |path| ("!", path));
    let path = if names_by_backslash(path) { path.replace('\\', "/") } else { path.to_owned() };
    let (mut from_top, mut path) = (false, path.as_str());
    while let Some(rest) = path.strip_prefix("./") {
        (from_top, path) = (true, rest);
    }
    let slash = if from_top && !path.starts_with('/') { "/" } else { "" };
    format!("{not}{slash}{path}")
}

#[cfg(test)]
mod tests {
    use super::{fits_no_path, meant};

    #[test]
    fn rules_that_can_fit_are_told_from_those_that_cannot() {
        for rule in
            ["*.md", "/docs/**", "!keep.md", r"\#notes", r"\!important", r"a\ ", "...", "..x/y"]
        {
            assert_eq!(fits_no_path(rule), None, "{rule}");
        }
        for (rule, other) in [
            (r"docs\manual\*", "docs/manual/*"),
            ("./docs/**", "/docs/**"),
            ("!./a.md", "!/a.md"),
            (r".\docs", "/docs"),
        ] {
            assert!(fits_no_path(rule).is_some(), "{rule}");
            assert_eq!(meant(rule), other, "{rule}");
        }
        assert!(fits_no_path(&meant("../x")).is_some(), "nothing above the top can be meant");
    }
}
