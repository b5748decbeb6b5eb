//! The flows of a larger document, such as a team template: which of them is open.

use leptos::prelude::*;
use slipway_editor::tell;
use slipway_flow::{
    document::{Document, Key},
    stage::Stage,
};
use std::sync::Arc;

use super::EditorHandle;

/// What a document is called that has flows inside it.
pub const WHOLE: &str = "The whole document";

impl EditorHandle {
    /// The flow that is open: the whole document, or a flow inside it.
    #[must_use]
    pub fn flow(self) -> Key {
        self.flow.get()
    }

    /// Whether a flow inside the document is open.
    #[must_use]
    pub fn is_inside(self) -> bool {
        self.read(|document| document.flow() != document.root())
    }

    /// The stage that the open flow says it is for, where it stands inside a larger document.
    #[must_use]
    pub fn stage_inside(self) -> Option<Stage> {
        self.read(|document| {
            let name = document.get(document.stage_around(document.flow())?, "name")?;
            Stage::parse(document.str(name)?)
        })
    }

    /// The flows inside the document with their titles, as of the last pause.
    #[must_use]
    pub fn flows(self) -> Memo<Vec<(Key, String)>> {
        Memo::new(move |_| {
            self.problems.track();
            self.flow.track();
            self.read_untracked(|document| {
                let inside = document.flow() != document.root();
                let flows = (inside || document.may_hold_flows()).then(|| document.flows());
                let titled = |(flow, _)| (flow, tell::flow_title(document, flow));
                flows.into_iter().flatten().map(titled).collect()
            })
        })
    }

    /// Opens one of these flows, or with the document's root the whole again.
    pub fn open_flow(self, flow: Key) {
        if self.session.try_update_value(|session| session.open_flow(flow)) != Some(true) {
            return;
        }
        self.selection.set(self.session.with_value(|session| session.selection().clone()));
        self.turn();
        let title = self.read_untracked(open_title);
        self.announce(format!("{title} is open now."));
    }

    /// Brings the signals up to another flow, where one was opened.
    pub(super) fn turn(self) {
        let flow = self.read_untracked(Document::flow);
        if self.flow.get_untracked() == flow {
            return;
        }
        self.session.with_value(|session| {
            let document = session.document();
            self.layout
                .update(|layout| Arc::make_mut(layout).update(document, document.root_node()));
        });
        self.flow.set(flow);
        self.check_now();
    }
}

/// What the open flow is called.
fn open_title(document: &Document) -> String {
    if document.flow() == document.root() {
        WHOLE.to_owned()
    } else {
        tell::flow_title(document, document.flow())
    }
}
