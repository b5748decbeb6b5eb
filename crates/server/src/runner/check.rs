//! What this server can run on this stage: the same look before a run, at everything that is
//! known by then, and when a node's turn comes, at all of it.

use serde_json::{Map, Value};
use slipway_api::{
    resource::{ResourceType, StageResource},
    stage::Stage as StageName,
};

use crate::{
    drivers::forbidden_variable,
    project::{Command, Project, ServiceKind},
};

/// What nodes of a stage may use.
pub struct Stage<'a> {
    pub project: &'a Project,
    pub stage: StageName,
    /// Of the whole pipeline.
    pub resources: &'a [StageResource],
}

/// Pointer below the node, and a sentence.
type Problem = (String, String);

/// Looks at one leaf. Texts that still hold an expression are passed over.
pub fn node(stage: &Stage<'_>, kind: &str, spec: &Value, timeout: Option<&Value>) -> Vec<Problem> {
    let mut look = Look { stage, spec, problems: Vec::new() };
    look.project();
    match kind {
        "Build" => look.build(),
        "Release" => look.release(),
        "JobRun" => look.job_run(),
        "AddonBackup" => look.addon_backup(),
        _ => {
            let sentence = format!(
                "Nodes of kind \"{kind}\" can't be run by this server yet: remove the node, or \
                 skip it."
            );
            look.problems = vec![("/kind".to_owned(), sentence)];
        }
    }
    if let Some(sentence) = timeout.and_then(timeout_problem) {
        look.problems.push(("/timeoutDuration".to_owned(), sentence));
    }
    look.problems
}

/// Looks at a workflow: its steps may only act in the run's own project.
pub fn workflow(stage: &Stage<'_>, spec: &Value) -> Option<Problem> {
    let id = spec.pointer("/context/projectId").filter(|id| !open(id))?;
    if id.as_str().is_none_or(|id| id.is_empty() || id == stage.project.id) {
        return None;
    }
    let sentence = format!("A run may only use its own project, not {id}.");
    Some(("/spec/context/projectId".to_owned(), sentence))
}

/// Whether a text is an expression that nobody could resolve yet.
fn open(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("${"))
}

fn timeout_problem(timeout: &Value) -> Option<String> {
    if open(timeout) || seconds(timeout).is_some() {
        return None;
    }
    Some(format!("A timeout is a whole number of seconds from 30 to 14400, not {timeout}."))
}

/// A timeout in seconds, as a number or a text of digits.
pub fn seconds(timeout: &Value) -> Option<u64> {
    let number = match timeout {
        Value::String(text) => text.parse().ok()?,
        value => value.as_u64()?,
    };
    (30..=14_400).contains(&number).then_some(number)
}

