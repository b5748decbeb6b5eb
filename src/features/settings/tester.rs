//! "Try it": a push, a pull request or a webhook call, and what the flow as it is on the screen
//! would do about it, rule by rule. Nothing is sent anywhere.

use leptos::prelude::*;
use slipway_flow::{
    document::Document,
    trigger::{
        Action, Answer, Commit, Event, Example, Files, PullRequest, Push, Standing,
        WEBHOOK_ADDRESS, argument_call, example, git_event, read_payload, refs, trigger_call,
        webhook_call,
    },
};

use super::{Desk, verdict};
use crate::ui::{Button, Checkbox, Choice, Select, TextArea, TextField};

/// What is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum What {
    #[default]
    Push,
    PullRequest,
    Call,
}

impl What {
    const ALL: [Self; 3] = [Self::Push, Self::PullRequest, Self::Call];

    const fn word(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::PullRequest => "pull-request",
            Self::Call => "call",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Push => "A push",
            Self::PullRequest => "A pull request",
            Self::Call => "A call of the webhook",
        }
    }
}

/// What the form calls what both sorts of Git events have.
struct GitWords {
    repository: &'static str,
    branch: &'static str,
    branch_help: &'static str,
    commits: &'static str,
    commits_help: &'static str,
}

impl GitWords {
    const fn of(what: What) -> Self {
        match what {
            What::PullRequest => Self {
                repository: "Pull request to repository",
                branch: "From branch",
                branch_help: "The pull request's own branch. Into which one it would be merged makes no difference to triggers.",
                commits: "Newest commit",
                commits_help: "As git log --oneline writes it: the commit, then its message.",
            },
            What::Push | What::Call => Self {
                repository: "Pushed to repository",
                branch: "Pushed to branch",
                branch_help: "The branch that has the commits now.",
                commits: "Commits",
                commits_help: "One a line, the newest last, as git log --oneline writes them: the commit, then its message.",
            },
        }
    }
}

/// How many other runs there are, as the form offers it.
const STANDINGS: [(&str, &str, Standing); 3] = [
    ("none", "No other run is active", Standing { active: 0, queued: 0 }),
    ("active", "One run is active", Standing { active: 1, queued: 0 }),
    ("waiting", "One run is active, and one waits", Standing { active: 1, queued: 1 }),
];

/// What was typed. It stays while other sections are open.
#[derive(Clone, Copy)]
pub(super) struct Trial {
    what: RwSignal<What>,
    repository: RwSignal<String>,
    branch: RwSignal<String>,
    /// One a line: the commit, and its message.
    commits: RwSignal<String>,
    files: RwSignal<String>,
    files_known: RwSignal<bool>,
    id: RwSignal<String>,
    action: RwSignal<Action>,
    draft: RwSignal<bool>,
    address: RwSignal<String>,
    standing: RwSignal<&'static str>,
    pasted: RwSignal<String>,
    /// What was made of the pasted text: a remark, or what is wrong with it.
    remark: RwSignal<Option<Result<String, String>>>,
    begun: RwSignal<bool>,
}

impl Trial {
    pub(super) fn new() -> Self {
        Self {
            what: RwSignal::new(What::default()),
            repository: RwSignal::new(String::new()),
            branch: RwSignal::new(String::new()),
            commits: RwSignal::new(String::new()),
            files: RwSignal::new(String::new()),
            files_known: RwSignal::new(true),
            id: RwSignal::new(String::new()),
            action: RwSignal::new(Action::Opened),
            draft: RwSignal::new(false),
            address: RwSignal::new(String::new()),
            standing: RwSignal::new(STANDINGS[0].0),
            pasted: RwSignal::new(String::new()),
            remark: RwSignal::new(None),
            begun: RwSignal::new(false),
        }
    }

    /// Fills the form in.
    fn fill(self, event: Event) {
        self.begun.set(true);
        let (repository, branch, commits, files) = match event {
            Event::Push(push) => {
                self.what.set(What::Push);
                (push.repository, push.branch, push.commits, push.files)
            }
            Event::PullRequest(request) => {
                self.what.set(What::PullRequest);
                self.id.set(request.id);
                self.action.set(request.action);
                self.draft.set(request.draft);
                (request.repository, request.branch, vec![request.head], request.files)
            }
        };
        self.repository.set(repository);
        self.branch.set(branch);
        self.commits.set(commits.iter().map(line_of).collect::<Vec<_>>().join("\n"));
        let (known, files) = match files {
            Files::Known(files) => (true, files),
            Files::Unknown => (false, Vec::new()),
        };
        self.files_known.set(known);
        self.files.set(files.join("\n"));
    }

    fn call(self, address: String) {
        self.begun.set(true);
        self.what.set(What::Call);
        self.address.set(address);
    }

