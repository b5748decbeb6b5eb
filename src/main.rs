//! The browser app: mounts, and shows the crash page if it ever stops.

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
