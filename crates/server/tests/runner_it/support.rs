//! A project file, a data directory and a runner, all real, for one test.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use slipway_api::{run::RunRequest, stage::Stage};
use slipway_engine::{
    event::{Event, EventBody, RunOrigin, RunStatus},
    fold::{NodeStatus, RunState},
};
use slipway_server::{
    db::{
        Db, deployments,
        flows::{self, Pipeline, Place},
        now, runs,
        runs::RunRecord,
    },
    project::Projects,
    runner::{NewRun, Runner, StartError},
};
use tempfile::TempDir;

/// The binary that supervises commands.
pub fn slipway() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_slipway"))
}

pub struct Bench {
    pub runner: Runner,
    pub db: Db,
    pub projects: Arc<Projects>,
    // Last, so that the database is closed before its folder goes.
    pub folder: TempDir,
}

/// A sequential flow of these steps.
pub fn sequence(steps: &Value) -> Value {
    json!({ "apiVersion": "v1.2",
        "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } } })
}

/// The pointer of a step of such a flow.
pub fn step(at: usize) -> String {
    format!("/spec/spec/steps/{at}")
}

pub fn job(id: &str) -> Value {
    json!({ "kind": "JobRun", "ref": id, "condition": "success", "spec": { "jobId": id } })
}

/// A job table that runs a line of shell.
pub fn job_table(id: &str, line: &str, more: &str) -> String {
    let line = serde_json::to_string(line).expect("a text");
    format!("[[job]]\nid = \"{id}\"\nrun = {{ command = [\"sh\", \"-c\", {line}] {more} }}\n")
}

/// The table of a pipeline `p` whose stage Development has these members.
pub fn pipeline_table(members: &[(&str, &str)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(kind, id)| format!("{{ type = \"{kind}\", id = \"{id}\" }}"))
        .collect();
    format!(
        "[[pipeline]]\nid = \"p\"\nname = \"Pipe\"\n[pipeline.stage.development]\nresources = [{}]\n",
        members.join(", ")
    )
}

impl Bench {
    /// Jobs in the stage Development of a pipeline: id, line of shell, more of the command table.
    pub async fn of_jobs(jobs: &[(&str, &str, &str)]) -> Self {
        let tables: String =
            jobs.iter().map(|(id, line, more)| job_table(id, line, more)).collect();
        let members: Vec<(&str, &str)> = jobs.iter().map(|(id, ..)| ("job", *id)).collect();
        Self::of(&format!("[project]\nid = \"t\"\n{tables}{}", pipeline_table(&members))).await
    }

    /// A project file's text.
    pub async fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("project.toml"), text).expect("written");
        Self::at(folder).await
    }

    /// A folder with `project.toml` in it, and perhaps with the data of an earlier bench.
    pub async fn at(folder: TempDir) -> Self {
        let file = folder.path().join("project.toml");
        Self::with(folder, &file).await
    }

    pub async fn with(folder: TempDir, file: &Path) -> Self {
        let data = folder.path().join("data");
        std::fs::create_dir_all(&data).expect("a folder");
        let db = Db::open(&data).expect("a database");
        let projects = Arc::new(Projects::load(file).unwrap_or_else(|error| panic!("{error}")));
        let bench = Self {
            runner: Runner::start_with(db.clone(), Arc::clone(&projects), &data, slipway())
                .await
                .expect("a runner"),
            db,
            projects,
            folder,
        };
        bench.seed().await;
        bench
    }

    /// Stops everything and starts again on the same folder.
    pub async fn restarted(self) -> Self {
        let Self { runner, db, projects, folder } = self;
        runner.shutdown().await;
        drop((runner, db, projects));
        Self::at(folder).await
    }

    /// Puts what the project file declares into the database, as the server does.
    pub async fn seed(&self) {
        for project in self.projects.list().iter().cloned() {
            self.db
                .write(move |tx| {
                    for seed in &project.pipelines {
                        if flows::pipeline(tx, &project.id, &seed.id)?.is_none() {
                            let (id, name) = (seed.id.clone(), seed.name.clone());
                            let (created_at, updated_at) = (now(), now());
                            let description = None;
                            let new = Pipeline { id, name, description, created_at, updated_at };
                            flows::insert_pipeline(tx, &project.id, &new)?;
                        }
                        for stage in &seed.stages {
                            let place = place(&project.id, &seed.id, stage.stage);
                            for (kind, id) in &stage.resources {
                                flows::insert_resource(tx, &place, *kind, id)?;
                            }
                            if let Some(flow) = &stage.flow {
                                flows::save_flow(tx, &place, flow, false, "test")?;
                            }
                        }
                    }
                    Ok(())
                })
                .await
                .expect("seeded");
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Saves a flow of the stage Development of `p`.
    pub async fn save(&self, flow: &Value) {
        self.save_at(&place("t", "p", Stage::Development), flow).await;
    }

    pub async fn save_at(&self, at: &Place, flow: &Value) {
        let (at, text) = (at.clone(), format!("{flow:#}"));
        self.db
            .write(move |tx| flows::save_flow(tx, &at, &text, false, "test"))
            .await
            .expect("saved");
    }

    pub async fn start(&self) -> RunRecord {
        self.ask(RunRequest::default()).await.expect("a run")
    }

    pub async fn ask(&self, request: RunRequest) -> Result<RunRecord, StartError> {
        self.ask_at(&place("t", "p", Stage::Development), request).await
    }

    pub async fn ask_at(&self, at: &Place, request: RunRequest) -> Result<RunRecord, StartError> {
        let at = at.clone();
        let (origin, by) = (RunOrigin::Release, "ada".to_owned());
        let Place { project, pipeline, stage } = at;
        self.runner.start_run(NewRun { project, pipeline, stage, request, origin, by }).await
    }

    /// Runs a flow to its end.
    pub async fn play(&self, flow: &Value) -> RunState {
        self.save(flow).await;
        let run = self.start().await;
        self.end(&run.id).await
    }

    pub async fn events(&self, run: &str) -> Vec<Event> {
        let run = run.to_owned();
        self.db.read(move |conn| runs::events(conn, &run)).await.expect("readable")
    }

    pub async fn state(&self, run: &str) -> RunState {
        RunState::of(&self.events(run).await)
    }

    /// Waits until something is true of the run.
    pub async fn until(
        &self,
        run: &str,
        what: &str,
        wanted: impl Fn(&RunState) -> bool,
    ) -> RunState {
        let began = Instant::now();
        loop {
            let state = self.state(run).await;
            if wanted(&state) {
                return state;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "never {what}: {state:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn end(&self, run: &str) -> RunState {
        self.until(run, "concluded", RunState::concluded).await
    }

    pub async fn at_work(&self, run: &str, node: &str) -> RunState {
        self.until(run, "at work", |state| state.status_of(node) == NodeStatus::Running).await
    }

    /// All of a node's output, once it has ended.
    pub async fn output(&self, run: &str, node: &str) -> String {
        let output = self.runner.output(run, node, 0).await.expect("readable").expect("a node");
        output.text
    }

    /// What runs on a resource, as JSON.
    pub async fn deployed(&self, project: &str, resource: &str) -> Value {
        let (project, resource) = (project.to_owned(), resource.to_owned());
        let found = self.db.read(move |conn| deployments::current(conn, &project, &resource)).await;
        serde_json::to_value(found.expect("readable")).expect("JSON")
    }
}

pub fn place(project: &str, pipeline: &str, stage: Stage) -> Place {
    Place { project: project.into(), pipeline: pipeline.into(), stage }
}

pub fn assert_success(state: &RunState) {
    assert_eq!(state.status, RunStatus::Success, "{state:#?}");
}

/// The words of the events of a run, in order, without output.
pub fn words(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| {
        let value = serde_json::to_value(&event.body).expect("JSON");
        let node = value["node"].as_str().unwrap_or_default().replace("/spec/spec/steps/", "");
        format!("{} {node}", value["type"].as_str().unwrap_or_default()).trim().to_owned()
    };
    events
        .iter()
        .filter(|event| !matches!(event.body, EventBody::NodeOutput { .. }))
        .map(word)
        .collect()
}

/// Whether a process is there and not just waiting to be reaped.
pub fn alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

pub async fn until_gone(pid: &str) {
    let began = Instant::now();
    while alive(pid) {
        assert!(began.elapsed() < Duration::from_secs(20), "process {pid} is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for a file with something in it.
pub async fn content(path: &Path) -> String {
    let began = Instant::now();
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{} never comes", path.display());
    }
}
