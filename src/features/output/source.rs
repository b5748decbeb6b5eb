//! Fetches a node's output: what is there, and more whenever an event says that it has grown.

use leptos::prelude::*;
use slipway_api::run::NodeOutput;

use super::lines::Lines;
use crate::{
    client::{Client, ClientError, Tasks, use_client, use_tasks},
    state::run::{RunAddress, RunHandle},
};

/// The most bytes that one answer holds.
const PIECE: u64 = 262_144;

/// What is known of the output beside its lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Bytes that are kept.
    pub size: u64,
    /// Whether more was printed than is kept.
    pub truncated: bool,
    /// Whether no more will come.
    pub ended: bool,
}

/// The output of one node.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub lines: StoredValue<Lines>,
    /// Changes whenever the lines do.
    pub revision: RwSignal<u64>,
    /// None before the first answer.
    pub extent: RwSignal<Option<Extent>>,
    pub error: RwSignal<Option<ClientError>>,
    /// The byte from which the next piece is fetched.
    next: StoredValue<u64>,
    busy: StoredValue<bool>,
    /// Whether there was news while an answer was being waited for.
    wanted: StoredValue<bool>,
    address: StoredValue<(RunAddress, String)>,
    client: Client,
    tasks: Tasks,
}

/// Fetches the output of the node at `pointer` for as long as the calling component is there.
pub(super) fn fetch_output(run: RunHandle, pointer: String) -> Source {
    let state = run.node(&pointer);
    let source = Source {
        lines: StoredValue::new(Lines::default()),
        revision: RwSignal::new(0),
        extent: RwSignal::new(None),
        error: RwSignal::new(None),
        next: StoredValue::new(0),
        busy: StoredValue::new(false),
        wanted: StoredValue::new(false),
        address: StoredValue::new((run.address(), pointer)),
        client: use_client(),
        tasks: use_tasks(),
    };
    let news = Memo::new(move |_| state.with(|state| (state.output_bytes, state.status.ended())));
    Effect::new(move |_| {
        news.track();
        source.fetch();
    });
    source
}

impl Source {
    /// Fetches what is not here yet.
    pub(super) fn fetch(self) {
        if self.busy.get_value() {
            self.wanted.set_value(true);
            return;
        }
        self.busy.set_value(true);
        self.tasks.spawn(async move {
            let outcome = self.drain().await;
            self.error.set(outcome.err());
            self.busy.set_value(false);
        });
    }

    async fn drain(self) -> Result<(), ClientError> {
        let (RunAddress { project, pipeline, stage, run }, node) = self.address.get_value();
        loop {
            self.wanted.set_value(false);
            let from = self.next.get_value();
            let piece = self.client.output(&project, &pipeline, stage, &run, &node, from).await?;
            let more = self.take(&piece);
            if !more && !self.wanted.get_value() {
                return Ok(());
            }
        }
    }

    /// Takes a piece in and says whether the next one can be fetched at once.
    fn take(self, piece: &NodeOutput) -> bool {
        let before = self.next.get_value();
        let after = behind(piece).max(before);
        self.next.set_value(after);
        if !piece.text.is_empty() {
            self.lines.update_value(|lines| lines.push(&piece.text));
            self.revision.update(|revision| *revision += 1);
        }
        let extent = Extent { size: piece.size, truncated: piece.truncated, ended: piece.ended };
        if self.extent.get_untracked() != Some(extent) {
            self.extent.set(Some(extent));
        }
        after > before && after < piece.size
    }
}

/// The byte behind a piece. Bytes that are no text arrive as replacement characters, which are
/// longer than what they stand for: then only the most that a piece can hold is known.
fn behind(piece: &NodeOutput) -> u64 {
    if piece.text.contains('\u{fffd}') {
        piece.size.min(piece.from + PIECE)
    } else {
        piece.from + piece.text.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_piece_begins_behind_this_one() {
        let piece = |text: &str, from, size| {
            behind(&NodeOutput { from, size, text: text.to_owned(), ..NodeOutput::default() })
        };
        assert_eq!(piece("grün", 10, 100), 15);
        assert_eq!(piece("\u{fffd}x", 10, 100), 100);
        assert_eq!(piece("\u{fffd}x", 10, 1_000_000), 10 + PIECE);
        assert_eq!(piece("", 10, 10), 10);
    }
}
