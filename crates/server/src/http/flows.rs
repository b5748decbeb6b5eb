//! Release flows. The document is stored as it came; answers put it together with what the server
//! knows about it, without reading a number or a string of it anew.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use slipway_api::stage::Stage;
use slipway_engine::event::RunStatus;
use slipway_flow::{
    check::{Problem, check},
    diff::diff,
    document::{Document, ValueRef},
};

use super::{
    answer::{Answer, Failed, json},
    input::{At, FLOW_LIMIT, Query, Text, Who},
    pipelines, resources, revisions,
};
use crate::{
    app::{App, Shared},
    db::{
        DbError, Tx,
        flows::{self, Flow, Place},
        revisions::Note,
        runs,
    },
    time::rfc3339,
};

/// The stage of a path, in a project that exists.
pub fn place(app: &App, at: &At) -> Result<Place, Failed> {
    let stage = at.stage()?;
    let project = resources::project(app, at)?.id.clone();
    Ok(Place { project, pipeline: at.pipeline(), stage })
}

/// Says which of the two is missing: the pipeline, or the release flow of its stage.
pub async fn missing(app: &App, place: &Place) -> Failed {
    let of = place.clone();
    match app.db.read(move |conn| flows::pipeline(conn, &of.project, &of.pipeline)).await {
        Ok(None) => pipelines::missing(&place.pipeline),
        Ok(Some(_)) => Failed::not_found(&format!(
            "The stage {} of the pipeline \"{}\" has no release flow.",
            place.stage.name(),
            place.pipeline
        )),
        Err(error) => error.into(),
    }
}

/// `GET /v1/…/release-flows/{stage}`.
pub async fn get(State(app): State<Shared>, at: At) -> Answer {
    let place = place(&app, &at)?;
    let found = app.db.read({
        let place = place.clone();
        move |conn| Ok(flows::flow(conn, &place)?.map(|flow| (flow, status(conn, &place))))
    });
    let Some((flow, status)) = found.await? else { return Err(missing(&app, &place).await) };
    answer(&flow, place.stage, status?)
}

/// `GET /slipway/v1/…/document`: the stored text and nothing else.
pub async fn document(State(app): State<Shared>, at: At) -> Answer {
    let place = place(&app, &at)?;
    let found = app.db.read({
        let place = place.clone();
        move |conn| flows::flow(conn, &place)
    });
    let Some(flow) = found.await? else { return Err(missing(&app, &place).await) };
    Ok(with_etag(json(flow.text), &flow.etag))
}

/// `POST /v1/…/release-flows/{stage}`: replaces the document. With `If-Match` only while the
/// stored one is the one that the caller has seen; with `If-None-Match: *` only if there is none.
/// Ours: `?reason=…` says why, for the list of revisions.
pub async fn update(
    State(app): State<Shared>,
    at: At,
    Who(who): Who,
    query: Query,
    headers: HeaderMap,
    Text(text): Text<FLOW_LIMIT>,
) -> Answer {
    let place = place(&app, &at)?;
    let (seen, reason) = (seen(&headers)?, revisions::reason(&query)?);
    let before = app.db.read({
        let place = place.clone();
        move |conn| flows::flow(conn, &place)
    });
    let new = checked(text, before.await?).await?;
    let of = place.clone();
    let saved = app.db.write(move |tx| save(tx, &of, &new, &who.name, reason.as_deref(), &seen));
    match saved.await? {
        Saved::Flow(flow, status) => answer(&flow, place.stage, status),
        Saved::NoPipeline => Err(pipelines::missing(&place.pipeline)),
        Saved::Changed(now) => Err(changed(now.as_deref())),
    }
}

enum Saved {
    Flow(Flow, RunStatus),
    NoPipeline,
    /// The stored document is another one; its `ETag`.
    Changed(Option<Box<Flow>>),
}

fn save(
    tx: &mut Tx<'_>,
    place: &Place,
    new: &New,
    by: &str,
    reason: Option<&str>,
    seen: &Seen,
) -> Result<Saved, DbError> {
    if flows::pipeline(tx, &place.project, &place.pipeline)?.is_none() {
        return Ok(Saved::NoPipeline);
    }
    let now = flows::flow(tx, place)?;
    if !seen.fits(now.as_ref().map(|now| &*now.etag)) {
        return Ok(Saved::Changed(now.map(Box::new)));
    }
    // The same text again changes nothing, and is no news.
    if now.as_ref().is_none_or(|now| now.text != new.text) {
        let since = new
            .since
            .as_ref()
            .filter(|(etag, _)| now.as_ref().is_some_and(|now| now.etag == *etag));
        let summary = since.map(|(_, summary)| &**summary);
        flows::save_flow(tx, place, &new.text, new.paused, Note { by, reason, summary })?;
    }
    let flow = flows::flow(tx, place)?;
    let flow = flow.ok_or_else(|| DbError::Value("a saved flow is gone".to_owned()))?;
    Ok(Saved::Flow(flow, status(tx, place)?))
}

