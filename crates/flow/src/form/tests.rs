use serde_json::json;

use super::*;
use crate::{
    document::Document,
    expr::Names,
    kinds::{self, Rule},
};

fn field(kind: &Kind, pointer: &str) -> &'static Field {
    kind.fields.iter().find(|field| field.pointer == pointer).unwrap()
}

#[test]
fn a_kind_that_only_the_tables_know_has_a_form() {
    let probe = kinds::find("Probe", &[]).unwrap();
    let shown: Vec<_> = sections(probe).into_iter().flat_map(|section| section.fields).collect();
    assert_eq!(shown.len(), probe.fields.len());
    let control_at = |pointer: &str| control(field(probe, pointer));
    assert!(matches!(control_at("/spec/text"), Control::Text { lines: false }));
    assert!(matches!(control_at("/spec/number"), Control::Number));
    assert!(matches!(control_at("/condition"), Control::Switch(_)));
    assert!(matches!(control_at("/skipNodeExecution"), Control::Switch(_)));
    assert!(matches!(control_at("/spec/json"), Control::Json));
    assert!(matches!(control_at("/spec/node"), Control::Nodes));
    assert!(matches!(control_at("/spec/nodes"), Control::Nodes));
    assert!(matches!(control_at("/spec/parts"), Control::List(_)));
    assert!(matches!(control_at("/spec/part"), Control::Object { nullable: true, .. }));
    assert!(matches!(control_at("/spec/map"), Control::Map));
    let Control::Choice(choices) = control_at("/spec/choice") else { panic!("no choice") };
    assert_eq!(choices[1], ("one".to_owned(), "One".to_owned()));
    // Nothing says what absence means: three answers.
    let Control::Choice(choices) = control_at("/spec/switch") else { panic!("no choice") };
    assert_eq!(choices.len(), 3);
}

#[test]
fn what_makes_a_kind_is_no_field_of_its_form() {
    for kind in kinds::all() {
        let shown: usize = sections(kind).iter().map(|section| section.fields.len()).sum();
        let selectors = kind.fields.iter().filter(|field| kind.is_selected_by(field.pointer));
        assert_eq!(shown + selectors.count(), kind.fields.len(), "{}", kind.title);
    }
}

#[test]
fn absence_is_one_of_the_values() {
    let tables = [&kinds::settings::DOCUMENT, &kinds::settings::TRIGGER, &kinds::settings::OPTIONS];
    let of_kinds = kinds::all().iter().flat_map(|kind| kind.fields);
    for field in tables.iter().flat_map(|table| table.fields).chain(of_kinds) {
        let Some(word) = field.absent else { continue };
        let known = match field.ty.bare() {
            FieldType::Boolean => ["true", "false"].contains(&word),
            FieldType::Choice(choices) => choices.iter().any(|choice| choice.value == word),
            _ => false,
        };
        assert!(known && !field.required, "{}", field.pointer);
    }
}

#[test]
fn a_check_box_writes_no_more_than_it_must() {
    let build = kinds::find("Build", &[]).unwrap();
    let Control::Switch(reuse) = control(field(build, "/spec/reuseExistingBuilds")) else {
        panic!("no switch");
    };
    assert!(reuse.is_on(None) && reuse.is_on(Some(&json!(true))));
    assert!(!reuse.is_on(Some(&json!(false))));
    assert_eq!((reuse.on, reuse.off), (None, Some(json!(false))));
    let Control::Switch(wait) = control(field(build, "/condition")) else { panic!("no switch") };
    assert!(!wait.is_on(None) && wait.is_on(Some(&json!("success"))));
    assert_eq!((wait.on, wait.off), (Some(json!("success")), None));
}

