//! What values mean, as numbers: two values of any documents have the same number exactly when
//! they say the same. Spacing, the order of members and the way a number is written don't count;
//! the order of elements does. Of members with one name the last counts.

use std::collections::HashMap;

use crate::document::{Document, Key, ValueRef};

/// Stands for lists of nodes and for root nodes, which are compared node by node.
pub(super) const STRUCTURE: u32 = 0;
const UNKNOWN: u32 = u32::MAX;

/// The numbers that were given out: one table for all documents that are compared.
#[derive(Debug)]
pub(super) struct Values {
    known: HashMap<Box<[u8]>, u32>,
    /// Room for what is looked up, so that what is known already costs no memory.
    text: Vec<u8>,
}

/// The number of each value of one document.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    of: Vec<u32>,
}

impl Meanings {
    /// Makes a value stand for structure to whoever looks at it from around.
    pub(super) fn set_structure(&mut self, key: Key) {
        self.set(key, STRUCTURE);
    }

    pub(super) fn get(&self, key: Key) -> u32 {
        self.of.get(key.number() as usize).copied().unwrap_or(UNKNOWN)
    }

    fn set(&mut self, key: Key, meaning: u32) {
        let at = key.number() as usize;
        if self.of.len() <= at {
            self.of.resize(at + 1, UNKNOWN);
        }
        self.of[at] = meaning;
    }
}

impl Values {
    pub(super) fn new() -> Self {
        let known = HashMap::from([(Box::from(&b"structure"[..]), STRUCTURE)]);
        Self { known, text: Vec::new() }
    }

    /// The number for a tag and some bytes: different for different ones.
    pub(super) fn number(&mut self, tag: u8, bytes: &[u8]) -> u32 {
        self.text.clear();
        self.text.push(tag);
        self.text.extend_from_slice(bytes);
        self.intern()
    }

    /// The number for a tag and some numbers.
    pub(super) fn combine(&mut self, tag: u8, parts: impl Iterator<Item = u32>) -> u32 {
        self.text.clear();
        self.text.push(tag);
        for part in parts {
            self.text.extend_from_slice(&part.to_le_bytes());
        }
        self.intern()
    }

    fn intern(&mut self) -> u32 {
        if let Some(number) = self.known.get(self.text.as_slice()) {
            return *number;
        }
        #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 values")]
        let number = self.known.len() as u32;
        self.known.insert(self.text.as_slice().into(), number);
        number
    }

    /// The number of the value at `key`, noted with those of everything inside it. As deep as
    /// documents nest, which the parser bounds.
    pub(super) fn meaning(&mut self, document: &Document, key: Key, known: &mut Meanings) -> u32 {
        let found = known.get(key);
        if found != UNKNOWN {
            return found;
        }
        let meaning = self.look(document, key, known);
        known.set(key, meaning);
        meaning
    }

    /// As [`Values::meaning`], of a value that itself stands for structure to others.
    pub(super) fn look(&mut self, document: &Document, key: Key, known: &mut Meanings) -> u32 {
        match document.value(key) {
            ValueRef::Object => {
                let mut members: Vec<(u32, u32)> = Vec::new();
                for (name, value) in document.members(key) {
                    let name = self.number(b'"', name.as_bytes());
                    members.push((name, self.meaning(document, value, known)));
                }
                // Stable, so that of one name the last stays last.
                members.sort_by_key(|(name, _)| *name);
                let last = |index: usize| {
                    members.get(index + 1).is_none_or(|next| next.0 != members[index].0)
                };
                let kept = (0..members.len())
                    .filter(|index| last(*index))
                    .flat_map(|index| [members[index].0, members[index].1]);
                self.combine(b'{', kept)
            }
            ValueRef::Array => {
                let elements: Vec<u32> = document
                    .elements(key)
                    .map(|element| self.meaning(document, element, known))
                    .collect();
                self.combine(b'[', elements.into_iter())
            }
            ValueRef::String(text) => self.number(b'"', text.as_bytes()),
            ValueRef::Number(lexeme) => {
                let value = decimal(lexeme);
                self.number(b'0', value.as_deref().unwrap_or(lexeme).as_bytes())
            }
            ValueRef::Bool(value) => self.number(b'b', &[u8::from(value)]),
            ValueRef::Null => self.number(b'n', &[]),
        }
    }
}

/// A number's value, exactly: its digits without zeros around them and its exponent. None where
/// the exponent is beyond all bounds; such a number equals only itself.
fn decimal(lexeme: &str) -> Option<String> {
    let (sign, rest) = lexeme.strip_prefix('-').map_or(("", lexeme), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let exponent = exponent
        .parse::<i64>()
        .ok()?
        .checked_add(i64::try_from(zeros).ok()?)?
        .checked_sub(i64::try_from(fraction.len()).ok()?)?;
    Some(format!("{sign}{significant}e{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let mut values = Values::new();
        let mut meaning = |text: &str| {
            let document = Document::parse(text).unwrap();
            values.meaning(&document, document.root(), &mut Meanings::default())
        };
        meaning(a) == meaning(b)
    }

    #[test]
    fn the_way_of_writing_does_not_count() {
        for (a, b) in [
            ("6e2", "600"),
            ("600.0", "6E+2"),
            ("0.0", "-0e9"),
            ("0.05", "5e-2"),
            (r#"{"a":1,"b":[2]}"#, "{ \"b\" : [ 2.0 ],\n\"a\" : 1 }"),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""\u00e9""#, "\"é\""),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_said_does() {
        for (a, b) in [
            ("1", "-1"),
            ("1", "10"),
            ("12345678901234567890", "12345678901234567891"),
            ("1", "\"1\""),
            ("[1,2]", "[2,1]"),
            ("[]", "{}"),
            ("[[]]", "[]"),
            ("null", "false"),
            ("1e99999999999999999999", "1e99999999999999999998"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
