//! What holds for every kind and field of the tables: one mistake in it is one problem, in its
//! place. A kind's own template, with its blanks, is held against the same with one slip.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

use serde_json::{Value, json};
use slipway_flow::{
    check::{Problem, check, code},
    document::Document,
    kinds::{self, Field, FieldType, Kind, Rule},
};

/// A flow with one node, which stands in the teardown where that is its only place.
fn flow(kind: &Kind, node: &Value) -> Value {
    let around = |steps: Value| json!({ "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } });
    let reader = json!({ "kind": "JobRun", "spec": { "jobId": "${args.X}" } });
    let mut flow = json!({ "apiVersion": "v1.2", "arguments": { "X": "x" } });
    if kind.scope.in_flow() {
        flow["spec"] = around(json!([node, reader]));
    } else {
        flow["spec"] = around(json!([reader]));
        flow["teardownSpec"] = json!({ "spec": around(json!([node])) });
    }
    flow
}

fn way(kind: &Kind) -> &'static str {
    if kind.scope.in_flow() { "/spec/spec/steps/0" } else { "/teardownSpec/spec/spec/steps/0" }
}

fn template(kind: &Kind) -> Value {
    serde_json::from_str(kind.template).expect("templates are JSON")
}

fn problems(kind: &Kind, node: &Value) -> Vec<Problem> {
    check(&Document::parse(&flow(kind, node).to_string()).expect("JSON"))
}

/// What the second has and the first hasn't.
fn more(before: &[Problem], after: Vec<Problem>) -> Vec<Problem> {
    let same = |one: &Problem, other: &Problem| {
        (one.code, &one.pointer, &one.sentence) == (other.code, &other.pointer, &other.sentence)
    };
    after.into_iter().filter(|new| !before.iter().any(|old| same(old, new))).collect()
}

fn told(problems: &[Problem]) -> Vec<String> {
    let told =
        |problem: &Problem| format!("{} {} {}", problem.pointer, problem.code, problem.sentence);
    problems.iter().map(told).collect()
}

/// Sets a member, making the objects on the way; false where something else is in the way.
fn set(node: &mut Value, pointer: &str, value: Value) -> bool {
    let mut at = node;
    for name in pointer.split('/').skip(1) {
        if at.is_null() {
            *at = json!({});
        }
        let Some(members) = at.as_object_mut() else { return false };
        at = members.entry(name).or_insert(Value::Null);
    }
    *at = value;
    true
}

fn remove(node: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    node.pointer_mut(parent)?.as_object_mut()?.remove(name)
}

/// Fields that may be filled in, of every kind: not those that make a node the kind it is.
fn fields() -> impl Iterator<Item = (&'static Kind, &'static Field)> {
    kinds::all().iter().flat_map(|kind| {
        let fields = kind.fields.iter().filter(|field| !kind.is_selected_by(field.pointer));
        fields.map(|field| (*kind, field))
    })
}

/// Says so unless a wrong value in one field is one problem, there. It is held against an
/// expression in the same place, as what else a node needs or may have depends on what is given.
fn unless_one(kind: &Kind, field: &Field, value: Value, codes: &[&str]) -> Option<String> {
    let mut right = template(kind);
    let mut wrong = template(kind);
    if !set(&mut wrong, field.pointer, value) {
        return None;
    }
    if field.references || matches!(field.ty, FieldType::Text { .. }) {
        set(&mut right, field.pointer, json!("${args.X}"));
    }
    let found = more(&problems(kind, &right), problems(kind, &wrong));
    let pointer = format!("{}{}", way(kind), field.pointer);
    let is_right =
        matches!(found.as_slice(), [one] if codes.contains(&one.code) && one.pointer == pointer);
    (!is_right).then(|| format!("{} {}: {:#?}", kind.title, field.pointer, told(&found)))
}

#[test]
fn a_value_of_the_wrong_sort_is_one_problem() {
    let mut wrong = Vec::new();
    for (kind, field) in fields() {
        let value = match field.ty {
            FieldType::Json => continue,
            FieldType::Text { .. }
            | FieldType::Choice(_)
            | FieldType::Condition(_)
            | FieldType::SkipFlag => json!(7.5),
            _ => json!("seven"),
        };
        wrong.extend(unless_one(kind, field, value, &[code::TYPE, code::VALUE, code::STRUCTURE]));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_word_that_does_not_exist_is_one_problem() {
    let mut wrong = Vec::new();
    for (kind, field) in fields() {
        if matches!(field.ty, FieldType::Choice(_) | FieldType::Condition(_) | FieldType::SkipFlag)
        {
            let word = json!("nothing of the sort");
            wrong.extend(unless_one(kind, field, word, &[code::VALUE]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A blank and a member that isn't there are the same to a person.
#[test]
fn a_missing_member_is_told_as_a_blank_one_is() {
    let mut tried = 0;
    for (kind, field) in fields() {
        let mut node = template(kind);
        let pointer = format!("{}{}", way(kind), field.pointer);
        let of = |problems: Vec<Problem>| -> Vec<_> {
            let here = problems.into_iter().filter(|problem| problem.pointer == pointer);
            here.map(|problem| (problem.code, problem.sentence)).collect()
        };
        let blank = of(problems(kind, &node));
        if field.required && remove(&mut node, field.pointer) == Some(json!("")) {
            tried += 1;
            assert_eq!(of(problems(kind, &node)), blank, "{} {}", kind.title, field.pointer);
        }
    }
    assert!(tried > 20, "templates have blanks, not only {tried}");
}

#[test]
fn a_slip_in_a_name_is_one_problem() {
    let mut wrong = Vec::new();
    for (kind, field) in fields() {
        let (parent, name) = field.pointer.rsplit_once('/').expect("a pointer");
        let mut node = template(kind);
        // A letter too many; short names have no near ones.
        if name.len() < 4 {
            continue;
        }
        let Some(value) = remove(&mut node, field.pointer) else { continue };
        let slip = format!("{parent}/{name}x");
        set(&mut node, &slip, value);
        let before = problems(kind, &template(kind));
        let found = more(&before, problems(kind, &node));
        let pointer = format!("{}{slip}", way(kind));
        // Blanks are still blank, and empty workflows empty.
        let about: Vec<_> = found
            .iter()
            .filter(|problem| {
                !matches!(problem.code, code::REQUIRED | code::VALUE | code::EMPTY_WORKFLOW)
            })
            .collect();
        let right = matches!(about.as_slice(), [one] if one.code == code::MISSPELT_MEMBER)
            && found.iter().all(|problem| problem.pointer == pointer);
        if !right {
            wrong.push(format!("{} {slip}: {:#?}", kind.title, told(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_no_effect_beside_another_word_is_told_at_its_name() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for kind in kinds::all() {
        for rule in kind.rules {
            let Rule::OnlyWith { pointer, when, says } = rule else { continue };
            let field = kind.fields.iter().find(|field| field.pointer == when.pointer);
            let Some(FieldType::Choice(choices)) = field.map(|field| &field.ty) else { continue };
            let mut choices = choices.iter().map(|choice| choice.value);
            let Some(other) = choices.find(|word| !when.words.contains(word)) else { continue };
            let mut node = template(kind);
            if kind.is_selected_by(when.pointer) || !set(&mut node, when.pointer, json!(other)) {
                continue;
            }
            remove(&mut node, pointer);
            let before = problems(kind, &node);
            let is_number = kind.fields.iter().any(|field| {
                field.pointer == *pointer && matches!(field.ty.bare(), FieldType::Integer { .. })
            });
            set(&mut node, pointer, if is_number { json!(12) } else { json!("${args.X}") });
            tried += 1;
            let found = more(&before, problems(kind, &node));
            let found: Vec<_> = found.iter().filter(|problem| problem.sentence == *says).collect();
            let text = flow(kind, &node).to_string();
            let name = pointer.rsplit('/').next().expect("a name");
            let at_name = |problem: &&Problem| {
                problem.code == code::NO_EFFECT
                    && text.get(problem.span.clone()) == Some(&format!("\"{name}\""))
            };
            if found.len() != 1 || !found.iter().all(at_name) {
                wrong.push(format!("{} {pointer}: {found:?}", kind.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 10, "kinds have such rules, not only {tried}");
}

#[test]
fn a_kind_stands_where_its_table_says() {
    for kind in kinds::all() {
        let node = template(kind);
        let workflow = |steps: Value| json!({ "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } });
        for (in_teardown, may) in [(false, kind.scope.in_flow()), (true, kind.scope.in_teardown())]
        {
            let mut flow = json!({ "apiVersion": "v1.2", "spec": workflow(json!([])) });
            if in_teardown {
                flow["teardownSpec"] = json!({ "spec": workflow(json!([node])) });
            } else {
                flow["spec"] = workflow(json!([node]));
            }
            let problems = check(&Document::parse(&flow.to_string()).expect("JSON"));
            let told = problems.iter().any(|problem| problem.code == code::KIND_NOT_HERE);
            assert_eq!(told, !may, "{} in the teardown: {in_teardown}", kind.title);
        }
    }
}

#[test]
fn what_only_runs_have_is_told_of_every_kind() {
    for kind in kinds::all() {
        for name in ["settings", "response"] {
            let mut node = template(kind);
            let before = problems(kind, &node);
            node[name] = json!({});
            let found = more(&before, problems(kind, &node));
            assert!(
                matches!(found.as_slice(), [one] if one.code == code::UNKNOWN_MEMBER && !one.fixes.is_empty()),
                "{} {name}: {:#?}",
                kind.title,
                told(&found)
            );
        }
    }
}
