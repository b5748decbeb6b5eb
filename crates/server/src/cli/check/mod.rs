//! `slipway check`: for a person's terminal and for continuous integration.

mod reports;

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use reports::{Area, Report};
use slipway_flow::{
    check::{Context, Resources, Severity},
    stage::Stage,
};

use crate::project::{Project, Projects, SeedPipeline, ServiceKind};

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

fn stage(word: &str) -> Result<Stage, String> {
    Stage::parse(word).ok_or_else(|| "a stage is Development, Staging or Production".to_owned())
}

impl Check {
    /// Exits with 1 when there is an error, and with 2 when a file can't be read.
    pub fn run(self) -> ExitCode {
        let context = match self.once().and_then(|()| self.context()) {
            Ok(context) => context,
            Err(sentence) => {
                eprintln!("slipway: {sentence}");
                return ExitCode::from(2);
            }
        };
        let reports: Vec<_> =
            self.files.iter().flat_map(|path| reports::of_path(path, &context)).collect();
        // Whoever closed the pipe has read enough.
        let _ = print(&reports, self.format, BufWriter::new(io::stdout().lock()));
        let failed = reports.iter().any(|report| report.severity == Severity::Error.word());
        let unread = reports.iter().any(Report::is_unread);
        ExitCode::from(if unread { 2 } else { u8::from(failed) })
    }

    /// Whether standard input is read once at most.
    fn once(&self) -> Result<(), String> {
        match self.files.iter().filter(|path| *path == Path::new("-")).count() {
            0 | 1 => Ok(()),
            _ => Err("standard input can be read only once: give `-` once.".to_owned()),
        }
    }

    fn context(&self) -> Result<Context, String> {
        let Some(stage) = self.stage else { return Ok(Context::default()) };
        let Some(path) = &self.project else {
            return Ok(Context { stage: Some(stage), resources: None });
        };
        let shown = path.display();
        if !path.exists() {
            return Err(format!("{shown} doesn't exist."));
        }
        let projects = Projects::load(path).map_err(|error| error.to_string())?.list();
        if projects.is_empty() {
            return Err(format!("{shown} has no project file in it, whose name ends in `.toml`."));
        }
        let mut found = projects
            .iter()
            .flat_map(|project| project.pipelines.iter().map(move |pipeline| (project, pipeline)))
            .filter(|(_, pipeline)| self.pipeline.as_ref().is_none_or(|id| *id == pipeline.id));
        let (Some((project, pipeline)), more) = (found.next(), found.next().is_some()) else {
            return Err(match &self.pipeline {
                Some(id) => format!("{shown} has no pipeline with the ID `{id}`."),
                None => format!("{shown} has no pipeline."),
            });
        };
        if more {
            return Err(format!("{shown} has several pipelines: say which one with --pipeline."));
        }
        Ok(Context { stage: Some(stage), resources: Some(resources(project, pipeline, stage)) })
    }
}

