//! The panel beside the canvas: what can be added, or the flow as a list. It can be closed, and is
//! where there is no room.

use leptos::prelude::*;
use slipway_editor::selection::Selection;
use slipway_flow::document::Key;
use web_sys::{MouseEvent, PointerEvent};

use super::{hands::Hands, popups::About};
use crate::{
    features::{
        canvas::{NodeFace, drag_new, glyph},
        outline::{Outline, RowFace},
        palette::Palette,
    },
    ui::{Anchor, Glyph, IconButton, Tab, Tabs},
};

const ADD: &str = "add";
const OUTLINE: &str = "outline";

#[component]
pub(super) fn Side(hands: Hands) -> impl IntoView {
    let Hands { preferences, editable, canvas, .. } = hands;
    // Without a word it is open where there is room, for those who can add something.
    let open = Memo::new(move |_| {
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        let roomy = width.is_none_or(|width| width > 640.0);
        preferences.side().unwrap_or(editable && roomy)
    });
    // Who can't add anything has the outline.
    let outline = Memo::new(move |_| !editable || preferences.outline());
    let chosen = Signal::derive(move || if outline.get() { OUTLINE } else { ADD }.to_owned());
    let tabs = Signal::derive(move || {
        let add = editable.then(|| Tab::new(ADD, "Add a node"));
        add.into_iter().chain([Tab::new(OUTLINE, "Outline")]).collect::<Vec<_>>()
    });
    let on_choose = Callback::new(move |id: String| preferences.set_outline(id == OUTLINE));
    let on_grab = Callback::new(move |(kind, event): (usize, PointerEvent)| {
        if editable {
            drag_new(canvas, kind, &event);
        }
    });
    let on_add = Callback::new(move |(kind,): (usize,)| hands.add(kind));
    let body = move || {
        if outline.get() {
            view! { <FlowOutline hands=hands /> }.into_any()
        } else {
            view! { <Palette glyph=glyph stage=hands.stage() on_grab=on_grab on_add=on_add /> }
                .into_any()
        }
    };
    view! {
        <div class="side" class:is-closed=move || !open.get()>
            <IconButton
                class="side-switch"
                label=Signal::derive(move || {
                    if open.get() { "Close the panel" } else { "Open the panel" }.to_owned()
                })
                icon=Signal::derive(move || if open.get() { Glyph::Back } else { Glyph::List })
                on_click=move |_| preferences.set_side(!open.get_untracked())
            />
            <Show when=move || open.get()>
                <Tabs label="Panel" tabs=tabs chosen=chosen on_choose=on_choose class="side-tabs">
                    {body}
                </Tabs>
            </Show>
        </div>
    }
}

/// The outline of the flow, wherever it stands.
#[component]
pub(super) fn FlowOutline(hands: Hands) -> impl IntoView {
    let Hands { editor, outline, preferences, counts, .. } = hands;
    let face = Callback::new(move |(key,): (Key,)| {
        let NodeFace { title, details, reference, icon, skipped, errors, warnings, .. } =
            super::faces::face(editor, counts, key);
        let details = details.join(" · ");
        RowFace { title, details, reference, icon: glyph(icon), skipped, errors, warnings }
    });
    let on_menu = Callback::new(move |(key, event): (Key, MouseEvent)| {
        event.prevent_default();
        if !editor.selection.with_untracked(|selection| selection.contains(key)) {
            hands.on_select.run((Selection::only(Some(key)),));
        }
        outline.focus(key);
        let at = Anchor::point(f64::from(event.client_x()), f64::from(event.client_y()));
        hands.open_menu_at(About::Nodes, at);
    });
    view! {
        <Outline
            editor=editor
            outline=outline
            preferences=preferences
            face=face
            on_select=hands.on_select
            on_action=Callback::new(move |(action,)| hands.press(action))
            on_menu=on_menu
        />
    }
}
