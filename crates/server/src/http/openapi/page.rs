//! The description as a page to read: plain HTML, made from the document, so that it can't say
//! anything else.

use serde_json::{Map, Value};

/// The page's looks, a file of its own because of the content policy.
pub const STYLE: &str = include_str!("page.css");

/// The whole page. Its links lead to what lies beside it.
pub fn html(document: &Value) -> String {
    let info = &document["info"];
    let tags = elements(&document["tags"]).map(|tag| section(document, tag));
    let schemas = members(&document["components"]["schemas"]);
    // What release flows are is a reference of its own.
    let shapes = schemas.filter(|(name, _)| !name.starts_with("ReleaseFlowDocument"));
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>Slipway’s API</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"api.css\"></head><body><main>\
         <h1>Slipway’s API <small>{}</small></h1><p>{}</p>\
         <p>For machines: <a href=\"openapi.json\">the OpenAPI document</a> and \
         <a href=\"../../v1/schemas/release-flow\">the schema of a release flow</a>.</p>\
         {}<h2 id=\"shapes\">Shapes</h2>{}</main></body></html>",
        text(&info["version"]),
        code(&text(&info["description"])),
        tags.collect::<String>(),
        shapes.map(|(name, schema)| shape(name, schema)).collect::<String>(),
    )
}

/// The operations of a tag. The twins that only name a team are left to the machines.
fn section(document: &Value, tag: &Value) -> String {
    let of_tag = |operation: &Value| elements(&operation["tags"]).any(|name| *name == tag["name"]);
    let operations = members(&document["paths"])
        .filter(|(path, _)| !path.starts_with("/v1/teams/"))
        .flat_map(|(path, place)| {
            let methods = members(place).filter(|(name, _)| *name != "parameters");
            methods.map(move |(method, operation)| (path, place, method, operation))
        })
        .filter(|(.., operation)| of_tag(operation))
        .map(|(path, place, method, operation)| one(path, place, method, operation));
    format!("<h2>{}</h2>{}", text(&tag["description"]), operations.collect::<String>())
}

fn one(path: &str, place: &Value, method: &str, operation: &Value) -> String {
    let parameters = elements(&place["parameters"]).chain(elements(&operation["parameters"]));
    let rows: String = parameters.map(parameter).collect();
    let body = &operation["requestBody"];
    let takes = body["content"]["application/json"]["schema"].as_object().map(|schema| {
        let optional = if body["required"] == true { "" } else { ", or nothing" };
        format!("<p>Takes {}{optional}.</p>", kind(schema))
    });
    let answers: String = members(&operation["responses"]).map(|it| answer(it.0, it.1)).collect();
    format!(
        "<details id=\"{id}\"><summary><b>{method}</b> <code>{path}</code> <span>{says}</span></summary>\
         <p>For: {role}. Called <code>{id}</code>.</p>{takes}\
         <table><caption>Parameters</caption><tbody>{rows}</tbody></table>\
         <table><caption>Answers</caption><tbody>{answers}</tbody></table></details>",
        id = text(&operation["operationId"]),
        method = escaped(&method.to_uppercase()),
        path = escaped(path),
        says = text(&operation["summary"]),
        role = text(&operation["x-slipway-role"]),
        takes = takes.unwrap_or_default(),
    )
}

fn parameter(parameter: &Value) -> String {
    let needed = if parameter["required"] == true { ", needed" } else { "" };
    format!(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}, in the {}{needed}</td><td>{}</td></tr>",
        text(&parameter["name"]),
        parameter["schema"].as_object().map(kind).unwrap_or_default(),
        text(&parameter["in"]),
        text(&parameter["description"]),
    )
}

fn answer(status: &str, answer: &Value) -> String {
    let kinds: Vec<String> = members(&answer["content"])
        .filter_map(|(mime, content)| {
            let schema = content["schema"].as_object()?;
            Some(if mime == "application/json" { kind(schema) } else { escaped(mime) })
        })
        .collect();
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
        escaped(status),
        kinds.join(" or "),
        code(&text(&answer["description"])),
    )
}

