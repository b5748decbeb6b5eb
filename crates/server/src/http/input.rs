//! What handlers take in: places in the path, query values, bodies.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{StatusCode, request::Parts},
};
use serde_json::{Map, Value};
use slipway_api::{flow::MAX_FLOW_BYTES, stage::Stage};

use super::answer::Failed;
use crate::access::Identity;

/// Bytes that a release flow may have.
pub const FLOW_LIMIT: usize = MAX_FLOW_BYTES as usize;
/// Bytes that any other body may have.
pub const BODY_LIMIT: usize = 1 << 20;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The named parts of the path, decoded.
#[derive(Debug)]
pub struct At(BTreeMap<String, String>);

impl At {
    pub fn project(&self) -> String {
        self.part("project")
    }

    pub fn service(&self) -> String {
        self.part("service")
    }

    pub fn pipeline(&self) -> String {
        self.part("pipeline")
    }

    pub fn run(&self) -> String {
        self.part("run")
    }

    /// A revision's number.
    pub fn revision(&self) -> Result<i64, Failed> {
        let number = self.part("revision").parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| Failed::field("revision", "\"revision\" must be a whole number"))
    }

    /// In any case; there are three.
    pub fn stage(&self) -> Result<Stage, Failed> {
        Stage::parse(&self.part("stage")).ok_or_else(|| {
            Failed::field("stage", "\"stage\" must be one of [development, staging, production]")
        })
    }

    fn part(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        // What fails is a segment that isn't UTF-8 once decoded: nothing has such a name.
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_| Failed::no_route())?;
        Ok(Self(params.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()))
    }
}

/// Who asks; there is always somebody behind a route that needs a role.
#[derive(Debug, Clone)]
pub struct Who(pub Identity);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Failed::unauthorized)
    }
}

/// The query's values; of a name that comes twice the last one.
#[derive(Debug, Default)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, least: u64, most: u64) -> Result<Option<u64>, Failed> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number: u64 = text
            .parse()
            .map_err(|_| Failed::field(name, format!("\"{name}\" must be a whole number")))?;
        if number < least {
            let sentence = format!("\"{name}\" must be greater than or equal to {least}");
            return Err(Failed::field(name, sentence));
        }
        if number > most {
            let sentence = format!("\"{name}\" must be less than or equal to {most}");
            return Err(Failed::field(name, sentence));
        }
        Ok(Some(number))
    }

    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Failed> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Failed::field(name, format!("\"{name}\" must be true or false"))),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let query = parts.uri.query().unwrap_or("");
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

/// A body as text, `MOST` bytes at most. May be empty.
#[derive(Debug)]
pub struct Text<const MOST: usize>(pub String);

impl<S: Send + Sync, const MOST: usize> FromRequest<S> for Text<MOST> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let bytes = tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), MOST)).await;
        let bytes = bytes.map_err(|_| too_slow())?.map_err(|error| too_much(&error, MOST))?;
        String::from_utf8(bytes.into())
            .map(Self)
            .map_err(|_| Failed::field("object", "the body must be JSON, in UTF-8"))
    }
}

fn too_slow() -> Failed {
    let message = format!("The body didn't arrive within {} seconds.", BODY_TIME.as_secs());
    Failed::new(StatusCode::REQUEST_TIMEOUT, message)
}

fn too_much(error: &axum::Error, most: usize) -> Failed {
    let limit = std::error::Error::source(error)
        .is_some_and(|source| source.to_string().contains("length limit exceeded"));
    if limit {
        let message = format!("The body is too large: at most {most} bytes are accepted here.");
        return Failed::new(StatusCode::PAYLOAD_TOO_LARGE, message).id("slipway-body-too-large");
    }
    Failed::new(StatusCode::BAD_REQUEST, "The body ended before it was complete.")
}

/// A JSON object as a body, read member by member so that every fault names its field. An empty
/// body is an empty object; members that nobody asks for are left alone.
#[derive(Debug, Default)]
pub struct Fields {
    members: Map<String, Value>,
    faults: BTreeMap<String, Vec<String>>,
}

impl Fields {
    pub fn string(&mut self, name: &str) -> Option<String> {
        match self.members.remove(name)? {
            Value::String(text) => Some(text),
            _ => self.fault(name, format!("\"{name}\" must be a string")),
        }
    }

    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.members.remove(name)? {
            Value::Bool(value) => Some(value),
            _ => self.fault(name, format!("\"{name}\" must be a boolean")),
        }
    }

    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.members.remove(name)? {
            Value::Object(members) => Some(members),
            _ => self.fault(name, format!("\"{name}\" must be of type object")),
        }
    }

    /// An object whose members are objects.
    pub fn objects(&mut self, name: &str) -> BTreeMap<String, Map<String, Value>> {
        let mut objects = BTreeMap::new();
        for (member, value) in self.object(name).unwrap_or_default() {
            if let Value::Object(value) = value {
                objects.insert(member, value);
                continue;
            }
            let field = format!("{name}.{member}");
            let sentence = format!("\"{field}\" must be of type object");
            self.faults.entry(field).or_default().push(sentence);
        }
        objects
    }

    /// Notes a fault of a field.
    pub fn fault<T>(&mut self, field: &str, sentence: String) -> Option<T> {
        self.faults.entry(field.to_owned()).or_default().push(sentence);
        None
    }

    /// # Errors
    /// All faults that were noted.
    pub fn finish(self) -> Result<(), Failed> {
        if self.faults.is_empty() { Ok(()) } else { Err(Failed::invalid(self.faults)) }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let Text(text) = Text::<BODY_LIMIT>::from_request(request, state).await?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_str(&text) {
            Ok(Value::Object(members)) => Ok(Self { members, ..Self::default() }),
            Ok(_) => Err(Failed::field("object", "the body must be a JSON object")),
            Err(error) => Err(Failed::field("object", format!("the body is not JSON: {error}"))),
        }
    }
}
