//! What holds for the checks of any document: they never panic, take time in proportion, point at
//! what is there, and offer only what can be done.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use slipway_flow::{
    check::{Context, Problem, check, check_in, code},
    document::{Document, Lines},
    stage::Stage,
};

/// Words that the tables, the rules and the people who make mistakes use.
const WORDS: &[&str] = &[
    "kind",
    "spec",
    "ref",
    "type",
    "steps",
    "id",
    "branch",
    "sha",
    "condition",
    "origin",
    "target",
    "build",
    "arguments",
    "triggers",
    "gitops",
    "options",
    "richInputs",
    "teardownSpec",
    "data",
    "branchRestrictions",
    "filePath",
    "repoUrl",
    "inputs",
    "outputs",
    "paused",
    "apiVersion",
    "skipNodeExecution",
    "timeoutDuration",
    "stages",
    "releaseFlow",
    "name",
    "nfObjects",
    "brnach",
    "waitForCompletion",
    "Workflow",
    "Release",
    "Build",
    "JobRun",
    "RunJob",
    "AddonBackup",
    "Condition",
    "Action",
    "Pipeline",
    "Approval",
    "LoopWorkflow",
    "sequential",
    "parallel",
    "deployment",
    "registry",
    "service",
    "job",
    "success",
    "running",
    "v1.2",
    "v1",
    "true",
    "false",
    "${refs.a.id}",
    "${args.a}",
    "${refs.b.x} ${",
    "${fn.if(args.a, refs.b)}",
    "${{secrets.a}}",
    "é\u{1F600}${refs.é.x}",
    "\\${x}",
    "a",
    "b",
    "",
    "/",
    "~",
    "a b",
    "*",
    "refs/heads/main",
    "https://github.com/acme/shop",
    "/../flow.json",
    "DB_PASSWORD",
    "hunter22",
    "github",
];

fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => any_word().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            3 => prop::collection::vec((any_word(), inner.clone()), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            1 => prop::collection::vec(inner, 0..5).prop_map(Value::Array),
        ]
    })
}

/// All values of a document, by pointer.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointers(element, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn documents() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let files = fs::read_dir(folder).expect("the folder is there");
    let paths = files.map(|entry| entry.expect("the folder can be read").path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    paths.sort();
    let read = |path| fs::read_to_string(path).expect("the file can be read");
    paths.into_iter().map(read).map(|text| serde_json::from_str(&text).expect("JSON")).collect()
}

fn holds(text: &str) {
    let document = Document::parse(text).expect("serde_json writes JSON");
    for stage in [None, Some(Stage::Development), Some(Stage::Staging)] {
        let resources = stage.map(|_| Default::default());
        for problem in check_in(&document, &Context { stage, resources }) {
            stands_somewhere(&document, text, &problem);
            can_be_fixed(&document, &problem);
        }
    }
    for (flow, _) in document.flows() {
        let mut inside = document.clone();
        inside.open_flow(flow);
        let around = Context::around(&inside);
        for problem in check_in(&inside, &around) {
            stands_somewhere(&inside, text, &problem);
        }
    }
}

fn stands_somewhere(document: &Document, text: &str, problem: &Problem) {
    assert!(text.get(problem.span.clone()).is_some_and(|it| !it.is_empty()), "{problem:?}");
    let mut at = problem.pointer.as_str();
    // A missing member may have several names to go, each of them missing.
    while document.resolve(at).is_none() {
        at = at.rsplit_once('/').expect("the root is there").0;
        assert!(problem.pointer != at);
    }
    let below = problem.pointer.strip_prefix(&document.pointer(problem.key));
    assert!(below.is_some(), "{problem:?}");
    assert!(document.contains(problem.key));
    assert!(problem.node.is_none_or(|node| document.contains(node)));
    assert!(code::ALL.iter().any(|code| code.word == problem.code), "{}", problem.code);
    assert!(problem.sentence.ends_with(['.', '?', '!']), "{}", problem.sentence);
}

