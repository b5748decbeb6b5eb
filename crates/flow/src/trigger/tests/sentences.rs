//! Every sentence, as a table: `sentences.txt` beside this file. With `UPDATE_SENTENCES` in the
//! environment it is written anew; read the difference.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};

use super::super::*;

/// A trigger for main and feature branches, with these members too.
fn flow(more: &Value, options: &Value) -> Document {
    let mut trigger = json!({
        "ref": "git", "vcsService": "github", "repoUrl": "https://github.com/acme/shop",
        "branchRestrictions": ["main", "feature/*"], "prRestrictions": ["fix-*"],
    });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        trigger[&name] = value;
    }
    let document = json!({ "apiVersion": "v1.2", "triggers": [trigger], "options": options });
    Document::parse(&document.to_string()).expect("valid JSON")
}

fn push(branch: &str, messages: &[&str], files: &[&str]) -> Event {
    let commit = |(index, message): (usize, &&str)| Commit {
        sha: format!("{index}").repeat(40),
        message: (*message).to_owned(),
    };
    Event::Push(Push {
        repository: "https://github.com/acme/shop.git".to_owned(),
        branch: branch.to_owned(),
        commits: messages.iter().enumerate().map(commit).collect(),
        files: Files::Known(files.iter().map(|file| (*file).to_owned()).collect()),
    })
}

fn request(branch: &str, action: Action, draft: bool, message: &str) -> Event {
    Event::PullRequest(PullRequest {
        repository: "github.com/acme/shop".to_owned(),
        id: "17".to_owned(),
        branch: branch.to_owned(),
        action,
        draft,
        head: Commit { sha: "a".repeat(40), message: message.to_owned() },
        files: Files::Unknown,
    })
}

fn elsewhere(repository: &str) -> Event {
    let Event::Push(push) = push("main", &["Work"], &["a"]) else { unreachable!() };
    Event::Push(Push { repository: repository.to_owned(), ..push })
}

fn unknown_files() -> Event {
    let Event::Push(push) = push("main", &["Work"], &[]) else { unreachable!() };
    Event::Push(Push { files: Files::Unknown, ..push })
}

