//! Names and what reads them: refs stay unique, and what reads one follows it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use slipway_flow::{
    check::check_ref,
    document::{Document, Editing, Key},
    expr::{self, Root},
    kinds,
};

use super::{Done, Refused, living, refused};
use crate::uses::each_text;

/// Where a node or a trigger has its ref.
pub(super) const POINTER: &str = "/ref";

pub(super) fn rename(edit: &mut Editing<'_>, holder: Key, name: &str) -> Result<Done, Refused> {
    let document = edit.document();
    living(document, holder)?;
    let name = name.trim();
    if name.is_empty() {
        return refused("A ref needs a name.");
    }
    let all = document.ref_holders();
    if !document.is_object(holder) || !all.contains(&holder) {
        return refused("Only a node or a trigger has a ref.");
    }
    check_name(document, &all, holder, name)?;
    let old = reference(document, holder).unwrap_or_default().to_owned();
    // Of several that have the ref the first one is meant by what reads it.
    let first = all.iter().find(|key| reference(document, **key) == Some(&old));
    let followed = !old.is_empty() && first == Some(&holder);
    let label = format!("Rename {} to {name}", if old.is_empty() { "a ref" } else { &old });
    edit.set_after(holder, "ref", &Value::from(name), &["kind"]);
    if followed {
        let flow = edit.document().flow();
        rewrite(edit, &[flow], |root, read| (root == Root::Refs && read == old).then_some(name));
    }
    Ok(Done::new(label))
}

/// What read the old name of a node or trigger reads the one that it has.
pub(super) fn follow(edit: &mut Editing<'_>, holder: Key, from: &str) -> Result<Done, Refused> {
    let document = edit.document();
    living(document, holder)?;
    let Some(to) = reference(document, holder).filter(|to| expr::is_addressable(to)) else {
        return refused("It has no ref that could be read.");
    };
    if document.ref_holders().iter().any(|other| reference(document, *other) == Some(from)) {
        return refused(format!("Something is called `{from}`, and is what is read."));
    }
    let (to, flow) = (to.to_owned(), document.flow());
    rewrite(edit, &[flow], |root, read| (root == Root::Refs && read == from).then_some(&*to));
    Ok(Done::new(format!("Rename what reads {from} to {to}")))
}

/// Whether a node or trigger may get the ref as the value of its field.
pub(super) fn check(document: &Document, holder: Key, name: &str) -> Result<(), Refused> {
    let all = document.ref_holders();
    if name.is_empty() || reference(document, holder) == Some(name) || !all.contains(&holder) {
        return Ok(());
    }
    check_name(document, &all, holder, name)
}

/// What is refused by the field is refused by "Rename the ref", with the same sentence.
fn check_name(document: &Document, all: &[Key], holder: Key, name: &str) -> Result<(), Refused> {
    if let Some(sentence) = check_ref(name) {
        return refused(sentence);
    }
    if all.iter().any(|key| *key != holder && reference(document, *key) == Some(name)) {
        return refused(format!("The ref `{name}` is taken: each one is used once in a flow."));
    }
    Ok(())
}

fn reference(document: &Document, holder: Key) -> Option<&str> {
    document.str(document.get(holder, "ref")?)
}

/// Puts other names in the place of those that the strings under `from` read. Nothing else in them
/// changes.
pub(super) fn rewrite<'n>(
    edit: &mut Editing<'_>,
    from: &[Key],
    new: impl Fn(Root, &str) -> Option<&'n str>,
) {
    let mut changes = Vec::new();
    for root in from {
        each_text(edit.document(), *root, |text| {
            let parts: Vec<_> = text
                .names()
                .into_iter()
                .filter_map(|read| Some((read.span, new(read.root, &read.name)?)))
                .collect();
            if !parts.is_empty() {
                changes.push((text.key, parts));
            }
        });
    }
    for (key, parts) in changes {
        edit.replace_parts(key, &parts);
    }
}

/// Gives new nodes that have a ref which is taken another one, and what reads it among them.
pub(super) fn make_unique(edit: &mut Editing<'_>, new: &[Key]) {
    let document = edit.document();
    let inside: Vec<Key> = new.iter().flat_map(|node| document.nodes_under(*node)).collect();
    let with_ref = |key: &Key| reference(document, *key).is_some_and(|name| !name.is_empty());
    let named: Vec<Key> = inside.iter().copied().filter(with_ref).collect();
    if named.is_empty() {
        return;
    }
    let ours: HashSet<Key> = inside.into_iter().collect();
    let others = document.ref_holders().into_iter().filter(|holder| !ours.contains(holder));
    let mut free = kinds::FreeNames::new(others.filter_map(|holder| reference(document, holder)));
    // What reads a name that several of the new nodes have means the first of them.
    let mut names: HashMap<String, String> = HashMap::new();
    let mut changes = Vec::new();
    for node in named {
        let Some(old) = reference(document, node) else { continue };
        let name = free.take(old.to_owned());
        if name != old {
            changes.push((node, name.clone()));
        }
        names.entry(old.to_owned()).or_insert(name);
    }
    for (node, name) in &changes {
        edit.set(*node, "ref", &Value::from(name.as_str()));
    }
    if !changes.is_empty() {
        rewrite(edit, new, |root, read| {
            let name = names.get(read).filter(|_| root == Root::Refs)?;
            (name != read).then_some(name)
        });
    }
}

/// Gives a node that says its resource and has no ref one that is made from it, as the vendor's
/// editor does. Returns the ref that was made.
pub(super) fn fill(edit: &mut Editing<'_>, node: Key) -> Option<Key> {
    let document = edit.document();
    let subject = kinds::subject(document, node)?;
    let has_one = document.get(node, "ref").is_some_and(|key| document.str(key) != Some(""));
    if has_one || expr::is_reference(&subject) {
        return None;
    }
    let name = kinds::suggest_ref(document, node);
    edit.set_after(node, "ref", &Value::from(name), &["kind"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{command::Command, session::Session};

    #[test]
    fn what_read_the_old_name_follows_as_one_step() {
        let flow = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
            {"kind": "Build", "ref": "web", "spec": {}},
            {"kind": "JobRun", "spec": {"jobId": "${refs.web.sha}-${refs.webs.sha} \\${refs.web}"}}]}}}"#;
        let mut session = Session::open(flow).unwrap();
        let holder = session.document().nodes()[1];
        let follow = Command::FollowRef { holder, from: "web".to_owned() };
        assert!(session.dispatch(&follow).is_err(), "it is called so still");
        let type_over =
            |value| Command::SetField { node: holder, pointer: "/ref".to_owned(), value };
        session.dispatch(&type_over(Some(json!("site")))).unwrap();
        let typed = session.document().text();
        let label = session.dispatch(&follow).unwrap();
        assert_eq!(label.as_deref(), Some("Rename what reads web to site"));
        let text = session.document().text();
        assert!(text.contains(r"${refs.site.sha}-${refs.webs.sha} \\${refs.web}"), "{text}");
        session.undo();
        assert_eq!(session.document().text(), typed);
        session.dispatch(&type_over(None)).unwrap();
        assert!(session.dispatch(&follow).is_err(), "there is no name to follow");
    }
}
