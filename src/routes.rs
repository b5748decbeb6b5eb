//! Where one can be. Every place in the app has an address, made here and nowhere else; view state
//! that is worth sharing (the chosen node) lives in the query.

use slipway_api::{path::segment, stage::Stage};

/// A place in the app.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Page {
    /// The projects; with one project, its pipelines.
    Home,
    SignIn,
    Pipelines {
        project: String,
    },
    /// A pipeline with its three stages.
    Board {
        project: String,
        pipeline: String,
    },
    /// The editor of a stage's release flow.
    Editor {
        project: String,
        pipeline: String,
        stage: Stage,
    },
    Runs {
        project: String,
        pipeline: String,
        stage: Stage,
    },
    Run {
        project: String,
        pipeline: String,
        stage: Stage,
        run: String,
    },
}

/// The app is two programs, so that whoever only watches does not load the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Pipelines and runs.
    Watch,
    /// The editor of release flows.
    Edit,
}

impl Page {
    /// The program that shows this page. `assets/start.js` says the same of addresses.
    #[must_use]
    pub const fn program(&self) -> Program {
        match self {
            Self::Editor { .. } => Program::Edit,
            _ => Program::Watch,
        }
    }

    /// The path below the app's base, with a leading `/`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Pipelines { project } => format!("/projects/{}/pipelines", segment(project)),
            Self::Board { project, pipeline } => {
                format!("/projects/{}/pipelines/{}", segment(project), segment(pipeline))
            }
            Self::Editor { stage, .. } => format!("{}/{}/edit", self.board_path(), stage.slug()),
            Self::Runs { stage, .. } => format!("{}/{}/runs", self.board_path(), stage.slug()),
            Self::Run { stage, run, .. } => {
                format!("{}/{}/runs/{}", self.board_path(), stage.slug(), segment(run))
            }
        }
    }

    /// The path of the pipeline that this page belongs to; the app's own root where it has none.
    fn board_path(&self) -> String {
        match (self.project(), self.pipeline()) {
            (Some(project), Some(pipeline)) => {
                Self::Board { project: project.to_owned(), pipeline: pipeline.to_owned() }.path()
            }
            _ => String::new(),
        }
    }

    /// The whole path, for a link.
    #[must_use]
    pub fn href(&self) -> String {
        format!("{}{}", base(), self.path())
    }

    /// The address with a node chosen; `node` is its JSON pointer.
    #[must_use]
    pub fn href_with_node(&self, node: &str) -> String {
        format!("{}?node={}", self.href(), segment(node))
    }

    /// Reads a path below the app's base.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<String> =
            path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let owned = |text: &str| text.to_owned();
        Some(match parts[..] {
            [] => Self::Home,
            ["sign-in"] => Self::SignIn,
            ["projects", project, "pipelines"] => Self::Pipelines { project: owned(project) },
            ["projects", project, "pipelines", pipeline] => {
                Self::Board { project: owned(project), pipeline: owned(pipeline) }
            }
            ["projects", project, "pipelines", pipeline, stage, ref rest @ ..] => {
                let (project, pipeline) = (owned(project), owned(pipeline));
                let stage = Stage::parse(stage)?;
                match rest {
                    ["edit"] => Self::Editor { project, pipeline, stage },
                    ["runs"] => Self::Runs { project, pipeline, stage },
                    ["runs", run] => Self::Run { project, pipeline, stage, run: owned(run) },
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    #[must_use]
    pub fn project(&self) -> Option<&str> {
        match self {
            Self::Home | Self::SignIn => None,
            Self::Pipelines { project }
            | Self::Board { project, .. }
            | Self::Editor { project, .. }
            | Self::Runs { project, .. }
            | Self::Run { project, .. } => Some(project),
        }
    }

    #[must_use]
    pub fn pipeline(&self) -> Option<&str> {
        match self {
            Self::Home | Self::SignIn | Self::Pipelines { .. } => None,
            Self::Board { pipeline, .. }
            | Self::Editor { pipeline, .. }
            | Self::Runs { pipeline, .. }
            | Self::Run { pipeline, .. } => Some(pipeline),
        }
    }
}

/// Undoes [`segment`]. What is not an encoding stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The path under which the app lives, without a trailing `/`: empty at a host's root. It comes
/// from the document's `<base href>`, which the server writes.
#[must_use]
#[cfg(target_family = "wasm")]
pub fn base() -> String {
    use leptos::prelude::document;
    // Without a base element the base is the page itself, which says nothing about the app.
    let has_base = document().query_selector("base[href]").ok().flatten().is_some();
    let address = document().base_uri().ok().flatten().filter(|_| has_base);
    address
        .and_then(|address| web_sys::Url::new(&address).ok())
        .map(|url| url.pathname().trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

/// Outside of a browser there is no document: the app lives at the root.
#[must_use]
#[cfg(not(target_family = "wasm"))]
pub fn base() -> String {
    String::new()
}

/// What is left of a whole path below the app's base; none when it is not below it.
#[must_use]
pub fn below_base<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Page, &'static str)> {
        let project = || "shop".to_owned();
        let pipeline = || "web shop".to_owned();
        let stage = Stage::Staging;
        vec![
            (Page::Home, "/"),
            (Page::SignIn, "/sign-in"),
            (Page::Pipelines { project: project() }, "/projects/shop/pipelines"),
            (
                Page::Board { project: project(), pipeline: pipeline() },
                "/projects/shop/pipelines/web%20shop",
            ),
            (
                Page::Editor { project: project(), pipeline: pipeline(), stage },
                "/projects/shop/pipelines/web%20shop/staging/edit",
            ),
            (
                Page::Runs { project: project(), pipeline: pipeline(), stage },
                "/projects/shop/pipelines/web%20shop/staging/runs",
            ),
            (
                Page::Run { project: project(), pipeline: pipeline(), stage, run: "r-1".into() },
                "/projects/shop/pipelines/web%20shop/staging/runs/r-1",
            ),
        ]
    }

    #[test]
    fn every_place_has_its_address_and_is_found_by_it() {
        for (page, path) in all() {
            assert_eq!(page.path(), path);
            assert_eq!(Page::parse(path).as_ref(), Some(&page), "{path}");
            assert_eq!(Page::parse(&format!("{path}/")).as_ref(), Some(&page), "{path}/");
        }
    }

    #[test]
    fn the_start_script_chooses_the_program_that_has_the_page() {
        let script = include_str!("../assets/start.js");
        assert!(script.contains(r"/\/edit\/?$/.test(location.pathname)"));
        for (page, path) in all() {
            assert_eq!(page.program() == Program::Edit, path.ends_with("/edit"), "{path}");
        }
    }

    #[test]
    fn what_is_no_place_is_not_found() {
        for path in [
            "/nowhere",
            "/projects",
            "/projects/shop",
            "/projects/shop/pipelines/p/qa/runs",
            "/projects/shop/pipelines/p/staging",
            "/projects/shop/pipelines/p/staging/runs/r/more",
        ] {
            assert_eq!(Page::parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_stage_is_found_in_any_case_and_written_in_one() {
        let page = Page::parse("/projects/s/pipelines/p/PRODUCTION/edit").unwrap();
        assert_eq!(page.path(), "/projects/s/pipelines/p/production/edit");
    }

    #[test]
    fn a_chosen_node_is_in_the_query() {
        let page = Page::parse("/projects/s/pipelines/p/staging/edit").unwrap();
        assert!(
            page.href_with_node("/spec/spec/steps/0").ends_with("?node=%2Fspec%2Fspec%2Fsteps%2F0")
        );
    }

    #[test]
    fn the_base_is_a_whole_number_of_segments() {
        assert_eq!(below_base("", "/sign-in"), Some("/sign-in"));
        assert_eq!(below_base("/tools/slipway", "/tools/slipway/sign-in"), Some("/sign-in"));
        assert_eq!(below_base("/tools/slipway", "/tools/slipway"), Some(""));
        assert_eq!(below_base("/tools/slipway", "/tools/slipways"), None);
    }

    #[test]
    fn odd_percent_signs_stay() {
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("a%2Fb%zz"), "a/b%zz");
        assert_eq!(decoded("gr%C3%BCn"), "grün");
    }
}
