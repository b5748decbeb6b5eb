//! The project file as TOML has it. Unknown keys are errors; whatever needs more than types is
//! checked in `check`.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{
    Interrupted,
    units::{Bytes, Span},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub project: ProjectTable,
    #[serde(default)]
    pub repositories: BTreeMap<Spanned<String>, RepositoryTable>,
    #[serde(default)]
    pub service: Vec<ServiceTable>,
    #[serde(default)]
    pub job: Vec<JobTable>,
    #[serde(default)]
    pub addon: Vec<AddonTable>,
    #[serde(default)]
    pub pipeline: Vec<PipelineTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectTable {
    pub id: Spanned<String>,
    pub name: Option<String>,
    pub description: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepositoryTable {
    pub remote: Spanned<String>,
    pub credential: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceWord {
    Build,
    Deployment,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceTable {
    pub id: Spanned<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub kind: ServiceWord,
    pub repository: Option<Spanned<String>>,
    pub build: Option<Spanned<CommandTable>>,
    pub deploy: Option<Spanned<CommandTable>>,
    pub health: Option<Spanned<CommandTable>>,
    /// Names of actions. Actions on services come with their node kind; until then the names are
    /// read, held against the known ones, and have no effect.
    #[serde(default)]
    pub allow: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobTable {
    pub id: Spanned<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub run: Spanned<CommandTable>,
    pub deploy: Option<Spanned<CommandTable>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddonTable {
    pub id: Spanned<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub kind: String,
    pub backup: Option<Spanned<CommandTable>>,
    pub restore: Option<Spanned<CommandTable>>,
}

/// Any command. `artifact` belongs to builds, `interval` and `within` to health questions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandTable {
    pub command: Vec<Spanned<String>>,
    pub artifact: Option<Spanned<PathBuf>>,
    pub interval: Option<Spanned<Span>>,
    pub within: Option<Spanned<Span>>,
    pub timeout: Option<Span>,
    #[serde(default)]
    pub env: Vec<Spanned<String>>,
    #[serde(default)]
    pub pass: Vec<Spanned<String>>,
    #[serde(default)]
    pub set: BTreeMap<Spanned<String>, String>,
    pub attempts: Option<Spanned<u32>>,
    pub backoff: Option<Span>,
    pub on_interrupted: Option<Interrupted>,
    pub output: Option<Bytes>,
    pub size: Option<Bytes>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineTable {
    pub id: Spanned<String>,
    pub name: String,
    pub description: Option<String>,
    #[serde(default)]
    pub stage: StagesTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagesTable {
    pub development: Option<StageTable>,
    pub staging: Option<StageTable>,
    pub production: Option<StageTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTable {
    #[serde(default)]
    pub resources: Vec<ResourceTable>,
    pub flow: Option<Spanned<PathBuf>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceTable {
    #[serde(rename = "type")]
    pub kind: slipway_api::resource::ResourceType,
    pub id: Spanned<String>,
}
