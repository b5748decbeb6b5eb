//! The server as its callers meet it: a real port, a real database, real project files.

mod errors;
mod events;
mod flows;
mod lists;
mod process;
mod roles;
mod runs;
mod session;
mod site;
mod world;
