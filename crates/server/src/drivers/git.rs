//! Git without surprises: no hooks, no prompts, no configuration of the machine, only the
//! protocol that the project file's remote has, and `--` before operands.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    process::{Ended, Order, Sink},
    work::{Failed, Work, judge},
};
use crate::project::Repository;

/// A fetch may move a lot; everything else is local.
pub(super) const FETCH_TIMEOUT: Duration = Duration::from_secs(15 * 60);
const LOCAL_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// A commit's name is short; anything longer is not one.
const ANSWER: usize = 4096;

/// What to build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    Branch(String),
    /// 40 hexadecimal digits.
    Commit(String),
}

/// Brings the mirror of a repository up to date and finds the commit.
///
/// # Errors
/// When the remote can't be reached, or has no such branch or commit.
pub async fn fetch(
    work: &mut Work<'_>,
    repository: &Repository,
    url: &str,
    revision: &Revision,
) -> Result<String, Failed> {
    let mirror = work.world.mirror_folder(&repository.remote);
    let _alone = work.alone(lock_name(repository)).await?;
    if !tokio::fs::try_exists(mirror.join("HEAD")).await? {
        tokio::fs::create_dir_all(&mirror).await?;
        run(work, repository, Call::of(init(&mirror)), LOCAL_TIMEOUT)
            .await
            .map_err(|failed| because(failed, "The mirror of the repository can't be made"))?;
    }
    work.note(&format!("Fetching {url}.")).await?;
    let dir = format!("--git-dir={}", mirror.display());
    let fetch = Call::of(fetch_all(&mirror, repository));
    run(work, repository, fetch, FETCH_TIMEOUT)
        .await
        .map_err(|failed| because(failed, &format!("The repository {url} can't be fetched")))?;
    commit(work, repository, &dir, url, revision).await
}

/// Whoever changes the mirror of a repository holds this lock.
pub(super) fn lock_name(repository: &Repository) -> String {
    format!("git {}", repository.remote)
}

/// Makes an empty mirror.
pub(super) fn init(mirror: &Path) -> Vec<String> {
    let place = mirror.display().to_string();
    ["init", "--quiet", "--bare", "--", &place].map(str::to_owned).to_vec()
}

/// Brings a mirror up to date.
pub(super) fn fetch_all(mirror: &Path, repository: &Repository) -> Vec<String> {
    let dir = format!("--git-dir={}", mirror.display());
    let refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    let remote = repository.remote.as_str();
    let fetch = [&dir, "fetch", "--quiet", "--prune", "--no-tags", "--", remote, refs[0], refs[1]];
    fetch.map(str::to_owned).to_vec()
}

/// A Git command, with nothing around it that isn't said.
pub(super) async fn order_of(
    repository: &Repository,
    args: Vec<String>,
    timeout: Duration,
) -> Result<Order, Failed> {
    order(repository, Call::of(args), timeout).await
}

