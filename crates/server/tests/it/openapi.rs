//! The description of the API. What it promises is written down in `api.txt`: a change there is a
//! change for everybody who calls us. `cargo xtask docs` writes it anew.

use std::{collections::BTreeSet, env, fs, path::Path};

use serde_json::Value;

use crate::world::World;

async fn described(world: &World) -> Value {
    let answer = world.get("/slipway/v1/openapi.json").send().await;
    assert_eq!(answer.status, 200);
    answer.json()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|it| it["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// An operation on one line.
fn line(path: &str, method: &str, operation: &Value) -> String {
    let statuses: Vec<&str> = members(&operation["responses"]).map(|it| it.0.as_str()).collect();
    let of = |schema: &Value| {
        let reference = schema["content"]["application/json"]["schema"]["$ref"].as_str();
        reference.unwrap_or("-").rsplit('/').next().unwrap_or_default().to_owned()
    };
    format!(
        "{} {path} {} {} ({}) {} -> {} {}\n",
        method.to_uppercase(),
        operation["operationId"].as_str().unwrap_or_default(),
        operation["x-slipway-role"].as_str().unwrap_or_default(),
        names(&operation["parameters"]).join(" "),
        of(&operation["requestBody"]),
        of(&operation["responses"]["200"]),
        statuses.join(" "),
    )
}

/// A shape on one line: its members, those that may be absent with a question mark.
fn shape(name: &str, schema: &Value) -> String {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let member = |(name, _): (&String, &Value)| {
        if required.contains(name.as_str()) { name.clone() } else { format!("{name}?") }
    };
    let members: Vec<String> = members(&schema["properties"]).map(member).collect();
    format!("{name} {{{}}}\n", members.join(" "))
}

#[tokio::test]
async fn nothing_in_the_api_changes_unseen() {
    let document = described(&World::new().await).await;
    let mut told = String::new();
    for (path, place) in members(&document["paths"]) {
        for (method, operation) in members(place).filter(|(name, _)| *name != "parameters") {
            told.push_str(&line(path, method, operation));
        }
    }
    told.push('\n');
    for (name, schema) in members(&document["components"]["schemas"]) {
        told.push_str(&shape(name, schema));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/api.txt");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &told).unwrap();
    }
    assert_eq!(told, fs::read_to_string(&file).unwrap_or_default());
}

fn each<'v>(value: &'v Value, look: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(all) => {
            for (name, member) in all {
                match member {
                    Value::String(text) if name == "$ref" => look(text),
                    member => each(member, look),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|element| each(element, look)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_holds_together() {
    let document = described(&World::new().await).await;
    let mut count = 0;
    each(&document, &mut |reference| {
        count += 1;
        let pointer = reference.strip_prefix('#').unwrap_or_default();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    });
    assert!(count > 100, "{count} references");
    let operations = members(&document["paths"]).flat_map(|(_, place)| members(place));
    let ids: Vec<&str> = operations.filter_map(|(_, it)| it["operationId"].as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
}

#[tokio::test]
async fn the_page_tells_of_every_route_and_its_links_lead_somewhere() {
    let world = World::new().await;
    let document = described(&world).await;
    let answer = world.get("/slipway/v1/api").send().await;
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    let page = answer.text();
    for (path, _) in members(&document["paths"]) {
        assert_eq!(page.contains(&format!("<code>{path}</code>")), !path.starts_with("/v1/teams/"));
    }
    for link in page.split("href=\"#").skip(1) {
        let name = link.split('"').next().unwrap_or_default();
        let is_there = page.contains(&format!("id=\"{name}\"")) || name == "ReleaseFlowDocument";
        assert!(is_there, "#{name} leads nowhere");
    }
    for file in ["/slipway/v1/api.css", "/slipway/v1/openapi.json", "/v1/schemas/release-flow"] {
        assert_eq!(world.get(file).send().await.status, 200, "{file}");
    }
}
