//! What a text from outside is: a whole flow, or nodes of one.

use slipway_flow::document::Document;

/// What a text can be taken in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// A document: it takes the place of the one that is open.
    Flow,
    /// A node, or a list of nodes: for [`super::Command::Paste`].
    Nodes,
}

/// What a text is.
///
/// # Errors
/// A sentence, where it is neither.
pub fn incoming(text: &str) -> Result<Incoming, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root();
    let is_object = |name| document.get(root, name).is_some_and(|key| document.is_object(key));
    if document.is_array(root) || document.get(root, "kind").is_some() {
        Ok(Incoming::Nodes)
    } else if is_object("spec") {
        Ok(Incoming::Flow)
    } else {
        Err("It is neither a release flow, which has a `spec`, nor a node, which has a `kind`."
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_and_nodes_are_told_apart() {
        for (text, expected) in [
            (r#"{"apiVersion": "v1.2", "spec": {"kind": "Workflow"}}"#, Some(Incoming::Flow)),
            (r#"{"kind": "JobRun", "spec": {}}"#, Some(Incoming::Nodes)),
            (r#"[{"kind": "JobRun"}]"#, Some(Incoming::Nodes)),
            (r#""text""#, None),
            (r#"{"spec": 1}"#, None),
            ("{", None),
        ] {
            assert_eq!(incoming(text).ok(), expected, "{text}");
        }
        assert!(incoming("{").unwrap_err().starts_with("Line 1"));
    }
}
