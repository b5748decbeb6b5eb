//! Rule: what the tables say of members that need or exclude one another.

use super::{Finding, Findings, Fix, Severity, code};
use crate::{
    document::{Document, Key, ValueRef},
    expr,
    kinds::{Rule, When},
};

/// Looks at one object by the rules of its table.
pub(super) fn check(document: &Document, object: Key, rules: &[Rule], findings: &mut Findings) {
    let object = Object { document, key: object };
    for rule in rules {
        object.rule(rule, findings);
    }
}

/// Whether something holds; None where only a run can tell.
type Holds = Option<bool>;

struct Object<'d> {
    document: &'d Document,
    key: Key,
}

impl Object<'_> {
    fn rule(&self, rule: &Rule, findings: &mut Findings) {
        match *rule {
            Rule::ExactlyOne { when, of, none, several } => {
                if when.is_some_and(|when| self.holds(when, findings) != Some(true)) {
                    return;
                }
                if of.iter().any(|pointer| self.given(pointer).is_some()) {
                    self.at_most_one(of, several, findings);
                } else if let Some(first) = of.first() {
                    let _ = self.needed(first, none, findings);
                }
            }
            Rule::AtMostOne { of, several } => self.at_most_one(of, several, findings),
            Rule::Needed { pointer, when, says } => {
                if self.given(pointer).is_none() && self.holds(when, findings) == Some(true) {
                    let _ = self.needed(pointer, says, findings);
                }
            }
            Rule::Advised { of, when, says } => {
                if of.iter().all(|pointer| self.given(pointer).is_none())
                    && self.holds(when, findings) == Some(true)
                    && let Some(first) = of.first()
                    && !of.iter().any(|pointer| self.has_strayed(pointer, findings))
                    && let Some(finding) = self.needed(first, says, findings)
                {
                    finding.severity = Severity::Warning;
                    finding.code = code::LEFT_OPEN;
                }
            }
            Rule::OnlyWith { pointer, when, says } => {
                if let Some(key) = self.given(pointer)
                    && self.holds(when, findings) == Some(false)
                {
                    let remove = Fix::remove("Remove it", key);
                    findings.warning(key, code::NO_EFFECT, says).at_name().fix(remove);
                }
            }
        }
    }

    /// Of several, the one that is written second is one too many.
    fn at_most_one(&self, of: &[&str], several: &'static str, findings: &mut Findings) {
        let given: Vec<Key> = of.iter().filter_map(|pointer| self.given(pointer)).collect();
        let [first, second, ..] = given.as_slice() else { return };
        let beside = self.document.parent(*first).into_iter();
        let mut written = beside
            .flat_map(|object| self.document.members(object))
            .map(|(_, member)| member)
            .filter(|member| given.contains(member));
        let extra = written.nth(1).unwrap_or(*second);
        findings
            .error(extra, code::ALTERNATIVES, several)
            .at_name()
            .fix(Fix::remove("Remove it", extra));
    }

    /// Reports a member that is empty, or isn't there, unless that has been said.
    fn needed<'f>(
        &self,
        pointer: &'static str,
        says: &'static str,
        findings: &'f mut Findings,
    ) -> Option<&'f mut Finding> {
        if let Some(empty) = self.document.resolve_from(self.key, pointer) {
            return Some(findings.error(empty, code::ALTERNATIVES, says));
        }
        let (object, below) = self.deepest(pointer)?;
        let is_told = findings.has_strayed(object, below);
        (!is_told).then(|| findings.missing(object, below, code::ALTERNATIVES, says.to_owned()))
    }

    /// Whether the member isn't there because it stands elsewhere, or has another name.
    fn has_strayed(&self, pointer: &'static str, findings: &Findings) -> bool {
        self.deepest(pointer).is_some_and(|(object, below)| findings.has_strayed(object, below))
    }

    fn holds(&self, when: When, findings: &Findings) -> Holds {
        let Some(key) = self.given(when.pointer) else {
            // Members whose words matter are required: their absence is said elsewhere.
            let tells = when.or_absent || when.words.is_empty();
            return tells.then_some(when.or_absent);
        };
        if when.words.is_empty() {
            return Some(true);
        }
        match self.document.str(key) {
            Some(text) if when.words.contains(&text) => Some(true),
            Some(text) if expr::is_reference(text) => None,
            // What a wrong word is meant to be can't be known.
            _ => (!findings.is_wrong(key)).then_some(false),
        }
    }

    /// The member, unless it is absent, null or an empty text.
    fn given(&self, pointer: &str) -> Option<Key> {
        let key = self.document.resolve_from(self.key, pointer)?;
        let empty = matches!(self.document.value(key), ValueRef::Null)
            || self.document.str(key) == Some("");
        (!empty).then_some(key)
    }

    /// The innermost object that is there on the way to a member that isn't, and the way from it;
    /// None where something else is in the way.
    fn deepest(&self, pointer: &'static str) -> Option<(Key, &'static str)> {
        let ways = pointer.match_indices('/').map(|(at, _)| pointer.split_at(at));
        let there = |(to, below)| Some((self.document.resolve_from(self.key, to)?, below));
        ways.rev().find_map(there).filter(|(key, _)| self.document.is_object(*key))
    }
}
