//! A rollback plan in words.

use slipway_api::run::{Restore, RollbackPlan};
use slipway_engine::event::Artifact;

use crate::ui::short_id;

/// What would become of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub resource: String,
    /// None when nothing was ever deployed there.
    pub now: Option<Words>,
    pub then: Words,
}

/// What runs somewhere, short enough to be compared at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// "Build 1f2e3d4c", "registry.example.com/shop:1.4".
    pub what: String,
    /// Where it comes from: branch and commit.
    pub from: Vec<String>,
    /// Everything at length, for a tooltip.
    pub whole: String,
}

/// The resources that would run something else, and those that would not.
#[must_use]
pub fn changes(plan: &RollbackPlan) -> (Vec<Change>, Vec<Change>) {
    let (changed, same): (Vec<&Restore>, Vec<&Restore>) =
        plan.restores.iter().partition(|restore| restore.now.as_ref() != Some(&restore.then));
    let words = |restores: Vec<&Restore>| restores.into_iter().map(change).collect();
    (words(changed), words(same))
}

fn change(restore: &Restore) -> Change {
    Change {
        resource: restore.resource.clone(),
        now: restore.now.as_ref().map(words),
        then: words(&restore.then),
    }
}

fn words(artifact: &Artifact) -> Words {
    match artifact {
        Artifact::Build { build_id, service, branch, sha } => {
            let commit = sha.as_ref().map(|sha| sha.chars().take(7).collect());
            let mut whole = format!("Build {build_id} of {service}");
            if let Some(branch) = branch {
                whole.push_str(&format!(", branch {branch}"));
            }
            if let Some(sha) = sha {
                whole.push_str(&format!(", commit {sha}"));
            }
            Words {
                what: format!("Build {}", short_id(build_id)),
                from: branch.clone().into_iter().chain(commit).collect(),
                whole,
            }
        }
        Artifact::Image { image_path, .. } => Words {
            what: image_path.clone(),
            from: Vec::new(),
            whole: format!("Image {image_path}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(id: &str) -> Artifact {
        Artifact::Build {
            build_id: id.to_owned(),
            service: "shop-builder".into(),
            branch: Some("main".into()),
            sha: Some("0123456789abcdef0123456789abcdef01234567".into()),
        }
    }

    #[test]
    fn what_stays_is_told_from_what_changes() {
        let plan = RollbackPlan {
            restores: vec![
                Restore { resource: "web".into(), now: Some(build("new")), then: build("old") },
                Restore { resource: "api".into(), now: Some(build("old")), then: build("old") },
                Restore { resource: "bare".into(), now: None, then: build("old") },
            ],
            ..RollbackPlan::default()
        };
        let (changed, same) = changes(&plan);
        let names =
            |all: &[Change]| all.iter().map(|change| change.resource.clone()).collect::<Vec<_>>();
        assert_eq!(
            (names(&changed), names(&same)),
            (vec!["web".into(), "bare".into()], vec!["api".to_owned()])
        );
        assert_eq!(changed[1].now, None);
    }

    #[test]
    fn a_build_is_known_by_id_branch_and_commit() {
        let words = words(&build("7d444840-9dc0-11d1-b245-5ffdce74fad2"));
        assert_eq!(words.what, "Build 7d444840");
        assert_eq!(words.from, ["main", "0123456"]);
        assert!(words.whole.contains("5ffdce74fad2") && words.whole.contains("shop-builder"));
    }

    #[test]
    fn an_image_is_known_by_its_path() {
        let image = Artifact::Image { image_path: "nginx:1.29".into(), credentials: None };
        assert_eq!(words(&image).what, "nginx:1.29");
    }
}
