//! What happens to every request on its way in and to every answer on its way out.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{self},
        uri::PathAndQuery,
    },
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tower::ServiceExt;

use super::answer::{Failed, OurFault};
use crate::{access::Quota, app::Shared};

/// Headers of every answer, whatever it is.
const SAFETY: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; \
         frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// Puts the checks and the headers around a router.
pub(super) fn around(app: &Shared, inner: Router) -> Router {
    Router::new().fallback(enter).with_state((app.clone(), inner))
}

async fn enter(State((app, inner)): State<(Shared, Router)>, request: Request) -> Response {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = match admit(&app, request) {
        Ok(request) => match AssertUnwindSafe(inner.oneshot(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            // The panic hook has told the log where.
            Err(_) => Failed::unexplained().into_response(),
        },
        Err(answer) => *answer,
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = in_our_words(&response);
    }
    finish(&mut response);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    if response.extensions().get::<OurFault>().is_some() {
        tracing::error!(%method, path, status, ?took, "answered");
    } else {
        tracing::debug!(%method, path, status, ?took, "answered");
    }
    response
}

/// Checks the host, takes the base path off, and forgives a doubled slash, which the vendor's
/// client makes when its host ends with one.
fn admit(app: &Shared, mut request: Request) -> Result<Request, Box<Response>> {
    let refuse = |failed: Failed| Box::new(failed.into_response());
    check_host(app, request.headers(), request.uri()).map_err(refuse)?;
    let path = request.uri().path();
    let Some(inside) = below(&app.base, path) else {
        if path == app.base.trim_end_matches('/') && *request.method() == Method::GET {
            return Err(Box::new(axum::response::Redirect::permanent(&app.base).into_response()));
        }
        return Err(refuse(Failed::no_route()));
    };
    let target = match request.uri().query() {
        Some(query) => format!("/{inside}?{query}"),
        None => format!("/{inside}"),
    };
    let target: PathAndQuery = target.parse().map_err(|_| refuse(Failed::no_route()))?;
    *request.uri_mut() = Uri::from(target);
    Ok(request)
}

/// The part of a path below the base, without slashes in front.
fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let path = path.trim_start_matches('/');
    let base = base.trim_matches('/');
    if base.is_empty() {
        return Some(path);
    }
    path.strip_prefix(base)?.strip_prefix('/').map(|path| path.trim_start_matches('/'))
}

fn check_host(app: &Shared, headers: &HeaderMap, uri: &Uri) -> Result<(), Failed> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        let message = "The request must have exactly one Host header.";
        return Err(Failed::new(StatusCode::BAD_REQUEST, message));
    };
    let host = host.to_str().unwrap_or("");
    let target = uri.authority().map_or(host, axum::http::uri::Authority::as_str);
    if app.hosts.allow(host) && app.hosts.allow(target) {
        return Ok(());
    }
    let message = "This server doesn't answer to that host name. Whoever runs it can allow the \
                   name with --host.";
    Err(Failed::new(StatusCode::MISDIRECTED_REQUEST, message).id("slipway-host"))
}

/// The router's own 405 has an `Allow` header and no words.
fn in_our_words(response: &Response) -> Response {
    let allow = response.headers().get(header::ALLOW).cloned();
    let methods = allow.as_ref().and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let message = format!("Method not allowed. This route takes {}.", methods.replace(',', ", "));
    let mut worded = Failed::new(StatusCode::METHOD_NOT_ALLOWED, message).into_response();
    worded.headers_mut().extend(allow.map(|value| (header::ALLOW, value)));
    worded
}

fn finish(response: &mut Response<Body>) {
    let quota = response.extensions().get::<Quota>().copied().unwrap_or(Quota::UNUSED);
    let headers = response.headers_mut();
    for (name, value) in SAFETY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert("x-ratelimit-limit", quota.limit.into());
    headers.insert("x-ratelimit-remaining", quota.remaining.into());
    headers.insert("x-ratelimit-reset", quota.reset.into());
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{
        Router,
        body::{Body, to_bytes},
        extract::Request,
        http::{StatusCode, header},
        routing::get,
    };
    use tower::ServiceExt;

    use super::{around, below};
    use crate::{app::Server, config::Config};

    #[test]
    fn the_base_path_is_taken_off_once() {
        for (base, path, inside) in [
            ("/", "/v1/login", Some("v1/login")),
            ("/", "//v1/login", Some("v1/login")),
            ("/", "/", Some("")),
            ("/ops/", "/ops/v1/login", Some("v1/login")),
            ("/ops/", "/ops//v1/login", Some("v1/login")),
            ("/ops/", "/ops/", Some("")),
            ("/ops/", "/ops", None),
            ("/ops/", "/opsv1/login", None),
            ("/ops/", "/v1/login", None),
            ("/a/b/", "/a/b/c", Some("c")),
        ] {
            assert_eq!(below(base, path), inside, "{base} {path}");
        }
    }

    #[tokio::test]
    async fn a_handler_that_panics_ends_its_own_request_only() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: dir.path().to_owned(),
            project: None,
            demo: false,
            app: None,
            base: "/".into(),
            hosts: Vec::new(),
            behind_proxy: false,
            admin_token: None,
            supervisor: None,
        };
        let server = Server::start(config).await.unwrap();
        async fn bug() -> &'static str {
            panic!("the secret inside")
        }
        let inner = Router::new().route("/bug", get(bug)).route("/fine", get(|| async { "fine" }));
        let service = around(server.app(), inner);
        for (path, status) in [("/bug", 500), ("/fine", 200), ("/bug", 500)] {
            let request = Request::get(path).header(header::HOST, "localhost").body(Body::empty());
            let response = service.clone().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            let body = to_bytes(response.into_body(), 10_000).await.unwrap();
            if status == 500 {
                let error: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let message = "Something went wrong on the server. Its log says more.";
                let id = "slipway-internal";
                let expected = serde_json::json!({ "error":
                    { "status": 500, "message": message, "id": id } });
                assert_eq!(error, expected);
            }
        }
        server.stop().await;
    }
}
