//! Lists that must be asked for: branches, commits, pull requests and builds. Asked when a picker
//! opens, kept for the next time, with when they were read.

use leptos::prelude::*;
use slipway_api::resource::{BranchRow, BuildRow, CommitRow, PullRequestRow};
use slipway_flow::{
    document::Key,
    form::{Listed, listed},
    kinds::{self, Field},
};

use super::suggest::Resources;
use crate::{
    client::{Client, ClientError, use_client, use_tasks},
    state::document::EditorHandle,
    ui::{
        Asked, Offer, Offers,
        time::{ago, now, parse, wall_clock},
    },
};

/// What was read, of which service.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    of: (String, Listed),
    offers: Offers,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

/// How the asking for a field's list goes.
#[derive(Clone, Copy)]
pub(super) struct List {
    read: RwSignal<Option<Read>>,
    says: RwSignal<String>,
}

impl List {
    /// What has been read, for the choices.
    pub(super) fn offers(self) -> Option<Offers> {
        self.read.with(|read| read.as_ref().map(|read| read.offers.clone()))
    }
}

/// The list that feeds a field, where there is one, and how to ask for it.
pub(super) fn list_of(
    editor: EditorHandle,
    node: Key,
    field: Field,
    resources: Signal<Resources>,
) -> Option<(List, Asked)> {
    let wanted = move || {
        editor.read_untracked(|document| {
            let kind = kinds::of(document, node)?;
            listed(document, node, kind.fields, &field)
        })
    };
    // Which field has a list doesn't change with what the form says.
    wanted().is_some().then_some(())?;
    let list = List { read: RwSignal::new(None), says: RwSignal::new(String::new()) };
    let (client, tasks) = (use_client(), use_tasks());
    let ask = move |anew: bool| {
        let of = match wanted() {
            Some(Ok(of)) => of,
            Some(Err(why)) => {
                list.read.set(None);
                list.says.set(why.to_owned());
                return;
            }
            None => return,
        };
        let known = list.read.with_untracked(|read| read.as_ref().is_some_and(|it| it.of == of));
        if known && !anew {
            return;
        }
        if !known {
            list.read.set(None);
        }
        list.says.set("Reading…".to_owned());
        let project = resources.with_untracked(|resources| resources.project.clone());
        tasks.spawn(async move {
            match fetch(client, &project, &of.0, &of.1).await {
                Ok(offers) => {
                    let at = now();
                    list.says.set(format!("Read at {}.", wall_clock(at)));
                    list.read.set(Some(Read { of, offers, at }));
                }
                Err(error) => list.says.set(match list.read.get_untracked() {
                    Some(read) => {
                        format!("{error} Shown is what was read at {}.", wall_clock(read.at))
                    }
                    None => error.to_string(),
                }),
            }
        });
    };
    let asked = Asked {
        open: Callback::new(move |()| ask(false)),
        says: list.says.into(),
        again: Callback::new(move |()| ask(true)),
    };
    Some((list, asked))
}

async fn fetch(
    client: Client,
    project: &str,
    service: &str,
    listed: &Listed,
) -> Result<Offers, ClientError> {
    let (title, offers) = match listed {
        Listed::Branches => {
            let mut rows = client.branches(project, service).await?;
            // The one that was worked on last is the likeliest.
            rows.sort_by_key(|row| std::cmp::Reverse(row.commit.date.as_deref().and_then(parse)));
            (format!("Branches of {service}"), rows.into_iter().map(branch).collect())
        }
        Listed::Commits(name) => {
            let rows = client.commits(project, service, name).await?;
            (format!("Newest commits of {name}"), rows.into_iter().map(commit).collect())
        }
        Listed::PullRequests => {
            let rows = client.pull_requests(project, service).await?;
            (format!("Pull requests of {service}"), rows.into_iter().map(pull_request).collect())
        }
        Listed::Builds => {
            let rows = client.builds(project, service).await?;
            (format!("Newest builds of {service}"), rows.into_iter().map(build).collect())
        }
    };
    Ok(Offers { title, barred: None, offers })
}

fn branch(row: BranchRow) -> Offer {
    let message = row.commit.message.clone().unwrap_or_default();
    Offer { value: row.name, name: message, detail: commit_words(&row.commit), ..Offer::default() }
}

fn commit(row: CommitRow) -> Offer {
    let detail = joined([Some(row.author.login.clone()), age(row.date.as_deref())]);
    Offer { short: short(&row.sha), name: row.message.unwrap_or_default(), detail, value: row.sha }
}

fn pull_request(row: PullRequestRow) -> Offer {
    let branches =
        (!row.source.is_empty()).then(|| format!("{} → {}", row.source, row.destination));
    let state = (row.state != "UNKNOWN").then(|| words(&row.state));
    let detail = joined([state, branches, Some(short(&row.sha))]);
    Offer { value: row.id.to_string(), name: row.title, detail, ..Offer::default() }
}

fn build(row: BuildRow) -> Offer {
    let name = joined([row.branch, row.sha.as_deref().map(short)]);
    let detail = joined([row.status.as_deref().map(words), age(row.created_at.as_deref())]);
    Offer { value: row.id, name, detail, ..Offer::default() }
}

fn commit_words(commit: &CommitRow) -> String {
    let author = Some(commit.author.login.clone());
    joined([Some(short(&commit.sha)), author, age(commit.date.as_deref())])
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn short(sha: &str) -> String {
    sha.chars().take(8).collect()
}

/// How long ago; the date where that is long.
fn age(date: Option<&str>) -> Option<String> {
    let date = date?;
    let at = parse(date)?;
    Some(ago(at, now()).unwrap_or_else(|| date.chars().take(10).collect()))
}

/// The vendor's word for people: `SUBMISSION_FAILURE` is "Submission failure".
fn words(word: &str) -> String {
    let mut text = word.to_lowercase().replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{joined, short, words};

    #[test]
    fn words_for_people() {
        assert_eq!(words("SUBMISSION_FAILURE"), "Submission failure");
        assert_eq!(short(&"a1b2c3d4".repeat(5)), "a1b2c3d4");
        let parts = [Some("main".to_owned()), None, Some(String::new()), Some("x".to_owned())];
        assert_eq!(joined(parts), "main · x");
    }
}
