//! The JSON Schema (draft 2020-12) of a release flow, out of the tables of `kinds`: for editors
//! elsewhere that read `$schema`, and for whoever wants to check a file without us.
//!
//! It says what a document's form is. It doesn't say which kinds belong to the teardown alone: a
//! workflow has the same steps in both. What `${…}` means, which refs there are and in which order
//! things run is beyond a schema: `check` knows.
//!
//! May import: `kinds`, `pattern`.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::{
    kinds::{
        self, Field, FieldType, Kind, Rule, When,
        shape::{self, Shape},
    },
    pattern,
};

/// Where a node's schema stands. The name's ending is what readers of the vendor's schemas look
/// for.
const NODE: &str = "ReleaseFlowTemplateNodeSchema";

/// The schema of a whole release-flow document.
#[must_use]
pub fn release_flow() -> Value {
    let mut schema = object(shape::document());
    let mut definitions = Map::new();
    definitions.insert(NODE.to_owned(), node());
    for kind in kinds::all() {
        definitions.insert(definition_name(kind), of_kind(kind));
    }
    definitions.insert("Reference".to_owned(), reference());
    let around = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Release flow",
        "description": "What a stage of a pipeline runs: a tree of workflows and nodes, with its triggers, options and arguments.",
    });
    let mut whole = members_of(around);
    whole.append(&mut schema);
    whole.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(whole)
}

/// Any node: its `kind`, and what tells it from others with the same, say which schema holds.
fn node() -> Value {
    let told_apart = kinds::names().into_iter().filter_map(selectors);
    let kinds = kinds::all().iter().map(|kind| one_kind(kind));
    let choices: Vec<Value> = told_apart.chain(kinds).collect();
    json!({
        "title": "Node",
        "type": "object",
        "required": ["kind", "spec"],
        "properties": { "kind": { "type": "string", "enum": kinds::names() } },
        "allOf": choices,
    })
}

/// What a node must say to be one of the kinds that share a name; None where the name is enough.
fn selectors(name: &str) -> Option<Value> {
    let mut must = json!({});
    for kind in kinds::named(name) {
        for by in kind.when {
            merge(&mut must, nested(by.pointer, json!({ "enum": [by.value] })));
        }
    }
    if must == json!({}) {
        return None;
    }
    let each = kinds::named(name).map(|kind| {
        let mut says = json!({});
        for by in kind.when {
            merge(&mut says, nested(by.pointer, json!({ "const": by.value })));
        }
        says
    });
    let must = json!({ "allOf": [must, { "anyOf": each.collect::<Vec<_>>() }] });
    Some(json!({ "if": nested("/kind", json!({ "const": name })), "then": must }))
}

/// If a node says that it is of this kind, it must be one.
fn one_kind(kind: &Kind) -> Value {
    let mut says = nested("/kind", json!({ "const": kind.kind }));
    for by in kind.when {
        merge(&mut says, nested(by.pointer, json!({ "const": by.value })));
    }
    json!({ "if": says, "then": { "$ref": format!("#/$defs/{}", definition_name(kind)) } })
}

/// A schema for the member at a pointer, which must be there.
fn nested(pointer: &str, schema: Value) -> Value {
    pointer
        .split('/')
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .fold(schema, |inner, name| json!({ "type": "object", "properties": { name: inner }, "required": [name] }))
}

/// Adds the members of one schema to another, objects within objects.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                match into.get_mut(&name) {
                    Some(there) => merge(there, value),
                    None => {
                        into.insert(name, value);
                    }
                }
            }
        }
        (Value::Array(into), Value::Array(from)) => {
            for value in from {
                if !into.contains(&value) {
                    into.push(value);
                }
            }
        }
        (into, from) => *into = from,
    }
}

/// "Release-build".
fn definition_name(kind: &Kind) -> String {
    kind.when.iter().fold(kind.kind.to_owned(), |name, by| format!("{name}-{}", by.value))
}

fn of_kind(kind: &'static Kind) -> Value {
    let mut schema = json!({ "title": kind.title, "description": kind.help });
    if let Some(shape) = shape::of_kind(kind) {
        merge(&mut schema, Value::Object(object(shape)));
        // What makes the node one of this kind.
        merge(&mut schema, json!({ "required": ["kind", "spec"] }));
        for by in kind.when {
            merge(&mut schema, nested(by.pointer, json!({ "const": by.value })));
        }
        schema["properties"]["kind"] = json!({ "const": kind.kind });
        // What runs and answers add is not for writing.
        if let Some(properties) = schema["properties"].as_object_mut() {
            properties.retain(|_, member| *member != json!({}));
        }
    }
    schema
}

/// An object with the members of a shape, and no others.
fn object(shape: &Shape) -> Map<String, Value> {
    let properties: Map<String, Value> =
        shape.members.iter().map(|(name, member)| ((*name).to_owned(), place(member))).collect();
    let required: Vec<&str> = shape
        .members
        .iter()
        .filter(|(_, member)| member.is_needed)
        .map(|(name, _)| *name)
        .collect();
    let mut schema = members_of(json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    }));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    let rules: Vec<Value> = shape.rules.iter().flat_map(rule).collect();
    if !rules.is_empty() {
        schema.insert("allOf".to_owned(), json!(rules));
    }
    schema
}

