//! What can go wrong between the app and a server, in sentences for the person who meets them.

use std::fmt;

use slipway_api::envelope::{ApiError, Failure};

/// Why a call gave no answer that can be used.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientError {
    /// The server could not be reached at all.
    Offline,
    /// The server was reached, or might have been, but did not answer in time.
    Timeout,
    /// Nobody is signed in, or no longer.
    Unauthorized,
    /// Somebody is signed in who may not do this.
    Forbidden(Box<ApiError>),
    /// Somebody else saved first (412). `etag` names the version that the server has now.
    Conflict { etag: Option<String>, error: Box<ApiError> },
    /// Any other refusal.
    Api(Box<ApiError>),
    /// An answer came that is not what this app understands; the text says what was odd about it.
    Decode(String),
}

impl ClientError {
    /// Reads a refusal: what a status other than 200 means, given its body and `ETag`.
    #[must_use]
    pub fn from_answer(status: u16, etag: Option<String>, body: &str) -> Self {
        let error = Box::new(serde_json::from_str::<Failure>(body).map_or_else(
            |_| ApiError { status, message: plain_sentence(status), id: None, details: None },
            |failure| failure.error,
        ));
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden(error),
            412 => Self::Conflict { etag, error },
            408 | 504 => Self::Timeout,
            _ => Self::Api(error),
        }
    }

    /// The HTTP status behind it, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Unauthorized => Some(401),
            Self::Forbidden(_) => Some(403),
            Self::Conflict { .. } => Some(412),
            Self::Api(error) => Some(error.status),
            Self::Offline | Self::Timeout | Self::Decode(_) => None,
        }
    }

    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether asking again, unchanged, may well succeed.
    #[must_use]
    pub fn worth_retrying(&self) -> bool {
        match self {
            Self::Offline | Self::Timeout | Self::Decode(_) => true,
            Self::Api(error) => error.status >= 500 || error.status == 429,
            Self::Unauthorized | Self::Forbidden(_) | Self::Conflict { .. } => false,
        }
    }

    /// The sentences about one field of the request, where the server named it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let (Self::Api(error) | Self::Forbidden(error) | Self::Conflict { error, .. }) = self
        else {
            return None;
        };
        sentences(error.details.as_ref()?.get(name)?)
    }
}

/// One sentence out of what a server puts beside a field: a list of sentences, or one.
fn sentences(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(items) => {
            let words: Vec<&str> = items.iter().filter_map(serde_json::Value::as_str).collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
        _ => None,
    }
}

/// What to say when the body of a refusal is not one that we understand (a proxy's page, say).
fn plain_sentence(status: u16) -> String {
    match status {
        404 => "The server doesn't know this address.".to_owned(),
        409 => "The server says that this contradicts what it holds.".to_owned(),
        413 => "The server says that this is too large.".to_owned(),
        429 => "The server asks for fewer requests; try again in a minute.".to_owned(),
        500..=599 => format!("The server failed to answer (status {status})."),
        _ => format!("The server answered with status {status} and no explanation."),
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => {
                out.write_str("The server can't be reached. Check the connection and try again.")
            }
            Self::Timeout => {
                out.write_str("The server didn't answer in time. Try again in a moment.")
            }
            Self::Unauthorized => out.write_str("Your session has ended. Sign in again to go on."),
            Self::Forbidden(error) | Self::Api(error) => write_api(out, error),
            Self::Conflict { .. } => out.write_str(
                "Somebody else saved this release flow since you opened it. Your changes are kept.",
            ),
            Self::Decode(what) => write!(
                out,
                "The server's answer can't be understood ({what}). \
                 The app and the server may be of different versions; reload the page."
            ),
        }
    }
}

/// The server's own sentence, and after it what it says about single fields.
fn write_api(out: &mut fmt::Formatter<'_>, error: &ApiError) -> fmt::Result {
    if error.message.is_empty() {
        out.write_str(&plain_sentence(error.status))?;
    } else {
        out.write_str(&error.message)?;
    }
    for (field, value) in error.details.iter().flatten() {
        if let Some(text) = sentences(value) {
            write!(out, " {field}: {text}")?;
        }
    }
    Ok(())
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_the_servers_words_and_fields() {
        let body = r#"{"error":{"status":400,"message":"The body is wrong.","id":"nf-invalid-request-body",
            "details":{"name":["Too short.","Ends in a space."]}}}"#;
        let error = ClientError::from_answer(400, None, body);
        assert_eq!(error.field("name").as_deref(), Some("Too short. Ends in a space."));
        assert_eq!(error.field("description"), None);
        assert_eq!(error.to_string(), "The body is wrong. name: Too short. Ends in a space.");
    }

    #[test]
    fn statuses_become_cases() {
        assert_eq!(ClientError::from_answer(401, None, ""), ClientError::Unauthorized);
        assert!(matches!(ClientError::from_answer(403, None, ""), ClientError::Forbidden(_)));
        let conflict = ClientError::from_answer(412, Some("\"b\"".to_owned()), "{}");
        assert!(
            matches!(&conflict, ClientError::Conflict { etag: Some(etag), .. } if etag == "\"b\"")
        );
        assert!(ClientError::from_answer(404, None, "").is_not_found());
    }

    #[test]
    fn a_proxys_page_is_not_shown_to_people() {
        let error = ClientError::from_answer(502, None, "<html>Bad gateway</html>");
        assert_eq!(error.to_string(), "The server failed to answer (status 502).");
        assert!(error.worth_retrying());
    }
}
