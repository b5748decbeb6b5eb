//! The query of a webhook call: values of triggers, the run's name and description, arguments.
//!
//! May import: `document`, `kinds`, `pattern`.

use std::{collections::HashSet, fmt::Write};

use serde_json::{Map, Value};

use super::{Given, Reason, Rule};
use crate::{document::Document, kinds::settings::TRIGGER_OUTPUTS, pattern};

/// A longer query is refused, in bytes.
pub const MAX_QUERY_BYTES: usize = 64 * 1024;

/// Where the vendor answers calls of a flow's webhook, up to the token.
pub const WEBHOOK_ADDRESS: &str = "https://webhooks.northflank.com/release-flows/";

/// What the call gives to a run; None when it is refused, and `reasons` says why. Of several
/// values for one name the last counts.
pub(super) fn read(document: &Document, address: &str, reasons: &mut Vec<Reason>) -> Option<Given> {
    let mut say = |passes, sentence| {
        let pointer = document.pointer(document.flow());
        reasons.push(Reason { rule: Rule::Parameters, passes, pointer, sentence });
    };
    let query = query(address);
    if query.len() > MAX_QUERY_BYTES {
        let kib = MAX_QUERY_BYTES / 1024;
        say(false, format!("The call has more than {kib} KiB of parameters: send less."));
        return None;
    }
    let triggers = triggers(document);
    let mut given = Given::default();
    let mut sound = true;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
            say(false, format!("The parameter `{name}` isn't text in UTF-8."));
            sound = false;
            continue;
        };
        let (reference, output) = name.rsplit_once('.').unwrap_or(("", &name));
        let is_output =
            !reference.is_empty() && TRIGGER_OUTPUTS.iter().any(|known| known.name == output);
        if is_output && triggers.contains(reference) {
            let values = given.overrides.entry(reference).or_insert(Value::Object(Map::new()));
            if let Value::Object(values) = values {
                values.insert(output.to_owned(), value.into());
            }
            continue;
        }
        match name.as_str() {
            "" => say(true, "A parameter without a name isn't used.".to_owned()),
            "name" => given.name = Some(value).filter(|value| !value.is_empty()),
            "description" => given.description = Some(value).filter(|value| !value.is_empty()),
            _ => {
                if is_output {
                    say(
                        true,
                        format!(
                            "No trigger has the ref `{reference}`, so `{name}` is an argument."
                        ),
                    );
                }
                given.arguments.insert(name, value.into());
            }
        }
    }
    for (pattern, text) in
        [(&pattern::RUN_NAME, &given.name), (&pattern::DESCRIPTION, &given.description)]
    {
        if let Some(Err(sentence)) = text.as_deref().map(|text| pattern.check(text)) {
            say(false, sentence);
            sound = false;
        }
    }
    sound.then_some(given)
}

/// A parameter of a call, with every sign that means something elsewhere written with a percent
/// sign: dots and slashes too, as the vendor does.
#[must_use]
pub fn parameter(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The refs of the flow's triggers.
fn triggers(document: &Document) -> HashSet<&str> {
    let entries = document.get(document.flow(), "triggers").into_iter();
    let entries = entries.flat_map(|list| document.elements(list));
    entries.filter_map(|entry| document.str(document.get(entry, "ref")?)).collect()
}

/// What stands between the first `?` and `#` of an address, or all of what isn't one.
fn query(address: &str) -> &str {
    let is_address = address.contains("://")
        && !address.split("://").next().is_some_and(|scheme| scheme.contains(['=', '&', '?']));
    let query = match address.split_once('?') {
        Some((_, query)) if is_address => query,
        None if is_address => "",
        _ => address.strip_prefix('?').unwrap_or(address),
    };
    query.split('#').next().unwrap_or_default()
}

/// Takes percent signs and plus signs apart; a percent sign without two digits stands for itself.
/// None where that is no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = if byte == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        match (pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()), byte) {
            (Some(value), _) => {
                out.push(value);
                at += 2;
            }
            (None, b'+') => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).ok()
}
