//! Rule: triggers can start runs, each for something else, and their settings and those of GitOps
//! have an effect.

use std::collections::HashMap;

use super::{Findings, Fix, code};
use crate::{
    document::{Document, Key, ValueRef},
    kinds::settings,
};

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    let mut seen = HashMap::new();
    let mut some = false;
    for trigger in super::triggers(document).filter(|trigger| document.is_object(*trigger)) {
        if is_of_workflows(document, trigger) {
            continue;
        }
        some = true;
        let trigger = Trigger { document, key: trigger };
        trigger.can_start(findings);
        trigger.branches(findings);
        trigger.paths(findings);
        trigger.drafts(findings);
        trigger.flags(findings);
        trigger.again(&mut seen, findings);
    }
    let options = document.get(document.flow(), "options");
    let paused = options.and_then(|options| document.get(options, "paused"));
    if let Some(paused) = paused.filter(|_| some)
        && matches!(document.value(paused), ValueRef::Bool(true))
    {
        let sentence = "The flow is paused: its triggers and its webhook start nothing.";
        findings.hint(paused, code::PAUSED, sentence).fix(Fix::replace(
            "Let triggers start runs",
            paused,
            false,
        ));
    }
    if let Some(gitops) = document.get(document.flow(), "gitops") {
        file_path(document, gitops, findings);
    }
}

/// Whether it is written as triggers of the vendor's newer workflows are.
pub(super) fn is_of_workflows(document: &Document, trigger: Key) -> bool {
    let kind = document.get(trigger, "kind").and_then(|kind| document.str(kind));
    kind.is_some_and(|kind| settings::TRIGGERS_OF_WORKFLOWS.contains(&kind))
        && document.get(trigger, "vcsService").is_none()
}

struct Trigger<'d> {
    document: &'d Document,
    key: Key,
}

impl<'d> Trigger<'d> {
    fn get(&self, name: &str) -> Option<Key> {
        self.document.get(self.key, name)
    }

    fn says(&self, name: &str) -> bool {
        self.get(name).is_some_and(|key| self.document.value(key) == ValueRef::Bool(true))
    }

    /// The texts of a list; None where there is no list, or something else than texts in it.
    fn texts(&self, name: &str) -> Option<Vec<(Key, &'d str)>> {
        let list = self.get(name)?;
        let elements = self.document.elements(list);
        let texts = elements.map(|key| Some((key, self.document.str(key)?)));
        self.document.is_array(list).then(|| texts.collect())?
    }

    /// Whether there is neither a branch nor a pull request rule.
    fn can_start(&self, findings: &mut Findings) {
        let empty = |name: &str| match self.get(name) {
            None => true,
            Some(key) => self.document.is_array(key) && self.document.elements(key).len() == 0,
        };
        let strayed = |name| findings.has_strayed(self.key, name);
        if strayed("/branchRestrictions") || strayed("/prRestrictions") {
            return;
        }
        if empty("branchRestrictions") && empty("prRestrictions") {
            let sentence = "This trigger never starts a run: it names no branches and no pull \
                            requests. `*` stands for all.";
            let at = self.get("branchRestrictions").unwrap_or(self.key);
            findings.warning(at, code::NEVER_TRIGGERS, sentence).fix(Fix::set(
                "Start on every push to `main`",
                self.key,
                "/branchRestrictions",
                vec!["main"],
            ));
        }
    }

    fn branches(&self, findings: &mut Findings) {
        for name in ["branchRestrictions", "prRestrictions"] {
            for (key, rule) in self.texts(name).unwrap_or_default() {
                if let Some(why) = fits_no_branch(rule) {
                    let sentence = format!("No branch can be called like this: {why}.");
                    let finding = findings.warning(key, code::NO_SUCH_BRANCH, sentence);
                    let short = rule.trim_start_matches("refs/heads/").trim_matches('/');
                    if short != rule && !short.is_empty() && fits_no_branch(short).is_none() {
                        finding.fix(Fix::replace(format!("Change to `{short}`"), key, short));
                    }
                }
            }
        }
    }

