//! Two texts compared line by line, as a person reads a change.

/// Differences beyond which the rest is told as one exchange: it bounds time and memory.
const MOST: usize = 1_000;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    Same,
    Removed,
    Added,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'t> {
    pub mark: Mark,
    /// Its number in the old text, from 1; none where it was added.
    pub old: Option<usize>,
    /// Its number in the new text, from 1; none where it was removed.
    pub new: Option<usize>,
    pub text: &'t str,
}

/// A piece of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    Lines(Vec<Line<'t>>),
    /// That many lines are the same in both.
    Folded(usize),
}

/// Compares two texts line by line; of lines that are the same, `around` stay beside each change.
/// Line breaks count as one, however they are written. Linear for few differences.
#[must_use]
pub fn lines<'t>(old: &'t str, new: &'t str, around: usize) -> Vec<Piece<'t>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = before[head..].iter().rev().zip(after[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let marks = marks(&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let all = std::iter::repeat_n(Mark::Same, head)
        .chain(marks)
        .chain(std::iter::repeat_n(Mark::Same, tail));
    let (mut from, mut to) = (0, 0);
    let mut told = Vec::new();
    for mark in all {
        let text = if mark == Mark::Added { after[to] } else { before[from] };
        let (is_old, is_new) = (mark != Mark::Added, mark != Mark::Removed);
        from += usize::from(is_old);
        to += usize::from(is_new);
        told.push(Line { mark, old: is_old.then_some(from), new: is_new.then_some(to), text });
    }
    fold(told, around)
}

/// By Myers: the fewest lines out and in.
fn marks(old: &[&str], new: &[&str]) -> Vec<Mark> {
    let (width, height) = (old.len(), new.len());
    let most = (width + height).min(MOST);
    // How far one comes on each diagonal, for each number of differences.
    let mut reached = vec![0_usize; 2 * most + 3];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    let at = |diagonal: isize| diagonal.saturating_add_unsigned(most + 1).unsigned_abs();
    'search: for count in 0..=most {
        let span = count.cast_signed();
        trace.push(reached[at(-span) - 1..=at(span) + 1].to_vec());
        for diagonal in (-span..=span).step_by(2) {
            let down = diagonal == -span
                || (diagonal != span && reached[at(diagonal - 1)] < reached[at(diagonal + 1)]);
            let mut x =
                if down { reached[at(diagonal + 1)] } else { reached[at(diagonal - 1)] + 1 };
            let mut y = x.wrapping_add_signed(-diagonal);
            while x < width && y < height && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reached[at(diagonal)] = x;
            if x >= width && y >= height {
                return path(&trace, (width, height));
            }
        }
        if count == most {
            break 'search;
        }
    }
    let removed = std::iter::repeat_n(Mark::Removed, width);
    removed.chain(std::iter::repeat_n(Mark::Added, height)).collect()
}

/// The way back from the end.
fn path(trace: &[Vec<usize>], (mut x, mut y): (usize, usize)) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (count, reached) in trace.iter().enumerate().rev() {
        let span = count.cast_signed();
        let at = |diagonal: isize| reached[(diagonal + span + 1).unsigned_abs()];
        let diagonal = x.cast_signed() - y.cast_signed();
        let down = diagonal == -span || (diagonal != span && at(diagonal - 1) < at(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_x, from_y) = if count == 0 {
            (0, 0)
        } else {
            let from = at(before);
            (from, from.wrapping_add_signed(-before))
        };
        while x > from_x && y > from_y {
            marks.push(Mark::Same);
            (x, y) = (x - 1, y - 1);
        }
        if count > 0 {
            marks.push(if down { Mark::Added } else { Mark::Removed });
            (x, y) = (from_x, from_y);
        }
    }
    marks.reverse();
    marks
}

fn fold(lines: Vec<Line<'_>>, around: usize) -> Vec<Piece<'_>> {
    let mut near = vec![false; lines.len()];
    let changed = lines.iter().enumerate().filter(|(_, line)| line.mark != Mark::Same);
    for (at, _) in changed {
        let end = (at + around + 1).min(near.len());
        near[at.saturating_sub(around)..end].fill(true);
    }
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (line, near) in lines.into_iter().zip(near) {
        match (pieces.last_mut(), near) {
            (Some(Piece::Lines(lines)), true) => lines.push(line),
            (Some(Piece::Folded(count)), false) => *count += 1,
            (_, true) => pieces.push(Piece::Lines(vec![line])),
            (_, false) => pieces.push(Piece::Folded(1)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str, around: usize) -> String {
        let mut text = String::new();
        for piece in lines(old, new, around) {
            match piece {
                Piece::Folded(count) => text.push_str(&format!("@{count}\n")),
                Piece::Lines(lines) => {
                    for line in lines {
                        let mark = match line.mark {
                            Mark::Same => ' ',
                            Mark::Removed => '-',
                            Mark::Added => '+',
                        };
                        text.push_str(&format!("{mark}{}\n", line.text));
                    }
                }
            }
        }
        text
    }

    #[test]
    fn what_changed_is_told_with_what_is_around_it() {
        assert_eq!(told("a\nb\nc\nd\ne", "a\nb\nX\nd\ne", 1), "@1\n b\n-c\n+X\n d\n@1\n");
        assert_eq!(told("a\nb", "a\nb", 3), "@2\n");
        assert_eq!(told("", "a\n", 3), "+a\n");
        assert_eq!(told("a\r\nb", "b", 0), "-a\n@1\n");
    }

    proptest! {
        #[test]
        fn both_texts_are_in_the_comparison(
            old in proptest::collection::vec("[abc]", 0..30),
            new in proptest::collection::vec("[abc]", 0..30),
        ) {
            let (old, new) = (old.join("\n"), new.join("\n"));
            let pieces = lines(&old, &new, usize::MAX / 2);
            let all: Vec<Line<'_>> = pieces.into_iter().flat_map(|piece| match piece {
                Piece::Lines(lines) => lines,
                Piece::Folded(count) => {
                    // Only equal texts are folded whole.
                    assert_eq!(count, old.lines().count());
                    Vec::new()
                }
            }).collect();
            if old != new {
                let of = |side: fn(&Line<'_>) -> Option<usize>| {
                    all.iter().filter(|line| side(line).is_some()).map(|line| line.text).collect::<Vec<_>>()
                };
                prop_assert_eq!(of(|line| line.old), old.lines().collect::<Vec<_>>());
                prop_assert_eq!(of(|line| line.new), new.lines().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn texts_that_have_little_in_common_are_compared_in_bounded_time() {
        let text = |word: &str| (0..20_000).map(|at| format!("{word}{at}\n")).collect::<String>();
        let (old, new) = (text("a"), text("b"));
        let pieces = lines(&old, &new, 3);
        assert!(matches!(&pieces[..], [Piece::Lines(lines)] if lines.len() == 40_000));
    }
}
