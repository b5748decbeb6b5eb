//! How a server is set up.

use std::{net::SocketAddr, path::PathBuf};

/// What `slipway serve` was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port 0 picks a free one.
    pub listen: SocketAddr,
    /// The data directory: database, admin token, output of commands, compressed files.
    pub data: PathBuf,
    /// A project file, or a directory of them.
    pub project: Option<PathBuf>,
    /// Whether the demo project is set up in the data directory and served.
    pub demo: bool,
    /// What Trunk built; none to serve no app.
    pub app: Option<PathBuf>,
    /// From [`base_path`].
    pub base: String,
    /// Host names to answer to, beside the loopback ones.
    pub hosts: Vec<String>,
    /// Whether a proxy in front says how the browser came (`X-Forwarded-Proto`).
    pub behind_proxy: bool,
    /// From the environment; none to use (or make) the one in the data directory.
    pub admin_token: Option<String>,
    /// The binary that supervises commands; none for this program itself.
    pub supervisor: Option<PathBuf>,
}

/// The path that everything lives below, with a slash at both ends.
///
/// # Errors
/// A sentence, when it has characters that a path needs to encode.
pub fn base_path(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    if !text.bytes().all(plain) || text.contains("//") || text.contains("..") {
        return Err(format!(
            "\"{text}\" can't be a base path: use letters, digits and - . _ ~ between slashes"
        ));
    }
    let inner = text.trim_matches('/');
    Ok(if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") })
}

#[cfg(test)]
mod tests {
    use super::base_path;

    #[test]
    fn a_base_path_has_a_slash_at_both_ends() {
        for (text, base) in [("/", "/"), ("", "/"), ("ops", "/ops/"), ("/a/b", "/a/b/")] {
            assert_eq!(base_path(text).as_deref(), Ok(base));
        }
        for wrong in ["/a b", "/\"><script>", "//evil", "/../x", "/ä"] {
            assert!(base_path(wrong).is_err(), "{wrong}");
        }
    }
}
