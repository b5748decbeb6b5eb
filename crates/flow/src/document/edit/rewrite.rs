//! Text that somebody types: a part of the document's text is exchanged, as little as possible is
//! read anew, and every value that is still there keeps its key.

use std::ops::Range;

use super::{Edit, Editing, Key, ParseError};
use crate::document::{
    Data, Item, Lengths, Symbol,
    parse::{MAX_DEPTH, MAX_SIZE, Part},
};

/// Why a text can't be read, and where: see [`ParseError::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Bytes from the start of the text as it would be.
    pub offset: usize,
    /// A sentence.
    pub message: String,
}

/// What came of reading a part of the text anew.
enum Tried {
    Done,
    /// The part alone doesn't say: what is around it decides.
    Undecided,
    /// Wrong, whatever is around it.
    Wrong(Misread),
}

impl Editing<'_> {
    /// Exchanges the bytes `range` of [`Document::text`] for `text`: afterwards the document's text
    /// is exactly that. Values that are still there keep their keys, also where they moved within
    /// their list or object. Takes time in proportion to what is read anew: the items around the
    /// change in most cases. `lengths` are of the document as it is.
    ///
    /// # Errors
    /// When the text would not be JSON; nothing changes then.
    pub fn rewrite(
        &mut self,
        range: Range<usize>,
        text: &str,
        lengths: &mut Lengths,
    ) -> Result<(), Misread> {
        let around = self.document.around(&range, lengths);
        let size = self.document.size(lengths) - range.len() + text.len();
        let mut read = 0;
        for (key, span) in around.into_iter().rev().filter(|_| size <= MAX_SIZE) {
            // Twice as much each time, so that all attempts together are linear in the last.
            if span.len() < 2 * read {
                continue;
            }
            let tried = match self.document.data(key) {
                Data::Object(..) | Data::Array(..) => {
                    self.rewrite_items(key, span.start, &range, text, lengths, &mut read)
                }
                _ => self.rewrite_scalar(key, span.start, &range, text),
            };
            match tried {
                Tried::Done => return Ok(()),
                Tried::Wrong(misread) => return Err(misread),
                Tried::Undecided => {}
            }
        }
        self.rewrite_all(range, text)
    }

    /// Gives a value the text that [`Document::text_at`] gave without indentation and somebody has
    /// edited. Values that are still there keep their keys.
    ///
    /// # Errors
    /// When the text is not JSON; nothing changes then.
    pub fn retype(&mut self, key: Key, text: &str) -> Result<(), ParseError> {
        if self.document.text_at(key, "") == text {
            return Ok(());
        }
        let before = self.document.slots.len();
        // The error's place is one of the text as it was given.
        self.document.graft(text)?;
        self.document.slots.truncate(before);
        let (own, shown) = (self.document.text_of(key), self.document.text_at(key, ""));
        let made =
            self.document.graft(&retyped(&own, &shown, &self.document.line_indent(key), text))?;
        let edits = self.changes.edits.len();
        self.reconcile(key, made);
        self.forget_unused(before, edits);
        Ok(())
    }

    fn rewrite_scalar(
        &mut self,
        key: Key,
        start: usize,
        range: &Range<usize>,
        text: &str,
    ) -> Tried {
        let mut part = self.document.text_of(key);
        part.replace_range(range.start - start..range.end - start, text);
        let before = self.document.slots.len();
        let Ok(made) = self.document.read_part(&part) else { return Tried::Undecided };
        // A container in the place of a scalar may nest too deep: whoever reads all of it says so.
        if !self.document.data(made).items().is_empty() {
            self.document.slots.truncate(before);
            return Tried::Undecided;
        }
        self.reconcile(key, made);
        self.document.slots.truncate(before);
        Tried::Done
    }

    /// Reads those items of a container anew that the change touches.
    fn rewrite_items(
        &mut self,
        key: Key,
        start: usize,
        range: &Range<usize>,
        text: &str,
        lengths: &mut Lengths,
        read: &mut usize,
    ) -> Tried {
        let Some(run) = self.document.items_around(key, start, range, lengths) else {
            return Tried::Undecided;
        };
        let (items, gap) = match self.document.data(key) {
            Data::Object(items, gap) | Data::Array(items, gap) => (items, *gap),
            _ => return Tried::Undecided,
        };
        let all = run.items.len() == items.len();
        let old = items.get(run.items.clone()).unwrap_or_default().to_vec();
        let part = self.document.text_of_items(key, run.items.clone());
        let mut part = if old.is_empty() {
            let brackets = self.document.brackets(key);
            format!("{}{}{}", brackets[0], self.document.symbol(gap), brackets[1])
        } else {
            part
        };
        let from = range.start - run.start + 1;
        part.replace_range(from..from + range.len(), text);
        *read = part.len();
        let before = self.document.slots.len();
        let made = match self.document.read_part(&part) {
            Ok(made) => made,
            Err(Part::Undecided) => return Tried::Undecided,
            Err(Part::Wrong(error)) => {
                let offset = run.start + error.offset.saturating_sub(1);
                return Tried::Wrong(Misread { offset, message: error.message });
            }
        };
        let (new, new_gap) = match self.document.data(made) {
            Data::Object(items, gap) | Data::Array(items, gap) => (items.clone(), *gap),
            _ => (Vec::new(), gap),
        };
        let too_deep = self.document.depth(key) + self.document.height(made) > MAX_DEPTH;
        if too_deep || (new.is_empty() && !all) {
            self.document.slots.truncate(before);
            return Tried::Undecided;
        }
        let edits = self.changes.edits.len();
        self.reconcile_items(key, run.items.start, &old, &new, (gap, new_gap));
        self.forget_unused(before, edits);
        Tried::Done
    }

    fn rewrite_all(&mut self, range: Range<usize>, text: &str) -> Result<(), Misread> {
        let mut whole = self.document.text();
        whole.replace_range(range, text);
        let before = self.document.slots.len();
        let (made, lead, trail) = self.document.read(&whole).map_err(|error| {
            self.document.slots.truncate(before);
            Misread { offset: error.offset, message: error.message }
        })?;
        let edits = self.changes.edits.len();
        let old = (self.document.lead.clone(), self.document.trail.clone());
        let new: (Box<str>, Box<str>) = (lead.into(), trail.into());
        if old != new {
            self.perform(Edit::Around { old, new });
        }
        self.reconcile(self.document.root, made);
        self.forget_unused(before, edits);
        Ok(())
    }

    /// Frees what was read since there were `before` slots, where no edit after the first `edits`
    /// put any of it into the document.
    fn forget_unused(&mut self, before: usize, edits: usize) {
        let new = |item: &Item| item.value.index() >= before;
        let used = self.changes.edits[edits..].iter().any(|edit| match edit {
            Edit::Replace { new: data, .. } => data.items().iter().any(new),
            Edit::Splice { inserted, .. } => inserted.iter().any(new),
            Edit::Around { .. } => false,
        });
        if !used {
            self.document.slots.truncate(before);
        }
    }

    /// Gives the value at `old` the text of the one at `new`, which stands nowhere.
    fn reconcile(&mut self, old: Key, new: Key) {
        let (was, is) = (self.document.data(old).clone(), self.document.data(new).clone());
        match (was, is) {
            (Data::Object(was, gap), Data::Object(is, new_gap))
            | (Data::Array(was, gap), Data::Array(is, new_gap)) => {
                self.reconcile_items(old, 0, &was, &is, (gap, new_gap));
            }
            (was, is) if was != is => self.perform(Edit::Replace { key: old, old: was, new: is }),
            _ => {}
        }
    }

    /// Puts the items `new` in the place of `old`, which stand in a container from `at` on. Values
    /// that belong together keep the old key.
    fn reconcile_items(
        &mut self,
        container: Key,
        at: usize,
        old: &[Item],
        new: &[Item],
        gap: (Symbol, Symbol),
    ) {
        let pairs = if self.document.is_object(container) {
            self.document.pair_members(old, new)
        } else {
            self.document.pair_elements(old, new)
        };
        let kept: Vec<Item> = new
            .iter()
            .zip(&pairs)
            .map(|(item, pair)| match pair {
                Some(index) => Item { value: old[*index].value, ..*item },
                None => *item,
            })
            .collect();
        let same = old.iter().zip(&kept).take_while(|(old, new)| old == new).count();
        let rest = old[same..].iter().rev().zip(kept[same..].iter().rev());
        let tail = rest.take_while(|(old, new)| old == new).count();
        let removed = old[same..old.len() - tail].to_vec();
        let inserted = kept[same..kept.len() - tail].to_vec();
        if !removed.is_empty() || !inserted.is_empty() || gap.0 != gap.1 {
            self.perform(Edit::Splice { container, at: at + same, removed, inserted, gap });
        }
        for (item, pair) in new.iter().zip(pairs) {
            if let Some(index) = pair
                && !self.document.same_text(old[index].value, item.value)
            {
                self.reconcile(old[index].value, item.value);
            }
        }
    }
}

