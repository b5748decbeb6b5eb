//! What else the document says: the members of its table that no section of their own is about,
//! and those that no table knows.

use leptos::prelude::*;
use slipway_flow::kinds::{Field, settings};

use super::{
    Desk,
    form::{self, Shown},
    section::Section,
};
use crate::state::home::Home;

const HOME: Home = Home::Settings("");

pub(super) fn view(desk: Desk) -> AnyView {
    let table = desk.editor.read_untracked(settings::around);
    let how = |field: &'static Field| {
        let elsewhere = Section::ALL.iter().any(|of| of.member() == Some(field.pointer));
        if elsewhere { Shown::Not } else { Shown::Control }
    };
    view! {
        <div data-pointer="">
            {form::problems_of(desk, HOME)}
            {form::view(desk, HOME, table, how)}
        </div>
    }
    .into_any()
}
