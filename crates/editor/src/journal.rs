//! A session as it can be kept and taken up again after a crash: the text that it began from, and a
//! [`Record`] of each step since, also of those that were undone.

use serde::{Deserialize, Serialize};
use slipway_flow::document::{Document, Key, ParseError, Written};

use crate::{
    history::{Entry, TextStep},
    selection::Selection,
    session::Session,
};

/// What happened in a session, to be kept behind the records before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    #[serde(rename = "step")]
    Step(Box<Step>),
    #[serde(rename = "undo")]
    Undo,
    /// The step below somebody else's changes was taken back, by these.
    #[serde(rename = "below")]
    Below(Written),
    #[serde(rename = "redo")]
    Redo,
    /// The text of that many steps was stored.
    #[serde(rename = "saved")]
    Saved(usize),
    /// What is typed for a node and can't be read; none once it can be.
    #[serde(rename = "unread")]
    Unread { node: u32, text: Option<String> },
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    label: String,
    changes: Written,
    field: Option<(u32, String)>,
    made_ref: Option<u32>,
    before: Vec<u32>,
    after: Vec<u32>,
    text: Option<TextStep>,
    foreign: bool,
    /// Whether it became one with the step before it.
    joins: bool,
}

/// A session that was taken up again.
#[derive(Debug)]
pub struct Restored {
    pub session: Session,
    /// Records from here on could not be read: they were kept by another version of the app, or
    /// are damaged. What came before them is restored.
    pub unread: usize,
}

impl Step {
    pub(crate) fn new(document: &Document, from: usize, entry: &Entry) -> Self {
        Self {
            label: entry.label.clone(),
            changes: document.write_changes(from, &entry.changes),
            field: entry.field.as_ref().map(|(key, pointer)| (key.number(), pointer.clone())),
            made_ref: entry.made_ref.map(Key::number),
            before: numbers(&entry.before),
            after: numbers(&entry.after),
            text: entry.text.clone(),
            foreign: entry.foreign,
            joins: false,
        }
    }

    pub(crate) fn joining(self, joins: bool) -> Self {
        Self { joins, ..self }
    }

    /// Reads the step, to be done next in the document that it belongs to; and whether it joins the
    /// step before it. None when it belongs to another document.
    pub(crate) fn read(&self, document: &mut Document) -> Option<(Entry, bool)> {
        let changes = document.read_changes(&self.changes).ok()?;
        let key = |number: u32| document.key(number);
        let selection = |numbers: &[u32]| {
            Selection::of(&numbers.iter().filter_map(|number| key(*number)).collect::<Vec<_>>())
        };
        let field = match &self.field {
            Some((number, pointer)) => Some((key(*number)?, pointer.clone())),
            None => None,
        };
        let entry = Entry {
            label: self.label.clone(),
            changes,
            field,
            made_ref: self.made_ref.and_then(key),
            before: selection(&self.before),
            after: selection(&self.after),
            text: self.text.clone(),
            foreign: self.foreign,
        };
        Some((entry, self.joins))
    }
}

/// The one with the focus first.
fn numbers(selection: &Selection) -> Vec<u32> {
    let focus = selection.focus();
    let others = selection.nodes().filter(|node| Some(*node) != focus);
    focus.into_iter().chain(others).map(Key::number).collect()
}

