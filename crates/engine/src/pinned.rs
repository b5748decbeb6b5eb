//! Whether a node says exactly what it acts on, or something that moves: a branch, the latest
//! build, an image without a fixed tag, what happens to run elsewhere.
//!
//! May import: `event`.

use serde_json::Value;

use crate::event::Artifact;

/// Why a node doesn't say exactly what it acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moving {
    /// The newest build of a branch, whichever that is.
    Latest,
    /// An image path without a tag or digest, or with the tag `latest`.
    Tag,
    /// What runs on another resource at that moment.
    Promotion,
    /// `${…}` whose value is not known.
    Unresolved,
    /// Nothing, or nothing that we understand.
    Unsaid,
}

impl Moving {
    /// Follows "what was deployed is not known: ".
    #[must_use]
    pub const fn because(self) -> &'static str {
        match self {
            Self::Latest => "the flow asked for the latest build",
            Self::Tag => "the image path has no tag that stays",
            Self::Promotion => "it was promoted, and which build or image that was is not recorded",
            Self::Unresolved => "it depends on a value of that run that is not recorded",
            Self::Unsaid => "the flow does not say it",
        }
    }
}

/// The build or image that a `Release` with this spec deploys, expressions resolved.
///
/// # Errors
/// When the spec alone doesn't say which one.
pub fn released_by(spec: &Value) -> Result<Artifact, Moving> {
    match text(spec, "/type") {
        Some("build") => build(spec),
        Some("registry") => image(spec, "/origin"),
        Some("deployment") => Err(Moving::Promotion),
        _ => Err(Moving::Unsaid),
    }
}

fn build(spec: &Value) -> Result<Artifact, Moving> {
    let id = fixed(text(spec, "/origin/build"))?;
    let origin = |name: &str| fixed(text(spec, name)).ok().map(str::to_owned);
    Ok(Artifact::Build {
        build_id: id.to_owned(),
        // It may be left out beside a build's id.
        service: origin("/origin/id").unwrap_or_default(),
        branch: origin("/origin/branch"),
        sha: None,
    })
}

fn image(spec: &Value, at: &str) -> Result<Artifact, Moving> {
    let path = fixed(text(spec, &format!("{at}/imagePath")))?;
    if !has_fixed_tag(path) {
        return Err(Moving::Tag);
    }
    let credentials = fixed(text(spec, &format!("{at}/credentials"))).ok().map(str::to_owned);
    Ok(Artifact::Image { image_path: path.to_owned(), credentials })
}

/// Whether two nodes of this kind with this same spec, expressions resolved, do the same to the
/// same thing. What a command does to the world around it is never in a spec.
#[must_use]
pub fn is_pinned(kind: &str, spec: &Value) -> bool {
    match kind {
        "Release" => released_by(spec).is_ok(),
        "Build" => text(spec, "/sha").is_some_and(is_commit),
        "JobRun" => {
            fixed(text(spec, "/deployment/internal/buildId")).is_ok()
                || text(spec, "/deployment/internal/buildSHA").is_some_and(is_commit)
                || image(spec, "/deployment/external").is_ok()
        }
        _ => false,
    }
}

fn text<'a>(spec: &'a Value, pointer: &str) -> Option<&'a str> {
    spec.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

fn fixed(text: Option<&str>) -> Result<&str, Moving> {
    match text {
        None => Err(Moving::Unsaid),
        Some("latest") => Err(Moving::Latest),
        Some(text) if text.contains("${") => Err(Moving::Unresolved),
        Some(text) => Ok(text),
    }
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A digest, or a tag that is not `latest`. A port of the registry is no tag.
fn has_fixed_tag(path: &str) -> bool {
    if path.contains('@') {
        return true;
    }
    let image = path.rsplit('/').next().unwrap_or(path);
    image.split_once(':').is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spec(kind: &str, origin: &Value) -> Value {
        json!({ "type": kind, "origin": origin, "target": { "id": "web", "type": "service" } })
    }

    #[test]
    fn a_build_is_concrete_by_its_id_and_nothing_else() {
        let origin = json!({ "id": "builder", "branch": "main", "build": "b-1" });
        assert_eq!(
            released_by(&spec("build", &origin)),
            Ok(Artifact::Build {
                build_id: "b-1".into(),
                service: "builder".into(),
                branch: Some("main".into()),
                sha: None,
            })
        );
        for (build, why) in [
            (json!("latest"), Moving::Latest),
            (json!("${refs.b.id}"), Moving::Unresolved),
            (json!(null), Moving::Unsaid),
            (json!(""), Moving::Unsaid),
        ] {
            let origin = json!({ "id": "builder", "build": build });
            assert_eq!(released_by(&spec("build", &origin)), Err(why), "{build}");
        }
    }

    #[test]
    fn an_image_is_concrete_by_a_tag_that_stays() {
        for (path, fixed) in [
            ("nginx:1.29", true),
            ("nginx@sha256:abc", true),
            ("registry.example.com:5000/acme/web:1", true),
            ("registry.example.com:5000/acme/web", false),
            ("nginx:latest", false),
            ("nginx", false),
            ("nginx:", false),
        ] {
            let found = released_by(&spec("registry", &json!({ "imagePath": path })));
            assert_eq!(found.is_ok(), fixed, "{path}");
        }
    }

    #[test]
    fn what_is_promoted_or_not_understood_is_not_concrete() {
        let origin = json!({ "id": "web-dev", "type": "service" });
        assert_eq!(released_by(&spec("deployment", &origin)), Err(Moving::Promotion));
        assert_eq!(released_by(&json!(null)), Err(Moving::Unsaid));
    }

    #[test]
    fn a_job_is_pinned_only_with_what_it_runs() {
        let sha = "a".repeat(40);
        assert!(is_pinned("Build", &json!({ "sha": sha })));
        assert!(!is_pinned("Build", &json!({ "branch": "main" })));
        assert!(is_pinned("JobRun", &json!({ "deployment": { "internal": { "buildSHA": sha } } })));
        assert!(!is_pinned("JobRun", &json!({ "jobId": "migrate" })));
        assert!(!is_pinned("Approval", &json!({ "amount": 1 })));
    }
}
