//! Whether two addresses are of the same repository.
//!
//! May import: nothing of ours.

/// What of an address says which repository it is: `github.com/acme/shop`.
///
/// Scheme, user, `www.`, `.git` and slashes at the end don't count, and the host is the same in
/// capitals; `git@github.com:acme/shop` is read as well. Behind the host capitals count, since
/// there are Git servers where they do.
#[must_use]
pub fn normal(address: &str) -> String {
    let address = address.trim();
    let (scheme, rest) =
        address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let slash = rest.find('/').unwrap_or(rest.len());
    let (mut host, mut path) = rest.split_at(slash);
    if let (true, Some((before, after))) = (scheme.is_empty(), rest.split_once(':'))
        && before.len() < slash
        && !after.starts_with(|c: char| c.is_ascii_digit())
    {
        (host, path) = (before, after);
    }
    let host = host.rsplit('@').next().unwrap_or(host).to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    if path.is_empty() { host.to_owned() } else { format!("{host}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_repository_are_the_same() {
        for address in [
            "https://github.com/acme/shop",
            "http://github.com/acme/shop",
            "https://www.github.com/acme/shop",
            "https://GitHub.com/acme/shop.git",
            "https://github.com/acme/shop/",
            "https://github.com/acme/shop.git/",
            "https://user:secret@github.com/acme/shop",
            "ssh://git@github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
            " github.com/acme/shop ",
        ] {
            assert_eq!(normal(address), "github.com/acme/shop", "{address}");
        }
    }

    #[test]
    fn other_repositories_stay_apart() {
        assert_eq!(normal("https://github.com/Acme/shop"), "github.com/Acme/shop");
        assert_eq!(normal("https://git.test:8443/a/b"), "git.test:8443/a/b");
        assert_eq!(normal("git.test:8443/a/b"), "git.test:8443/a/b");
        assert_eq!(normal("https://github.com/acme/shop.github"), "github.com/acme/shop.github");
        assert_eq!(normal(""), "");
        assert_eq!(normal("https://"), "");
        assert_eq!(normal("a@"), "");
    }
}
