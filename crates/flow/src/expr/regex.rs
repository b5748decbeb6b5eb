//! Regular expressions as ECMAScript has them, on an engine that runs in linear time.
//!
//! - `translate`: from ECMAScript's notation to the engine's.
//!
//! What the engine can't run (looking ahead or behind, back-references, flags other than g, i, m and s) is refused
//! with a sentence. Two things differ: characters beyond U+FFFF count as one, and a group that a
//! repetition passes without taking part keeps its last value.

mod translate;

use serde_json::Value;

/// How long a regular expression may be.
pub const MAX_REGEX_BYTES: usize = 1_000;

/// How much of the engine's memory a regular expression may take.
const MAX_COMPILED_BYTES: usize = 1 << 18;

/// How many steps all searches of one call may take: bytes of text times bytes of expression.
const MAX_STEPS: usize = 1 << 24;

/// A compiled regular expression.
#[derive(Debug, Clone)]
pub(super) struct Regex {
    engine: regex_lite::Regex,
    names: Vec<Option<String>>,
    global: bool,
    multiline: bool,
    /// Steps a byte of text takes.
    steps: usize,
}

/// One match, in bytes of the text.
pub(super) struct Captures<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// From the first group on.
    pub(super) groups: Vec<Option<&'a str>>,
    pub(super) names: &'a [Option<String>],
}

impl Regex {
    /// Compiles what stands between the slashes, and the letters after them.
    pub(super) fn new(source: &str, flags: &str) -> Result<Self, String> {
        if source.len() > MAX_REGEX_BYTES {
            return Err(format!(
                "This regular expression is too long: {MAX_REGEX_BYTES} bytes are the most."
            ));
        }
        for (at, flag) in flags.char_indices() {
            if !"gims".contains(flag) {
                return Err(format!("The flag `{flag}` can't be used here: g, i, m and s can."));
            }
            if flags[..at].contains(flag) {
                return Err(format!("The flag `{flag}` is written twice."));
            }
        }
        let has = |flag| flags.contains(flag);
        let translated = translate::to_engine(source, has('i'), has('s'))?;
        let engine = regex_lite::RegexBuilder::new(&translated)
            .case_insensitive(has('i'))
            .multi_line(has('m'))
            .size_limit(MAX_COMPILED_BYTES)
            .build()
            .map_err(|error| {
                let error = error.to_string();
                if error.contains("size limit") {
                    "This regular expression is too large to be run.".to_owned()
                } else {
                    format!("This regular expression can't be read: {error}.")
                }
            })?;
        let names: Vec<_> =
            engine.capture_names().skip(1).map(|it| it.map(str::to_owned)).collect();
        // Counted repetitions are written out inside the engine.
        let steps = if source.contains('{') { MAX_REGEX_BYTES } else { source.len() + 1 };
        Ok(Self { engine, names, global: has('g'), multiline: has('m'), steps })
    }

    pub(super) fn is_global(&self) -> bool {
        self.global
    }

    /// The engine ends lines only at `\n`.
    fn check(&self, text: &str) -> Result<(), String> {
        if self.multiline && text.contains(['\r', '\u{2028}', '\u{2029}']) {
            return Err("The flag `m` works only where lines end with a plain line feed (\\n), \
                        and this text has other line ends."
                .to_owned());
        }
        Ok(())
    }

