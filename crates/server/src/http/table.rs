//! The table of routes: what each is, who may call it, who answers.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use slipway_api::{
    board::Board,
    flow::{Pipeline, Pipelines, Revisions},
    resource::{Addons, Branches, Builds, Commits, Jobs, Projects, PullRequests, Services},
    run::{NodeOutput, RollbackPlan, RollbackRequest, RunLog, RunRequest, RunRow, Runs},
    session::{Info, Role, Session, SignIn},
};

use super::{
    board, events, flows,
    openapi::{self as o, Operation},
    pipelines, reference, repository, resources, revisions, rollback, runs, schemas, session,
};
use crate::app::Shared;

/// One line of the table.
pub struct Route {
    pub method: Method,
    pub path: String,
    /// What the caller must at least be; nobody in particular where it is none.
    pub needs: Option<Role>,
    pub handler: MethodRouter<Shared>,
    /// What it is for.
    pub tells: Operation,
}

fn route<T: 'static>(
    method: &Method,
    path: &str,
    needs: Option<Role>,
    handler: impl Handler<T, Shared>,
    tells: Operation,
) -> Route {
    // The table only has methods that axum knows.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    let handler = on(filter, handler);
    Route { method: method.clone(), path: path.to_owned(), needs, handler, tells }
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
        route(
            get,
            "/projects",
            Some(Viewer),
            resources::projects,
            Operation::page::<Projects>("listProjects", "The projects."),
        ),
        route(
            get,
            &format!("{project}/services"),
            Some(Viewer),
            resources::services,
            Operation::page::<Services>("listServices", "The services of a project."),
        ),
        route(
            get,
            &format!("{service}/branches"),
            Some(Viewer),
            repository::branches,
            Operation::page::<Branches>(
                "listBranches",
                "The branches that a service is built from.",
            )
            .refusing(REPOSITORY),
        ),
        route(
            get,
            &format!("{service}/pull-requests"),
            Some(Viewer),
            repository::pull_requests,
            Operation::page::<PullRequests>(
                "listPullRequests",
                "The pull requests of a service's repository.",
            )
            .refusing(REPOSITORY),
        ),
        route(
            get,
            &format!("{service}/build"),
            Some(Viewer),
            repository::builds,
            Operation::page::<Builds>(
                "listServiceBuilds",
                "The builds of a service, newest first.",
            ),
        ),
        route(
            get,
            &format!("{project}/jobs"),
            Some(Viewer),
            resources::jobs,
            Operation::page::<Jobs>("listJobs", "The jobs of a project."),
        ),
        route(
            get,
            &format!("{project}/addons"),
            Some(Viewer),
            resources::addons,
            Operation::page::<Addons>("listAddons", "The addons of a project."),
        ),
        route(
            get,
            &format!("{project}/pipelines"),
            Some(Viewer),
            pipelines::list,
            Operation::page::<Pipelines>("listPipelines", "The pipelines of a project."),
        ),
        route(
            get,
            pipeline,
            Some(Viewer),
            pipelines::get,
            Operation::data::<Pipeline>("getPipeline", "A pipeline with what its stages hold."),
        ),
        route(
            get,
            flow,
            Some(Viewer),
            flows::get,
            Operation::data::<o::ReleaseFlow>("getReleaseFlow", "The release flow of a stage."),
        ),
        route(
            post,
            flow,
            Some(Editor),
            flows::update,
            Operation::data::<o::ReleaseFlow>(
                "updateReleaseFlow",
                "Stores another release flow, as it is written.",
            )
            .taking(&[&o::REASON, &o::IF_MATCH, &o::IF_NONE_MATCH])
            .body_of::<o::FlowBody>()
            .refusing(&[412]),
        ),
        route(
            get,
            runs,
            Some(Viewer),
            runs::list,
            Operation::page::<Runs>("listReleaseFlowRuns", "The runs of a stage, newest first.")
                .taking(&[&o::PER_PAGE, &o::PAGE, &o::CURSOR, &o::STATUS, &o::CONCLUDED]),
        ),
        route(
            post,
            runs,
            Some(Releaser),
            runs::start,
            Operation::data::<o::RunView>("runReleaseFlow", "Starts a run.")
                .body_or_none::<RunRequest>()
                .refusing(&[409]),
        ),
        route(
            get,
            &format!("{runs}/{{run}}"),
            Some(Viewer),
            runs::get,
            Operation::data::<o::RunView>(
                "getReleaseFlowRun",
                "A run with what became of each node.",
            ),
        ),
        route(
            post,
            &format!("{runs}/{{run}}/abort"),
            Some(Releaser),
            runs::abort,
            Operation::data::<o::RunView>("abortReleaseFlowRun", "Aborts a run.").refusing(&[409]),
        ),
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
        route(
            get,
            "/info",
            None,
            session::info,
            Operation::bare::<Info>("getInfo", "What this server is."),
        ),
        route(
            get,
            "/openapi.json",
            None,
            reference::openapi,
            Operation::bare::<o::Nothing>("getOpenApi", "This description."),
        ),
        route(
            get,
            "/api",
            None,
            reference::html,
            Operation::file("getApiPage", "This description, as a page.", "text/html"),
        ),
        route(
            get,
            "/api.css",
            None,
            reference::style,
            Operation::file("getApiStyle", "The looks of that page.", "text/css"),
        ),
        route(
            get,
            "/session",
            Some(Viewer),
            session::get,
            Operation::data::<Session>("getSession", "Who the credential belongs to."),
        ),
        route(
            post,
            "/session",
            None,
            session::sign_in,
            Operation::data::<Session>("signIn", "A session cookie for a code or a token.")
                .body_of::<SignIn>()
                .refusing(&[401, 403, 429]),
        ),
        route(
            delete,
            "/session",
            None,
            session::sign_out,
            Operation::data::<o::Nothing>("signOut", "Ends the session.").refusing(&[403]),
        ),
        route(
            get,
            &format!("{project}/services/{{service}}/commits"),
            Some(Viewer),
            repository::commits,
            Operation::page::<Commits>("listCommits", "The commits of a branch, newest first.")
                .taking(&[&o::BRANCH, &o::PER_PAGE, &o::PAGE, &o::CURSOR])
                .refusing(REPOSITORY),
        ),
        route(
            get,
            &format!("{project}/events"),
            Some(Viewer),
            events::get,
            Operation::data::<o::EventList>(
                "followEvents",
                "What happens in a project, as it happens.",
            )
            .taking(&[&o::AFTER, &o::OF_RUN, &o::FORMAT, &o::LIMIT, &o::LAST_EVENT_ID])
            .streams(),
        ),
        route(
            get,
            &format!("{pipeline}/board"),
            Some(Viewer),
            board::get,
            Operation::data::<Board>("getBoard", "What a pipeline's page shows."),
        ),
        route(
            get,
            &format!("{flow}/document"),
            Some(Viewer),
            flows::document,
            Operation::bare::<o::Document>(
                "getDocument",
                "The release flow's text, byte for byte.",
            ),
        ),
        route(
            get,
            &format!("{flow}/revisions"),
            Some(Viewer),
            revisions::list,
            Operation::page::<Revisions>(
                "listRevisions",
                "The versions of a release flow, newest first.",
            ),
        ),
        route(
            get,
            &format!("{flow}/revisions/{{revision}}"),
            Some(Viewer),
            revisions::get,
            Operation::bare::<o::Document>("getRevision", "A version's text, byte for byte."),
        ),
        route(
            get,
            &format!("{run}/log"),
            Some(Viewer),
            runs::log,
            Operation::data::<RunLog>("getRunLog", "A run's document and all its events."),
        ),
        route(
            get,
            &format!("{run}/output"),
            Some(Viewer),
            runs::output,
            Operation::data::<NodeOutput>("getNodeOutput", "A piece of what a node printed.")
                .taking(&[&o::NODE, &o::FROM]),
        ),
        route(
            get,
            &format!("{run}/rollback-plan"),
            Some(Viewer),
            rollback::plan,
            Operation::data::<RollbackPlan>("planRollback", "What going back to a run would do."),
        ),
        route(
            post,
            &format!("{run}/rollback"),
            Some(Releaser),
            rollback::start,
            Operation::data::<RunRow>("rollBack", "Goes back to what a run released.")
                .body_or_none::<RollbackRequest>()
                .refusing(&[409]),
        ),
    ]
}

/// How the lists of a repository can fail.
const REPOSITORY: &[u16] = &[409, 502];

/// The whole table, with full paths.
pub fn table() -> Vec<Route> {
    let under = |prefix: &str, routes: Vec<Route>| -> Vec<Route> {
        let place = |route: Route| Route { path: format!("{prefix}{}", route.path), ..route };
        routes.into_iter().map(place).collect()
    };
    let mut routes = under("/v1", vendor());
    routes.extend(under("/v1/teams/{team}", vendor()));
    routes.push(route(
        &Method::GET,
        "/v1/login",
        Some(Role::Viewer),
        session::get,
        Operation::data::<Session>("login", "Who the token belongs to."),
    ));
    routes.push(route(
        &Method::GET,
        "/v1/schemas/release-flow",
        None,
        schemas::release_flow,
        Operation::bare::<o::Nothing>("getReleaseFlowSchema", "The JSON Schema of a release flow."),
    ));
    routes.extend(under("/slipway/v1", ours()));
    routes
}
