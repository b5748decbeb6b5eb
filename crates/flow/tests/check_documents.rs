//! Whole documents and everything that is said about them. Beside each `documents/<name>.json`
//! stands `<name>.problems` with one line per problem: `pointer: severity: sentence [code]`. With
//! `UPDATE_PROBLEMS` in the environment those files are written anew; read the difference.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

use std::{fmt::Write as _, fs, path::Path};

use slipway_flow::{
    check::{Context, Problem, Severity, check, check_in, code},
    document::Document,
    kinds,
};

fn report(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |mut text, problem| {
        let Problem { pointer, severity, sentence, code, .. } = problem;
        writeln!(text, "{pointer}: {}: {sentence} [{code}]", severity.word())
            .expect("a string takes everything");
        text
    })
}

fn json_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

fn parse(path: &Path) -> Document {
    let text = fs::read_to_string(path).expect("the file can be read");
    Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

#[test]
fn every_document_has_exactly_its_problems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let files = json_files(&folder);
    assert!(files.len() >= 6, "the documents are there");
    let mut wrong = String::new();
    for path in files {
        let expected = fs::read_to_string(path.with_extension("problems")).unwrap_or_default();
        let found = report(&check(&parse(&path)));
        if std::env::var_os("UPDATE_PROBLEMS").is_some() {
            fs::write(path.with_extension("problems"), &found).expect("the folder can be written");
        }
        if found != expected {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            writeln!(wrong, "== {name}\n-- expected\n{expected}-- found\n{found}")
                .expect("a string takes everything");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_problem_points_at_its_value_and_node() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    for path in json_files(&folder) {
        let document = parse(&path);
        let nodes = document.nodes();
        for problem in check(&document) {
            let at = document.pointer(problem.key);
            assert!(problem.pointer.starts_with(&at), "{} in {at}", problem.pointer);
            let inner = nodes.iter().rfind(|node| at.starts_with(&document.pointer(**node)));
            assert_eq!(problem.node, inner.copied(), "{}", problem.pointer);
        }
    }
}

/// What a fix must not add to.
fn errors(problems: &[Problem]) -> Vec<(&'static str, String)> {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| (problem.code, problem.sentence.clone())).collect()
}

fn count<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().filter(|other| *other == one).count()
}

#[test]
fn every_fix_solves_its_problem_and_makes_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut fixes = 0;
    for path in json_files(&folder) {
        let document = parse(&path);
        let problems = check(&document);
        let before = errors(&problems);
        for problem in &problems {
            for fix in &problem.fixes {
                fixes += 1;
                let mut fixed = document.clone();
                let changes = fix.apply(&mut fixed);
                let name = format!("{}: {}: {}", path.display(), problem.sentence, fix.label);
                assert!(!changes.is_empty(), "{name}");
                Document::parse(&fixed.text()).unwrap_or_else(|error| panic!("{name}: {error}"));
                let after = check(&fixed);
                let same = |other: &&Problem| {
                    (other.code, &other.sentence) == (problem.code, &problem.sentence)
                };
                let times = |all: &[Problem]| all.iter().filter(same).count();
                assert!(times(&after) < times(&problems), "{name} isn't solved");
                let after = errors(&after);
                for error in &after {
                    assert!(count(&after, error) <= count(&before, error), "{name} adds {error:?}");
                }
                fixed.apply(&changes.inverse()).expect("it is the state that the fix left");
                assert_eq!(fixed.text(), document.text(), "{name} is taken back");
            }
        }
    }
    assert!(fixes > 15, "the documents have problems with fixes, not {fixes}");
}

#[test]
fn every_problem_marks_characters_of_the_text() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    for path in json_files(&folder) {
        let document = parse(&path);
        let text = document.text();
        for problem in check(&document) {
            let marked = text.get(problem.span.clone());
            assert!(marked.is_some_and(|marked| !marked.is_empty()), "{problem:?}");
        }
    }
}

/// The shapes in which flows are written elsewhere have nothing wrong in them but what is: an
/// argument that nothing reads, a name of other documents, an old version, an argument that each
/// call of the webhook must bring.
#[test]
fn flows_in_the_shapes_of_others_are_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let shape = |path: &&std::path::PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("shape-"))
    };
    let mut found = Vec::new();
    let mut inside = 0;
    for path in json_files(&folder).iter().filter(shape) {
        let mut document = parse(path);
        found.extend(check(&document));
        let flows: Vec<_> = document.flows().into_iter().map(|(flow, _)| flow).collect();
        for flow in flows {
            inside += 1;
            document.open_flow(flow);
            let problems = check_in(&document, &Context::around(&document));
            assert!(problems.is_empty(), "{}\n{}", path.display(), report(&problems));
        }
    }
    assert_eq!(inside, 2, "flows inside a pipeline");
    let codes: Vec<_> = found.iter().map(|problem| problem.code).collect();
    let right = [
        code::UNUSED_ARGUMENT,
        code::MISSPELT_MEMBER,
        code::OLD_VERSION,
        code::ARGUMENT_WITHOUT_DEFAULT,
    ];
    assert_eq!(codes, right, "{}", report(&found));
}

/// Documents that other people wrote, where the machine has them beside the repository.
#[test]
fn documents_of_others_are_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    if !folder.is_dir() {
        return;
    }
    for path in json_files(&folder) {
        let document = parse(&path);
        let problems = check(&document);
        for node in document.nodes() {
            assert!(!kinds::title(&document, node).is_empty());
            assert!(kinds::details(&document, node).len() <= 2);
        }
        // Team templates make resources, which a release flow can't.
        let of_template = path
            .file_name()
            .is_some_and(|name| name.to_str().is_some_and(|name| name.starts_with("template-")));
        let stays = |problem: &Problem| {
            problem.severity == Severity::Error
                && !(of_template && problem.code == code::KIND_NOT_HERE)
        };
        let errors: Vec<_> = problems.into_iter().filter(stays).collect();
        assert!(errors.is_empty(), "{}\n{}", path.display(), report(&errors));
    }
}
