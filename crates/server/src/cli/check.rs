//! `slipway check`: for a person's terminal and for continuous integration.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use serde::Serialize;
use slipway_flow::{
    check::{Context, Problem, Resources, Severity, check_in},
    document::{Document, LineColumn, Lines},
    stage::Stage,
};

use crate::{
    http::input::BODY_LIMIT,
    project::{Project, Projects, SeedPipeline, ServiceKind},
};

#[derive(Args)]
pub struct Check {
    /// Release-flow files; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[arg(long, default_value = "text")]
    format: Format,
    /// The stage that the flows belong to: Development, Staging or Production.
    #[arg(long, value_parser = stage)]
    stage: Option<Stage>,
    /// The project file, or a directory of them, that says what the stage holds.
    #[arg(long, value_name = "FILE|DIR", requires = "stage")]
    project: Option<PathBuf>,
    /// The pipeline of the project, where there are several.
    #[arg(long, value_name = "ID", requires = "project")]
    pipeline: Option<String>,
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
#[serde(rename_all = "camelCase")]
struct Report {
    file: String,
    /// All count from 1; columns count characters, and the end is behind the last one.
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    severity: &'static str,
    sentence: String,
    code: &'static str,
    /// The JSON pointer of the value.
    pointer: String,
    /// What the editor offers to do about it.
    fixes: Vec<String>,
}

fn stage(word: &str) -> Result<Stage, String> {
    Stage::parse(word).ok_or_else(|| "a stage is Development, Staging or Production".to_owned())
}

impl Check {
    /// Exits with 1 when there is an error, and with 2 when a file can't be read.
    pub fn run(self) -> ExitCode {
        let context = match self.context() {
            Ok(context) => context,
            Err(sentence) => {
                eprintln!("slipway: {sentence}");
                return ExitCode::from(2);
            }
        };
        let mut reports = Vec::new();
        let mut unread = false;
        for path in &self.files {
            let (name, text) = if path == Path::new("-") {
                ("<stdin>".to_owned(), text_of(io::stdin().lock()))
            } else {
                (path.display().to_string(), File::open(path).map_err(said).and_then(text_of))
            };
            match text {
                Ok(text) => reports.extend(reports_of(&name, &text, &context)),
                Err(sentence) => {
                    eprintln!("slipway: {name} can't be checked: {sentence}");
                    unread = true;
                }
            }
        }
        self.print(&reports);
        let failed = reports.iter().any(|report| report.severity == Severity::Error.word());
        ExitCode::from(if unread { 2 } else { u8::from(failed) })
    }

