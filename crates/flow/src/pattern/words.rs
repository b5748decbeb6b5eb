//! Sentences about what is wrong with a text.

use super::Pattern;

/// What is wrong with the length.
pub(super) fn length(noun: &str, text: &str, min: usize, max: usize) -> Option<String> {
    let units = text.encode_utf16().count();
    if units == 0 && min > 0 {
        return Some(format!("{noun} can't be empty."));
    }
    if min == max && units != min {
        return Some(format!("{noun} has exactly {min} characters; this has {units}."));
    }
    if units < min {
        return Some(format!("{noun} needs at least {min} characters; this has {units}."));
    }
    if units > max {
        return Some(format!("{noun} has at most {max} characters; this has {units}."));
    }
    None
}

/// Names the first character that can't be used, and where it is.
pub(super) fn foreign_character(
    noun: &str,
    text: &str,
    allows: fn(char) -> bool,
) -> Option<String> {
    let (index, c) = text.chars().enumerate().find(|(_, c)| !allows(*c))?;
    let noun = lower_first(noun);
    Some(format!("{} can't be used in {noun} (character {}).", name_of(c), index + 1))
}

/// The character as a person would point at it.
pub(super) fn name_of(c: char) -> String {
    match c {
        ' ' => "A space".to_owned(),
        '\t' => "A tab".to_owned(),
        '\n' | '\r' => "A line break".to_owned(),
        c if c.is_control() || (c.is_whitespace() && c != ' ') || is_invisible(c) => {
            format!("The invisible character U+{:04X}", c as u32)
        }
        c => format!("`{c}`"),
    }
}

/// Zero-width characters and the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}')
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// Names and IDs: letters and digits in groups, parted by single separators.
pub(super) fn grouped(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    let separator = |c: char| !c.is_ascii_alphanumeric();
    let what = |c: char| if c == '-' { "a hyphen" } else { "a space" };
    let first = text.chars().next()?;
    if separator(first) {
        return Some(format!("{noun} can't start with {}.", what(first)));
    }
    let last = text.chars().next_back()?;
    if separator(last) {
        return Some(format!("{noun} can't end with {}.", what(last)));
    }
    let mut before = None;
    for (index, c) in text.chars().enumerate() {
        if separator(c) && before.is_some_and(separator) {
            let what = if (pattern.allows)(' ') { "hyphens or spaces" } else { "hyphens" };
            let (first, second) = (index, index + 1);
            return Some(format!(
                "{noun} can't have two {what} in a row (characters {first} and {second})."
            ));
        }
        before = Some(c);
    }
    None
}

/// The same, starting with a letter.
pub(super) fn grouped_from_letter(pattern: &Pattern, text: &str) -> Option<String> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("{} starts with a letter, not with a digit.", pattern.noun));
    }
    grouped(pattern, text)
}

pub(super) fn qualified(pattern: &Pattern, text: &str) -> Option<String> {
    if text.matches('/').count() > 1 {
        return Some(format!("{} has at most one slash, after the project.", pattern.noun));
    }
    if text.starts_with('/') {
        return Some(format!("{} can't start with a slash.", pattern.noun));
    }
    text.split('/').find_map(|part| {
        if part.is_empty() {
            return Some(format!("{} can't end with a slash.", pattern.noun));
        }
        grouped_from_letter(pattern, part)
    })
}

pub(super) fn repository(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    let Some(rest) = text.strip_prefix("https://").or((!text.contains(':')).then_some(text)) else {
        return Some(if text.contains("://") && !text.starts_with("https:") {
            format!("{noun} starts with https://.")
        } else {
            format!("{noun} can't have a colon after https://: no port, no user.")
        });
    };
    if text.ends_with('/') {
        return Some(format!("{noun} can't end with a slash."));
    }
    if rest.contains(':') {
        return Some(format!("{noun} can't have a colon after https://: no port, no user."));
    }
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default();
    if !host.contains('.') {
        return Some(format!("{noun} needs a host with a dot, such as github.com."));
    }
    if host.contains('_') {
        return Some(format!("{noun}'s host can't have an underscore; its path can."));
    }
    let path: Vec<_> = parts.collect();
    if path.is_empty() {
        return Some(format!(
            "{noun} needs the repository after the host: https://{host}/acme/shop."
        ));
    }
    let short = host.split('.').chain(path).find(|part| part.len() < 2)?;
    Some(if short.is_empty() {
        format!("{noun} can't have an empty part.")
    } else {
        format!("Each part of the address has at least two characters; `{short}` has one.")
    })
}

pub(super) fn path(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    if !text.starts_with('/') {
        return Some(format!("{noun} starts with a slash."));
    }
    if text.contains("//") {
        return Some(format!("{noun} can't have two slashes in a row."));
    }
    text.ends_with('/').then(|| format!("{noun} names a file and can't end with a slash."))
}

/// A name, then a tag behind a colon or a digest behind an `@`.
pub(super) fn image(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    let Some(parting) = text.chars().find(|c| matches!(c, ':' | '@')) else {
        // A long one would hide what is to be done.
        let text = if text.len() <= 60 { text } else { "nginx" };
        return Some(format!(
            "{noun} needs a tag or a digest at its end: {text}:1.4.0 or {text}@sha256:…."
        ));
    };
    if text.ends_with([':', '@']) {
        return Some(format!("{noun} needs its tag after the `{}`.", &text[text.len() - 1..]));
    }
    if text.starts_with(parting) {
        return Some(format!("{noun} needs its name before the `{parting}`."));
    }
    match text.matches('@').count() {
        0 => None,
        1 => Some(format!("{noun} has a tag or a digest, not both.")),
        _ => Some(format!("{noun} has at most one `@`.")),
    }
}

pub(super) fn self_hosted(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    if text.matches('/').count() > 1 {
        return Some(format!("{noun} has at most one slash."));
    }
    let place = if text.starts_with('/') { "start" } else { "end" };
    text.contains('/').then(|| format!("{noun} can't {place} with a slash."))
}

/// One line must have `${` and, behind it, `}`.
pub(super) fn reference(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    let Some(start) = text.find("${") else {
        return Some(format!("{noun} begins with `${{`."));
    };
    Some(if text[start..].contains('}') {
        format!("{noun} ends with `}}` on the line that it begins on.")
    } else {
        format!("{noun} ends with `}}`.")
    })
}

/// Two words or 40 digits.
pub(super) fn build_sha(pattern: &Pattern, text: &str) -> Option<String> {
    let noun = pattern.noun;
    let is_digit = |c: char| c.is_ascii_hexdigit();
    if text.trim().eq_ignore_ascii_case("latest") {
        return Some(format!("{noun} is written as latest, in small letters and without spaces."));
    }
    let digits = text.chars().filter(|c| is_digit(*c)).count();
    // Something else than a commit that was meant.
    if digits * 2 < text.chars().count() {
        return None;
    }
    foreign_character(noun, text, is_digit)
        .or_else(|| Some(format!("{noun} has 40 hexadecimal digits; this has {digits}.")))
}

/// Nothing closer than the rule can be said.
pub(super) fn nothing(_: &Pattern, _: &str) -> Option<String> {
    None
}
