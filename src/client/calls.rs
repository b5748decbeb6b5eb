//! The routes that the app uses, one method each, typed by `slipway-api`.

use gloo_net::http::{Request, RequestBuilder};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use slipway_api::{
    board::Board,
    envelope::{Data, Page},
    flow::{PipelineRow, Pipelines, RevisionRow, Revisions},
    path,
    resource::{
        Addons, BranchRow, Branches, BuildRow, Builds, CommitRow, Commits, Jobs, NamedRow,
        ProjectRow, Projects, PullRequestRow, PullRequests, ServiceRow, Services,
    },
    run::{NodeOutput, RollbackPlan, RollbackRequest, RunLog, RunRequest, RunRow, Runs},
    session::{Session, SignIn},
    stage::Stage,
};

use super::{
    error::ClientError,
    http::{Answer, send_json, send_text},
};

/// How many pages of a list are read before the app stops asking: a server that always offers one
/// more page must not keep a browser busy for ever.
const MOST_PAGES: usize = 100;

/// A release flow's text and the version that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowText {
    pub text: String,
    pub etag: Option<String>,
}

/// One page of a run list.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPage {
    pub runs: Vec<RunRow>,
    /// Where the next page begins; none on the last one.
    pub next: Option<String>,
}

/// The server, as the app calls it. Holds nothing but whom to tell when a session has ended.
#[derive(Clone, Copy)]
pub struct Client {
    session_ended: Callback<()>,
}

/// The client of this app. `app.rs` provides it.
#[must_use]
pub fn use_client() -> Client {
    expect_context::<Client>()
}

impl Client {
    /// `session_ended` is called whenever an answer says that nobody is signed in.
    #[must_use]
    pub fn new(session_ended: Callback<()>) -> Self {
        Self { session_ended }
    }

    // Who is asking.

    /// Who is signed in.
    pub async fn session(self) -> Result<Session, ClientError> {
        self.get_data(path::SESSION).await
    }

    /// With `preview`, whom the code or token would sign in; without, signs in.
    pub async fn sign_in(self, request: &SignIn) -> Result<Session, ClientError> {
        let answer = send_json(Request::post(path::SESSION), request).await?;
        answer.json::<Data<Session>>().map(|answer| answer.data)
    }

    pub async fn sign_out(self) -> Result<(), ClientError> {
        send_text(Request::delete(path::SESSION), None).await.map(drop)
    }

    // What there is.

    pub async fn projects(self) -> Result<Vec<ProjectRow>, ClientError> {
        self.all(path::PROJECTS, |page: Projects| page.projects).await
    }

    pub async fn pipelines(self, project: &str) -> Result<Vec<PipelineRow>, ClientError> {
        self.all(&path::pipelines(project), |page: Pipelines| page.pipelines).await
    }

    pub async fn services(self, project: &str) -> Result<Vec<ServiceRow>, ClientError> {
        self.all(&path::services(project), |page: Services| page.services).await
    }

    pub async fn branches(
        self,
        project: &str,
        service: &str,
    ) -> Result<Vec<BranchRow>, ClientError> {
        self.all(&path::branches(project, service), |page: Branches| page.branches).await
    }

    /// The newest commits of a branch: one page.
    pub async fn commits(
        self,
        project: &str,
        service: &str,
        branch: &str,
    ) -> Result<Vec<CommitRow>, ClientError> {
        let address = path::commits(project, service);
        let address = format!("{address}?per_page=100&branch={}", path::segment(branch));
        self.get::<Page<Commits>>(&address).await.map(|page| page.data.commits)
    }

    /// The newest pull requests of a service's repository: one page.
    pub async fn pull_requests(
        self,
        project: &str,
        service: &str,
    ) -> Result<Vec<PullRequestRow>, ClientError> {
        let address = paged(&path::pull_requests(project, service), 100, None);
        self.get::<Page<PullRequests>>(&address).await.map(|page| page.data.pull_requests)
    }

    /// The newest builds of a service: one page.
    pub async fn builds(self, project: &str, service: &str) -> Result<Vec<BuildRow>, ClientError> {
        let address = paged(&path::builds(project, service), 100, None);
        self.get::<Page<Builds>>(&address).await.map(|page| page.data.builds)
    }

    pub async fn jobs(self, project: &str) -> Result<Vec<NamedRow>, ClientError> {
        self.all(&path::jobs(project), |page: Jobs| page.jobs).await
    }

    pub async fn addons(self, project: &str) -> Result<Vec<NamedRow>, ClientError> {
        self.all(&path::addons(project), |page: Addons| page.addons).await
    }

    pub async fn board(self, project: &str, pipeline: &str) -> Result<Board, ClientError> {
        self.get_data(&path::board(project, pipeline)).await
    }

    // Release flows.

