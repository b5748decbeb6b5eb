//! Values that a request replaces in its own run's copy of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use slipway_api::run::RunRequest;

/// Sentences by the field of the request that they are about.
pub type Details = BTreeMap<String, Vec<String>>;

/// The document with the request's overrides in it; none when nothing changes, so that the run
/// keeps the stored text byte for byte. Overrides of a trigger's ref are values, not nodes: see
/// [`triggers`].
pub fn apply(document: &Value, request: &RunRequest) -> Result<Option<Value>, Details> {
    let mut changed = document.clone();
    let mut details = Details::new();
    let triggers = trigger_refs(document);
    for (reference, values) in &request.overrides {
        if triggers.contains(&reference.as_str()) {
            continue;
        }
        let by_ref = |node: &Value| node["ref"].as_str() == Some(reference);
        let found = change(&mut changed, &by_ref, &|spec| {
            spec.extend(values.iter().map(|(name, value)| (name.clone(), value.clone())));
        });
        if found == 0 {
            let sentence =
                format!("Nothing in the release flow has the reference \"{reference}\".");
            details.entry(format!("overrides.{reference}")).or_default().push(sentence);
        }
    }
    for (target, release) in &request.release_node_overrides {
        let field = format!("releaseNodeOverrides.{target}");
        let Value::Object(release) = release else {
            let sentence = "This must be an object with \"type\" and \"origin\".".to_owned();
            details.entry(field).or_default().push(sentence);
            continue;
        };
        let by_target = |node: &Value| {
            node["kind"] == "Release" && node["spec"]["target"]["id"].as_str() == Some(target)
        };
        let found = change(&mut changed, &by_target, &|spec| {
            let kept = spec.remove("target");
            *spec = release.clone();
            if let Some(kept) = kept {
                spec.insert("target".to_owned(), kept);
            }
        });
        if found == 0 {
            let sentence = format!("No release in this flow has the target \"{target}\".");
            details.entry(field).or_default().push(sentence);
        }
    }
    if !details.is_empty() {
        return Err(details);
    }
    Ok((changed != *document).then_some(changed))
}

/// Changes the spec of every node that is wanted, and counts them.
fn change(
    document: &mut Value,
    wanted: &dyn Fn(&Value) -> bool,
    with: &dyn Fn(&mut Map<String, Value>),
) -> usize {
    document.get_mut("spec").map_or(0, |root| change_node(root, wanted, with))
}

fn change_node(
    node: &mut Value,
    wanted: &dyn Fn(&Value) -> bool,
    with: &dyn Fn(&mut Map<String, Value>),
) -> usize {
    let mut count = 0;
    if wanted(node)
        && let Some(Value::Object(spec)) = node.get_mut("spec")
    {
        with(spec);
        count += 1;
    }
    if let Some(Value::Array(steps)) = node.pointer_mut("/spec/steps") {
        count += steps.iter_mut().map(|step| change_node(step, wanted, with)).sum::<usize>();
    }
    count
}

fn trigger_refs(document: &Value) -> Vec<&str> {
    let triggers = document.get("triggers").and_then(Value::as_array);
    triggers.into_iter().flatten().filter_map(|trigger| trigger["ref"].as_str()).collect()
}

/// What a run knows of its document's triggers: what the request says about them.
pub fn triggers(document: &Value, request: &RunRequest) -> BTreeMap<String, Value> {
    trigger_refs(document)
        .into_iter()
        .filter_map(|reference| {
            let values = request.overrides.get(reference)?;
            Some((reference.to_owned(), Value::Object(values.clone())))
        })
        .collect()
}

/// The document's arguments, and over them the request's.
pub fn arguments(document: &Value, request: &RunRequest) -> Map<String, Value> {
    let mut arguments =
        document.get("arguments").and_then(Value::as_object).cloned().unwrap_or_default();
    arguments.extend(request.arguments.clone());
    arguments
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let release = |target: &str| {
            json!({ "kind": "Release", "spec": { "type": "build", "origin": { "id": "b" },
                "target": { "id": target, "type": "service" } } })
        };
        json!({ "arguments": { "A": 1, "B": 2 }, "triggers": [{ "ref": "app" }],
            "spec": { "kind": "Workflow", "spec": { "type": "parallel", "steps": [
                { "kind": "Build", "ref": "build", "spec": { "id": "b", "branch": "main" } },
                release("web"), release("web"), release("worker") ] } } })
    }

    fn request(body: Value) -> RunRequest {
        serde_json::from_value(body).expect("a request")
    }

    #[test]
    fn nodes_and_releases_are_changed_for_this_run_only() {
        let request = request(json!({
            "overrides": { "build": { "branch": "devel", "sha": "x" }, "app": { "sha": "1" } },
            "releaseNodeOverrides": { "web": { "type": "registry",
                "origin": { "imagePath": "nginx:latest" } } },
        }));
        let changed = apply(&document(), &request).expect("fine").expect("changed");
        let steps = &changed["spec"]["spec"]["steps"];
        assert_eq!(steps[0]["spec"], json!({ "id": "b", "branch": "devel", "sha": "x" }));
        let release = json!({ "type": "registry", "origin": { "imagePath": "nginx:latest" },
            "target": { "id": "web", "type": "service" } });
        assert_eq!((&steps[1]["spec"], &steps[2]["spec"]), (&release, &release));
        assert_eq!(steps[3], document()["spec"]["spec"]["steps"][3]);
        assert_eq!(triggers(&document(), &request)["app"], json!({ "sha": "1" }));
    }

    #[test]
    fn without_overrides_the_text_stays() {
        assert_eq!(apply(&document(), &RunRequest::default()), Ok(None));
        let request = request(json!({ "arguments": { "B": 3, "C": 4 } }));
        assert_eq!(apply(&document(), &request), Ok(None));
        let expected = json!({ "A": 1, "B": 3, "C": 4 });
        assert_eq!(Value::Object(arguments(&document(), &request)), expected);
    }

    #[test]
    fn what_names_nothing_is_told_with_its_field() {
        let request = request(json!({ "overrides": { "nope": {} },
            "releaseNodeOverrides": { "nowhere": {}, "web": 3 } }));
        let details = apply(&document(), &request).expect_err("refused");
        let fields: Vec<_> = details.keys().map(String::as_str).collect();
        assert_eq!(
            fields,
            ["overrides.nope", "releaseNodeOverrides.nowhere", "releaseNodeOverrides.web"]
        );
    }
}
