//! Where a name is read: the uses of a ref or an argument in the strings of a flow. One walk for
//! whoever shows them ("used by"), renames them, or asks what would break.
//!
//! Only what `flow::expr` reads as a reference counts: not text that looks alike, not `\${…}`. In
//! the flows inside a `Pipeline` node, which run on their own, a name of the flow around them is
//! written `${template.…}`.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
    ops::Range,
};

use slipway_flow::{
    document::{Document, Key},
    expr::{self, Content, Expr, ExprKind, Root},
};

/// A name that expressions read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name<'a> {
    /// The ref of a node or a trigger.
    Ref(&'a str),
    Argument(&'a str),
}

/// One place that reads a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The innermost node that the string belongs to; None for the document around the flow.
    pub node: Option<Key>,
    /// The string.
    pub key: Key,
    /// JSON pointer of the string, from the root.
    pub pointer: String,
    /// Bytes of the decoded string: the name, without what is around it.
    pub span: Range<usize>,
}

/// Every use of the name in the document's flow, its teardown and its settings, in the order of
/// the text.
#[must_use]
pub fn uses_of(document: &Document, name: Name<'_>) -> Vec<Use> {
    uses(document, document.flow(), |root, read| is(name, root, read))
}

/// Every use of every argument, by its name, in one walk.
#[must_use]
pub fn uses_of_arguments(document: &Document) -> HashMap<String, Vec<Use>> {
    let mut found: HashMap<String, Vec<Use>> = HashMap::new();
    each_text(document, document.flow(), |text| {
        for read in text.names().into_iter().filter(|read| read.root == Root::Args) {
            let pointer = document.pointer(text.key);
            let one = Use { node: text.node, key: text.key, pointer, span: read.span };
            found.entry(read.name).or_default().push(one);
        }
    });
    found
}

/// A name that a node reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub root: Root,
    pub name: String,
    pub at: Use,
}

/// Every name that a node itself reads, without the nodes inside it, in the order of the text.
#[must_use]
pub fn reads_of(document: &Document, node: Key) -> Vec<Reading> {
    let mut found = Vec::new();
    each_text(document, node, |text| {
        for read in text.names().into_iter().filter(|_| text.node == Some(node)) {
            let pointer = document.pointer(text.key);
            let at = Use { node: text.node, key: text.key, pointer, span: read.span };
            found.push(Reading { root: read.root, name: read.name, at });
        }
    });
    found
}

/// What would have no value if these nodes, with everything inside them, were taken out: uses of
/// their refs that stand elsewhere.
#[must_use]
pub fn broken_without(document: &Document, nodes: &[Key]) -> Vec<Use> {
    broken(document, &nodes.iter().flat_map(|node| document.nodes_under(*node)).collect())
}

/// What still reads the ref `from`, which nothing has any more.
#[must_use]
pub fn left_behind(document: &Document, from: &str) -> Vec<Use> {
    let has_it = |holder: Key| document.node(holder).reference() == Some(from);
    if from.is_empty() || document.ref_holders().into_iter().any(has_it) {
        return Vec::new();
    }
    uses_of(document, Name::Ref(from))
}

/// The same for nodes and triggers, without what is inside them.
pub(crate) fn broken(document: &Document, gone: &HashSet<Key>) -> Vec<Use> {
    // What something else has as well is still there.
    let held: HashSet<&str> = document
        .ref_holders()
        .into_iter()
        .filter(|holder| !gone.contains(holder))
        .filter_map(|holder| document.node(holder).reference())
        .collect();
    let refs: HashSet<&str> = gone
        .iter()
        .filter_map(|node| document.node(*node).reference())
        .filter(|name| !held.contains(name))
        .collect();
    if refs.is_empty() {
        return Vec::new();
    }
    let mut found =
        uses(document, document.flow(), |root, read| root == Root::Refs && refs.contains(read));
    found.retain(|one| one.node.is_none_or(|node| !gone.contains(&node)));
    found
}

fn is(name: Name<'_>, root: Root, read: &str) -> bool {
    match name {
        Name::Ref(name) => root == Root::Refs && name == read,
        Name::Argument(name) => root == Root::Args && name == read,
    }
}

fn uses(document: &Document, from: Key, wanted: impl Fn(Root, &str) -> bool) -> Vec<Use> {
    let mut found = Vec::new();
    each_text(document, from, |text| {
        for read in text.names().into_iter().filter(|read| wanted(read.root, &read.name)) {
            let pointer = document.pointer(text.key);
            found.push(Use { node: text.node, key: text.key, pointer, span: read.span });
        }
    });
    found
}

/// A string with `${` in it.
pub(crate) struct Text<'d> {
    /// The innermost node that it belongs to.
    pub(crate) node: Option<Key>,
    pub(crate) key: Key,
    text: &'d str,
    /// In how many flows inside the one that the walk is about it stands.
    inside: usize,
}

