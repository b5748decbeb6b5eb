//! "Shortcuts": every key by group, and how keys are wanted.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

use leptos::prelude::*;
use slipway_editor::keymap::{BINDINGS, Group, KeyChoices};

use crate::{
    state::preferences::{Preferences, on_mac},
    ui::{Checkbox, Dialog},
};

#[component]
pub fn Shortcuts(open: RwSignal<bool>, preferences: Preferences) -> impl IntoView {
    let change = move |change: fn(&mut KeyChoices, bool)| {
        Callback::new(move |on: bool| {
            let mut keys = untrack(|| preferences.keys());
            change(&mut keys, on);
            preferences.set_keys(keys);
        })
    };
    let on_single = change(|keys, on| keys.single_keys = on);
    let on_tab = change(|keys, on| keys.tab_adds = on);
    view! {
        <Dialog open=open title="Shortcuts" class="shortcuts">
            <Checkbox
                label="Single-key shortcuts"
                help="Letters, digits and signs alone, such as N or /. They act only while the flow has the keyboard."
                checked=Signal::derive(move || preferences.keys().single_keys)
                on_change=on_single
            />
            <Checkbox
                label="Tab adds a node"
                help="While the flow has the keyboard. Without it, Tab leads to the next control."
                checked=Signal::derive(move || preferences.keys().tab_adds)
                on_change=on_tab
            />
            <div class="shortcut-groups">
                {Group::ALL.map(|group| view! { <Part group=group preferences=preferences /> }).collect_view()}
            </div>
        </Dialog>
    }
}

/// The shortcuts of a group: what they do, each with all its keys.
#[component]
fn Part(group: Group, preferences: Preferences) -> impl IntoView {
    let mac = on_mac();
    let mut rows: Vec<(&str, Vec<(String, bool)>)> = Vec::new();
    for binding in BINDINGS.iter().filter(|binding| binding.group == group) {
        let keys = (binding.keys(mac), binding.is_single_key());
        match rows.iter_mut().find(|(label, _)| *label == binding.label) {
            Some((_, all)) => all.push(keys),
            None => rows.push((binding.label, vec![keys])),
        }
    }
    let rows = rows
        .into_iter()
        .map(|(label, keys)| {
            let keys = keys
                .into_iter()
                .enumerate()
                .map(|(at, (keys, single))| {
                    let or = (at > 0).then_some(" or ");
                    let off = move || single && !preferences.keys().single_keys;
                    view! {
                        {or}
                        <kbd class:is-off=off>{keys}</kbd>
                        {move || off().then_some(" (off)")}
                    }
                })
                .collect_view();
            view! { <div class="shortcut"><dt>{label}</dt><dd>{keys}</dd></div> }
        })
        .collect_view();
    view! {
        <section>
            <h3>{group.title()}</h3>
            <dl>{rows}</dl>
        </section>
    }
}
