//! Finding nodes by any word in them: titles, kinds, refs, whatever text they hold. Nodes that are
//! not shown, because they are far away or inside a collapsed workflow, are found as well.
//!
//! May import: the document and the kinds.

use slipway_flow::{
    document::{Document, Key, ValueRef},
    kinds,
};

/// What is looked through, made once for a state of the document.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    key: Key,
    /// All in lower case: title, name of the kind and ref …
    name: String,
    /// … and every other text inside.
    inside: String,
}

impl SearchIndex {
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let entries = document.nodes().into_iter().map(|key| Entry::of(document, key)).collect();
        Self { entries }
    }

    /// The nodes in which every word of the query stands, in reading order. Nothing for a query
    /// without words.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Key> {
        let words = words(query);
        if words.is_empty() {
            return Vec::new();
        }
        self.entries.iter().filter(|entry| entry.has(&words)).map(|entry| entry.key).collect()
    }

    /// As [`SearchIndex::find`], with those first whose name begins with the query, then those that
    /// have it in their name; at most `limit`, and how many there are in all.
    #[must_use]
    pub fn best(&self, query: &str, limit: usize) -> (Vec<Key>, usize) {
        let words = words(query);
        if words.is_empty() {
            return (Vec::new(), 0);
        }
        let query = words.join(" ");
        let mut ranked: Vec<(u8, Key)> = self
            .entries
            .iter()
            .filter(|entry| entry.has(&words))
            .map(|entry| (entry.rank(&query, &words), entry.key))
            .collect();
        let all = ranked.len();
        // Stable: within a rank the order of reading stays.
        ranked.sort_by_key(|(rank, _)| *rank);
        (ranked.into_iter().take(limit).map(|(_, key)| key).collect(), all)
    }
}

impl Entry {
    fn of(document: &Document, key: Key) -> Self {
        let node = document.node(key);
        let steps = node.steps_array();
        let mut name = kinds::title(document, key);
        for word in [node.kind(), node.reference().unwrap_or_default()] {
            name.push('\n');
            name.push_str(word);
        }
        let mut inside = String::new();
        let mut open = vec![key];
        while let Some(at) = open.pop() {
            match document.value(at) {
                ValueRef::String(text) => {
                    inside.push_str(&text);
                    inside.push('\n');
                }
                ValueRef::Number(lexeme) => {
                    inside.push_str(lexeme);
                    inside.push('\n');
                }
                _ => {
                    let values = document.members(at).map(|(_, member)| member);
                    open.extend(values.chain(document.elements(at)).filter(|v| Some(*v) != steps));
                }
            }
        }
        Self { key, name: name.to_lowercase(), inside: inside.to_lowercase() }
    }

    fn has(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.name.contains(word) || self.inside.contains(word))
    }

    fn rank(&self, query: &str, words: &[String]) -> u8 {
        if self.name.lines().any(|line| line.starts_with(query)) {
            0
        } else if words.iter().all(|word| self.name.contains(word)) {
            1
        } else {
            2
        }
    }
}

fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "ref": "migrate", "spec": {"jobId": "shop-migrate", "note": ["Ünder 1.50", 7.25]}},
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [
            {"kind": "Oddity", "deep": {"er": "needle"}}]}},
        {"kind": "JobRun", "spec": {"jobId": "needle"}}]}}}"#;

    #[test]
    fn every_text_is_found_in_the_node_that_it_belongs_to() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let index = SearchIndex::of(&document);
        let find = |query: &str| {
            let found = index.find(query).into_iter();
            found.map(|key| nodes.iter().position(|n| *n == key).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(find("NEEDLE"), [3, 4], "not in the workflow around it");
        assert_eq!(find("run job"), [1, 4], "by the title");
        assert_eq!(find("jobrun"), [1, 4], "by the kind");
        assert_eq!(find("migrate"), [1], "by the ref");
        assert_eq!(find("ünder 7.25"), [1]);
        assert_eq!(find("parallel"), [2]);
        assert_eq!(find("oddity"), [3]);
        assert!(find("  ").is_empty());
        assert!(find("teapot").is_empty());
    }

    #[test]
    fn what_is_called_so_comes_before_what_only_mentions_it() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let index = SearchIndex::of(&document);
        let (best, all) = index.best("needle", 1);
        assert_eq!((best, all), (vec![nodes[4]], 2));
    }
}
