//! What evaluating is given: values for names, the time, and whoever keeps secrets.

use std::fmt;

use serde_json::{Map, Value};

use crate::arguments::Sources;

/// What the names in an expression stand for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub args: &'a Map<String, Value>,
    /// Outputs of finished nodes and values of triggers, by ref.
    pub refs: &'a Map<String, Value>,
    /// Where the arguments came from; a name that isn't in it was given for this run.
    pub sources: Option<&'a Sources>,
    /// The time for `date()`, in milliseconds since 1970.
    pub now: Option<i64>,
    pub secrets: Option<&'a dyn Secrets>,
    /// What `template.…` reads: the template around the flow.
    pub outer: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// Arguments and refs, and nothing else.
    #[must_use]
    pub fn new(args: &'a Map<String, Value>, refs: &'a Map<String, Value>) -> Self {
        Self { args, refs, sources: None, now: None, secrets: None, outer: None }
    }
}

/// What keeps secrets. Only asked by functions.
pub trait Secrets: fmt::Debug {
    /// The random secret that was kept for this place, or a new one that is kept from now on. The
    /// place is what the caller evaluates, and where in it the call stands.
    fn random(&self, request: &SecretRequest) -> Option<String>;

    /// The global secret with this ID: an object with `values` and `files`.
    fn global(&self, id: &str) -> Option<Value>;
}

/// A random secret that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRequest {
    /// As the function has it: from 1 to 4096.
    pub length: usize,
    pub encoding: Encoding,
    /// Where in the text the function's call begins, in bytes.
    pub at: usize,
}

/// How a random secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Base64,
    Hex,
}
