//! Who stored a version: whoever is signed in here, by the name that the server has, or another.

use crate::state::session::{SessionState, SignedIn};

/// Who stored a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    /// Whoever is signed in here, in another tab or browser.
    Me,
    Other(String),
    /// Nobody has said so.
    Unknown,
}

impl Author {
    /// The one with this name.
    pub(super) fn of(name: String, session: &SessionState) -> Self {
        match session.now() {
            SignedIn::Yes(me) if me.name == name => Self::Me,
            _ => Self::Other(name),
        }
    }

    /// "What … saved".
    pub(super) fn name(&self) -> String {
        match self {
            Self::Me => "you".to_owned(),
            Self::Other(name) => name.clone(),
            Self::Unknown => "somebody".to_owned(),
        }
    }

    /// "… of this release flow since you opened it."
    pub(super) fn saved(&self) -> String {
        match self {
            Self::Me => "You have saved another version in another tab or browser".to_owned(),
            Self::Other(name) => format!("{name} has saved another version"),
            Self::Unknown => "Somebody has saved another version".to_owned(),
        }
    }

    /// "Merge …".
    pub(super) fn changes(&self) -> String {
        match self {
            Self::Me => "your changes from elsewhere".to_owned(),
            Self::Other(name) => format!("the changes of {name}"),
            Self::Unknown => "the changes of somebody else".to_owned(),
        }
    }

    /// The heading above what has to be decided.
    pub(super) const fn question(&self) -> &'static str {
        match self {
            Self::Me => "You changed the same elsewhere",
            Self::Other(_) | Self::Unknown => "Somebody else changed the same",
        }
    }
}
