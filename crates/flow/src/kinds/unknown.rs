//! Members that a table doesn't have: kept as they are written, and shown beside the form.

use super::Table;
use crate::document::{Document, Key, pointer_part};

/// The outermost members below `object` that the table says nothing about, each with its pointer
/// from there. Members of fields are none of them, whatever they are.
#[must_use]
pub fn unknown_members(document: &Document, object: Key, table: &Table) -> Vec<(String, Key)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), object)];
    while let Some((around, object)) = open.pop() {
        for (name, member) in document.members(object) {
            let pointer = format!("{around}/{}", pointer_part(name));
            let way = format!("{pointer}/");
            let mut fields = table.fields.iter();
            if fields.clone().any(|field| field.pointer == pointer) {
                continue;
            }
            if fields.any(|field| field.pointer.starts_with(&way)) && document.is_object(member) {
                open.push((pointer, member));
            } else {
                found.push((pointer, member));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::settings::{GITOPS, RICH_INPUT};

    fn found(text: &str, table: &Table) -> Vec<String> {
        let document = Document::parse(text).expect("JSON");
        let members = unknown_members(&document, document.root(), table);
        members.into_iter().map(|(pointer, _)| pointer).collect()
    }

    #[test]
    fn what_no_field_covers_is_found_at_any_depth() {
        let input = r#"{"kind": "BuildSelector", "a/b": 1, "spec": {"title": "T", "shade": "blue",
            "inputs": {"source": "web", "more": {}}, "outputs": 7}}"#;
        assert_eq!(
            found(input, &RICH_INPUT),
            ["/a~1b", "/spec/shade", "/spec/outputs", "/spec/inputs/more"]
        );
        assert!(found(r#"{"branch": {"x": 1}, "repoUrl": null}"#, &GITOPS).is_empty());
        assert!(found("[1]", &GITOPS).is_empty());
    }
}
