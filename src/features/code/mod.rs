//! A release flow as code: its text in a real text editor, on the same document, selection and
//! history as every other view.
//!
//! - `link`: the text editor, which is loaded when it is first asked for. - `assist`: what it asks
//!   about a place of the text.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod assist;
mod link;

use leptos::{html, prelude::*, task::spawn_local};
use slipway_editor::command::Command;
use slipway_flow::document::{Key, ParseError};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    state::document::EditorHandle,
    ui::{Button, ErrorNote, Glyph, Loading, Notice, Tone, use_toasts},
};
use link::CodeEditor;

/// How the keyboard gets out of the text, and what else is there.
const KEYS: &str = "Tab indents. Escape, then Tab leaves the code. Ctrl+F finds, F8 goes to the next problem, Ctrl+Space says what can be written.";

/// What the text editor has come to.
#[derive(Clone)]
enum Stage {
    Loading,
    Ready,
    Failed,
}

/// The code view. A position that comes into `place` gets the keyboard. `on_select` follows the cursor; `on_step` undoes or redoes.
#[component]
pub fn Code(
    editor: EditorHandle,
    editable: bool,
    place: RwSignal<Option<usize>>,
    on_select: Callback<(Option<Key>,)>,
    on_step: Callback<(bool,)>,
) -> impl IntoView {
    let stage = RwSignal::new(Stage::Loading);
    let wrap = RwSignal::new(false);
    let host = NodeRef::<html::Div>::new();
    let code = StoredValue::new_local(None::<CodeEditor>);
    let load = move || {
        stage.set(Stage::Loading);
        spawn_local(async move {
            let loaded = link::load().await;
            // The view may be gone by now.
            if let Some(Some(host)) = host.try_get_untracked() {
                let opened = loaded.and_then(|()| {
                    let hands = link::Hands { editor, editable, on_select, on_step };
                    hands.open(&host, wrap.get_untracked())
                });
                if let (Ok(opened), Some(at)) = (&opened, broken_at(editor)) {
                    opened.jump(at);
                }
                let now = if opened.is_ok() { Stage::Ready } else { Stage::Failed };
                code.try_set_value(opened.ok());
                stage.try_set(now);
            }
        });
    };
    Effect::new(move |_| load());
    on_cleanup(move || {
        if let Some(Some(code)) = code.try_update_value(Option::take) {
            code.close();
        }
        editor.hide_code();
    });
    let with_code =
        move |act: &dyn Fn(&CodeEditor)| code.with_value(|code| code.iter().for_each(act));
    let ready = move || matches!(stage.get(), Stage::Ready);

    // What changed elsewhere.
    Effect::new(move |_| {
        let _ = editor.changes();
        if ready() {
            let changes = editor.take_code_changes();
            if !changes.is_empty() {
                with_code(&|code| code.change(&assist::changes(&changes)));
            }
        }
    });
    // Not with every change: the marks move with the text by themselves.
    let broken = Memo::new(move |_| editor.broken());
    // What is wrong: the text itself, or else what it says.
    Effect::new(move |_| {
        let (broken, problems) = (broken.get(), editor.problems.get());
        if ready() {
            let marks = assist::problems(editor, broken.as_ref(), &problems, editable);
            with_code(&|code| code.problems(&marks));
        }
    });
    // The selected node; its lines come into view unless the cursor is in them.
    Effect::new(move |before: Option<Option<Option<Key>>>| {
        let selected = editor.selected();
        let shown = ready().then_some(selected);
        if shown.is_some() {
            let span = selected.and_then(|node| editor.span_in_code(node)).unwrap_or_default();
            let is_new = before.flatten() != shown && !span.is_empty();
            with_code(&|code| {
                let at = code.cursor();
                let inside = span.contains(&at) && editor.node_at(at) == selected;
                code.choose(span.start, span.end, is_new && !inside);
            });
        }
        shown
    });
    Effect::new(move |_| {
        if let (true, Some(at)) = (ready(), place.get()) {
            place.set(None);
            with_code(&|code| code.jump(at));
        }
    });
    let toasts = use_toasts();
    let copy = move || {
        let text = editor.with_code(|code| code.as_str().to_owned()).unwrap_or_default();
        spawn_local(async move {
            let written = window().navigator().clipboard().write_text(&text);
            match wasm_bindgen_futures::JsFuture::from(written).await {
                Ok(_) => toasts.good("The code is in the clipboard."),
                Err(_) => toasts
                    .bad("The browser didn't allow to copy: select the text and press Ctrl+C."),
            }
        });
    };
    let jump = move |_| {
        if let Some(at) = broken_at(editor) {
            with_code(&|code| code.jump(at));
        }
    };
    view! {
        <div class="code-view">
            <div class="code-tools" role="toolbar" aria-label="Code">
                <Button icon=Glyph::List on_click=move |_| with_code(&CodeEditor::find)>"Find"</Button>
                <Button on_click=move |_| with_code(&CodeEditor::line)>"Go to line"</Button>
                <Button on_click=move |_| copy()>"Copy"</Button>
                {editable.then(|| view! { <Button on_click=move |_| editor.format()>"Format"</Button> })}
                <label class="code-wrap">
                    <input
                        type="checkbox"
                        prop:checked=move || wrap.get()
                        on:change=move |event| {
                            let on = event_target_checked(&event);
                            wrap.set(on);
                            with_code(&|code| code.wrap(on));
                        }
                    />
                    "Wrap lines"
                </label>
                <p class="code-keys" title=KEYS>"Escape, then Tab leaves the code"</p>
            </div>
            {move || editor.broken().map(|error| view! {
                <Notice tone=Tone::Bad icon=Glyph::Warning>
                    <p>{format!("Line {}: {} The other views show the last state that could be read.", error.line, error.message)}</p>
                    <Button on_click=jump>"Show the place"</Button>
                    {editable.then(|| view! {
                        <Button on_click=move |_| editor.drop_broken()>"Go back to the last readable code"</Button>
                    })}
                </Notice>
            })}
            {move || match stage.get() {
                Stage::Ready => ().into_any(),
                Stage::Loading => view! { <Loading label="Loading the text editor…" /> }.into_any(),
                Stage::Failed => {
                    view! {
                        <ErrorNote
                            message="The text editor could not be loaded. Check the connection and try again."
                            on_retry=Callback::new(move |()| load())
                        />
                    }
                        .into_any()
                }
            }}
            <div class="code-host" node_ref=host></div>
        </div>
    }
}

