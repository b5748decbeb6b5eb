//! The text editor, a module of its own that the page fetches when it is first asked for: see
//! `code-editor` at the repository's root.

use leptos::prelude::*;
use slipway_editor::selection::Selection;
use slipway_flow::document::Key;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, js_sys};

use super::{KEYS, Refusal, assist, fix};
use crate::state::document::EditorHandle;

/// The module's address, from the app's base.
const MODULE: &str = "code-editor.js";

#[wasm_bindgen]
extern "C" {
    /// A text editor in the page.
    pub(super) type CodeEditor;

    #[wasm_bindgen(js_namespace = slipwayCode, catch)]
    fn open(host: &HtmlElement, app: &JsValue) -> Result<CodeEditor, Refusal>;
    #[wasm_bindgen(method)]
    pub(super) fn change(this: &CodeEditor, changes: &str);
    #[wasm_bindgen(method)]
    pub(super) fn problems(this: &CodeEditor, problems: &str);
    #[wasm_bindgen(method)]
    pub(super) fn choose(this: &CodeEditor, from: usize, to: usize, scroll: bool);
    #[wasm_bindgen(method)]
    pub(super) fn jump(this: &CodeEditor, at: usize);
    #[wasm_bindgen(method)]
    pub(super) fn cursor(this: &CodeEditor) -> usize;
    #[wasm_bindgen(method)]
    pub(super) fn wrap(this: &CodeEditor, on: bool);
    #[wasm_bindgen(method)]
    pub(super) fn find(this: &CodeEditor);
    #[wasm_bindgen(method)]
    pub(super) fn line(this: &CodeEditor);
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &CodeEditor);
}

/// Fetches the module, unless it is there.
pub(super) async fn load() -> Result<(), Refusal> {
    let there = js_sys::Reflect::has(&js_sys::global(), &"slipwayCode".into());
    if there.unwrap_or(false) {
        return Ok(());
    }
    let script = document().create_element("script")?;
    script.set_attribute("type", "module")?;
    script.set_attribute("src", MODULE)?;
    let loaded = js_sys::Promise::new(&mut |done, failed| {
        // A listener that can't be added leaves the promise open, and the view says that it loads.
        let _ = script.add_event_listener_with_callback("load", &done);
        let _ = script.add_event_listener_with_callback("error", &failed);
    });
    document().head().ok_or(JsValue::NULL)?.append_child(&script)?;
    let answer = JsFuture::from(loaded).await;
    if answer.is_err() {
        // Another try begins anew.
        script.remove();
    }
    answer.map(|_| ())
}

/// What the text editor's events do.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    pub(super) editor: EditorHandle,
    pub(super) editable: bool,
    pub(super) on_select: Callback<(Option<Key>,)>,
    pub(super) on_step: Callback<(bool,)>,
}

impl Hands {
    /// Opens a text editor in an element of the page.
    pub(super) fn open(self, host: &HtmlElement, wrap: bool) -> Result<CodeEditor, Refusal> {
        let Self { editor, editable, on_select, on_step } = self;
        let text = editor.show_code();
        let app = js_sys::Object::new();
        let set = |name: &str, value: JsValue| js_sys::Reflect::set(&app, &name.into(), &value);
        set("text", text.into())?;
        set("label", "Release flow as code".into())?;
        set("description", KEYS.into())?;
        set("readOnly", (!editable).into())?;
        set("wrap", wrap.into())?;
        let edited = move |from: usize, to: usize, text: String| {
            editor.type_code(from..to, &text);
        };
        set("edited", Closure::<dyn FnMut(usize, usize, String)>::new(edited).into_js_value())?;
        let moved = move |at: usize| {
            let node = editor.node_at(at);
            if node.is_some() && node != editor.selection.with_untracked(Selection::focus) {
                on_select.run((node,));
            }
        };
        set("moved", Closure::<dyn FnMut(usize)>::new(moved).into_js_value())?;
        let step = move |what: String| on_step.run((what == "historyUndo",));
        set("step", Closure::<dyn FnMut(String)>::new(step).into_js_value())?;
        let left = move || editor.close_step();
        set("left", Closure::<dyn FnMut()>::new(left).into_js_value())?;
        let complete = move |at: usize| assist::proposals(editor, at);
        set("complete", Closure::<dyn FnMut(usize) -> String>::new(complete).into_js_value())?;
        let hint = move |at: usize| assist::hint(editor, at);
        set("hint", Closure::<dyn FnMut(usize) -> String>::new(hint).into_js_value())?;
        let mend = move |problem: usize, index: usize| fix(editor, problem, index);
        set("fix", Closure::<dyn FnMut(usize, usize)>::new(mend).into_js_value())?;
        open(host, &app)
    }
}
