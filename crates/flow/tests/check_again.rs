//! Who checks again and again while a document is edited hears what a first look would say.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

use std::{collections::HashMap, fs, path::Path};

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use slipway_flow::{
    change::ChangeSet,
    check::{Checker, Context, Resources, check_in},
    document::{Document, Key, Lengths},
    stage::{ResourceType, Stage},
};

/// Refs, arguments, targets and the members that rules go by: few, so that they meet.
const NAMES: &[&str] = &[
    "kind",
    "spec",
    "ref",
    "type",
    "steps",
    "stesp",
    "condition",
    "waitForCompletion",
    "timeoutDuration",
    "skipNodeExecution",
    "id",
    "target",
    "origin",
    "build",
    "context",
    "projectId",
    "triggers",
    "arguments",
    "richInputs",
    "options",
    "teardownSpec",
    "DB_PASSWORD",
    "branch",
    "x",
];

const TEXTS: &[&str] = &[
    "a",
    "b",
    "c",
    "a b",
    "",
    "Workflow",
    "LoopWorkflow",
    "Release",
    "Relaese",
    "Build",
    "JobRun",
    "Condition",
    "Pipeline",
    "BuildService",
    "sequential",
    "parallel",
    "build",
    "service",
    "true",
    "false",
    "success",
    "web",
    "migrate-dev",
    "main",
    "hunter22",
    "${refs.a.id}",
    "${refs.b.id}",
    "${refs.c.branch}",
    "${refs.push.sha}",
    "${args.a}",
    "${args.TAG}",
    "${args.sha}",
    "${fn.eq(args.a, refs.b)}",
    "${{args.b}}",
    "${template.x}",
    "${",
];

fn any_text() -> impl Strategy<Value = String> {
    prop::sample::select(TEXTS).prop_map(str::to_owned)
}

/// A node, right or wrong, with nodes inside.
fn any_node() -> impl Strategy<Value = Value> {
    let reference = || prop::option::of(prop::sample::select(&["a", "b", "c", "a b"][..]));
    let leaf = (reference(), any_text(), any_text(), 0..6).prop_map(|(name, text, other, which)| {
        let mut node = match which {
            0 => json!({"kind": "Build", "condition": "success", "spec": {"id": "b", "type": "service", "branch": text}}),
            1 => json!({"kind": "Build", "spec": {"id": "b", "type": "service", "sha": text}}),
            2 => json!({"kind": "Release", "timeoutDuration": 600, "skipNodeExecution": other, "spec": {"type": "build", "origin": {"build": text}, "target": {"id": "web", "type": "service"}}}),
            3 => json!({"kind": "Condition", "spec": {"kind": "Build", "data": {"buildId": text}}}),
            4 => json!({"kind": "JobRun", "spec": {"jobId": text, "runtimeEnvironment": {"DB_PASSWORD": other}}}),
            _ => json!({"kind": text, "spec": {other: "x"}}),
        };
        if let Some(name) = name {
            node["ref"] = name.into();
        }
        node
    });
    leaf.prop_recursive(3, 24, 5, move |inner| {
        let of = prop::sample::select(&["sequential", "parallel", "x"][..]);
        let kind = prop::sample::select(&["Workflow", "Workflow", "LoopWorkflow", "Other"][..]);
        let steps = prop::sample::select(&["steps", "steps", "steps", "stesp"][..]);
        let all = prop::collection::vec(inner, 0..5);
        (kind, of, steps, all, reference()).prop_map(|(kind, of, steps, all, name)| {
            let mut node = json!({"kind": kind, "spec": {"type": of, steps: all}});
            if let Some(name) = name {
                node["ref"] = name.into();
            }
            node
        })
    })
}

