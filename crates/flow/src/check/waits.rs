//! Rule: waits are for something, for the right thing, and only once.

use std::collections::{HashMap, HashSet};

use super::{
    Findings, Fix, code,
    nodes::{Node, Nodes},
};
use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Root},
    kinds::FieldType,
};

/// What a `Condition` can wait for, and the kind of node that starts it: what waits says, where it
/// names it, the kind.
const STARTED: &[(&str, &str, &str)] = &[
    ("Build", "/spec/spec/data/buildId", "Build"),
    ("JobRun", "/spec/spec/data/runId", "JobRun"),
    ("AddonBackup", "/spec/spec/data/backupId", "AddonBackup"),
    ("AddonImport", "/spec/spec/data/importId", "AddonImport"),
];

pub(super) fn check(document: &Document, nodes: &Nodes<'_>, findings: &mut Findings) {
    let refs = nodes
        .all
        .iter()
        .filter_map(|node| Some((document.node(node.key).reference()?, node)))
        .collect();
    let awaited = nodes
        .all
        .iter()
        .filter_map(|node| awaits(document, node).map(|(_, name, _)| name))
        .collect();
    let rule = Rule { document, refs, awaited };
    for node in &nodes.all {
        rule.idle_timeout(node, findings);
        rule.waits_for(node, findings);
        rule.unfinished_build(node, findings);
    }
}

struct Rule<'d, 'n> {
    document: &'d Document,
    refs: HashMap<&'d str, &'n Node<'d>>,
    /// The refs that conditions wait for.
    awaited: HashSet<String>,
}

/// What a `Condition` waits for: the row of `STARTED`, and the ref that it names.
fn awaits(document: &Document, node: &Node<'_>) -> Option<(&'static str, String, Key)> {
    if node.word != "Condition" {
        return None;
    }
    let what = document.at(node.key, &["spec", "kind"]).and_then(|key| document.str(key))?;
    let (_, pointer, kind) = STARTED.iter().find(|(waits_for, ..)| *waits_for == what)?;
    let id = document.resolve_from(node.key, pointer)?;
    Some((kind, whole_ref(document.str(id)?)?, id))
}

/// The ref whose `id` is the whole text.
fn whole_ref(text: &str) -> Option<String> {
    if !text.contains("${") {
        return None;
    }
    let template = expr::parse(text);
    let [part] = template.parts.as_slice() else { return None };
    let Content::Expression(expr) = &part.content else { return None };
    match &expr.kind {
        ExprKind::Path { root: Root::Refs, name, path } if *path == ["id"] => Some(name.clone()),
        _ => None,
    }
}

impl Rule<'_, '_> {
    /// A release waits only when it is told to.
    fn idle_timeout(&self, node: &Node<'_>, findings: &mut Findings) {
        let Some(kind) = node.kind else { return };
        let word = kind.fields.iter().find_map(|field| match field.ty {
            FieldType::Condition(word) if field.pointer == "/condition" => Some(word),
            _ => None,
        });
        let (Some(word), Some(timeout)) = (word, self.document.get(node.key, "timeoutDuration"))
        else {
            return;
        };
        let known = kind.fields.iter().any(|field| field.pointer == "/timeoutDuration");
        if known
            && self.document.get(node.key, "condition").is_none()
            && !findings.has_strayed(node.key, "/condition")
        {
            let sentence = "The timeout is for waiting, and this node doesn't wait for completion.";
            findings
                .warning(timeout, code::IDLE_TIMEOUT, sentence)
                .fix(Fix::set("Wait for completion", node.key, "/condition", word))
                .fix(Fix::remove("Remove the timeout", timeout));
        }
    }

    fn waits_for(&self, node: &Node<'_>, findings: &mut Findings) {
        let Some((kind, name, id)) = awaits(self.document, node) else { return };
        let Some(started) = self.refs.get(name.as_str()) else { return };
        let Some(started_kind) = started.kind else { return };
        if started_kind.kind != kind {
            let sentence = format!(
                "`{name}` is a `{}`; this waits for what a `{kind}` has started.",
                started_kind.kind
            );
            findings.warning(id, code::WRONG_WAIT, sentence);
        } else if self.document.get(started.key, "condition").is_some() {
            let sentence =
                format!("`{name}` itself waits until it has succeeded: this adds nothing.");
            let finding = findings.hint(node.key, code::REDUNDANT_WAIT, sentence);
            if self.document.node(node.key).reference().is_none() && node.around.is_some() {
                finding.fix(Fix::remove("Remove this node", node.key));
            }
        }
    }

    /// A build that was only queued can't be deployed.
    fn unfinished_build(&self, node: &Node<'_>, findings: &mut Findings) {
        if node.word != "Release" {
            return;
        }
        let Some(build) = self.document.at(node.key, &["spec", "origin", "build"]) else { return };
        let Some(name) = self.document.str(build).and_then(whole_ref) else { return };
        let Some(started) = self.refs.get(name.as_str()) else { return };
        let waits = self.document.get(started.key, "condition").is_some()
            || findings.has_strayed(started.key, "/condition")
            || self.document.get(started.key, "waitForCompletion").is_some()
            || self.awaited.contains(&name);
        if started.word == "Build" && !waits {
            let sentence = format!(
                "`{name}` doesn't wait for completion, so its build may not be there yet when \
                 this deploys it."
            );
            let fix = Fix::set(
                format!("Let `{name}` wait for completion"),
                started.key,
                "/condition",
                "success",
            );
            findings.warning(build, code::UNFINISHED_BUILD, sentence).fix(fix);
        }
    }
}
