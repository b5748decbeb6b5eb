//! What projects and pipelines are called, as far as it is known: addresses hold ids, people read
//! names.

use std::collections::BTreeMap;

use leptos::prelude::*;
use slipway_api::resource::ProjectRow;

use super::session::SessionState;
use crate::client::{Client, Load, load};

/// Names by id, and the projects that there are.
#[derive(Clone, Copy)]
pub struct Names {
    pub projects: Load<Vec<ProjectRow>>,
    pipelines: RwSignal<BTreeMap<(String, String), String>>,
}

/// The names that this app knows. `app.rs` provides them.
#[must_use]
pub fn use_names() -> Names {
    expect_context::<Names>()
}

impl Names {
    /// Asks for the projects as soon as, and whenever, somebody signs in.
    #[must_use]
    pub fn new(client: Client, session: SessionState) -> Self {
        let signed_in = Memo::new(move |_| session.role().is_some());
        let pipelines = RwSignal::new(BTreeMap::new());
        let projects = load(move || {
            let signed_in = signed_in.get();
            async move {
                if !signed_in {
                    // Nobody may be told anything; signing in starts this anew.
                    std::future::pending::<()>().await;
                }
                client.projects().await
            }
        });
        // What one person could see is not there for the next one.
        Effect::new(move |_| {
            if !signed_in.get() {
                projects.value.set(None);
                pipelines.update(BTreeMap::clear);
            }
        });
        Self { projects, pipelines }
    }

    /// Asks what the project's pipelines are called, when that of `id` is not known: an address
    /// may lead straight to a run.
    pub async fn ask_pipeline(self, client: Client, project: String, id: String) {
        let key = (project, id);
        if self.pipelines.with_untracked(|known| known.contains_key(&key)) {
            return;
        }
        // Without an answer the id is shown, and the page itself says what is wrong.
        for row in client.pipelines(&key.0).await.unwrap_or_default() {
            self.learn_pipeline(&key.0, &row.id, &row.name);
        }
    }

    pub fn learn_pipeline(self, project: &str, id: &str, name: &str) {
        let key = (project.to_owned(), id.to_owned());
        if self.pipelines.with_untracked(|known| known.get(&key).is_none_or(|it| it != name)) {
            self.pipelines.update(|known| {
                known.insert(key, name.to_owned());
            });
        }
    }

    /// A project's name, or its id while the name is not known.
    #[must_use]
    pub fn project(self, id: &str) -> String {
        self.projects.value.with(|all| {
            let row = all.iter().flatten().find(|row| row.id == id);
            row.map_or_else(|| id.to_owned(), |row| row.name.clone())
        })
    }

    /// A pipeline's name, or its id while the name is not known.
    #[must_use]
    pub fn pipeline(self, project: &str, id: &str) -> String {
        let key = (project.to_owned(), id.to_owned());
        self.pipelines.with(|known| known.get(&key).cloned()).unwrap_or_else(|| id.to_owned())
    }
}