    fn paths(&self, findings: &mut Findings) {
        let allow = self.says("isAllowList");
        let rules = self.texts("pathIgnoreRules");
        let none = match self.get("pathIgnoreRules") {
            None => true,
            Some(_) => rules.as_ref().is_some_and(Vec::is_empty),
        };
        if allow && none && !findings.has_strayed(self.key, "/pathIgnoreRules") {
            let Some(at) = self.get("isAllowList") else { return };
            let sentence = "This trigger never starts a run: only listed paths would, and none is \
                            listed.";
            findings.warning(at, code::NEVER_TRIGGERS, sentence).fix(Fix::replace(
                "Start for all paths",
                at,
                false,
            ));
        } else if !allow {
            let all = |rule: &str| matches!(rule, "*" | "**" | "/" | "/*" | "/**" | "**/*");
            let rules = rules.unwrap_or_default();
            // A rule with an exclamation mark takes paths out of the ignored ones again.
            if rules.iter().any(|(_, rule)| rule.starts_with('!')) {
                return;
            }
            if let Some((key, rule)) = rules.into_iter().find(|(_, rule)| all(rule)) {
                let sentence =
                    format!("This trigger never starts a run: `{rule}` ignores every path.");
                findings
                    .warning(key, code::NEVER_TRIGGERS, sentence)
                    .fix(Fix::remove("Remove this rule", key));
            }
        }
    }

    /// Whether drafts are ignored where no pull request starts a run anyway.
    fn drafts(&self, findings: &mut Findings) {
        let some = |name: &str| match self.get(name) {
            None => false,
            Some(key) => !self.document.is_array(key) || self.document.elements(key).len() > 0,
        };
        if let Some(drafts) = self.get("ignoreDrafts").filter(|_| self.says("ignoreDrafts"))
            && some("branchRestrictions")
            && !some("prRestrictions")
            && !findings.has_strayed(self.key, "/prRestrictions")
        {
            let sentence = "No pull requests start a run here, so there are no drafts to ignore.";
            findings
                .hint(drafts, code::NO_EFFECT, sentence)
                .at_name()
                .fix(Fix::remove("Remove it", drafts));
        }
    }

    fn flags(&self, findings: &mut Findings) {
        let Some(flags) = self.get("ciIgnoreFlags") else { return };
        let off = self
            .get("ciIgnoreFlagsEnabled")
            .is_some_and(|key| self.document.value(key) == ValueRef::Bool(false));
        if off && self.document.elements(flags).len() > 0 {
            let sentence = "These words stop nothing: `ciIgnoreFlagsEnabled` is off.";
            let set = Fix::set("Switch it on", self.key, "/ciIgnoreFlagsEnabled", true);
            findings.hint(flags, code::NO_EFFECT, sentence).fix(set);
        }
    }

    /// Whether an earlier trigger starts runs for the very same events.
    fn again(&self, seen: &mut HashMap<String, ()>, findings: &mut Findings) {
        let mut same = self.document.to_json(self.key);
        let Some(members) = same.as_object_mut() else { return };
        members.remove("ref");
        if seen.insert(same.to_string(), ()).is_some() {
            let sentence = "An earlier trigger starts a run for the same events already, so each \
                            starts two.";
            let finding = findings.warning(self.key, code::SAME_TRIGGER, sentence);
            if self.get("ref").is_none() {
                finding.fix(Fix::remove("Remove this trigger", self.key));
            }
        }
    }
}

/// Why no branch has a name that fits the rule: what Git forbids in names. What the API's pattern
/// forbids is said elsewhere.
fn fits_no_branch(rule: &str) -> Option<&'static str> {
    if rule.contains("${") {
        None
    } else if rule.is_empty() {
        Some("it is empty")
    } else if rule.starts_with("refs/heads/") {
        Some("rules name branches without `refs/heads/`")
    } else if rule.starts_with('/') || rule.ends_with('/') {
        Some("names neither begin nor end with a slash")
    } else if rule.contains("//") {
        Some("two slashes in a row can't be in a name")
    } else if rule.contains("..") {
        Some("two dots in a row can't be in a name")
    } else if rule.starts_with('-') {
        Some("names don't begin with a hyphen")
    } else if rule.ends_with('.') {
        Some("names don't end with a dot")
    } else {
        None
    }
}

fn file_path(document: &Document, gitops: Key, findings: &mut Findings) {
    let Some(key) = document.get(gitops, "filePath") else { return };
    let Some(path) = document.str(key).filter(|path| path.starts_with('/')) else { return };
    if path.contains("${") {
        return;
    }
    if path.split('/').any(|part| matches!(part, "." | "..")) {
        let sentence = "A path in a repository has no `.` or `..` in it: write it from the top.";
        findings.warning(key, code::DOUBTFUL_PATH, sentence);
    } else if !path.ends_with(".json") {
        let sentence = "The flow is written to this file as JSON; a name that ends in `.json` \
                        says so.";
        findings.hint(key, code::DOUBTFUL_PATH, sentence);
    }
}