/// A name that a string reads.
pub(crate) struct Read {
    pub(crate) root: Root,
    pub(crate) name: String,
    /// Bytes of the decoded string: the name alone.
    pub(crate) span: Range<usize>,
}

impl Text<'_> {
    /// The names that the string reads from the flow that the walk is about, in order.
    pub(crate) fn names(&self) -> Vec<Read> {
        let mut found = Vec::new();
        names(self.text, 0, self.inside, &mut found);
        found
    }
}

/// The names in `text`, which begins `offset` bytes into a string. Each call of its own takes a
/// `template.` off, so it goes as deep as flows stand inside one another.
fn names(text: &str, offset: usize, inside: usize, found: &mut Vec<Read>) {
    if inside == 0 {
        for read in expr::references(text) {
            // `refs.` or `triggers.` stands before the name, as it was written.
            let Some(dot) = text.get(read.span.start..).and_then(|rest| rest.find('.')) else {
                continue;
            };
            let from = offset + read.span.start + dot + 1;
            let span = from..from + read.name.len();
            found.push(Read { root: read.root, name: read.name, span });
        }
        return;
    }
    for part in expr::parse(text).parts {
        if let Content::Expression(expr) = part.content {
            names_of_template(text, &expr, offset, inside, found);
        }
    }
}

/// What stands after `template.` is an expression of the flow around: read as one. As deep as
/// calls nest, which `expr` bounds.
fn names_of_template(text: &str, expr: &Expr, offset: usize, inside: usize, found: &mut Vec<Read>) {
    const PREFIX: &str = "template.";
    match &expr.kind {
        ExprKind::Call { arguments, .. } => {
            for argument in arguments {
                names_of_template(text, argument, offset, inside, found);
            }
        }
        ExprKind::Outer(_) | ExprKind::Other(_) => {
            let written = text.get(expr.span.clone()).and_then(|it| it.strip_prefix(PREFIX));
            if let Some(written) = written {
                let start = offset + expr.span.start + PREFIX.len();
                let mut inner = Vec::new();
                names(&format!("${{{written}}}"), 0, inside - 1, &mut inner);
                found.extend(inner.into_iter().map(|read| {
                    let span = start + read.span.start - 2..start + read.span.end - 2;
                    Read { span, ..read }
                }));
            }
        }
        _ => {}
    }
}

/// Which part of a flow a value is.
#[derive(Clone, Copy)]
enum Role {
    /// The flow's object, or its teardown.
    Flow,
    Node,
    Spec,
    Steps,
    /// What a stage of a `Pipeline` node says of its flow.
    Stage,
    Plain,
}

