//! Who may do what: every route with every role, against the one table.

use hyper::Method;
use serde_json::json;
use slipway_api::{path, session::Role, stage::Stage};
use slipway_engine::event::RunOrigin;
use slipway_server::http::routes;

use crate::world::{FLOW, FLOW_PATH, World};

const ROLES: [Role; 4] = [Role::Viewer, Role::Releaser, Role::Editor, Role::Admin];

#[tokio::test]
async fn each_route_takes_the_roles_that_it_needs_and_no_other() {
    let world = World::new().await;
    let mut tokens = Vec::new();
    for role in ROLES {
        tokens.push((role, world.token(role).await));
    }
    let created = slipway_api::EventBody::RunCreated {
        name: None,
        description: None,
        origin: RunOrigin::Release,
        by: "ada".into(),
    };
    world.run("r1", vec![created]).await;
    for (method, pattern, needs) in routes() {
        let path = pattern
            .replace("{team}", "any")
            .replace("{project}", "shop")
            .replace("{service}", "builder")
            .replace("{pipeline}", "web")
            .replace("{stage}", "dEvelopment")
            .replace("{revision}", "1")
            .replace("{run}", "r1");
        let body = if path == FLOW_PATH { FLOW } else { "" };
        let ask = || world.ask(method.clone(), &path).body(body);
        let Some(needs) = needs else {
            let status = ask().open().await.status().as_u16();
            assert!(!matches!(status, 401 | 403), "{method} {path} is for anybody: {status}");
            continue;
        };
        assert_eq!(ask().send().await.status, 401, "{method} {path} without a token");
        for (role, token) in &tokens {
            let response = ask().bearer(token).open().await;
            let status = response.status().as_u16();
            if *role >= needs {
                assert!(!matches!(status, 401 | 403 | 405), "{method} {path} {role:?}: {status}");
                continue;
            }
            let answer = ask().bearer(token).send().await;
            assert_eq!(status, 403, "{method} {path} {role:?}");
            let message =
                format!("This needs the role {}; yours is {}.", needs.word(), role.word());
            let expected = json!({ "error":
                { "status": 403, "id": "slipway-role", "message": message } });
            assert_eq!(answer.json(), expected);
        }
    }
}

#[test]
fn the_table_says_what_each_role_is_for() {
    let table: Vec<(String, Option<Role>)> = routes()
        .into_iter()
        .filter(|(method, ..)| *method != Method::GET)
        .map(|(method, path, needs)| (format!("{method} {path}"), needs))
        .collect();
    let flow = "/projects/{project}/pipelines/{pipeline}/release-flows/{stage}";
    let mut expected = Vec::new();
    for prefix in ["/v1", "/v1/teams/{team}"] {
        expected.push((format!("POST {prefix}{flow}"), Some(Role::Editor)));
        expected.push((format!("POST {prefix}{flow}/runs"), Some(Role::Releaser)));
        expected.push((format!("POST {prefix}{flow}/runs/{{run}}/abort"), Some(Role::Releaser)));
    }
    expected.push(("POST /slipway/v1/session".into(), None));
    expected.push(("DELETE /slipway/v1/session".into(), None));
    let rollback = format!("POST /slipway/v1{flow}/runs/{{run}}/rollback");
    expected.push((rollback, Some(Role::Releaser)));
    assert_eq!(table, expected);
    // Reading needs a viewer, but for what this server is and what documents and routes look like.
    let open = [
        "/slipway/v1/info",
        "/slipway/v1/openapi.json",
        "/slipway/v1/api",
        "/slipway/v1/api.css",
        "/v1/schemas/release-flow",
    ];
    for (method, path, needs) in routes() {
        if method == Method::GET && !open.contains(&path.as_str()) {
            assert_eq!(needs, Some(Role::Viewer), "{path}");
        }
    }
}

#[test]
fn every_path_of_the_wire_is_a_route() {
    let (p, id, stage, run) = ("a", "b", Stage::Staging, "c");
    let paths = [
        path::INFO.to_owned(),
        path::SESSION.to_owned(),
        path::PROJECTS.to_owned(),
        path::services(p),
        path::branches(p, id),
        path::pull_requests(p, id),
        path::builds(p, id),
        path::commits(p, id),
        path::jobs(p),
        path::addons(p),
        path::pipelines(p),
        path::pipeline(p, id),
        path::release_flow(p, id, stage),
        path::runs(p, id, stage),
        path::run(p, id, stage, run),
        path::abort(p, id, stage, run),
        path::events(p),
        path::board(p, id),
        path::document(p, id, stage),
        path::revisions(p, id, stage),
        path::revision(p, id, stage, 1),
        path::run_log(p, id, stage, run),
        path::run_output(p, id, stage, run),
        path::rollback(p, id, stage, run),
        path::rollback_plan(p, id, stage, run),
    ];
    let routes = routes();
    for path in paths {
        let fits = |pattern: &str| {
            let (pattern, path) = (pattern.split('/').skip(1), path.split('/'));
            pattern.clone().count() == path.clone().count()
                && pattern.zip(path).all(|(want, part)| want.starts_with('{') || want == part)
        };
        assert!(routes.iter().any(|(_, pattern, _)| fits(pattern)), "{path}");
    }
}
