use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::kinds::{self, Field, FieldType, settings};

fn field(kind: &str, words: &[&str], pointer: &str) -> &'static Field {
    kinds::find(kind, words)
        .expect("the kind is known")
        .fields
        .iter()
        .find(|field| field.pointer == pointer)
        .expect("the field is in the table")
}

fn job() -> &'static Field {
    field("JobRun", &[], "/spec/jobId")
}

fn timeout() -> &'static Field {
    field("Release", &["build"], "/timeoutDuration")
}

#[track_caller]
fn says(field: &Field, value: &Value, sentence: &str) {
    assert_eq!(check_field(field, value).as_deref(), Some(sentence), "{value}");
}

#[test]
fn a_form_hears_at_once_what_is_wrong() {
    says(job(), &json!(""), "Choose a job.");
    says(job(), &Value::Null, "Choose a job.");
    says(job(), &json!("my_job"), "`_` can't be used in an ID (character 3).");
    says(timeout(), &json!(10), "“Timeout” must be from 30 to 14400; this is 10.");
    says(timeout(), &json!("600"), "“Timeout” must be a whole number, without quotes.");
    for fine in [json!("migrate-dev"), json!("${args.JOB}")] {
        assert_eq!(check_field(job(), &fine), None, "{fine}");
    }
    for fine in [json!(30), json!(14_400), json!(600.0), json!("${args.T}"), Value::Null] {
        assert_eq!(check_field(timeout(), &fine), None, "{fine}");
    }
}

#[test]
fn a_form_checks_lists_and_objects_through() {
    let destinations = field("AddonBackup", &[], "/spec/additionalDestinations");
    says(
        destinations,
        &json!([{ "type": "custom", "retentionTime": 0 }]),
        "“Days kept” must be from 1 to 36500; this is 0.",
    );
    says(
        destinations,
        &json!([1]),
        "An entry of “Further destinations” must be an object, in braces.",
    );
    let long = json!(["fine", "x".repeat(261)]);
    let rules = settings::TRIGGER.fields.iter().find(|field| field.pointer == "/pathIgnoreRules");
    says(
        rules.expect("the field is in the table"),
        &long,
        "An entry of “Path rules” has at most 260 characters; this has 261.",
    );
}

#[test]
fn nothing_that_is_typed_is_lost() {
    let value = |field, text| typed(field, text).value;
    let destinations = field("AddonBackup", &[], "/spec/additionalDestinations");
    assert_eq!(value(timeout(), "600"), Some(json!(600)));
    assert_eq!(value(timeout(), "1"), Some(json!(1)), "out of bounds, and a number");
    for other in ["1e3", "1.50", "1.5", "-0", "007", "99999999999999999999999"] {
        let Typed { value, unread } = typed(timeout(), other);
        assert_eq!(value, Some(json!(other)), "written as it was typed");
        assert!(unread.is_some_and(|why| why.contains("must be a whole number")), "{other}");
    }
    says(timeout(), &json!("1e3"), "“Timeout” must be a whole number; `1e3` isn't one.");
    assert_eq!(value(timeout(), "600s"), Some(json!("600s")));
    assert_eq!(value(timeout(), "-"), Some(json!("-")));
    assert_eq!(value(timeout(), ""), None);
    assert_eq!(value(job(), ""), Some(json!("")));
    assert_eq!(value(destinations, "[1, "), Some(json!("[1,")));
    assert!(typed(destinations, "[1, ").unread.is_some_and(|it| it.starts_with("This isn't JSON")));
    assert_eq!(value(destinations, "[\"${args.X}\"]"), Some(json!(["${args.X}"])));
    assert_eq!(typed(timeout(), "${args.T}").unread, None, "an expression is finished");
}