/// Gives the keyboard to the text, where it is shown.
pub fn focus_code() {
    let inside = |host: web_sys::Element| host.shadow_root()?.query_selector(".cm-content").ok()?;
    let text = document().query_selector(".code-host").ok().flatten().and_then(inside);
    if let Some(text) = text.and_then(|text| text.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Text that can't take the focus leaves it where it is.
        let _ = text.focus();
    }
}

/// The position at which the text can't be read.
fn broken_at(editor: EditorHandle) -> Option<usize> {
    let error = untrack(|| editor.broken())?;
    editor.with_code(|code| code.unit_at(error.offset))
}

/// For the other views: that they show an older state than the code, and the way there.
#[component]
pub fn BrokenCode(editor: EditorHandle, on_jump: Callback<()>) -> impl IntoView {
    let note = move |error: ParseError| {
        view! {
            <Notice tone=Tone::Bad icon=Glyph::Warning>
                <p>
                    {format!(
                        "The code has an error in line {}: {} This is the last state that could be read; mend the code to go on from here.",
                        error.line,
                        error.message,
                    )}
                </p>
                <Button on_click=move |_| on_jump.run(())>"Go to the place in the code"</Button>
            </Notice>
        }
    };
    move || editor.broken().map(note)
}

/// Carries out a correction that the text editor offers.
fn fix(editor: EditorHandle, problem: usize, fix: usize) {
    let found = editor.problems.with_untracked(|problems| {
        problems.get(problem).and_then(|problem| problem.fixes.get(fix)).cloned()
    });
    if let Some(fix) = found
        && editor.dispatch(&Command::Fix(fix))
    {
        editor.check_now();
    }
}

/// What JavaScript refused.
type Refusal = JsValue;
