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
        assert!(!kind.cite.is_empty(), "{}", kind.title);
        for rule in kind.rules {
            for pointer in rule.pointers() {
                let leads = |field: &Field| {
                    let below = field.pointer.strip_prefix(pointer);
                    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
                };
                assert!(kind.fields.iter().any(leads), "{}: {pointer}", kind.title);
            }
            assert!(rule.sentences().all(|says| says.ends_with('.')), "{rule:?}");
        }
        for field in kind.fields {
            if let Some(Source::OutputsOf { kind, output }) = field.source {
                let leaves = |kind: &Kind| kind.outputs.iter().any(|known| known.name == output);
                assert!(named(kind).any(leaves), "{kind}: {output}");
            }
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

/// The smallest node of each kind that the vendor would take, in the order of the tables.
const SMALLEST: &[(&str, &[&str], &str)] = &[
    ("Workflow", &["sequential"], r#"{"type":"sequential","steps":[]}"#),
    ("Workflow", &["parallel"], r#"{"type":"parallel","steps":[],"context":{"projectId":"shop"}}"#),
    ("LoopWorkflow", &[], r#"{"iterations":[{"id":"web"},"${args.x}"],"steps":[]}"#),
    ("LoopData", &[], r#"{"anything":[1]}"#),
    ("Build", &[], r#"{"id":"builder","type":"service","branch":"main"}"#),
    (
        "Release",
        &["build"],
        r#"{"type":"build","origin":{"id":"builder","branch":"main"},"target":{"id":"web","type":"service"}}"#,
    ),
    (
        "Release",
        &["deployment"],
        r#"{"type":"deployment","origin":{"id":"web-dev","type":"service"},"target":{"id":"web","type":"service"}}"#,
    ),
    (
        "Release",
        &["registry"],
        r#"{"type":"registry","origin":{"imagePath":"ghcr.io/acme/web:1"},"target":{"id":"web","type":"job"}}"#,
    ),
    (
        "RolloutStrategy",
        &[],
        r#"{"name":"slowly","type":"canary","details":{"canaryStrategy":"header","config":{"canaryHeader":{"headerName":"x-new","headerValue":"1"}}},"options":{"triggers":{"releaseFromCD":true}}}"#,
    ),
    (
        "JobRun",
        &[],
        r#"{"jobId":"migrate","deployment":{"external":{"imagePath":"nginx:1"},"docker":{"configType":"customCommand","customCommand":"true"},"storage":{"shmSize":64}}}"#,
    ),
    (
        "AddonBackup",
        &[],
        r#"{"addonId":"postgres","compressionType":"${args.C}","additionalDestinations":[{"type":"custom","destinationId":"far-away","retentionTime":7}]}"#,
    ),
    (
        "AddonImport",
        &[],
        r#"{"addonId":"postgres","connectionString":"postgres://x","importAllDatabases":true}"#,
    ),
    (
        "Action",
        &["Service", "restart"],
        r#"{"kind":"Service","spec":{"type":"restart","condition":"running","data":{"serviceId":"web","timeoutDuration":300}}}"#,
    ),
    (
        "Action",
        &["Service", "execute"],
        r#"{"kind":"Service","spec":{"type":"execute","data":{"serviceId":"web","command":"true","options":{"dispatchOnly":true}}}}"#,
    ),
    (
        "Action",
        &["Job", "execute"],
        r#"{"kind":"Job","spec":{"type":"execute","data":{"jobId":"tools","command":"true","shell":"sh","user":"root","group":"root"}}}"#,
    ),
    (
        "Action",
        &["Addon", "restart"],
        r#"{"kind":"Addon","spec":{"type":"restart","data":{"addonId":"redis"}}}"#,
    ),
    (
        "Action",
        &["AddonBackup", "restore"],
        r#"{"kind":"AddonBackup","spec":{"type":"restore","condition":"success","data":{"addonId":"postgres","backupId":"${args.BACKUP}"}}}"#,
    ),
    (
        "Condition",
        &["Service", "running"],
        r#"{"kind":"Service","spec":{"type":"running","data":{"serviceId":"web","timeoutDuration":600}}}"#,
    ),
    (
        "Condition",
        &["Addon", "running"],
        r#"{"kind":"Addon","spec":{"type":"running","data":{"addonId":"redis","projectId":"shop"}}}"#,
    ),
    (
        "Condition",
        &["BYOCCluster", "running"],
        r#"{"kind":"BYOCCluster","spec":{"type":"running","data":{"clusterId":"gcp-eu-1"}}}"#,
    ),
    (
        "Condition",
        &["Build", "success"],
        r#"{"kind":"Build","spec":{"type":"success","data":{"buildId":"${args.BUILD}"}}}"#,
    ),
    (
        "Condition",
        &["JobRun", "success"],
        r#"{"kind":"JobRun","spec":{"type":"success","data":{"jobId":"migrate","runId":"110ddb52"}}}"#,
    ),
    (
        "Condition",
        &["AddonBackup", "success"],
        r#"{"kind":"AddonBackup","spec":{"type":"success","data":{"addonId":"postgres","backupId":"1a"}}}"#,
    ),
    (
        "Condition",
        &["AddonImport", "success"],
        r#"{"kind":"AddonImport","spec":{"type":"success","data":{"addonId":"postgres","importId":"1a"}}}"#,
    ),
    (
        "Condition",
        &["VCS", "createRepoFromSourceSuccess"],
        r#"{"kind":"VCS","spec":{"type":"createRepoFromSourceSuccess","data":{"trackerId":"1a"}}}"#,
    ),
    ("Approval", &[], r#"{"amount":2}"#),
    (
        "Message",
        &["VCS"],
        r#"{"kind":"VCS","spec":{"vcsService":"github","repoUrl":"https://github.com/acme/web","pullRequestId":"${refs.app.pullRequestId}","message":"ready"}}"#,
    ),
    (
        "Message",
        &["SLACK"],
        r#"{"kind":"SLACK","spec":{"integrationInternalId":"team-slack","message":"begun"}}"#,
    ),
    (
        "Message",
        &["RAW_WEBHOOK"],
        r#"{"kind":"RAW_WEBHOOK","spec":{"webhookUrl":"https://hooks.example.com/x","message":"done"}}"#,
    ),
    (
        "RunTemplate",
        &[],
        r#"{"templateType":"template","templateId":"shop/smoke-tests","arguments":{"variables":[{"key":"TARGET","value":"dev"}]}}"#,
    ),
    (
        "SecretInheritance",
        &[],
        r#"{"secrets":["base","${args.x}"],"configs":"${args.x}","requiredKeys":["API_KEY"],"requiredFiles":[]}"#,
    ),
    (
        "Action",
        &["VCS", "createRepoFromSource"],
        r#"{"kind":"VCS","spec":{"type":"createRepoFromSource","data":{"sourceData":{"publicRepo":true,"vcsService":"github","repoUrl":"https://github.com/acme/starter"},"targetData":{"name":"starter-copy","vcsService":"github","accountLogin":"acme","privateRepo":true}}}}"#,
    ),
    ("OpenTofuDestroy", &[], r#"{"nodeRef":"infrastructure"}"#),
];

/// The problems of a node that are about its fields.
fn problems(node: &str) -> Vec<(&'static str, String)> {
    use crate::check::{check, code};
    let found = check(&document(node)).into_iter();
    let on_fields = found.filter(|problem| {
        let elsewhere = [code::ARGUMENT_WITHOUT_DEFAULT, code::EMPTY_WORKFLOW, code::KIND_NOT_HERE];
        problem.pointer.starts_with("/spec/spec/steps/0") && !elsewhere.contains(&problem.code)
    });
    on_fields.map(|problem| (problem.code, problem.pointer)).collect()
}

#[test]
fn the_smallest_node_of_every_kind_is_known_and_right() {
    let of_tests = all().iter().filter(|kind| kind.kind == "Probe").count();
    assert_eq!(SMALLEST.len() + of_tests, all().len());
    for ((name, words, spec), kind) in SMALLEST.iter().zip(all()) {
        let node =
            format!(r#"{{"kind":"{name}","ref":"it","skipNodeExecution":"false","spec":{spec}}}"#);
        let document = document(&node);
        let found = of(&document, first(&document)).expect("the kind is known");
        assert!(std::ptr::eq(found, *kind), "{} is {}", kind.title, found.title);
        assert!(std::ptr::eq(found, find(name, words).expect("found")), "{}", kind.title);
        assert_eq!(problems(&node), [], "{}", kind.title);
    }
}

#[test]
fn members_that_need_or_exclude_one_another_are_looked_at() {
    let says = |kind: &str, spec: &str| {
        let found = problems(&format!(r#"{{"kind":"{kind}","spec":{spec}}}"#));
        found.into_iter().map(|(_, pointer)| pointer.replace("/spec/spec/steps/0", "")).collect()
    };
    let import: Vec<String> = says("AddonImport", r#"{"addonId":"pg"}"#);
    assert_eq!(import, ["/spec/importUrl"]);
    let import: Vec<String> = says(
        "AddonImport",
        r#"{"addonId":"pg","importUrl":"https://a.example","importAllDatabases":true}"#,
    );
    assert_eq!(import, ["/spec/importAllDatabases"]);
    let job: Vec<String> = says(
        "JobRun",
        r#"{"jobId":"job","deployment":{"internal":{"id":"web","buildSHA":"latest","buildId":"b"},"external":{"imagePath":"a:1"},"docker":{}}}"#,
    );
    assert_eq!(
        job,
        [
            "/spec/deployment/internal/buildId",
            "/spec/deployment/external",
            "/spec/deployment/docker/configType"
        ]
    );
    let share: Vec<String> = says(
        "RolloutStrategy",
        r#"{"name":"a","type":"canary","details":{"canaryStrategy":"percentage","config":{"canaryPercentage":101,"canaryHeader":{"headerName":"a"}}}}"#,
    );
    assert_eq!(
        share,
        [
            "/spec/details/config/stablePercentage",
            "/spec/details/config/canaryPercentage",
            "/spec/details/config/canaryHeader"
        ]
    );
    let of_argument: Vec<String> = says(
        "RolloutStrategy",
        r#"{"name":"a","type":"canary","details":{"canaryStrategy":"${args.x}","config":{"canaryHeader":{"headerName":"a"}}}}"#,
    );
    assert_eq!(of_argument, [""; 0], "only a run can tell");
}

#[test]
fn a_field_of_every_type_is_checked_without_a_line_of_its_own() {
    let right = r#"{"kind":"Probe","condition":"success","skipNodeExecution":"${args.x}","spec":{
        "needed":"x","short":"abc","number":"${args.x}","switch":true,"choice":"two","json":[{}],
        "node":{},"nodes":[],"list":["a","${args.x}"],"parts":[{"name":"abc"}],"part":null,
        "map":{"a":1},"deep":{"inside":""}}}"#;
    assert_eq!(problems(right), []);
    for (pointer, value) in [
        ("/spec/needed", r#""""#),
        ("/spec/text", r#""a--b""#),
        ("/spec/short", r#""abcd""#),
        ("/spec/number", "4"),
        ("/spec/switch", r#""true""#),
        ("/spec/choice", r#""three""#),
        ("/spec/nodes", "{}"),
        ("/spec/list", r#""${args.x}""#),
        ("/spec/list/0", r#"["a b"]"#),
        ("/spec/parts/0/name", "[{}]"),
        ("/spec/part", "1"),
        ("/spec/part/name", r#"{"name":"-"}"#),
        ("/spec/map", "[]"),
        ("/spec/deep", "1"),
        ("/spec/other", "1"),
    ] {
        let name = pointer.split('/').nth(2).unwrap_or_default();
        let needed = if name == "needed" { "" } else { r#""needed":"x","# };
        let node = format!(r#"{{"kind":"Probe","spec":{{{needed}"{name}":{value}}}}}"#);
        let found: Vec<_> = problems(&node).into_iter().map(|(_, at)| at).collect();
        assert_eq!(found, [format!("/spec/spec/steps/0{pointer}")], "{value}");
    }
    assert_eq!(
        problems(r#"{"kind":"Probe","condition":"running","spec":{"needed":"x"}}"#).len(),
        1
    );
    assert_eq!(
        problems(r#"{"kind":"Probe","spec":{"needed":"x","text":"abc","short":"a"}}"#).len(),
        1
    );
}

/// Palette, form, problems, completion, help and canvas ask these and nothing else; no rule of the
/// app names a kind, which a rule of the house sees to.
#[test]
fn a_kind_of_the_tables_is_wherever_kinds_are_shown() {
    use crate::{complete, expr::Names, form, reference, schema, stage::Stage};

    let probe = find("Probe", &[]).expect("a kind that only tests know");
    let is_probe = |index: &usize| std::ptr::eq(all()[*index], probe);

    // The palette: by name and by help, in its section, in every stage.
    assert!(offered("probe").iter().all(is_probe) && offered("probe").len() == 1);
    assert!(offered("field of every type").iter().any(is_probe));
    assert!(Section::ALL.contains(&probe.section));
    assert_eq!(Stage::ALL.map(|stage| probe.refusal(stage)), [None, None, None]);

    // What it puts into the flow, on the canvas.
    let flow = document(probe.template);
    let node = first(&flow);
    assert!(std::ptr::eq(of(&flow, node).expect("known"), probe));
    assert_eq!(
        (title(&flow, node).as_str(), suggest_ref(&flow, node).as_str()),
        ("Probe", "probe")
    );

    // The form has its fields, and its problem is told at one of them.
    let sections = form::sections(probe);
    let fields: Vec<&str> =
        sections.iter().flat_map(|section| &section.fields).map(|field| field.pointer).collect();
    assert_eq!(fields.len(), probe.fields.len());
    let found = problems(probe.template);
    let [(_, at)] = found.as_slice() else { panic!("{found:?}") };
    let within = at.strip_prefix("/spec/spec/steps/0").expect("in the node");
    let told = form::told_at(probe.fields, probe.rules, within, "", |_| false);
    assert_eq!(told.iter().map(|field| field.pointer).collect::<Vec<_>>(), ["/spec/needed"]);

    // Completion, and help where it stands.
    let text = flow.text();
    let word = text.rfind("Probe").expect("the kind's word");
    let proposed = complete::complete(&text, word, &Names::default());
    let proposed = proposed.iter().find(|proposal| proposal.label == "Probe").expect("proposed");
    assert_eq!(proposed.help, probe.help);
    let hint = complete::hint(&text, word, &Names::default()).expect("explained");
    assert_eq!((hint.detail.as_str(), hint.help.as_str()), (probe.title, probe.help));
    assert!(reference::page().contains(probe.help));
    assert_eq!(schema::release_flow()["$defs"]["Probe"]["description"], probe.help);
}

#[test]
fn what_an_action_does_that_we_do_not_know_is_kept_and_pointed_out() {
    use crate::check::check;
    let document =
        document(r#"{"kind":"Action","ref":"it","spec":{"kind":"Moon","spec":{"type":"rise"}}}"#);
    assert_eq!(title(&document, first(&document)), "Action it");
    let problems = check(&document);
    let about: Vec<_> =
        problems.iter().filter(|problem| problem.pointer.ends_with("/spec/kind")).collect();
    let [problem] = about.as_slice() else { panic!("{problems:?}") };
    let known = "Service, Job, Addon, AddonBackup, VCS";
    assert!(problem.sentence.contains(known), "each once: {}", problem.sentence);
}

#[test]
fn a_whole_document_with_teardown_is_right_and_its_parts_are_checked() {
    use crate::check::check;
    let whole = r#"{"$schema":"https://api.northflank.com/v1/schemas/release-flow","apiVersion":"v1.2",
        "arguments":{},"options":{"concurrencyPolicy":"queue","paused":false},
        "triggers":[{"ref":"app","vcsService":"github","repoUrl":"https://github.com/acme/web",
          "branchRestrictions":["main"],"pathIgnoreRules":["*.md"],"isAllowList":false,
          "ciIgnoreFlagsEnabled":true,"ciIgnoreFlags":["[skip ci]"]}],
        "teardownSpec":{"spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
          {"kind":"OpenTofuDestroy","spec":{"nodeRef":"infrastructure"}}]}},"failurePolicy":"block"},
        "spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
          {"kind":"AddonBackup","ref":"backup","condition":"success","spec":{"addonId":"postgres-dev"}},
          {"kind":"Build","ref":"build","condition":"success","spec":{"id":"builder","type":"service","branch":"${refs.app.branch}","sha":"${refs.app.sha}"}},
          {"kind":"Workflow","spec":{"type":"parallel","steps":[
            {"kind":"Release","condition":"running","spec":{"type":"build","origin":{"id":"builder","branch":"${refs.build.branch}","build":"${refs.build.id}"},"target":{"id":"web-dev","type":"service"}}}]}}]}}}"#;
    let found = |text: &str| {
        let problems = check(&Document::parse(text).expect("JSON"));
        problems.into_iter().map(|problem| problem.pointer).collect::<Vec<_>>()
    };
    assert_eq!(found(whole), [""; 0]);
    assert_eq!(found(&whole.replace("\"block\"", "\"stop\"")), ["/teardownSpec/failurePolicy"]);
    let stray = r#""ref":"app","selfHostedVcsId":"a/b","manualOnly":true"#;
    assert_eq!(
        found(&whole.replace(r#""ref":"app""#, stray)),
        ["/triggers/0/selfHostedVcsId", "/triggers/0/manualOnly"]
    );
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

#[test]
fn the_help_names_every_word_that_stops_a_run() {
    let field =
        super::settings::TRIGGER.fields.iter().find(|field| field.pointer == "/ciIgnoreFlags");
    let help = field.expect("the field").help;
    assert!(
        super::settings::DEFAULT_CI_IGNORE_FLAGS.iter().all(|flag| help.contains(flag)),
        "{help}"
    );
}
