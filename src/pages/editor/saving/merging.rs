//! What somebody else saved meanwhile: taken in where it goes together with the own work, asked about
//! where it doesn't.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;
use slipway_engine::event::EventBody;
use slipway_flow::{
    check::{Problem, Severity},
    diff::{
        diff,
        merge::{About, Choice, Conflict, Sides},
        value_words,
    },
    document::{Document, Key},
    kinds,
};

use super::{super::Subject, Saving, author::Author};
use crate::{
    client::{use_live, use_tasks},
    state::journal::Stored,
    ui::{Button, ButtonKind, Dialog, unique_id},
};

/// Conflicts to be decided, with what they are about.
#[derive(Clone)]
pub(super) struct Question {
    base: Arc<Document>,
    theirs: Arc<Document>,
    stored: Stored,
    conflicts: Arc<Vec<Conflict>>,
    /// Whether to save once all is decided.
    saves: bool,
}

/// Revisions among which the author of the newest version is looked for.
const LOOKED_AT: usize = 20;

/// What a merge starts from where the server had nothing when the work began.
pub(super) const NOTHING: &str = "{}";

impl Saving {
    /// Says so when somebody else saves this flow meanwhile.
    pub(super) fn watch(self) {
        let live = use_live();
        let tasks = use_tasks();
        let Subject { project, pipeline, stage } = self.subject.get_value();
        live.attend(&project);
        live.subscribe(move |event| {
            if let EventBody::FlowSaved { etag, by } = &event.body
                && event.pipeline.as_deref() == Some(pipeline.as_str())
                && event.stage.as_deref() == Some(stage.name())
            {
                let author = Author::of(by.clone(), &self.session);
                self.elsewhere.try_set(Some((etag.clone(), author)));
            }
        });
        // What says the same is no news.
        let newer =
            Memo::new(move |_| self.newer().and(self.elsewhere.get()).map(|(etag, _)| etag));
        Effect::new(move || {
            if newer.get().is_some() {
                tasks.spawn(async move {
                    if let Some(stored) = self.stored_now().await {
                        self.take_silently(&stored);
                    }
                });
            }
        });
    }

    /// Who stored a version that is not the one this text began from.
    pub(super) fn newer(self) -> Option<Author> {
        let (stored, by) = self.elsewhere.get()?;
        let mine = self.base.with(|base| base.as_ref()?.etag.clone());
        (!self.busy.get() && mine.as_deref().map(bare) != Some(bare(&stored))).then_some(by)
    }

    async fn stored_now(self) -> Option<Stored> {
        let Subject { project, pipeline, stage } = self.subject.try_get_value()?;
        match self.client.document(&project, &pipeline, stage).await {
            Ok(Some(flow)) => {
                let stored = Stored { text: flow.text, etag: flow.etag };
                self.ask_who(&stored).await;
                Some(stored)
            }
            Ok(None) => {
                let gone = "The server has no release flow here any more. Save to store this one.";
                self.toasts.bad(gone);
                self.base.try_set(None);
                None
            }
            Err(failed) => {
                self.error.try_set(Some(failed));
                None
            }
        }
    }

    /// Has the server say who stored a version, where no event has.
    async fn ask_who(self, stored: &Stored) {
        let Some(etag) = stored.etag.as_deref() else { return };
        let told = self.elsewhere.try_get_untracked().flatten();
        let is_told =
            |(of, author): &(String, Author)| bare(of) == bare(etag) && *author != Author::Unknown;
        let mine = self.base.try_with_untracked(|base| base.as_ref()?.etag.clone()).flatten();
        if told.as_ref().is_some_and(is_told) || mine.as_deref().map(bare) == Some(bare(etag)) {
            return;
        }
        let Some(Subject { project, pipeline, stage }) = self.subject.try_get_value() else {
            return;
        };
        // A server that keeps no revisions doesn't say: then nobody is named.
        let rows = self.client.revisions(&project, &pipeline, stage, LOOKED_AT, None).await;
        let by = rows.ok().and_then(|(rows, _)| {
            rows.into_iter().find(|row| bare(&row.etag) == bare(etag)).map(|row| row.by)
        });
        // An event may have said more meanwhile.
        if let Some(by) = by
            && self.elsewhere.try_get_untracked().flatten() == told
        {
            self.elsewhere.try_set(Some((etag.to_owned(), Author::of(by, &self.session))));
        }
    }

    /// Where the stored version says what this one says, or what it began from: there is nothing to
    /// merge. Answers whether that was so.
    fn take_silently(self, stored: &Stored) -> bool {
        let Ok(theirs) = Document::parse(&stored.text) else { return false };
        let base = self.base_document();
        if diff(&base, &theirs).is_empty() {
            self.rest_on(stored.clone());
            return true;
        }
        let same = self.editor.read_untracked(|mine| diff(mine, &theirs).is_empty());
        if same && let Some((_, moment)) = self.editor.to_save() {
            self.editor.mark_saved(moment);
            self.rest_on(stored.clone());
        }
        same
    }

