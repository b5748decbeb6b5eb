//! What the routes are, for machines: an OpenAPI 3.1 document, made from the table of routes and
//! from the types of the wire.
//!
//! - `operation`: what a route takes and answers. - `parameters`: what stands in paths and queries.
//! - `shapes`: answers that are documents. - `page`: the description, to read.
//!
//! May import: the wire's types, the schema of release flows.

mod operation;
pub mod page;
mod parameters;
mod shapes;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use slipway_api::{envelope::Failure, session::Role};

use super::Route;
pub use operation::Operation;
pub use parameters::{
    AFTER, BRANCH, CONCLUDED, CURSOR, FORMAT, FROM, IF_MATCH, IF_NONE_MATCH, LAST_EVENT_ID, LIMIT,
    NODE, OF_RUN, PAGE, PER_PAGE, Parameter, REASON, STATUS,
};
pub use shapes::{Document, EventList, FlowBody, Nothing, ReleaseFlow, RunView};

/// The whole document, of a server whose pages are below a base path.
pub fn document(table: &[Route], base: &str) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut schemas = settings.into_generator();
    let failure = schemas.subschema_for::<Failure>().to_value();
    let mut paths = Map::new();
    for route in table {
        let place = || json!({ "parameters": parameters::of_path(&route.path) });
        let methods = paths.entry(&*route.path).or_insert_with(place);
        methods[route.method.as_str().to_lowercase()] = described(route, &failure, &mut schemas);
    }
    let mut components: Map<String, Value> = schemas.take_definitions(true);
    shapes::release_flow(&mut components);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Slipway",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
        },
        "servers": [{ "url": if base.len() > 1 { base.trim_end_matches('/') } else { "/" } }],
        "tags": [
            { "name": "vendor", "description": "As Northflank's API has it: its clients work against these." },
            { "name": "slipway", "description": "What the vendor has no public route for." },
        ],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "slipway" },
            },
        },
    })
}

const DESCRIPTION: &str = "Pipelines, release flows and runs. Under `/v1` the routes are \
Northflank's, to the letter, with their twins under `/v1/teams/{team}`; what it has no public route \
for is under `/slipway/v1`. Success is always status 200, with the answer in `data`; a list has \
exactly one member there, and `pagination` beside it. A failure has `error`, with a sentence.";

fn described(route: &Route, failure: &Value, schemas: &mut SchemaGenerator) -> Value {
    let Operation { id, says, parameters, .. } = &route.tells;
    let is_ours = route.path.starts_with("/slipway/");
    let in_team = route.path.starts_with("/v1/teams/");
    let needs = route.needs.map_or("anybody", Role::word);
    let mut operation = json!({
        "operationId": if in_team { format!("{id}InTeam") } else { (*id).to_owned() },
        "summary": says,
        "tags": [if is_ours { "slipway" } else { "vendor" }],
        "x-slipway-role": needs,
        "parameters": parameters.iter().map(Parameter::described).collect::<Vec<_>>(),
        "responses": responses(route, failure, schemas),
        "security": if route.needs.is_some() { json!([{ "token": [] }, { "session": [] }]) } else { json!([]) },
    });
    if let Some(body) = route.tells.body(schemas) {
        operation["requestBody"] = body;
    }
    operation
}

/// Every answer that the route can give.
fn responses(route: &Route, failure: &Value, schemas: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    responses.insert("200".to_owned(), route.tells.answer(schemas));
    for (status, says) in route.failures() {
        let content = json!({ "application/json": { "schema": failure } });
        let answer = json!({ "description": says, "content": content });
        responses.insert(status.to_string(), answer);
    }
    Value::Object(responses)
}

impl Route {
    /// The ways in which the route can refuse, by status.
    fn failures(&self) -> impl Iterator<Item = (u16, &'static str)> {
        let has_place = self.path.contains('{');
        let takes_body = self.tells.takes_body();
        let needs = self.needs.is_some();
        let more = self.tells.refuses;
        ALL_FAILURES.into_iter().filter(move |(status, _)| match status {
            400 | 405 | 421 | 503 => true,
            404 => has_place || more.contains(&404),
            401 | 403 | 429 => needs || more.contains(status),
            408 | 413 => takes_body,
            _ => more.contains(status),
        })
    }
}

/// What each status of a failure means here.
const ALL_FAILURES: [(u16, &str); 13] = [
    (400, "The request can't be read; `details` says what is wrong with which field."),
    (401, "No credential, or an unknown one."),
    (403, "The credential's role may not do this, or a cookie came from a page of another site."),
    (404, "There is no such thing."),
    (405, "The route takes another method; `Allow` says which."),
    (408, "The body didn't arrive in time."),
    (409, "It can't be done as things are now; `message` says why."),
    (412, "Another version is stored than the one that was named; `ETag` names it."),
    (413, "The body is too large."),
    (421, "The server doesn't answer to that host name."),
    (429, "Too many requests, or too many wrong codes; `Retry-After` says for how long."),
    (502, "Another server that was needed refused; `message` says which."),
    (503, "The server is stopping, or another one that was needed did not answer in time."),
];
