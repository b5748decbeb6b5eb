//! `cargo xtask dist`: what a team hosts. A static site, and the server beside it.

use crate::steps::Steps;
use crate::{Outcome, build, install, project};
use std::fs;
use std::path::Path;

const BASE: &str = "<base href=\"/\">";

/// Builds the site into `target/site` and the server's binary.
///
/// # Errors
/// When the base is no path, or something can't be built or copied.
pub fn run(arguments: &[String]) -> Outcome {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let base = match words.as_slice() {
        [] => "/".to_owned(),
        ["--base", path] => base_path(path)?,
        _ => return Err("`dist` takes nothing or `--base PATH`.".to_owned()),
    };

    let site = project::root().join("target/site");
    let mut steps = Steps::new(5);
    steps.step("tools", "Checking the tools, installing what is missing", install::for_serving)?;
    steps.step("crates", "Fetching the crates", install::crates)?;
    steps.step("app", "Building the app", build::app)?;
    steps.step("site", "Writing the static site", || write_site(&site, &base))?;
    steps.step("server", "Building the server", build::server)?;
    println!(
        "\nsite    {} (for the address path {base}; answer unknown paths with index.html)\nserver  {}",
        site.display(),
        project::server().display()
    );
    Ok(())
}

/// An absolute path of a URL with a slash at both ends.
fn base_path(path: &str) -> Outcome<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    if !path.starts_with('/') || path.contains("//") || !path.chars().all(plain) {
        return Err(format!(
            "`{path}` is no base path; write it like /tools/slipway/, with letters, digits and -_.~ only."
        ));
    }
    Ok(format!("{}/", path.trim_end_matches('/')))
}

fn write_site(site: &Path, base: &str) -> Outcome {
    let failed =
        |error: std::io::Error| format!("{} could not be written: {error}.", site.display());
    if site.exists() {
        fs::remove_dir_all(site).map_err(failed)?;
    }
    copy(&project::app(), site).map_err(failed)?;
    let page = site.join("index.html");
    let text = fs::read_to_string(&page).map_err(failed)?;
    fs::write(&page, with_base(&text, base)?).map_err(failed)
}

fn with_base(page: &str, base: &str) -> Outcome<String> {
    if page.matches(BASE).count() != 1 {
        return Err(format!("index.html must hold {BASE} exactly once."));
    }
    Ok(page.replace(BASE, &format!("<base href=\"{base}\">")))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_gets_its_slashes_and_nothing_else_passes() {
        assert_eq!(base_path("/").unwrap(), "/");
        assert_eq!(base_path("/tools/slipway").unwrap(), "/tools/slipway/");
        for wrong in ["tools", "//host/", "/a b/", "/\"><script>", "https://host/"] {
            assert!(base_path(wrong).is_err(), "{wrong} passed");
        }
    }

    #[test]
    fn the_page_of_this_repository_can_be_moved() {
        let page = fs::read_to_string(project::root().join("index.html")).unwrap();
        assert!(with_base(&page, "/x/").unwrap().contains("<base href=\"/x/\">"));
        assert!(with_base("<head></head>", "/x/").is_err());
    }
}
