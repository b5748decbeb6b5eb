//! Merging as people meet it.

use std::collections::BTreeMap;

use super::{
    super::{
        merge::{About, Choice, Merged, merge},
        *,
    },
    parse,
};

/// A flow of nodes, each in a line of its own.
fn flow(steps: &str) -> String {
    format!(
        "{{\n  \"apiVersion\": \"v1.2\",\n  \"spec\": {{\n    \"kind\": \"Workflow\",\n    \"spec\": {{ \"type\": \"sequential\", \"steps\": [{steps}] }}\n  }}\n}}\n"
    )
}

/// A short way to write nodes: `a`, `a=job`, `w[a b]`, one after the other.
fn nodes(text: &str) -> String {
    let mut out = String::from("\n      ");
    let mut depth = 3;
    let mut first = true;
    for word in text.replace('[', " [ ").replace(']', " ] ").split_whitespace() {
        match word {
            "[" => {
                depth += 1;
                first = true;
            }
            "]" => {
                depth -= 1;
                out.push_str(" ] } }");
                first = false;
            }
            word => {
                if !first {
                    out.push_str(&format!(",\n{}", "  ".repeat(depth)));
                }
                if matches!(word, "w" | "v") {
                    out.push_str(&format!("{{ \"kind\": \"Workflow\", \"ref\": \"{word}\", \"spec\": {{ \"type\": \"parallel\", \"steps\": [ "));
                    first = true;
                } else {
                    let (name, job) = word.split_once('=').unwrap_or((word, "job"));
                    out.push_str(&format!("{{ \"kind\": \"JobRun\", \"ref\": \"{name}\", \"spec\": {{ \"jobId\": \"{job}\" }} }}"));
                    first = false;
                }
            }
        }
    }
    out + "\n    "
}

/// The nodes of a document in that short way.
fn short(document: &Document, node: Key) -> String {
    let view = document.node(node);
    let name = view.reference().unwrap_or("?").to_owned();
    if view.is_container() {
        let inside: Vec<_> = view.steps().map(|step| short(document, step)).collect();
        return format!("{name}[{}]", inside.join(" "));
    }
    match view.spec_text(&["jobId"]) {
        Some("job") | None => name,
        Some(job) => format!("{name}={job}"),
    }
}

pub(super) fn run(base: &str, mine: &str, theirs: &str, choices: &[Choice]) -> (String, Merged) {
    let document = |text: &str| parse(&flow(&nodes(text)));
    let mut result = document(mine);
    let choices: BTreeMap<usize, Choice> = choices.iter().copied().enumerate().collect();
    let merged = merge(&document(base), &mut result, &document(theirs), &choices);
    let root = short(&result, result.root_node().unwrap());
    (root[2..root.len() - 1].to_owned(), merged)
}

/// What comes out, and what the conflicts are about.
pub(super) fn outcome(base: &str, mine: &str, theirs: &str) -> (String, Vec<About>) {
    let (result, merged) = run(base, mine, theirs, &[]);
    (result, merged.conflicts.iter().map(|conflict| conflict.about).collect())
}

#[test]
fn changes_of_both_go_together() {
    for (base, mine, theirs, result) in [
        ("a b c", "a=x b c", "a b c=y", "a=x b c=y"),
        ("a b c", "a m b c", "a b t c", "a m b t c"),
        ("a b", "a b m", "a b t", "a b m t"),
        ("a b", "m a b", "t a b", "m t a b"),
        // A node that only changed its order goes where the other removed it.
        ("a b c d", "d a b c", "a b=x c", "a b=x c"),
        ("a b c", "b c", "a b", "b"),
        ("a b c d", "b c d a", "a d b c", "d b c a"),
        ("a w[b c] d", "a=x w[b c] d", "a w[c] b d", "a=x w[c] b d"),
        ("a w[b] d", "a w[b m] d", "w[b a] d", "w[b m a] d"),
        ("a b", "a n b", "a n b", "a n b"),
        ("a b", "w[a] b", "w[a] b t", "w[a] b t"),
    ] {
        assert_eq!(
            outcome(base, mine, theirs),
            (result.to_owned(), vec![]),
            "{base}|{mine}|{theirs}"
        );
    }
}

