//! The server's outside: one file per resource. A handler takes its input apart, makes one call,
//! and answers; who may call it stands in one table, here.
//!
//! Order of checks: host, route, method, credential, role, body. May import: everything of the
//! server. Must not know: SQL.

mod answer;
mod board;
mod enter;
mod events;
mod flows;
mod input;
mod paging;
mod pipelines;
mod repository;
mod resources;
mod revisions;
mod rollback;
mod run_view;
mod runs;
mod schemas;
mod session;
pub mod site;

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use slipway_api::session::Role;

use crate::{access::Refusal, app::Shared};
use answer::Failed;
use input::Who;

/// One line of the table.
struct Route {
    method: Method,
    path: String,
    /// What the caller must at least be; nobody in particular where it is none.
    needs: Option<Role>,
    handler: MethodRouter<Shared>,
}

fn route<T: 'static>(
    method: &Method,
    path: &str,
    needs: Option<Role>,
    handler: impl Handler<T, Shared>,
) -> Route {
    // The table only has methods that axum knows.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    Route { method: method.clone(), path: path.to_owned(), needs, handler: on(filter, handler) }
}

/// The vendor's routes, behind `/v1` and `/v1/teams/{team}`.
fn vendor() -> Vec<Route> {
    use Role::{Editor, Releaser, Viewer};
    let project = "/projects/{project}";
    let service = &format!("{project}/services/{{service}}");
    let pipeline = "/projects/{project}/pipelines/{pipeline}";
    let flow = &format!("{pipeline}/release-flows/{{stage}}");
    let runs = &format!("{flow}/runs");
    let (get, post) = (&Method::GET, &Method::POST);
    vec![
        route(get, "/projects", Some(Viewer), resources::projects),
        route(get, &format!("{project}/services"), Some(Viewer), resources::services),
        route(get, &format!("{service}/branches"), Some(Viewer), repository::branches),
        route(get, &format!("{service}/pull-requests"), Some(Viewer), repository::pull_requests),
        route(get, &format!("{service}/build"), Some(Viewer), repository::builds),
        route(get, &format!("{project}/jobs"), Some(Viewer), resources::jobs),
        route(get, &format!("{project}/addons"), Some(Viewer), resources::addons),
        route(get, &format!("{project}/pipelines"), Some(Viewer), pipelines::list),
        route(get, pipeline, Some(Viewer), pipelines::get),
        route(get, flow, Some(Viewer), flows::get),
        route(post, flow, Some(Editor), flows::update),
        route(get, runs, Some(Viewer), runs::list),
        route(post, runs, Some(Releaser), runs::start),
        route(get, &format!("{runs}/{{run}}"), Some(Viewer), runs::get),
        route(post, &format!("{runs}/{{run}}/abort"), Some(Releaser), runs::abort),
    ]
}

/// Ours, behind `/slipway/v1`.
fn ours() -> Vec<Route> {
    use Role::{Releaser, Viewer};
    let project = "/projects/{project}";
    let pipeline = "/projects/{project}/pipelines/{pipeline}";
    let flow = &format!("{pipeline}/release-flows/{{stage}}");
    let run = &format!("{flow}/runs/{{run}}");
    let (get, post, delete) = (&Method::GET, &Method::POST, &Method::DELETE);
    vec![
        route(get, "/info", None, session::info),
        route(get, "/session", Some(Viewer), session::get),
        route(post, "/session", None, session::sign_in),
        route(delete, "/session", None, session::sign_out),
        route(
            get,
            &format!("{project}/services/{{service}}/commits"),
            Some(Viewer),
            repository::commits,
        ),
        route(get, &format!("{project}/events"), Some(Viewer), events::get),
        route(get, &format!("{pipeline}/board"), Some(Viewer), board::get),
        route(get, &format!("{flow}/document"), Some(Viewer), flows::document),
        route(get, &format!("{flow}/revisions"), Some(Viewer), revisions::list),
        route(get, &format!("{flow}/revisions/{{revision}}"), Some(Viewer), revisions::get),
        route(get, &format!("{run}/log"), Some(Viewer), runs::log),
        route(get, &format!("{run}/output"), Some(Viewer), runs::output),
        route(get, &format!("{run}/rollback-plan"), Some(Viewer), rollback::plan),
        route(post, &format!("{run}/rollback"), Some(Releaser), rollback::start),
    ]
}

/// The whole table, with full paths.
fn table() -> Vec<Route> {
    let under = |prefix: &str, routes: Vec<Route>| -> Vec<Route> {
        let place = |route: Route| Route { path: format!("{prefix}{}", route.path), ..route };
        routes.into_iter().map(place).collect()
    };
    let mut routes = under("/v1", vendor());
    routes.extend(under("/v1/teams/{team}", vendor()));
    routes.push(route(&Method::GET, "/v1/login", Some(Role::Viewer), session::get));
    routes.push(route(&Method::GET, "/v1/schemas/release-flow", None, schemas::release_flow));
    routes.extend(under("/slipway/v1", ours()));
    routes
}

/// Every route with the role that it needs, for tests to hold against the wire's description.
#[must_use]
pub fn routes() -> Vec<(Method, String, Option<Role>)> {
    table().into_iter().map(|route| (route.method, route.path, route.needs)).collect()
}

/// The service that answers requests.
pub fn service(app: &Shared) -> Router {
    let mut router = Router::new();
    for Route { path, needs, handler, .. } in table() {
        let handler = match needs {
            // Not run for a wrong method: that is answered before anyone is asked who they are.
            Some(role) => {
                handler.route_layer(middleware::from_fn_with_state((app.clone(), role), require))
            }
            None => handler,
        };
        router = router.route(&path, handler);
    }
    enter::around(app, router.fallback(site::serve).with_state(app.clone()))
}

/// Lets a request through if its sender may do what the role may.
async fn require(
    State((app, role)): State<(Shared, Role)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (who, credential) =
        match app.access.authorise(request.method(), request.headers(), role).await {
            Ok(known) => known,
            Err(refusal) => return refused(refusal).into_response(),
        };
    let quota = app.access.count(&who.name);
    let mut response = if quota.spent {
        Failed::new(StatusCode::TOO_MANY_REQUESTS, "You have made too many requests this hour.")
            .header(header::RETRY_AFTER, &quota.reset.to_string())
            .into_response()
    } else {
        request.extensions_mut().insert(Who(who));
        request.extensions_mut().insert(credential);
        next.run(request).await
    };
    response.extensions_mut().insert(quota);
    response
}

fn refused(refusal: Refusal) -> Failed {
    match refusal {
        Refusal::Unknown => Failed::unauthorized(),
        Refusal::Foreign => foreign(),
        Refusal::Role(needed, there) => Failed::new(
            StatusCode::FORBIDDEN,
            format!("This needs the role {}; yours is {}.", needed.word(), there.word()),
        )
        .id("slipway-role"),
        Refusal::Db(error) => error.into(),
    }
}

fn foreign() -> Failed {
    let message = "This request was not made by a page of this server, so your session doesn't \
                   count for it.";
    Failed::new(StatusCode::FORBIDDEN, message).id("slipway-foreign-origin")
}
