//! How the app speaks to a server: typed calls, what can go wrong with them in sentences, and the
//! project's event stream with an honest word about how fresh it is.
//!
//! May import: `slipway-api`, `slipway-engine` (events), gloo-net, the browser. Must not know:
//! pages, features, the shell. Every address is relative to the document's `<base href>`, so the
//! app works under any sub-path.

pub mod calls;
pub mod error;
pub mod feed;
pub mod follow;
mod http;
pub mod live;
pub mod load;

pub use calls::{Client, FlowText, RunPage, use_client};
pub use error::ClientError;
pub use follow::{Following, follow};
pub use live::{Live, use_live};
pub use load::{Load, Tasks, load, use_tasks};