async fn commit(
    work: &mut Work<'_>,
    repository: &Repository,
    dir: &str,
    url: &str,
    revision: &Revision,
) -> Result<String, Failed> {
    let (name, what) = match revision {
        Revision::Branch(branch) => (format!("refs/heads/{branch}^{{commit}}"), "branch"),
        Revision::Commit(sha) => (format!("{sha}^{{commit}}"), "commit"),
    };
    let args = [dir, "rev-parse", "--quiet", "--verify", "--end-of-options", &name];
    let answer = ask(work, repository, &args).await?;
    let shown = match revision {
        Revision::Branch(name) | Revision::Commit(name) => name,
    };
    answer
        .filter(|sha| sha.len() == 40 && sha.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .ok_or_else(|| Failed::unusable(format!("The repository {url} has no {what} \"{shown}\".")))
}

/// Writes the files of a commit into a new folder. There is no repository in it.
///
/// # Errors
/// When Git or the disk refuses.
pub async fn checkout(
    work: &mut Work<'_>,
    repository: &Repository,
    sha: &str,
    folder: &Path,
) -> Result<(), Failed> {
    let mirror = work.world.mirror_folder(&repository.remote);
    let dir = format!("--git-dir={}", mirror.display());
    let index = index_of(folder);
    tokio::fs::create_dir_all(folder).await?;
    // Without a work tree Git refuses to write files from a bare repository.
    let tree = format!("--work-tree={}", folder.display());
    let with_index = |args: Vec<String>| Call { args, index: Some(index.clone()) };
    let read = with_index(vec![dir.clone(), "read-tree".into(), sha.into()]);
    let write = with_index(vec![dir, tree, "checkout-index".into(), "--all".into()]);
    for call in [read, write] {
        run(work, repository, call, LOCAL_TIMEOUT)
            .await
            .map_err(|failed| because(failed, &format!("The commit {sha} can't be checked out")))?;
    }
    Ok(())
}

/// The index that belongs to a checkout; whoever removes the checkout removes it, too.
pub fn index_of(folder: &Path) -> PathBuf {
    folder.with_extension("index")
}

fn because(failed: Failed, what: &str) -> Failed {
    if failed.stopped {
        return failed;
    }
    Failed { message: format!("{what}. {}", failed.message), ..failed }
}

struct Call {
    args: Vec<String>,
    index: Option<PathBuf>,
}

impl Call {
    const fn of(args: Vec<String>) -> Self {
        Self { args, index: None }
    }
}

async fn run(
    work: &mut Work<'_>,
    repository: &Repository,
    call: Call,
    timeout: Duration,
) -> Result<(), Failed> {
    let order = order(repository, call, timeout).await?;
    let sink = Sink::Log(&mut work.log);
    match work.world.fence.run(&order, sink, work.stop.clone()).await? {
        Ended::Stopped => Err(work.halted()),
        ended => judge(ended, "git", timeout),
    }
}

/// What Git prints, if it succeeds.
async fn ask(
    work: &mut Work<'_>,
    repository: &Repository,
    args: &[&str],
) -> Result<Option<String>, Failed> {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let order = order(repository, Call::of(args), LOCAL_TIMEOUT).await?;
    let mut answer = Vec::new();
    let sink = Sink::Memory(&mut answer, ANSWER);
    let ended = work.world.fence.run(&order, sink, work.stop.clone()).await?;
    match ended {
        Ended::Exit(0) => Ok(Some(String::from_utf8_lossy(&answer).trim().to_owned())),
        Ended::Exit(_) => Ok(None),
        Ended::Stopped => Err(work.halted()),
        other => judge(other, "git", LOCAL_TIMEOUT).map(|()| None),
    }
}

async fn order(repository: &Repository, call: Call, timeout: Duration) -> Result<Order, Failed> {
    let mut settings = vec![
        ("core.hooksPath".to_owned(), "/dev/null".to_owned()),
        ("core.fsmonitor".to_owned(), "false".to_owned()),
        ("gc.auto".to_owned(), "0".to_owned()),
        ("maintenance.auto".to_owned(), "false".to_owned()),
        // A remote on this machine may belong to somebody else; hooks never run anyway.
        ("safe.directory".to_owned(), "*".to_owned()),
        ("credential.helper".to_owned(), String::new()),
    ];
    let mut env = vec![
        ("PATH".to_owned(), std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned())),
        ("LC_ALL".to_owned(), "C.UTF-8".to_owned()),
        ("GIT_TERMINAL_PROMPT".to_owned(), "0".to_owned()),
        ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
        ("GIT_CONFIG_GLOBAL".to_owned(), "/dev/null".to_owned()),
        ("GIT_ALLOW_PROTOCOL".to_owned(), protocol(&repository.remote).to_owned()),
    ];
    credential(repository, &mut settings, &mut env).await?;
    env.push(("GIT_CONFIG_COUNT".to_owned(), settings.len().to_string()));
    for (at, (name, value)) in settings.into_iter().enumerate() {
        env.push((format!("GIT_CONFIG_KEY_{at}"), name));
        env.push((format!("GIT_CONFIG_VALUE_{at}"), value));
    }
    if let Some(index) = call.index {
        env.push(("GIT_INDEX_FILE".to_owned(), index.display().to_string()));
    }
    let mut args = vec!["git".to_owned()];
    args.extend(call.args);
    Ok(Order { args, env, folder: PathBuf::from("/"), timeout })
}

fn protocol(remote: &str) -> &'static str {
    match remote.split_once("://") {
        Some(("https", _)) => "https",
        Some(("ssh", _)) => "ssh",
        _ => "file",
    }
}

/// Secrets go through the environment: arguments can be read by everybody on the machine.
async fn credential(
    repository: &Repository,
    settings: &mut Vec<(String, String)>,
    env: &mut Vec<(String, String)>,
) -> Result<(), Failed> {
    let batch = "ssh -o BatchMode=yes".to_owned();
    let Some(file) = &repository.credential else {
        env.push(("GIT_SSH_COMMAND".to_owned(), batch));
        return Ok(());
    };
    if protocol(&repository.remote) == "ssh" {
        // Git gives this to a shell, so the path is quoted for one.
        let path = file.display().to_string().replace('\'', r"'\''");
        let command = format!("{batch} -o IdentitiesOnly=yes -i '{path}'");
        env.push(("GIT_SSH_COMMAND".to_owned(), command));
        return Ok(());
    }
    let secret = tokio::fs::read_to_string(file).await.map_err(|error| {
        Failed::unusable(format!("The credential of the repository can't be read: {error}."))
    })?;
    let header = format!("Authorization: Basic {}", base64(secret.trim().as_bytes()));
    settings.push(("http.extraHeader".to_owned(), header));
    Ok(())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or_default();
            out.push(if at <= chunk.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        for (text, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("ada:t?>", "YWRhOnQ/Pg==")]
        {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[tokio::test]
    async fn git_sees_no_configuration_and_only_the_remotes_protocol() {
        let repository = Repository { remote: "/srv/a.git".into(), credential: None };
        let call = Call { args: vec!["fetch".into()], index: None };
        let order = order(&repository, call, LOCAL_TIMEOUT).await.expect("no credential to read");
        let has = |name: &str, value: &str| order.env.contains(&(name.into(), value.into()));
        assert!(has("GIT_ALLOW_PROTOCOL", "file"));
        assert!(has("GIT_TERMINAL_PROMPT", "0"));
        assert!(has("GIT_CONFIG_GLOBAL", "/dev/null"));
        assert!(has("GIT_CONFIG_KEY_0", "core.hooksPath"));
        assert!(!order.env.iter().any(|(name, _)| name == "HOME"));
    }
}
