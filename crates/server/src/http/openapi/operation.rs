//! What a route takes and answers.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};
use slipway_api::envelope::{Data, Page};

use super::Parameter;

/// Makes a type's schema, or a reference to it.
type Make = fn(&mut SchemaGenerator) -> Value;

/// What a route does, in words and types.
#[derive(Clone)]
pub struct Operation {
    /// Its name for generated clients, as the vendor's own client calls it where that has it.
    pub id: &'static str,
    /// What it is for: a sentence.
    pub says: &'static str,
    /// What can stand in its query and headers.
    pub parameters: &'static [&'static Parameter],
    /// Failures beyond those that every route of its sort has.
    pub refuses: &'static [u16],
    body: Body,
    answer: Answer,
}

#[derive(Clone, Copy)]
enum Body {
    None,
    /// May be absent.
    Optional(Make),
    Needed(Make),
}

#[derive(Clone, Copy)]
enum Answer {
    Json(Make),
    /// A stream of events.
    Events,
    /// A file of this media type.
    File(&'static str),
}

fn make<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

impl Operation {
    /// Answers JSON without an envelope.
    pub fn bare<T: JsonSchema>(id: &'static str, says: &'static str) -> Self {
        Self {
            id,
            says,
            parameters: &[],
            refuses: &[],
            body: Body::None,
            answer: Answer::Json(make::<T>),
        }
    }

    /// Answers one thing, in `data`.
    pub fn data<T: JsonSchema>(id: &'static str, says: &'static str) -> Self {
        Self::bare::<Data<T>>(id, says)
    }

    /// Answers a page of a list.
    pub fn page<T: JsonSchema>(id: &'static str, says: &'static str) -> Self {
        Self { parameters: super::parameters::PAGING, ..Self::bare::<Page<T>>(id, says) }
    }

    /// Answers a file.
    pub fn file(id: &'static str, says: &'static str, kind: &'static str) -> Self {
        Self { answer: Answer::File(kind), ..Self::bare::<super::Nothing>(id, says) }
    }

    /// Also answers a stream of server-sent events.
    pub fn streams(self) -> Self {
        Self { answer: Answer::Events, ..self }
    }

    pub fn taking(self, parameters: &'static [&'static Parameter]) -> Self {
        Self { parameters, ..self }
    }

    pub fn refusing(self, refuses: &'static [u16]) -> Self {
        Self { refuses, ..self }
    }

    /// Takes a body.
    pub fn body_of<T: JsonSchema>(self) -> Self {
        Self { body: Body::Needed(make::<T>), ..self }
    }

    /// Takes a body that may be absent.
    pub fn body_or_none<T: JsonSchema>(self) -> Self {
        Self { body: Body::Optional(make::<T>), ..self }
    }

    pub(super) fn takes_body(&self) -> bool {
        !matches!(self.body, Body::None)
    }

    pub(super) fn body(&self, schemas: &mut SchemaGenerator) -> Option<Value> {
        let (schema, required) = match self.body {
            Body::None => return None,
            Body::Optional(make) => (make(schemas), false),
            Body::Needed(make) => (make(schemas), true),
        };
        Some(
            json!({ "required": required, "content": { "application/json": { "schema": schema } } }),
        )
    }

    pub(super) fn answer(&self, schemas: &mut SchemaGenerator) -> Value {
        let content = match self.answer {
            Answer::Json(make) => json!({ "application/json": { "schema": make(schemas) } }),
            Answer::File(kind) => json!({ (kind): { "schema": { "type": "string" } } }),
            Answer::Events => {
                let stream = json!({ "schema": { "type": "string" } });
                let list = json!({ "schema": make::<Data<super::EventList>>(schemas) });
                json!({ "text/event-stream": stream, "application/json": list })
            }
        };
        json!({ "description": "Done.", "content": content })
    }
}