fn any_flow() -> impl Strategy<Value = Value> {
    let steps = || prop::collection::vec(any_node(), 0..5);
    let trigger = prop::option::of(any_text());
    (steps(), prop::option::of(steps()), trigger, any_text()).prop_map(
        |(steps, teardown, trigger, default)| {
            let node = |steps| json!({"kind": "Workflow", "spec": {"type": "sequential", "steps": steps}});
            let mut flow = json!({"apiVersion": "v1.2", "arguments": {"a": default}, "spec": node(steps)});
            if let Some(teardown) = teardown {
                flow["teardownSpec"] = json!({"spec": node(teardown)});
            }
            if let Some(branch) = trigger {
                flow["triggers"] = json!([{"ref": "push", "vcsService": "github", "projectUrl": "https://github.com/acme/shop", "branchRestrictions": [branch]}]);
            }
            flow
        },
    )
}

/// The documents that other tests check, with all that can be wrong in them.
fn written() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let files = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> =
        files.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    let read = |path| fs::read_to_string(path).expect("the file can be read");
    paths.into_iter().map(read).map(|text| serde_json::from_str(&text).expect("JSON")).collect()
}

fn any_document() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => any_flow(),
        1 => any::<Index>().prop_map(|which| which.get(&written()).clone()),
    ]
}

