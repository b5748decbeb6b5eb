//! Who is asking, and what this server is.

use serde::{Deserialize, Serialize};

/// What somebody may do; each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees everything but secrets, changes nothing.
    Viewer,
    /// Runs, aborts, rolls back.
    Releaser,
    /// Changes release flows.
    Editor,
    /// Manages access.
    Admin,
}

impl Role {
    /// The word on the wire and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Releaser => "releaser",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Viewer, Self::Releaser, Self::Editor, Self::Admin]
            .into_iter()
            .find(|role| role.word() == text)
    }
}

/// `GET /slipway/v1/info`: public. Only a JSON 200 with this `product` is our server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Info {
    /// `slipway`.
    pub product: String,
    pub version: String,
}

/// `GET /slipway/v1/session`, and the answer to signing in (in `data`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    pub name: String,
    pub role: Role,
}

/// `POST /slipway/v1/session` signs in and sets the session cookie; with `preview` true it only
/// says whom the code or token would sign in, and a code stays unused.
/// `DELETE /slipway/v1/session` signs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// A one-time code from a sign-in link, or a token: exactly one of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(default)]
    pub preview: bool,
}

#[cfg(test)]
mod tests {
    use super::{Role, SignIn};

    #[test]
    fn each_role_may_do_what_the_ones_before_it_may() {
        let ordered = [Role::Viewer, Role::Releaser, Role::Editor, Role::Admin];
        assert!(ordered.is_sorted());
        for role in ordered {
            assert_eq!(Role::parse(role.word()), Some(role));
            assert_eq!(serde_json::to_value(role).expect("a word"), role.word());
        }
        assert_eq!(Role::parse("Admin"), None, "a word has one spelling");
    }

    #[test]
    fn signing_in_needs_no_more_than_a_code() {
        let read: SignIn = serde_json::from_str("{\"code\":\"abc\"}").expect("readable");
        assert_eq!(read, SignIn { code: Some("abc".into()), token: None, preview: false });
    }
}
