//! What `slipway check` says of one file: its text, its problems, and how they can be mended.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::Serialize;
use slipway_flow::{
    check::{Context, Problem, Severity, check_in, code},
    document::{Document, Key, LineColumn, Lines, MAX_SIZE, Spans},
};

/// How many corrections are given for one file; the first problems have them.
const MOST_CORRECTIONS: usize = 100;

/// Problems that are listed of one file.
const MOST_LISTED: usize = 1_000;
/// Flows inside a template that are checked.
const MOST_FLOWS: usize = 300;
/// What some editors put before a text in UTF-8.
const MARK: &str = "\u{feff}";

/// One thing that is wrong, as it is printed.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub file: String,
    #[serde(flatten)]
    pub at: Area,
    pub severity: &'static str,
    pub sentence: String,
    /// See `docs/release-flow.md`.
    pub code: &'static str,
    /// The JSON pointer of the value.
    pub pointer: String,
    /// What the editor offers to do about it.
    pub fixes: Vec<Correction>,
}

/// A part of a file. All count from 1; columns count characters, and the end is behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// A way to solve a problem.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    pub label: String,
    /// What it changes in the file: in order, and none touches another.
    pub edits: Vec<Edit>,
}

/// Another text for a part of the file.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Bytes from the beginning of the file.
    pub start: usize,
    pub end: usize,
    pub text: String,
    #[serde(flatten)]
    pub at: Area,
}

impl Report {
    /// Something about the file as a whole.
    fn of_file(file: &str, severity: Severity, code: &'static str, sentence: String) -> Self {
        let at = Area { line: 1, column: 1, end_line: 1, end_column: 1 };
        let (pointer, fixes) = (String::new(), Vec::new());
        Self {
            file: file.to_owned(),
            at,
            severity: severity.word(),
            sentence,
            code,
            pointer,
            fixes,
        }
    }

    /// Whether the file couldn't be read at all.
    pub fn is_unread(&self) -> bool {
        matches!(self.code, code::UNREADABLE | code::TOO_LARGE)
    }
}

/// What is wrong with the file at `path`, `-` being standard input.
pub fn of_path(path: &Path, context: &Context) -> Vec<Report> {
    let (name, text) = if path == Path::new("-") {
        ("<stdin>".to_owned(), text_of(io::stdin().lock()))
    } else {
        let file = File::open(path).map_err(|error| unreadable(&error));
        (path.display().to_string(), file.and_then(text_of))
    };
    match text {
        Ok(text) => of_text(&name, &text, context),
        Err((code, sentence)) => vec![Report::of_file(&name, Severity::Error, code, sentence)],
    }
}

fn unreadable(error: &io::Error) -> (&'static str, String) {
    (code::UNREADABLE, format!("This can't be read: {error}."))
}

/// The text of a file, or why there is none: a code and a sentence.
///
/// # Errors
/// It can't be read, is too long, or isn't in UTF-8.
pub fn text_of(source: impl Read) -> Result<String, (&'static str, String)> {
    let mut bytes = Vec::new();
    // The mark isn't a part of the document.
    let most = MAX_SIZE + MARK.len();
    source.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > most {
        let sentence = format!("This is longer than {} MiB: no release flow is.", MAX_SIZE >> 20);
        return Err((code::TOO_LARGE, sentence));
    }
    if matches!(*bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]) {
        let sentence = "This is text in UTF-16: save it in UTF-8.";
        return Err((code::UNREADABLE, sentence.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let sentence = format!("This isn't text in UTF-8: byte {} is no part of it.", at + 1);
        (code::UNREADABLE, sentence)
    })
}

