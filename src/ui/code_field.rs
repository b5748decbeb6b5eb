//! A text field for a little code: coloured pieces, and what can be written at the cursor in a
//! list below. The keyboard stays in the field.

use std::ops::Range;

use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use super::{
    combobox,
    field::{Wiring, frame},
};

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Of its colour.
    pub class: &'static str,
    /// Whether it can't stand there: it is underlined.
    pub wrong: bool,
}

/// One thing that can be written at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    pub label: String,
    /// A few words beside the label.
    pub detail: String,
    /// A sentence.
    pub help: String,
    /// The whole text with it, and where the cursor is then, in bytes.
    pub text: String,
    pub cursor: usize,
}

/// How the field reads its text.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The pieces of a text, in order and without gaps.
    pub pieces: Callback<(String,), Vec<Piece>>,
    /// What can be written in a text at a cursor, in bytes; the last says whether it was asked for.
    pub hints: Callback<(String, usize, bool), Vec<Hint>>,
    /// What the list of hints is called.
    pub hints_label: &'static str,
}

/// Hints shown at once; typing finds the others.
const MOST: usize = 50;

#[component]
pub fn CodeField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    code: Code,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional, into)] note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] id: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] required: bool,
    /// Whether Enter begins a line.
    #[prop(optional)]
    lines: bool,
    /// Takes the keyboard as soon as it is shown, and says what can be written.
    #[prop(optional)]
    grab: bool,
    /// Called when the keyboard leaves the field, and after each choice.
    #[prop(optional, into)]
    on_done: Option<Callback<()>>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error).noting(note);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let id = StoredValue::new(wiring.id().to_owned());
    let list_id = format!("{}-list", wiring.id());
    let area = NodeRef::<html::Textarea>::new();
    let popup = NodeRef::<html::Div>::new();
    let hints = RwSignal::new(Vec::<Hint>::new());
    let active = RwSignal::new(None::<usize>);
    let open = RwSignal::new(false);
    let hide = move || {
        let _ = open.try_set(false);
        let _ = hints.try_set(Vec::new());
        let _ = active.try_set(None);
        if let Some(popup) = popup.try_get_untracked().flatten() {
            let _ = popup.hide_popover();
        }
    };
    // Looks what can be written where the cursor is.
    let look = move |asked: bool| {
        let (Some(area), Some(popup)) = (area.get_untracked(), popup.get_untracked()) else {
            return;
        };
        let text = area.value();
        let cursor = cursor_of(&area, &text);
        let mut found = match cursor.filter(|_| !readonly.get_untracked()) {
            Some(cursor) => code.hints.run((text, cursor, asked)),
            None => Vec::new(),
        };
        found.truncate(MOST);
        if found.is_empty() {
            return hide();
        }
        active.set(Some(0));
        hints.set(found);
        // It fails only for an element that is not in the document.
        let _ = popup.show_popover();
        if !open.get_untracked() {
            open.set(true);
            combobox::stay(open, area.into(), popup.into());
        }
    };
    // A field that has just gone is told that it lost the keyboard, too.
    let done = move || {
        if let Some(on_done) = on_done {
            let _ = on_done.try_run(());
        }
    };
    let choose = move |index: usize| {
        let hint = hints.with_untracked(|hints| hints.get(index).cloned());
        let (Some(hint), Some(area)) = (hint, area.get_untracked()) else { return };
        let at = utf16(&hint.text, hint.cursor);
        area.set_value(&hint.text);
        let _ = area.set_selection_range(at, at);
        on_input.run(hint.text.clone());
        hide();
        // Between parentheses there is something to write at once.
        if hint.cursor < hint.text.len() && !hint.text[hint.cursor..].starts_with('}') {
            look(false);
        }
    };
    let walk = move |by: usize| {
        let count = hints.with_untracked(Vec::len);
        active.update(|active| *active = Some((active.unwrap_or(0) + by) % count.max(1)));
    };
    let on_key = move |event: KeyboardEvent| {
        let open = open.get_untracked();
        let count = hints.with_untracked(Vec::len);
        match event.key().as_str() {
            " " if event.ctrl_key() => look(true),
            "ArrowDown" if event.alt_key() => look(true),
            "Escape" if open => hide(),
            "ArrowDown" if open => walk(1),
            "ArrowUp" if open => walk(count - 1),
            "Enter" | "Tab" if open && !event.shift_key() => {
                choose(active.get_untracked().unwrap_or(0));
            }
            "Enter" if !lines => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    Effect::new(move |_| {
        let Some(index) = active.get() else { return };
        let option = id.with_value(|id| format!("{id}-{index}"));
        if let Some(option) = document().get_element_by_id(&option) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    if grab {
        request_animation_frame(move || {
            let Some(area) = area.try_get_untracked().flatten() else { return };
            let _ = area.focus();
            let end = utf16(&area.value(), area.value().len());
            let _ = area.set_selection_range(end, end);
            look(true);
        });
    }
    let option = move |(index, hint): (usize, Hint)| {
        let Hint { label, detail, help, .. } = hint;
        view! {
            <div
                id=id.with_value(|id| format!("{id}-{index}"))
                class="combobox-option"
                role="option"
                aria-selected=move || if active.get() == Some(index) { "true" } else { "false" }
                on:click=move |_| choose(index)
            >
                <span class="combobox-value mono">{label}</span>
                {(!detail.is_empty()).then(|| view! { <span class="combobox-detail mono">{detail}</span> })}
                {(!help.is_empty()).then(|| view! { <span class="code-hint">{help}</span> })}
            </div>
        }
    };
    let pieces = move || {
        let text = value.get();
        let pieces = code.pieces.run((text.clone(),));
        let shown = |Piece { span, class, wrong }: Piece| {
            let text = text.get(span).unwrap_or_default().to_owned();
            view! { <span class=class class:code-wrong=wrong>{text}</span> }
        };
        let shown = pieces.into_iter().map(shown).collect_view();
        // A last empty line has a height only with something in it.
        view! { {shown} "\u{200b}" }
    };
    let said = move || match hints.with(Vec::len) {
        0 => String::new(),
        1 => "1 proposal".to_owned(),
        count => format!("{count} proposals"),
    };
    let control = view! {
        <div class="code-field">
            <div class="input mono code-pieces" aria-hidden="true">{pieces}</div>
            <textarea
                node_ref=area
                id=id.get_value()
                class="input mono code-text"
                rows="1"
                spellcheck="false"
                autocomplete="off"
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-controls=list_id.clone()
                aria-activedescendant=move || {
                    active.get().map(|index| id.with_value(|id| format!("{id}-{index}")))
                }
                aria-required=required.then_some("true")
                aria-describedby=move || describing.described_by()
                aria-invalid=move || judging.invalid()
                readonly=move || readonly.get()
                aria-disabled=move || readonly.get().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| {
                    on_input.run(event_target_value(&event));
                    look(false);
                }
                on:click=move |_| look(false)
                on:keydown=on_key
                on:blur=move |_| {
                    hide();
                    done();
                }
            ></textarea>
            <div node_ref=popup class="combobox-popup" popover="manual">
                // The arrow keys scroll it from the field, where the keyboard stays.
                <div
                    id=list_id
                    role="listbox"
                    tabindex="0"
                    aria-label=code.hints_label
                    on:mousedown=|event| event.prevent_default()
                >
                    {move || hints.get().into_iter().enumerate().map(option).collect_view()}
                </div>
            </div>
            <span class="visually-hidden" role="status">{said}</span>
        </div>
    };
    frame(wiring, &label, help, &class, control.into_any())
}

/// Where the cursor is, in bytes; none while something is selected.
fn cursor_of(area: &web_sys::HtmlTextAreaElement, text: &str) -> Option<usize> {
    let (start, end) = (area.selection_start().ok()??, area.selection_end().ok()??);
    (start == end).then(|| bytes(text, start))
}

/// Where a place counted in UTF-16 code units is in bytes.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// The reverse of [`bytes`].
fn utf16(text: &str, at: usize) -> u32 {
    let units = text.get(..at).unwrap_or(text).encode_utf16().count();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_browsers_count_them() {
        let text = "aé😀b";
        for (at, units) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
            assert_eq!((utf16(text, at), bytes(text, units)), (units, at));
        }
        assert_eq!(bytes(text, 99), text.len());
    }
}