#[test]
fn typed_text_becomes_the_value_that_is_written() {
    let reuse = field("Build", &[], "/spec/reuseExistingBuilds");
    assert_eq!(read_input(timeout(), "600"), Ok(Some(json!(600))));
    assert_eq!(read_input(timeout(), "${args.T}"), Ok(Some(json!("${args.T}"))));
    assert_eq!(read_input(timeout(), ""), Ok(None), "an optional member is left out");
    assert_eq!(read_input(reuse, "false"), Ok(Some(json!(false))));
    assert_eq!(read_input(job(), "migrate"), Ok(Some(json!("migrate"))));
    assert_eq!(read_input(job(), ""), Err("Choose a job.".to_owned()));
    assert_eq!(
        read_input(timeout(), "ten"),
        Err("“Timeout” must be a whole number; `ten` isn't one.".to_owned())
    );
    assert_eq!(
        read_input(reuse, "${args.x}"),
        Err("“Reuse an existing build” must be true or false.".to_owned()),
        "no references here"
    );
    assert!(check_text(timeout(), "29").is_some());
    let variables = field("JobRun", &[], "/spec/runtimeEnvironment");
    assert_eq!(read_input(variables, r#"{"A":"b"}"#), Ok(Some(json!({ "A": "b" }))));
    assert!(
        read_input(variables, "{").is_err_and(|sentence| sentence.starts_with("This isn't JSON"))
    );
}

#[test]
fn every_choice_and_condition_of_the_tables_is_right_for_its_field() {
    let fields = kinds::all().iter().flat_map(|kind| kind.fields).chain(settings::OPTIONS.fields);
    for field in fields {
        match field.ty {
            FieldType::Choice(choices) => {
                for choice in choices {
                    assert_eq!(check_field(field, &json!(choice.value)), None);
                }
                assert!(check_field(field, &json!("nothing of the sort")).is_some());
            }
            FieldType::Condition(word) => {
                assert_eq!(check_field(field, &json!(word)), None);
                assert!(check_field(field, &json!(true)).is_some());
            }
            _ => {}
        }
    }
}

#[test]
fn storing_is_refused_for_fields_and_not_for_what_happens_in_a_run() {
    let text = r#"{"apiVersion":"v1.2","spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
        {"kind":"JobRun","spec":{"jobId":"${refs.gone.id}"}},
        {"kind":"JobRun","extra":1,"spec":{"jobId":""}}]}}}"#;
    let problems = check(&Document::parse(text).expect("JSON"));
    let refused: Vec<_> =
        problems.iter().map(|problem| (problem.code, problem.refuses_storing())).collect();
    assert_eq!(
        refused,
        [(code::UNKNOWN_REF, false), (code::UNKNOWN_MEMBER, false), (code::REQUIRED, true)]
    );
}

#[test]
fn a_missing_member_is_pointed_at_where_it_should_be() {
    let text = r#"{"apiVersion":"v1.2","spec":{"kind":"Workflow","spec":{"type":"parallel","steps":[
        {"kind":"Release","spec":{"type":"deployment","target":{"id":"web","type":"service"},
         "origin":{"type":"job"}}},
        {"kind":"JobRun","spec":{}}]}}}"#;
    let document = Document::parse(text).expect("JSON");
    let problems = check(&document);
    let found: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(found, ["/spec/spec/steps/0/spec/origin/id", "/spec/spec/steps/1/spec/jobId"]);
    assert_eq!(problems[0].node, Some(document.nodes()[1]));
    assert_eq!(document.pointer(problems[0].key), "/spec/spec/steps/0/spec/origin");
}