/// A value's own text, changed where the text that is shown for it was: the bytes between stay, also
/// those of lines that are not indented as the others are. New lines begin as far in as the line
/// that the value ends on, or as `indent` where it is all one line.
fn retyped(own: &str, shown: &str, indent: &str, text: &str) -> String {
    let same = |(old, new): &(char, char)| old == new;
    let length = |(c, _): (char, char)| c.len_utf8();
    let before: usize = shown.chars().zip(text.chars()).take_while(same).map(length).sum();
    let (old, new) = (&shown[before..], &text[before..]);
    let after: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(length).sum();
    let indent = own.rsplit_once('\n').map_or(indent, |(_, last)| {
        &last[..last.len() - last.trim_start_matches([' ', '\t']).len()]
    });
    // Each line of the value's own text may be longer than the one that is shown.
    let place = |at: usize| {
        let lines = own.split('\n').zip(shown.split('\n'));
        let further = lines.take(1 + shown[..at].matches('\n').count());
        at + further.map(|(own, shown)| own.len().saturating_sub(shown.len())).sum::<usize>()
    };
    let inserted = new[..new.len() - after].replace('\n', &format!("\n{indent}"));
    format!("{}{inserted}{}", &own[..place(before)], &own[place(shown.len() - after)..])
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::document::{
        Document,
        tests::{assert_whole, json_text},
    };

    fn rewrite(document: &mut Document, range: Range<usize>, text: &str) -> Result<(), Misread> {
        let mut edit = document.edit();
        edit.rewrite(range, text, &mut Lengths::default())
    }

    /// As somebody would type it: the place is found by what stands there.
    fn exchange(document: &mut Document, old: &str, new: &str) {
        let text = document.text();
        let at = text.find(old).unwrap();
        rewrite(document, at..at + old.len(), new).unwrap();
        assert_eq!(document.text(), text.replacen(old, new, 1));
        assert_whole(document);
    }

    fn typed() -> impl Strategy<Value = (Index, usize, String)> {
        let text = prop_oneof![
            "[\\[\\]{}:,\"\\\\ua0-9.eE+ \t\r\n\u{0}é😀tfn/-]{0,3}",
            "[ \n]{1,2}",
            Just(",1".to_owned()),
            Just("\"a\":{},".to_owned()),
            json_text(),
        ];
        (any::<Index>(), prop_oneof![4 => 0usize..3, 1 => 0usize..40], text)
    }

    proptest! {
        /// Reading a part says what reading all of it would.
        #[test]
        fn the_text_is_what_was_typed(
            text in json_text(), slips in proptest::collection::vec(typed(), 1..8)
        ) {
            let mut document = Document::parse(&text).unwrap();
            let mut done = Vec::new();
            let mut lengths = Lengths::default();
            for (at, taken, put) in slips {
                let before = document.text();
                let places: Vec<usize> = (0..=before.len()).filter(|at| before.is_char_boundary(*at)).collect();
                let at = at.index(places.len());
                let range = places[at]..places[(at + taken).min(places.len() - 1)];
                let mut after = before.clone();
                after.replace_range(range.clone(), &put);
                let revision = document.revision();
                let mut edit = document.edit();
                match edit.rewrite(range, &put, &mut lengths) {
                    Ok(()) => {
                        done.push((edit.finish(), before));
                        prop_assert_eq!(document.text(), after);
                        assert_whole(&document);
                        for changed in document.changed_since(revision) {
                            for key in std::iter::successors(Some(*changed), |key| document.parent(*key)) {
                                lengths.forget(key);
                            }
                        }
                        let fresh = document.spans();
                        let known = document.spans_of(fresh.iter().map(|(key, _)| key), &mut lengths);
                        prop_assert!(fresh.iter().all(|(key, span)| known.get(key) == Some(span)));
                    }
                    Err(Misread { offset, message }) => {
                        prop_assert!(edit.finish().is_empty());
                        let whole = Document::parse(&after).unwrap_err();
                        prop_assert_eq!(ParseError::at(&after, offset, message), whole);
                        prop_assert_eq!(document.text(), before);
                    }
                }
            }
            let end = document.text();
            for (changes, before) in done.iter().rev() {
                document.apply(&changes.inverse()).unwrap();
                prop_assert_eq!(&document.text(), before);
            }
            for (changes, _) in &done {
                document.apply(changes).unwrap();
            }
            prop_assert_eq!(document.text(), end);
        }

        /// What is laid out anew is still the same.
        #[test]
        fn spacing_changes_no_key(text in json_text()) {
            let mut document = Document::parse(&text).unwrap();
            let pretty = serde_json::to_string_pretty(&document.to_json(document.root())).unwrap();
            let names_once = pretty.matches(':').count() == text.matches(':').count();
            prop_assume!(names_once);
            let before: Vec<_> = document.spans().iter().map(|(key, _)| key).collect();
            let length = text.len();
            rewrite(&mut document, 0..length, &format!("\n{pretty}\n")).unwrap();
            let after: Vec<_> = document.spans().iter().map(|(key, _)| key).collect();
            prop_assert_eq!(before, after);
        }
    }

    const FLOW: &str = r#"{"apiVersion": "v1.2", "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
  {"kind": "JobRun", "ref": "one", "spec": {"jobId": "one"}},
  {"kind": "JobRun", "ref": "two", "spec": {"jobId": "two"}},
  {"kind": "Backup", "spec": {"addonId": "db"}}
]}}}
"#;

    #[test]
    fn nodes_stay_who_they_are() {
        let mut document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        exchange(&mut document, r#""jobId": "one""#, r#""jobId": "other", "projectId": "x""#);
        assert_eq!(document.nodes(), nodes, "a field is changed and one comes");
        exchange(&mut document, "[\n", "[\n  {\"kind\": \"JobRun\"},\n");
        let with_new = document.nodes();
        assert_eq!((with_new[0], &with_new[2..]), (nodes[0], &nodes[1..]), "a node comes first");
        exchange(&mut document, "\n  {\"kind\": \"JobRun\"},", "");
        assert_eq!(document.nodes(), nodes, "and goes");
        let text = document.text();
        let lines: Vec<&str> = text.lines().collect();
        let (second, third) = (lines[2].trim_end_matches(','), lines[3]);
        exchange(&mut document, &lines[2..4].join("\n"), &format!("{third},\n{second}"));
        assert_eq!(document.nodes(), [nodes[0], nodes[1], nodes[3], nodes[2]], "two change places");
        exchange(&mut document, r#""ref": "two", "spec": {"jobId": "two"}"#, r#""ref": "two""#);
        exchange(&mut document, "JobRun", "Build");
        assert_eq!(document.nodes(), [nodes[0], nodes[1], nodes[3], nodes[2]]);
    }

    #[test]
    fn a_value_is_edited_by_itself() {
        let pretty = FLOW.replace("{\"kind\": \"JobRun\", ", "{\n    \"kind\":  \"JobRun\",\n    ");
        let mut document = Document::parse(&pretty).unwrap();
        let nodes = document.nodes();
        let text = document.text_at(nodes[1], "");
        let mut edit = document.edit();
        edit.retype(nodes[1], &text).unwrap();
        edit.retype(nodes[1], &text.replace("\"one\"}", "\"other\"}")).unwrap();
        assert_eq!(edit.retype(nodes[1], "{\n  x}").unwrap_err().line, 2);
        drop(edit);
        assert_eq!(document.text(), pretty.replace("\"one\"}", "\"other\"}"));
        assert_eq!(document.nodes(), nodes);
        assert_whole(&document);
    }

    #[test]
    fn white_space_around_the_document_is_kept_too() {
        let mut document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let mut edit = document.edit();
        edit.rewrite(FLOW.len()..FLOW.len(), "\n\n", &mut Lengths::default()).unwrap();
        let changes = edit.finish();
        assert_eq!(document.text(), format!("{FLOW}\n\n"));
        assert_eq!(document.nodes(), nodes);
        document.apply(&changes.inverse()).unwrap();
        assert_eq!(document.text(), FLOW);
    }

    #[test]
    fn typing_in_a_value_reads_nothing_else() {
        let mut document = Document::parse(FLOW).unwrap();
        let (slots, revision) = (document.slots.len(), document.revision());
        exchange(&mut document, "jobId\": \"one", "jobId\": \"one-more");
        assert_eq!((document.slots.len(), document.revision()), (slots, revision + 1));
    }

    #[test]
    fn what_would_be_too_deep_or_too_long_is_refused() {
        let nest = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        let mut document = Document::parse(&nest(150)).unwrap();
        let error = rewrite(&mut document, 150..150, &nest(60)).unwrap_err();
        assert_eq!(error.message, "This is nested more than 200 levels deep.");
        assert_eq!(error.offset, MAX_DEPTH + 1);
        let error = rewrite(&mut document, 150..150, &" ".repeat(MAX_SIZE)).unwrap_err();
        assert!(error.message.contains("32 MiB"), "{error:?}");
        assert_eq!(document.text(), nest(150));
    }

    #[test]
    fn lines_that_stand_further_out_stay_there() {
        let text = "{\n    \"a\": {\n        \"b\": 1,\n\n  \"c\": 2\n    }\n}";
        let mut document = Document::parse(text).unwrap();
        let key = document.get(document.root(), "a").unwrap();
        let shown = document.text_at(key, "");
        let mut edit = document.edit();
        edit.retype(key, &shown.replace('2', "3,\n    \"d\": 4")).unwrap();
        let _ = edit.finish();
        let expected = text.replace('2', "3,\n        \"d\": 4");
        assert_eq!(document.text(), expected);
    }
}
