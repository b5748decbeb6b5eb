//! The document of a run that puts things back.

use serde_json::{Map, Value, json};

use super::Restore;
use crate::event::Artifact;

/// The document of the run that puts everything back: one release after another, each of a
/// concrete build or image, under the concurrency policy of the stage.
#[must_use]
pub fn document(restores: &[Restore], concurrency_policy: Option<&str>) -> Value {
    let steps: Vec<Value> = restores.iter().map(release).collect();
    let mut document = json!({ "apiVersion": "v1.2" });
    if let Some(policy) = concurrency_policy {
        document["options"] = json!({ "concurrencyPolicy": policy });
    }
    document["spec"] =
        json!({ "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } });
    document
}

/// The spec of a release of just this, without a target.
pub(super) fn release_spec(artifact: &Artifact) -> Value {
    let (kind, origin) = match artifact {
        Artifact::Build { build_id, service, branch, .. } => {
            let mut origin = Map::new();
            // Beside a build's id the service may be left out.
            if !service.is_empty() {
                origin.insert("id".to_owned(), Value::from(service.as_str()));
            }
            if let Some(branch) = branch {
                origin.insert("branch".to_owned(), Value::from(branch.as_str()));
            }
            origin.insert("build".to_owned(), Value::from(build_id.as_str()));
            ("build", Value::Object(origin))
        }
        Artifact::Image { image_path, credentials } => {
            let mut origin = json!({ "imagePath": image_path });
            if let Some(credentials) = credentials {
                origin["credentials"] = Value::from(credentials.as_str());
            }
            ("registry", origin)
        }
    };
    json!({ "type": kind, "origin": origin })
}

fn release(restore: &Restore) -> Value {
    let mut spec = release_spec(&restore.then);
    spec["target"] = json!({ "id": restore.resource, "type": restore.kind });
    let mut node = json!({
        "kind": "Release",
        "ref": format!("restore-{}", restore.resource),
        "spec": spec,
    });
    if restore.waits {
        node["condition"] = Value::from("running");
    }
    if let Some(timeout) = restore.timeout {
        node["timeoutDuration"] = Value::from(timeout);
    }
    node
}
