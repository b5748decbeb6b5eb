//! The project file: the outline of the documentation, and every mistake with its place.

use std::{fs, path::Path, time::Duration};

use super::{Interrupted, Project, Projects, ServiceKind, expand, load::parse};

const OUTLINE: &str = r#"
[project]
id = "shop"
name = "Shop"

[repositories."https://github.com/acme/shop"]
remote = "git/shop.git"
credential = "file:secrets/shop"

[[service]]
id = "shop-builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["./build.sh"], artifact = "out", timeout = "10m", env = ["BUILD_PROFILE"] }

[[service]]
id = "shop-web-dev"
kind = "deployment"
deploy = { command = ["bin/deploy", "shop-web-dev", "${ARTIFACT}"], timeout = "5m" }
health = { command = ["healthy"], interval = "1s" }
allow = ["restart"]

[[job]]
id = "shop-migrate-dev"
run = { command = ["/srv/bin/migrate"], env = ["DATABASE_URL"], attempts = 3, on_interrupted = "fail" }

[[addon]]
id = "shop-db-dev"
kind = "sqlite"
backup = { command = ["/srv/bin/backup"] }

[[pipeline]]
id = "shop"
name = "Shop"
[pipeline.stage.development]
resources = [{ type = "service", id = "shop-web-dev" }, { type = "addon", id = "shop-db-dev" }]
"#;

fn outline() -> Project {
    parse(OUTLINE, Path::new("/srv/shop")).expect("the outline is valid")
}

#[test]
fn the_outline_is_read_with_its_defaults() {
    let project = outline();
    assert_eq!(project.name, "Shop");
    let repository = &project.repositories["https://github.com/acme/shop"];
    assert_eq!(repository.remote, "/srv/shop/git/shop.git");
    assert_eq!(repository.credential.as_deref(), Some(Path::new("/srv/shop/secrets/shop")));
    let ServiceKind::Build(builder) = &project.service("shop-builder").expect("declared").kind
    else {
        panic!("a build service");
    };
    assert_eq!(builder.command.args, ["./build.sh"], "a build's program is the checkout's");
    assert_eq!(builder.command.timeout, Duration::from_secs(600));
    let ServiceKind::Deployment(web) = &project.service("shop-web-dev").expect("declared").kind
    else {
        panic!("a deployment service");
    };
    assert_eq!(web.deploy.args[0], "/srv/shop/bin/deploy");
    assert_eq!(web.deploy.on_interrupted, Interrupted::Again);
    assert_eq!(web.health.as_ref().expect("declared").command.args, ["healthy"]);
    let job = project.job("shop-migrate-dev").expect("declared");
    assert_eq!((job.run.attempts, job.run.on_interrupted), (3, Interrupted::Fail));
    assert_eq!(project.pipelines[0].stages[0].resources.len(), 2);
}

#[test]
fn a_job_that_was_interrupted_asks_unless_told_otherwise() {
    let text = OUTLINE.replace(", on_interrupted = \"fail\"", "");
    let project = parse(&text, Path::new("/srv")).expect("valid");
    let job = project.job("shop-migrate-dev").expect("declared");
    assert_eq!(job.run.on_interrupted, Interrupted::Ask);
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (from, to, about, words) in [
        ("name = \"Shop\"\n\n[rep", "nam = \"Shop\"\n\n[rep", "nam =", "unknown field `nam`"),
        ("timeout = \"10m\"", "timeout = \"10\"", "\"10\"", "is not a duration"),
        (
            "id = \"shop-web-dev\"\nkind",
            "id = \"shop-builder\"\nkind",
            "\"shop-builder\"\nkind = \"deployment",
            "declared twice",
        ),
        ("\"${ARTIFACT}\"", "\"${HOME}\"", "\"${HOME}\"", "uses ${HOME}"),
        ("[\"BUILD_PROFILE\"]", "[\"SLIPWAY_X\"]", "\"SLIPWAY_X\"", "Slipway's own"),
        ("[\"DATABASE_URL\"]", "[\"LD_PRELOAD\"]", "\"LD_PRELOAD\"", "how programs are loaded"),
        ("\"git/shop.git\"", "\"ext::sh -c x\"", "\"ext::", "can't be a remote"),
        ("artifact = \"out\"", "artifact = \"../out\"", "\"../out\"", "inside the checkout"),
        ("\"file:secrets/shop\"", "\"s3cret\"", "\"s3cret\"", "file:PATH"),
        ("attempts = 3", "attempts = 30", "30,", "from 1 to 10"),
        ("id = \"shop-db-dev\" }]", "id = \"shop-db\" }]", "\"shop-db\"", "no addon of this id"),
        ("[\"restart\"]", "[\"reboot\"]", "\"reboot\"", "no action"),
        (
            "command = [\"/srv/bin/backup\"]",
            "command = []",
            "{ command = [] }",
            "at least the name",
        ),
    ] {
        let text = OUTLINE.replace(from, to);
        assert_ne!(text, OUTLINE, "{from} is in the outline");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("shop.toml");
        fs::write(&file, &text).expect("written");
        let offset = text.rfind(about).expect("what the mistake is about is in the text");
        let line = text[..offset].matches('\n').count() + 1;
        let column = offset - text[..offset].rfind('\n').expect("not in the first line");
        let place = format!("{line}:{column}");
        let error = Projects::load(&file).expect_err(to).to_string();
        assert!(error.contains(words), "{to}: {error}");
        assert!(error.contains(&format!("shop.toml:{place}: ")), "{to}: {error}");
    }
}

#[test]
fn a_directory_holds_several_projects_and_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.toml"), "[project]\nid = \"a\"\n").expect("written");
    let projects = Projects::load(folder.path()).expect("valid");
    assert_eq!(projects.list().len(), 1);
    fs::write(folder.path().join("b.toml"), "[project]\nid = \"b\"\n").expect("written");
    projects.reload().expect("valid");
    assert!(projects.get("b").is_some());
    fs::write(folder.path().join("b.toml"), "[project]\nid = \"a\"\n").expect("written");
    let error = projects.reload().expect_err("twice the same id").to_string();
    assert!(error.contains("already declared"), "{error}");
    assert!(projects.get("b").is_some(), "a failed reload changes nothing");
}

#[test]
fn an_expanded_value_stays_one_argument() {
    let value = |name: &str| (name == "IMAGE").then_some("a b; ${X} c");
    assert_eq!(expand("x=${IMAGE}!", value).as_deref(), Ok("x=a b; ${X} c!"));
    assert!(expand("${IMAGE", value).is_err());
    assert!(expand("${HOME}", value).is_err());
    assert_eq!(expand("$HOME", value).as_deref(), Ok("$HOME"), "a shell's form is just text");
}