#[test]
fn arguments_of_the_template_around_a_flow_are_there() {
    let text = r#"{"apiVersion":"v1.2","arguments":{"BRANCH":"main","TAG":"1"},"spec":{"kind":"Pipeline","spec":{
        "name":"Shop","projectId":"acme","stages":[{"name":"Development","releaseFlow":{"kind":"ReleaseFlow","spec":{
        "apiVersion":"v1.2",
        "triggers":[{"vcsService":"github","repoUrl":"${template.args.REPOSITORY}","branchRestrictions":["${template.args.BRANCH}"]}],
        "spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
        {"kind":"JobRun","spec":{"jobId":"a-${template.args.BRNACH}"}},
        {"kind":"JobRun","spec":{"jobId":"${fn.toUpper(template.args.OTHER)}"}},
        {"kind":"JobRun","spec":{"jobId":"${template.args.REPOSITORY}"}}]}}}}}]}}}"#;
    let mut document = Document::parse(text).expect("JSON");
    assert!(!check(&document).iter().any(|it| it.sentence.contains("REPOSITORY")));
    document.open_flow(document.flows()[0].0);
    let problems = check(&document);
    let text = document.text();
    let found: Vec<_> = problems
        .iter()
        .map(|it| (it.code, text.get(it.span.clone()).expect("a part of the text")))
        .collect();
    assert_eq!(
        found,
        [
            (code::ARGUMENT_WITHOUT_DEFAULT, "args.REPOSITORY"),
            (code::MISSPELT_ARGUMENT, "args.BRNACH"),
            (code::ARGUMENT_WITHOUT_DEFAULT, "args.OTHER"),
        ],
        "{problems:#?}"
    );
    assert_eq!(problems[1].sentence, "The template has no argument `BRNACH`; is `BRANCH` meant?");
    problems[1].fixes[0].apply(&mut document);
    assert!(document.text().contains(r#""a-${template.args.BRANCH}""#));
}

/// A flow of `count` job runs, each with three problems and a use of the one before it.
fn large(count: usize) -> Document {
    let steps: Vec<String> = (0..count)
        .map(|index| {
            let before = index.saturating_sub(1);
            format!(
                r#"{{"kind":"JobRun","ref":"r{index}","extra":1,"timeoutDuration":3,"spec":{{"jobId":"${{refs.r{before}.id}}-${{refs.no.id}}"}}}}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{"apiVersion":"v1.2","spec":{{"kind":"Workflow","spec":{{"type":"sequential","steps":[{}]}}}}}}"#,
        steps.join(",")
    );
    Document::parse(&text).expect("JSON")
}

/// Quadratic work on 20,000 nodes would take minutes, linear work takes a second.
#[test]
fn time_grows_with_the_document_and_not_with_its_square() {
    let problems = check(&large(20_000));
    assert_eq!(problems.len(), 3 * 20_000 + 1, "the first node also reads itself");
}

fn member_name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("kind"),
        Just("spec"),
        Just("steps"),
        Just("type"),
        Just("ref"),
        Just("origin"),
        Just("target"),
        Just("id"),
        Just("jobId"),
        Just("triggers"),
        Just("arguments"),
        Just("richInputs"),
        Just("outputs"),
        Just("a/b~c"),
        Just("options"),
        Just("build"),
    ]
    .prop_map(str::to_owned)
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop_oneof![
            Just("Workflow"),
            Just("Release"),
            Just("Build"),
            Just("JobRun"),
            Just("LoopWorkflow"),
            Just("parallel"),
            Just("sequential"),
            Just("service"),
            Just("build"),
            Just("latest"),
            Just("${refs.a.b}"),
            Just("${args.a}"),
            Just("${"),
            Just("a"),
            Just(""),
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 80, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((member_name(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_checked_and_every_problem_has_its_place(root in any_value(), flow in any_value()) {
        let root = match root {
            Value::Object(mut members) => {
                members.insert("spec".to_owned(), flow);
                Value::Object(members)
            }
            other => other,
        };
        let document = Document::parse(&root.to_string()).expect("JSON");
        for problem in check(&document) {
            let at = document.pointer(problem.key);
            prop_assert!(problem.pointer.starts_with(&at));
            let below = &problem.pointer[at.len()..];
            let is_there = document.resolve_from(problem.key, below).is_some();
            prop_assert_eq!(is_there, below.is_empty(), "{}", problem.pointer);
            prop_assert!(problem.sentence.ends_with('.') || problem.sentence.ends_with('`'));
        }
    }
}
