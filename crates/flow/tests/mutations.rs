//! One mistake, one problem: clean documents with a single slip each, and what the checks say of
//! it. Each `mutations/*.json` is a list of cases:
//!
//! ```json
//! {
//!   "case": "a member's name is misspelt",
//!   "document": "clean.json",
//!   "stage": "Staging",
//!   "at": "/spec/spec/steps/0/spec/brnach",
//!   "text": "\"main\"",
//!   "code": "misspelt-member",
//!   "pointer": "/spec/spec/steps/0/spec/brnach",
//!   "line": 10,
//!   "column": 9
//! }
//! ```
//!
//! - `document` is a file beside the cases' folder, in `documents`.
//! - `at` is the JSON pointer of the value that changes. With `text`, the value there becomes that
//!   text, byte for byte; where there is none, a member of this name (`-` for an element) is added
//!   at the end. With `name`, the member gets that name instead. With neither, it is taken out.
//! - `also` may hold further changes of the same form, made after the first.
//! - `stage`, if given, is the stage that the flow belongs to; it holds what `RESOURCES` lists.
//! - `code`, `pointer`, `line` and `column` (both from 1, in characters) are of the one problem
//!   that the changed document has more than the unchanged one; `severity` may be given as well.
//!
//! What a case says is all that may be said: a second new problem fails it, and so does one that
//! goes away. With `SHOW_MUTATIONS` in the environment, what is found is printed.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

use std::{fs, path::Path};

use serde::Deserialize;
use slipway_flow::{
    check::{Context, Problem, Resources, Severity, check_in, code},
    document::Document,
    stage::{ResourceType, Stage},
};

