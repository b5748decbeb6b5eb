//! The rules of one entry of `triggers`, but for its paths.
//!
//! May import: `document`, `kinds`, and of its siblings `paths` and `repository`.

use serde_json::{Map, Value};

use super::{Action, Commit, Event, Files, Reason, Rule, Verdict, paths, repository};
use crate::{
    document::{Document, Key, ValueRef},
    kinds::settings::DEFAULT_CI_IGNORE_FLAGS,
};

/// One entry of `triggers`, with the reasons found so far.
pub(super) struct Trigger<'d> {
    pub(super) document: &'d Document,
    key: Key,
    pointer: String,
    reasons: Vec<Reason>,
}

/// What the trigger makes of the event, by every rule it has.
pub(super) fn judge(document: &Document, key: Key, event: &Event) -> Verdict {
    let pointer = document.pointer(key);
    let mut trigger = Trigger { document, key, pointer, reasons: Vec::new() };
    trigger.repository(event.repository());
    match event {
        Event::Push(push) => {
            trigger.branch(event.branch());
            if push.commits.is_empty() {
                let sentence =
                    "The push brings no commit; a branch that is deleted starts nothing.";
                trigger.say(Rule::Commits, false, "", sentence);
            }
            trigger.flags(&push.commits);
        }
        Event::PullRequest(request) => {
            trigger.pull_request(event.branch(), request.action);
            if request.draft {
                trigger.draft();
            }
            trigger.flags(std::slice::from_ref(&request.head));
        }
    }
    paths::judge(&mut trigger, event.files());
    let reference = document.get(key, "ref").and_then(|key| document.str(key));
    Verdict {
        trigger: key,
        pointer: trigger.pointer,
        reference: reference.filter(|text| !text.is_empty()).map(str::to_owned),
        reasons: trigger.reasons,
    }
}

