//! A place of the document that a form is about: the object, one value in it, and what is wrong
//! there.

use std::{collections::HashSet, sync::Arc};

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::{
    check::{Fix, Severity, check_field, code},
    document::{Document, Key, pointer_part},
    expr::Names,
    form,
    kinds::{self, Field, Group},
};

use super::suggest::Resources;
use crate::state::{document::EditorHandle, home::Home, target::problem_words};

/// Where a node or a trigger has its ref.
const REF: &str = "/ref";

/// What is kept while nodes come and go.
#[derive(Clone, Copy)]
pub(super) struct Memory {
    /// Groups that were opened.
    pub(super) open: RwSignal<HashSet<Group>>,
    /// Nodes whose form was left once: what they lack is said at once.
    seen: StoredValue<HashSet<Key>>,
}

impl Memory {
    pub(super) fn new() -> Self {
        let open = RwSignal::new(HashSet::from([Group::Options]));
        Self { open, seen: StoredValue::new(HashSet::new()) }
    }

    pub(super) fn leave(self, node: Key) {
        self.seen.try_update_value(|seen| seen.insert(node));
    }
}

/// What a form is about, for all controls in it.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) editor: EditorHandle,
    pub(super) home: Home,
    pub(super) resources: Signal<Resources>,
    /// Why nothing can be changed: a sentence.
    pub(super) locked: Signal<Option<String>>,
    /// What expressions can name here. Worked out anew when typing pauses: it takes a walk.
    pub(super) names: Memo<Names>,
    pub(super) problems: Memo<Vec<Told>>,
    /// Whether what is missing is said before anything was touched.
    eager: bool,
}

/// A problem, and where it is told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// Pointer from the root.
    pub(super) pointer: String,
    /// Pointers of the fields that it is told at; none for one about the object as a whole.
    pub(super) at: Vec<String>,
    /// The label of the field that it is about; empty where it is about none.
    pub(super) field: String,
    pub(super) severity: Severity,
    code: &'static str,
    pub(super) sentence: String,
    pub(super) fixes: Vec<Fix>,
}

impl Form {
    pub(super) fn new(
        editor: EditorHandle,
        home: Home,
        resources: Signal<Resources>,
        locked: Signal<Option<String>>,
    ) -> Self {
        let names = Memo::new(move |_| {
            editor.problems.track();
            editor.read_untracked(|document| {
                let here = home.key(document).unwrap_or_else(|| document.flow());
                Names::of(document, here)
            })
        });
        let problems = Memo::new(move |_| problems(editor, home));
        let memory = use_context::<Memory>();
        let eager = match editor.read_untracked(|document| home.key(document)) {
            Some(key) => {
                // It may be that of a panel which has gone.
                let seen = memory
                    .and_then(|it| it.seen.try_with_value(|seen| seen.contains(&key)))
                    .unwrap_or(false);
                seen || !editor.is_new(key)
            }
            None => true,
        };
        Self { editor, home, resources, locked, names, problems, eager }
    }

    pub(super) fn is_locked(self) -> Signal<bool> {
        Signal::derive(move || self.locked.get().is_some())
    }
}

fn problems(editor: EditorHandle, home: Home) -> Vec<Told> {
    editor.problems.with(|all| {
        editor.read_untracked(|document| {
            let Some(object) = home.key(document) else { return Vec::new() };
            let base = document.pointer(object);
            let kind = kinds::of(document, object);
            let is_given = |pointer: &str| document.resolve_from(object, pointer).is_some();
            let about_us = |node: Option<Key>, pointer: &str| {
                node == Some(object) || node.is_none() && within(&base, pointer).is_some()
            };
            all.iter()
                .filter(|problem| about_us(problem.node, &problem.pointer))
                .map(|problem| {
                    let at = within(&base, &problem.pointer).unwrap_or_default();
                    let fields = kind.map(|kind| {
                        form::told_at(kind.fields, kind.rules, at, &problem.sentence, is_given)
                    });
                    Told {
                        pointer: problem.pointer.clone(),
                        at: match fields {
                            Some(fields) => {
                                fields.iter().map(|it| format!("{base}{}", it.pointer)).collect()
                            }
                            None => vec![problem.pointer.clone()],
                        },
                        field: problem_words(document, problem).1,
                        severity: problem.severity,
                        code: problem.code,
                        sentence: problem.sentence.clone(),
                        fixes: problem.fixes.clone(),
                    }
                })
                .collect()
        })
    })
}