    /// The stored document, byte for byte; none when the stage has no release flow yet.
    pub async fn document(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
    ) -> Result<Option<FlowText>, ClientError> {
        match self.send(Request::get(&path::document(project, pipeline, stage)), None).await {
            Ok(answer) => Ok(Some(FlowText { text: answer.text, etag: answer.etag })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores `text` if the stored version is still `etag`, or, with no `etag`, if there is none
    /// yet. Answers with the new version's etag. [`ClientError::Conflict`] when somebody else was
    /// faster. `reason` is kept with the revision.
    pub async fn save_flow(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        text: String,
        etag: Option<&str>,
        reason: &str,
    ) -> Result<Option<String>, ClientError> {
        let address = path::release_flow(project, pipeline, stage);
        let request = match reason {
            "" => Request::post(&address),
            why => Request::post(&format!("{address}?reason={}", path::segment(why))),
        };
        let request = match etag {
            Some(etag) => request.header("If-Match", etag),
            None => request.header("If-None-Match", "*"),
        };
        self.send(request, Some(text)).await.map(|answer| answer.etag)
    }

    /// One page of the versions that were saved, newest first, and where the next one begins.
    pub async fn revisions(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        per_page: usize,
        cursor: Option<&str>,
    ) -> Result<(Vec<RevisionRow>, Option<String>), ClientError> {
        let address = paged(&path::revisions(project, pipeline, stage), per_page, cursor);
        let page: Page<Revisions> = self.get(&address).await?;
        let next = page.pagination.cursor.filter(|_| page.pagination.has_next_page);
        Ok((page.data.revisions, next))
    }

    /// One version's text, byte for byte.
    pub async fn revision(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        number: u64,
    ) -> Result<String, ClientError> {
        let address = path::revision(project, pipeline, stage, number);
        self.send(Request::get(&address), None).await.map(|answer| answer.text)
    }

    // Runs.

    pub async fn start_run(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        request: &RunRequest,
    ) -> Result<RunRow, ClientError> {
        self.post_data(&path::runs(project, pipeline, stage), request).await
    }

    /// One page of a stage's runs, newest first. `per_page` at most 100.
    pub async fn runs(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        per_page: usize,
        cursor: Option<&str>,
    ) -> Result<RunPage, ClientError> {
        let address = paged(&path::runs(project, pipeline, stage), per_page, cursor);
        let page: Page<Runs> = self.get(&address).await?;
        let next = page.pagination.cursor.filter(|_| page.pagination.has_next_page);
        Ok(RunPage { runs: page.data.runs, next })
    }

    /// A run as a list would show it.
    pub async fn run_row(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
    ) -> Result<RunRow, ClientError> {
        self.get_data(&path::run(project, pipeline, stage, run)).await
    }

    /// A run's own document and all its events, to be folded and then followed from `seq` on.
    pub async fn run_log(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
    ) -> Result<RunLog, ClientError> {
        self.get_data(&path::run_log(project, pipeline, stage, run)).await
    }

    /// Asks the run to stop. What becomes of it comes over the event stream.
    pub async fn abort(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
    ) -> Result<(), ClientError> {
        self.send(Request::post(&path::abort(project, pipeline, stage, run)), None).await.map(drop)
    }

    /// A piece of a node's output, from byte `from` on. `node` is the node's JSON pointer.
    pub async fn output(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
        node: &str,
        from: u64,
    ) -> Result<NodeOutput, ClientError> {
        let address = path::run_output(project, pipeline, stage, run);
        self.get_data(&format!("{address}?node={}&from={from}", path::segment(node))).await
    }

    /// What going back to `run` would do.
    pub async fn rollback_plan(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
    ) -> Result<RollbackPlan, ClientError> {
        self.get_data(&path::rollback_plan(project, pipeline, stage, run)).await
    }

    /// Goes back to `run`; answers with the new run that does it.
    pub async fn rollback(
        self,
        project: &str,
        pipeline: &str,
        stage: Stage,
        run: &str,
        request: &RollbackRequest,
    ) -> Result<RunRow, ClientError> {
        self.post_data(&path::rollback(project, pipeline, stage, run), request).await
    }

    // How.

    async fn send(
        self,
        request: RequestBuilder,
        body: Option<String>,
    ) -> Result<Answer, ClientError> {
        let outcome = send_text(request, body).await;
        if outcome.as_ref().is_err_and(|error| *error == ClientError::Unauthorized) {
            self.session_ended.run(());
        }
        outcome
    }

    async fn get<T: DeserializeOwned>(self, address: &str) -> Result<T, ClientError> {
        self.send(Request::get(address), None).await?.json()
    }

    async fn get_data<T: DeserializeOwned>(self, address: &str) -> Result<T, ClientError> {
        self.get::<Data<T>>(address).await.map(|answer| answer.data)
    }

    async fn post_data<T: DeserializeOwned>(
        self,
        address: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, ClientError> {
        let text =
            serde_json::to_string(body).map_err(|error| ClientError::Decode(error.to_string()))?;
        let answer = self.send(Request::post(address), Some(text)).await?;
        answer.json::<Data<T>>().map(|answer| answer.data)
    }

    /// Every row of a list that comes in pages.
    async fn all<P, R>(
        self,
        address: &str,
        rows: impl Fn(P) -> Vec<R>,
    ) -> Result<Vec<R>, ClientError>
    where
        P: DeserializeOwned,
    {
        let mut out = Vec::new();
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let page: Page<P> = self.get(&paged(address, 100, cursor.as_deref())).await?;
            out.extend(rows(page.data));
            cursor = page.pagination.cursor.filter(|_| page.pagination.has_next_page);
            if cursor.is_none() {
                break;
            }
        }
        Ok(out)
    }
}

/// The address of one page of a list.
fn paged(address: &str, per_page: usize, cursor: Option<&str>) -> String {
    match cursor {
        Some(cursor) => format!("{address}?per_page={per_page}&cursor={}", path::segment(cursor)),
        None => format!("{address}?per_page={per_page}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_asked_for_by_cursor() {
        assert_eq!(paged("v1/projects", 50, None), "v1/projects?per_page=50");
        assert_eq!(paged("v1/projects", 2, Some("a b")), "v1/projects?per_page=2&cursor=a%20b");
    }
}
