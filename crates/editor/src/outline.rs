//! The flow as a list of rows: what an outline shows, complete, with what is folded away left out.
//!
//! May import: the document.

use std::collections::HashSet;

use slipway_flow::document::{Document, Key};

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub key: Key,
    /// From 1 for the root.
    pub level: usize,
    /// Place among its siblings, from 0, and how many there are, itself included.
    pub position: usize,
    pub siblings: usize,
    /// The place of the row around it.
    pub parent: Option<usize>,
    /// Whether its steps are shown; None for what holds none.
    pub open: Option<bool>,
}

/// The rows of the open flow, each before its steps.
#[must_use]
pub fn rows(document: &Document, folded: &HashSet<Key>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut waiting: Vec<Row> = document
        .root_node()
        .map(|key| Row { key, level: 1, position: 0, siblings: 1, parent: None, open: None })
        .into_iter()
        .collect();
    while let Some(mut row) = waiting.pop() {
        let node = document.node(row.key);
        row.open = node.is_container().then(|| !folded.contains(&row.key));
        rows.push(row);
        if row.open != Some(true) {
            continue;
        }
        let parent = Some(rows.len() - 1);
        let from = waiting.len();
        let level = row.level + 1;
        waiting.extend(node.steps().enumerate().map(|(position, key)| Row {
            key,
            level,
            position,
            siblings: 0,
            parent,
            open: None,
        }));
        let siblings = waiting.len() - from;
        for step in &mut waiting[from..] {
            step.siblings = siblings;
        }
        waiting[from..].reverse();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layout;

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"steps": [
        {"kind": "JobRun"},
        {"kind": "Workflow", "spec": {"steps": [{"kind": "Build"}, {"kind": "Oddity"}]}},
        {"kind": "JobRun"}]}}}"#;

    #[test]
    fn rows_stand_as_the_picture_says() {
        let document = Document::parse(FLOW).unwrap();
        let layout = Layout::of(&document, document.root_node());
        let rows = rows(&document, &HashSet::new());
        assert!(rows.iter().map(|row| row.key).eq(layout.nodes()));
        for row in &rows {
            let node = layout.get(row.key).unwrap();
            assert_eq!((row.level, row.position), (node.level, node.position));
            assert_eq!(row.siblings, node.siblings);
            assert_eq!(row.parent.map(|parent| rows[parent].key), node.parent);
            assert_eq!(row.open, node.arrangement.map(|_| true));
        }
    }

    #[test]
    fn what_is_folded_keeps_its_row_alone() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let rows = rows(&document, &HashSet::from([nodes[2]]));
        let keys: Vec<Key> = rows.iter().map(|row| row.key).collect();
        assert_eq!(keys, [nodes[0], nodes[1], nodes[2], nodes[5]]);
        assert_eq!(rows[2].open, Some(false));
    }
}