/// The rest of a pointer behind that of something around it.
fn within<'p>(around: &str, pointer: &'p str) -> Option<&'p str> {
    pointer.strip_prefix(around).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// One value of a form: where it is, what it holds, what is said of it.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    pub(super) form: Form,
    pub(super) home: Home,
    pub(super) field: Field,
    /// From the home; empty for the home itself.
    pub(super) pointer: StoredValue<String>,
    /// None where the member is absent.
    pub(super) value: Memo<Option<Value>>,
    pub(super) said: Memo<Arc<Said>>,
    /// Whether it was typed in: what is missing is said then.
    pub(super) touched: RwSignal<bool>,
    /// Of the control.
    pub(super) id: StoredValue<String>,
    /// What isn't of the field's sort yet, and why: it stays out of the document.
    pub(super) unread: RwSignal<Option<String>>,
}

/// What is said of a value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Said {
    pub(super) error: Option<String>,
    pub(super) note: Option<String>,
    pub(super) fixes: Vec<Fix>,
}

impl Bound {
    pub(super) fn new(form: Form, home: Home, field: Field, pointer: String, whole: bool) -> Self {
        let editor = form.editor;
        let pointer = StoredValue::new(pointer);
        let find =
            move |document: &Document| pointer.with_value(|pointer| home.find(document, pointer));
        let value = Memo::new(move |_| {
            editor.read(|document| find(document).map(|key| document.to_json(key)))
        });
        let (touched, unread) = (RwSignal::new(false), RwSignal::new(None::<String>));
        let said = Memo::new(move |_| {
            let value = value.get();
            let is_blank = matches!(&value, None | Some(Value::Null))
                || value.as_ref().and_then(Value::as_str) == Some("");
            let spoken = form.eager || touched.get() || !is_blank;
            let wrong = if whole {
                check_field(&field, value.as_ref().unwrap_or(&Value::Null))
            } else {
                shallow(&field, value.as_ref())
            };
            let own = unread.get().or_else(|| wrong.filter(|_| spoken));
            let at = editor.read_untracked(|document| {
                let object = home.key(document)?;
                Some(format!("{}{}", document.pointer(object), pointer.get_value()))
            });
            form.problems.with(|all| {
                let here = all.iter().filter(|told| told.is_told_at(at.as_deref(), whole));
                Arc::new(Said::of(own, here, spoken))
            })
        });
        let id = StoredValue::new(crate::ui::unique_id("field"));
        Self { form, home, field, pointer, value, said, touched, id, unread }
    }

    pub(super) fn set(self, value: Option<Value>) {
        self.touched.set(true);
        if let Some(holder) = self.ref_of() {
            self.form.editor.type_ref(holder);
        }
        let command = self.pointer.with_value(|pointer| self.home.set(pointer, value));
        let refused = if self.form.editor.dispatch(&command) {
            None
        } else {
            self.form.editor.refusal_of(&command)
        };
        // The control shows what was typed: that it is not in the flow is said where it stands.
        self.unread.set(refused.map(|why| format!("{why} The flow keeps what it had.")));
    }

    /// The value's key, where it is there.
    pub(super) fn key(self) -> Option<Key> {
        self.form
            .editor
            .read(|document| self.pointer.with_value(|pointer| self.home.find(document, pointer)))
    }