/// What nodes read of a trigger that fired. The repository is spelt as the trigger spells it.
pub(super) fn values(document: &Document, trigger: Key, event: &Event) -> Map<String, Value> {
    let address = document.get(trigger, "repoUrl").and_then(|key| document.str(key));
    let (sha, id) = match event {
        Event::Push(push) => (push.commits.last().map(|commit| &commit.sha), None),
        Event::PullRequest(request) => (Some(&request.head.sha), Some(&request.id)),
    };
    [
        ("branch", Some(event.branch())),
        ("sha", sha.map(String::as_str)),
        ("repoUrl", address),
        ("pullRequestId", id.map(String::as_str)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
    .collect()
}

impl Event {
    fn repository(&self) -> &str {
        match self {
            Self::Push(push) => &push.repository,
            Self::PullRequest(request) => &request.repository,
        }
    }

    fn branch(&self) -> &str {
        let branch = match self {
            Self::Push(push) => &push.branch,
            Self::PullRequest(request) => &request.branch,
        };
        branch.strip_prefix("refs/heads/").unwrap_or(branch)
    }

    fn files(&self) -> &Files {
        match self {
            Self::Push(push) => &push.files,
            Self::PullRequest(request) => &request.files,
        }
    }
}

impl<'d> Trigger<'d> {
    /// `below` is the pointer from the trigger.
    pub(super) fn say(
        &mut self,
        rule: Rule,
        passes: bool,
        below: &str,
        sentence: impl Into<String>,
    ) {
        let pointer = format!("{}{below}", self.pointer);
        self.reasons.push(Reason { rule, passes, pointer, sentence: sentence.into() });
    }

    fn text(&self, name: &str) -> Option<&'d str> {
        self.document.str(self.document.get(self.key, name)?)
    }

    /// Whether the member is there and true.
    pub(super) fn is_set(&self, name: &str) -> bool {
        let value = self.document.get(self.key, name).map(|key| self.document.value(key));
        value == Some(ValueRef::Bool(true))
    }

    /// The texts of a list by their place in it; None where the trigger has no list.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<(usize, &'d str)>> {
        let document = self.document;
        let list = document.get(self.key, name).filter(|key| document.is_array(*key))?;
        let texts = document.elements(list).enumerate();
        Some(texts.filter_map(|(index, key)| Some((index, document.str(key)?))).collect())
    }

    fn repository(&mut self, address: &str) {
        let found = repository::normal(address);
        let Some(wanted) = self.text("repoUrl").map(repository::normal) else {
            let sentence = "This trigger names no repository.";
            return self.say(Rule::Repository, false, "/repoUrl", sentence);
        };
        let passes = found == wanted;
        let sentence = if passes {
            format!("The repository is {found}.")
        } else if found.eq_ignore_ascii_case(&wanted) {
            format!(
                "The repository is {found}; this trigger watches {wanted}, and behind the host \
                 capitals count."
            )
        } else {
            format!("The repository is {found}; this trigger watches {wanted}.")
        };
        self.say(Rule::Repository, passes, "/repoUrl", sentence);
    }

    fn branch(&mut self, branch: &str) {
        self.one_of(Rule::Branch, "branchRestrictions", branch, "branch", "a push");
    }

    fn pull_request(&mut self, branch: &str, action: Action) {
        let what = match action {
            Action::Opened => "a new pull request",
            Action::Pushed => "a push to a pull request's branch",
        };
        self.one_of(Rule::PullRequest, "prRestrictions", branch, "pull request's branch", what);
    }

    fn one_of(&mut self, rule: Rule, list: &str, branch: &str, noun: &str, what: &str) {
        let rules = self.texts(list).unwrap_or_default();
        if rules.is_empty() {
            let sentence = format!("This trigger has no rule for {what}, so it starts nothing.");
            return self.say(rule, false, &format!("/{list}"), sentence);
        }
        if let Some((index, pattern)) = rules.iter().find(|(_, rule)| matches_branch(rule, branch))
        {
            let sentence = format!("The {noun} `{branch}` matches the rule `{pattern}`.");
            return self.say(rule, true, &format!("/{list}/{index}"), sentence);
        }
        let sentence = match rules.as_slice() {
            [(_, only)] => format!("The {noun} `{branch}` doesn't match the rule `{only}`."),
            more => {
                format!("The {noun} `{branch}` matches none of the {} rules.", more.len())
            }
        };
        self.say(rule, false, &format!("/{list}"), sentence);
    }

    fn draft(&mut self) {
        let ignores = self.is_set("ignoreDrafts");
        let sentence = if ignores {
            "The pull request is a draft, and this trigger ignores drafts."
        } else {
            "The pull request is a draft, and this trigger takes drafts too."
        };
        self.say(Rule::Draft, !ignores, "/ignoreDrafts", sentence);
    }

    fn flags(&mut self, commits: &[Commit]) {
        let enabled = self.is_set("ciIgnoreFlagsEnabled");
        let own = self.texts("ciIgnoreFlags");
        let is_default = own.is_none();
        let flags =
            own.unwrap_or_else(|| DEFAULT_CI_IGNORE_FLAGS.iter().copied().enumerate().collect());
        // An empty one would be in every message.
        let mut flags = flags.into_iter().filter(|(_, flag)| !flag.is_empty());
        let found = flags.find_map(|(index, flag)| {
            let commit = commits.iter().find(|commit| commit.message.contains(flag))?;
            Some((index, flag, commit))
        });
        let Some((index, flag, commit)) = found else {
            if enabled {
                let sentence = "No commit message has a word that stops a run.";
                self.say(Rule::Flags, true, "/ciIgnoreFlags", sentence);
            }
            return;
        };
        let sha: String = commit.sha.chars().take(7).collect();
        if enabled {
            let below = if is_default {
                "/ciIgnoreFlags".to_owned()
            } else {
                format!("/ciIgnoreFlags/{index}")
            };
            let sentence =
                format!("The message of commit {sha} has `{flag}` in it, which stops the run.");
            self.say(Rule::Flags, false, &below, sentence);
        } else {
            let sentence = format!(
                "The message of commit {sha} has `{flag}` in it, but for this trigger messages \
                 can't stop a run."
            );
            self.say(Rule::Flags, true, "/ciIgnoreFlagsEnabled", sentence);
        }
    }
}

/// Whether a branch matches a rule. A star stands for any text, slashes too, also none, and also in
/// the middle; everything else stands for itself, capitals count.
pub(super) fn matches_branch(rule: &str, branch: &str) -> bool {
    let mut parts = rule.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(rest) = branch.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}
