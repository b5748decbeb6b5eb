//! The document's text, typed in by hand: every state of it is a state of the session, also one
//! that can't be read.
//!
//! While the text is not JSON the document stays what it was when it last could be read, and
//! nothing else may change it. Typing is undone in the one history, text that can't be read
//! included.

use std::ops::Range;

use slipway_flow::{
    change::ChangeSet,
    document::{Document, Key, ParseError},
};

use super::Session;
use crate::{
    command::Refused,
    history::{Entry, TextStep},
    text::{CodeText, TextChange},
};

/// The field of steps that are typed in the text, for [`crate::history`]: no pointer begins so.
const CODE: &str = "code";

/// The text as it is typed.
#[derive(Debug, Clone)]
pub(super) struct Code {
    text: CodeText,
    /// The revision of the document that the text is of.
    seen: usize,
    /// Why the text can't be read; the document isn't of this text then.
    error: Option<ParseError>,
    /// What has changed that the code view doesn't show yet.
    unshown: Vec<Vec<TextChange>>,
}

/// A text that can't be read as a document.
#[derive(Debug, Clone, Copy)]
pub struct Broken<'s> {
    pub text: &'s str,
    pub error: &'s ParseError,
}

impl Session {
    /// The text as it was typed, where it can't be read: the document is an older one.
    #[must_use]
    pub fn broken(&self) -> Option<Broken<'_>> {
        let code = self.code.as_ref()?;
        Some(Broken { text: code.text.as_str(), error: code.error.as_ref()? })
    }

    /// The text for a code view to show from now on; what changes it is told by
    /// [`Session::take_code_changes`].
    pub fn show_code(&mut self) -> &CodeText {
        let code = self.follow();
        code.unshown.clear();
        &code.text
    }

    /// The text that the code view shows.
    #[must_use]
    pub fn code(&self) -> Option<&CodeText> {
        self.code.as_ref().map(|code| &code.text)
    }

    /// The code view is gone. Text that can't be read stays.
    pub fn hide_code(&mut self) {
        self.code.take_if(|code| code.error.is_none());
    }

    /// What has changed in the text since it was shown, but for what was typed there: changes to be
    /// made one after the other, each of several parts at once.
    pub fn take_code_changes(&mut self) -> Vec<Vec<TextChange>> {
        if self.code.is_none() {
            return Vec::new();
        }
        std::mem::take(&mut self.follow().unshown)
    }

    /// Takes what was typed in the code view: exchanges the positions `span` (as a browser counts
    /// them) for `text`. Typing that goes on where it was is one step, line by line. False when
    /// nothing changed.
    pub fn type_code(&mut self, span: Range<usize>, text: &str) -> bool {
        let code = self.follow();
        let (range, text) = (code.text.bytes_at(span), code.text.with_line_breaks(text));
        self.exchange("Change the code", range, &text)
    }

    /// Gives the document a whole new text, as one step. Values that are still there keep their
    /// keys. Text that can't be read is kept as it is: [`Session::broken`]. False when nothing
    /// changed.
    pub fn set_text(&mut self, label: &str, text: &str) -> bool {
        self.history.close_step();
        let code = self.follow();
        let mut target = CodeText::new(code.text.as_str().to_owned());
        let changes = target.become_text(text);
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return false };
        let range = code.text.bytes_at(first.span.start..last.span.end);
        let behind = code.text.as_str().len() - range.end;
        let new = text.get(range.start..text.len() - behind).unwrap_or_default().to_owned();
        code.unshown.push(changes);
        let changed = self.exchange(label, range, &new);
        self.history.close_step();
        changed
    }

    /// Gives up text that can't be read, as a step: the text is that of the document again. False
    /// where it can be read.
    pub fn drop_broken(&mut self) -> bool {
        let text = self.document.text();
        self.broken().is_some() && self.set_text("Go back to code that can be read", &text)
    }

    /// Lays the whole text out anew, as one step. False where it is laid out so already, or can't be
    /// read.
    pub fn format(&mut self) -> bool {
        let text = self.document.formatted();
        self.broken().is_none() && self.set_text("Format the code", &text)
    }

    /// The node of the open flow that a position of the code view is in.
    pub fn node_at(&mut self, unit: usize) -> Option<Key> {
        if self.broken().is_some() {
            return None;
        }
        let code = self.follow();
        let byte = code.text.byte_at(unit);
        self.measure();
        let around = self.document.around(&(byte..byte), &mut self.lengths);
        let document = &self.document;
        let is_node = |key: &Key| {
            document.root_node() == Some(*key)
                || document.workflow_of(*key).is_some()
                || document.teardown_node() == Some(*key)
        };
        let mut inside = around.iter().rev().map(|(key, _)| *key);
        inside.find(|key| is_node(key) && document.flow_of(*key) == document.flow())
    }

    /// The positions of a value in the code view. None where the text can't be read.
    pub fn span_in_code(&mut self, key: Key) -> Option<Range<usize>> {
        if self.broken().is_some() {
            return None;
        }
        self.follow();
        self.measure();
        let span = self.document.spans_of(std::iter::once(key), &mut self.lengths).get(key)?;
        Some(self.code.as_ref()?.text.units_at(span))
    }

    /// A sentence for whoever would change the document otherwise.
    pub(super) fn refuse_while_broken(&self) -> Result<(), Refused> {
        match self.broken() {
            Some(Broken { error, .. }) => Err(Refused(format!(
                "The code has an error in line {}. Mend it or undo it first: until then the flow \
                 can only be changed there.",
                error.line
            ))),
            None => Ok(()),
        }
    }

    /// Brings the text up to the document's state. A text that can't be read stays.
    fn follow(&mut self) -> &mut Code {
        let revision = self.document.revision();
        let document = &self.document;
        let code = self.code.get_or_insert_with(|| Code::of(document));
        if code.seen != revision && code.error.is_none() {
            let changes = code.text.become_text(&document.text());
            code.unshown.extend((!changes.is_empty()).then_some(changes));
        }
        code.seen = revision;
        code
    }

    /// Brings the lengths up to the document's state.
    fn measure(&mut self) {
        let revision = self.document.revision();
        for changed in self.document.changed_since(self.measured) {
            for key in std::iter::successors(Some(*changed), |key| self.document.parent(*key)) {
                self.lengths.forget(key);
            }
        }
        self.measured = revision;
    }

    /// Exchanges bytes of the text, which is up to date.
    fn exchange(&mut self, label: &str, range: Range<usize>, inserted: &str) -> bool {
        self.measure();
        let Some(code) = &mut self.code else { return false };
        let Some(removed) = code.text.as_str().get(range.clone()).map(str::to_owned) else {
            return false;
        };
        if removed == inserted {
            return false;
        }
        let before = self.selection.clone();
        let broken_before = code.error.is_some();
        code.text.replace(range.clone(), inserted);
        let mut edit = self.document.edit();
        // What was broken before is read as far as it differs from what could be read.
        let read = match code.error.take() {
            None => edit.rewrite(range.clone(), inserted, &mut self.lengths),
            Some(_) => {
                let good = edit.document().text();
                let (old, new) = CodeText::part(&good, code.text.as_str());
                let new = code.text.as_str().get(new).unwrap_or_default();
                edit.rewrite(old, new, &mut self.lengths)
            }
        };
        let changes = edit.finish();
        if let Err(misread) = read {
            let error = ParseError::at(code.text.as_str(), misread.offset, misread.message);
            code.error = Some(error);
        }
        code.seen = self.document.revision();
        let text = TextStep {
            at: range.start,
            removed,
            inserted: inserted.to_owned(),
            broken: (broken_before, code.error.is_some()),
        };
        self.restored(&before);
        let goes_on = self.history.last_text().is_some_and(|last| text.goes_on(last));
        if !goes_on {
            self.history.close_step();
        }
        self.push(Entry {
            label: label.to_owned(),
            changes,
            field: Some((self.document.root(), CODE.to_owned())),
            made_ref: None,
            before,
            after: self.selection.clone(),
            text: Some(text),
            foreign: false,
        });
        true
    }

    /// Goes a step back or forth: the document by its changes, the text by what was typed. The text
    /// is what it was, readable or not. False when the changes are those of another state; nothing
    /// has changed then.
    pub(super) fn step(&mut self, changes: &ChangeSet, text: Option<TextStep>) -> bool {
        let text = text.filter(|text| text.broken != (false, false));
        if text.is_some() {
            self.follow();
        }
        if self.document.apply(changes).is_err() {
            return false;
        }
        let (Some(step), Some(code)) = (text, &mut self.code) else { return true };
        let bytes = step.at..step.at + step.removed.len();
        let span = code.text.units_at(bytes.clone());
        code.unshown.push(vec![TextChange { span, text: step.inserted.clone() }]);
        code.text.replace(bytes, &step.inserted);
        code.error = step.broken.1.then(|| Document::parse(code.text.as_str()).err()).flatten();
        code.seen = self.document.revision();
        true
    }
}

