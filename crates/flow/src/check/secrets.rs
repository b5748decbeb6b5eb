//! Rule: what looks like a secret isn't in the document, which is stored, shown and synchronised
//! with Git as plain text. The sentences never repeat the value.

use super::{
    Findings, View, code,
    texts::{Named, values_outside},
};
use crate::document::{Document, Key};

/// Where secrets belong instead.
const INSTEAD: &str =
    "Keep it in a secret group or as an argument override, and read it by an expression.";

/// Words in the name of a member whose text is probably secret.
const NAMES: [&str; 7] =
    ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "PRIVATE_KEY", "API_KEY"];

/// Members whose names only sound like it: IDs and settings of the API.
const NOT_SECRET: [&str; 5] =
    ["credentials", "dockerSecretMounts", "secrets", "requiredKeys", "requiredFiles"];

/// No token is shorter: `xoxb-` and ten more.
const LONG_WORD: usize = 15;

/// Nothing shorter is looked at: `db://a:b@host`.
const SHORTEST: usize = 13;

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    let document = view.document;
    view.values.iter().for_each(|named| value(document, *named, findings));
    variables(document, view.node.key, findings);
}

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    values_outside(document).into_iter().for_each(|named| value(document, named, findings));
}

fn value(document: &Document, (name, key): Named<'_>, findings: &mut Findings) {
    if let Some(text) = document.str(key) {
        // Expressions of `fn.` and `args.` are worked out where they stand.
        let named = name.is_some_and(|name| !NOT_SECRET.contains(&name) && is_secret_name(name));
        look_at(key, text, named, findings);
    }
}

fn look_at(key: Key, text: &str, named: bool, findings: &mut Findings) {
    if let Some(what) = known_shape(text) {
        let sentence = format!("This looks like {what}, in plain text. {INSTEAD}");
        findings.warning(key, code::PLAIN_SECRET, sentence);
    } else if named && is_literal(text) {
        let sentence = format!("By its name this is a secret, in plain text. {INSTEAD}");
        findings.warning(key, code::PLAIN_SECRET, sentence);
    }
}

/// Lists of `{ key, value }`, as arguments of another template are given.
fn variables(document: &Document, node: Key, findings: &mut Findings) {
    let Some(list) = document.at(node, &["spec", "arguments", "variables"]) else { return };
    for variable in document.elements(list) {
        let member = |name| document.get(variable, name);
        let name = member("key").and_then(|key| document.str(key)).unwrap_or_default();
        let Some(value) = member("value") else { continue };
        let Some(text) = document.str(value) else { continue };
        if is_secret_name(name) && known_shape(text).is_none() {
            look_at(value, text, true, findings);
        }
    }
}

/// Whether a name says that its value is secret: `DB_PASSWORD`, `apiKey`, `github-token`.
fn is_secret_name(name: &str) -> bool {
    if !may_be_secret(name) {
        return false;
    }
    let mut plain = String::with_capacity(name.len());
    let mut before = None;
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_some_and(|c: char| c.is_ascii_lowercase()) {
            plain.push('_');
        }
        plain.push(if c == '-' { '_' } else { c.to_ascii_uppercase() });
        before = Some(c);
    }
    // Where a secret is to be found isn't one: `TOKEN_URL`, `SECRET_ID`, `KEY_NAME`.
    let last = plain.rsplit('_').next().unwrap_or_default();
    let about = [
        "URL", "URI", "ID", "NAME", "GROUP", "GROUPS", "PATH", "FILE", "TYPE", "LENGTH", "TTL",
        "EXPIRY",
    ];
    if about.contains(&last) {
        return false;
    }
    name == "KEY"
        || plain.ends_with("_KEY") && !plain.ends_with("PUBLIC_KEY")
        || NAMES.iter().any(|word| plain.contains(word))
}

/// A quick look that leaves most names out: whether one of these words is in it, in any case.
fn may_be_secret(name: &str) -> bool {
    let words = ["key", "token", "secret", "passw", "credential"];
    let holds = |word: &str| {
        let mut windows = name.as_bytes().windows(word.len());
        windows.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    words.into_iter().any(holds)
}

/// Whether the text is a value, and not an expression, a blank to fill in or a switch.
fn is_literal(text: &str) -> bool {
    let text = text.trim();
    let is_blank = text.len() < 4
        || text.contains("${")
        || text.starts_with(['<', '{', '['])
        || text.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '_'));
    let lower = text.to_ascii_lowercase();
    let placeholders =
        ["changeme", "change-me", "placeholder", "example", "your-", "your_", "todo"];
    let words = ["true", "false", "none", "null", "test", "dummy", "secret", "password", "token"];
    !is_blank
        && !words.contains(&lower.as_str())
        && !placeholders.iter().any(|placeholder| lower.contains(placeholder))
}

