//! Signing in and out, and what this server is.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use slipway_api::session::{Info, Session};

use super::{
    answer::{Answer, Failed, data, json},
    foreign,
    input::{Fields, Who},
};
use crate::{
    access::{Access, Identity, Proof, SESSION_LIFE, SignIn},
    app::{App, Shared},
};

/// `GET /slipway/v1/info`, for anybody: without an envelope, so that nobody takes it for a vendor.
pub async fn info() -> Answer {
    let info =
        Info { product: "slipway".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    serde_json::to_string(&info).map(json).map_err(|error| Failed::internal(&error))
}

/// `GET /slipway/v1/session` and `GET /v1/login`: who the credential belongs to.
pub async fn get(Who(who): Who) -> Answer {
    data(wire(who))
}

/// `POST /slipway/v1/session`: a code or a token for a session cookie, or a look at whom it
/// would sign in.
pub async fn sign_in(
    State(app): State<Shared>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Answer {
    // Nobody may be signed in as somebody else by a page that they happen to visit.
    if Access::is_foreign(&headers) {
        return Err(foreign());
    }
    let (code, token) = (fields.string("code"), fields.string("token"));
    let preview = fields.boolean("preview").unwrap_or(false);
    fields.finish()?;
    let proof = match (code, token) {
        (Some(code), None) => Proof::Code(code),
        (None, Some(token)) => Proof::Token(token),
        _ => {
            let sentence = "the body must have exactly one of \"code\" and \"token\"";
            return Err(Failed::field("object", sentence));
        }
    };
    if preview {
        return data(wire(welcome(app.access.preview(&proof, from.ip()).await?)?));
    }
    let (end, secret) = app.access.sign_in(&proof, from.ip()).await?;
    let who = welcome(end)?;
    let life = SESSION_LIFE.as_secs();
    let cookie = cookie(&app, &headers, &secret.unwrap_or_default(), life);
    Ok(([(header::SET_COOKIE, cookie)], data(wire(who))?).into_response())
}

/// `DELETE /slipway/v1/session`.
pub async fn sign_out(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    if Access::is_foreign(&headers) {
        return Err(foreign());
    }
    app.access.sign_out(&headers).await?;
    let gone = cookie(&app, &headers, "", 0);
    Ok(([(header::SET_COOKIE, gone)], data(serde_json::json!({}))?).into_response())
}

fn welcome(end: SignIn) -> Result<Identity, Failed> {
    match end {
        SignIn::Welcome(who) => Ok(who),
        SignIn::Unknown => {
            let message = "That code or token is not known here: it was mistyped, used already, \
                           or has run out.";
            Err(Failed::new(StatusCode::UNAUTHORIZED, message).id("slipway-sign-in"))
        }
        SignIn::Wait(seconds) => {
            let message =
                format!("Too many wrong codes or tokens. Try again in {seconds} seconds.");
            Err(Failed::new(StatusCode::TOO_MANY_REQUESTS, message)
                .id("slipway-sign-in")
                .header(header::RETRY_AFTER, &seconds.to_string()))
        }
    }
}

fn wire(who: Identity) -> Session {
    Session { name: who.name, role: who.role }
}

/// Out of reach for scripts and for other sites; over https only where that is known.
fn cookie(app: &App, headers: &HeaderMap, secret: &str, seconds: u64) -> String {
    let forwarded = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    let secure = if app.behind_proxy && forwarded == Some("https") { "; Secure" } else { "" };
    let (name, base) = (app.access.cookie(), &app.base);
    format!("{name}={secret}; Path={base}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
