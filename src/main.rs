//! The browser app: mounts, and shows the crash page if it ever stops.

#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod app;
mod client;
mod features;
mod pages;
mod routes;
mod shell;
mod state;
mod ui;

fn main() {
    shell::crash::watch();
    leptos::mount::mount_to_body(app::App);
}
