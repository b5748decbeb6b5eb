//! Whether what an expression reads of a ref is something that is left behind there.

use super::{Fix, Severity, near, nodes::Node, texts::Text};
use crate::{
    document::{Document, Key},
    expr::Reference,
    kinds::settings,
};

/// What flows that are in use read of nodes, though nobody lists it.
const UNLISTED: [&str; 1] = ["internalId"];

/// Something that isn't left behind.
pub(super) struct Missing {
    /// An error where it is certain.
    pub(super) severity: Severity,
    pub(super) sentence: String,
    pub(super) fix: Option<Fix>,
}

/// What is wrong with reading `used`: how certain that is, a sentence and a correction.
pub(super) fn missing(
    document: &Document,
    holder: Key,
    node: Option<&Node<'_>>,
    text: &Text,
    used: &Reference,
) -> Option<Missing> {
    let read = used.path.first()?.as_str();
    let Some(node) = node else {
        return of_trigger(document, holder, text, used, read);
    };
    let kind = node.kind.filter(|kind| !kind.outputs.is_empty())?;
    // Of `registry.uri`, `registry` may be read as well.
    let names = kind.outputs.iter().filter_map(|output| output.name.split('.').next());
    if names.clone().chain(UNLISTED).any(|name| name == read) {
        return None;
    }
    let name = &used.name;
    Some(match near::nearest(read, names.clone()) {
        Some(meant) => Missing {
            severity: Severity::Warning,
            sentence: format!(
                "`{name}` leaves no `{read}` behind that we know of; is `{meant}` meant?"
            ),
            fix: change_path(document, text, used, meant),
        },
        // Nodes leave behind more than the vendor describes.
        None => Missing {
            severity: Severity::Hint,
            sentence: format!(
                "`{name}` leaves no `{read}` behind that we know of, but {}.",
                names.collect::<Vec<_>>().join(", ")
            ),
            fix: None,
        },
    })
}

fn of_trigger(
    document: &Document,
    holder: Key,
    text: &Text,
    used: &Reference,
    read: &str,
) -> Option<Missing> {
    // A trigger gives these and nothing else.
    let names: Vec<_> = settings::TRIGGER_OUTPUTS.iter().map(|output| output.name).collect();
    if names.contains(&read) || document.get(holder, "vcsService").is_none() {
        return None;
    }
    let meant = near::nearest(read, names.iter().copied());
    let name = &used.name;
    let sentence = format!("A Git trigger gives {}; `{name}` has no `{read}`.", names.join(", "));
    let fix = meant.and_then(|meant| change_path(document, text, used, meant));
    Some(Missing { severity: Severity::Error, sentence, fix })
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
