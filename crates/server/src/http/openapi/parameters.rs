//! What stands in paths, queries and headers: each name means the same on every route.

use serde_json::{Value, json};
use slipway_api::{flow::MAX_REASON, stage::Stage};
use slipway_engine::event::RunStatus;

/// A named part of a request.
pub struct Parameter {
    name: &'static str,
    place: &'static str,
    required: bool,
    /// What it is for: a sentence.
    says: &'static str,
    schema: fn() -> Value,
}

impl Parameter {
    const fn new(name: &'static str, says: &'static str, schema: fn() -> Value) -> Self {
        Self { name, place: "query", required: false, says, schema }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn header(self) -> Self {
        Self { place: "header", ..self }
    }

    pub(super) fn described(self: &&Self) -> Value {
        let Self { name, place, required, says, schema } = self;
        json!({
            "name": name, "in": place, "required": required, "description": says, "schema": schema(),
        })
    }
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub const PER_PAGE: Parameter = Parameter::new(
    "per_page",
    "Rows on a page.",
    || json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 }),
);
pub const PAGE: Parameter = Parameter::new(
    "page",
    "Which page, from 1.",
    || json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000, "default": 1 }),
);
pub const CURSOR: Parameter =
    Parameter::new("cursor", "Where an earlier page ended, as it said in `pagination`.", text);
/// What every list takes.
pub(super) const PAGING: &[&Parameter] = &[&PER_PAGE, &PAGE, &CURSOR];

pub const STATUS: Parameter = Parameter::new(
    "status",
    "Only runs that are so.",
    || json!({ "type": "string", "enum": RunStatus::ALL.map(RunStatus::word) }),
);
pub const CONCLUDED: Parameter = Parameter::new(
    "concluded",
    "Only runs that are over, or that are not.",
    || json!({ "type": "boolean" }),
);
pub const BRANCH: Parameter =
    Parameter::new("branch", "The branch whose commits are listed.", text).required();
pub const REASON: Parameter = Parameter::new(
    "reason",
    "Why, on one line.",
    || json!({ "type": "string", "maxLength": MAX_REASON }),
);
pub const NODE: Parameter =
    Parameter::new("node", "A node of the run, as a JSON pointer into its document.", text)
        .required();
pub const FROM: Parameter = Parameter::new("from", "The first byte of the output.", count);
pub const AFTER: Parameter =
    Parameter::new("after", "Only events with a greater number; from now on, where absent.", count);
pub const OF_RUN: Parameter = Parameter::new("run", "Only events of this run.", text);
pub const FORMAT: Parameter = Parameter::new(
    "format",
    "A stream, or a list of what is there.",
    || json!({ "type": "string", "enum": ["stream", "json"], "default": "stream" }),
);
pub const LIMIT: Parameter = Parameter::new(
    "limit",
    "Events of a list.",
    || json!({ "type": "integer", "minimum": 1, "maximum": 5000, "default": 500 }),
);
pub const LAST_EVENT_ID: Parameter =
    Parameter::new("Last-Event-ID", "As `after`: what a browser sends when it comes back.", text)
        .header();
pub const IF_MATCH: Parameter =
    Parameter::new("If-Match", "Only while this version is stored: its `ETag`, or `*`.", text)
        .header();
pub const IF_NONE_MATCH: Parameter = Parameter::new(
    "If-None-Match",
    "`*`: only while nothing is stored.",
    || json!({ "type": "string", "const": "*" }),
)
.header();

/// The named parts of a path.
pub(super) fn of_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(part).collect()
}

fn part(name: &str) -> Value {
    let (says, schema) = match name {
        "project" => ("The project's id.", text()),
        "pipeline" => ("The pipeline's id.", text()),
        "service" => ("The service's id.", text()),
        "team" => ("The team's id: any is taken.", text()),
        "run" => ("The run's id.", text()),
        "revision" => ("The revision's number.", json!({ "type": "integer", "minimum": 1 })),
        "stage" => {
            let stages = Stage::ALL.map(Stage::slug);
            ("The stage, in any case.", json!({ "type": "string", "enum": stages }))
        }
        _ => ("", text()),
    };
    json!({ "name": name, "in": "path", "required": true, "description": says, "schema": schema })
}
