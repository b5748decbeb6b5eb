//! `slipway check`: for a person's terminal and for continuous integration.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use serde::Serialize;
use slipway_flow::{
    check::{Severity, check},
    document::{Document, LineColumn, Lines},
};

#[derive(Args)]
pub struct Check {
    /// Release-flow files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each: file:line:column: severity: sentence [code]
    Text,
    /// A JSON array of objects.
    Json,
}

/// One thing that is wrong, as it is printed.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Report {
    file: String,
    /// Both count from 1; columns count characters.
    line: usize,
    column: usize,
    severity: &'static str,
    sentence: String,
    code: &'static str,
    /// The JSON pointer of the value.
    pointer: String,
}

impl Check {
    /// Exits with 1 when there is an error, and with 2 when a file can't be read.
    pub fn run(self) -> ExitCode {
        let mut reports = Vec::new();
        for path in &self.files {
            let name = path.display().to_string();
            match fs::read_to_string(path) {
                Ok(text) => reports.extend(reports_of(&name, &text)),
                Err(error) => {
                    eprintln!("slipway: {name} can't be read: {error}");
                    return ExitCode::from(2);
                }
            }
        }
        self.print(&reports);
        let failed = reports.iter().any(|report| report.severity == Severity::Error.word());
        ExitCode::from(u8::from(failed))
    }

    fn print(&self, reports: &[Report]) {
        if self.format == Format::Json {
            // Strings and numbers can always be written.
            println!("{}", serde_json::to_string_pretty(reports).unwrap_or_default());
            return;
        }
        for Report { file, line, column, severity, sentence, code, .. } in reports {
            println!("{file}:{line}:{column}: {severity}: {sentence} [{code}]");
        }
    }
}

fn reports_of(file: &str, text: &str) -> Vec<Report> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            return vec![Report {
                file: file.to_owned(),
                line: error.line,
                column: error.column,
                severity: Severity::Error.word(),
                sentence: error.message,
                code: "syntax",
                pointer: String::new(),
            }];
        }
    };
    let problems = check(&document);
    let lines = Lines::of(text);
    let reports = problems.into_iter().map(|problem| {
        let LineColumn { line, column } = lines.place(problem.span.start);
        Report {
            file: file.to_owned(),
            line,
            column,
            severity: problem.severity.word(),
            sentence: problem.sentence,
            code: problem.code,
            pointer: problem.pointer,
        }
    });
    reports.collect()
}

#[cfg(test)]
mod tests {
    use super::reports_of;

    #[test]
    fn problems_are_told_with_their_place() {
        let text = "{\n  \"apiVersion\": \"v1.2\",\n  \"spec\": { \"kind\": 7 }\n}";
        let reports = reports_of("flow.json", text);
        let report = reports.first().expect("a kind must be a text");
        assert_eq!((report.line, report.severity, report.code), (3, "error", "structure"));
        let syntax = reports_of("flow.json", "{\n  nope");
        assert_eq!((syntax[0].line, syntax[0].column, syntax[0].code), (2, 3, "syntax"));
    }
}
