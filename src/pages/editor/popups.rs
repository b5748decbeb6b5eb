//! What opens above the editor: "Add a node", the menu, the command palette, the shortcuts, the
//! dialog that renames. Each gives the keyboard back before what was chosen is done.

use leptos::{prelude::*, reactive::owner::LocalStorage};
use slipway_editor::{command::Command, keymap::place_for_new, layout::Place, search::SearchIndex};
use slipway_flow::document::Key;

use super::{
    entries::{self, Choice},
    hands::Hands,
    saving::choose_file,
};
use crate::{
    features::{rename::RenameRef, shortcuts::Shortcuts},
    ui::{ActionMenu, Anchor, Dialog, Finder, Item, Popover},
};

/// What a menu is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The selected nodes.
    Nodes,
    Canvas,
}

/// Which of them are open, and what they are about.
#[derive(Clone, Copy)]
pub(super) struct Popups {
    adding: RwSignal<Option<Anchor>>,
    /// Where the new node goes.
    place: StoredValue<Option<Place>>,
    menu: RwSignal<Option<Anchor>>,
    about: StoredValue<About>,
    pub(super) commands: RwSignal<bool>,
    pub(super) shortcuts: RwSignal<bool>,
    pub(super) renaming: RwSignal<Option<Key>>,
    /// Made when the command palette opens.
    index: StoredValue<SearchIndex, LocalStorage>,
    actions: StoredValue<Vec<Item>>,
}

impl Popups {
    pub(super) fn new() -> Self {
        Self {
            adding: RwSignal::new(None),
            place: StoredValue::new(None),
            menu: RwSignal::new(None),
            about: StoredValue::new(About::Canvas),
            commands: RwSignal::new(false),
            shortcuts: RwSignal::new(false),
            renaming: RwSignal::new(None),
            index: StoredValue::new_local(SearchIndex::default()),
            actions: StoredValue::new(Vec::new()),
        }
    }
}

impl Hands {
    /// Offers what can be added at a place; without one, where the selection is.
    pub(super) fn offer(self, place: Option<Place>, anchor: Option<Anchor>) {
        if self.is_locked() {
            return;
        }
        let focus = untrack(|| self.editor.selected());
        let here = || self.editor.layout.with_untracked(|layout| place_for_new(layout, focus));
        self.popups.place.set_value(place.or_else(here));
        self.popups.adding.set(Some(anchor.unwrap_or_else(|| self.anchor())));
    }

    /// Opens the menu of the selected nodes, else of the canvas, where the keyboard is.
    pub(super) fn open_menu(self) {
        let nodes = untrack(|| self.editor.selected()).is_some();
        self.open_menu_at(if nodes { About::Nodes } else { About::Canvas }, self.anchor());
    }

    pub(super) fn open_menu_at(self, about: About, anchor: Anchor) {
        self.popups.about.set_value(about);
        self.popups.menu.set(Some(anchor));
    }

    pub(super) fn open_commands(self) {
        let index = self.editor.read_untracked(SearchIndex::of);
        self.popups.index.set_value(index);
        self.popups.actions.set_value(entries::actions(self));
        self.popups.commands.set(true);
    }

    /// Where the keyboard is, else the middle of the window.
    fn anchor(self) -> Anchor {
        let active = document().active_element().filter(|it| it.tag_name() != "BODY");
        let is_item =
            |it: &web_sys::Element| it.get_attribute("role").as_deref() == Some("treeitem");
        match active.filter(is_item) {
            Some(item) => {
                let anchor = Anchor::of(&item);
                // A workflow may be larger than the window: its title bar counts.
                Anchor { bottom: anchor.bottom.min(anchor.top + 72.0), ..anchor }
            }
            None => {
                let width = window().inner_width().ok().and_then(|width| width.as_f64());
                Anchor::point(width.unwrap_or_default() / 2.0 - 160.0, 120.0)
            }
        }
    }

