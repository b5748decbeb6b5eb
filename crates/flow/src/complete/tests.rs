use proptest::prelude::*;

use super::*;

/// The labels of what is proposed at the `|`.
fn labels(marked: &str) -> Vec<String> {
    proposals(marked).into_iter().map(|proposal| proposal.label).collect()
}

fn proposals(marked: &str) -> Vec<Proposal> {
    let cursor = marked.find('|').expect("the text marks the cursor");
    complete(&marked.replacen('|', "", 1), cursor, &Names::default())
}

/// The text once the proposal with that label was taken.
#[track_caller]
fn taken(marked: &str, label: &str) -> String {
    let all = proposals(marked);
    let proposal = all.iter().find(|proposal| proposal.label == label);
    let proposal = proposal.unwrap_or_else(|| panic!("{label} is not among {all:?}"));
    let mut text = marked.replacen('|', "", 1);
    text.replace_range(proposal.replace.clone(), &proposal.insert);
    text
}

#[test]
fn members_that_are_missing_are_proposed_and_no_others() {
    let found = labels(r#"{"apiVersion": "v1.2", |}"#);
    assert_eq!(found[0], "spec", "what is required comes first: {found:?}");
    assert!(found.contains(&"triggers".to_owned()) && !found.contains(&"apiVersion".to_owned()));
    assert_eq!(taken(r#"{"opt|"#, "options"), r#"{"options": {}"#);
    assert_eq!(taken(r#"{"opt|": {}}"#, "options"), r#"{"options": {}}"#);
    assert_eq!(labels(r#"{"options": {"paused": true, |}}"#), ["concurrencyPolicy"]);
}

#[test]
fn a_node_has_the_members_of_its_kind() {
    let step = |inner: &str| {
        format!(
            r#"{{"spec": {{"kind": "Workflow", "spec": {{"type": "sequential", "steps": [{inner}"#
        )
    };
    assert_eq!(labels(&step("{|")), ["kind"]);
    assert!(labels(&step(r#"{"kind": "|"}"#)).contains(&"JobRun".to_owned()));
    assert_eq!(labels(&step(r#"{"kind": "JobRun", |}"#))[0], "spec");
    assert_eq!(labels(&step(r#"{"kind": "JobRun", "spec": {|"#))[0], "jobId");
    assert_eq!(
        labels(&step(r#"{"spec": {"backupType": |}, "kind": "AddonBackup"}"#)),
        ["snapshot", "dump"]
    );
    assert!(labels(&step(r#"{"kind": "Release", "spec": {|}}"#)).contains(&"type".to_owned()));
    assert!(
        labels(&step(r#"{"kind": "Release", "spec": {"type": "registry", "origin": {|}}}"#))
            .contains(&"imagePath".to_owned())
    );
    assert_eq!(labels(&step(r#"{"kind": "Unheard", "spec": {|}}"#)), [""; 0]);
}

#[test]
fn a_list_of_steps_takes_whole_nodes() {
    let text = "{\n  \"spec\": {\n    \"kind\": \"Workflow\",\n    \"spec\": { \"steps\": [\n      |\n    ] }\n  }\n}";
    let with = taken(text, "Run job");
    assert!(with.contains("[\n      {\n        \"kind\": \"JobRun\",\n        \"spec\""), "{with}");
    assert_eq!(labels(r#"{"spec": {"kind": "Workflow", "spec": {"steps": |}}}"#), ["[]"]);
}

#[test]
fn words_take_the_place_of_what_is_written() {
    assert_eq!(
        taken(r#"{"options": {"concurrencyPolicy": "al|low"}}"#, "queue"),
        r#"{"options": {"concurrencyPolicy": "queue"}}"#
    );
    assert_eq!(taken(r#"{"options": {"paused": t|"#, "true"), r#"{"options": {"paused": true"#);
    let trigger = r#"{"triggers": [{"vcsService": |}]}"#;
    assert!(taken(trigger, "github").contains(r#""vcsService": "github""#));
    assert!(labels(r#"{"triggers": [{"ref": "a"}, {|"#).contains(&"repoUrl".to_owned()));
}

#[test]
fn a_teardown_has_its_own_kinds() {
    let flow = labels(r#"{"spec": {"kind": "Workflow", "spec": {"steps": [{"kind": "|"}]}}}"#);
    let teardown = labels(
        r#"{"teardownSpec": {"spec": {"kind": "Workflow", "spec": {"steps": [{"kind": "|"}]}}}}"#,
    );
    let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
    assert!(has(&flow, "Release") && !has(&flow, "OpenTofuDestroy"), "{flow:?}");
    assert!(has(&teardown, "OpenTofuDestroy") && !has(&teardown, "Release"), "{teardown:?}");
}

#[test]
fn an_expression_names_what_the_node_can_read() {
    let text = r#"{"arguments": {"BRANCH": "main"}, "spec": {"kind": "Workflow", "spec": {"type": "sequential",
      "steps": [{"kind": "Build", "spec": {"branch": "release-${args.BR}"}}]}}}"#;
    let document = crate::document::Document::parse(text).expect("JSON");
    let names = Names::of(&document, document.nodes()[1]);
    let cursor = text.find("BR}").expect("it is there") + 2;
    let found = complete(text, cursor, &names);
    assert_eq!(found[0].label, "BRANCH");
    let mut with = text.to_owned();
    with.replace_range(found[0].replace.clone(), &found[0].insert);
    assert!(with.contains(r#""release-${args.BRANCH}""#), "{with}");
    let functions = labels(r#"{"spec": {"kind": "Build", "spec": {"branch": "${fn.sl|}"#);
    assert!(functions.contains(&"slug".to_owned()), "{functions:?}");
    let behind = labels(r#"{"spec": {"kind": "Build", "spec": {"type": "${args.A} |"}}}"#);
    assert_eq!(behind, ["service", "job"]);
}

/// The test's own kind is in the tables, and nowhere else.
#[test]
fn a_kind_in_the_tables_needs_nothing_else_to_be_proposed() {
    let step = |inner: &str| format!(r#"{{"spec": {inner}"#);
    assert!(labels(&step(r#"{"kind": "|"}"#)).contains(&"Probe".to_owned()));
    let members = labels(&step(r#"{"kind": "Probe", "spec": {|"#));
    assert_eq!(members[0], "needed");
    assert!(members.contains(&"parts".to_owned()), "{members:?}");
    assert_eq!(labels(&step(r#"{"kind": "Probe", "spec": {"choice": |"#)), ["one", "two"]);
    assert_eq!(labels(&step(r#"{"kind": "Probe", "spec": {"parts": [{|"#)), ["name"]);
    assert_eq!(labels(&step(r#"{"kind": "Probe", "spec": {"part": {|"#)), ["name"]);
}

#[test]
fn behind_a_value_nothing_is_due() {
    for text in
        [r#"{"apiVersion": "v1.2" |}"#, r#"{"apiVersion"| : 1}"#, "|{}", "{}|", "|", r#""|""#]
    {
        assert_eq!(labels(text), [""; 0], "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_the_text_and_the_cursor_what_is_proposed_fits(
        text in r#"([{}\[\]:, \n]|"[a-z]{0,6}"?|kind|"spec": |"kind": "JobRun"|"steps": \[|é|\\){0,40}"#,
        cursor in 0usize..200,
    ) {
        for proposal in complete(&text, cursor, &Names::default()) {
            let (start, end) = (proposal.replace.start, proposal.replace.end);
            prop_assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
            prop_assert!((start..=end).contains(&cursor));
        }
    }
}
