//! Who is signed in, and what they may do.

use leptos::prelude::*;
use slipway_api::session::{Role, Session};

use crate::client::ClientError;

/// What is known of whoever looks at the app.
#[derive(Debug, Clone, PartialEq)]
pub enum SignedIn {
    /// The server was not asked yet, or has not answered.
    Unknown,
    Nobody,
    Yes(Session),
    /// The server could not be asked.
    Unclear(ClientError),
}

/// Who is signed in.
#[derive(Clone, Copy)]
pub struct SessionState(RwSignal<SignedIn>);

/// Who is signed in to this app. `app.rs` provides it.
#[must_use]
pub fn use_session() -> SessionState {
    expect_context::<SessionState>()
}

impl Default for SessionState {
    fn default() -> Self {
        Self(RwSignal::new(SignedIn::Unknown))
    }
}

impl SessionState {
    #[must_use]
    pub fn get(self) -> SignedIn {
        self.0.get()
    }

    /// As it is now, for whoever needn't hear of changes.
    #[must_use]
    pub fn now(self) -> SignedIn {
        self.0.get_untracked()
    }

    /// Takes note of what the server said.
    pub fn learn(self, answer: Result<Session, ClientError>) {
        self.0.set(match answer {
            Ok(session) => SignedIn::Yes(session),
            Err(ClientError::Unauthorized) => SignedIn::Nobody,
            Err(error) => SignedIn::Unclear(error),
        });
    }

    /// Has the server asked again.
    pub fn ask_again(self) {
        self.0.set(SignedIn::Unknown);
    }

    /// The session is over.
    pub fn ended(self) {
        if !matches!(*self.0.read_untracked(), SignedIn::Nobody) {
            self.0.set(SignedIn::Nobody);
        }
    }

    /// The role; none while nobody is known to be signed in.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        self.0.with(|state| match state {
            SignedIn::Yes(session) => Some(session.role),
            _ => None,
        })
    }

    /// Why somebody of this role may not do `what` ("start runs"); none when they may.
    /// The server decides; this only says it beforehand.
    #[must_use]
    pub fn refusal(self, needs: Role, what: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || refusal(self.role(), needs, what))
    }
}

/// The sentence for a button that a role may not press.
fn refusal(role: Option<Role>, needs: Role, what: &str) -> Option<String> {
    match role {
        Some(role) if role >= needs => None,
        Some(role) => Some(format!("Your role, {}, can't {what}.", role.word())),
        None => Some(format!("Sign in to {what}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_told_what_it_may_not_do() {
        assert_eq!(
            refusal(Some(Role::Viewer), Role::Releaser, "start runs").as_deref(),
            Some("Your role, viewer, can't start runs.")
        );
        assert_eq!(refusal(Some(Role::Releaser), Role::Releaser, "start runs"), None);
        assert_eq!(refusal(Some(Role::Admin), Role::Editor, "change release flows"), None);
        assert!(refusal(None, Role::Viewer, "look").is_some());
    }
}
