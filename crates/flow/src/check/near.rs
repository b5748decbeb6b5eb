//! Slips of the pen: which of the known words was probably meant.

/// Words longer than this have no near ones.
const LONGEST: usize = 48;

/// The known word that `word` is probably a slip of; None where none is near, or two are equally.
pub(super) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in known {
        let Some(distance) = slips(word, candidate) else { continue };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, named)) if distance == least => tied |= named != candidate,
            _ => (best, tied) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, word)| word)
}

/// What others call what is done to a resource.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("exec", "execute"),
    ("reboot", "restart"),
    ("succeeded", "success"),
    ("completed", "success"),
];

/// As [`nearest`], for words that a member may have: also one that others use for it.
pub(super) fn meant<'w>(
    word: &str,
    known: impl IntoIterator<Item = &'w str> + Clone,
) -> Option<&'w str> {
    let renamed = OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, now)| *now);
    let renamed = renamed.and_then(|now| known.clone().into_iter().find(|known| *known == now));
    renamed.or_else(|| nearest(word, known))
}

/// How many slips lie between two words, where few enough do: letters left out, put in, exchanged
/// or swapped with the next. Another case of the same letters is none.
fn slips(word: &str, known: &str) -> Option<usize> {
    if known.len() > LONGEST || word.len().abs_diff(known.len()) > 2 {
        return None;
    }
    // One slip changes which letters there are by two at most: this sorts out nearly all.
    if (letters(word) ^ letters(known)).count_ones() > 4 {
        return None;
    }
    let fold = |text: &str| -> Vec<char> {
        text.chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (word, known) = (fold(word), fold(known));
    let allowed = match word.len().min(known.len()) {
        // A letter that was struck twice.
        0..=2 => usize::from(word.len() == 3 && doubled(&word)),
        3..=5 => 1,
        _ => 2,
    };
    let distance = distance(&word, &known);
    (distance <= allowed).then_some(distance)
}

fn doubled(word: &[char]) -> bool {
    word.windows(2).any(|pair| pair[0] == pair[1])
}

/// Which letters a text has, whatever their case, as bits.
fn letters(text: &str) -> u32 {
    let bit = |byte: u8| match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        _ => 0,
    };
    text.bytes().fold(0, |bits, byte| bits | bit(byte))
}

/// Edit distance with swaps of neighbours.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before_last = vec![0; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut now = vec![row + 1; to.len() + 1];
        for (column, b) in to.iter().enumerate() {
            let exchanged = last[column] + usize::from(a != b);
            now[column + 1] = exchanged.min(last[column + 1] + 1).min(now[column] + 1);
            let swapped = row > 0 && column > 0 && *a == to[column - 1] && from[row - 1] == *b;
            if swapped {
                now[column + 1] = now[column + 1].min(before_last[column - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, now);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_pen_are_understood() {
        let known = ["branch", "sha", "pullRequestId", "type", "id", "isAllowList"];
        for (word, meant) in [
            ("brnach", Some("branch")),
            ("Branch", Some("branch")),
            ("branches", Some("branch")),
            ("tpye", Some("type")),
            ("shaa", Some("sha")),
            ("pullrequestid", Some("pullRequestId")),
            ("pull_request_id", Some("pullRequestId")),
            ("pullRequest", Some("pullRequestId")),
            ("ID", Some("id")),
            ("is", None),
            ("tag", None),
            ("commit", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }

    #[test]
    fn between_two_equally_near_words_there_is_no_choice() {
        assert_eq!(nearest("step-3", ["step-1", "step-2"]), None);
        assert_eq!(nearest("step-1", ["step-1", "step-1"]), Some("step-1"));
        assert_eq!(nearest(&"x".repeat(100), ["x"]), None);
    }
}