#[test]
fn a_new_entry_has_what_is_required() {
    let backup = kinds::find("AddonBackup", &[]).unwrap();
    let Control::List(item) = control(field(backup, "/spec/additionalDestinations")) else {
        panic!("no list");
    };
    assert_eq!(first_value(item), json!({ "type": "custom" }));
    let template = kinds::find("RunTemplate", &[]).unwrap();
    let variables = field(template, "/spec/arguments/variables");
    let Control::List(item) = control(variables) else { panic!("no list") };
    assert_eq!(first_value(item), json!({ "key": "" }));
    assert_eq!(entry_of(variables, *item).label, "Arguments");
}

fn told(kind: &str, words: &[&str], at: &str, sentence: &str, given: &[&str]) -> Vec<&'static str> {
    let kind = kinds::find(kind, words).unwrap();
    let found = told_at(kind.fields, kind.rules, at, sentence, |pointer| given.contains(&pointer));
    found.into_iter().map(|field| field.pointer).collect()
}

#[test]
fn a_rule_between_fields_is_told_at_all_of_them() {
    let build = kinds::find("Build", &[]).unwrap();
    let Rule::ExactlyOne { none, several, .. } = build.rules[0] else { panic!("another rule") };
    let both = ["/spec/branch", "/spec/pullRequestId"];
    assert_eq!(told("Build", &[], "/spec/branch", none, &[]), both);
    assert_eq!(told("Build", &[], "/spec/pullRequestId", several, &both), both);
    // Another sentence about one of them is about that one.
    assert_eq!(told("Build", &[], "/spec/branch", "Odd.", &both), ["/spec/branch"]);
}

#[test]
fn what_is_said_of_an_object_is_told_inside_it() {
    let missing = told("Release", &["deployment"], "/spec/origin", "It is missing.", &[]);
    assert_eq!(missing, ["/spec/origin/type"]);
    assert!(told("JobRun", &[], "", "Something about the node.", &[]).is_empty());
    assert!(told("JobRun", &[], "/spec/odd", "Nobody knows this.", &[]).is_empty());
    let inside = told("JobRun", &[], "/spec/runtimeEnvironment/A", "Odd.", &[]);
    assert_eq!(inside, ["/spec/runtimeEnvironment"]);
    let job = kinds::find("JobRun", &[]).unwrap();
    let Rule::AtMostOne { several, .. } = job.rules[0] else { panic!("another rule") };
    let given = ["/spec/deployment/internal/branch", "/spec/deployment/external/imagePath"];
    let found = told("JobRun", &[], "/spec/deployment/external", several, &given);
    assert_eq!(found, [given[1], given[0]]);
}

const FLOW: &str = r#"{
  "arguments": { "BRANCH": "main" },
  "richInputs": [{ "kind": "BuildSelector", "spec": { "inputs": { "source": "b" },
    "outputs": { "buildId": "BUILD" } } }],
  "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
    { "kind": "Build", "ref": "build", "spec": { "id": "web", "type": "service" } },
    { "kind": "JobRun", "spec": { "jobId": "x" } } ] } }
}"#;

#[test]
fn a_preview_says_what_is_known_and_when_the_rest_will_be() {
    let document = Document::parse(FLOW).unwrap();
    let names = Names::of(&document, document.nodes()[2]);
    let words = |text: &str| preview(text, &names).parts[0].words.clone();
    assert_eq!(words("${args.BRANCH}"), "\"main\": the document's default.");
    assert_eq!(
        words("${refs.build.sha}"),
        "The commit that was built. Known once `build` (Start build web) has finished."
    );
    assert_eq!(
        words("${args.BUILD}"),
        "Known when a run starts: the build chosen in the run dialog."
    );
    let shown = preview("web:${fn.toUpper(args.BRANCH)}-${refs.build.sha}", &names);
    assert_eq!(shown.whole.as_deref(), Some("web:MAIN-…"));
    let wrong = preview("${args.NOPE}", &names);
    assert!(wrong.parts[0].failed, "{wrong:?}");
    assert_eq!(preview("plain", &names), Preview::default());
}
