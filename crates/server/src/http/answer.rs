//! What handlers answer: the success envelope, pages, and failures in the vendor's error shape.

use axum::{
    Extension,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use slipway_api::envelope::{ApiError, Data, Failure, Page, Pagination};

use crate::db::DbError;

pub type Answer = Result<Response, Failed>;

/// Success: status 200, whatever was done. The vendor's client takes any other for a failure.
pub fn data<T: Serialize>(value: T) -> Answer {
    let text = serde_json::to_string(&Data { data: value });
    text.map(json).map_err(|error| Failed::internal(&error))
}

/// One page of a list; `rows` is an object with one member.
pub fn page<T: Serialize>(rows: T, pagination: Pagination) -> Answer {
    let text = serde_json::to_string(&Page { data: rows, pagination });
    text.map(json).map_err(|error| Failed::internal(&error))
}

/// Success with JSON that is text already.
pub fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

/// A request that failed: everything the caller is told about it.
#[derive(Debug, Clone)]
pub struct Failed(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    error: ApiError,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Put on the response of a failure whose cause is ours, so that logs can tell.
#[derive(Debug, Clone, Copy)]
pub struct OurFault;

impl Failed {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let error =
            ApiError { status: status.as_u16(), message: message.into(), id: None, details: None };
        Self(Box::new(Inner { error, headers: Vec::new() }))
    }

    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.0.error.id = Some(id.to_owned());
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        // A value that no header can carry is left out; the body still tells.
        self.0.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Fields at fault, each with its sentences.
    pub fn invalid(details: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let details: Map<String, Value> =
            details.into_iter().map(|(field, sentences)| (field, Value::from(sentences))).collect();
        let mut failed =
            Self::new(StatusCode::BAD_REQUEST, "Request failed payload validation - see details.")
                .id("nf-invalid-request-body");
        failed.0.error.details = Some(details);
        failed
    }

    /// One field at fault.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::invalid([(field.to_owned(), vec![sentence.into()])])
    }

    pub fn not_found(sentence: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Not found. {sentence}")).id("nf-not-found")
    }

    pub fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found. The requested route does not exist")
    }

    /// Alike for a missing and for a wrong credential.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    /// Our own fault: the caller learns nothing but that, the log everything.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::unexplained()
    }

    /// As [`Failed::internal`], when the cause was logged already.
    pub fn unexplained() -> Self {
        let message = "Something went wrong on the server. Its log says more.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message).id("slipway-internal")
    }
}

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        if let DbError::Closed = error {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "The server is stopping.");
        }
        Self::internal(&error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Inner { error, headers } = *self.0;
        let status =
            StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // The shape is made of strings and numbers: it can always be written.
        let text = serde_json::to_string(&Failure { error }).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        let mut response = (status, kind, Body::from(text)).into_response();
        response.headers_mut().extend(headers);
        if status.is_server_error() {
            return (Extension(OurFault), response).into_response();
        }
        response
    }
}
