//! Whether what an expression reads of a ref is something that is left behind there.

use super::{Fix, near, nodes::Node, texts::Text};
use crate::{
    document::{Document, Key},
    expr::Reference,
};

/// What a Git trigger gives; nothing else.
const OF_TRIGGERS: [&str; 4] = ["branch", "sha", "repoUrl", "pullRequestId"];

/// What is wrong with reading `used`: whether that is certain, a sentence and a correction. Of
/// nodes only what looks like a slip of the pen: they leave behind more than the tables list.
pub(super) fn missing(
    document: &Document,
    holder: Key,
    node: Option<&Node<'_>>,
    text: &Text,
    used: &Reference,
) -> Option<(bool, String, Option<Fix>)> {
    let read = used.path.first()?.as_str();
    let Some(node) = node else {
        return of_trigger(document, holder, text, used, read);
    };
    let names = node.kind?.outputs.iter().map(|output| output.name);
    if names.clone().any(|name| name == read) {
        return None;
    }
    let meant = near::nearest(read, names)?;
    let name = &used.name;
    let sentence =
        format!("`{name}` leaves no `{read}` behind that we know of; is `{meant}` meant?");
    Some((false, sentence, change_path(document, text, used, meant)))
}

fn of_trigger(
    document: &Document,
    holder: Key,
    text: &Text,
    used: &Reference,
    read: &str,
) -> Option<(bool, String, Option<Fix>)> {
    if OF_TRIGGERS.contains(&read) || document.get(holder, "vcsService").is_none() {
        return None;
    }
    let meant = near::nearest(read, OF_TRIGGERS);
    let name = &used.name;
    let sentence =
        format!("A Git trigger gives {}; `{name}` has no `{read}`.", OF_TRIGGERS.join(", "));
    Some((true, sentence, meant.and_then(|meant| change_path(document, text, used, meant))))
}

/// Puts another name in the place of the first one after the ref.
fn change_path(document: &Document, text: &Text, used: &Reference, meant: &str) -> Option<Fix> {
    let whole = document.str(text.key)?;
    let read = used.path.first()?;
    let expression = whole.get(used.span.clone())?;
    let at = used.span.start + expression.find('.')? + 1 + used.name.len() + 1;
    let rest = whole.get(at..)?.strip_prefix(read.as_str())?;
    let value = format!("{}{meant}{rest}", whole.get(..at)?);
    Some(Fix::replace(format!("Change to `{meant}`"), text.key, value))
}
