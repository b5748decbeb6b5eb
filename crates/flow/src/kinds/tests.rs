use std::collections::HashSet;

use super::*;

fn document(steps: &str) -> Document {
    let text = format!(
        r#"{{"apiVersion":"v1.2","triggers":[{{"ref":"app"}}],"spec":{{"kind":"Workflow","spec":{{"type":"sequential","steps":[{steps}]}}}}}}"#
    );
    Document::parse(&text).expect("the test's document parses")
}

fn first(document: &Document) -> Key {
    document.nodes()[1]
}

#[track_caller]
fn says(node: &str, expected_title: &str, expected_details: &[&str]) {
    let document = document(node);
    assert_eq!(title(&document, first(&document)), expected_title);
    assert_eq!(details(&document, first(&document)), expected_details);
}

#[test]
fn titles_and_key_settings() {
    says(
        r#"{"kind":"JobRun","spec":{"jobId":"migrate-dev"},"condition":"success"}"#,
        "Run job migrate-dev",
        &["Waits until it succeeded"],
    );
    says(
        r#"{"kind":"Release","spec":{"type":"build","origin":{"id":"shop-builder","branch":"main","build":"latest"},"target":{"id":"shop-web-dev","type":"service"}}}"#,
        "Deploy build shop-builder to shop-web-dev",
        &["Branch main, build latest"],
    );
    says(
        r#"{"kind":"Release","spec":{"type":"deployment","origin":{"id":"web-dev","type":"service"},"target":{"id":"web-prod","type":"service"}},"condition":"running"}"#,
        "Promote deployment from web-dev to web-prod",
        &["Waits until it runs"],
    );
    says(
        r#"{"kind":"Release","spec":{"type":"registry","origin":{"imagePath":"nginx:1"},"target":{"id":"web","type":"service"}}}"#,
        "Deploy image nginx:1 to web",
        &[],
    );
    says(
        r#"{"kind":"Build","spec":{"id":"shop-builder","type":"service","pullRequestId":12}}"#,
        "Start build shop-builder",
        &["Pull request 12"],
    );
    says(
        r#"{"kind":"AddonBackup","spec":{"addonId":"","backupType":"dump"}}"#,
        "Run backup",
        &["Type dump"],
    );
    says(r#"{"kind":"Workflow","spec":{"type":"parallel","steps":[]}}"#, "Parallel workflow", &[]);
    says(r#"{"kind":"Workflow"}"#, "Sequential workflow", &[]);
}

#[test]
fn a_kind_that_we_do_not_know_is_called_by_its_name_and_ref() {
    says(r#"{"kind":"SecretGroup","ref":"db","spec":{}}"#, "SecretGroup db", &[]);
    says(r#"{"kind":"Release","spec":{"type":"canary"}}"#, "Release", &[]);
    says(r"7", "Node without a kind", &[]);
    assert!(of(&document("{}"), first(&document("{}"))).is_none());
}

#[test]
fn tables_are_whole() {
    let known: HashSet<_> = all()
        .iter()
        .map(|kind| (kind.kind, kind.when.iter().map(|by| by.value).collect::<Vec<_>>()))
        .collect();
    assert_eq!(known.len(), all().len());
    let titles: HashSet<_> = all().iter().map(|kind| kind.title).collect();
    assert_eq!(titles.len(), all().len());
    for kind in all() {
        let pointers: HashSet<_> = kind.fields.iter().map(|field| field.pointer).collect();
        assert_eq!(pointers.len(), kind.fields.len(), "{}", kind.title);
        assert!(kind.help.ends_with('.') && kind.summary.details.len() <= 2, "{}", kind.title);
        for field in kind.fields {
            assert!(field.pointer.starts_with('/') && !field.pointer.contains('~'));
            assert!(!field.label.is_empty(), "{}", field.pointer);
            assert!(field.help.is_empty() || field.help.ends_with('.'), "{}", field.help);
        }
        let phrases =
            kind.summary.title.iter().chain(kind.summary.details.iter().copied().flatten());
        for phrase in phrases {
            let (Phrase::Value { pointer, .. } | Phrase::Present { pointer, .. }) = phrase;
            let top = |field: &Field| field.pointer == *pointer;
            assert!(kind.fields.iter().any(top), "{} speaks of {pointer}", kind.title);
        }
        for field in kind.fields {
            let Some(
                Source::Deployables { type_pointer: sibling, .. }
                | Source::Buildables { type_pointer: sibling },
            ) = field.source
            else {
                continue;
            };
            assert!(kind.fields.iter().any(|field| field.pointer == sibling), "{sibling}");
        }
    }
}

#[test]
fn a_new_node_is_of_its_kind_and_lacks_only_what_a_person_must_choose() {
    for kind in all() {
        let text = kind.template;
        let document = document(text);
        let node = first(&document);
        assert!(std::ptr::eq(of(&document, node).expect("known"), *kind), "{}", kind.title);
        for field in kind.fields.iter().filter(|field| field.required) {
            assert!(document.resolve_from(node, field.pointer).is_some(), "{}", field.pointer);
        }
        let pretty: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(text, serde_json::to_string_pretty(&pretty).expect("JSON"));
    }
}

#[test]
fn a_suggested_ref_is_new_and_can_be_addressed() {
    let two = document(
        r#"{"kind":"JobRun","spec":{"jobId":"migrate"}},{"kind":"JobRun","ref":"migrate","spec":{"jobId":"migrate"}}"#,
    );
    assert_eq!(suggest_ref(&two, two.nodes()[1]), "migrate-2");
    assert_eq!(suggest_ref(&two, two.nodes()[2]), "migrate", "its own ref is no obstacle");
    let of = |node: &str| {
        let document = document(node);
        suggest_ref(&document, first(&document))
    };
    assert_eq!(of(r#"{"kind":"JobRun","spec":{"jobId":"app"}}"#), "app-2", "a trigger has it");
    assert_eq!(of(r#"{"kind":"AddonBackup","spec":{"addonId":""}}"#), "addon-backup");
    assert_eq!(of(r#"{"kind":"Build","spec":{"id":"${refs.app.id}"}}"#), "build");
    assert_eq!(of(r#"{"kind":"Build","spec":{"id":"shop/web.builder-"}}"#), "shop-web-builder");
    assert_eq!(of(r#"{"kind":""}"#), "node");
}
