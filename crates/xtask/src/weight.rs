//! What a browser loads before it shows a page, compressed as the server sends it: a promise of
//! ARCHITECTURE.md, "Where the time goes". The code view's text editor is not part of it: it comes
//! when the view is first opened.

use crate::{Outcome, project, shell};
use std::fs;

/// The best brotli, in the window that the server uses: a line with a number for each file.
const COMPRESS: &str = "\
    const { constants, brotliCompressSync } = require('node:zlib');\
    const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_LGWIN: window } = constants;\
    for (const file of process.argv.slice(1)) {\
      const bytes = require('node:fs').readFileSync(file);\
      console.log(brotliCompressSync(bytes, { params: { [quality]: 11, [window]: 22 } }).length);\
    }";

/// One of the app's two programs.
struct Program {
    /// Whose pages it shows.
    pages: &'static str,
    /// What the names of its own files begin with.
    prefix: &'static str,
    /// How many KB its first load has at most.
    most: usize,
}

const PROGRAMS: [Program; 2] = [
    Program { pages: "pipelines and runs", prefix: "slipway-app", most: 500 },
    // It grew past 500 KB with its views; this keeps it from growing further.
    Program { pages: "the editor", prefix: "slipway-editor", most: 890 },
];

/// Weighs both programs of the built app and prints what it found.
///
/// # Errors
/// When one is heavier than it may be, or a file of it is missing.
pub fn check() -> Outcome {
    let folder = project::app();
    let entries = fs::read_dir(&folder)
        .map_err(|error| format!("{} can't be read: {error}.", folder.display()))?;
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let mut heavy = Vec::new();
    for program in PROGRAMS {
        let files = first_load(&names, &program)?;
        let paths = files.iter().map(|name| folder.join(name).to_string_lossy().into_owned());
        let paths: Vec<String> = paths.collect();
        let mut arguments = vec!["--eval", COMPRESS];
        arguments.extend(paths.iter().map(String::as_str));
        let answer = shell::told(&mut shell::command("node", &arguments))?;
        let bytes: usize = answer.lines().filter_map(|line| line.parse::<usize>().ok()).sum();
        let (kilobytes, most) = (bytes.div_ceil(1000), program.most);
        println!("      {}: {kilobytes} KB of {most} KB", program.pages);
        if kilobytes > most {
            heavy.push(format!("{} load {kilobytes} KB first, and may {most} KB", program.pages));
        }
    }
    if heavy.is_empty() { Ok(()) } else { Err(format!("{}.", heavy.join("; "))) }
}

/// The files of a first load: the page with its style and scripts, and the program's two files.
fn first_load<'a>(names: &'a [String], program: &Program) -> Outcome<Vec<&'a str>> {
    let of = |prefix: &str, end: &str| {
        let is = |name: &&String| name.starts_with(prefix) && name.ends_with(end);
        let found = names.iter().find(is).map(String::as_str);
        found.ok_or_else(|| format!("the built app has no file `{prefix}…{end}`."))
    };
    let common = [("index", ".html"), ("main", ".css"), ("theme", ".js"), ("start", ".js")];
    let own = [(program.prefix, ".js"), (program.prefix, ".wasm")];
    common.into_iter().chain(own).map(|(prefix, end)| of(prefix, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_load_is_the_page_and_one_program() {
        let names = [
            "code-editor.js",
            "index.html",
            "main-1.css",
            "slipway-app-2.js",
            "slipway-app-2_bg.wasm",
            "slipway-editor.js",
            "slipway-editor_bg.wasm",
            "start-3.js",
            "theme-4.js",
        ]
        .map(str::to_owned);
        let [_, editor] = PROGRAMS;
        let files = first_load(&names, &editor).unwrap();
        assert_eq!(files.len(), 6);
        assert!(files.contains(&"slipway-editor_bg.wasm") && !files.contains(&"code-editor.js"));
        let error = first_load(&names[..7], &editor).unwrap_err();
        assert!(error.contains("`theme"), "{error}");
    }
}