#[test]
fn true_conflicts_are_said_and_decided() {
    use About::{Addition, Field, Order, Place, Removal, Tangle};
    for (base, mine, theirs, about, stands, by_mine, by_theirs) in [
        ("a", "a=x", "a=y", Field, "a=x", "a=x", "a=y"),
        ("a b", "a=x b", "b", Removal, "a=x b", "a=x b", "b"),
        ("a b", "b", "a=y b", Removal, "a=y b", "b", "a=y b"),
        ("w[a] b", "w[a m] b", "b", Removal, "w[a m] b", "w[a m] b", "b"),
        ("w[a] b", "w[a b]", "b", Removal, "w[a b]", "w[a b]", "b"),
        (
            "w[a] v[b] c",
            "w[a c] v[b]",
            "w[a] v[b c]",
            Place,
            "w[a c] v[b]",
            "w[a c] v[b]",
            "w[a] v[b c]",
        ),
        ("a b c d e", "b c a d e", "b c d e a", Order, "b c a d e", "b c a d e", "b c d e a"),
        ("w[a] v[b]", "v[b w[a]]", "w[a v[b]]", Tangle, "v[b w[a]]", "v[b w[a]]", "w[a v[b]]"),
        ("a", "a n=x", "a n=y", Addition, "a n=x n-2=y", "a n=x", "a n=y"),
    ] {
        let case = format!("{base}|{mine}|{theirs}");
        assert_eq!(outcome(base, mine, theirs), (stands.to_owned(), vec![about]), "{case}");
        assert_eq!(run(base, mine, theirs, &[Choice::Mine]).0, by_mine, "{case}");
        assert_eq!(run(base, mine, theirs, &[Choice::Theirs]).0, by_theirs, "{case}");
    }
}

#[test]
fn my_bytes_stay_and_theirs_take_my_layout() {
    let base = parse(&flow(&nodes("a b")));
    let mine_text = flow(&nodes("a=x b")).replace("\"ref\": \"b\"", "\"ref\" :  \"b\"");
    let mut mine = parse(&mine_text);
    let theirs = parse(&flow(&nodes("a b=6 w[t u]")));
    let value = theirs.to_json(theirs.root());
    let theirs = parse(&value.to_string());
    let merged = merge(&base, &mut mine, &theirs, &BTreeMap::new());
    assert_eq!(merged.conflicts, []);
    let expected = mine_text.replace(
        "\"ref\" :  \"b\", \"spec\": { \"jobId\": \"job\" } }",
        "\"ref\" :  \"b\", \"spec\": { \"jobId\": \"6\" } },
      {
        \"kind\": \"Workflow\",
        \"ref\": \"w\",
        \"spec\": {
          \"type\": \"parallel\",
          \"steps\": [
            {
              \"kind\": \"JobRun\",
              \"ref\": \"t\",
              \"spec\": {
                \"jobId\": \"job\"
              }
            },
            {
              \"kind\": \"JobRun\",
              \"ref\": \"u\",
              \"spec\": {
                \"jobId\": \"job\"
              }
            }
          ]
        }
      }",
    );
    assert_eq!(mine.text(), expected);
    mine.apply(&merged.changes.inverse()).unwrap();
    assert_eq!(mine.text(), mine_text);
}

