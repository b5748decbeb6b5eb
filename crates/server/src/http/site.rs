//! The browser app: built files from a folder, in memory, compressed once.

mod compress;
mod files;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::answer::Failed;
use crate::app::Shared;
use files::{File, Files};

/// What is served where no API route matches.
pub struct Site {
    folder: Option<PathBuf>,
    cache: PathBuf,
    base: String,
    loaded: RwLock<Loaded>,
}

struct Loaded {
    files: Arc<Files>,
    /// Of `index.html`: a new one means that the app was built again.
    changed: Option<SystemTime>,
}

impl Site {
    /// `folder` is what Trunk built, none to serve no app; compressed files are kept in `cache`.
    /// Compressing goes on in the background: until it is done, files go out as they are.
    ///
    /// # Errors
    /// When the folder has no `index.html`, or something in it can't be read.
    pub fn open(folder: Option<&Path>, cache: &Path, base: &str) -> std::io::Result<Self> {
        let site = Self {
            folder: folder.map(Path::to_owned),
            cache: cache.to_owned(),
            base: base.to_owned(),
            loaded: RwLock::new(Loaded { files: Arc::default(), changed: None }),
        };
        if site.folder.is_some() {
            site.load()?;
        }
        Ok(site)
    }

    fn load(&self) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let changed = folder.join("index.html").metadata()?.modified().ok();
        let files = Arc::new(Files::read(folder, &self.base)?);
        compress::in_background(&files, self.cache.clone());
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Loaded { files, changed };
        Ok(())
    }

    fn files(&self) -> Arc<Files> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner).files)
    }

    /// Looks whether the app was built again since it was read.
    fn refresh(&self) {
        let Some(folder) = &self.folder else { return };
        let now = folder.join("index.html").metadata().and_then(|found| found.modified()).ok();
        let then = self.loaded.read().unwrap_or_else(PoisonError::into_inner).changed;
        if now.is_some()
            && now != then
            && let Err(error) = self.load()
        {
            // In the middle of a build, perhaps: what was read before is still good.
            tracing::warn!(%error, "the app's folder can't be read again");
        }
    }
}

/// Everything that no route of the API takes.
pub async fn serve(State(app): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let first = path.split('/').next().unwrap_or("");
    if !reads || matches!(first, "v1" | "slipway") {
        return Failed::no_route().into_response();
    }
    let page = wants_page(request.headers(), path);
    if page {
        app.site.refresh();
    }
    let files = app.site.files();
    let file = files.get(path).or_else(|| files.get("index.html").filter(|_| page));
    match file {
        Some(file) => respond(file, request.headers(), *request.method() == Method::HEAD),
        None if page && files.is_empty() => no_app(),
        None => Failed::no_route().into_response(),
    }
}

/// Whether a browser navigates there: not for files, and not for what a script fetches.
fn wants_page(headers: &HeaderMap, path: &str) -> bool {
    let accepts = headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")));
    let last = path.rsplit('/').next().unwrap_or("");
    accepts && (path == "index.html" || !last.contains('.'))
}

fn respond(file: &File, headers: &HeaderMap, head: bool) -> Response {
    let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let (encoding, bytes) = file.encoded(accepted(headers));
    let etag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", file.etag),
        None => format!("\"{}\"", file.etag),
    };
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let length = bytes.len();
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if head {
        ([(header::CONTENT_LENGTH, length)], Body::empty()).into_response()
    } else {
        Body::from(bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Which of the two encodings the browser takes. One with weight 0 is refused.
fn accepted(headers: &HeaderMap) -> files::Accepted {
    let mut accepted = files::Accepted::default();
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    for value in values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        let (name, weight) = value.split_once(';').unwrap_or((value, ""));
        let refused =
            matches!(weight.trim().trim_start_matches("q="), "0" | "0.0" | "0.00" | "0.000");
        match name.trim() {
            "br" => accepted.brotli = !refused,
            "gzip" => accepted.gzip = !refused,
            _ => {}
        }
    }
    accepted
}

fn no_app() -> Response {
    let text = "This is a Slipway server. Its API is here, under /v1 and /slipway/v1; the browser \
                app is not: start the server with --app FOLDER to serve it.\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{accepted, files::Accepted, wants_page};

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn pages_are_navigations_and_nothing_else() {
        let browser = with(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        for path in ["", "sign-in", "projects/shop/pipelines/web", "index.html"] {
            assert!(wants_page(&browser, path), "{path}");
        }
        for path in ["style.css", "a/b.js", "favicon.ico"] {
            assert!(!wants_page(&browser, path), "{path}");
        }
        assert!(!wants_page(&with(header::ACCEPT, "*/*"), ""));
    }

    #[test]
    fn encodings_are_read_with_their_weights() {
        let both = Accepted { brotli: true, gzip: true };
        for (value, expected) in [
            ("gzip, deflate, br", both),
            ("br;q=1.0, gzip;q=0.5", both),
            ("gzip,br;q=0", Accepted { brotli: false, gzip: true }),
            ("identity", Accepted::default()),
        ] {
            assert_eq!(accepted(&with(header::ACCEPT_ENCODING, value)), expected, "{value}");
        }
    }
}
