//! Printed text as lines, and lines as rows of a fixed height.

/// What was printed so far, cleaned of what only a terminal understands.
#[derive(Debug, Default)]
pub struct Lines {
    /// The finished lines, one behind the other.
    text: String,
    /// Where each line ends in `text`, and how many characters it has.
    ends: Vec<(usize, u32)>,
    /// What came behind the last line break, as it was printed.
    tail: String,
    /// The same, cleaned.
    open: String,
    longest: u32,
}

impl Lines {
    /// Adds what was printed next.
    pub fn push(&mut self, printed: &str) {
        let mut rest = printed;
        while let Some((line, left)) = rest.split_once('\n') {
            self.tail.push_str(line);
            let tail = std::mem::take(&mut self.tail);
            self.finish(&tail);
            rest = left;
        }
        self.tail.push_str(rest);
        self.open = clean(&self.tail);
        self.longest = self.longest.max(length(&self.open));
    }

    fn finish(&mut self, printed: &str) {
        let line = clean(printed);
        let length = length(&line);
        self.text.push_str(&line);
        self.ends.push((self.text.len(), length));
        self.longest = self.longest.max(length);
    }

    /// How many lines there are, the unfinished one included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len() + usize::from(!self.open.is_empty())
    }

    /// Characters of the longest line.
    #[must_use]
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// A line by its number, from 0; empty behind the end.
    #[must_use]
    pub fn line(&self, number: usize) -> &str {
        let Some((end, _)) = self.ends.get(number) else {
            return if number == self.ends.len() { &self.open } else { "" };
        };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.text[start..*end]
    }

    fn length(&self, number: usize) -> u32 {
        self.ends.get(number).map_or_else(|| length(&self.open), |(_, length)| *length)
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// A line as a person reads it: without colours and other commands to a terminal, with tabs as
/// spaces, and of a line that was written over again and again (a progress bar) the last state.
fn clean(line: &str) -> String {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = line.rsplit_once('\r').map_or(line, |(_, last)| last);
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_command(&mut chars),
            '\t' => out.push_str("    "),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Skips one command to a terminal, of which the escape character has been read.
fn skip_command(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        // Parameters, then one letter: colours, moves of the cursor.
        Some('[') => {
            for c in chars.by_ref() {
                if ('@'..='~').contains(&c) {
                    break;
                }
            }
        }
        // A text for the terminal (its title, a link), up to a bell or an escape and a backslash.
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                    break;
                }
            }
        }
        _ => {}
    }
}

/// Which lines are at which rows, when lines longer than `columns` are broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The row at which each line begins; none when every line is one row.
    starts: Option<Vec<usize>>,
    count: usize,
    columns: u32,
}

/// A row of the output: a piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// Counts from 0.
    pub number: usize,
    pub line: usize,
    /// Whether the line begins here.
    pub first: bool,
    pub text: String,
}

impl Rows {
    /// Rows for these lines; with no `columns`, a row for each.
    #[must_use]
    pub fn of(lines: &Lines, columns: Option<u32>) -> Self {
        let Some(columns) = columns.map(|columns| columns.max(1)) else {
            return Self { starts: None, count: lines.count(), columns: u32::MAX };
        };
        let mut count = 0;
        let starts = (0..lines.count())
            .map(|number| {
                let start = count;
                count += lines.length(number).div_ceil(columns).max(1) as usize;
                start
            })
            .collect();
        Self { starts: Some(starts), count, columns }
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The row in that place.
    #[must_use]
    pub fn row(&self, lines: &Lines, number: usize) -> Row {
        let Some(starts) = &self.starts else {
            return Row { number, line: number, first: true, text: lines.line(number).to_owned() };
        };
        // The last line that begins at or before the row.
        let line = starts.partition_point(|start| *start <= number).saturating_sub(1);
        let piece = number - starts.get(line).copied().unwrap_or(0);
        let columns = self.columns as usize;
        let text = lines.line(line).chars().skip(piece * columns).take(columns).collect();
        Row { number, line, first: piece == 0, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&str]) -> Lines {
        let mut lines = Lines::default();
        pieces.iter().for_each(|piece| lines.push(piece));
        lines
    }

    fn all(lines: &Lines) -> Vec<&str> {
        (0..lines.count()).map(|number| lines.line(number)).collect()
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let lines = lines(&["one\ntw", "o\n", "", "th", "ree"]);
        assert_eq!(all(&lines), ["one", "two", "three"]);
        assert_eq!(lines.longest(), 5);
        assert_eq!(lines.line(7), "");
    }

    #[test]
    fn empty_lines_are_lines_but_an_end_is_none() {
        assert_eq!(all(&lines(&["a\n\nb\n"])), ["a", "", "b"]);
        assert_eq!(lines(&[]).count(), 0);
    }

    #[test]
    fn what_only_a_terminal_understands_is_left_out() {
        let cases = [
            ("\u{1b}[1;32mok\u{1b}[0m done", "ok done"),
            ("10%\r50%\r100%", "100%"),
            ("windows\r", "windows"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;http://x\u{1b}\\link", "link"),
            ("a\tb\u{8}", "a    b"),
            ("cut\u{1b}[", "cut"),
        ];
        for (printed, read) in cases {
            assert_eq!(clean(printed), read, "{printed:?}");
        }
    }

    #[test]
    fn a_command_cut_in_two_by_a_piece_is_still_left_out() {
        assert_eq!(all(&lines(&["a\u{1b}[3", "1mb\n"])), ["ab"]);
    }

    #[test]
    fn long_lines_are_broken_into_rows() {
        let lines = lines(&["abcdefg\n\nüöä\n"]);
        let rows = Rows::of(&lines, Some(3));
        assert_eq!(rows.count(), 5);
        let texts: Vec<(usize, bool, String)> = (0..rows.count())
            .map(|number| rows.row(&lines, number))
            .map(|row| (row.line, row.first, row.text))
            .collect();
        let expected =
            [(0, true, "abc"), (0, false, "def"), (0, false, "g"), (1, true, ""), (2, true, "üöä")];
        assert_eq!(texts, expected.map(|(line, first, text)| (line, first, text.to_owned())));
    }

    #[test]
    fn without_a_width_every_line_is_a_row() {
        let lines = lines(&["abcdefg\nb"]);
        let rows = Rows::of(&lines, None);
        assert_eq!((rows.count(), rows.row(&lines, 0).text.as_str()), (2, "abcdefg"));
    }
}
