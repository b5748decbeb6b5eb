//! The description of the API: for machines, and as a page.

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::IntoResponse,
};
use serde_json::Value;

use super::{
    answer::{Answer, json},
    openapi::{self, page},
    table::table,
};
use crate::app::{App, Shared};

fn document(app: &App) -> Value {
    openapi::document(&table(), &app.base)
}

/// `GET /slipway/v1/openapi.json`, for anybody and without an envelope.
pub async fn openapi(State(app): State<Shared>) -> Answer {
    Ok(json(document(&app).to_string()))
}

/// `GET /slipway/v1/api`: the same as a page.
pub async fn html(State(app): State<Shared>) -> Answer {
    Ok(file("text/html; charset=utf-8", page::html(&document(&app))))
}

/// `GET /slipway/v1/api.css`: its looks.
pub async fn style() -> Answer {
    Ok(file("text/css; charset=utf-8", page::STYLE.to_owned()))
}

fn file(kind: &'static str, text: String) -> axum::response::Response {
    let kind: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, kind)];
    (kind, text).into_response()
}
