//! Lines of a `.gitignore` file, as Git reads them: which of them decides about a path.
//!
//! Our own, because what there is either is made for walking folders (`ignore`, with threads and
//! an engine for regular expressions), or has other rules (`globset`), or brings a family of crates
//! into the browser (`gix-ignore`). A test compares this with the `git` of the machine.
//!
//! May import: `glob`.

use super::glob::{Fuel, Glob};

/// Lines, taken apart.
pub(super) struct Ignore(Vec<Line>);

struct Line {
    /// Which of the lines that were given.
    index: usize,
    /// `!`: takes in again what an earlier line ignores.
    negated: bool,
    /// `/` at its end: folders only.
    folder: bool,
    /// No slash elsewhere: compared with the last part of a path, in any folder.
    name_only: bool,
    /// What stands before the first sign with a meaning of its own.
    literal: Box<[u8]>,
    rest: Rest,
}

enum Rest {
    Nothing,
    Glob(Glob),
    /// Can't match any path.
    Never,
}

/// What the lines say about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    /// Which of the lines decides.
    pub(super) line: usize,
    /// Whether it ignores the path, or takes it in again.
    pub(super) ignores: bool,
}

impl Ignore {
    pub(super) fn new<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        Self(lines.enumerate().filter_map(|(index, text)| Line::new(index, text)).collect())
    }

    /// The line that decides about a file, if one does: the last one that matches it; but once one
    /// of the folders around it is ignored, nothing takes the file in again. The outer None means
    /// that there is not enough fuel to tell.
    pub(super) fn decide(&self, path: &str, fuel: &mut Fuel) -> Option<Option<Decision>> {
        let path = path.as_bytes();
        for end in (0..path.len()).filter(|end| path[*end] == b'/') {
            if let Some(decision) = self.last(&path[..end], true, fuel)?.filter(|it| it.ignores) {
                return Some(Some(decision));
            }
        }
        self.last(path, false, fuel)
    }

    /// The last line that matches this very path.
    fn last(&self, path: &[u8], folder: bool, fuel: &mut Fuel) -> Option<Option<Decision>> {
        for line in self.0.iter().rev() {
            if line.matches(path, folder, fuel)? {
                return Some(Some(Decision { line: line.index, ignores: !line.negated }));
            }
        }
        Some(None)
    }
}

impl Line {
    /// None for a line without a pattern: empty, or a comment.
    fn new(index: usize, text: &str) -> Option<Self> {
        let text = without_trailing_spaces(text.strip_suffix('\r').unwrap_or(text));
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |text| (true, text));
        let (folder, text) = text.strip_suffix('/').map_or((false, text), |text| (true, text));
        let name_only = !text.contains('/');
        let pattern = text.strip_prefix('/').unwrap_or(text).as_bytes();
        let special = |byte: &u8| b"*?[\\".contains(byte);
        let mut plain = pattern.iter().position(special).unwrap_or(pattern.len());
        let mut rest = Rest::Nothing;
        if plain < pattern.len() {
            // Git looks at names as a whole, and at paths after what stands there literally; that
            // decides whether two stars are a whole part of the path.
            plain = if name_only { 0 } else { plain };
            rest = Glob::new(&pattern[plain..]).map_or(Rest::Never, Rest::Glob);
        }
        let literal = pattern[..plain].into();
        Some(Self { index, negated, folder, name_only, literal, rest })
    }

    fn matches(&self, path: &[u8], folder: bool, fuel: &mut Fuel) -> Option<bool> {
        if self.folder && !folder {
            return Some(false);
        }
        let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let text = if self.name_only { &path[name..] } else { path };
        fuel.spend(1)?;
        match (text.strip_prefix(&*self.literal), &self.rest) {
            (None, _) | (_, Rest::Never) => Some(false),
            (Some(rest), Rest::Nothing) => Some(rest.is_empty()),
            (Some(rest), Rest::Glob(glob)) => glob.matches(rest, fuel),
        }
    }
}

/// Spaces at the end don't count, unless a backslash stands before them.
fn without_trailing_spaces(text: &str) -> &str {
    let mut end = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c != ' ' || escaped {
            end = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    &text[..end]
}
