//! The types that Leptos 0.8 names from its configuration crate, and nothing more.
//!
//! The published crate reads settings for Leptos' own server out of `Cargo.toml`. Slipway's app has
//! no such server, but Cargo unifies features: that crate switches on every feature of `regex`, and
//! with them some 150 KB of Unicode tables in the app that every visitor downloads. This crate takes
//! its place by `[patch.crates-io]` in the workspace manifest. Leptos only reads these fields inside
//! components for pages rendered by a server, which the app never mounts.
//!
//! May import nothing. Drop it when Leptos no longer asks for the published crate's features.

use std::sync::Arc;

/// Where a page rendered by a server finds its script and style files.
#[derive(Clone, Debug)]
pub struct LeptosOptions {
    /// File name, without extension, of the app's script and WebAssembly module.
    pub output_name: Arc<str>,
    /// Folder on disk that holds the built site.
    pub site_root: Arc<str>,
    /// Folder inside the site, and part of the URL, that holds the packaged files.
    pub site_pkg_dir: Arc<str>,
    /// TCP port of the reload socket during development.
    pub reload_port: u32,
    /// The same port as seen from outside a container, where it differs.
    pub reload_external_port: Option<u32>,
    /// Scheme of the reload socket.
    pub reload_ws_protocol: ReloadWSProtocol,
    /// Whether file names carry a hash of their content.
    pub hash_files: bool,
    /// Name of the file that lists those hashes, next to the server's executable.
    pub hash_file: Arc<str>,
}

/// Scheme of the reload socket: plain or over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReloadWSProtocol {
    WS,
    WSS,
}
