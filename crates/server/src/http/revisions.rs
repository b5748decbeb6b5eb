//! The versions of a release flow: each save is kept, whoever made it and by whatever client.

use axum::extract::State;
use slipway_api::flow::{MAX_REASON, RevisionRow, Revisions};

use super::{
    answer::{Answer, Failed, json, page},
    flows,
    input::{At, Query},
    paging::{Paging, unknown_cursor},
    pipelines,
};
use crate::{
    app::Shared,
    db::{flows as stored, revisions},
    time::rfc3339,
};

/// `GET /slipway/v1/…/release-flows/{stage}/revisions`: newest first. Empty for a stage without a
/// release flow.
pub async fn list(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let place = flows::place(&app, &at)?;
    let paging = Paging::of(&query)?;
    let before = match &paging.behind {
        Some(cursor) => cursor.parse().map_err(|_| unknown_cursor())?,
        None => i64::MAX,
    };
    let (of, skip, limit) = (place.clone(), paging.skip, paging.limit());
    let found = app.db.read(move |conn| {
        if stored::pipeline(conn, &of.project, &of.pipeline)?.is_none() {
            return Ok(None);
        }
        revisions::rows(conn, &of, before, skip, limit).map(Some)
    });
    let rows = found.await?.ok_or_else(|| pipelines::missing(&place.pipeline))?;
    let (rows, pagination) = paging.cut(rows, |row| row.number.to_string());
    let revisions = rows.into_iter().map(|row| RevisionRow {
        number: row.number.unsigned_abs(),
        at: rfc3339(row.at),
        by: row.by,
        reason: row.reason,
        summary: row.summary,
        etag: row.etag,
    });
    page(Revisions { revisions: revisions.collect() }, pagination)
}

/// `GET /slipway/v1/…/revisions/{revision}`: its text and nothing else.
pub async fn get(State(app): State<Shared>, at: At) -> Answer {
    let place = flows::place(&app, &at)?;
    let number = at.revision()?;
    let of = place.clone();
    let found = app.db.read(move |conn| revisions::text(conn, &of, number)).await?;
    match found {
        Some((text, etag)) => Ok(flows::with_etag(json(text), &etag)),
        None => Err(Failed::not_found(&format!("There is no revision {number} of this flow."))),
    }
}

/// The reason that a save comes with: trimmed, on one line, none where it is empty.
pub fn reason(query: &Query) -> Result<Option<String>, Failed> {
    let text = query.get("reason").map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > MAX_REASON {
        let sentence = format!("\"reason\" must be at most {MAX_REASON} characters long");
        return Err(Failed::field("reason", sentence));
    }
    if text.chars().any(char::is_control) {
        return Err(Failed::field("reason", "\"reason\" must be one line of text"));
    }
    Ok(Some(text.to_owned()))
}
