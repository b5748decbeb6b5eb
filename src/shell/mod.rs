//! What surrounds every page: header, freshness of the connection, who is signed in, theme,
//! messages, and the page that appears when the app itself has stopped.
//!
//! May import: `client`, `state`, `ui`, `routes`. Must not know: features, pages.

mod account;
pub mod crash;
mod frame;
mod freshness;
pub mod theme;

pub use frame::Frame;