/// Visits every string with `${` in it under `from`, in the order of the text. `from` is a flow or
/// a node.
pub(crate) fn each_text<'d>(document: &'d Document, from: Key, mut visit: impl FnMut(Text<'d>)) {
    // Looked for only once there is a node that may hold some.
    let found = OnceCell::new();
    let flows = || -> &HashSet<Key> {
        found.get_or_init(|| document.flows().into_iter().map(|(flow, _)| flow).collect())
    };
    let role = if from == document.flow() { Role::Flow } else { Role::Node };
    let mut open = vec![(from, role, None, 0)];
    while let Some((key, role, node, inside)) = open.pop() {
        if let Some(text) = document.str(key).filter(|text| text.contains("${")) {
            visit(Text { node, key, text, inside });
        }
        let node = if matches!(role, Role::Node) { Some(key) } else { node };
        let first = open.len();
        for (name, member) in document.members(key) {
            let (role, deeper) = match (role, name) {
                (Role::Flow, "spec") => (Role::Node, 0),
                (Role::Flow, "teardownSpec") => (Role::Flow, 0),
                (Role::Node, "spec") => (Role::Spec, 0),
                (Role::Spec, "steps") => (Role::Steps, 0),
                (_, "releaseFlow") => (Role::Stage, 0),
                (Role::Stage, "spec") if flows().contains(&member) => (Role::Flow, 1),
                _ => (Role::Plain, 0),
            };
            open.push((member, role, node, inside + deeper));
        }
        let step = if matches!(role, Role::Steps) { Role::Node } else { Role::Plain };
        open.extend(document.elements(key).map(|element| (element, step, node, inside)));
        open[first..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{
      "arguments": { "a": "${refs.x.b}" },
      "richInputs": [],
      "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
        { "kind": "JobRun", "ref": "x", "spec": { "jobId": "${refs.x} \\${refs.x.a} refs.x ${refs.xx.a}" } },
        { "kind": "Build", "ref": "y", "spec": { "sha": "${fn.if(refs.x.sha, triggers.x.sha, 'refs.x')}" } },
        { "kind": "Pipeline", "spec": { "name": "${refs.x.name}", "stages": [
          { "releaseFlow": { "z": "${refs.x.z}", "spec": { "spec": { "kind": "Odd",
            "a": "${refs.x.inner} ${template.refs.x.outer} ${template.fn.eq(refs.x.f, 1)} ${template.template.refs.x.y}" } } } }
        ] } }
      ] } },
      "teardownSpec": { "spec": { "kind": "JobRun", "spec": { "jobId": "${triggers.x.name}" } } }
    }"#;

    fn read(document: &Document, uses: &[Use]) -> Vec<String> {
        uses.iter()
            .map(|one| {
                let text = document.str(one.key).unwrap();
                assert!(text[one.span.clone()].starts_with(['x', 'a']));
                text[one.span.start..].split([' ', '}', ')', ',']).next().unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn only_what_is_read_counts() {
        let document = Document::parse(FLOW).unwrap();
        let uses = uses_of(&document, Name::Ref("x"));
        let expected = ["x.b", "x", "x.sha", "x.sha", "x.name", "x.z", "x.outer", "x.f", "x.name"];
        assert_eq!(read(&document, &uses), expected);
        assert_eq!(uses[0].node, None);
        assert_eq!(uses[1].pointer, "/spec/spec/steps/0/spec/jobId");
        assert_eq!(uses[8].node, document.teardown_node());
        assert!(uses_of(&document, Name::Argument("x")).is_empty());
    }

    #[test]
    fn arguments_are_found_in_one_walk_as_one_by_one() {
        let document = Document::parse(
            r#"{ "arguments": { "a": "${args.b}" }, "spec": { "kind": "JobRun",
            "spec": { "jobId": "${args.a}-${args.a} ${args.b}" } } }"#,
        )
        .unwrap();
        let all = uses_of_arguments(&document);
        assert_eq!(all.len(), 2);
        for (name, uses) in all {
            assert_eq!(uses, uses_of(&document, Name::Argument(&name)), "{name}");
        }
    }

    #[test]
    fn what_reads_a_name_that_is_gone_is_left_behind() {
        let mut document = Document::parse(FLOW).unwrap();
        assert!(left_behind(&document, "x").is_empty(), "a node has it");
        let holder = document.nodes()[1];
        let reference = document.get(holder, "ref").unwrap();
        let mut edit = document.edit();
        edit.replace(reference, &serde_json::json!("z"));
        drop(edit);
        assert_eq!(left_behind(&document, "x"), uses_of(&document, Name::Ref("x")));
        assert_eq!(left_behind(&document, "x").len(), 9);
        assert!(left_behind(&document, "").is_empty());
    }

    #[test]
    fn the_flow_inside_has_names_of_its_own() {
        let mut document = Document::parse(FLOW).unwrap();
        let (flow, _) = document.flows()[0];
        document.open_flow(flow);
        let uses = uses_of(&document, Name::Ref("x"));
        assert_eq!(read(&document, &uses), ["x.inner"]);
    }

    #[test]
    fn what_breaks_stands_outside() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        // The node reads itself as well: that goes with it.
        assert_eq!(broken_without(&document, &nodes[1..2]).len(), 8);
        assert_eq!(broken_without(&document, &nodes[1..3]).len(), 6);
        assert!(broken_without(&document, &nodes[2..3]).is_empty());
    }

    #[test]
    fn a_node_reads_names_itself_without_those_inside_it() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let names = |node| -> Vec<String> {
            reads_of(&document, node).into_iter().map(|read| read.name).collect()
        };
        assert!(names(nodes[0]).is_empty());
        assert_eq!(names(nodes[1]), ["x", "xx"]);
        assert_eq!(names(nodes[2]), ["x", "x"]);
    }

    #[test]
    fn what_another_has_as_well_does_not_break() {
        let flow = |triggers: &str| {
            let flow = format!(
                r#"{{ "triggers": [{triggers}],
                "spec": {{ "kind": "Workflow", "spec": {{ "type": "sequential", "steps": [
                    {{ "kind": "JobRun", "ref": "a", "spec": {{}} }},
                    {{ "kind": "JobRun", "ref": "a", "spec": {{}} }},
                    {{ "kind": "JobRun", "spec": {{ "jobId": "${{refs.a.id}}" }} }}
                ] }} }} }}"#
            );
            Document::parse(&flow).unwrap()
        };
        for (triggers, left) in [("", 1), (r#"{ "ref": "a" }"#, 0)] {
            let document = flow(triggers);
            let nodes = document.nodes();
            assert!(broken_without(&document, &nodes[1..2]).is_empty());
            assert!(broken_without(&document, &nodes[2..3]).is_empty());
            assert_eq!(broken_without(&document, &nodes[1..3]).len(), left);
        }
    }
}
