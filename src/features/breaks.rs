//! What would break: asked before something goes that others read.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

use leptos::prelude::*;
use slipway_editor::uses::Use;

use crate::{
    state::{
        document::{Asking, EditorHandle},
        target::{Target, place_words},
    },
    ui::{Button, ButtonKind, Dialog, Glyph},
};

/// Places listed at most; the rest is counted.
const MOST: usize = 20;

/// The dialog. It opens whenever the editor holds a question.
#[component]
pub fn Breaks(editor: EditorHandle, on_jump: Callback<(Target,)>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(editor.asking.with(Option::is_some)));
    let title = Signal::derive(move || {
        editor.asking.with(|asking| asking.as_ref().map(headline).unwrap_or_default())
    });
    let close = move || open.set(false);
    let on_close = Callback::new(move |()| {
        // Whoever closes without an answer says no: what asked may have its keyboard back.
        if let Some(Some(asking)) = editor.asking.try_update(Option::take) {
            asking.then.run(());
        }
    });
    let carry_on = move |_| {
        if let Some(asking) = editor.asking.try_update(Option::take).flatten() {
            close();
            editor.dispatch(&asking.command);
            asking.then.run(());
        }
    };
    let jump = Callback::new(move |(target,): (Target,)| {
        editor.asking.set(None);
        close();
        // The dialog gives the keyboard back first.
        request_animation_frame(move || on_jump.run((target,)));
    });
    view! {
        <Dialog open=open title=title on_close=on_close>
            {move || {
                let broken = editor.asking.with_untracked(|asking| {
                    asking.as_ref().map(|asking| asking.broken.clone()).unwrap_or_default()
                });
                view! { <Places editor=editor broken=broken on_jump=jump /> }
            }}
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| close())>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Danger
                    icon=Glyph::Trash
                    on_click=Callback::new(carry_on)
                >
                    {move || {
                        let word = editor
                            .asking
                            .with(|asking| asking.as_ref().map_or("Delete", Asking::word));
                        format!("{word} anyway")
                    }}
                </Button>
            </div>
        </Dialog>
    }
}

/// "2 places read what would be gone".
fn headline(asking: &Asking) -> String {
    match asking.broken.len() {
        1 => "One place reads what would be gone".to_owned(),
        count => format!("{count} places read what would be gone"),
    }
}

/// Each place, with what it reads.
#[component]
fn Places(editor: EditorHandle, broken: Vec<Use>, on_jump: Callback<(Target,)>) -> impl IntoView {
    let more = broken.len().saturating_sub(MOST);
    let row = move |one: Use| {
        let (place, label, name, target) = editor.read_untracked(|document| {
            let (place, label) = place_words(document, one.node, &one.pointer);
            let text = document.str(one.key).unwrap_or_default();
            let name = text.get(one.span.clone()).unwrap_or_default().to_owned();
            (place, label, name, Target::of(document, one.node, &one.pointer, ""))
        });
        view! {
            <li>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| on_jump.run((target.clone(),))
                >
                    {if label.is_empty() { place } else { format!("{place} → {label}") }}
                </button>
                " reads "
                <code>{name}</code>
            </li>
        }
    };
    view! {
        <p>"These would have no value in a run:"</p>
        <ul class="breaks-places">
            {broken.into_iter().take(MOST).map(row).collect_view()}
            {(more > 0).then(|| view! { <li>{format!("… and {more} more.")}</li> })}
        </ul>
    }
}