/// What is wrong with a file's flow, and with each flow that it carries in pipelines.
pub fn of_text(file: &str, whole: &str, context: &Context) -> Vec<Report> {
    let mut reports = Vec::new();
    let text = whole.strip_prefix(MARK).unwrap_or(whole);
    if text.len() < whole.len() {
        let sentence = "An invisible byte order mark stands before the text, which some programs \
                        refuse: save the file without one.";
        let (severity, code) = (Severity::Hint, code::BYTE_ORDER_MARK);
        reports.push(Report::of_file(file, severity, code, sentence.to_owned()));
    }
    let mut document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let (line, column) = (error.line, error.column);
            let at = Area { line, column, end_line: line, end_column: column };
            let said = Report::of_file(file, Severity::Error, code::SYNTAX, error.message);
            reports.push(Report { at, ..said });
            return reports;
        }
    };
    let mut inside: Vec<_> = document.flows().into_iter().map(|(flow, _)| flow).collect();
    let flows = inside.len();
    inside.truncate(MOST_FLOWS);
    let problems = problems(&mut document, &inside, context);
    let (problems, unlisted) = listed(problems);
    let mut shown = Shown {
        file,
        text,
        lines: Lines::of(text),
        offset: whole.len() - text.len(),
        spans: document.spans(),
        document,
        corrections: MOST_CORRECTIONS,
    };
    reports.extend(problems.into_iter().map(|problem| shown.report(problem)));
    if let Some((more, severity)) = unlisted {
        let sentence = format!("{more} more problems of this file aren't listed.");
        reports.push(Report::of_file(file, severity, code::UNLISTED, sentence));
    }
    if flows > MOST_FLOWS {
        let sentence = format!("Of the {flows} flows in this file, {MOST_FLOWS} were checked.");
        reports.push(Report::of_file(file, Severity::Warning, code::UNLISTED, sentence));
    }
    reports
}

fn problems(document: &mut Document, inside: &[Key], context: &Context) -> Vec<Problem> {
    let mut problems = check_in(document, context);
    if !inside.is_empty() {
        let flows: HashSet<Key> = inside.iter().copied().collect();
        let above = |key| std::iter::successors(Some(key), |key| document.parent(*key));
        // A team template: around its nodes other things may stand than around a flow. What is
        // inside a flow is told when that flow is checked.
        problems.retain(|problem| {
            problem.node.is_some() && !above(problem.key).any(|key| flows.contains(&key))
        });
    }
    for flow in inside {
        document.open_flow(*flow);
        let around = Context::around(document);
        problems.extend(check_in(document, &around));
    }
    problems
}

/// Those that are listed, in the order of the text: of very many the worst. And how many more there
/// are, with how bad they are.
fn listed(mut problems: Vec<Problem>) -> (Vec<Problem>, Option<(usize, Severity)>) {
    let mut unlisted = None;
    if problems.len() > MOST_LISTED {
        problems.sort_by_key(|problem| (problem.severity, problem.span.start));
        let rest = problems.split_off(MOST_LISTED);
        unlisted = rest.first().map(|worst| (rest.len(), worst.severity));
    }
    problems.sort_by_key(|problem| problem.span.start);
    (problems, unlisted)
}

/// A document and where it stands in a file.
struct Shown<'t> {
    file: &'t str,
    text: &'t str,
    lines: Lines<'t>,
    /// Bytes of the file before the document.
    offset: usize,
    spans: Spans,
    document: Document,
    /// How many more corrections are worked out: each looks at all of what it changes.
    corrections: usize,
}

impl Shown<'_> {
    fn report(&mut self, problem: Problem) -> Report {
        let fixes = problem.fixes.into_iter().take(self.corrections);
        self.corrections -= fixes.len();
        let fixes = fixes.map(|fix| {
            let edits = fix.edits(&mut self.document, self.text, &self.spans);
            let edits = edits.into_iter().map(|edit| Edit {
                start: self.offset + edit.span.start,
                end: self.offset + edit.span.end,
                at: area(&self.lines, &edit.span),
                text: edit.text,
            });
            Correction { label: fix.label, edits: edits.collect() }
        });
        Report {
            fixes: fixes.collect(),
            file: self.file.to_owned(),
            at: area(&self.lines, &problem.span),
            severity: problem.severity.word(),
            sentence: problem.sentence,
            code: problem.code,
            pointer: problem.pointer,
        }
    }
}

fn area(lines: &Lines<'_>, span: &std::ops::Range<usize>) -> Area {
    let LineColumn { line, column } = lines.place(span.start);
    let end = lines.place(span.end);
    Area { line, column, end_line: end.line, end_column: end.column }
}