    /// What was pasted fills the form in, or says why not.
    fn paste(self, text: String) {
        let trimmed = text.trim().to_owned();
        self.pasted.set(text);
        if trimmed.is_empty() {
            return self.remark.set(None);
        }
        if !trimmed.starts_with(['{', '[']) {
            self.remark.set(Some(Ok("Read as a call of the webhook.".to_owned())));
            return self.call(trimmed);
        }
        match read_payload(&trimmed) {
            Ok(read) => {
                let what = match read.event {
                    Event::Push(_) => "a push",
                    Event::PullRequest(_) => "a pull request",
                };
                let mut remark = format!("Read as {what} from {}.", read.service);
                for sentence in &read.unknown {
                    remark.push(' ');
                    remark.push_str(sentence);
                }
                self.remark.set(Some(Ok(remark)));
                self.fill(read.event);
            }
            Err(sentence) => self.remark.set(Some(Err(sentence))),
        }
    }

    fn files(self) -> Files {
        if !self.files_known.get() {
            return Files::Unknown;
        }
        Files::Known(self.files.with(|text| lines(text).map(str::to_owned).collect()))
    }

    fn event(self) -> Event {
        let commits: Vec<Commit> = self.commits.with(|text| lines(text).map(commit_of).collect());
        let (repository, branch) = (self.repository.get(), self.branch.get());
        if self.what.get() == What::PullRequest {
            let head = commits.into_iter().next_back();
            return Event::PullRequest(PullRequest {
                repository,
                id: self.id.get(),
                branch,
                action: self.action.get(),
                draft: self.draft.get(),
                head: head.unwrap_or_else(|| commit_of("")),
                files: self.files(),
            });
        }
        Event::Push(Push { repository, branch, commits, files: self.files() })
    }

    fn standing(self) -> Standing {
        let word = self.standing.get();
        let found = STANDINGS.iter().find(|(known, ..)| *known == word);
        found.map_or_else(Standing::default, |(.., standing)| *standing)
    }

