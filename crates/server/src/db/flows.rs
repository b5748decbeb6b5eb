//! Pipelines, what sits in their stages, and the release flow of each stage.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use slipway_api::{
    EventBody,
    resource::{ResourceType, StageResource},
    stage::Stage,
};
use slipway_flow::document::{Document, ValueRef};

use super::{
    DbError, NewEvent, Tx, now,
    revisions::{self, Note},
};

/// One pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
    pub updated_at: i64,
}

/// The release flow of one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The document, byte for byte as it was saved.
    pub text: String,
    /// [`etag`] of `text`.
    pub etag: String,
    pub paused: bool,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: String,
}

/// Which stage of which pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub project: String,
    pub pipeline: String,
    pub stage: Stage,
}

/// The `ETag` of a document, quoted as the header and bodies write it.
#[must_use]
pub fn etag(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Whether a document says that its triggers are paused.
#[must_use]
pub fn says_paused(document: &Document) -> bool {
    let option = document.at(document.root(), &["options", "paused"]);
    option.is_some_and(|key| document.value(key) == ValueRef::Bool(true))
}

const PIPELINE: &str = "SELECT id, name, description, created_at, updated_at FROM pipelines";

/// The pipelines of a project by id, from the first behind `after` on.
///
/// # Errors
/// When SQLite refuses.
pub fn pipelines(
    conn: &Connection,
    project: &str,
    after: &str,
    skip: usize,
    limit: usize,
) -> Result<Vec<Pipeline>, DbError> {
    let mut statement = conn.prepare_cached(&format!(
        "{PIPELINE} WHERE project = ?1 AND id > ?2 ORDER BY id LIMIT ?3 OFFSET ?4"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![project, after, limit, skip], read_pipeline)?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// One pipeline of a project.
///
/// # Errors
/// When SQLite refuses.
pub fn pipeline(conn: &Connection, project: &str, id: &str) -> Result<Option<Pipeline>, DbError> {
    Ok(conn
        .prepare_cached(&format!("{PIPELINE} WHERE project = ?1 AND id = ?2"))?
        .query_row([project, id], read_pipeline)
        .optional()?)
}

/// Adds a pipeline.
///
/// # Errors
/// When SQLite refuses, for instance an id that is taken.
pub fn insert_pipeline(tx: &Tx<'_>, project: &str, pipeline: &Pipeline) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO pipelines (project, id, name, description, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        project,
        pipeline.id,
        pipeline.name,
        pipeline.description,
        pipeline.created_at,
        pipeline.updated_at,
    ])?;
    Ok(())
}

/// What sits in a pipeline's stages: by stage, in the order it was added.
///
/// # Errors
/// When SQLite refuses.
pub fn resources(
    conn: &Connection,
    project: &str,
    pipeline: &str,
) -> Result<Vec<StageResource>, DbError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, type, stage FROM stage_resources WHERE project = ?1 AND pipeline = ?2
         ORDER BY stage, position",
    )?;
    let rows = statement.query_map([project, pipeline], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    let mut resources = Vec::new();
    for row in rows {
        let (id, kind, stage) = row?;
        let stage = Stage::parse(&stage).ok_or(DbError::Value(stage))?;
        let kind = resource_type(&kind).ok_or(DbError::Value(kind))?;
        resources.push(StageResource { id, kind, stage });
    }
    // Alphabetical is the right order for none of the three names but the first.
    resources.sort_by_key(|resource| resource.stage);
    Ok(resources)
}

/// Puts a resource behind the others of a stage. False when it already sits in a stage: a
/// resource belongs to one stage of one pipeline.
///
/// # Errors
/// When SQLite refuses.
pub fn insert_resource(
    tx: &Tx<'_>,
    place: &Place,
    kind: ResourceType,
    id: &str,
) -> Result<bool, DbError> {
    let added = tx
        .prepare_cached(
            "INSERT INTO stage_resources (project, type, id, pipeline, stage, position)
             SELECT ?1, ?2, ?3, ?4, ?5, count(*) FROM stage_resources
             WHERE project = ?1 AND pipeline = ?4 AND stage = ?5
             ON CONFLICT (project, type, id) DO NOTHING",
        )?
        .execute(params![
            place.project,
            resource_word(kind),
            id,
            place.pipeline,
            place.stage.name()
        ])?;
    Ok(added == 1)
}

/// The release flow of a stage; none when it has none yet.
///
/// # Errors
/// When SQLite refuses.
pub fn flow(conn: &Connection, place: &Place) -> Result<Option<Flow>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT text, etag, paused, created_at, updated_at, updated_by FROM flows
             WHERE project = ?1 AND pipeline = ?2 AND stage = ?3",
        )?
        .query_row([&*place.project, &*place.pipeline, place.stage.name()], |row| {
            Ok(Flow {
                text: row.get(0)?,
                etag: row.get(1)?,
                paused: row.get(2)?,
                created_at: row.get(3)?,
                updated_at: row.get(4)?,
                updated_by: row.get(5)?,
            })
        })
        .optional()?)
}

/// Replaces the release flow of a stage, keeps the text as a revision, and tells the project.
///
/// # Errors
/// When SQLite refuses, for instance because there is no such pipeline.
pub fn save_flow<'n>(
    tx: &mut Tx<'_>,
    place: &Place,
    text: &str,
    paused: bool,
    note: impl Into<Note<'n>>,
) -> Result<(), DbError> {
    let note = note.into();
    let (stage, etag, at) = (place.stage.name(), etag(text), now());
    tx.prepare_cached(
        "INSERT INTO flows (project, pipeline, stage, text, etag, paused, created_at, updated_at,
                            updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
         ON CONFLICT (project, pipeline, stage) DO UPDATE
         SET text = excluded.text, etag = excluded.etag, paused = excluded.paused,
             updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )?
    .execute(params![
        place.project,
        place.pipeline,
        stage,
        text,
        etag,
        paused,
        at,
        note.by
    ])?;
    revisions::insert(tx, place, text, &etag, at, note)?;
    tx.append(
        &place.project,
        NewEvent {
            pipeline: Some(place.pipeline.clone()),
            stage: Some(stage.to_owned()),
            run: None,
            body: EventBody::FlowSaved { etag, by: note.by.to_owned() },
        },
    )?;
    Ok(())
}

fn read_pipeline(row: &Row<'_>) -> rusqlite::Result<Pipeline> {
    Ok(Pipeline {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
    })
}

const fn resource_word(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Service => "service",
        ResourceType::Job => "job",
        ResourceType::Addon => "addon",
    }
}

fn resource_type(word: &str) -> Option<ResourceType> {
    [ResourceType::Service, ResourceType::Job, ResourceType::Addon]
        .into_iter()
        .find(|kind| resource_word(*kind) == word)
}
