//! The browser app. It is built as two programs that share everything but their pages: whoever
//! only watches does not load the editor. `assets/start.js` chooses by the address, and a link from
//! one to the other is an ordinary load of a page.

#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod app;
mod client;
mod features;
mod pages;
mod routes;
mod shell;
mod state;
mod ui;

use client::live;
use routes::Program;

/// Starts the program that shows pipelines and runs.
pub fn watch() {
    start(Program::Watch, pages::watch, live::every);
}

/// Starts the program that edits release flows.
pub fn edit() {
    start(Program::Edit, pages::edit, live::saves);
}

fn start(program: Program, open: pages::Open, read: live::Reader) {
    shell::crash::watch();
    leptos::mount::mount_to_body(move || app::app(program, open, read));
}