/// What the caller believes to be stored.
enum Seen {
    /// It doesn't say.
    Anything,
    Nothing,
    /// A list of tags, or `*` for whatever there is.
    Version(String),
}

fn seen(headers: &HeaderMap) -> Result<Seen, Failed> {
    let text = |name: header::HeaderName| {
        let value = headers.get(&name)?;
        let sentence = format!("\"{name}\" must be a list of tags, or *");
        Some(value.to_str().map(str::trim).map_err(|_| Failed::field(name.as_str(), sentence)))
    };
    if let Some(tags) = text(header::IF_MATCH) {
        return tags.map(|tags| Seen::Version(tags.to_owned()));
    }
    match text(header::IF_NONE_MATCH).transpose()? {
        None => Ok(Seen::Anything),
        Some("*") => Ok(Seen::Nothing),
        Some(_) => Err(Failed::field("if-none-match", "\"if-none-match\" must be * here")),
    }
}

impl Seen {
    /// Whether that is what is stored.
    fn fits(&self, stored: Option<&str>) -> bool {
        match (self, stored) {
            (Self::Anything, _) | (Self::Nothing, None) => true,
            (Self::Version(tags), Some(etag)) => tags == "*" || is_one_of(etag, tags),
            (Self::Nothing, Some(_)) | (Self::Version(_), None) => false,
        }
    }
}

/// Compares weakly: proxies that compress answers weaken their tags.
fn is_one_of(etag: &str, list: &str) -> bool {
    let bare = |tag: &str| {
        let tag = tag.trim();
        tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').to_owned()
    };
    list.split(',').any(|tag| bare(tag) == bare(etag))
}

fn changed(now: Option<&Flow>) -> Failed {
    let (status, id) = (StatusCode::PRECONDITION_FAILED, "slipway-flow-changed");
    let Some(now) = now else {
        let message = "There is no release flow here any more; you had one open.";
        return Failed::new(status, message).id(id);
    };
    let message = format!(
        "{} saved another version of this release flow at {}.",
        now.updated_by,
        rfc3339(now.updated_at)
    );
    Failed::new(status, message).id(id).header(header::ETAG, &now.etag)
}

/// Faults that an answer lists.
const MOST_FAULTS: usize = 1_000;

/// A text that may be stored.
#[derive(Debug)]
struct New {
    text: String,
    paused: bool,
    /// What is different from an older version, in one line, and that version's etag.
    since: Option<(String, String)>,
}

/// As [`valid`], where a large document keeps no other request waiting; compared with `before`.
async fn checked(text: String, before: Option<Flow>) -> Result<New, Failed> {
    let checking = tokio::task::spawn_blocking(move || {
        let document = valid(&text)?;
        let since = before.and_then(|before| {
            let old = Document::parse(&before.text).ok()?;
            Some((before.etag, diff(&old, &document).summary()))
        });
        Ok(New { paused: flows::says_paused(&document), text, since })
    });
    checking.await.map_err(|error| Failed::internal(&error))?
}

/// What must be true of every document that is stored, whatever else is in it.
fn valid(text: &str) -> Result<Document, Failed> {
    let document =
        Document::parse(text).map_err(|error| Failed::field("object", error.to_string()))?;
    let root = document.root();
    if !document.is_object(root) {
        return Err(Failed::field("object", "a release flow must be a JSON object"));
    }
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut fault = |field: &str, rest: &str| {
        let sentence = format!("\"{field}\" {rest}");
        faults.entry(field.to_owned()).or_default().push(sentence);
    };
    match document.get(root, "apiVersion").map(|key| document.value(key)) {
        None => fault("apiVersion", "is required"),
        Some(ValueRef::String(text)) if matches!(&*text, "v1" | "v1.2") => {}
        Some(_) => fault("apiVersion", "must be one of [v1.2, v1]"),
    }
    match document.get(root, "spec") {
        None => fault("spec", "is required"),
        Some(spec) if !document.is_object(spec) => fault("spec", "must be of type object"),
        Some(_) => {}
    }
    if faults.is_empty() {
        let problems = check(&document).into_iter().filter(Problem::refuses_storing);
        for problem in problems.take(MOST_FAULTS) {
            let field = problem.pointer.trim_start_matches('/').replace('/', ".");
            let field = if field.is_empty() { "object".to_owned() } else { field };
            faults.entry(field).or_default().push(problem.sentence);
        }
    }
    if !faults.is_empty() {
        return Err(Failed::invalid(faults));
    }
    Ok(document)
}

