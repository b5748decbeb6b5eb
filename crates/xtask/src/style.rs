//! Joins the style sheets into one, so that the page loads a single hashed file.
//!
//! `style/main.css` decides the order by `@import "name.css";` lines, each on a line of its own and
//! optionally with `layer(name)`. The files may import one another the same way.

use crate::{Outcome, project};
use std::fs;
use std::path::{Path, PathBuf};

/// Writes `target/style/main.css` from `style/main.css` and what it imports.
///
/// # Errors
/// When a file is missing, is imported in a circle, or an import can't be read.
pub fn bundle() -> Outcome {
    let text = joined(&project::root().join("style/main.css"), &mut Vec::new())?;
    let file = project::root().join("target/style/main.css");
    if fs::read_to_string(&file).is_ok_and(|before| before == text) {
        return Ok(());
    }
    fs::create_dir_all(project::root().join("target/style"))
        .and_then(|()| fs::write(&file, text))
        .map_err(|error| format!("{} could not be written: {error}.", file.display()))
}

fn joined(file: &Path, above: &mut Vec<PathBuf>) -> Outcome<String> {
    if above.iter().any(|outer| outer == file) {
        return Err(format!("{} imports itself, directly or by another file.", file.display()));
    }
    let text = fs::read_to_string(file)
        .map_err(|error| format!("the style sheet {} can't be read: {error}.", file.display()))?;

    above.push(file.to_path_buf());
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.lines().enumerate() {
        if !line.starts_with("@import") {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let Some((name, layer)) = import(line) else {
            return Err(format!(
                "{}:{}: this import can't be joined; write `@import \"name.css\";` or \
                 `@import \"name.css\" layer(name);` with a file of this folder.",
                file.display(),
                number + 1
            ));
        };
        let inner = joined(&file.with_file_name(name), above)?;
        match layer {
            Some(layer) => out.push_str(&format!("@layer {layer} {{\n{inner}}}\n")),
            None => out.push_str(&inner),
        }
    }
    above.pop();
    Ok(out)
}

/// The file and the layer of an import line.
fn import(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.strip_prefix("@import")?.trim().strip_prefix('"')?;
    let (name, rest) = rest.split_once('"')?;
    let rest = rest.trim().strip_suffix(';')?.trim();
    let layer = match rest {
        "" => None,
        rest => Some(rest.strip_prefix("layer(")?.strip_suffix(')')?),
    };
    let name = name.trim_start_matches("./");
    (!name.is_empty() && !name.contains("//")).then_some((name, layer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("xtask-style-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
        }
        folder
    }

    #[test]
    fn imports_are_joined_in_their_order_and_layers() {
        let folder = folder(
            "order",
            &[
                (
                    "main.css",
                    "@import \"a.css\" layer(base);\n@import \"./b.css\";\nbody { margin: 0 }\n",
                ),
                ("a.css", "a { color: red }\n"),
                ("b.css", "b { color: blue }\n"),
            ],
        );
        let text = joined(&folder.join("main.css"), &mut Vec::new()).unwrap();
        assert_eq!(
            text,
            "@layer base {\na { color: red }\n}\nb { color: blue }\nbody { margin: 0 }\n"
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_can_not_be_joined_is_said() {
        let folder = folder(
            "errors",
            &[
                ("circle.css", "@import \"circle.css\";\n"),
                ("foreign.css", "@import \"https://example.com/x.css\";\n"),
                ("missing.css", "@import \"nowhere.css\";\n"),
            ],
        );
        let error = |name| joined(&folder.join(name), &mut Vec::new()).unwrap_err();
        assert!(error("circle.css").contains("imports itself"));
        assert!(error("foreign.css").contains("foreign.css:1: this import can't be joined"));
        assert!(error("missing.css").contains("nowhere.css can't be read"));
        fs::remove_dir_all(folder).unwrap();
    }
}
