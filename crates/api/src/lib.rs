//! The wire between app and server: one description of routes, requests, responses, errors and
//! the event stream that both sides use. The routes under `/v1` are the vendor's, to the letter;
//! whatever the vendor has no public route for lives under `/slipway/v1`.
//!
//! May import: `slipway-flow`, and the event types of `slipway-engine`. Must not know: axum,
//! SQLite, the browser.

pub mod board;
pub mod envelope;
pub mod flow;
pub mod path;
pub mod resource;
pub mod run;
pub mod session;

pub use slipway_engine::event::{Event, EventBody};
pub use slipway_flow::stage;