fn can_be_fixed(document: &Document, problem: &Problem) {
    for fix in &problem.fixes {
        let mut fixed = document.clone();
        let changes = fix.apply(&mut fixed);
        assert!(!changes.is_empty(), "{}: {}", problem.sentence, fix.label);
        Document::parse(&fixed.text()).expect("a fixed document is JSON");
        fixed.apply(&changes.inverse()).expect("it is the state that the fix left");
        assert_eq!(fixed.text(), document.text(), "{} is taken back", fix.label);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_json_can_be_checked(value in any_json()) {
        holds(&value.to_string());
    }

    #[test]
    fn any_flow_can_be_checked(spec in any_json(), triggers in any_json(), teardown in any_json()) {
        let flow = json!({
            "apiVersion": "v1.2",
            "triggers": triggers,
            "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [spec]}},
            "teardownSpec": {"spec": teardown},
        });
        holds(&flow.to_string());
    }

    #[test]
    fn a_document_with_anything_in_some_place_can_be_checked(
        which in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4),
    ) {
        let documents = documents();
        let mut document = which.get(&documents).clone();
        for (place, value) in places {
            let mut found = Vec::new();
            pointers(&document, "", &mut found);
            if let Some(at) = document.pointer_mut(place.get(&found).as_str()) {
                *at = value;
            }
        }
        holds(&document.to_string());
    }
}

/// How long this thread has been at work, where the system says so: other tests run beside it.
fn worked() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// Under a second in a debug build. A machine that is busy with other things gets a few tries.
#[track_caller]
fn quick(text: &str, nodes: usize, problems: usize) {
    let document = Document::parse(text).expect("it is JSON");
    assert_eq!(document.nodes().len(), nodes);
    let mut quickest = Duration::MAX;
    for _ in 0..4 {
        let (clock, before) = (Instant::now(), worked());
        let found = check(&document);
        let took = worked().zip(before).map_or(clock.elapsed(), |(after, before)| after - before);
        assert_eq!(found.len(), problems, "{:?}", found.first().map(|problem| problem.code));
        quickest = quickest.min(took);
        if quickest < Duration::from_secs(1) {
            return;
        }
    }
    panic!("checking {nodes} nodes took {quickest:?}");
}

fn job(name: &str, reads: &str) -> Value {
    json!({"kind": "JobRun", "ref": name, "spec": {"jobId": reads}})
}

fn flow(steps: &[Value]) -> Value {
    json!({"kind": "Workflow", "spec": {"type": "sequential", "steps": steps}})
}

fn document(spec: &Value) -> String {
    json!({"apiVersion": "v1.2", "spec": spec}).to_string()
}

#[test]
fn groups_of_groups_in_groups_are_checked_in_no_time() {
    // Twelve groups of twelve jobs, ten deep, each job reading from the very first one.
    let mut inner: Option<Value> = None;
    let mut nodes = 0;
    for depth in 0..10 {
        let mut groups: Vec<_> = (0..12)
            .map(|group| {
                let name = |step| format!("j-{depth}-{group}-{step}");
                let jobs = (0..12).map(|step| job(&name(step), "${refs.first.id}"));
                flow(&jobs.collect::<Vec<_>>())
            })
            .collect();
        nodes += 12 * 13 + 1;
        groups.extend(inner.take());
        inner = Some(flow(&groups));
    }
    let spec = flow(&[job("first", "migrate"), inner.expect("ten levels")]);
    quick(&document(&spec), nodes + 2, 0);
}

#[test]
fn ten_thousand_nodes_that_read_from_far_before_are_checked_in_no_time() {
    let reads = |step: usize| match step {
        0 => "migrate".to_owned(),
        step => format!("${{refs.j{}.id}}", step / 3),
    };
    let steps: Vec<_> = (0..10_000).map(|step| job(&format!("j{step}"), &reads(step))).collect();
    quick(&document(&flow(&steps)), 10_001, 0);
}

