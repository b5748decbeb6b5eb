//! From a request and a document to a run in the log, or sentences about why not.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use slipway_api::{resource::StageResource, run::RunRequest, stage::Stage};
use slipway_engine::{
    plan::{Plan, Shape},
    values::{Scope, dry_run, resolve},
};
use slipway_flow::{
    concurrency::{Decision, Policy},
    pattern,
};
use uuid::Uuid;

use super::{
    Inner, NewRun, StartError,
    check::{self, Stage as CheckedStage},
    drive, overrides,
    overrides::Details,
    turn::{self, Admission},
};
use crate::{
    db::{flows, flows::Place, runs::RunRecord},
    project::Project,
};

/// Starts a run of the stored flow.
pub async fn start(inner: &Arc<Inner>, ask: NewRun) -> Result<RunRecord, StartError> {
    let place =
        Place { project: ask.project.clone(), pipeline: ask.pipeline.clone(), stage: ask.stage };
    let flow = inner.db.read(move |conn| flows::flow(conn, &place)).await?;
    let flow = flow.ok_or(StartError::NoFlow)?;
    begin(inner, ask, flow.text).await
}

/// Starts a run of the given document. Whoever asks may go away: a run that is in the log has its
/// task all the same.
pub async fn begin(inner: &Arc<Inner>, ask: NewRun, text: String) -> Result<RunRecord, StartError> {
    let inner = Arc::clone(inner);
    let begun = tokio::spawn(async move { begin_to_the_end(&inner, ask, text).await });
    begun.await.unwrap_or_else(|error| {
        tracing::error!(%error, "the start of a run was cut off");
        Err(StartError::Forbidden(
            "The server is stopping, or has a bug that its log tells of: see in the list of runs \
             whether this one is there, and otherwise ask again."
                .to_owned(),
        ))
    })
}

async fn begin_to_the_end(
    inner: &Arc<Inner>,
    ask: NewRun,
    text: String,
) -> Result<RunRecord, StartError> {
    let project = inner.projects.get(&ask.project).ok_or_else(|| {
        let id = &ask.project;
        StartError::Forbidden(format!("The server has no project file for \"{id}\" any more."))
    })?;
    let (project_id, pipeline) = (ask.project.clone(), ask.pipeline.clone());
    let resources =
        inner.db.read(move |conn| flows::resources(conn, &project_id, &pipeline)).await?;
    let stage = CheckedStage { project: &project, stage: ask.stage, resources: &resources };
    let (document, policy) =
        prepare(&stage, &text, &ask.request).map_err(|details| StartError::Invalid { details })?;
    let record = RunRecord {
        id: Uuid::new_v4().to_string(),
        project: ask.project,
        pipeline: ask.pipeline,
        stage: ask.stage.name().to_owned(),
        document: document.unwrap_or(text),
        request: ask.request,
        origin: ask.origin,
        by: ask.by,
    };
    let row = record.clone();
    let admission = inner.db.write(move |tx| turn::admit(tx, &row, policy)).await?;
    let Admission::Admitted(replaced) = admission else {
        return Err(StartError::Forbidden(Decision::REFUSAL.to_owned()));
    };
    // Runs that were skipped for this one look up.
    inner.turns.send_modify(|count| *count += 1);
    // It waits for its turn by itself until the replaced runs are over.
    drive::spawn(inner, &record, Vec::new());
    for run in replaced {
        if let Err(error) = inner.abort(&run, &record.by).await {
            tracing::warn!(%error, run, "a replaced run could not be aborted");
        }
    }
    Ok(record)
}

/// Checks everything that can be checked before a run exists. Gives the run's document where it
/// differs from the stored text.
fn prepare(
    stage: &CheckedStage<'_>,
    text: &str,
    request: &RunRequest,
) -> Result<(Option<String>, Policy), Details> {
    let mut details = request_details(request);
    let one = |field: &str, sentence: String| Details::from([(field.to_owned(), vec![sentence])]);
    let stored: Value = serde_json::from_str(text).map_err(|error| {
        one("document", format!("The release flow is not valid JSON: {error}."))
    })?;
    let changed = match overrides::apply(&stored, request) {
        Ok(changed) => changed,
        Err(more) => {
            details.extend(more);
            return Err(details);
        }
    };
    let document = changed.as_ref().unwrap_or(&stored);
    let policy = turn::policy_of(document)
        .map_err(|sentence| one("/options/concurrencyPolicy", sentence))?;
    let plan = Plan::of(document).map_err(|error| one(&error.pointer, error.message))?;
    let arguments = overrides::arguments(document, request);
    let triggers = overrides::triggers(document, request);
    for problem in dry_run(&plan, &arguments, &triggers) {
        details.entry(problem.pointer).or_default().push(problem.message);
    }
    let refs = triggers.into_iter().collect();
    let scope = Scope { arguments, refs, ..Scope::default() };
    for (pointer, sentence) in node_problems(stage, &plan, &scope) {
        details.entry(pointer).or_default().push(sentence);
    }
    if !details.is_empty() {
        return Err(details);
    }
    let text = changed.map(|document| format!("{document:#}\n"));
    Ok((text, policy))
}

fn request_details(request: &RunRequest) -> Details {
    let fields = [
        ("name", &request.name, &pattern::RUN_NAME),
        ("description", &request.description, &pattern::DESCRIPTION),
    ];
    let mut details = BTreeMap::new();
    for (field, value, pattern) in fields {
        if let Some(Err(sentence)) = value.as_ref().map(|value| pattern.check(value)) {
            details.insert(field.to_owned(), vec![sentence]);
        }
    }
    details
}

/// Everything that this server or this stage can't do. Values that are known are looked at, the
/// others when their node's turn comes.
fn node_problems(stage: &CheckedStage<'_>, plan: &Plan, scope: &Scope) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    for (index, node) in plan.nodes().iter().enumerate() {
        if plan.never_runs(index) {
            continue;
        }
        let spec = known(&node.spec, scope);
        if node.shape != Shape::Leaf {
            let problem = check::workflow(stage, &spec);
            problems.extend(problem.map(|(at, said)| (format!("{}{at}", node.pointer), said)));
            continue;
        }
        let timeout = node.timeout.as_ref().map(|timeout| known(timeout, scope));
        problems.extend(
            check::node(stage, &node.kind, &spec, timeout.as_ref())
                .into_iter()
                .map(|(field, sentence)| (format!("{}{field}", node.pointer), sentence)),
        );
    }
    problems
}

/// The value with every text resolved that can be resolved now.
fn known(value: &Value, scope: &Scope) -> Value {
    match value {
        Value::String(_) => resolve(value, scope).unwrap_or_else(|_| value.clone()),
        Value::Array(items) => items.iter().map(|item| known(item, scope)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), known(value, scope))).collect()
        }
        other => other.clone(),
    }
}

/// What a node may use, for a look at it when its turn has come.
pub async fn surroundings(
    inner: &Inner,
    record: &RunRecord,
) -> Result<Option<(Arc<Project>, Stage, Vec<StageResource>)>, crate::db::DbError> {
    let (project, pipeline) = (record.project.clone(), record.pipeline.clone());
    let resources = inner.db.read(move |conn| flows::resources(conn, &project, &pipeline)).await?;
    let found = inner.projects.get(&record.project).zip(Stage::parse(&record.stage));
    Ok(found.map(|(project, stage)| (project, stage, resources)))
}
