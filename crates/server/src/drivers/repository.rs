//! What a repository holds, for people who choose: its branches, the commits of one, its pull
//! requests. Read from the mirror that builds use, which is brought up to date first.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};

use super::{
    git,
    process::{Ended, Signal, Sink, Stop},
    world::World,
};
use crate::project::Repository;

/// What was fetched so lately is new enough: lists are asked for in quick succession.
const FRESH: Duration = Duration::from_secs(5);
/// How long somebody who reads a list waits for a fetch; the fetch itself goes on.
const PATIENCE: Duration = Duration::from_secs(12);
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of Git's answer: some twenty thousand branches.
const ANSWER: usize = 4 << 20;

/// The fields of a commit, each ended by a NUL, and a line feed between commits.
const FIELDS: &str = "%H%x00%an%x00%aI%x00%s";
const REF_FIELDS: &str =
    "%(refname:strip=2)%00%(objectname)%00%(authorname)%00%(authordate:iso-strict)%00%(subject)";

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// 40 hexadecimal digits.
    pub sha: String,
    pub author: String,
    /// RFC 3339, in the author's time zone.
    pub date: String,
    /// The first line of its message.
    pub subject: String,
}

/// A branch with its newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub name: String,
    pub commit: Commit,
}

/// A pull request, as far as Git knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    pub number: u64,
    /// Its newest commit.
    pub sha: String,
}

/// Why there is no answer: a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("The repository {0} can't be read now. The server's log says why.")]
    Failed(String),
    #[error("The repository {0} is still being fetched. Ask again in a moment.")]
    Late(String),
    #[error("The repository {url} has no branch \"{branch}\".")]
    NoBranch { url: String, branch: String },
}

/// A repository of the project file, ready to be read.
pub struct Reader<'r> {
    world: &'r Arc<World>,
    repository: &'r Repository,
    url: &'r str,
}

impl<'r> Reader<'r> {
    /// `url` is what documents call it.
    #[must_use]
    pub const fn new(world: &'r Arc<World>, repository: &'r Repository, url: &'r str) -> Self {
        Self { world, repository, url }
    }

    /// All branches.
    ///
    /// # Errors
    /// When the repository can't be read.
    pub async fn branches(&self) -> Result<Vec<Branch>, Unread> {
        self.refresh().await?;
        let format = format!("--format={REF_FIELDS}");
        let answer = self.ask(&["for-each-ref", &format, "refs/heads"]).await?;
        let branch = |line: &str| {
            let (name, commit) = line.split_once('\0')?;
            Some(Branch { name: name.to_owned(), commit: commit_of(commit)? })
        };
        Ok(answer.lines().filter_map(branch).collect())
    }

    /// Commits of a branch, the newest first, from the one on that is `skip` behind `tip`; without
    /// a tip, behind the newest. Returns the tip, too: with it the next page follows on, whatever
    /// is pushed meanwhile.
    ///
    /// # Errors
    /// When there is no such branch, or the repository can't be read.
    pub async fn commits(
        &self,
        branch: &str,
        tip: Option<&str>,
        skip: usize,
        most: usize,
    ) -> Result<(String, Vec<Commit>), Unread> {
        if tip.is_none() {
            self.refresh().await?;
        }
        let no_branch = || Unread::NoBranch { url: self.url.to_owned(), branch: branch.to_owned() };
        let name = match tip {
            Some(sha) => format!("{sha}^{{commit}}"),
            None => format!("refs/heads/{branch}^{{commit}}"),
        };
        let verify = ["rev-parse", "--quiet", "--verify", "--end-of-options", &name];
        let tip = self.try_ask(&verify).await?.ok_or_else(no_branch)?;
        let tip = tip.trim().to_owned();
        if !is_sha(&tip) {
            return Err(no_branch());
        }
        // Git counts no further; no branch is that long.
        let skip = skip.min(i32::MAX.unsigned_abs() as usize);
        let (format, skip) = (format!("--format={FIELDS}"), format!("--skip={skip}"));
        let most = format!("--max-count={most}");
        let answer = self.ask(&["log", &format, &skip, &most, &tip, "--"]).await?;
        Ok((tip, answer.lines().filter_map(commit_of).collect()))
    }

    /// The pull requests that the remote has refs for, the newest first: open ones and closed ones.
    ///
    /// # Errors
    /// When the remote can't be asked.
    pub async fn pull_requests(&self) -> Result<Vec<PullRequest>, Unread> {
        let patterns = ["refs/pull/*/head", "refs/merge-requests/*/head"];
        let remote = self.repository.remote.as_str();
        let args = ["ls-remote", "--quiet", "--", remote, patterns[0], patterns[1]];
        let answer = self.answer(args.map(str::to_owned).to_vec()).await?.ok_or_else(|| {
            tracing::warn!(remote, "the pull requests of a repository can't be listed");
            self.failed()
        })?;
        let request = |line: &str| {
            let (sha, name) = line.split_once('\t')?;
            let number = name.split('/').nth(2)?.parse().ok()?;
            is_sha(sha).then(|| PullRequest { number, sha: sha.to_owned() })
        };
        let mut found: Vec<PullRequest> = answer.lines().filter_map(request).collect();
        found.sort_by_key(|request| std::cmp::Reverse(request.number));
        Ok(found)
    }