fn print(reports: &[Report], format: Format, mut out: impl Write) -> io::Result<()> {
    if format == Format::Json {
        serde_json::to_writer_pretty(&mut out, reports)?;
        writeln!(out)?;
        return out.flush();
    }
    for report in reports {
        let Report { file, at: Area { line, column, .. }, severity, sentence, code, .. } = report;
        let place = if report.is_unread() { String::new() } else { format!("{line}:{column}:") };
        writeln!(out, "{file}:{place} {severity}: {sentence} [{code}]")?;
    }
    out.flush()
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

#[cfg(test)]
mod tests {
    use super::{
        reports::{of_text as reports_of, text_of},
        *,
    };

    fn alone(text: &str) -> Vec<Report> {
        reports_of("flow.json", text, &Context::default())
    }

    #[test]
    fn problems_are_told_with_their_place() {
        let reports = alone("{\n  \"apiVersion\": \"v1.2\",\n  \"spec\": { \"kind\": 7 }\n}");
        let report = reports.first().expect("a kind must be a text");
        assert_eq!((report.at.line, report.severity, report.code), (3, "error", "structure"));
        let syntax = alone("{\n  nope");
        assert_eq!((syntax[0].at.line, syntax[0].at.column, syntax[0].code), (2, 3, "syntax"));
    }

    #[test]
    fn a_place_has_an_end_and_a_problem_its_fixes() {
        let text = "{\"apiVersion\": \"v1.2\",\n \"spec\": {\"kind\": \"JobRun\",\n  \"spec\": \
                    {\"jobId\": \"é-${refs.x.id}\"}}}";
        let reports = alone(text);
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        let Area { line, column, end_line, end_column } = report.at;
        let place = (line, column, end_line, end_column);
        assert_eq!(place, (3, 26, 3, 35), "the expression, in characters");
        let renamed = alone(&text.replace("apiVersion", "apiVersoin"));
        assert_eq!(renamed[0].fixes[0].label, "Rename to `apiVersion`");
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
        assert_eq!((reports[0].pointer.as_str(), reports[0].at.line), (pointer, 6));
        assert_eq!(reports[1].fixes[0].label, "Change to `web`");
    }

    #[test]
    fn what_is_inside_a_flow_of_a_template_is_told_once() {
        let text = r#"{
            "apiVersion": "v1.2", "name": "a template",
            "spec": {"kind": "Pipeline", "spec": {"name": "Shop", "stages": [
                {"name": "Development", "releaseFlow": {"kind": "ReleaseFlow", "spec": {
                    "apiVersion": "v1.2", "spec": {"kind": "JobRun", "ref": "a", "ref": "b",
                        "spec": {"jobId": "migrate", "runtimeEnvironment": {"DB_PASSWORD": "hunter2hunter2"}}}}}}]}}
        }"#;
        let codes: Vec<_> = alone(text).iter().map(|report| report.code).collect();
        assert_eq!(codes, ["duplicate-member", "plain-secret"]);
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
        assert!(none.context().is_err_and(|sentence| sentence.contains("no pipeline with the ID")));
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
    fn files_that_are_no_text_are_refused_with_a_code() {
        let said = |bytes: &[u8]| text_of(bytes).expect_err("it is no text");
        assert_eq!(text_of(io::repeat(b' ')).expect_err("it never ends").0, "too-large");
        assert!(said(b"{\xff}").1.contains("UTF-8: byte 2"));
        assert!(said(b"\xff\xfe{\0}\0").1.contains("UTF-16"));
        assert!(said(b"\0{\0}").1.contains("UTF-16"));
        assert_eq!(text_of(&b"{}"[..]), Ok("{}".to_owned()));
    }

    #[test]
    fn edits_of_a_fix_mend_the_file_with_and_without_a_mark() {
        let flow = "{\"apiVersoin\": \"v1.2\", \"x\": \"é\",\n \"spec\": {\"kind\": \"JobRnu\", \
                    \"spec\": {\"jobID\": \"abc\"}, \"wait\": true},\n \"arguments\": {\"a\": \"\"}}";
        for mark in ["", "\u{feff}"] {
            let mut text = format!("{mark}{flow}");
            for _ in 0..20 {
                let before = alone(&text);
                let fix = before.iter().flat_map(|report| &report.fixes).next();
                let Some(fix) = fix else { break };
                assert!(!fix.edits.is_empty(), "{fix:?}");
                for edit in fix.edits.iter().rev() {
                    text.replace_range(edit.start..edit.end, &edit.text);
                }
                assert!(alone(&text).len() < before.len(), "{fix:?}: {text}");
            }
            let left: Vec<_> = alone(&text).iter().map(|report| report.code).collect();
            let marked = if mark.is_empty() { vec![] } else { vec!["byte-order-mark"] };
            assert_eq!(left, marked, "{text}");
        }
    }

    #[test]
    fn of_very_many_problems_the_worst_are_listed() {
        let arguments: Vec<_> = (0..3_000).map(|index| format!("\"a{index}\": 1")).collect();
        let text = format!("{{\"arguments\": {{{}}}, \"apiVersion\": 7}}", arguments.join(","));
        let reports = alone(&text);
        assert_eq!(reports.len(), 1_001);
        assert_eq!(reports[1_000].code, "unlisted");
    }
}