    /// Does what was chosen in a list, once the keyboard is back.
    fn choose(self, id: &str) {
        let Some(choice) = Choice::parse(id) else { return };
        if !matches!(choice, Choice::Go(_) | Choice::Become(_) | Choice::Open(_)) {
            self.preferences.used(id);
        }
        request_animation_frame(move || self.carry_out(choice));
    }

    fn carry_out(self, choice: Choice) {
        match choice {
            Choice::Do(action) => drop(self.act(action)),
            Choice::Show(view) => self.show(view),
            Choice::Add(kind) => self.add(kind),
            Choice::Go(number) => {
                let nodes = self.editor.read_untracked(slipway_flow::document::Document::nodes);
                if let Some(node) = nodes.into_iter().find(|node| node.number() == number) {
                    self.go_to(node);
                }
            }
            Choice::Become(kind) => {
                if let Some(node) = untrack(|| self.editor.selected()) {
                    let then = Callback::new(move |()| self.follow());
                    self.editor.dispatch_or_ask(Command::SwitchKind { node, kind }, then);
                }
            }
            Choice::Open(number) => {
                let flows = untrack(|| self.all_flows());
                if let Some((flow, _)) = flows.iter().find(|(flow, _)| flow.number() == number) {
                    self.enter_flow(*flow);
                }
            }
            Choice::Import => choose_file(),
            Choice::Export => self.saving.export(),
            Choice::Format => self.editor.format(),
        }
    }
}

#[component]
pub(super) fn PopupLayer(hands: Hands) -> impl IntoView {
    let popups = hands.popups;
    let find_kind = Callback::new(move |(query,): (String,)| entries::kinds_for(hands, &query, ""));
    let on_kind = Callback::new(move |(id,): (String,)| {
        popups.adding.set(None);
        if let Some(Choice::Add(kind)) = Choice::parse(&id) {
            let place = popups.place.get_value();
            request_animation_frame(move || match place {
                Some(place) => hands.add_at(kind, place),
                None => hands.begin(Some(kind)),
            });
        }
    });
    let find_command = Callback::new(move |(query,): (String,)| {
        popups.index.with_value(|index| {
            popups.actions.with_value(|actions| entries::commands(hands, actions, index, &query))
        })
    });
    let on_command = Callback::new(move |(id,): (String,)| {
        popups.commands.set(false);
        hands.choose(&id);
    });
    let on_item = Callback::new(move |(id,): (String,)| {
        popups.menu.set(None);
        hands.choose(&id);
    });
    let menu_items = move || -> (&'static str, Vec<Item>) {
        match popups.about.get_value() {
            About::Nodes if hands.editor.chosen().len() > 1 => {
                ("Menu of the selected nodes", entries::node_menu(hands))
            }
            About::Nodes => ("Menu of the node", entries::node_menu(hands)),
            About::Canvas => ("Menu of the canvas", entries::canvas_menu(hands)),
        }
    };
    view! {
        <Popover anchor=popups.adding label="Add a node here" class="adding">
            <Finder
                label="Find a kind of node"
                list="Kinds of node"
                placeholder="Find a kind: title, name or what it does"
                find=find_kind
                on_choose=on_kind
                none="No kind of node is called so."
            />
        </Popover>
        <Popover anchor=popups.menu label="Menu" class="menu">
            {move || {
                let (label, items) = menu_items();
                view! { <ActionMenu label=label items=items on_choose=on_item /> }
            }}
        </Popover>
        <Dialog open=popups.commands title="Commands" class="commands">
            <Finder
                label="Find a command, a kind or a node"
                list="Commands"
                placeholder="Find a command, a kind or a node"
                find=find_command
                on_choose=on_command
                none="Nothing is called so."
            />
        </Dialog>
        <Shortcuts open=popups.shortcuts preferences=hands.preferences />
        <RenameRef
            node=popups.renaming
            editor=hands.editor
            on_done=Callback::new(move |()| hands.follow())
        />
    }
}
