use std::collections::HashSet;

use super::*;

/// Every place in a schema where another is named.
fn references<'s>(schema: &'s Value, found: &mut HashSet<&'s str>) {
    match schema {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
        _ => {}
    }
}

#[test]
fn every_kind_is_defined_and_every_reference_leads_somewhere() {
    let schema = release_flow();
    let definitions = schema["$defs"].as_object().expect("definitions");
    assert_eq!(definitions.len(), kinds::all().len() + 2, "each kind has a name of its own");
    let mut found = HashSet::new();
    references(&schema, &mut found);
    let named: HashSet<_> = definitions.keys().map(|name| format!("#/$defs/{name}")).collect();
    assert_eq!(found, named.iter().map(String::as_str).collect());
    assert_eq!(schema["properties"]["spec"]["$ref"], format!("#/$defs/{NODE}"));
}

#[test]
fn a_field_is_what_its_table_says() {
    let schema = release_flow();
    let job = &schema["$defs"]["JobRun"]["properties"]["spec"]["properties"]["jobId"];
    assert_eq!(job["title"], "Job");
    assert_eq!(job["anyOf"][0]["maxLength"], 52);
    assert_eq!(job["anyOf"][1]["$ref"], "#/$defs/Reference");
    let release = &schema["$defs"]["Release-build"];
    assert_eq!(release["properties"]["spec"]["properties"]["type"]["const"], "build");
    assert_eq!(release["properties"]["spec"]["required"], serde_json::json!(["type", "target"]));
}

/// The test's own kind is in the tables, and nowhere else.
#[test]
fn a_kind_in_the_tables_needs_nothing_else_to_be_in_the_schema() {
    let schema = release_flow();
    let probe = &schema["$defs"]["Probe"];
    let spec = &probe["properties"]["spec"];
    assert_eq!(spec["required"], json!(["needed"]));
    assert_eq!(spec["properties"]["choice"]["enum"], json!(["one", "two"]));
    assert_eq!(spec["properties"]["part"]["anyOf"][1], json!({ "type": "null" }));
    assert_eq!(spec["properties"]["deep"]["properties"]["inside"]["type"], "string");
    assert_eq!(probe["allOf"][0]["oneOf"].as_array().map(Vec::len), Some(3), "the kind's rule");
}