/// Something that an editor does.
#[derive(Debug, Clone)]
enum Act {
    Set(Index, &'static str, Value),
    Replace(Index, Value),
    Insert(Index, Index, Value),
    Remove(Index),
    Rename(Index, &'static str),
    /// Takes a node out and puts it elsewhere.
    Move(Index, Index, Index),
    Fix(Index),
    Undo,
    Redo,
    OpenFlow(Index),
    Surround(Option<Stage>),
}

fn any_act() -> impl Strategy<Value = Act> {
    let value = || prop_oneof![4 => any_text().prop_map(Value::from), 1 => any_node(), 1 => Just(json!(7)), 1 => Just(json!([])), 1 => Just(json!({}))];
    let name = || prop::sample::select(NAMES);
    let at = any::<Index>;
    let stage = prop::sample::select(&[None, Some(Stage::Development), Some(Stage::Staging)][..]);
    prop_oneof![
        4 => (at(), name(), value()).prop_map(|(at, name, value)| Act::Set(at, name, value)),
        4 => (at(), value()).prop_map(|(at, value)| Act::Replace(at, value)),
        3 => (at(), at(), any_node()).prop_map(|(list, at, value)| Act::Insert(list, at, value)),
        3 => at().prop_map(Act::Remove),
        1 => (at(), name()).prop_map(|(at, name)| Act::Rename(at, name)),
        3 => (at(), at(), at()).prop_map(|(node, list, place)| Act::Move(node, list, place)),
        2 => at().prop_map(Act::Fix),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => at().prop_map(Act::OpenFlow),
        1 => stage.prop_map(Act::Surround),
    ]
}

fn context(stage: Option<Stage>) -> Context {
    let here = HashMap::from([("web".to_owned(), ResourceType::Service)]);
    let resources = stage.map(|_| Resources { here, ..Resources::default() });
    Context { stage, resources }
}

struct Editor {
    document: Document,
    context: Context,
    checker: Checker,
    done: Vec<ChangeSet>,
    undone: Vec<ChangeSet>,
}

impl Editor {
    fn open(value: &Value) -> Self {
        let document = Document::parse(&format!("{value:#}")).expect("it is JSON");
        let context = Context::default();
        let checker = Checker::new(context.clone());
        Self { document, context, checker, done: Vec::new(), undone: Vec::new() }
    }

    fn values(&self, wanted: impl Fn(Key) -> bool) -> Vec<Key> {
        let spans = self.document.spans();
        spans.iter().map(|(key, _)| key).filter(|key| wanted(*key)).collect()
    }

    fn act(&mut self, act: &Act) {
        let any = self.values(|_| true);
        let objects = self.values(|key| self.document.is_object(key));
        let lists = self.values(|key| self.document.is_array(key));
        let inner = self.values(|key| self.document.parent(key).is_some());
        let pick = |at: &Index, of: &[Key]| (!of.is_empty()).then(|| *at.get(of));
        let problems = check_in(&self.document, &self.context);
        let mut edit = self.document.edit();
        match act {
            Act::Set(at, name, value) => {
                pick(at, &objects).map(|object| edit.set(object, name, value));
            }
            Act::Replace(at, value) => {
                if let Some(key) = pick(at, &any) {
                    edit.replace(key, value);
                }
            }
            Act::Insert(list, at, value) => {
                if let Some(list) = pick(list, &lists) {
                    let count = edit.document().elements(list).len();
                    edit.insert(list, at.index(count + 1), value);
                }
            }
            Act::Remove(at) => pick(at, &inner).into_iter().for_each(|key| edit.remove(key)),
            Act::Rename(at, name) => {
                pick(at, &inner).into_iter().for_each(|key| edit.rename_member(key, name));
            }
            Act::Move(node, list, at) => {
                let elements: Vec<Key> =
                    lists.iter().flat_map(|list| edit.document().elements(*list)).collect();
                if let (Some(node), Some(list)) = (pick(node, &elements), pick(list, &lists)) {
                    let count = edit.document().elements(list).len();
                    edit.move_to(node, list, at.index(count + 1));
                }
            }
            Act::Fix(which) => {
                let fixes: Vec<_> = problems.iter().flat_map(|problem| &problem.fixes).collect();
                if !fixes.is_empty() {
                    which.get(&fixes).perform(&mut edit);
                }
            }
            Act::Undo | Act::Redo | Act::OpenFlow(_) | Act::Surround(_) => {}
        }
        let fits = edit.fits();
        let changes = edit.finish();
        if !fits {
            self.document.apply(&changes.inverse()).expect("it has just been made");
        } else if !changes.is_empty() {
            self.done.push(changes);
            self.undone.clear();
        }
        match act {
            Act::Undo => {
                if let Some(last) = self.done.pop() {
                    self.document.apply(&last.inverse()).expect("it is what was done last");
                    self.undone.push(last);
                }
            }
            Act::Redo => {
                if let Some(last) = self.undone.pop() {
                    self.document.apply(&last).expect("it is what was undone last");
                    self.done.push(last);
                }
            }
            Act::OpenFlow(which) => {
                let mut flows: Vec<Key> =
                    self.document.flows().into_iter().map(|(flow, _)| flow).collect();
                flows.push(self.document.root());
                self.document.open_flow(*which.get(&flows));
            }
            Act::Surround(stage) => {
                self.context = context(*stage);
                self.checker.surround(self.context.clone());
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_few_values_stand_where_a_walk_over_all_finds_them(
        document in any_document(),
        acts in prop::collection::vec(any_act(), 0..8),
        few in prop::collection::vec(any::<Index>(), 1..4),
    ) {
        let mut editor = Editor::open(&document);
        acts.iter().for_each(|act| editor.act(act));
        let all = editor.document.spans();
        let keys: Vec<Key> = all.iter().map(|(key, _)| key).collect();
        let few: Vec<Key> = few.iter().map(|at| *at.get(&keys)).collect();
        let found = editor.document.spans_of(few.iter().copied(), &mut Lengths::default());
        for key in few {
            prop_assert_eq!(found.get(key), all.get(key));
        }
        for (key, span) in found.iter() {
            prop_assert_eq!(Some(span), all.get(key));
        }
    }

    #[test]
    fn looking_again_finds_what_a_first_look_finds(
        document in any_document(),
        acts in prop::collection::vec((any_act(), prop::bool::weighted(0.8)), 1..25),
    ) {
        let mut editor = Editor::open(&document);
        for (act, looks) in acts {
            editor.act(&act);
            // Several edits may happen between two looks.
            if looks {
                let first = check_in(&editor.document, &editor.context);
                let again = editor.checker.check(&editor.document);
                prop_assert_eq!(again, first, "after {:?}:\n{}", act, editor.document.text());
            }
        }
    }
}