/// A flow's status is that of its latest run.
fn status(conn: &rusqlite::Connection, place: &Place) -> Result<RunStatus, DbError> {
    let at = (&*place.project, &*place.pipeline, place.stage.name());
    let latest = runs::rows(conn, at, runs::Filter::default(), None, 0, 1)?;
    Ok(latest.first().map_or(RunStatus::Unknown, |(_, row)| row.status))
}

fn answer(flow: &Flow, stage: Stage, status: RunStatus) -> Answer {
    let document = Document::parse(&flow.text).map_err(|error| Failed::internal(&error))?;
    let policy = document.at(document.root(), &["options", "concurrencyPolicy"]);
    let mut members = vec![
        ("status", Value::from(status.word())),
        ("paused", Value::from(flow.paused)),
        ("stage", Value::from(stage.name())),
        ("createdAt", Value::from(rfc3339(flow.created_at))),
        ("updatedAt", Value::from(rfc3339(flow.updated_at))),
    ];
    if let Some(policy) = policy.and_then(|key| document.str(key)) {
        members.push(("concurrencyPolicy", Value::from(policy)));
    }
    Ok(with_etag(json(enveloped(&document, members)), &flow.etag))
}

pub fn with_etag(response: Response, etag: &str) -> Response {
    ([(header::ETAG, etag)], response).into_response()
}

/// `{"data": …}` with the document's members as they are written, and ours, which win.
pub fn enveloped<'n>(
    document: &Document,
    ours: impl IntoIterator<Item = (&'n str, Value)>,
) -> String {
    let ours: Vec<_> = ours.into_iter().collect();
    let theirs = document
        .members(document.root())
        .filter(|(name, _)| !ours.iter().any(|(our, _)| our == name))
        .map(|(name, key)| format!("{}:{}", Value::from(name), document.text_of(key)));
    let ours = ours.iter().map(|(name, value)| format!("{}:{value}", Value::from(*name)));
    let members: Vec<String> = theirs.chain(ours).collect();
    format!("{{\"data\":{{{}}}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use slipway_flow::document::Document;

    use super::{checked, enveloped, is_one_of};

    #[tokio::test]
    async fn large_documents_that_are_checked_keep_nobody_waiting() {
        let command = "${refs.zz} ".repeat(100_000);
        let text = format!(
            r#"{{"apiVersion": "v1.2", "options": {{"paused": true}}, "spec": {{"kind": "Unknown",
                "spec": {{"command": "{command}"}}}}}}"#
        );
        let mut one = std::pin::pin!(checked(text.clone(), None));
        let mut other = std::pin::pin!(checked(text, None));
        // A check on the worker itself, of which this test has only one, would be over at once.
        std::future::poll_fn(|context| {
            assert!(one.as_mut().poll(context).is_pending());
            assert!(other.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        assert!(one.await.is_ok_and(|new| new.paused));
        assert!(other.await.is_ok_and(|new| new.paused));
    }

    #[test]
    fn numbers_and_unknown_members_go_through_as_written() {
        let text = "{\"n\": 1.50e+3, \"big\": 12345678901234567890123, \"paused\": 1, \"é\": {}}";
        let document = Document::parse(text).unwrap();
        let answer = enveloped(&document, [("paused", Value::from(true))]);
        assert_eq!(
            answer,
            "{\"data\":{\"n\":1.50e+3,\"big\":12345678901234567890123,\"é\":{},\"paused\":true}}"
        );
        let empty = Document::parse("{}").unwrap();
        assert_eq!(enveloped(&empty, [("a", Value::Null)]), "{\"data\":{\"a\":null}}");
    }

    #[test]
    fn tags_are_compared_weakly() {
        for list in ["\"a1\"", "W/\"a1\"", "a1", "\"b\", W/\"a1\" "] {
            assert!(is_one_of("\"a1\"", list), "{list}");
        }
        assert!(!is_one_of("\"a1\"", "\"a\", \"1\""));
    }
}
