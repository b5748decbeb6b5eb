//! The project's log as a stream, and as a list for tools.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
};
use futures_util::stream;
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, Interval, interval_at},
};

use super::{
    answer::{Answer, Failed, data},
    input::{At, Query},
    resources,
};
use crate::{
    access::Credential,
    app::Shared,
    db::{DbError, Frame, events, now},
};

/// How often a silent stream says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events read from the log at a time.
const BATCH: usize = 500;
/// Bytes sent in one piece at most, while there is more to send.
const PIECE: usize = 64 * 1024;

/// `GET /slipway/v1/projects/{project}/events`: from behind `after` (or `Last-Event-ID`), else
/// from now on. `run` leaves out the events of everything else. With `format=json` it is a list.
pub async fn get(
    State(app): State<Shared>,
    Extension(credential): Extension<Credential>,
    at: At,
    query: Query,
    headers: HeaderMap,
) -> Answer {
    let project = resources::project(&app, &at)?.id.clone();
    let after = query.number("after", 0, u64::MAX)?;
    let run = query.get("run").map(Arc::from);
    match query.get("format") {
        None | Some("stream") => {}
        Some("json") => return list(&app, project, after.unwrap_or(0), run, &query).await,
        Some(_) => return Err(Failed::field("format", "\"format\" must be stream or json")),
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    // Subscribed before anything is read: what is appended in between arrives twice, never not.
    let live = app.db.subscribe_frames(&project);
    let of = project.clone();
    let newest = app.db.read(move |conn| events::newest(conn, &of)).await?;
    // A caller that is ahead of the log (it was restored from a backup, say) is told where it is.
    let sent = last.or(after).map_or(newest, |after| after.min(newest));
    let stopping = app.stopping.clone();
    let beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    let feed =
        Feed { app, project, credential, run, live, beat, stopping, sent, behind: sent < newest };
    let hello = heartbeat(sent);
    let rest = stream::unfold(feed, |mut feed| async move { Some((feed.next().await?, feed)) });
    let body = stream::StreamExt::chain(stream::once(async { hello }), rest);
    let body = stream::StreamExt::map(body, Ok::<_, std::convert::Infallible>);
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache, no-store"),
        // Proxies that would hold the stream back until they have enough of it.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

async fn list(
    app: &Shared,
    project: String,
    after: u64,
    run: Option<Arc<str>>,
    query: &Query,
) -> Answer {
    let limit = query.number("limit", 1, 5000)?.unwrap_or(500);
    let limit = usize::try_from(limit).unwrap_or(BATCH);
    let list = app
        .db
        .read(move |conn| match run {
            None => events::after(conn, &project, after, limit),
            Some(run) => {
                let mut list = events::of_run(conn, &project, &run, after)?;
                list.truncate(limit);
                Ok(list)
            }
        })
        .await?;
    data(serde_json::json!({ "events": list }))
}

/// What a stream waits for.
enum Happened {
    Stop,
    Beat,
    Frame(Frame),
    /// More than the channel holds came at once: the log has it.
    Missed,
}

/// One caller's place in the log.
struct Feed {
    app: Shared,
    project: String,
    credential: Credential,
    run: Option<Arc<str>>,
    live: broadcast::Receiver<Frame>,
    beat: Interval,
    stopping: watch::Receiver<bool>,
    /// The number up to which everything has been sent.
    sent: u64,
    /// Whether the log has to be read before listening again.
    behind: bool,
}

impl Feed {
    /// The next piece; none when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.behind {
                match self.replay().await {
                    Ok(piece) if piece.is_empty() => continue,
                    Ok(piece) => return Some(piece),
                    Err(error) => {
                        tracing::error!(%error, "an event stream ended");
                        return None;
                    }
                }
            }
            match self.wait().await {
                Happened::Stop => return None,
                Happened::Beat => {
                    // Whoever was signed out meanwhile hears nothing more.
                    let who = self.app.access.identify(&self.credential).await;
                    return who.ok().flatten().map(|_| heartbeat(self.sent));
                }
                Happened::Missed => self.behind = true,
                Happened::Frame(frame) => {
                    let piece = self.take(frame);
                    if !piece.is_empty() {
                        return Some(piece);
                    }
                }
            }
        }
    }

    async fn wait(&mut self) -> Happened {
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stopping| *stopping) => Happened::Stop,
            _ = self.beat.tick() => Happened::Beat,
            frame = self.live.recv() => match frame {
                Ok(frame) => Happened::Frame(frame),
                Err(broadcast::error::RecvError::Lagged(_)) => Happened::Missed,
                Err(broadcast::error::RecvError::Closed) => Happened::Stop,
            },
        }
    }

    /// Reads on in the log.
    async fn replay(&mut self) -> Result<Bytes, DbError> {
        let (project, after) = (self.project.clone(), self.sent);
        let batch =
            self.app.db.read(move |conn| events::after(conn, &project, after, BATCH)).await?;
        self.behind = batch.len() == BATCH;
        let mut piece = Vec::new();
        for event in batch {
            self.sent = event.seq;
            if self.wants(event.run.as_deref()) {
                write(&mut piece, event.seq, &serde_json::to_vec(&event)?);
            }
        }
        Ok(piece.into())
    }

    /// Takes a frame and those that wait behind it.
    fn take(&mut self, first: Frame) -> Bytes {
        let mut piece = Vec::new();
        let mut waiting = VecDeque::from([first]);
        while let Some(frame) = waiting.pop_front() {
            if frame.seq > self.sent + 1 {
                // One is missing: the log has it.
                self.behind = true;
                break;
            }
            if frame.seq == self.sent + 1 {
                self.sent = frame.seq;
                if self.wants(frame.run.as_deref()) {
                    write(&mut piece, frame.seq, &frame.json);
                }
            }
            if piece.len() < PIECE {
                // What can't be received now is met again by the next `recv`.
                waiting.extend(self.live.try_recv().ok());
            }
        }
        piece.into()
    }

    fn wants(&self, run: Option<&str>) -> bool {
        self.run.as_deref().is_none_or(|wanted| run == Some(wanted))
    }
}

fn write(piece: &mut Vec<u8>, seq: u64, json: &[u8]) {
    piece.extend_from_slice(b"id: ");
    piece.extend_from_slice(seq.to_string().as_bytes());
    piece.extend_from_slice(b"\ndata: ");
    piece.extend_from_slice(json);
    piece.extend_from_slice(b"\n\n");
}

/// Says up to where everything has been sent, and what time it is.
fn heartbeat(seq: u64) -> Bytes {
    format!("event: heartbeat\ndata: {{\"seq\":{seq},\"at\":{}}}\n\n", now()).into()
}