/// What the stages of the cases hold: one each, where the last part of its name says in which.
const RESOURCES: [(&str, ResourceType); 3] = [
    ("shop-web", ResourceType::Service),
    ("shop-migrate", ResourceType::Job),
    ("shop-db", ResourceType::Addon),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    document: String,
    stage: Option<Stage>,
    at: String,
    text: Option<String>,
    name: Option<String>,
    #[serde(default)]
    also: Vec<Change>,
    code: String,
    pointer: String,
    line: usize,
    column: usize,
    severity: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    at: String,
    text: Option<String>,
    name: Option<String>,
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn cases() -> Vec<Case> {
    let mut files: Vec<_> = fs::read_dir(folder("mutations"))
        .expect("the cases are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    let read = |path: std::path::PathBuf| -> Vec<Case> {
        let text = fs::read_to_string(&path).expect("the file can be read");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files.into_iter().flat_map(read).collect()
}

fn context(stage: Option<Stage>) -> Context {
    let of = |stage: Option<Stage>| {
        let suffix = match stage {
            Some(Stage::Development) => "dev",
            Some(Stage::Staging) => "staging",
            Some(Stage::Production) => "prod",
            None => return Default::default(),
        };
        RESOURCES.iter().map(|(id, of)| (format!("{id}-{suffix}"), *of)).collect()
    };
    let resources = |stage: Stage| Resources {
        here: of(Some(stage)),
        before: of(stage.preceding()),
        build_services: Some(vec!["shop-builder".to_owned()]),
    };
    Context { stage, resources: stage.map(resources) }
}

fn change(document: &mut Document, at: &str, text: Option<&str>, name: Option<&str>) {
    let (parent, last) = at.rsplit_once('/').expect("a pointer below the root");
    let holder = document.resolve(parent).unwrap_or_else(|| panic!("there is no {parent}"));
    let key = document.resolve(at);
    let last = last.replace("~1", "/").replace("~0", "~");
    let mut editing = document.edit();
    match (key, text, name) {
        (Some(key), None, Some(name)) => editing.rename_member(key, name),
        (Some(key), Some(text), None) => editing.replace_text(key, text).expect("JSON"),
        (Some(key), None, None) => editing.remove(key),
        (None, Some(text), None) => {
            let blank = serde_json::Value::Null;
            let key = if editing.document().is_array(holder) {
                let end = editing.document().elements(holder).len();
                editing.insert(holder, end, &blank)
            } else {
                editing.set(holder, &last, &blank)
            };
            editing.replace_text(key.expect("it can be added"), text).expect("JSON");
        }
        _ => panic!("{at} isn't there, or the case says two things"),
    }
    let _ = editing.finish();
}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).expect("a character begins there");
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// What is told of a problem, for comparing.
fn told(problem: &Problem) -> (String, &'static str, String) {
    (problem.pointer.clone(), problem.code, problem.sentence.clone())
}

#[test]
fn each_mistake_is_one_problem_in_its_place() {
    let cases = cases();
    assert!(cases.len() >= 35, "the cases are there");
    let mut wrong = Vec::new();
    for case in &cases {
        let path = folder("documents").join(&case.document);
        let text = fs::read_to_string(&path).expect("the document can be read");
        let mut document = Document::parse(&text).expect("the document is JSON");
        let context = context(case.stage);
        let mut before: Vec<_> = check_in(&document, &context).iter().map(told).collect();
        change(&mut document, &case.at, case.text.as_deref(), case.name.as_deref());
        for Change { at, text, name } in &case.also {
            change(&mut document, at, text.as_deref(), name.as_deref());
        }
        let text = document.text();
        let mut found = Vec::new();
        for problem in check_in(&document, &context) {
            match before.iter().position(|told_before| *told_before == told(&problem)) {
                Some(index) => drop(before.remove(index)),
                None => found.push(problem),
            }
        }
        let shown = found.iter().map(|problem| {
            let (line, column) = place(&text, problem.span.start);
            let Problem { pointer, code, sentence, severity, .. } = problem;
            format!("{line}:{column} {pointer} {}: {sentence} [{code}]", severity.word())
        });
        let shown = format!("{}\n  {}", case.case, shown.collect::<Vec<_>>().join("\n  "));
        if std::env::var_os("SHOW_MUTATIONS").is_some() {
            println!("{shown}");
        }
        let expected = (case.code.as_str(), case.pointer.as_str(), (case.line, case.column));
        let as_expected = |problem: &Problem| {
            let at = place(&text, problem.span.start);
            let severity = case.severity.as_deref().is_none_or(|it| it == problem.severity.word());
            (problem.code, problem.pointer.as_str(), at) == expected && severity
        };
        if !(found.len() == 1 && as_expected(&found[0]) && before.is_empty()) {
            wrong.push(format!("{shown}\n  expected {expected:?}\n  gone: {before:?}"));
            continue;
        }
        for fix in &found[0].fixes {
            let mut fixed = document.clone();
            fix.apply(&mut fixed);
            let left = check_in(&fixed, &context);
            let errors = |problem: &&Problem| problem.severity == Severity::Error;
            if left.iter().any(|problem| problem.code == case.code && problem.key == found[0].key)
                || left.iter().filter(errors).count()
                    > before.len() + usize::from(found[0].severity != Severity::Error)
            {
                wrong.push(format!("{shown}\n  `{}` leaves {left:?}", fix.label));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_documents_of_the_cases_are_clean() {
    for case in cases() {
        let path = folder("documents").join(&case.document);
        let text = fs::read_to_string(&path).expect("the document can be read");
        let document = Document::parse(&text).expect("the document is JSON");
        let problems = check_in(&document, &context(case.stage));
        assert!(problems.is_empty(), "{}: {problems:?}", case.document);
    }
}

#[test]
fn every_code_has_a_case() {
    let cases = cases();
    // That there are many more problems is never a problem by itself.
    let alone = code::ALL.iter().filter(|code| code.word != code::MANY_PROBLEMS);
    for code in alone {
        assert!(cases.iter().any(|case| case.code == code.word), "{}", code.word);
    }
}