impl Code {
    fn of(document: &Document) -> Self {
        Self {
            text: CodeText::new(document.text()),
            seen: document.revision(),
            error: None,
            unshown: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};
    use serde_json::json;

    use super::*;
    use crate::command::Command;

    const FLOW: &str = r#"{
  "apiVersion": "v1.2",
  "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
    { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "é" } },
    { "kind": "Workflow", "spec": { "type": "parallel", "steps": [{ "kind": "Oddity" }] } }
  ] } }
}
"#;

    /// A code view, as far as its text goes.
    struct Shown(Vec<u16>);

    impl Shown {
        fn follow(&mut self, session: &mut Session) {
            for changes in session.take_code_changes() {
                for change in changes.into_iter().rev() {
                    self.0.splice(change.span, change.text.replace("\r\n", "\n").encode_utf16());
                }
            }
        }

        fn text(&self) -> String {
            String::from_utf16(&self.0).unwrap()
        }

        fn place(&self, text: &str) -> usize {
            let shown = self.text();
            shown[..shown.find(text).unwrap()].encode_utf16().count()
        }
    }

    fn open(text: &str) -> (Session, Shown) {
        let mut session = Session::open(text).unwrap();
        let code = session.show_code().as_str().replace("\r\n", "\n");
        (session, Shown(code.encode_utf16().collect()))
    }

    fn type_at(session: &mut Session, shown: &mut Shown, span: Range<usize>, text: &str) {
        shown.0.splice(span.clone(), text.encode_utf16());
        session.type_code(span, text);
    }

    #[derive(Debug, Clone)]
    enum Act {
        Type(Index, usize, String),
        Field(Index, u8),
        Undo,
        Redo,
        Format,
        Drop,
    }

    fn act() -> impl Strategy<Value = Act> {
        let text = prop_oneof![
            "[\\[\\]{}:,\"a1 \n😀]{0,3}",
            Just(",{}".to_owned()),
            Just("\"a\":[],".to_owned())
        ];
        prop_oneof![
            6 => (any::<Index>(), 0usize..4, text).prop_map(|(at, taken, text)| Act::Type(at, taken, text)),
            2 => (any::<Index>(), any::<u8>()).prop_map(|(at, value)| Act::Field(at, value)),
            2 => Just(Act::Undo),
            1 => Just(Act::Redo),
            1 => Just(Act::Format),
            1 => Just(Act::Drop),
        ]
    }

    proptest! {
        #[test]
        fn view_and_session_are_one(acts in proptest::collection::vec(act(), 1..25), crlf in any::<bool>()) {
            let flow = if crlf { FLOW.replace('\n', "\r\n") } else { FLOW.to_owned() };
            let (mut session, mut shown) = open(&flow);
            for act in acts {
                match act {
                    Act::Type(at, taken, text) => {
                        let all = shown.text();
                        let places: Vec<usize> = all.char_indices().map(|(at, _)| all[..at].encode_utf16().count())
                            .chain([shown.0.len()]).collect();
                        let at = at.index(places.len());
                        let span = places[at]..places[(at + taken).min(places.len() - 1)];
                        type_at(&mut session, &mut shown, span, &text);
                    }
                    Act::Field(at, value) => {
                        let nodes = session.document().nodes();
                        if !nodes.is_empty() {
                            let node = nodes[at.index(nodes.len())];
                            let broken = session.broken().is_some();
                            let command = Command::SetField { node, pointer: "/x".to_owned(), value: Some(json!(value)) };
                            prop_assert!(session.dispatch(&command).is_err() || !broken);
                        }
                    }
                    Act::Undo => { session.undo(); }
                    Act::Redo => { session.redo(); }
                    Act::Format => { session.format(); }
                    Act::Drop => { session.drop_broken(); }
                }
                shown.follow(&mut session);
                let text = session.broken().map_or_else(|| session.document().text(), |broken| broken.text.to_owned());
                prop_assert_eq!(text.replace("\r\n", "\n"), shown.text());
                prop_assert_eq!(session.broken().map(|broken| broken.error.clone()), Document::parse(&text).err());
                prop_assert!(Document::parse(&session.document().text()).is_ok());
            }
            while session.redo().is_some() {}
            let end = (session.broken().map(|broken| broken.text.to_owned()), session.document().text());
            while session.undo().is_some() {}
            prop_assert_eq!(session.document().text(), flow);
            prop_assert!(session.broken().is_none() && session.is_saved());
            while session.redo().is_some() {}
            prop_assert_eq!((session.broken().map(|broken| broken.text.to_owned()), session.document().text()), end);
            shown.follow(&mut session);
            let text = session.broken().map_or_else(|| session.document().text(), |broken| broken.text.to_owned());
            prop_assert_eq!(text.replace("\r\n", "\n"), shown.text());
        }
    }

    #[test]
    fn typing_is_one_step_a_line() {
        let (mut session, mut shown) = open(FLOW);
        let at = shown.place("\"é\"") + 2;
        for (index, text) in ["a", "b", "\\", "n"].iter().enumerate() {
            type_at(&mut session, &mut shown, at + index..at + index, text);
        }
        assert!(session.document().text().contains("\"éab\\n\""));
        type_at(&mut session, &mut shown, at + 3..at + 4, "");
        assert!(session.broken().is_some());
        session.undo();
        shown.follow(&mut session);
        assert_eq!((session.document().text().as_str(), shown.text().as_str()), (FLOW, FLOW));
        assert!(session.undo().is_none());
    }

    #[test]
    fn what_can_not_be_read_is_kept_and_taken_back() {
        let (mut session, mut shown) = open(FLOW);
        let node = session.document().nodes()[1];
        let at = shown.place("\"ref\"");
        type_at(&mut session, &mut shown, at..at, "\"skip");
        let broken = session.broken().unwrap();
        assert_eq!(broken.error.line, 4);
        let refused = session.dispatch(&Command::Delete { nodes: vec![node] }).unwrap_err();
        assert!(refused.0.starts_with("The code has an error in line 4."), "{refused}");
        session.hide_code();
        assert!(session.broken().is_some(), "leaving the view loses nothing");
        assert!(session.drop_broken() && session.broken().is_none());
        session.undo();
        assert!(session.broken().unwrap().text.contains("\"skip\"ref\""));
        session.undo();
        assert!(session.broken().is_none() && session.is_saved());
    }

    #[test]
    fn a_node_is_where_its_text_is() {
        let (mut session, shown) = open(FLOW);
        let nodes = session.document().nodes();
        assert_eq!(session.node_at(shown.place("migrate")), Some(nodes[1]));
        assert_eq!(session.node_at(shown.place("parallel")), Some(nodes[2]));
        assert_eq!(session.node_at(shown.place("Oddity")), Some(nodes[3]));
        assert_eq!(session.node_at(shown.place("apiVersion")), None);
        let span = session.span_in_code(nodes[3]).unwrap();
        assert_eq!(String::from_utf16(&shown.0[span]).unwrap(), r#"{ "kind": "Oddity" }"#);
    }

    #[test]
    fn one_text_is_set_for_another() {
        let (mut session, mut shown) = open(FLOW);
        let nodes = session.document().nodes();
        session.select(Some(nodes[3]));
        assert!(session.format());
        assert_eq!(
            (session.document().nodes(), session.selection().focus()),
            (nodes.clone(), Some(nodes[3]))
        );
        shown.follow(&mut session);
        assert_eq!(shown.text(), session.document().text());
        assert!(!session.format(), "it is formatted");
        session.undo();
        assert_eq!(session.document().text(), FLOW);
    }
}
