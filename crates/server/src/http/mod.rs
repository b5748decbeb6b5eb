//! The server's outside: one file per resource. A handler takes its input apart, makes one call,
//! and answers. What routes there are, and who may call them, stands in one table (`table`), from
//! which `openapi` describes them.
//!
//! Order of checks: host, route, method, credential, role, body. May import: everything of the
//! server. Must not know: SQL.

mod answer;
mod board;
mod enter;
mod events;
mod flows;
mod input;
mod openapi;
mod paging;
mod pipelines;
mod reference;
mod repository;
mod resources;
mod revisions;
mod rollback;
mod run_view;
mod runs;
mod schemas;
mod session;
pub mod site;
mod table;

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use slipway_api::session::Role;

use crate::{access::Refusal, app::Shared};
use answer::Failed;
use input::Who;
use table::{Route, table};

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
