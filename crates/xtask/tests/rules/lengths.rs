//! How long a file may be: over 400 lines it should be looked at, over 600 it must be divided.

use crate::assert_none;
use crate::files::{text, tracked};

const LOOK: usize = 400;
const TOO_LONG: usize = 600;

/// Whether the rule is about this file. Tests are long for good reasons.
fn counts(name: &str) -> bool {
    let code = [".rs", ".ts", ".css"].iter().any(|ending| name.ends_with(ending));
    let test = name.starts_with("tests/")
        || name.contains("/tests/")
        || name.ends_with("/tests.rs")
        || name.ends_with("_tests.rs");
    code && !test
}

/// Lines before the test module at the end of a Rust file.
fn length(name: &str, text: &str) -> usize {
    let lines = text.lines();
    if name.ends_with(".rs") {
        lines.take_while(|line| *line != "#[cfg(test)]").count()
    } else {
        lines.count()
    }
}

#[test]
fn no_file_is_too_long() {
    let mut broken = Vec::new();
    for name in tracked().iter().filter(|name| counts(name)) {
        let length = length(name, &text(name).unwrap_or_default());
        if length > TOO_LONG {
            broken.push(format!("{name} has {length} lines"));
        } else if length > LOOK {
            eprintln!("warning: {name} has {length} lines; does it still have one reason to be?");
        }
    }
    assert_none("Files over 600 lines must be divided:", &broken);
}

#[test]
fn lines_are_counted_without_tests() {
    assert_eq!(length("a.rs", "one\ntwo\n#[cfg(test)]\nmod tests {\n}\n"), 2);
    assert_eq!(length("a.css", "one\ntwo\nthree\n"), 3);
    assert!(counts("src/app.rs") && counts("style/main.css"));
    assert!(!counts("crates/flow/tests/a.rs") && !counts("tests/e2e/a.spec.ts"));
    assert!(!counts("crates/flow/src/document/tests.rs") && !counts("README.md"));
}
