//! What menus, the command palette and "Add a node" list: readings of the tables of keys, kinds and
//! views, and of the flow.

use leptos::prelude::*;
use slipway_editor::{
    command::lost_by_switch,
    keymap::{BINDINGS, Binding, KeyAction, binding},
    search::SearchIndex,
};
use slipway_flow::{
    document::{Document, Key},
    kinds,
};

use super::{hands::Hands, view::View};
use crate::{
    features::canvas::glyph,
    state::preferences::on_mac,
    ui::{Glyph, Item},
};

/// Nodes that the command palette lists at once.
const MOST: usize = 40;

/// What can be chosen in a list, and how its item is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// By its place in the table of keys.
    Do(KeyAction),
    Show(View),
    /// A kind, by its index.
    Add(usize),
    /// A node, by its number.
    Go(u32),
    /// Makes the selected node another kind.
    Become(usize),
    /// A flow of a larger document, by its number.
    Open(u32),
    Import,
    Export,
    /// Lays the code out anew.
    Format,
}

impl Choice {
    fn id(self) -> String {
        match self {
            Self::Do(action) => {
                let at = BINDINGS.iter().position(|binding| binding.action == action);
                format!("do:{}", at.unwrap_or_default())
            }
            Self::Show(view) => format!("show:{}", view.word()),
            Self::Add(kind) => format!("add:{kind}"),
            Self::Go(node) => format!("go:{node}"),
            Self::Become(kind) => format!("become:{kind}"),
            Self::Open(flow) => format!("open:{flow}"),
            Self::Import => "file:import".to_owned(),
            Self::Export => "file:export".to_owned(),
            Self::Format => "code:format".to_owned(),
        }
    }

    pub(super) fn parse(id: &str) -> Option<Self> {
        let (what, which) = id.split_once(':')?;
        match what {
            "file" if which == "import" => Some(Self::Import),
            "file" => Some(Self::Export),
            "code" => Some(Self::Format),
            "do" => BINDINGS.get(which.parse::<usize>().ok()?).map(|it| Self::Do(it.action)),
            "show" => View::parse(which).map(Self::Show),
            "add" => which.parse().ok().map(Self::Add),
            "go" => which.parse().ok().map(Self::Go),
            "open" => which.parse().ok().map(Self::Open),
            "become" => which.parse().ok().map(Self::Become),
            _ => None,
        }
    }
}

/// An action as an item; nothing for one without keys.
fn action_item(hands: Hands, group: &str, action: KeyAction) -> Option<Item> {
    let Binding { label, .. } = binding(action)?;
    let word = match action {
        KeyAction::Undo => untrack(|| hands.editor.undo_label()),
        KeyAction::Redo => untrack(|| hands.editor.redo_label()),
        _ => None,
    };
    Some(Item {
        id: Choice::Do(action).id(),
        group: group.to_owned(),
        label: word.map_or_else(|| (*label).to_owned(), |word| format!("{label}: {word}")),
        keys: binding(action).map(|binding| binding.keys(on_mac())).unwrap_or_default(),
        reason: hands.reason(action),
        icon: icon(action),
        ..Item::default()
    })
}

const fn icon(action: KeyAction) -> Option<Glyph> {
    Some(match action {
        KeyAction::Edit | KeyAction::Rename => Glyph::Pencil,
        KeyAction::Add => Glyph::Plus,
        KeyAction::Delete => Glyph::Trash,
        KeyAction::Duplicate | KeyAction::Copy => Glyph::Template,
        KeyAction::ToggleSkip => Glyph::Skip,
        KeyAction::Undo => Glyph::Undo,
        KeyAction::Redo => Glyph::Redo,
        KeyAction::Save => Glyph::Save,
        KeyAction::Run => Glyph::Play,
        KeyAction::Commands => Glyph::Command,
        KeyAction::Help => Glyph::Question,
        KeyAction::SwitchWorkflow => Glyph::Loop,
        _ => return None,
    })
}