    /// The match at or after `at`.
    fn find<'t>(
        &'t self,
        text: &'t str,
        at: usize,
        left: &mut usize,
    ) -> Result<Option<Captures<'t>>, String> {
        let cost = (text.len() - at + 1) * self.steps;
        *left = left.checked_sub(cost).ok_or_else(|| {
            format!(
                "This regular expression would take too long on a text of {} bytes.",
                text.len()
            )
        })?;
        Ok(self.engine.captures_at(text, at).and_then(|found| {
            let whole = found.get(0)?;
            let group = |at| found.get(at).map(|group| group.as_str());
            let groups = (1..found.len()).map(group).collect();
            Some(Captures { start: whole.start(), end: whole.end(), groups, names: &self.names })
        }))
    }

    /// Where the first match begins, in bytes.
    pub(super) fn search(&self, text: &str) -> Result<Option<usize>, String> {
        self.check(text)?;
        Ok(self.find(text, 0, &mut { MAX_STEPS })?.map(|found| found.start))
    }

    /// Shows the first `most` matches to `take`, which may say that it has had enough: that is the
    /// error without a sentence.
    pub(super) fn each(
        &self,
        text: &str,
        most: usize,
        take: &mut dyn FnMut(&Captures<'_>) -> Result<(), ()>,
    ) -> Result<(), Option<String>> {
        self.check(text)?;
        let (mut left, mut at) = (MAX_STEPS, 0);
        for _ in 0..most {
            let Some(found) = self.find(text, at, &mut left)? else { break };
            take(&found).map_err(|()| None)?;
            at = found.end;
            if found.start == found.end {
                match text[at..].chars().next() {
                    Some(next) => at += next.len_utf8(),
                    None => break,
                }
            }
        }
        Ok(())
    }

    /// The text between the matches, with what their groups have caught, as JavaScript divides a
    /// text; at most `limit`.
    pub(super) fn split(&self, text: &str, limit: usize) -> Result<Vec<Value>, String> {
        self.check(text)?;
        let mut left = MAX_STEPS;
        if text.is_empty() {
            let matches = self.find(text, 0, &mut left)?.is_some();
            return Ok(if matches { Vec::new() } else { vec![Value::from("")] });
        }
        let (mut parts, mut done, mut at) = (Vec::new(), 0, 0);
        while at < text.len() && parts.len() < limit {
            let Some(found) = self.find(text, at, &mut left)? else { break };
            if found.start == text.len() {
                break;
            }
            if found.end == done {
                at = done + text[done..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            parts.push(Value::from(&text[done..found.start]));
            parts.extend(found.groups.iter().map(|group| Value::from(*group)));
            done = found.end;
            // An empty match between two characters goes on behind it.
            at = done;
        }
        parts.push(Value::from(&text[done..]));
        parts.truncate(limit);
        Ok(parts)
    }
}

/// Writes a replacement with its `$1`, `$&`, `$<name>` worked out; stops above `most` bytes.
pub(super) fn expand(
    with: &str,
    text: &str,
    found: &Captures<'_>,
    out: &mut String,
    most: usize,
) -> Result<(), ()> {
    let mut rest = with;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let (piece, length) = piece(after, text, found).unwrap_or(("$", 0));
        out.push_str(piece);
        rest = &after[length..];
        if out.len() > most {
            return Err(());
        }
    }
    out.push_str(rest);
    if out.len() > most { Err(()) } else { Ok(()) }
}

/// What stands for `$` and what follows it, and how much of that is used up.
fn piece<'a>(after: &str, text: &'a str, found: &Captures<'a>) -> Option<(&'a str, usize)> {
    let group = |at: usize| found.groups.get(at.checked_sub(1)?).map(|it| it.unwrap_or_default());
    let digit = |at: usize| {
        after.as_bytes().get(at).filter(|it| it.is_ascii_digit()).map(|it| usize::from(it - b'0'))
    };
    match after.as_bytes().first()? {
        b'$' => Some(("$", 1)),
        b'&' => Some((&text[found.start..found.end], 1)),
        b'`' => Some((&text[..found.start], 1)),
        b'\'' => Some((&text[found.end..], 1)),
        b'<' if found.names.iter().any(Option::is_some) => {
            let end = after.find('>')?;
            let name = &after[1..end];
            let at = found.names.iter().position(|it| it.as_deref() == Some(name));
            Some((at.and_then(|at| group(at + 1)).unwrap_or_default(), end + 1))
        }
        _ => {
            let first = digit(0)?;
            let two = digit(1).and_then(|second| group(first * 10 + second)).map(|it| (it, 2));
            two.or_else(|| group(first).map(|it| (it, 1)))
        }
    }
}
