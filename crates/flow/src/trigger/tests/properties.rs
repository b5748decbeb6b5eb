use proptest::prelude::*;

use super::super::{glob::Fuel, ignore::Ignore, rules::matches_branch, *};
use crate::document::Document;

#[test]
fn a_star_stands_for_any_text_anywhere() {
    for (rule, branch, expected) in [
        ("main", "main", true),
        ("main", "Main", false),
        ("main", "main2", false),
        ("*", "", true),
        ("*", "feature/a/b", true),
        ("feature/*", "feature/a/b", true),
        ("feature/*", "feature/", true),
        ("feature/*", "feature", false),
        ("*-fix", "a/b-fix", true),
        ("rel*-*-x", "release/1-2-x", true),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("a**b", "ab", true),
        ("a.b", "aXb", false),
        ("", "", true),
        ("", "main", false),
    ] {
        assert_eq!(matches_branch(rule, branch), expected, "{rule} on {branch}");
    }
}

/// Stars on stars must not take forever, and end when there is no more fuel.
#[test]
fn path_rules_take_bounded_time() {
    let rule = "*a".repeat(130);
    let path = "a".repeat(4_000) + "b";
    let lines = Ignore::new([rule.as_str()].into_iter());
    assert_eq!(lines.decide(&path, &mut Fuel(usize::MAX)), Some(None));
    assert_eq!(lines.decide(&path, &mut Fuel(1_000)), None);
}

fn document(text: &str) -> Document {
    Document::parse(text).expect("valid JSON")
}

/// A push, pull request and call that match everything in the flow below.
fn push(files: Files) -> Event {
    let commits = vec![Commit { sha: "1".repeat(40), message: "Work".to_owned() }];
    let (repository, branch) = ("https://github.com/acme/shop".to_owned(), "main".to_owned());
    Event::Push(Push { repository, branch, commits, files })
}

#[test]
fn two_triggers_that_fire_start_one_run_with_the_values_of_both() {
    let trigger = |reference: &str, branch: &str| {
        format!(
            r#"{{"ref": "{reference}", "repoUrl": "https://www.github.com/acme/shop", "branchRestrictions": ["{branch}"]}}"#
        )
    };
    let text = format!(
        r#"{{"triggers": [{}, {}, {}, 1]}}"#,
        trigger("one", "main"),
        trigger("two", "*"),
        trigger("three", "x")
    );
    let answer = git_event(&document(&text), &push(Files::Unknown), Standing::default());
    let fires: Vec<_> = answer.triggers.iter().map(Verdict::fires).collect();
    assert_eq!(fires, [true, true, false, false]);
    let Outcome::Run(Decision::Start, given) = answer.outcome else { panic!("no run") };
    let values = serde_json::json!({
        "branch": "main", "sha": "1".repeat(40), "repoUrl": "https://www.github.com/acme/shop"
    });
    assert_eq!(given.overrides.get("one"), Some(&values));
    assert_eq!(given.overrides.get("two"), Some(&values));
    assert_eq!(given.overrides.len(), 2);
}

#[test]
fn a_pull_request_gives_its_number() {
    let flow = document(
        r#"{"triggers": [{"ref": "pr", "repoUrl": "github.com/acme/shop", "prRestrictions": ["*"]}]}"#,
    );
    let request = PullRequest {
        repository: "git@github.com:acme/shop.git".to_owned(),
        id: "17".to_owned(),
        branch: "refs/heads/fix".to_owned(),
        action: Action::Opened,
        draft: false,
        head: Commit { sha: "abc".to_owned(), message: String::new() },
        files: Files::Unknown,
    };
    let answer = git_event(&flow, &Event::PullRequest(request), Standing::default());
    let Outcome::Run(_, given) = answer.outcome else { panic!("no run") };
    let values = serde_json::json!({
        "branch": "fix", "sha": "abc", "repoUrl": "github.com/acme/shop", "pullRequestId": "17"
    });
    assert_eq!(given.overrides.get("pr"), Some(&values));
}

