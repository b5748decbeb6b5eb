//! `cargo xtask dev`: debug builds, built again and reloaded when a file changes.
//!
//! Inputs are hashed twice a second, which is a few milliseconds of work. The page that is served
//! gets one more script, a file like any other so that the content policy holds here too; it
//! reloads the page when the built page's version changes.

use crate::{Outcome, build, install, project, serve, shell, stamp};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

const RELOAD: &str = include_str!("reload.js");
const PAUSE: Duration = Duration::from_millis(500);

/// Builds, serves and watches until it is stopped; the arguments go to `slipway serve`.
///
/// # Errors
/// When the tools can't be installed. A build that fails is shown and waits for the next change.
pub fn run(arguments: &[String]) -> Outcome {
    install::for_serving()?;
    install::crates()?;
    let folder = project::root().join("target/dev");
    let mut app = Watched::new(build::app_inputs());
    let mut server = Watched::new(build::server_inputs());
    let mut running = Running { arguments: arguments.to_vec(), folder, child: None };
    loop {
        let app_changed = app.changed();
        let server_changed = server.changed();
        if (app_changed || server_changed)
            && let Err(error) = running.rebuild(app_changed, server_changed)
        {
            eprintln!("{error}\nWaiting for the next change.");
        }
        running.notice_an_end();
        sleep(PAUSE);
    }
}

struct Watched {
    inputs: Vec<PathBuf>,
    seen: Option<u64>,
}

impl Watched {
    fn new(inputs: Vec<PathBuf>) -> Self {
        Self { inputs, seen: None }
    }

    /// Whether anything is different from the last time this was asked; true at first.
    fn changed(&mut self) -> bool {
        let now = Some(stamp::hash(&self.inputs, ""));
        std::mem::replace(&mut self.seen, now) != now
    }
}

struct Running {
    arguments: Vec<String>,
    folder: PathBuf,
    child: Option<Child>,
}

impl Running {
    fn rebuild(&mut self, app: bool, server: bool) -> Outcome {
        if app {
            build::app_for_development(&self.folder)?;
            add_reload(&self.folder)?;
        }
        if server {
            build::server_for_development()?;
        }
        // The server reads the app when it starts, so both kinds of change start it again.
        self.stop();
        let mut serve = Command::new(project::target().join("debug/slipway"));
        serve.arg("serve").arg("--app").arg(&self.folder);
        if !serve::names_a_project(&self.arguments) {
            serve.arg("--demo");
        }
        serve.args(&self.arguments);
        let shown = shell::shown(&serve);
        self.child = Some(serve.spawn().map_err(|error| shell::could_not_start(&shown, &error))?);
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // An error means that it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn notice_an_end(&mut self) {
        let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
        if let Some(status) = ended {
            eprintln!("The server ended ({status}). Waiting for the next change.");
            self.child = None;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

fn add_reload(folder: &Path) -> Outcome {
    let page = folder.join("index.html");
    fs::read_to_string(&page)
        .and_then(|text| {
            let version = format!("{:016x}", stamp::hash(std::slice::from_ref(&page), ""));
            let tag =
                format!("<script src=\"./reload.js\" data-version=\"{version}\"></script></head>");
            fs::write(&page, text.replacen("</head>", &tag, 1))?;
            fs::write(folder.join("reload.js"), RELOAD)
        })
        .map_err(|error| format!("{} could not be prepared: {error}.", page.display()))
}