    fn base_document(self) -> Document {
        let text = self.base.with_untracked(|base| base.as_ref().map(|base| base.text.clone()));
        let text = text.unwrap_or_else(|| NOTHING.to_owned());
        // What the server had was JSON, or it could not have been opened.
        Document::parse(&text)
            .or_else(|_| Document::parse(NOTHING))
            .unwrap_or_else(|_| self.editor.read_untracked(Document::clone))
    }

    /// "Merge now".
    pub(super) fn merge_now(self) {
        leptos::task::spawn_local(self.merge_newest(false));
    }

    /// Takes in what the server has now; then saves, if that is what was asked for.
    pub(super) async fn merge_newest(self, saves: bool) {
        let Some(stored) = self.stored_now().await else { return };
        // The page may be gone by now; its work is kept as a draft.
        if self.subject.try_get_value().is_some() {
            self.merge_with(stored, saves);
        }
    }

    fn merge_with(self, stored: Stored, saves: bool) {
        if let Some(error) = untrack(|| self.editor.broken()) {
            self.toasts.bad(format!("Nothing was merged: the code can't be read. {error}"));
            return;
        }
        let saved = untrack(|| self.editor.is_document_saved());
        if self.take_silently(&stored) {
            if saves && !untrack(|| self.editor.is_document_saved()) {
                self.store();
            }
            return;
        }
        let Ok(theirs) = Document::parse(&stored.text) else {
            let who = self.who(&stored).name();
            self.editor
                .announcement
                .set(format!("What {who} saved is not JSON. Nothing was merged."));
            return;
        };
        let base = self.base_document();
        let conflicts = self.editor.conflicts(&base, &theirs);
        let question = Question {
            base: Arc::new(base),
            theirs: Arc::new(theirs),
            stored,
            conflicts: Arc::new(conflicts),
            saves: saves && !saved,
        };
        if question.conflicts.is_empty() {
            self.settle(&question, &BTreeMap::new());
        } else {
            self.question.set(Some(question));
        }
    }

    /// Makes the merge, by what was decided.
    fn settle(self, question: &Question, choices: &BTreeMap<usize, Choice>) {
        let Question { base, theirs, stored, saves, .. } = question;
        let changes = self.who(stored).changes();
        let came = diff(base, theirs);
        let wrong = || {
            let is_error = |problem: &&Problem| problem.severity == Severity::Error;
            self.editor.problems.with_untracked(|all| all.iter().filter(is_error).count())
        };
        self.editor.check_now();
        let before = wrong();
        self.editor.merge(base, theirs, &format!("Merge {changes}"), choices);
        self.editor.check_now();
        let spoilt = wrong() > before;
        let words = came.summary();
        let look = if spoilt { " Together they have problems that neither had." } else { "" };
        self.merged.set(Some(format!("Merged with {changes}: {words}.{look}")));
        self.question.set(None);
        let same = self.editor.read_untracked(|mine| diff(mine, theirs).is_empty());
        if same && let Some((_, moment)) = self.editor.to_save() {
            self.editor.mark_saved(moment);
        }
        self.rest_on(stored.clone());
        match (*saves && !same, spoilt) {
            (true, false) => self.store(),
            // Nothing is stored that nobody has seen.
            (true, true) => self.asked.set(true),
            (false, _) => {}
        }
    }

    fn who(self, stored: &Stored) -> Author {
        let elsewhere = self.elsewhere.get_untracked();
        let known =
            elsewhere.filter(|(etag, _)| stored.etag.as_deref().map(bare) == Some(bare(etag)));
        known.map_or(Author::Unknown, |(_, author)| author)
    }
}

/// An etag without its quotes and its mark of weakness.
pub(super) fn bare(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"')
}

/// Asks about each conflict: mine or theirs.
#[component]
pub(in super::super) fn MergeDialog(saving: Saving) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(saving.question.with(Option::is_some)));
    let choices = RwSignal::new(BTreeMap::<usize, Choice>::new());
    let closed = move || {
        choices.set(BTreeMap::new());
        saving.question.try_set(None);
    };
    let title = Signal::derive(move || {
        let who = saving.question.with(|asked| asked.as_ref().map(|it| saving.who(&it.stored)));
        who.unwrap_or(Author::Unknown).question().to_owned()
    });
    view! {
        <Dialog
            open=open
            title=title
            class="merge-dialog"
            on_close=Callback::new(move |()| closed())
        >
            {move || {
                saving
                    .question
                    .get()
                    .map(|question| view! { <Conflicts saving=saving question=question choices=choices /> })
            }}
        </Dialog>
    }
}