    /// The value as a person types it; objects and lists as JSON.
    pub(super) fn text(self) -> String {
        match self.value.get() {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text,
            Some(value @ (Value::Object(_) | Value::Array(_))) => {
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            // A number as the document writes it.
            Some(value) => {
                let written = self.form.editor.read_untracked(|document| {
                    let key = self.pointer.with_value(|at| self.home.find(document, at))?;
                    Some(document.text_of(key))
                });
                written.unwrap_or_else(|| value.to_string())
            }
        }
    }

    pub(super) fn shown(self) -> Signal<String> {
        Signal::derive(move || self.text())
    }

    pub(super) fn error(self) -> Signal<Option<String>> {
        Signal::derive(move || self.said.with(|said| said.error.clone()))
    }

    pub(super) fn note(self) -> Signal<Option<String>> {
        Signal::derive(move || self.said.with(|said| said.note.clone()))
    }

    /// The pointer of a member of this value.
    pub(super) fn member(self, name: &str) -> String {
        self.pointer.with_value(|pointer| format!("{pointer}/{}", pointer_part(name)))
    }

    /// Called when the keyboard leaves the control.
    pub(super) fn done(self) -> Callback<()> {
        Callback::new(move |()| {
            self.touched.try_set(true);
            self.form.editor.close_step();
            if self.ref_of().is_some() {
                self.form.editor.leave_ref();
            }
        })
    }

    /// The node or trigger whose ref this is, by which others read it.
    fn ref_of(self) -> Option<Key> {
        match self.home {
            Home::Object(holder) if self.field.pointer == REF => Some(holder),
            _ => None,
        }
    }
}

/// Of a list, a map or an object only whether it is one: the entries speak for themselves.
fn shallow(field: &Field, value: Option<&Value>) -> Option<String> {
    let emptied = match value {
        Some(Value::Array(_)) => Value::Array(Vec::new()),
        Some(Value::Object(_)) => return None,
        other => other.cloned().unwrap_or(Value::Null),
    };
    check_field(field, &emptied)
}

impl Told {
    /// Whether a control says it. One that is `whole` also says what is about parts of its value;
    /// others have controls for these.
    fn is_told_at(&self, at: Option<&str>, whole: bool) -> bool {
        let Some(at) = at else { return false };
        match within(at, &self.pointer) {
            Some("") => true,
            Some(_) => whole,
            None => self.at.iter().any(|told| told == at),
        }
    }
}

impl Said {
    fn of<'t>(own: Option<String>, here: impl Iterator<Item = &'t Told>, spoken: bool) -> Self {
        let mut said = Self::default();
        let mut errors: Vec<String> = own.clone().into_iter().collect();
        let mut notes = Vec::new();
        for told in here {
            let of_value = matches!(told.code, code::TYPE | code::VALUE | code::REQUIRED);
            let is_lack = told.severity == Severity::Error
                && matches!(told.code, code::REQUIRED | code::ALTERNATIVES);
            if is_lack && !spoken {
                continue;
            }
            // What is wrong with the value itself was just worked out anew.
            if of_value && (own.is_some() || told.code != code::REQUIRED) {
                if own.is_some() {
                    said.fixes.extend(told.fixes.iter().cloned());
                }
                continue;
            }
            let all = if told.severity == Severity::Error { &mut errors } else { &mut notes };
            if !all.contains(&told.sentence) {
                all.push(told.sentence.clone());
            }
            said.fixes.extend(told.fixes.iter().cloned());
        }
        let joined = |all: Vec<String>| (!all.is_empty()).then(|| all.join(" "));
        (said.error, said.note) = (joined(errors), joined(notes));
        said
    }
}

/// Gives the keyboard to the element with this id, once it is on the page.
pub(super) fn focus_soon(find: impl FnOnce() -> Option<web_sys::HtmlElement> + 'static) {
    request_animation_frame(move || {
        if let Some(element) = find() {
            // An element that can't take the focus leaves it where it is.
            let _ = element.focus();
        }
    });
}