    /// Brings the mirror up to date. A fetch that takes longer goes on without the caller.
    async fn refresh(&self) -> Result<(), Unread> {
        if is_fresh(&self.mirror()).await {
            return Ok(());
        }
        let (world, repository) = (Arc::clone(self.world), self.repository.clone());
        let fetch = tokio::spawn(async move { fetch(&world, &repository).await });
        match timeout(PATIENCE, fetch).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(why))) => {
                tracing::warn!(url = self.url, why, "a repository can't be fetched");
                Err(self.failed())
            }
            Ok(Err(_)) => Err(self.failed()),
            Err(_) => Err(Unread::Late(self.url.to_owned())),
        }
    }

    fn mirror(&self) -> std::path::PathBuf {
        self.world.mirror_folder(&self.repository.remote)
    }

    fn failed(&self) -> Unread {
        Unread::Failed(self.url.to_owned())
    }

    /// What Git prints about the mirror.
    async fn ask(&self, args: &[&str]) -> Result<String, Unread> {
        self.try_ask(args).await?.ok_or_else(|| {
            tracing::warn!(url = self.url, ?args, "a repository can't be read");
            self.failed()
        })
    }

    /// The same; none when Git says no.
    async fn try_ask(&self, args: &[&str]) -> Result<Option<String>, Unread> {
        let dir = format!("--git-dir={}", self.mirror().display());
        let args = [dir.as_str()].into_iter().chain(args.iter().copied());
        self.answer(args.map(str::to_owned).collect()).await
    }

    async fn answer(&self, args: Vec<String>) -> Result<Option<String>, Unread> {
        let answer = command(self.world, self.repository, args, READ_TIMEOUT).await;
        answer.map_err(|why| {
            tracing::warn!(url = self.url, why, "a repository can't be read");
            self.failed()
        })
    }
}

async fn is_fresh(mirror: &Path) -> bool {
    let fetched = tokio::fs::metadata(mirror.join("FETCH_HEAD")).await;
    let modified = fetched.and_then(|about| about.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < FRESH))
}

async fn fetch(world: &World, repository: &Repository) -> Result<(), String> {
    let mirror = world.mirror_folder(&repository.remote);
    let _alone = world.lock(git::lock_name(repository)).await;
    // Somebody else may have fetched meanwhile.
    if is_fresh(&mirror).await {
        return Ok(());
    }
    let is_there = tokio::fs::try_exists(mirror.join("HEAD")).await;
    if !is_there.map_err(|error| error.to_string())? {
        tokio::fs::create_dir_all(&mirror).await.map_err(|error| error.to_string())?;
        done(command(world, repository, git::init(&mirror), READ_TIMEOUT).await)?;
    }
    let fetch = git::fetch_all(&mirror, repository);
    done(command(world, repository, fetch, git::FETCH_TIMEOUT).await)
}

fn done(answer: Result<Option<String>, String>) -> Result<(), String> {
    answer?.map(drop).ok_or_else(|| "Git failed".to_owned())
}

/// What a Git command prints; none when it fails, a reason when it doesn't come to an end.
async fn command(
    world: &World,
    repository: &Repository,
    args: Vec<String>,
    time: Duration,
) -> Result<Option<String>, String> {
    let order = git::order_of(repository, args, time).await.map_err(|failed| failed.message)?;
    // Held to the end: nobody tells it to stop but the end of the server.
    let (_go, signal) = watch::channel(Signal::Go);
    let mut answer = Vec::new();
    let sink = Sink::Memory(&mut answer, ANSWER);
    match world.fence.run(&order, sink, Stop::new(signal)).await {
        Ok(Ended::Exit(0)) => Ok(Some(String::from_utf8_lossy(&answer).into_owned())),
        Ok(Ended::Exit(_)) => {
            tracing::warn!(said = %String::from_utf8_lossy(&answer).trim(), "git failed");
            Ok(None)
        }
        Ok(other) => Err(format!("{other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn commit_of(line: &str) -> Option<Commit> {
    let mut fields = line.splitn(4, '\0').map(str::to_owned);
    let sha = fields.next().filter(|sha| is_sha(sha))?;
    let (author, date, subject) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Commit { sha, author, date, subject })
}

fn is_sha(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_read_from_its_line_and_nothing_else_is() {
        let sha = "a".repeat(40);
        let line = format!("{sha}\0Ada\02026-01-05T09:00:01+01:00\0Say \0 more");
        let commit = commit_of(&line).expect("a commit");
        assert_eq!((commit.author.as_str(), commit.subject.as_str()), ("Ada", "Say \0 more"));
        assert_eq!(commit_of("fatal: not a repository"), None);
        assert_eq!(commit_of(&format!("{sha}\0Ada")), None);
    }
}