/// The kinds that can be added, for a query. Those that make no sense in this stage say why.
pub(super) fn kinds_for(hands: Hands, query: &str, verb: &str) -> Vec<Item> {
    let locked = hands.locked.get_untracked();
    let item = |index: usize| {
        let kind = kinds::all().get(index)?;
        let label =
            if verb.is_empty() { kind.title.to_owned() } else { format!("{verb} {}", kind.title) };
        Some(Item {
            id: Choice::Add(index).id(),
            group: if verb.is_empty() { kind.section.title().to_owned() } else { verb.to_owned() },
            icon: Some(glyph(kind.icon)),
            label,
            help: kind.help.to_owned(),
            reason: locked.clone().or_else(|| kind.refusal(untrack(|| hands.stage()))),
            keys: String::new(),
        })
    };
    let mut items: Vec<Item> = kinds::offered(query).into_iter().filter_map(item).collect();
    // What is found by its name comes first, so headings would repeat: a search has none.
    if !query.trim().is_empty() && verb.is_empty() {
        for item in &mut items {
            item.group = "Found".to_owned();
        }
    }
    items
}

/// The actions and views, as they can be done now: tried once, when the command palette opens.
pub(super) fn actions(hands: Hands) -> Vec<Item> {
    let mut actions: Vec<KeyAction> = Vec::new();
    for binding in BINDINGS {
        if is_command(binding.action) && !actions.contains(&binding.action) {
            actions.push(binding.action);
        }
    }
    let actions = actions.into_iter().filter_map(|action| action_item(hands, "Actions", action));
    let now = hands.view.get_untracked();
    let views = View::ALL.into_iter().map(|view| Item {
        id: Choice::Show(view).id(),
        group: "Views".to_owned(),
        label: format!("Show: {}", view.label()),
        icon: Some(view.glyph()),
        reason: (view == now).then(|| "It is shown now.".to_owned()),
        ..Item::default()
    });
    let open = untrack(|| hands.editor.flow());
    let flows = untrack(|| hands.all_flows()).into_iter().map(|(flow, title)| Item {
        id: Choice::Open(flow.number()).id(),
        group: "Flows in this document".to_owned(),
        label: format!("Open: {title}"),
        icon: Some(Glyph::Template),
        reason: (flow == open).then(|| "It is open now.".to_owned()),
        ..Item::default()
    });
    let locked = hands.locked.get_untracked();
    let whole = [
        (Choice::Import, "Import a file", Some(Glyph::Import), locked.clone()),
        (Choice::Export, "Export as a file", Some(Glyph::Export), None),
        (Choice::Format, "Format the code", None, locked),
    ];
    let whole = whole.into_iter().map(|(choice, label, icon, reason)| Item {
        id: choice.id(),
        group: "Actions".to_owned(),
        label: label.to_owned(),
        icon,
        reason,
        ..Item::default()
    });
    actions.chain(whole).chain(views).chain(flows).collect()
}

/// Everything that can be done: actions, views, kinds to add, nodes to go to; what was used last
/// comes first.
pub(super) fn commands(
    hands: Hands,
    actions: &[Item],
    index: &SearchIndex,
    query: &str,
) -> Vec<Item> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let has = |item: &&Item| {
        let text = item.label.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    // What is undone may be called anything: what an action itself is called comes first.
    let (mut items, rest): (Vec<Item>, Vec<Item>) =
        actions.iter().filter(has).cloned().partition(|item| {
            let own = item.label.split(": ").next().unwrap_or_default().to_lowercase();
            words.iter().all(|word| own.contains(word.as_str()))
        });
    items.extend(rest);
    // A kind is also found by its help; the verb may stand before it.
    let kind = words.iter().filter(|word| *word != "add").cloned().collect::<Vec<_>>().join(" ");
    items.extend(kinds_for(hands, &kind, "Add"));
    if words.is_empty() {
        let recent = untrack(|| hands.preferences.recent());
        let known = |id: &String| items.iter().find(|item| item.id == *id).cloned();
        let recent = recent.iter().filter_map(known);
        let recent: Vec<Item> =
            recent.map(|item| Item { group: "Recent".to_owned(), ..item }).collect();
        items.splice(0..0, recent);
        return items;
    }
    items.extend(nodes(hands, index, query));
    items
}

/// Whether an action is something to choose from a list.
const fn is_command(action: KeyAction) -> bool {
    use KeyAction as A;
    !matches!(action, A::Walk(_) | A::First | A::Last | A::Leave | A::Menu | A::Commands)
}

fn nodes(hands: Hands, index: &SearchIndex, query: &str) -> Vec<Item> {
    let query = query.trim();
    let query = query.strip_prefix("go to ").unwrap_or(query);
    let (found, all) = index.best(query, MOST);
    let group = if all > found.len() {
        format!("Go to ({} of {all}: type more to find others)", found.len())
    } else {
        "Go to".to_owned()
    };
    hands.editor.read_untracked(|document| {
        let item = |key: Key| Item {
            id: Choice::Go(key.number()).id(),
            group: group.clone(),
            icon: kinds::of(document, key).map(|kind| glyph(kind.icon)),
            label: format!("Go to {}", kinds::title(document, key)),
            help: way(document, key),
            ..Item::default()
        };
        found.into_iter().map(item).collect()
    })
}