    fn context(&self) -> Result<Context, String> {
        let Some(stage) = self.stage else { return Ok(Context::default()) };
        let Some(path) = &self.project else {
            return Ok(Context { stage: Some(stage), resources: None });
        };
        let projects = Projects::load(path).map_err(|error| error.to_string())?.list();
        let mut found = projects
            .iter()
            .flat_map(|project| project.pipelines.iter().map(move |pipeline| (project, pipeline)))
            .filter(|(_, pipeline)| self.pipeline.as_ref().is_none_or(|id| *id == pipeline.id));
        let (Some((project, pipeline)), more) = (found.next(), found.next().is_some()) else {
            return Err(format!("{} has no such pipeline", path.display()));
        };
        if more {
            return Err(format!(
                "{} has several pipelines: say which one with --pipeline",
                path.display()
            ));
        }
        Ok(Context { stage: Some(stage), resources: Some(resources(project, pipeline, stage)) })
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

fn resources(project: &Project, pipeline: &SeedPipeline, stage: Stage) -> Resources {
    let of = |wanted: Option<Stage>| {
        let stages = pipeline.stages.iter().filter(|stage| Some(stage.stage) == wanted);
        stages.flat_map(|stage| &stage.resources).map(|(of, id)| (id.clone(), *of)).collect()
    };
    let builds = project.services.iter();
    let builds = builds.filter(|service| matches!(service.kind, ServiceKind::Build(_)));
    Resources {
        here: of(Some(stage)),
        before: of(stage.preceding()),
        build_services: Some(builds.map(|service| service.id.clone()).collect()),
    }
}

/// A text that a server would take, or a sentence.
fn text_of(source: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    source.take(BODY_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(said)?;
    if bytes.len() > BODY_LIMIT {
        return Err(format!("a release flow has at most {} KiB", BODY_LIMIT >> 10));
    }
    String::from_utf8(bytes).map_err(|_| "this is no text in UTF-8".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn said(error: io::Error) -> String {
    error.to_string()
}

/// What is wrong with the text's flow, and with each flow that it carries in pipelines.
fn reports_of(file: &str, text: &str, context: &Context) -> Vec<Report> {
    let mut document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            return vec![Report {
                file: file.to_owned(),
                line: error.line,
                column: error.column,
                end_line: error.line,
                end_column: error.column,
                severity: Severity::Error.word(),
                sentence: error.message,
                code: "syntax",
                pointer: String::new(),
                fixes: Vec::new(),
            }];
        }
    };
    let inside: Vec<_> = document.flows().into_iter().map(|(flow, _)| flow).collect();
    let mut problems = check_in(&document, context);
    if !inside.is_empty() {
        // A team template: around its nodes other things may stand than around a flow.
        problems.retain(|problem| problem.node.is_some());
    }
    for flow in inside {
        document.open_flow(flow);
        let around = Context::around(&document);
        problems.extend(check_in(&document, &around));
    }
    problems.sort_by_key(|problem| problem.span.start);
    let lines = Lines::of(text);
    problems.into_iter().map(|problem| report(file, &lines, problem)).collect()
}

fn report(file: &str, lines: &Lines<'_>, problem: Problem) -> Report {
    let LineColumn { line, column } = lines.place(problem.span.start);
    let end = lines.place(problem.span.end);
    Report {
        file: file.to_owned(),
        line,
        column,
        end_line: end.line,
        end_column: end.column,
        severity: problem.severity.word(),
        sentence: problem.sentence,
        code: problem.code,
        pointer: problem.pointer,
        fixes: problem.fixes.into_iter().map(|fix| fix.label).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(text: &str) -> Vec<Report> {
        reports_of("flow.json", text, &Context::default())
    }

    #[test]
    fn problems_are_told_with_their_place() {
        let reports = alone("{\n  \"apiVersion\": \"v1.2\",\n  \"spec\": { \"kind\": 7 }\n}");
        let report = reports.first().expect("a kind must be a text");
        assert_eq!((report.line, report.severity, report.code), (3, "error", "structure"));
        let syntax = alone("{\n  nope");
        assert_eq!((syntax[0].line, syntax[0].column, syntax[0].code), (2, 3, "syntax"));
    }

    #[test]
    fn a_place_has_an_end_and_a_problem_its_fixes() {
        let text = "{\"apiVersion\": \"v1.2\",\n \"spec\": {\"kind\": \"JobRun\",\n  \"spec\": \
                    {\"jobId\": \"é-${refs.x.id}\"}}}";
        let reports = alone(text);
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        let place = (report.line, report.column, report.end_line, report.end_column);
        assert_eq!(place, (3, 26, 3, 35), "the expression, in characters");
        let renamed = alone(&text.replace("apiVersion", "apiVersoin"));
        assert_eq!(renamed[0].fixes, ["Rename to `apiVersion`"]);
    }

    #[test]
    fn flows_inside_a_template_are_checked_with_their_stage() {
        let text = r#"{
            "apiVersion": "v1.2", "name": "a template",
            "spec": {"kind": "Pipeline", "spec": {"name": "Shop", "stages": [
                {"name": "Development", "nfObjects": [{"id": "web", "type": "service"}],
                 "releaseFlow": {"kind": "ReleaseFlow", "spec": {"apiVersion": "v1.2", "spec":
                    {"kind": "Release", "spec": {"type": "deployment",
                        "origin": {"id": "web", "type": "service"},
                        "target": {"id": "wbe", "type": "service"}}}}}}]}}
        }"#;
        let reports = alone(text);
        let codes: Vec<_> = reports.iter().map(|report| report.code).collect();
        assert_eq!(codes, ["nothing-to-promote", "not-in-stage"], "{reports:?}");
        let pointer = "/spec/spec/stages/0/releaseFlow/spec/spec/spec/type";
        assert_eq!((reports[0].pointer.as_str(), reports[0].line), (pointer, 6));
        assert_eq!(reports[1].fixes, ["Change to `web`"]);
    }

    fn demo(stage: Stage) -> Check {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/project.toml");
        let (files, format) = (Vec::new(), Format::Text);
        Check { files, format, stage: Some(stage), project: Some(project), pipeline: None }
    }

    #[test]
    fn a_project_file_says_what_a_stage_holds() {
        let context = demo(Stage::Staging).context().expect("the project can be read");
        let flow = |job: &str| {
            let text =
                r#"{"apiVersion": "v1.2", "spec": {"kind": "JobRun", "spec": {"jobId": "JOB"}}}"#;
            reports_of("flow.json", &text.replace("JOB", job), &context)
        };
        assert_eq!(flow("shop-migrate-staging"), []);
        let reports = flow("shop-migrate-prod");
        assert_eq!(reports[0].code, "not-in-stage", "{reports:?}");
        let none = Check { pipeline: Some("other".to_owned()), ..demo(Stage::Staging) };
        assert!(none.context().is_err_and(|sentence| sentence.ends_with("no such pipeline")));
    }

    #[test]
    fn the_demo_has_no_problems_in_its_stages() {
        for stage in Stage::ALL {
            let flow = format!("demo/flows/{}.json", stage.slug());
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(flow);
            let text = std::fs::read_to_string(path).expect("the demo has flows");
            let context = demo(stage).context().expect("the project can be read");
            assert_eq!(reports_of("flow.json", &text, &context), []);
        }
    }

    #[test]
    fn a_text_that_no_server_would_take_is_refused() {
        assert!(text_of(io::repeat(b' ')).is_err_and(|it| it.contains("at most 1024 KiB")));
        assert!(text_of(&[0xff][..]).is_err_and(|it| it.contains("UTF-8")));
        assert_eq!(text_of(&b"{}"[..]), Ok("{}".to_owned()));
    }
}
