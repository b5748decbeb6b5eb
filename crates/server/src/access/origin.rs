//! Which host names we answer to, and whether a request was made by a page of ours.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header, uri::Authority};

/// The names that this server answers to, on any port. A page of another name that resolves to
/// this machine gets nothing.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    /// The loopback names, the address that is listened on, and the names given.
    #[must_use]
    pub fn new(names: &[String], listen: SocketAddr) -> Self {
        // A port that was given along is left out: any is fine.
        let host = |name: &String| match name.parse::<Authority>() {
            Ok(authority) => bare(authority.host()).to_lowercase(),
            Err(_) => name.to_lowercase(),
        };
        let mut names: Vec<String> = names.iter().map(host).collect();
        if !listen.ip().is_unspecified() {
            names.push(listen.ip().to_string());
        }
        Self { names }
    }

    /// Whether a `Host` header (or a URL's authority) is one of ours.
    #[must_use]
    pub fn allow(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = bare(authority.host()).to_lowercase();
        let loopback = name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        loopback || name == "localhost" || self.names.contains(&name)
    }
}

/// An IPv6 address without its brackets; any other name as it is.
fn bare(name: &str) -> &str {
    name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name)
}

/// Whether the browser says that a page of this very origin made the request.
pub(super) fn is_same(headers: &HeaderMap) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(headers, "origin").is_some_and(|origin| is_ours(headers, origin)),
    }
}

/// Whether the browser says that a page of another origin made the request. False for callers
/// that are no browser.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let says_something =
        ["sec-fetch-site", "origin"].iter().any(|name| headers.contains_key(*name));
    says_something && text(headers, "sec-fetch-site") != Some("none") && !is_same(headers)
}

/// Compares the origin's host and port with the `Host` header, which is on the allow-list. The
/// scheme is left out: behind a proxy we don't know it.
fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return false,
    };
    let split = |text: &str| {
        let authority = text.parse::<Authority>().ok()?;
        Some((authority.host().to_lowercase(), authority.port_u16().unwrap_or(port)))
    };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).and_then(split);
    host.is_some() && host == split(authority)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Hosts, is_foreign, is_same};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_names_of_ours_are_answered() {
        let hosts = Hosts::new(&["Slipway.example:8443".into()], "10.1.2.3:80".parse().unwrap());
        for ours in
            ["127.0.0.1", "127.0.0.1:99", "localhost:8787", "LOCALHOST", "[::1]:1", "10.1.2.3:80"]
        {
            assert!(hosts.allow(ours), "{ours}");
        }
        assert!(hosts.allow("Slipway.Example:443"));
        for foreign in ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil:80", "a b"] {
            assert!(!hosts.allow(foreign), "{foreign}");
        }
        assert!(!Hosts::new(&[], "0.0.0.0:80".parse().unwrap()).allow("0.0.0.0"));
    }

    #[test]
    fn the_browser_says_where_a_request_was_made() {
        let host = ("host", "a.example:8787");
        let same = [
            headers(&[host, ("origin", "http://a.example:8787")]),
            headers(&[host, ("sec-fetch-site", "same-origin")]),
            headers(&[("host", "a.example"), ("origin", "https://A.example")]),
        ];
        for headers in &same {
            assert!(is_same(headers) && !is_foreign(headers), "{headers:?}");
        }
        let foreign = [
            headers(&[host, ("origin", "http://a.example")]),
            headers(&[host, ("origin", "http://b.example:8787")]),
            headers(&[host, ("origin", "null")]),
            headers(&[host, ("origin", "http://a.example:8787"), ("sec-fetch-site", "cross-site")]),
            headers(&[host, ("sec-fetch-site", "same-site")]),
        ];
        for headers in &foreign {
            assert!(!is_same(headers) && is_foreign(headers), "{headers:?}");
        }
        let neither = headers(&[host]);
        assert!(!is_same(&neither) && !is_foreign(&neither));
    }
}
