//! A small kit of parts on native elements. It knows nothing of pipelines or releases (only the
//! status words of `slipway-engine`, so that they look the same everywhere). Props in, callbacks
//! out; every part takes a `class`, and further attributes with Leptos's `attr:`.
//!
//! May import: leptos, web-sys, `slipway-engine` for status words. Must not know: client, state,
//! features, pages, shell.

pub mod button;
pub mod code_field;
pub mod combobox;
pub mod crumbs;
pub mod dialog;
pub mod field;
pub mod finder;
pub mod heading;
pub mod icon;
pub mod item;
pub mod menu;
pub mod note;
pub mod popover;
pub mod status;
pub mod tabs;
pub mod time;
pub mod toast;

use std::sync::atomic::{AtomicU32, Ordering};

pub use button::{Button, ButtonKind, IconButton, LinkButton};
pub use code_field::{Code, CodeField, Hint, Piece};
pub use combobox::{Asked, ComboBox, Offer, Offers};
pub use crumbs::{Breadcrumbs, Crumb};
pub use dialog::Dialog;
pub use field::{Checkbox, Choice, Select, TextArea, TextField};
pub use finder::Finder;
pub use heading::PageHeading;
pub use icon::{Glyph, Icon};
pub use item::Item;
pub use menu::{ActionMenu, Menu, MenuButton, MenuLink};
pub use note::{Badge, Empty, ErrorNote, Loading, Notice, Tone};
pub use popover::{Anchor, Popover};
pub use status::{NodeStatusMark, RunStatusMark};
pub use tabs::{Tab, Tabs};
pub use time::{Clock, Elapsed, Time, use_clock};
pub use toast::{ToastRegion, Toasts, use_toasts};

/// An element id that no other element of this page has.
#[must_use]
pub fn unique_id(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{what}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Joins class names, leaving out empty ones.
#[must_use]
pub fn classes(names: &[&str]) -> String {
    let names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    names.join(" ")
}

/// Enough of an id to tell it from others: short ones whole (ids of builds of one commit differ in
/// their ends only), long ones (UUIDs) by their first eight characters.
#[must_use]
pub fn short_id(id: &str) -> String {
    if id.chars().count() <= 20 { id.to_owned() } else { id.chars().take(8).collect() }
}

#[cfg(test)]
mod tests {
    use super::short_id;

    #[test]
    fn builds_of_one_commit_stay_apart() {
        assert_eq!(short_id("44ba4ca4-fdfd556c"), "44ba4ca4-fdfd556c");
        assert_eq!(short_id("7d444840-9dc0-11d1-b245-5ffdce74fad2"), "7d444840");
    }
}