#[component]
fn Conflicts(
    saving: Saving,
    question: Question,
    choices: RwSignal<BTreeMap<usize, Choice>>,
) -> impl IntoView {
    let saved = saving.who(&question.stored).saved();
    let count = question.conflicts.len();
    let missing = Signal::derive(move || {
        let left = count - choices.with(BTreeMap::len).min(count);
        (left > 0).then(|| format!("{left} of {count} still to be decided."))
    });
    let rows = question.conflicts.iter().enumerate().map(|(at, conflict)| {
        let values = saving.editor.read_untracked(|mine| Values::of(conflict, mine, &question));
        conflict_row(at, conflict, values, choices)
    });
    let rows = rows.collect_view();
    let confirm = if question.saves { "Merge and save" } else { "Merge" };
    view! {
        <p>
            {format!(
                "{saved} since you began. All that goes together is merged; decide about the rest. Nothing is overwritten until you do.",
            )}
        </p>
        <div class="conflicts">{rows}</div>
        <div class="dialog-actions">
            <Button on_click=move |_| saving.question.set(None)>"Not now"</Button>
            <Button
                kind=ButtonKind::Primary
                reason=missing
                on_click=move |_| {
                    let decided = choices.get_untracked();
                    saving.settle(&question, &decided);
                }
            >
                {confirm}
            </Button>
        </div>
    }
}

fn conflict_row(
    at: usize,
    conflict: &Conflict,
    values: Option<Values>,
    choices: RwSignal<BTreeMap<usize, Choice>>,
) -> AnyView {
    let choice = move |choice: Choice, value: Option<Value>| {
        let (label, name) = (choice_label(choice), format!("conflict-{at}"));
        let (value, order) = match value {
            Some(Value::Words(words)) => (Some(words), None),
            Some(Value::Order(names)) => (None, Some((unique_id("order"), names))),
            None => (None, None),
        };
        let described_by = order.as_ref().map(|(id, _)| id.clone());
        view! {
            <label class="conflict-choice">
                <input
                    type="radio"
                    name=name
                    aria-describedby=described_by
                    prop:checked=move || choices.with(|all| all.get(&at) == Some(&choice))
                    on:change=move |_| {
                        choices
                            .update(|all| {
                                all.insert(at, choice);
                            });
                    }
                />
                <span>{label}</span>
                {value.map(|value| view! { <code>{value}</code> })}
            </label>
            {order.map(|(id, names)| order_list(id, names))}
        }
    };
    let of = |one: &Choice| {
        values.as_ref().and_then(|values| match one {
            Choice::Mine => Some(values.mine.clone()),
            Choice::Theirs => Some(values.theirs.clone()),
            Choice::Both => None,
        })
    };
    let options = conflict.choices.iter().map(|one| choice(*one, of(one)));
    let options = options.collect_view();
    let base = values.map(|values| match values.base {
        Value::Words(words) => {
            view! { <p class="quiet">"It was "<code>{words}</code>"."</p> }.into_any()
        }
        Value::Order(names) => view! {
            <p class="quiet">"It was:"</p>
            {order_list(unique_id("order"), names)}
        }
        .into_any(),
    });
    view! {
        <fieldset class="conflict">
            <legend>{conflict.sentence.clone()}</legend>
            {base}
            {options}
        </fieldset>
    }
    .into_any()
}

/// Things in their order, one a line.
fn order_list(id: String, names: Vec<String>) -> impl IntoView {
    let names = names.into_iter().map(|name| view! { <li>{name}</li> });
    view! { <ol id=id class="conflict-order">{names.collect_view()}</ol> }
}

const fn choice_label(choice: Choice) -> &'static str {
    match choice {
        Choice::Mine => "Mine",
        Choice::Theirs => "Theirs",
        Choice::Both => "Both",
    }
}

/// What one side has.
#[derive(Clone)]
enum Value {
    Words(String),
    /// Things in an order.
    Order(Vec<String>),
}

/// What a conflict's sides have; none where its sentence says all.
struct Values {
    base: Value,
    mine: Value,
    theirs: Value,
}

impl Values {
    fn of(conflict: &Conflict, mine: &Document, question: &Question) -> Option<Self> {
        let told = |document: &Document, key: Option<Key>| {
            let words = match (key, conflict.about) {
                (None, _) => "absent".to_owned(),
                (Some(key), About::Place) => kinds::title(document, key),
                (Some(key), _) => value_words(document, key),
            };
            Value::Words(words)
        };
        match conflict.about {
            About::Order => {
                let Sides { base, mine, theirs } = conflict.order.clone();
                let [base, mine, theirs] = [base, mine, theirs].map(Value::Order);
                return Some(Self { base, mine, theirs });
            }
            About::Place if conflict.value.mine.is_none() => return None,
            About::Removal | About::Addition | About::Tangle => return None,
            About::Field | About::Place => {}
        }
        Some(Self {
            base: told(&question.base, conflict.value.base),
            mine: told(mine, conflict.value.mine),
            theirs: told(&question.theirs, conflict.value.theirs),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_may_weaken_an_etag() {
        assert_eq!(bare("W/\"abc\""), bare("\"abc\""));
        assert_eq!(bare("abc"), "abc");
    }
}
