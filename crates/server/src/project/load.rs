//! Finds the files, reads them, and turns a byte offset into line and column.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Project, ProjectError, check, file::File};

pub fn projects(path: &Path) -> Result<Vec<Arc<Project>>, ProjectError> {
    let mut list: Vec<(PathBuf, Arc<Project>)> = Vec::new();
    for file in files(path)? {
        let project = project(&file)?;
        if let Some((other, _)) = list.iter().find(|(_, known)| known.id == project.id) {
            let message = format!(
                "the project \"{}\" is already declared in {}: give one of them another id",
                project.id,
                other.display()
            );
            return Err(whole(&file, message));
        }
        list.push((file, Arc::new(project)));
    }
    Ok(list.into_iter().map(|(_, project)| project).collect())
}

/// The file itself, or a directory's `*.toml` by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        if file.is_file() && file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn project(path: &Path) -> Result<Project, ProjectError> {
    let path = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    parse(&text, folder).map_err(|Fault { offset, message }| {
        let (line, column) = position(&text, offset);
        ProjectError { file: path.clone(), line, column, message }
    })
}

/// A sentence and the byte of the file that it is about.
#[derive(Debug)]
pub struct Fault {
    pub offset: usize,
    pub message: String,
}

pub fn parse(text: &str, folder: &Path) -> Result<Project, Fault> {
    let file: File = toml::from_str(text).map_err(|error| Fault {
        offset: error.span().map_or(0, |span| span.start),
        message: error.message().replace('\n', " "),
    })?;
    check::project(file, folder)
}

/// Line and column, both from 1; a column counts characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn unreadable(path: &Path, error: &std::io::Error) -> ProjectError {
    whole(path, format!("this can't be read: {error}"))
}

fn whole(path: &Path, message: String) -> ProjectError {
    ProjectError { file: path.to_owned(), line: 1, column: 1, message }
}