#[test]
fn conflicts_speak_plainly() {
    let said = |base: &str, mine: &str, theirs: &str| {
        let (_, merged) = run(base, mine, theirs, &[]);
        merged
            .conflicts
            .into_iter()
            .map(|conflict| conflict.sentence)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        said("a=old", "a=x", "a=y"),
        "Run job x: Job is x in your version and y in the other; it was old."
    );
    assert_eq!(
        said("w[a] b", "w[a m=new] b", "b"),
        "The other version removed Parallel workflow w; your version added Run job new inside it. \
         Until you decide, it stays."
    );
    assert_eq!(
        said("w[a] v[b] c=c", "w[a c=c] v[b]", "w[a] v[b c=c]"),
        "Your version moved Run job c to Parallel workflow w, the other version to Parallel workflow v."
    );
    assert_eq!(
        said("w[a] v[b]", "v[b w[a]]", "w[a v[b]]"),
        "Your version moved Parallel workflow w, the other version Parallel workflow v: together, \
         they would stand inside each other."
    );
    assert_eq!(
        said("a", "a n=x", "a n=y"),
        "Both versions added something with the ref `n`, but not the same. Until you decide, both \
         stay, and the other version's gets another ref."
    );
}

#[test]
fn settings_triggers_and_teardown_merge_too() {
    let document = |arguments: &str, triggers: &str, rest: &str| {
        format!(
            r#"{{"arguments":{arguments},"triggers":{triggers}{rest},"spec":{{"kind":"Workflow","spec":{{"steps":[]}}}}}}"#
        )
    };
    let app = r#"{"ref":"app","repoUrl":"u","branchRestrictions":["main"]}"#;
    let base = parse(&document(r#"{"A":1,"B":1,"C":1}"#, &format!("[{app}]"), ""));
    let mut mine = parse(&document(
        r#"{"A":2,"B":1,"D":1}"#,
        r#"[{"ref":"app","repoUrl":"u","branchRestrictions":["main","mine"]}]"#,
        "",
    ));
    let theirs = parse(&document(
        r#"{"A":1,"B":3,"C":1,"E":1e1}"#,
        r#"[{"repoUrl":"other"},{"ref":"app","repoUrl":"u","branchRestrictions":["main","theirs"],"ignoreDrafts":true}]"#,
        r#","options":{"paused":true},"teardownSpec":{"failurePolicy":"block","spec":{"kind":"Workflow","spec":{"steps":["x"]}}}"#,
    ));
    let merged = merge(&base, &mut mine, &theirs, &BTreeMap::new());
    assert_eq!(merged.conflicts, []);
    let expected = document(
        r#"{"A":2,"B":3,"D":1,"E":1e1}"#,
        r#"[{"repoUrl":"other"},{"ref":"app","repoUrl":"u","branchRestrictions":["main","mine","theirs"],"ignoreDrafts":true}]"#,
        r#","options":{"paused":true},"teardownSpec":{"failurePolicy":"block","spec":{"kind":"Workflow","spec":{"steps":["x"]}}}"#,
    );
    let (expected, result) = (parse(&expected), mine);
    assert!(super::laws::same_meaning(&result, &expected), "{}", result.text());
    assert!(result.text().contains("1e1"));
}

#[test]
fn another_kind_of_node_is_no_place_for_the_old_ones_members() {
    let node = |kind: &str, spec: &str| {
        parse(&flow(&format!(r#"{{"kind":"{kind}","ref":"a","spec":{spec}}}"#)))
    };
    let base = node("JobRun", r#"{"jobId":"one"}"#);
    let mut mine = node("Build", r#"{"id":"one"}"#);
    let theirs = node("JobRun", r#"{"jobId":"one","projectId":"p"}"#);
    let before = mine.text();
    let merged = merge(&base, &mut mine, &theirs, &BTreeMap::new());
    assert_eq!(merged.conflicts.len(), 1);
    assert_eq!(merged.conflicts[0].pointer, "");
    assert_eq!(mine.text(), before);
    merge(&base, &mut mine, &theirs, &BTreeMap::from([(0, Choice::Theirs)]));
    assert!(super::laws::same_meaning(&mine, &theirs));
}
