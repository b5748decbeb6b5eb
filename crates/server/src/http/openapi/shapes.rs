//! Answers and bodies that are documents: what is always in them. The rest is as its author wrote
//! it.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use slipway_api::{Event, run::RunRow};
use slipway_engine::event::RunStatus;
use slipway_flow::schema;

/// A type that is only told of.
macro_rules! shape {
    ($(#[$says:meta])* $name:ident, $make:expr) => {
        $(#[$says])*
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(schemas: &mut SchemaGenerator) -> schemars::Schema {
                let make: fn(&mut SchemaGenerator) -> schemars::Schema = $make;
                make(schemas)
            }
        }
    };
}

shape!(
    /// A release flow with what the server knows of it.
    ReleaseFlow,
    |schemas| {
        let status = schemas.subschema_for::<RunStatus>();
        json_schema!({
            "type": "object",
            "required": ["apiVersion", "spec", "status", "paused", "createdAt", "updatedAt"],
            "properties": {
                "apiVersion": { "type": "string" },
                "spec": { "type": "object" },
                "status": status,
                "paused": { "type": "boolean" },
                "stage": { "type": "string" },
                "createdAt": { "type": "string" },
                "updatedAt": { "type": "string" },
            },
        })
    }
);

shape!(
    /// A run with its own copy of the flow, `response` in the nodes that something happened to.
    RunView,
    |schemas| {
        let row = schemas.subschema_for::<RunRow>();
        json_schema!({
            "allOf": [row],
            "type": "object",
            "required": ["apiVersion", "spec", "refs"],
            "properties": { "spec": { "type": "object" }, "refs": { "type": "object" } },
        })
    }
);

shape!(
    /// A release flow as it is stored: its text, byte for byte.
    Document,
    |_| json_schema!({ "type": "object" })
);

shape!(
    /// A body of a release flow: what the schema at `/v1/schemas/release-flow` says. Members and
    /// kinds of nodes that it doesn't know are stored as they are written.
    FlowBody,
    |_| json_schema!({ "$ref": "#/components/schemas/ReleaseFlowDocument" })
);

shape!(
    /// Nothing: an empty object.
    Nothing,
    |_| json_schema!({ "type": "object" })
);

shape!(
    /// Events of a project.
    EventList,
    |schemas| {
        let event = schemas.subschema_for::<Event>();
        json_schema!({
            "type": "object",
            "required": ["events"],
            "properties": { "events": { "type": "array", "items": event } },
        })
    }
);

/// Puts the schema of release flows among the components; what it refers to is inside it.
pub(super) fn release_flow(components: &mut Map<String, Value>) {
    let mut schema = schema::release_flow();
    if let Value::Object(members) = &mut schema {
        members.remove("$schema");
    }
    lead_inside(&mut schema);
    components.insert("ReleaseFlowDocument".to_owned(), schema);
}

/// References from a schema's own root, as they are from where it stands now.
fn lead_inside(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "$ref" => {
                        if let Some(rest) = text.strip_prefix('#') {
                            *text = format!("#/components/schemas/ReleaseFlowDocument{rest}");
                        }
                    }
                    member => lead_inside(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(lead_inside),
        _ => {}
    }
}