struct Look<'a> {
    stage: &'a Stage<'a>,
    spec: &'a Value,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn problem(&mut self, field: &str, sentence: String) {
        self.problems.push((format!("/spec{field}"), sentence));
    }

    /// A text that is there and known. What is there but no text is a problem.
    fn text(&mut self, field: &str) -> Option<String> {
        match self.spec.pointer(field) {
            None | Some(Value::Null) => None,
            Some(value) if open(value) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                let sentence = format!("This must be a text, not {other}.");
                self.problem(field, sentence);
                None
            }
        }
    }

    fn given(&self, field: &str) -> bool {
        match self.spec.pointer(field) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(_) => true,
        }
    }

    fn needs(&mut self, field: &str, what: &str) {
        if !self.given(field) {
            self.problem(field, format!("{what} is missing."));
        }
    }

    /// Fields that mean something which this server does not do: silently leaving it out would
    /// be worse than refusing.
    fn unsupported(&mut self, fields: &[&str]) {
        for field in fields {
            let there = match self.spec.pointer(field) {
                None | Some(Value::Null | Value::Bool(false)) => false,
                Some(Value::Array(items)) => !items.is_empty(),
                Some(Value::Object(members)) => !members.is_empty(),
                Some(Value::String(text)) => !text.is_empty(),
                Some(_) => true,
            };
            if there {
                let name = field.rsplit('/').next().unwrap_or(field);
                self.problem(field, format!("This server can't do \"{name}\" yet: remove it."));
            }
        }
    }

    fn project(&mut self) {
        if let Some(id) = self.text("/projectId")
            && id != self.stage.project.id
        {
            let sentence = format!("A run may only use its own project, not \"{id}\".");
            self.problem("/projectId", sentence);
        }
    }

    /// An id, without the project's id before it.
    fn id(&mut self, field: &str) -> Option<String> {
        let text = self.text(field)?;
        match text.split_once('/') {
            Some((project, id)) if project == self.stage.project.id => Some(id.to_owned()),
            Some(_) => {
                let sentence =
                    format!("\"{text}\" is of another project: a run may only use its own.");
                self.problem(field, sentence);
                None
            }
            None => Some(text),
        }
    }

    /// Whether a resource of the pipeline sits in the stage; a sentence otherwise.
    fn in_stage(&mut self, field: &str, id: &str, kind: ResourceType, stage: StageName) -> bool {
        let found = self.stage.resources.iter().find(|other| other.id == id && other.kind == kind);
        let what = match kind {
            ResourceType::Service => "service",
            ResourceType::Job => "job",
            ResourceType::Addon => "addon",
        };
        let sentence = match found {
            Some(resource) if resource.stage == stage => return true,
            Some(resource) => format!(
                "The {what} \"{id}\" is in {}, and this must be one of {}.",
                resource.stage.name(),
                stage.name()
            ),
            None => format!("The {what} \"{id}\" is not in {} of this pipeline.", stage.name()),
        };
        self.problem(field, sentence);
        false
    }

    fn build(&mut self) {
        self.needs("/id", "The build service");
        self.unsupported(&[
            "/pullRequestId",
            "/buildRules",
            "/buildOverrides/buildFiles",
            "/buildOverrides/dockerSecretMounts",
            "/buildOverrides/docker",
        ]);
        if !self.given("/branch") && !self.given("/sha") && !self.given("/pullRequestId") {
            self.problem("/branch", "A build needs a branch or a commit.".to_owned());
        }
        if let Some(sha) = self.text("/sha")
            && (sha.len() != 40 || !sha.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            let sentence = format!("\"{sha}\" is no commit: give all 40 hexadecimal digits.");
            self.problem("/sha", sentence);
        }
        if self.text("/type").is_some_and(|kind| kind != "service") {
            let sentence = "Only build services can be built by this server.".to_owned();
            self.problem("/type", sentence);
        }
        if let Some(command) = self.build_service("/id") {
            self.variables("/buildOverrides/buildArguments", &command);
        }
    }

    fn build_service(&mut self, field: &str) -> Option<Command> {
        let id = self.id(field)?;
        let sentence = match self.stage.project.service(&id).map(|service| &service.kind) {
            Some(ServiceKind::Build(service)) => return Some(service.command.clone()),
            Some(ServiceKind::Deployment(_)) => format!("The service \"{id}\" does not build."),
            None => format!("There is no service \"{id}\" in this project."),
        };
        self.problem(field, sentence);
        None
    }

    fn release(&mut self) {
        self.needs("/target/id", "What to release to");
        let kind = self.kind_of("/target/type");
        if let (Some(id), Some(kind)) = (self.id("/target/id"), kind) {
            let there = self.in_stage("/target/id", &id, kind, self.stage.stage);
            let known =
                self.stage.project.service(&id).is_some() || self.stage.project.job(&id).is_some();
            if there && !known {
                let sentence = format!("The project file does not declare \"{id}\" any more.");
                self.problem("/target/id", sentence);
            }
        }
        match self.text("/type").as_deref() {
            Some("build") => {
                if !self.given("/origin/id") && !self.given("/origin/build") {
                    self.problem("/origin/id", "The build service is missing.".to_owned());
                }
                self.build_service("/origin/id");
            }
            Some("deployment") => self.promotion(),
            Some("registry") => self.needs("/origin/imagePath", "The image"),
            Some(other) => {
                let sentence = format!(
                    "A release can be of type build, deployment or registry, not \"{other}\"."
                );
                self.problem("/type", sentence);
            }
            None if self.given("/type") => {}
            None => self.problem("/type", "The type of the release is missing.".to_owned()),
        }
    }

    fn kind_of(&mut self, field: &str) -> Option<ResourceType> {
        if self.given(field) && self.spec.pointer(field).is_some_and(open) {
            return None;
        }
        match self.text(field).as_deref() {
            None | Some("service") => Some(ResourceType::Service),
            Some("job") => Some(ResourceType::Job),
            Some(other) => {
                let sentence = format!("This can be a service or a job, not \"{other}\".");
                self.problem(field, sentence);
                None
            }
        }
    }

    fn promotion(&mut self) {
        self.needs("/origin/id", "What to promote");
        let Some(preceding) = self.stage.stage.preceding() else {
            let sentence =
                "Development is the first stage: there is nothing before it to promote.".to_owned();
            return self.problem("/type", sentence);
        };
        let kind = self.kind_of("/origin/type");
        if let (Some(id), Some(kind)) = (self.id("/origin/id"), kind) {
            self.in_stage("/origin/id", &id, kind, preceding);
        }
    }

    fn job_run(&mut self) {
        self.needs("/jobId", "The job");
        self.unsupported(&["/deployment", "/runtimeFiles", "/dockerSecretMounts"]);
        let Some(id) = self.id("/jobId") else { return };
        if !self.in_stage("/jobId", &id, ResourceType::Job, self.stage.stage) {
            return;
        }
        match self.stage.project.job(&id).map(|job| job.run.clone()) {
            Some(command) => self.variables("/runtimeEnvironment", &command),
            None => {
                let sentence = format!("The project file does not declare the job \"{id}\".");
                self.problem("/jobId", sentence);
            }
        }
    }

    fn addon_backup(&mut self) {
        self.needs("/addonId", "The addon");
        self.unsupported(&["/customDestinationId", "/additionalDestinations"]);
        let Some(id) = self.id("/addonId") else { return };
        if !self.in_stage("/addonId", &id, ResourceType::Addon, self.stage.stage) {
            return;
        }
        let sentence = match self.stage.project.addon(&id) {
            Some(addon) if addon.backup.is_some() => return,
            Some(_) => format!("The project file has no \"backup\" command for \"{id}\"."),
            None => format!("The project file does not declare the addon \"{id}\"."),
        };
        self.problem("/addonId", sentence);
    }

    /// Variables that a flow sets must be named by the command.
    fn variables(&mut self, field: &str, command: &Command) {
        let wanted = match self.spec.pointer(field) {
            Some(Value::Object(wanted)) => wanted.clone(),
            None | Some(Value::Null) => Map::new(),
            Some(value) if open(value) => Map::new(),
            Some(_) => {
                let sentence = "This must be an object of variables and values.".to_owned();
                return self.problem(field, sentence);
            }
        };
        for name in wanted.keys().filter(|name| !command.env.contains(name)) {
            self.problem(&format!("{field}/{name}"), forbidden_variable(name));
        }
    }
}
