//! One request: built, sent, bounded in time, and ended early when nobody waits for it any more.

use std::{cell::Cell, rc::Rc, time::Duration};

use gloo_net::http::{RequestBuilder, Response};
use leptos::prelude::set_timeout_with_handle;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::AbortController;

use super::error::ClientError;

/// How long an answer may take. Nothing that the app asks for waits on a run.
const PATIENCE: Duration = Duration::from_secs(20);

/// A whole answer with status 200.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) etag: Option<String>,
}

impl Answer {
    /// Reads the body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        serde_json::from_str(&self.text).map_err(|error| ClientError::Decode(error.to_string()))
    }
}

/// Ends the request when the future that waits for it is dropped: the page is gone then.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends a request whose body is a JSON value.
pub(super) async fn send_json<T: Serialize>(
    request: RequestBuilder,
    body: &T,
) -> Result<Answer, ClientError> {
    let text =
        serde_json::to_string(body).map_err(|error| ClientError::Decode(error.to_string()))?;
    send_text(request, Some(text)).await
}

/// Sends a request, with `body` (JSON text) if there is one, and waits for the whole answer.
pub(super) async fn send_text(
    request: RequestBuilder,
    body: Option<String>,
) -> Result<Answer, ClientError> {
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    let _guard = AbortOnDrop(controller.clone());
    let late = Rc::new(Cell::new(false));
    let timer = set_timeout_with_handle(
        {
            let late = Rc::clone(&late);
            move || {
                late.set(true);
                if let Some(controller) = &controller {
                    controller.abort();
                }
            }
        },
        PATIENCE,
    );

    let request = request.abort_signal(signal.as_ref()).header("Accept", "application/json");
    let outcome = exchange(request, body).await;
    if let Ok(timer) = timer {
        timer.clear();
    }
    match outcome {
        Ok((response, text)) => judge(&response, text),
        Err(_) if late.get() => Err(ClientError::Timeout),
        Err(gloo_net::Error::SerdeError(error)) => Err(ClientError::Decode(error.to_string())),
        // fetch rejects for nothing but a connection that failed; a refusal is an answer.
        Err(_) => Err(ClientError::Offline),
    }
}

async fn exchange(
    request: RequestBuilder,
    body: Option<String>,
) -> Result<(Response, String), gloo_net::Error> {
    let response = match body {
        Some(text) => request.header("Content-Type", "application/json").body(text)?.send().await?,
        None => request.send().await?,
    };
    let text = response.text().await?;
    Ok((response, text))
}

fn judge(response: &Response, text: String) -> Result<Answer, ClientError> {
    let etag = response.headers().get("etag");
    if response.status() == 200 {
        Ok(Answer { text, etag })
    } else {
        Err(ClientError::from_answer(response.status(), etag, &text))
    }
}