fn table() -> String {
    let mut table = String::new();
    let mut row = |title: &str, answer: Answer| {
        writeln!(table, "# {title}").expect("a string");
        let reasons = answer.triggers.iter().flat_map(|it| &it.reasons).chain(&answer.flow);
        for Reason { rule, passes, pointer, sentence } in reasons {
            let word = if *passes { "yes" } else { "no " };
            writeln!(table, "  {word} {rule:?} {pointer}: {sentence}").expect("a string");
        }
        let status = match &answer.outcome {
            Outcome::Run(..) => String::new(),
            Outcome::Nothing(nothing) => format!(" [{nothing:?}, {}]", nothing.status()),
        };
        writeln!(table, "  => {}{status}\n", answer.sentence()).expect("a string");
    };
    let alone = Standing::default();
    let none = || json!({});
    let mut git = |title: &str, more: Value, event: Event| {
        row(title, git_event(&flow(&more, &none()), &event, alone));
    };
    let work = |files: &[&str]| push("main", &["Work"], files);

    git("a push to a branch of the list", none(), work(&["a"]));
    git("a push to a branch of a pattern", none(), push("feature/a/b", &["Work"], &["a"]));
    git("a push to another branch", none(), push("devel", &["Work"], &["a"]));
    git("one branch rule", json!({"branchRestrictions": ["x"]}), work(&["a"]));
    git("no branch rule", json!({"branchRestrictions": []}), work(&["a"]));
    git("another repository", none(), elsewhere("https://github.com/acme/blog"));
    git("the same but for capitals", none(), elsewhere("https://github.com/Acme/shop"));
    git("a trigger without repository", json!({"repoUrl": null}), work(&["a"]));
    git("a branch was deleted", none(), push("main", &[], &["a"]));

    let opened = |draft| request("fix-1", Action::Opened, draft, "Work");
    git("a pull request", none(), opened(false));
    git("a pull request from another branch", none(), request("y", Action::Pushed, false, "Work"));
    git("no rule, pull request", json!({"prRestrictions": []}), opened(false));
    let pushed = request("y", Action::Pushed, false, "Work");
    git("no rule, push to a pull request", json!({"prRestrictions": null}), pushed);
    git("a draft", none(), opened(true));
    git("drafts are ignored", json!({"ignoreDrafts": true}), opened(true));
    git("drafts are ignored, this is none", json!({"ignoreDrafts": true}), opened(false));

    let on = |more: Value| {
        let mut more = more;
        more["ciIgnoreFlagsEnabled"] = json!(true);
        more
    };
    let flagged = || push("main", &["Work", "Docs [no ci]", "More"], &["a"]);
    git("a flag, not switched on", none(), flagged());
    git("a flag of the default list", on(none()), flagged());
    git("a flag of an own list", on(json!({"ciIgnoreFlags": ["", "zz", "Docs"]})), flagged());
    git("an own list without it", on(json!({"ciIgnoreFlags": ["zz"]})), flagged());
    let head = request("fix-1", Action::Pushed, false, "Work [skip ci]");
    git("a flag in a pull request's newest commit", on(none()), head);

    let ignore = |rules: &[&str]| json!({ "pathIgnoreRules": rules });
    let allow = |rules: &[&str]| json!({ "pathIgnoreRules": rules, "isAllowList": true });
    git("a file that isn't ignored", ignore(&["*.md", "docs/"]), work(&["a.md", "src/a.rs"]));
    git("the only file is ignored", ignore(&["*.md", "docs/"]), work(&["docs/x/a.rs"]));
    git("all files are ignored", ignore(&["*.md", "docs/"]), work(&["a.md", "docs/b", "/c.md"]));
    git("a file taken in again", ignore(&["*.md", "!/README.md"]), work(&["a.md", "README.md"]));
    git("a file that is allowed", allow(&["src/", "*.toml"]), work(&["a.md", "Cargo.toml"]));
    git("the only file isn't allowed", allow(&["src/"]), work(&["a.md"]));
    git("no file is allowed", allow(&["src/*", "!src/old/"]), work(&["a.md", "src/old/x"]));
    git("an empty allow list", allow(&[]), work(&["a.md"]));
    git("no file changed", ignore(&["*.md"]), work(&[]));
    git("unknown files", ignore(&["*.md"]), unknown_files());
    let stars = "*a".repeat(130);
    let long = "a".repeat(4_000) + "b";
    git("too much to compare", ignore(&[stars.as_str(); 200]), work(&[&long]));

    let busy = Standing { active: 1, queued: 2 };
    for (options, standing) in [
        (json!({"paused": true, "concurrencyPolicy": "forbid"}), busy),
        (json!({}), Standing { active: 2, queued: 0 }),
        (json!({"concurrencyPolicy": "queue"}), busy),
        (json!({"concurrencyPolicy": "forbid"}), busy),
        (json!({"concurrencyPolicy": "forbid"}), alone),
        (json!({"concurrencyPolicy": "latest"}), Standing { active: 0, queued: 1 }),
        (json!({"concurrencyPolicy": "latest"}), busy),
        (json!({"concurrencyPolicy": "replace"}), busy),
        (json!({"concurrencyPolicy": "perhaps"}), alone),
    ] {
        let title =
            format!("{options} with {} active, {} queued", standing.active, standing.queued);
        row(&title, webhook_call(&flow(&none(), &options), "tag=1", standing));
    }
    let paused = flow(&none(), &json!({"paused": true}));
    row("a push while paused", git_event(&paused, &push("devel", &["Work"], &["a"]), alone));

    let mut call = |title: &str, query: &str| {
        row(title, webhook_call(&flow(&none(), &none()), query, alone));
    };
    call("a call without parameters", "");
    call("a call for a trigger that isn't there", "web.branch=x&git.branch=y");
    call("a call with names that can't be", "name=1st+run&description=a%3Db");
    call("a call in another encoding", "a=%FF&b=1");
    call("a parameter without name", "=1");
    call("a call that is too long", &"x".repeat(MAX_QUERY_BYTES + 1));
    table
}

#[test]
fn every_sentence_is_as_written_down() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/trigger/tests/sentences.txt");
    let found = table();
    if std::env::var_os("UPDATE_SENTENCES").is_some() {
        fs::write(&file, &found).expect("the file can be written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "sentences differ from {}:\n{found}", file.display());
}