/// What tells nodes of one title apart: the ref, and the place.
fn way(document: &Document, key: Key) -> String {
    let name = document.node(key).reference().filter(|name| !name.is_empty());
    let name = name.map(|name| format!("ref {name}, "));
    let step = document.index_in_parent(key).zip(document.workflow_of(key));
    let step = step.map_or_else(
        || "the outermost".to_owned(),
        |(at, workflow)| format!("step {} of {}", at + 1, kinds::title(document, workflow)),
    );
    format!("{}{step}", name.unwrap_or_default())
}

/// The menu of the selected nodes.
pub(super) fn node_menu(hands: Hands) -> Vec<Item> {
    use KeyAction as A;
    use slipway_editor::keymap::Direction as D;
    use slipway_flow::document::WorkflowType as W;
    let nodes = hands.editor.chosen();
    let one: &[A] =
        if nodes.len() == 1 { &[A::Edit, A::Rename, A::ToggleSkip] } else { &[A::ToggleSkip] };
    let parts: [&[A]; 5] = [
        one,
        &[A::Add, A::Copy, A::Cut, A::Paste, A::Duplicate, A::Delete],
        &[A::Move(D::Up), A::Move(D::Down), A::Move(D::Out), A::Move(D::In)],
        &[A::Wrap(W::Sequential), A::Wrap(W::Parallel), A::Unwrap, A::SwitchWorkflow],
        &[A::SelectUpstream, A::SelectDownstream, A::FitSelection],
    ];
    let mut items = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        let group = at.to_string();
        items.extend(part.iter().filter_map(|action| action_item(hands, &group, *action)));
        if let (3, [node]) = (at, nodes.as_slice()) {
            items.extend(others(hands, *node));
        }
    }
    items
}

/// What a node can become: the other kinds that share its name. Workflows have an action for it.
fn others(hands: Hands, node: Key) -> Vec<Item> {
    hands.editor.read_untracked(|document| {
        let Some(now) = kinds::of(document, node) else { return Vec::new() };
        let same = kinds::all().iter().enumerate().filter(|(_, kind)| {
            kind.kind == now.kind && !kind.container && !std::ptr::eq(**kind, now)
        });
        same.map(|(index, kind)| {
            let lost = lost_by_switch(document, node, index).into_iter().filter(|field| {
                let value = document.resolve_from(node, field.pointer);
                value.is_some_and(|value| document.str(value) != Some(""))
            });
            let lost: Vec<&str> = lost.map(|field| field.label).collect();
            let help = if lost.is_empty() {
                "Nothing is lost.".to_owned()
            } else {
                format!("What is lost: {}. The rest stays.", lost.join(", "))
            };
            Item {
                id: Choice::Become(index).id(),
                group: "become".to_owned(),
                icon: Some(glyph(kind.icon)),
                label: format!("Change to {}", kind.title),
                help,
                reason: hands
                    .locked
                    .get_untracked()
                    .or_else(|| kind.refusal(untrack(|| hands.stage()))),
                ..Item::default()
            }
        })
        .collect()
    })
}

/// The menu of the canvas where no node is.
pub(super) fn canvas_menu(hands: Hands) -> Vec<Item> {
    use KeyAction as A;
    let parts: [&[A]; 4] = [
        &[A::Add, A::Paste],
        &[A::Undo, A::Redo, A::SelectAll],
        &[A::Fit, A::ActualSize],
        &[A::Search, A::Commands, A::Help],
    ];
    menu_of(hands, &parts)
}

fn menu_of(hands: Hands, parts: &[&[KeyAction]]) -> Vec<Item> {
    let items = parts.iter().enumerate().flat_map(|(at, part)| {
        part.iter().filter_map(move |action| action_item(hands, &at.to_string(), *action))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_was_listed() {
        let choices = [
            Choice::Do(KeyAction::Unwrap),
            Choice::Show(View::Resources),
            Choice::Add(3),
            Choice::Go(12),
            Choice::Become(4),
            Choice::Open(7),
            Choice::Import,
            Choice::Export,
            Choice::Format,
        ];
        for choice in choices {
            assert_eq!(Choice::parse(&choice.id()), Some(choice));
        }
        assert_eq!(Choice::parse("do:9999"), None);
    }
}