/// What a text is whose form gives it away.
fn known_shape(text: &str) -> Option<&'static str> {
    // Most texts are too short to be any of these, or their words are.
    if text.len() < SHORTEST || !may_have_shape(text) {
        return None;
    }
    let begins = |prefix: &str, least: usize| {
        text.match_indices(prefix).any(|(at, _)| {
            let starts = text[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
            let rest = &text[at + prefix.len()..];
            let tail = rest
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                .count();
            starts && tail >= least
        })
    };
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        Some("a private key")
    } else if ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].iter().any(|it| begins(it, 30))
        || begins("github_pat_", 30)
    {
        Some("a GitHub token")
    } else if begins("glpat-", 18) {
        Some("a GitLab token")
    } else if begins("AKIA", 16) || begins("ASIA", 16) {
        Some("an AWS access key")
    } else if ["xoxb-", "xoxp-", "xoxa-"].iter().any(|it| begins(it, 10)) {
        Some("a Slack token")
    } else if begins("sk_live_", 16) || begins("rk_live_", 16) {
        Some("a Stripe key")
    } else if begins("nf-", 60) {
        Some("a Northflank token")
    } else if is_jwt(text) {
        Some("a signed token (JWT)")
    } else if has_password(text) {
        Some("an address with a password in it")
    } else if begins("hooks.slack.com/services/T", 8)
        || begins("webhooks.northflank.com/release-flows/", 16)
    {
        Some("the address of a webhook, which anyone who knows it can call")
    } else if has_token(text) {
        Some("an address with a token in it")
    } else {
        None
    }
}

/// A quick look that leaves most texts out: all shapes have a long word, a slash or a space.
fn may_have_shape(text: &str) -> bool {
    let mut word = 0;
    text.bytes().any(|byte| {
        let in_word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        word = if in_word { word + 1 } else { 0 };
        word >= LONG_WORD || matches!(byte, b'/' | b' ')
    })
}

fn is_jwt(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).any(|word| {
        let parts: Vec<_> = word.split('.').collect();
        matches!(parts.as_slice(), [head, body, sign]
            if head.starts_with("eyJ") && body.starts_with("eyJ") && sign.len() >= 16)
    })
}

/// `postgres://user:pass@host`, with a password that is written out.
fn has_password(text: &str) -> bool {
    // A character is found far quicker than a text, and few texts have it.
    text.contains('@')
        && text.match_indices("://").any(|(at, _)| {
            let rest = &text[at + 3..];
            let host = rest.find(['/', '?', '#', ' ', '"', '\'']).map_or(rest, |end| &rest[..end]);
            // An expression or a blank between the colon and the at sign is no password.
            host.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).is_some_and(
                |(_, password)| {
                    !password.is_empty()
                        && !password.starts_with(['$', '<', '{', '*'])
                        && !matches!(password, "password" | "pass" | "changeme" | "secret")
                },
            )
        })
}

/// `https://hooks.example.com/x?token=…`, with a token that is written out.
fn has_token(text: &str) -> bool {
    let Some((_, query)) = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('?'))
        .filter(|_| !text.contains("${"))
    else {
        return false;
    };
    let query = query.split(['#', ' ', '"', '\'']).next().unwrap_or_default();
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
        let is_name = is_secret_name(name) || matches!(name, "key" | "sig" | "signature");
        is_name && value.len() >= 8 && is_literal(value)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_literal, is_secret_name, known_shape};

    #[test]
    fn secrets_are_known_by_their_form() {
        let long = "a1B2".repeat(10);
        for text in [
            format!("ghp_{long}"),
            format!("curl -H 'Authorization: Bearer ghp_{long}'"),
            "AKIAIOSFODNN7EXAMPLE".to_owned(),
            "-----BEGIN RSA PRIVATE KEY-----\nMII".to_owned(),
            "postgres://shop:hunter22@db.example.com/shop".to_owned(),
            "curl https://hooks.example.com/x?a=b&token=hunter2hunter2".to_owned(),
            format!("https://hooks.slack.com/services/T0{long}/B0/x"),
            format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{long}"),
        ] {
            assert!(known_shape(&text).is_some(), "{text}");
        }
        for text in [
            "https://github.com/acme/shop",
            "postgres://shop:${args.PASSWORD}@db/shop",
            "postgres://db/shop",
            "git@github.com:acme/shop",
            "https://hooks.example.com/x?token=${secrets.hook.values.TOKEN}",
            "https://hooks.example.com/x?page=2&tokenUrl=https://example.com",
            "https://hooks.slack.com/services/",
            "ghp_short",
            "xAKIAIOSFODNN7EXAMPLE",
            "https://user@host/a:b@c",
        ] {
            assert_eq!(known_shape(text), None, "{text}");
        }
    }

    #[test]
    fn names_say_what_is_secret() {
        for name in ["DB_PASSWORD", "apiKey", "github-token", "CLIENT_SECRET", "KEY", "SSH_KEY"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["KEYS", "TOKEN_URL", "monkey", "secretId", "PUBLIC_KEY", "keyName", "branch"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn blanks_and_expressions_are_no_secrets() {
        for text in ["", "${secrets.a.values.B}", "<your token>", "changeme", "****", "true"] {
            assert!(!is_literal(text), "{text}");
        }
        assert!(is_literal("hunter22"));
    }
}