#[test]
fn ten_thousand_mistakes_are_found_in_no_time() {
    let step = |step: usize| json!({"kind": "JobRnu", "ref": "same", "sepc": {"jobid": format!("${{refs.x{step}.id}}")}});
    let steps: Vec<_> = (0..2_000).map(step).collect();
    // Kind, spec, job and ref of each, and every ref but the first one again.
    quick(&document(&flow(&steps)), 2_001, 2_000 * 5 - 1);
}

/// One action with this command, and what is beside its flow.
fn command(text: &str, arguments: &Value) -> String {
    let data = json!({"serviceId": "x", "command": text});
    let action = json!({"kind": "Action", "spec": {"kind": "Service", "spec": {"type": "execute", "data": data}}});
    json!({"apiVersion": "v1.2", "spec": flow(&[action]), "arguments": arguments}).to_string()
}

fn defaults(count: usize) -> Value {
    (0..count)
        .map(|index| (format!("arg{index}"), json!("")))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn a_text_with_ten_thousands_of_expressions_is_checked_in_no_time() {
    // The first hundred, and how many more there are.
    quick(&command(&"${refs.zz} ".repeat(20_000), &json!({})), 2, 101);
    quick(&command(&"${args.zz} ".repeat(20_000), &json!({})), 2, 1);
    // Of the two arguments, the one that is probably meant isn't told as unused.
    quick(&command(&"${args.agr1}".repeat(20_000), &defaults(2)), 2, 101 + 1);
    for open in ["${", "${fn.if(", "${{", "\\${", "${refs.", "${refs.a.b[", "${\"", "${ "] {
        let text = command(&open.repeat(20_000), &json!({}));
        let found = check(&Document::parse(&text).expect("it is JSON")).len();
        quick(&text, 2, found);
    }
}

#[test]
fn ten_thousands_of_arguments_are_checked_in_no_time() {
    quick(&command("true", &defaults(20_000)), 2, 20_000);
    let slips: String = (0..10_000).map(|index| format!("${{args.azg{index}}}")).collect();
    let found = check(&Document::parse(&command(&slips, &defaults(10_000))).expect("JSON")).len();
    quick(&command(&slips, &defaults(10_000)), 2, found);
    // Of the text, and each argument that nothing reads, but for 21 that a slip is near to.
    assert_eq!(found, 101 + 10_000 - 21);
}

#[test]
fn an_object_with_ten_thousands_of_members_is_checked_in_no_time() {
    for name in ["x", "condition", "steps"] {
        let members: Vec<_> = (0..10_000).map(|_| format!("\"{name}\": 1")).collect();
        let node = format!(
            "{{\"kind\": \"JobRun\", \"spec\": {{\"jobId\": \"a\", {}}}}}",
            members.join(", ")
        );
        let text = format!("{{\"apiVersion\": \"v1.2\", \"spec\": {node}}}");
        let found = check(&Document::parse(&text).expect("it is JSON")).len();
        quick(&text, 1, found);
    }
}

#[test]
fn thousands_of_releases_side_by_side_are_checked_in_no_time() {
    let release = |step: usize| json!({"kind": "Release", "spec": {"type": "registry", "origin": {"imagePath": "a:1"}, "target": {"id": format!("t{}", step % 2), "type": "service"}}});
    let steps: Vec<_> = (0..4_000).map(release).collect();
    let spec = json!({"kind": "Workflow", "spec": {"type": "parallel", "steps": steps}});
    quick(&document(&spec), 4_001, 4_000 - 2);
}

#[test]
fn places_in_one_long_line_are_found_in_no_time() {
    let text = format!("{}\n{}", "é".repeat(400), "aé".repeat(200_000));
    let lines = Lines::of(&text);
    let before = worked();
    for index in 0..100_000 {
        let place = lines.place(801 + index * 6);
        assert_eq!((place.line, place.column), (2, 1 + index * 4));
    }
    let took = worked().zip(before).map(|(after, before)| after - before);
    assert!(took.is_none_or(|took| took < Duration::from_secs(2)), "{took:?}");
}