/// A shape with its members.
fn shape(name: &str, schema: &Value) -> String {
    let variants = ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|of| elements(&schema[of]));
    let parts: Vec<String> =
        variants.filter_map(Value::as_object).map(|it| format!("<li>{}</li>", kind(it))).collect();
    let parts =
        if parts.is_empty() { String::new() } else { format!("<ul>{}</ul>", parts.concat()) };
    let words = schema.as_object().filter(|_| schema["properties"].is_null() && parts.is_empty());
    format!(
        "<section id=\"{name}\"><h3>{name}</h3><p>{}</p>{}{parts}{}</section>",
        code(&text(&schema["description"])),
        words.map(|schema| format!("<p>{}</p>", kind(schema))).unwrap_or_default(),
        properties(schema),
        name = escaped(name),
    )
}

fn properties(schema: &Value) -> String {
    let needed = |name: &str| elements(&schema["required"]).any(|it| it == name);
    let row = |(name, property): (&str, &Value)| {
        format!(
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}{}</td><td>{}</td></tr>",
            escaped(name),
            property.as_object().map(kind).unwrap_or_default(),
            if needed(name) { "" } else { ", may be absent" },
            code(&text(&property["description"])),
        )
    };
    let rows: String = members(&schema["properties"]).map(row).collect();
    if rows.is_empty() { rows } else { format!("<table><tbody>{rows}</tbody></table>") }
}

/// What a value is, in a few words; a shape with a name is a link.
fn kind(schema: &Map<String, Value>) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#{0}\">{0}</a>", escaped(name));
    }
    if let Some(choices) = schema.get("enum").map(elements) {
        let words: Vec<String> = choices.map(|it| format!("<code>{}</code>", text(it))).collect();
        return format!("one of {}", words.join(", "));
    }
    if let Some(only) = schema.get("const") {
        return format!("<code>{}</code>", text(only));
    }
    for of in ["anyOf", "oneOf", "allOf"] {
        let parts = schema.get(of).map(elements).into_iter().flatten().filter_map(Value::as_object);
        let parts: Vec<String> =
            parts.filter(|it| it.get("type").is_none_or(|is| is != "null")).map(kind).collect();
        if !parts.is_empty() {
            return parts.join(if of == "allOf" { " and " } else { " or " });
        }
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(several) => {
            elements(several).filter_map(Value::as_str).filter(|it| *it != "null").collect()
        }
        None => vec!["anything"],
    };
    let bounds = [
        ("minimum", "from"),
        ("maximum", "to"),
        ("maxLength", "at most this long:"),
        ("default", "else"),
    ];
    let bounds = bounds.into_iter().filter_map(|(name, word)| Some((word, schema.get(name)?)));
    let bounds: String = bounds.map(|(word, value)| format!(" {word} {}", text(value))).collect();
    let inner =
        schema.get("items").and_then(Value::as_object).map(|it| format!(" of {}", kind(it)));
    let members = schema.get("properties").map(members).into_iter().flatten();
    let members: Vec<String> = members
        .map(|(name, of)| {
            format!(
                "<code>{}</code> {}",
                escaped(name),
                of.as_object().map(kind).unwrap_or_default()
            )
        })
        .collect();
    let members =
        if members.is_empty() { String::new() } else { format!(" with {}", members.join(", ")) };
    format!("{}{bounds}{}{members}", escaped(&types.join(" or ")), inner.unwrap_or_default())
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

/// A value as text that can stand in a page.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escaped(text),
        other => escaped(&other.to_string()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What stands between back quotes is code.
fn code(escaped: &str) -> String {
    let mut parts = escaped.split('`').enumerate();
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }
    };
    parts.by_ref().map(part).collect()
}
