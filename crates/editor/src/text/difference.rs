//! In which parts two texts differ, by lines.

use std::ops::Range;

/// More changed lines than these aren't told apart: all from the first to the last are one.
const MOST: usize = 200;

/// The parts of the old text that differ and those of the new one in their place, in order.
pub(super) fn between(old: &str, new: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let Some((was, is)) = one(old, new) else { return Vec::new() };
    let whole_lines = |text: &str, part: &Range<usize>| {
        let from = text[..part.start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[part.end..].find('\n').map_or(text.len(), |at| part.end + at + 1);
        from..to
    };
    let (was_lines, is_lines) = (whole_lines(old, &was), whole_lines(new, &is));
    let old_lines: Vec<&str> = old[was_lines.clone()].split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new[is_lines.clone()].split_inclusive('\n').collect();
    let Some(runs) = runs(&old_lines, &new_lines) else { return vec![(was, is)] };
    let starts = |from: usize, lines: &[&str]| {
        let mut at = from;
        let mut starts = vec![at];
        starts.extend(lines.iter().map(|line| {
            at += line.len();
            at
        }));
        starts
    };
    let old_starts = starts(was_lines.start, &old_lines);
    let new_starts = starts(is_lines.start, &new_lines);
    let parts = runs.into_iter().filter_map(|(was, is)| {
        let was = old_starts[was.start]..old_starts[was.end];
        let is = new_starts[is.start]..new_starts[is.end];
        let (inner_was, inner_is) = one(&old[was.clone()], &new[is.clone()])?;
        let within = |part: Range<usize>, from: usize| part.start + from..part.end + from;
        Some((within(inner_was, was.start), within(inner_is, is.start)))
    });
    parts.collect()
}

/// The one part in which two texts differ; never half a character or half a line break.
pub(super) fn one(old: &str, new: &str) -> Option<(Range<usize>, Range<usize>)> {
    if old == new {
        return None;
    }
    let same = |(a, b): &(u8, u8)| a == b;
    let mut before = old.bytes().zip(new.bytes()).take_while(same).count();
    let splits = |text: &str, at: usize| {
        !text.is_char_boundary(at)
            || (text.as_bytes().get(at) == Some(&b'\n')
                && at.checked_sub(1).and_then(|at| text.as_bytes().get(at)) == Some(&b'\r'))
    };
    while before > 0 && (splits(old, before) || splits(new, before)) {
        before -= 1;
    }
    let most = old.len().min(new.len()) - before;
    let mut after = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(same).count();
    while after > 0 && (splits(old, old.len() - after) || splits(new, new.len() - after)) {
        after -= 1;
    }
    Some((before..old.len() - after, before..new.len() - after))
}

/// Runs of lines that differ, by Myers's algorithm; None where there are too many.
fn runs(old: &[&str], new: &[&str]) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    let [n, m] = [old.len(), new.len()];
    let middle = MOST + 1;
    // How far each diagonal (old minus new line, from -MOST on) has come, before each step.
    let mut reach = vec![0usize; 2 * MOST + 3];
    let mut steps: Vec<Vec<usize>> = Vec::new();
    'found: {
        for step in 0..=MOST {
            steps.push(reach.clone());
            for diagonal in (middle - step..=middle + step).step_by(2) {
                let down = diagonal == middle - step
                    || (diagonal != middle + step && reach[diagonal - 1] < reach[diagonal + 1]);
                let mut x = if down { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
                let Some(mut y) = (x + middle).checked_sub(diagonal) else { continue };
                while x < n && y < m && old[x] == new[y] {
                    (x, y) = (x + 1, y + 1);
                }
                reach[diagonal] = x;
                if x >= n && y >= m {
                    break 'found;
                }
            }
        }
        return None;
    }
    // Back from the end: each step took one line out or put one in.
    let (mut x, mut y) = (n, m);
    let mut changed: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (step, reach) in steps.iter().enumerate().rev().filter(|(step, _)| *step > 0) {
        let diagonal = x + middle - y;
        let down = diagonal == middle - step
            || (diagonal != middle + step && reach[diagonal - 1] < reach[diagonal + 1]);
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let from_x = reach[before];
        let from_y = from_x + middle - before;
        let (was, is) = if down {
            (from_x..from_x, from_y..from_y + 1)
        } else {
            (from_x..from_x + 1, from_y..from_y)
        };
        match changed.last_mut() {
            Some((old, new)) if old.start == was.end && new.start == is.end => {
                (old.start, new.start) = (was.start, is.start);
            }
            _ => changed.push((was, is)),
        }
        (x, y) = (from_x, from_y);
    }
    changed.reverse();
    Some(changed)
}
