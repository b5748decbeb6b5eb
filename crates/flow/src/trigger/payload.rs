//! What Git services send when something is pushed or a pull request changes, read into an
//! [`Event`]: GitHub (and servers that speak like it), GitLab, Bitbucket, Azure DevOps.
//!
//! May import: nothing of ours but the events.

use serde_json::Value;

use super::{Action, Commit, Event, Files, PullRequest, Push};

/// A longer list of commits is cut off by the services that say how many there are.
const GITLAB_COMMITS: usize = 20;

/// What was read, and what could not be told from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub event: Event,
    /// Who sends such texts: "GitHub".
    pub service: &'static str,
    /// What the service doesn't tell, in sentences.
    pub unknown: Vec<&'static str>,
}

const NO_FILES: &str = "The service doesn't say which files changed.";
const NO_MESSAGE: &str = "The service doesn't send the message of the newest commit.";

/// Reads the body of a call that a Git service makes.
///
/// # Errors
/// A sentence for the person who pasted the text.
pub fn read_payload(text: &str) -> Result<Read, String> {
    let body: Value =
        serde_json::from_str(text).map_err(|error| format!("This isn't JSON: {error}."))?;
    if !body.is_object() {
        return Err("This is no call of a Git service: that is an object in braces.".to_owned());
    }
    let at = |pointer: &str| body.pointer(pointer).is_some_and(|value| !value.is_null());
    match text_at(&body, "/object_kind") {
        "push" | "tag_push" => return gitlab_push(&body),
        "merge_request" => return gitlab_request(&body),
        _ => {}
    }
    match text_at(&body, "/eventType") {
        "git.push" => return azure_push(&body),
        "git.pullrequest.created" => return azure_request(&body, Action::Opened),
        "git.pullrequest.updated" => return azure_request(&body, Action::Pushed),
        _ => {}
    }
    if at("/push/changes") {
        bitbucket_push(&body)
    } else if at("/pullrequest") {
        bitbucket_request(&body)
    } else if at("/pull_request") {
        github_request(&body)
    } else if at("/ref") && at("/repository") {
        github_push(&body)
    } else {
        Err("This is neither a push nor a pull request as GitHub, GitLab, Bitbucket or Azure \
             DevOps send them."
            .to_owned())
    }
}

fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The first of several places that holds a text.
fn first<'v>(value: &'v Value, pointers: &[&str]) -> &'v str {
    pointers.iter().map(|at| text_at(value, at)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// A number or a text, as text.
fn id_at(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn is_set(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn commit(value: &Value, sha: &str, message: &str) -> Commit {
    Commit { sha: text_at(value, sha).to_owned(), message: text_at(value, message).to_owned() }
}

/// The branch of a `ref`.
fn branch(name: &str) -> Result<String, String> {
    if let Some(tag) = name.strip_prefix("refs/tags/") {
        return Err(format!("The tag `{tag}` was pushed; triggers only wait for branches."));
    }
    let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
    if branch.is_empty() { Err("It names no branch.".to_owned()) } else { Ok(branch.to_owned()) }
}

/// What the commits of a push changed, each file once.
fn files_of(commits: &[Value]) -> Vec<String> {
    let mut files: Vec<String> = commits
        .iter()
        .flat_map(|commit| ["/added", "/modified", "/removed"].map(|at| list(commit, at)))
        .flatten()
        .filter_map(|file| file.as_str().map(str::to_owned))
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

fn github_push(body: &Value) -> Result<Read, String> {
    let mut commits: Vec<Commit> =
        list(body, "/commits").iter().map(|each| commit(each, "/id", "/message")).collect();
    let head = body.pointer("/head_commit").filter(|head| head.is_object());
    if let (true, Some(head), false) = (commits.is_empty(), head, is_set(body, "/deleted")) {
        commits.push(commit(head, "/id", "/message"));
    }
    let push = Push {
        repository: first(body, &["/repository/html_url", "/repository/clone_url"]).to_owned(),
        branch: branch(text_at(body, "/ref"))?,
        commits,
        files: Files::Known(files_of(list(body, "/commits"))),
    };
    Ok(Read { event: Event::Push(push), service: "GitHub", unknown: Vec::new() })
}

fn github_request(body: &Value) -> Result<Read, String> {
    let action = action(
        text_at(body, "/action"),
        &["opened", "reopened", "ready_for_review"],
        &["synchronize"],
    )?;
    let request = PullRequest {
        repository: first(
            body,
            &["/pull_request/base/repo/html_url", "/repository/html_url", "/repository/clone_url"],
        )
        .to_owned(),
        id: id_at(body, "/pull_request/number"),
        branch: branch(text_at(body, "/pull_request/head/ref"))?,
        action,
        draft: is_set(body, "/pull_request/draft"),
        head: commit(body, "/pull_request/head/sha", ""),
        files: Files::Unknown,
    };
    let unknown = vec![NO_MESSAGE, NO_FILES];
    Ok(Read { event: Event::PullRequest(request), service: "GitHub", unknown })
}

/// Opened or pushed to; anything else that happens to a pull request starts nothing.
fn action(word: &str, opened: &[&str], pushed: &[&str]) -> Result<Action, String> {
    if opened.contains(&word) {
        return Ok(Action::Opened);
    }
    if pushed.contains(&word) {
        return Ok(Action::Pushed);
    }
    Err(format!(
        "What happened to the pull request is `{word}`; only one that is opened, or whose branch \
         is pushed to, can start a run."
    ))
}

fn gitlab_push(body: &Value) -> Result<Read, String> {
    let branch = branch(text_at(body, "/ref"))?;
    let sent = list(body, "/commits");
    let commits: Vec<Commit> = sent.iter().map(|each| commit(each, "/id", "/message")).collect();
    let total = body.pointer("/total_commits_count").and_then(Value::as_u64).unwrap_or_default();
    let is_cut = sent.len() >= GITLAB_COMMITS && total > sent.len() as u64;
    let push = Push {
        repository: first(body, &["/project/web_url", "/project/git_http_url"]).to_owned(),
        branch,
        commits,
        files: if is_cut { Files::Unknown } else { Files::Known(files_of(sent)) },
    };
    let unknown = if is_cut {
        vec!["GitLab sends no more than 20 commits, so not every file is known."]
    } else {
        Vec::new()
    };
    Ok(Read { event: Event::Push(push), service: "GitLab", unknown })
}

fn gitlab_request(body: &Value) -> Result<Read, String> {
    let at = |name: &str| format!("/object_attributes/{name}");
    let word = text_at(body, &at("action"));
    // An update without an older commit changed the title, the labels or the like.
    let pushed = !text_at(body, &at("oldrev")).is_empty();
    let action = match word {
        "update" if pushed => Action::Pushed,
        "update" => {
            return Err("Only the words around the merge request were changed, which starts \
                        nothing."
                .to_owned());
        }
        word => action(word, &["open", "reopen"], &[])?,
    };
    let request = PullRequest {
        repository: first(
            body,
            &["/object_attributes/target/web_url", "/project/web_url", "/project/git_http_url"],
        )
        .to_owned(),
        id: id_at(body, &at("iid")),
        branch: branch(text_at(body, &at("source_branch")))?,
        action,
        draft: is_set(body, &at("draft")) || is_set(body, &at("work_in_progress")),
        head: commit(body, &at("last_commit/id"), &at("last_commit/message")),
        files: Files::Unknown,
    };
    Ok(Read { event: Event::PullRequest(request), service: "GitLab", unknown: vec![NO_FILES] })
}

fn bitbucket_push(body: &Value) -> Result<Read, String> {
    let changes = list(body, "/push/changes");
    let Some(change) = changes
        .iter()
        .find(|change| text_at(change, "/new/type") == "branch")
        .or_else(|| changes.first())
    else {
        return Err("The push changes no branch.".to_owned());
    };
    let name = first(change, &["/new/name", "/old/name"]);
    let branch = match text_at(change, "/new/type") {
        "tag" => branch(&format!("refs/tags/{name}"))?,
        _ => branch(name)?,
    };
    // The newest comes first.
    let mut commits: Vec<Commit> = list(change, "/commits")
        .iter()
        .rev()
        .map(|each| commit(each, "/hash", "/message"))
        .collect();
    if commits.is_empty() && change.pointer("/new/target").is_some() {
        commits.push(commit(change, "/new/target/hash", "/new/target/message"));
    }
    let push = Push {
        repository: text_at(body, "/repository/links/html/href").to_owned(),
        branch,
        commits,
        files: Files::Unknown,
    };
    Ok(Read { event: Event::Push(push), service: "Bitbucket", unknown: vec![NO_FILES] })
}

fn bitbucket_request(body: &Value) -> Result<Read, String> {
    let state = text_at(body, "/pullrequest/state");
    if !matches!(state, "" | "OPEN") {
        return Err(format!("The pull request is {}, which starts nothing.", state.to_lowercase()));
    }
    let is_new =
        text_at(body, "/pullrequest/created_on") == text_at(body, "/pullrequest/updated_on");
    let request = PullRequest {
        repository: first(
            body,
            &["/pullrequest/destination/repository/links/html/href", "/repository/links/html/href"],
        )
        .to_owned(),
        id: id_at(body, "/pullrequest/id"),
        branch: branch(text_at(body, "/pullrequest/source/branch/name"))?,
        action: if is_new { Action::Opened } else { Action::Pushed },
        draft: is_set(body, "/pullrequest/draft"),
        head: commit(body, "/pullrequest/source/commit/hash", ""),
        files: Files::Unknown,
    };
    let unknown = vec![NO_MESSAGE, NO_FILES];
    Ok(Read { event: Event::PullRequest(request), service: "Bitbucket", unknown })
}

fn azure_push(body: &Value) -> Result<Read, String> {
    let mut commits: Vec<Commit> = list(body, "/resource/commits")
        .iter()
        .rev()
        .map(|each| commit(each, "/commitId", "/comment"))
        .collect();
    if commits.is_empty() {
        let sha = text_at(body, "/resource/refUpdates/0/newObjectId");
        // Nothing but zeros says that the branch is gone.
        if !sha.trim_matches('0').is_empty() {
            commits.push(Commit { sha: sha.to_owned(), message: String::new() });
        }
    }
    let push = Push {
        repository: text_at(body, "/resource/repository/remoteUrl").to_owned(),
        branch: branch(text_at(body, "/resource/refUpdates/0/name"))?,
        commits,
        files: Files::Unknown,
    };
    Ok(Read { event: Event::Push(push), service: "Azure DevOps", unknown: vec![NO_FILES] })
}

fn azure_request(body: &Value, action: Action) -> Result<Read, String> {
    let status = text_at(body, "/resource/status");
    if !matches!(status, "" | "active") {
        return Err(format!("The pull request is {status}, which starts nothing."));
    }
    let request = PullRequest {
        repository: text_at(body, "/resource/repository/remoteUrl").to_owned(),
        id: id_at(body, "/resource/pullRequestId"),
        branch: branch(text_at(body, "/resource/sourceRefName"))?,
        action,
        draft: is_set(body, "/resource/isDraft"),
        head: commit(
            body,
            "/resource/lastMergeSourceCommit/commitId",
            "/resource/lastMergeSourceCommit/comment",
        ),
        files: Files::Unknown,
    };
    let mut unknown = vec![NO_FILES];
    if request.head.message.is_empty() {
        unknown.insert(0, NO_MESSAGE);
    }
    Ok(Read { event: Event::PullRequest(request), service: "Azure DevOps", unknown })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Read {
        read_payload(&body.to_string()).expect("a call of a Git service")
    }

    fn push(read: Read) -> Push {
        match read.event {
            Event::Push(push) => push,
            Event::PullRequest(request) => panic!("a pull request: {request:?}"),
        }
    }

    fn request(read: Read) -> PullRequest {
        match read.event {
            Event::PullRequest(request) => request,
            Event::Push(push) => panic!("a push: {push:?}"),
        }
    }

    #[test]
    fn a_push_to_github() {
        let body = json!({
            "ref": "refs/heads/feature/cart", "after": "b2", "deleted": false,
            "repository": {"html_url": "https://github.com/acme/shop"},
            "commits": [
                {"id": "a1", "message": "One", "added": ["web/a.ts"], "modified": [], "removed": []},
                {"id": "b2", "message": "Two", "added": [], "modified": ["web/a.ts"], "removed": ["x"]}
            ],
            "head_commit": {"id": "b2", "message": "Two"}
        });
        let read = read(&body);
        assert_eq!((read.service, read.unknown.len()), ("GitHub", 0));
        let push = push(read);
        assert_eq!(push.branch, "feature/cart");
        assert_eq!(push.repository, "https://github.com/acme/shop");
        assert_eq!(push.commits.iter().map(|it| it.sha.as_str()).collect::<Vec<_>>(), ["a1", "b2"]);
        assert_eq!(push.files, Files::Known(vec!["web/a.ts".to_owned(), "x".to_owned()]));
    }

    #[test]
    fn a_new_branch_at_an_old_commit_brings_that_commit_and_a_deleted_one_none() {
        let body = |deleted: bool| {
            json!({"ref": "refs/heads/new", "deleted": deleted, "repository": {}, "commits": [],
                "head_commit": {"id": "a1", "message": "Old"}})
        };
        assert_eq!(push(read(&body(false))).commits.len(), 1);
        assert!(push(read(&body(true))).commits.is_empty());
    }

    #[test]
    fn pull_requests_of_github_are_opened_pushed_to_or_nothing() {
        let body = |action: &str| {
            json!({"action": action, "number": 7, "pull_request": {"number": 7, "draft": true,
                "head": {"ref": "feature/cart", "sha": "a1"}, "base": {"ref": "main",
                "repo": {"html_url": "https://github.com/acme/shop"}}}})
        };
        let opened = request(read(&body("opened")));
        assert_eq!((opened.id.as_str(), opened.draft, opened.action), ("7", true, Action::Opened));
        assert_eq!(opened.branch, "feature/cart");
        assert_eq!(request(read(&body("synchronize"))).action, Action::Pushed);
        let closed = read_payload(&body("closed").to_string()).expect_err("starts nothing");
        assert!(closed.contains("`closed`"), "{closed}");
    }

    #[test]
    fn gitlab_pushes_and_merge_requests() {
        let commits: Vec<Value> = (0..20)
            .map(|it| json!({"id": it.to_string(), "message": "", "added": ["a"]}))
            .collect();
        let body = |total: usize| {
            json!({"object_kind": "push", "ref": "refs/heads/main", "project":
                {"web_url": "https://gitlab.com/acme/shop"}, "commits": commits,
                "total_commits_count": total})
        };
        assert_eq!(push(read(&body(20))).files, Files::Known(vec!["a".to_owned()]));
        assert_eq!(push(read(&body(21))).files, Files::Unknown);
        let body = |action: &str, oldrev: Value| {
            json!({"object_kind": "merge_request", "project":
                {"web_url": "https://gitlab.com/acme/shop"}, "object_attributes": {"iid": 3,
                "source_branch": "cart", "action": action, "oldrev": oldrev, "draft": false,
                "last_commit": {"id": "a1", "message": "Cart [skip ci]"}}})
        };
        let opened = request(read(&body("open", Value::Null)));
        assert_eq!((opened.id.as_str(), opened.head.message.as_str()), ("3", "Cart [skip ci]"));
        assert_eq!(request(read(&body("update", json!("a0")))).action, Action::Pushed);
        assert!(read_payload(&body("update", Value::Null).to_string()).is_err());
        assert!(read_payload(&body("merge", Value::Null).to_string()).is_err());
    }

    #[test]
    fn bitbucket_pushes_and_pull_requests() {
        let body = json!({"repository": {"links": {"html": {"href": "https://bitbucket.org/acme/shop"}}},
            "push": {"changes": [{"new": {"type": "branch", "name": "main", "target": {"hash": "b2"}},
            "commits": [{"hash": "b2", "message": "Two"}, {"hash": "a1", "message": "One"}]}]}});
        let read_push = read(&body);
        assert_eq!(read_push.unknown, [NO_FILES]);
        assert_eq!(push(read_push).commits.last().map(|it| it.sha.as_str()), Some("b2"));
        let tag = json!({"push": {"changes": [{"new": {"type": "tag", "name": "v1"}}]}});
        assert!(read_payload(&tag.to_string()).is_err());
        let body = json!({"pullrequest": {"id": 9, "state": "OPEN", "created_on": "1", "updated_on": "2",
            "source": {"branch": {"name": "cart"}, "commit": {"hash": "a1"}}}, "repository": {}});
        let found = request(read(&body));
        assert_eq!((found.id.as_str(), found.action), ("9", Action::Pushed));
    }

    #[test]
    fn azure_pushes_and_pull_requests() {
        let body = json!({"eventType": "git.push", "resource": {"refUpdates": [
            {"name": "refs/heads/main", "newObjectId": "0000"}], "repository":
            {"remoteUrl": "https://dev.azure.com/acme/shop/_git/shop"}}});
        assert!(push(read(&body)).commits.is_empty());
        let body = json!({"eventType": "git.pullrequest.updated", "resource": {"pullRequestId": 4,
            "status": "active", "isDraft": true, "sourceRefName": "refs/heads/cart",
            "lastMergeSourceCommit": {"commitId": "a1"}}});
        let found = request(read(&body));
        assert!(found.draft && found.branch == "cart" && found.id == "4", "{found:?}");
    }

    #[test]
    fn anything_else_is_told_in_a_sentence() {
        for text in [
            "",
            "no",
            "[]",
            "{}",
            r#"{"ref": "refs/tags/v1", "repository": {}}"#,
            r#"{"ref": 3, "repository": {}}"#,
            r#"{"push": {"changes": []}}"#,
            r#"{"pullrequest": {"state": "MERGED"}}"#,
            r#"{"pull_request": 1}"#,
        ] {
            let sentence = read_payload(text).expect_err(text);
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
