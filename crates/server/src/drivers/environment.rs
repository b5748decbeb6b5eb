//! Which variables a command sees: nothing but what Slipway hands it and the project file names.

use serde_json::{Map, Value};

use crate::project::Command;

/// Variables that Slipway hands to a command, by the names in `project::HANDED`.
pub type Handed = Vec<(&'static str, String)>;

/// Where programs are looked for when the server itself has no `PATH`.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The whole environment of a command. `wanted` is what the document would like to set: only
/// names in the command's `env` are let through.
///
/// # Errors
/// A sentence about a name that isn't allowed, or a value that is no text.
pub fn environment(
    command: &Command,
    handed: &Handed,
    wanted: &Map<String, Value>,
    of_server: impl Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, String> {
    let path = of_server("PATH").unwrap_or_else(|| PATH.to_owned());
    let mut variables = vec![("PATH".to_owned(), path)];
    variables.extend(handed.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    variables.extend(command.set.iter().map(|(name, value)| (name.clone(), value.clone())));
    for (name, value) in wanted {
        if !command.env.contains(name) {
            return Err(forbidden(name));
        }
        variables.push((name.clone(), text(name, value)?));
    }
    for name in command.env.iter().chain(&command.pass) {
        if let (false, Some(value)) = (wanted.contains_key(name), of_server(name)) {
            variables.push((name.clone(), value));
        }
    }
    Ok(variables)
}

/// Why a flow can't set a variable.
#[must_use]
pub fn forbidden(name: &str) -> String {
    format!(
        "A flow may not set the variable \"{name}\" here: the project file would have to name it \
         in the command's \"env\"."
    )
}

fn text(name: &str, value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return Err(format!("The variable \"{name}\" needs a text, a number or a boolean.")),
    };
    if text.contains('\0') {
        return Err(format!(
            "The variable \"{name}\" holds a character that no variable can hold."
        ));
    }
    Ok(text)
}

/// The value of a variable in a finished environment.
#[must_use]
pub fn value<'a>(variables: &'a [(String, String)], name: &str) -> Option<&'a str> {
    variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf, time::Duration};

    use serde_json::json;

    use super::*;
    use crate::project::Interrupted;

    fn command() -> Command {
        Command {
            args: vec!["true".into()],
            folder: PathBuf::from("/"),
            env: vec!["LEVEL".into(), "MODE".into()],
            pass: vec!["SECRET".into()],
            set: BTreeMap::from([("FIXED".to_owned(), "1".to_owned())]),
            timeout: Duration::from_secs(1),
            attempts: 1,
            backoff: Duration::from_secs(1),
            on_interrupted: Interrupted::Fail,
            output_limit: 1,
            size_limit: 1,
        }
    }

    fn of_server(name: &str) -> Option<String> {
        let known = ["SLIPWAY_ADMIN_TOKEN", "SECRET", "LEVEL", "MODE", "HOME"];
        known.contains(&name).then(|| format!("server's {name}"))
    }

    fn seen(wanted: &Value) -> Result<Vec<(String, String)>, String> {
        let handed = vec![("BRANCH", "main".to_owned())];
        let wanted = wanted.as_object().expect("an object");
        let mut variables = environment(&command(), &handed, wanted, of_server)?;
        variables.sort();
        Ok(variables)
    }

    #[test]
    fn only_what_is_named_is_seen_and_the_document_comes_first() {
        let variables = seen(&json!({ "LEVEL": 3 })).expect("allowed");
        let expected = [
            ("BRANCH", "main"),
            ("FIXED", "1"),
            ("LEVEL", "3"),
            ("MODE", "server's MODE"),
            ("PATH", PATH),
            ("SECRET", "server's SECRET"),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(variables, expected);
    }

    #[test]
    fn a_document_sets_nothing_that_the_project_file_does_not_name() {
        for (wanted, words) in [
            (json!({ "SECRET": "x" }), "may not set"),
            (json!({ "FIXED": "x" }), "may not set"),
            (json!({ "PATH": "x" }), "may not set"),
            (json!({ "LEVEL": {} }), "needs a text"),
            (json!({ "LEVEL": "a\0b" }), "no variable can hold"),
        ] {
            let error = seen(&wanted).expect_err("refused");
            assert!(error.contains(words), "{wanted}: {error}");
        }
    }
}