/// What must hold between members. That one has no effect without another, or should be there, makes
/// no document invalid, so such rules say nothing here.
fn rule(rule: &Rule) -> Option<Value> {
    match *rule {
        Rule::ExactlyOne { when, of, .. } => {
            let one =
                json!({ "oneOf": of.iter().map(|pointer| given(pointer)).collect::<Vec<_>>() });
            Some(match when {
                Some(when) => json!({ "if": holds(&when), "then": one }),
                None => one,
            })
        }
        Rule::AtMostOne { of, .. } => {
            let mut choices: Vec<Value> = of.iter().map(|pointer| given(pointer)).collect();
            choices.push(json!({ "not": { "anyOf": choices } }));
            Some(json!({ "oneOf": choices }))
        }
        Rule::Needed { pointer, when, .. } => {
            Some(json!({ "if": holds(&when), "then": given(pointer) }))
        }
        Rule::Advised { .. } | Rule::OnlyWith { .. } => None,
    }
}

fn holds(when: &When) -> Value {
    let there = if when.words.is_empty() {
        given(when.pointer)
    } else {
        nested(when.pointer, json!({ "enum": when.words }))
    };
    if when.or_absent { json!({ "anyOf": [there, { "not": given(when.pointer) }] }) } else { there }
}

/// The member is there, and neither `null` nor an empty text.
fn given(pointer: &str) -> Value {
    nested(pointer, json!({ "not": { "enum": [null, ""] } }))
}

/// What may stand in one place of a shape.
fn place(shape: &Shape) -> Value {
    match shape.field {
        Some(field) => of_field(field, shape),
        None if shape.is_free() => json!({}),
        None => Value::Object(object(shape)),
    }
}

fn of_field(field: &Field, shape: &Shape) -> Value {
    let value = of_type(field, &field.ty, shape);
    let value = if field.references { or_reference(value) } else { value };
    let mut schema = members_of(json!({ "title": field.label }));
    if !field.help.is_empty() {
        schema.insert("description".to_owned(), json!(field.help));
    }
    schema.append(&mut members_of(value));
    Value::Object(schema)
}

fn or_reference(value: Value) -> Value {
    if value.as_object().is_none_or(Map::is_empty) {
        return value;
    }
    json!({ "anyOf": [value, { "$ref": "#/$defs/Reference" }] })
}

/// As deep as field types nest.
fn of_type(field: &Field, ty: &FieldType, shape: &Shape) -> Value {
    match ty {
        FieldType::Text { min, max, pattern } => text(field, *min, *max, *pattern),
        FieldType::Integer { min, max } => {
            let mut schema = members_of(json!({ "type": "integer", "minimum": min }));
            if *max < i64::MAX {
                schema.insert("maximum".to_owned(), json!(max));
            }
            Value::Object(schema)
        }
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
            json!({ "enum": words })
        }
        FieldType::Condition(word) => json!({ "const": word }),
        FieldType::SkipFlag => json!({ "enum": ["true", "false"] }),
        FieldType::Json => json!({}),
        FieldType::List(item) => json!({ "type": "array", "items": of_type(field, item, shape) }),
        FieldType::Nullable(inner) => {
            json!({ "anyOf": [of_type(field, inner, shape), { "type": "null" }] })
        }
        FieldType::OrReference(inner) => or_reference(of_type(field, inner, shape)),
        FieldType::Object(_) => match &shape.inside {
            Some(inside) => Value::Object(object(inside)),
            None => json!({ "type": "object" }),
        },
        FieldType::Map => json!({ "type": "object" }),
        FieldType::Node => json!({ "$ref": format!("#/$defs/{NODE}") }),
        FieldType::Nodes => {
            json!({ "type": "array", "items": { "$ref": format!("#/$defs/{NODE}") } })
        }
    }
}

fn text(field: &Field, min: usize, max: usize, pattern: Option<&pattern::Pattern>) -> Value {
    let mut schema = members_of(json!({ "type": "string" }));
    let min = if field.required { min.max(1) } else { min };
    if min > 0 {
        schema.insert("minLength".to_owned(), json!(min));
    }
    if max < usize::MAX {
        schema.insert("maxLength".to_owned(), json!(max));
    }
    if let Some(pattern) = pattern {
        schema.insert("pattern".to_owned(), json!(pattern.source));
        schema.insert("examples".to_owned(), json!(pattern.accept));
    }
    Value::Object(schema)
}

/// A text with `${…}` in it.
fn reference() -> Value {
    json!({
        "title": "Reference",
        "description": "A text with ${…}, worked out when a run starts.",
        "type": "string",
        "pattern": r".*\$\{.*\}.*",
    })
}

fn members_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