    /// What would come of it; none before anything was said.
    fn answer(self, document: &Document) -> Option<Answer> {
        if !self.begun.get() {
            return None;
        }
        let standing = self.standing();
        Some(match self.what.get() {
            What::Push | What::PullRequest => git_event(document, &self.event(), standing),
            What::Call => webhook_call(document, &self.address.get(), standing),
        })
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// As `git log --oneline` writes it.
fn line_of(commit: &Commit) -> String {
    let message = commit.message.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{} {message}", commit.sha).trim().to_owned()
}

/// A line that begins with a commit's name, or a message alone.
fn commit_of(line: &str) -> Commit {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let is_sha = (7..=64).contains(&first.len()) && first.bytes().all(|it| it.is_ascii_hexdigit());
    if is_sha {
        return Commit { sha: first.to_owned(), message: rest.to_owned() };
    }
    Commit { sha: "0".repeat(40), message: line.to_owned() }
}

pub(super) fn view(desk: Desk) -> AnyView {
    let trial = desk.state.trial;
    let answer = Memo::new(move |_| desk.editor.read(|document| trial.answer(document)));
    view! {
        {examples(desk)}
        <details class="field-group settings-paste">
            <summary>"Paste what a Git service or a caller sends"</summary>
            <TextArea
                label="What was sent"
                help="The body of a push or pull request as GitHub, GitLab, Bitbucket or Azure DevOps send it, or the address of a webhook call. It fills in the form below and goes nowhere."
                mono=true
                rows=4
                value=trial.pasted
                on_input=move |text: String| trial.paste(text)
                error=Signal::derive(move || trial.remark.get().and_then(Result::err))
            />
            <p class="field-help" role="status">
                {move || trial.remark.get().and_then(Result::ok)}
            </p>
        </details>
        <div class="settings-trying">
        <div>{form(trial)}</div>
        <section class="settings-verdict" aria-labelledby="settings-verdict-title">
            <h3 id="settings-verdict-title">"What would happen"</h3>
            {move || match answer.get() {
                Some(answer) => verdict::view(desk, &answer, trial.what.get() == What::Call),
                None => {
                    view! {
                        <p class="settings-empty">
                            "Begin with an example, paste something, or fill in the form."
                        </p>
                    }
                        .into_any()
                }
            }}
        </section>
        </div>
    }
    .into_any()
}

fn examples(desk: Desk) -> impl IntoView {
    let trial = desk.state.trial;
    let of = [
        (Example::Push, "A push that should start a run"),
        (Example::LeftOut, "A push of files that are left out"),
        (Example::Draft, "A draft pull request"),
    ];
    let button = move |(of, label): (Example, &'static str)| {
        let begin = move |_| {
            trial.fill(desk.editor.read_untracked(|document| example(document, of)));
        };
        view! { <Button on_click=Callback::new(begin)>{label}</Button> }
    };
    let call = move |_| {
        trial.call(desk.editor.read_untracked(|document| {
            let of_trigger = refs(document).first().map(|name| trigger_call(document, name));
            let parts = of_trigger.into_iter().chain([argument_call(document)]);
            format!("{WEBHOOK_ADDRESS}TOKEN?{}", parts.collect::<Vec<_>>().join("&"))
        }));
    };
    view! {
        <div class="settings-examples" role="group" aria-label="Examples">
            {of.map(button).collect_view()}
            <Button on_click=Callback::new(call)>"A webhook call"</Button>
        </div>
    }
}

fn form(trial: Trial) -> impl IntoView {
    let typed = move |field: RwSignal<String>| {
        move |text: String| {
            trial.begun.set(true);
            field.set(text);
        }
    };
    let words = What::ALL.map(|what| Choice::new(what.word(), what.label()));
    let standings = STANDINGS.map(|(word, label, _)| Choice::new(word, label));
    view! {
        <div class="node-form settings-trial">
            <Select
                label="What comes in"
                value=Signal::derive(move || trial.what.get().word().to_owned())
                choices=Signal::stored(words.to_vec())
                on_change=move |word: String| {
                    let what = What::ALL.into_iter().find(|what| what.word() == word);
                    trial.what.set(what.unwrap_or_default());
                }
            />
            {move || match trial.what.get() {
                What::Call => {
                    view! {
                        <TextField
                            label="Address of the call"
                            help="With its query, or the query alone: main%2Ebranch=main&IMAGE_TAG=1.4."
                            mono=true
                            value=trial.address
                            on_input=typed(trial.address)
                        />
                    }
                        .into_any()
                }
                what @ (What::Push | What::PullRequest) => {
                    let words = GitWords::of(what);
                    view! {
                        <TextField
                            label=words.repository
                            mono=true
                            value=trial.repository
                            on_input=typed(trial.repository)
                        />
                        <TextField
                            label=words.branch
                            help=words.branch_help
                            mono=true
                            value=trial.branch
                            on_input=typed(trial.branch)
                        />
                        {(what == What::PullRequest).then(|| request_fields(trial))}
                        <TextArea
                            label=words.commits
                            help=words.commits_help
                            mono=true
                            rows=2
                            value=trial.commits
                            on_input=typed(trial.commits)
                        />
                        <Checkbox
                            label="It is known which files changed"
                            checked=trial.files_known
                            on_change=move |known| trial.files_known.set(known)
                        />
                        <TextArea
                            label="Changed files"
                            help="One path a line, from the top of the repository."
                            mono=true
                            rows=2
                            value=trial.files
                            on_input=typed(trial.files)
                            disabled=Signal::derive(move || !trial.files_known.get())
                        />
                    }
                        .into_any()
                }
            }}
            <Select
                label="Other runs of this stage"
                value=Signal::derive(move || trial.standing.get().to_owned())
                choices=Signal::stored(standings.to_vec())
                on_change=move |word: String| {
                    let found = STANDINGS.iter().find(|(known, ..)| *known == word);
                    trial.standing.set(found.map_or(STANDINGS[0].0, |(known, ..)| known));
                }
            />
        </div>
    }
}

fn request_fields(trial: Trial) -> impl IntoView {
    const ACTIONS: [(&str, &str, Action); 2] = [
        ("opened", "It was opened", Action::Opened),
        ("pushed", "Its branch was pushed to", Action::Pushed),
    ];
    let choices = ACTIONS.map(|(word, label, _)| Choice::new(word, label));
    let word = move || {
        let action = trial.action.get();
        ACTIONS.iter().find(|(.., of)| *of == action).map_or("", |(word, ..)| word).to_owned()
    };
    view! {
        <TextField
            label="Number of the pull request"
            mono=true
            value=trial.id
            on_input=move |id| trial.id.set(id)
        />
        <Select
            label="What happened to it"
            value=Signal::derive(word)
            choices=Signal::stored(choices.to_vec())
            on_change=move |word: String| {
                let found = ACTIONS.iter().find(|(known, ..)| *known == word);
                trial.action.set(found.map_or(Action::Opened, |(.., action)| *action));
            }
        />
        <Checkbox
            label="It is a draft"
            checked=trial.draft
            on_change=move |draft| trial.draft.set(draft)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_read_as_they_are_written() {
        let sha = "8f14e45fceea167a5a36dedd4bea2543a1b2c3d4";
        let commit = commit_of(&format!("{sha} Show the total [skip ci]"));
        assert_eq!(
            (commit.sha.as_str(), commit.message.as_str()),
            (sha, "Show the total [skip ci]")
        );
        assert_eq!(commit_of(&line_of(&commit)), commit);
        let alone = commit_of("decade of changes");
        assert_eq!(alone.message, "decade of changes");
        let several = Commit { sha: sha.to_owned(), message: "One\n\n[skip ci]\n".to_owned() };
        assert_eq!(line_of(&several), format!("{sha} One [skip ci]"));
    }
}