impl Session {
    /// Takes up a session from what was kept of it: `origin` is the text that it was opened with,
    /// `stored` whether a server had that text.
    ///
    /// # Errors
    /// When the text is not JSON.
    pub fn restore(origin: &str, stored: bool, records: &[Record]) -> Result<Restored, ParseError> {
        let mut session = if stored { Self::open(origin)? } else { Self::open_draft(origin)? };
        let read = records.iter().take_while(|record| session.happen_again(record)).count();
        Ok(Restored { session, unread: records.len() - read })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;
    use slipway_flow::diff::diff;

    use super::*;
    use crate::{command::Command, layout::Place, session::tests::picked};

    const FLOW: &str = "\n{ \"apiVersion\": \"v1.2\", \"n\": 1.50e+3,\n  \"spec\": {\"kind\": \"Workflow\", \
        \"spec\": {\"type\": \"sequential\", \"steps\": [\n    { \"kind\": \"JobRun\", \"ref\": \"a\", \
        \"spec\": { \"jobId\": \"x\" } },\n    {\"kind\": \"Workflow\", \"spec\": {\"type\": \
        \"parallel\", \"steps\": [ {\"kind\": \"Oddity\", \"ref\": \"b\", \"spec\": {}} ]}},\n    \
        {\"kind\": \"JobRun\", \"ref\": \"c\", \"spec\": {\"jobId\": \"y\"}}\n]}} }\n";

    /// One thing that somebody does, by number.
    fn act(session: &mut Session, (what, a, b): (u8, usize, usize)) {
        let (node, workflow) = picked(session, a, b);
        let place = Place { workflow, index: a % 4 };
        let command = match what % 14 {
            0 => Command::Delete { nodes: vec![node] },
            1 => {
                Command::Insert { place, node: json!({"kind": "JobRun", "spec": {"jobId": "new"}}) }
            }
            2 => Command::SwitchWorkflow { node },
            3 | 4 => {
                let value = Some(json!(format!("typed-{b}")));
                Command::SetField { node, pointer: "/spec/jobId".to_owned(), value }
            }
            5 => Command::Move { nodes: vec![node], place },
            6 => Command::Duplicate { nodes: vec![node] },
            7 => {
                let text = r#"[{"kind": "JobRun", "ref": "a", "spec": {"jobId": "${refs.a}"}}]"#;
                Command::Paste { place, text: text.to_owned() }
            }
            8 => {
                session.undo();
                return;
            }
            9 => {
                session.redo();
                return;
            }
            10 => {
                session.select(Some(node));
                return;
            }
            11 => {
                let text = ["\n", "\"", " ", "1", "{}", ","][b % 6];
                session.show_code();
                session.type_code(a * 40..a * 40 + b % 3, text);
                return;
            }
            12 => {
                session.drop_broken();
                return;
            }
            _ => {
                let (_, moment) = session.to_save();
                session.mark_saved(moment);
                return;
            }
        };
        // Refusals are part of it: what they made on the way is in the document too.
        let _ = session.dispatch(&command);
    }

    /// What one sees of a session.
    fn seen(session: &Session) -> (String, Option<String>, Option<String>, Option<String>, bool) {
        (
            session.document().text(),
            session.broken().map(|broken| broken.text.to_owned()),
            session.undo_label().map(str::to_owned),
            session.redo_label().map(str::to_owned),
            session.is_saved(),
        )
    }

    fn acts() -> impl Strategy<Value = Vec<(u8, usize, usize)>> {
        proptest::collection::vec((any::<u8>(), 0usize..9, 0usize..9), 1..40)
    }

    /// The other one's edit, as the server has it.
    fn theirs(text: &str) -> Document {
        Document::parse(
            &text.replace("\"ref\": \"c\"", "\"ref\": \"c\", \"condition\": \"success\""),
        )
        .unwrap()
    }

    fn kept(session: &mut Session) -> Vec<Record> {
        let text = serde_json::to_string(&session.take_records()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_restored_session_is_the_one_that_was(before in acts(), merges: bool, after in acts()) {
            let mut session = Session::open(FLOW).unwrap();
            for one in before {
                act(&mut session, one);
            }
            let mut records = kept(&mut session);
            if merges {
                let base = Document::parse(FLOW).unwrap();
                session.merge(&base, &theirs(FLOW), "Merge theirs", &BTreeMap::new());
            }
            for one in after {
                act(&mut session, one);
            }
            records.extend(kept(&mut session));

            let restored = Session::restore(FLOW, true, &records).unwrap();
            prop_assert_eq!(restored.unread, 0);
            let mut other = restored.session;
            prop_assert_eq!(seen(&other), seen(&session));
            prop_assert!(other.take_records().is_empty(), "nothing is to be kept twice");
            loop {
                let (one, two) = (session.undo(), other.undo());
                prop_assert_eq!(&one, &two);
                prop_assert_eq!(seen(&other), seen(&session));
                prop_assert_eq!(other.selection(), session.selection());
                if one.is_none() {
                    break;
                }
            }
            while session.redo().is_some() {
                other.redo();
                prop_assert_eq!(seen(&other), seen(&session));
            }
            // And it goes on, and is kept again.
            let rest = other.take_records();
            records.extend(rest);
            let again = Session::restore(FLOW, true, &records).unwrap();
            prop_assert_eq!(seen(&again.session), seen(&other));
        }

        #[test]
        fn undo_never_takes_back_what_somebody_else_did(before in acts(), after in acts()) {
            let mut session = Session::open(FLOW).unwrap();
            // By hand one may well change what somebody else changed.
            let by_command = |(what, ..): &(u8, usize, usize)| !matches!(what % 14, 11 | 12);
            for one in before.into_iter().filter(by_command) {
                act(&mut session, one);
            }
            let base = Document::parse(FLOW).unwrap();
            let theirs = Document::parse(&FLOW.replace("1.50e+3", "7")).unwrap();
            session.merge(&base, &theirs, "Merge theirs", &BTreeMap::new());
            for one in after.into_iter().filter(by_command) {
                act(&mut session, one);
                prop_assert!(session.document().text().contains("\"n\": 7,"));
            }
            let end = session.document().text();
            let mut steps = 0;
            while session.undo().is_some() {
                steps += 1;
                prop_assert!(session.document().text().contains("\"n\": 7,"));
                prop_assert!(Document::parse(&session.document().text()).is_ok());
            }
            prop_assert_eq!(session.undo_label(), None);
            for _ in 0..steps {
                prop_assert!(session.redo().is_some());
            }
            prop_assert_eq!(session.document().text(), end);
        }
    }

    #[test]
    fn own_steps_are_undone_below_a_merge_and_the_merge_stays() {
        let mut session = Session::open(FLOW).unwrap();
        let node = session.document().nodes()[1];
        let set = |session: &mut Session, value: &str| {
            let pointer = "/spec/jobId".to_owned();
            let command = Command::SetField { node, pointer, value: Some(json!(value)) };
            session.dispatch(&command).unwrap();
            session.close_step();
        };
        set(&mut session, "mine-1");
        set(&mut session, "mine-2");
        let base = Document::parse(FLOW).unwrap();
        session.merge(&base, &theirs(FLOW), "Merge the changes of ada", &BTreeMap::new());
        assert!(session.document().text().contains("success"));
        assert!(session.undo_label().is_some_and(|label| label != "Merge the changes of ada"));
        assert_eq!(session.unsaved_steps(), 2);

        session.undo();
        assert!(session.document().text().contains("mine-1"));
        session.undo();
        assert!(diff(session.document(), &theirs(FLOW)).is_empty());
        assert_eq!(session.undo(), None);
        session.redo();
        session.redo();
        let text = session.document().text();
        assert!(text.contains("mine-2") && text.contains("success"), "{text}");
        assert_eq!(session.redo(), None);
    }

    #[test]
    fn what_cant_be_read_ends_the_restoration_and_not_the_work() {
        let mut session = Session::open(FLOW).unwrap();
        act(&mut session, (1, 1, 0));
        let good = session.document().text();
        act(&mut session, (1, 2, 0));
        act(&mut session, (0, 2, 0));
        let mut records = session.take_records();
        records.remove(1);
        let restored = Session::restore(FLOW, true, &records).unwrap();
        assert_eq!((restored.session.document().text(), restored.unread), (good, 1));
    }
}