#[test]
fn a_call_is_read_by_whole_names_and_its_last_dot() {
    let flow = document(r#"{"triggers": [{"ref": "frontend"}, {"ref": "a.b"}]}"#);
    let call = "https://hooks.test/release-flows/T?frontend%2Ebranch=feature%2Fx&frontend.sha=1&\
                a.b.pullRequestId=7&image_tag=1%2B2+3&name=First&name=Second+run&description=&\
                other.branch=y&x.y=1&odd=%zz%&a=b=c&&flag#end";
    let answer = webhook_call(&flow, call, Standing::default());
    let Outcome::Run(_, given) = &answer.outcome else { panic!("{answer:?}") };
    let expected = serde_json::json!({
        "overrides": { "frontend": { "branch": "feature/x", "sha": "1" },
                       "a.b": { "pullRequestId": "7" } },
        "arguments": { "image_tag": "1+2 3", "other.branch": "y", "x.y": "1", "odd": "%zz%",
                       "a": "b=c", "flag": "" },
    });
    let (overrides, arguments) = (&given.overrides, &given.arguments);
    assert_eq!(serde_json::json!({ "overrides": overrides, "arguments": arguments }), expected);
    assert_eq!((given.name.as_deref(), given.description.as_deref()), (Some("Second run"), None));
    for query in ["a=1", "?a=1", "https://h.test/T?a=1", "a=1#x"] {
        let answer = webhook_call(&flow, query, Standing::default());
        let Outcome::Run(_, given) = &answer.outcome else { panic!("{answer:?}") };
        assert_eq!(serde_json::json!(given.arguments), serde_json::json!({ "a": "1" }), "{query}");
    }
    let answer = webhook_call(&flow, "url=https://x.test/?y", Standing::default());
    let Outcome::Run(_, given) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(serde_json::json!(given.arguments), serde_json::json!({"url": "https://x.test/?y"}));
    let answer = webhook_call(&flow, "https://h.test/T", Standing::default());
    let Outcome::Run(_, given) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!(given, &Given::default());
}

#[test]
fn a_call_is_bounded() {
    let flow = document("{}");
    let at_most = "a=".to_owned() + &"x".repeat(MAX_QUERY_BYTES - 2);
    let answer = webhook_call(&flow, &at_most, Standing::default());
    assert!(matches!(answer.outcome, Outcome::Run(..)));
    let answer = webhook_call(&flow, &(at_most + "x"), Standing::default());
    assert_eq!(answer.outcome, Outcome::Nothing(Nothing::Invalid));
}

proptest! {
    #[test]
    fn branch_rules_are_what_a_regular_expression_says(
        rule in "[a-b/*]{0,8}", branch in "[a-b/]{0,10}",
    ) {
        let source = format!("^(?s:{})$", rule.replace('*', ".*"));
        let expected = regex_lite::Regex::new(&source).expect("compiles").is_match(&branch);
        prop_assert_eq!(matches_branch(&rule, &branch), expected);
    }

    #[test]
    fn nothing_panics(rules in prop::collection::vec("\\PC*", 0..4), path in "\\PC*", call in "\\PC*") {
        let lines = Ignore::new(rules.iter().map(String::as_str));
        let _ = lines.decide(&path, &mut Fuel(1_000_000));
        let _ = webhook_call(&document("{}"), &call, Standing::default());
        let _ = repository::normal(&path);
    }

    /// A run begins only where nothing said no, and every no has a place in the document.
    #[test]
    fn there_is_a_run_where_no_rule_says_no(
        paused: bool, policy in 0..6_usize, active in 0..3_usize, queued in 0..3_usize,
        branch in "main|dev", file in "a.md|src/a.rs", allow: bool, flags: bool, message in "x|a \\[skip ci\\]",
    ) {
        let policies = ["allow", "queue", "forbid", "latest", "replace", "nonsense"];
        let flow = serde_json::json!({
            "options": { "paused": paused, "concurrencyPolicy": policies[policy] },
            "triggers": [{ "ref": "git", "repoUrl": "github.com/acme/shop",
                "branchRestrictions": ["m*"], "pathIgnoreRules": ["*.md"], "isAllowList": allow,
                "ciIgnoreFlagsEnabled": flags }],
        });
        let event = Event::Push(Push {
            repository: "https://github.com/acme/shop.git".to_owned(),
            branch: branch.clone(),
            commits: vec![Commit { sha: "1".to_owned(), message: message.clone() }],
            files: Files::Known(vec![file.clone()]),
        });
        let flow = document(&flow.to_string());
        let answer = git_event(&flow, &event, Standing { active, queued });
        let fires = branch == "main" && (file == "a.md") == allow && !(flags && message != "x");
        let forbidden = policy == 5 || (policy == 2 && active + queued > 0);
        let runs = matches!(answer.outcome, Outcome::Run(decision, _) if decision != Decision::Refuse);
        prop_assert_eq!(runs, fires && !paused && !forbidden, "{:?}", answer);
        let reasons = answer.triggers.iter().flat_map(|it| &it.reasons).chain(&answer.flow);
        prop_assert_eq!(runs, reasons.clone().all(|reason| reason.passes));
        for reason in reasons {
            let parent = reason.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            prop_assert!(flow.resolve(parent).is_some(), "{}", reason.pointer);
        }
    }
}

proptest! {
    /// What an example of a call says arrives as it was meant, whatever signs are in it.
    #[test]
    fn parameters_arrive(name in "[^.]{1,12}", value in any::<String>(), reference in "[a-z./ %+é-]{1,12}") {
        prop_assume!(!matches!(name.as_str(), "name" | "description"));
        let trigger = serde_json::json!({"triggers": [{"ref": reference}]});
        let document = document(&trigger.to_string());
        let branch = parameter(&format!("{reference}.branch"), &value);
        let query = format!("{}&{branch}", parameter(&name, &value));
        prop_assert!(!query.contains('.') && !query.contains('/'));
        let address = format!("{WEBHOOK_ADDRESS}TOKEN?{query}");
        let Outcome::Run(_, given) = webhook_call(&document, &address, Standing::default()).outcome else {
            panic!("no run for {query}");
        };
        prop_assert_eq!(given.arguments.get(&name), Some(&Value::from(value.clone())));
        prop_assert_eq!(&given.overrides[&reference]["branch"], &Value::from(value));
    }
}
