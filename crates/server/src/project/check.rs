//! Whatever types alone can't say about a project file; a fault names the byte that it is about.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use slipway_api::{resource::ResourceType, stage::Stage};
use toml::Spanned;

use super::{
    Addon, BuildService, Command, DeploymentService, HANDED, Health, Interrupted, Job, Project,
    Repository, SeedPipeline, SeedStage, Service, ServiceKind,
    file::{
        AddonTable, CommandTable, File, JobTable, PipelineTable, RepositoryTable, ServiceTable,
        ServiceWord, StageTable,
    },
    load::Fault,
};

type Checked<T> = Result<T, Fault>;

/// What a command gets when the file says nothing: half an hour, one attempt, a minute between
/// attempts, 4 MiB of output, 4 GiB of artifact or backup.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);
const BACKOFF: Duration = Duration::from_secs(60);
const OUTPUT: u64 = 4 << 20;
const SIZE: u64 = 4 << 30;
const INTERVAL: Duration = Duration::from_secs(2);
const WITHIN: Duration = Duration::from_secs(5 * 60);
const MOST_ATTEMPTS: u32 = slipway_engine::retry::Policy::MOST_ATTEMPTS;

pub fn project(file: File, folder: &Path) -> Checked<Project> {
    let id = id(&file.project.id)?;
    let mut repositories = BTreeMap::new();
    for (url, table) in file.repositories {
        repositories.insert(url.get_ref().clone(), repository(&url, &table, folder)?);
    }
    let services = file
        .service
        .into_iter()
        .map(|table| service(table, folder, &repositories))
        .collect::<Checked<Vec<_>>>()?;
    let jobs = file.job.into_iter().map(|table| job(table, folder)).collect::<Checked<Vec<_>>>()?;
    let addons =
        file.addon.into_iter().map(|table| addon(table, folder)).collect::<Checked<Vec<_>>>()?;
    let mut project = Project {
        name: file.project.name.unwrap_or_else(|| id.clone()),
        id,
        description: file.project.description,
        services: unique(services, "service")?,
        jobs: unique(jobs, "job")?,
        addons: unique(addons, "addon")?,
        repositories,
        pipelines: Vec::new(),
    };
    project.pipelines = pipelines(file.pipeline, &project, folder)?;
    Ok(project)
}

fn fault<T>(at: &Spanned<T>, message: String) -> Fault {
    Fault { offset: at.span().start, message }
}

/// Keeps the offset of a table's id beside it until ids are known to be unique.
struct Placed<T> {
    offset: usize,
    id: String,
    item: T,
}

fn unique<T>(items: Vec<Placed<T>>, what: &str) -> Checked<Vec<T>> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::with_capacity(items.len());
    for Placed { offset, id, item } in items {
        if !seen.insert(id.clone()) {
            let message = format!("the {what} \"{id}\" is declared twice: give one another id");
            return Err(Fault { offset, message });
        }
        out.push(item);
    }
    Ok(out)
}

fn id(text: &Spanned<String>) -> Checked<String> {
    let name = text.get_ref();
    let valid = (1..=54).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-');
    if valid {
        return Ok(name.clone());
    }
    Err(fault(
        text,
        format!(
            "\"{name}\" can't be an id: use 1 to 54 letters, digits and hyphens, and no hyphen first"
        ),
    ))
}

fn repository(
    url: &Spanned<String>,
    table: &RepositoryTable,
    folder: &Path,
) -> Checked<Repository> {
    if url.get_ref().is_empty() {
        return Err(fault(url, "a repository needs the public URL that flows name".to_owned()));
    }
    let remote = match table.remote.get_ref().as_str() {
        text if text.starts_with("https://") || text.starts_with("ssh://") => text.to_owned(),
        text if text.contains("://") || text.contains("::") || text.is_empty() => {
            let message = format!(
                "\"{text}\" can't be a remote: use https://…, ssh://… or a path on this machine"
            );
            return Err(fault(&table.remote, message));
        }
        path => folder.join(path).display().to_string(),
    };
    let credential = match &table.credential {
        None => None,
        Some(text) => match text.get_ref().strip_prefix("file:") {
            Some(path) if !path.is_empty() => Some(folder.join(path)),
            _ => {
                let message = "a credential is written \"file:PATH\": secrets don't belong into \
                               the project file";
                return Err(fault(text, message.to_owned()));
            }
        },
    };
    Ok(Repository { remote, credential })
}

fn service(
    table: ServiceTable,
    folder: &Path,
    repositories: &BTreeMap<String, Repository>,
) -> Checked<Placed<Service>> {
    let id = id(&table.id)?;
    for action in &table.allow {
        if !matches!(action.get_ref().as_str(), "restart" | "execute") {
            let message = format!(
                "\"{}\" is no action of a service: it can be \"restart\" or \"execute\"",
                action.get_ref()
            );
            return Err(fault(action, message));
        }
    }
    let kind = match table.kind {
        ServiceWord::Build => {
            if let Some(wrong) = table.deploy.as_ref().or(table.health.as_ref()) {
                let message = format!("the build service \"{id}\" can't have this: only \"build\"");
                return Err(fault(wrong, message));
            }
            ServiceKind::Build(build_service(&table, folder, repositories)?)
        }
        ServiceWord::Deployment => {
            if let Some(wrong) = &table.build {
                let message = format!(
                    "the deployment service \"{id}\" can't build: put this into a service of kind \
                     \"build\""
                );
                return Err(fault(wrong, message));
            }
            let deploy = table.deploy.as_ref().ok_or_else(|| {
                fault(&table.id, format!("the service \"{id}\" needs a \"deploy\" command"))
            })?;
            ServiceKind::Deployment(DeploymentService {
                deploy: command(deploy, folder, Interrupted::Again)?,
                health: table.health.as_ref().map(|health_| health(health_, folder)).transpose()?,
            })
        }
    };
    let service = Service {
        name: table.name.unwrap_or_else(|| id.clone()),
        description: table.description,
        id: id.clone(),
        kind,
    };
    Ok(Placed { offset: table.id.span().start, id, item: service })
}

fn build_service(
    table: &ServiceTable,
    folder: &Path,
    repositories: &BTreeMap<String, Repository>,
) -> Checked<BuildService> {
    let id = table.id.get_ref();
    let need = |what: &str| fault(&table.id, format!("the build service \"{id}\" needs {what}"));
    let repository = table.repository.as_ref().ok_or_else(|| need("a \"repository\""))?;
    if !repositories.contains_key(repository.get_ref()) {
        let message = format!(
            "nothing says where \"{}\" is fetched from: add [repositories.\"{0}\"] with a remote",
            repository.get_ref()
        );
        return Err(fault(repository, message));
    }
    let build = table.build.as_ref().ok_or_else(|| need("a \"build\" command"))?;
    let artifact = build.get_ref().artifact.as_ref().ok_or_else(|| {
        fault(build, "a build needs \"artifact\": what to keep of the checkout".to_owned())
    })?;
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !artifact.get_ref().components().all(inside) || artifact.get_ref().as_os_str().is_empty() {
        let message = "an artifact is a path inside the checkout, without \"..\"".to_owned();
        return Err(fault(artifact, message));
    }
    let mut command = parts(build, folder, Interrupted::Again, Allowed::Artifact)?;
    // A build's relative program comes from the checkout, not from the project file's folder.
    if let Some(program) = build.get_ref().command.first() {
        command.args[0].clone_from(program.get_ref());
    }
    Ok(BuildService {
        repository: repository.get_ref().clone(),
        command,
        artifact: artifact.get_ref().clone(),
    })
}

fn health(table: &Spanned<CommandTable>, folder: &Path) -> Checked<Health> {
    let mut command = parts(table, folder, Interrupted::Again, Allowed::Timing)?;
    if table.get_ref().timeout.is_none() {
        command.timeout = Duration::from_secs(30);
    }
    Ok(Health {
        command,
        interval: table.get_ref().interval.as_ref().map_or(INTERVAL, |span| span.get_ref().0),
        within: table.get_ref().within.as_ref().map_or(WITHIN, |span| span.get_ref().0),
    })
}

fn job(table: JobTable, folder: &Path) -> Checked<Placed<Job>> {
    let id = id(&table.id)?;
    let job = Job {
        name: table.name.unwrap_or_else(|| id.clone()),
        description: table.description,
        run: command(&table.run, folder, Interrupted::Ask)?,
        deploy: optional(table.deploy.as_ref(), folder, Interrupted::Again)?,
        id: id.clone(),
    };
    Ok(Placed { offset: table.id.span().start, id, item: job })
}

fn addon(table: AddonTable, folder: &Path) -> Checked<Placed<Addon>> {
    let id = id(&table.id)?;
    let addon = Addon {
        name: table.name.unwrap_or_else(|| id.clone()),
        description: table.description,
        kind: table.kind,
        backup: optional(table.backup.as_ref(), folder, Interrupted::Again)?,
        restore: optional(table.restore.as_ref(), folder, Interrupted::Ask)?,
        id: id.clone(),
    };
    Ok(Placed { offset: table.id.span().start, id, item: addon })
}

fn optional(
    table: Option<&Spanned<CommandTable>>,
    folder: &Path,
    interrupted: Interrupted,
) -> Checked<Option<Command>> {
    table.map(|table| command(table, folder, interrupted)).transpose()
}

fn command(
    table: &Spanned<CommandTable>,
    folder: &Path,
    interrupted: Interrupted,
) -> Checked<Command> {
    parts(table, folder, interrupted, Allowed::Nothing)
}

/// Which members beside the common ones a command table may have.
#[derive(Clone, Copy, PartialEq)]
enum Allowed {
    Nothing,
    Artifact,
    Timing,
}

fn parts(
    spanned: &Spanned<CommandTable>,
    folder: &Path,
    interrupted: Interrupted,
    allowed: Allowed,
) -> Checked<Command> {
    let table = spanned.get_ref();
    if let (Some(wrong), true) = (&table.artifact, allowed != Allowed::Artifact) {
        return Err(fault(wrong, "only a \"build\" has an artifact".to_owned()));
    }
    if let Some(wrong) = table.interval.as_ref().or(table.within.as_ref())
        && allowed != Allowed::Timing
    {
        return Err(fault(wrong, "only \"health\" has \"interval\" and \"within\"".to_owned()));
    }
    let program = table.command.first().ok_or_else(|| {
        fault(spanned, "a command needs at least the name of a program".to_owned())
    })?;
    let mut known: BTreeSet<&str> = HANDED.into_iter().collect();
    for name in table.env.iter().chain(&table.pass).chain(table.set.keys()) {
        variable(name)?;
        if !known.insert(name.get_ref()) {
            let message = format!("\"{}\" is named twice for this command", name.get_ref());
            return Err(fault(name, message));
        }
    }
    for argument in &table.command {
        super::expand(argument.get_ref(), |name| known.contains(name).then_some(""))
            .map_err(|message| fault(argument, message))?;
    }
    let attempts = match &table.attempts {
        None => 1,
        Some(count) if (1..=MOST_ATTEMPTS).contains(count.get_ref()) => *count.get_ref(),
        Some(count) => {
            let message = format!("\"attempts\" is a number from 1 to {MOST_ATTEMPTS}");
            return Err(fault(count, message));
        }
    };
    let mut args: Vec<String> = table.command.iter().map(|arg| arg.get_ref().clone()).collect();
    args[0] = located(program.get_ref(), folder);
    let names = |list: &[Spanned<String>]| list.iter().map(|name| name.get_ref().clone()).collect();
    Ok(Command {
        args,
        folder: folder.to_owned(),
        env: names(&table.env),
        pass: names(&table.pass),
        set: table
            .set
            .iter()
            .map(|(name, value)| (name.get_ref().clone(), value.clone()))
            .collect(),
        timeout: table.timeout.map_or(TIMEOUT, |span| span.0),
        attempts,
        backoff: table.backoff.map_or(BACKOFF, |span| span.0),
        on_interrupted: table.on_interrupted.unwrap_or(interrupted),
        output_limit: table.output.map_or(OUTPUT, |bytes| bytes.0),
        size_limit: table.size.map_or(SIZE, |bytes| bytes.0),
    })
}

/// A program with a slash in it is a path, seen from the project file; one without is looked up.
fn located(program: &str, folder: &Path) -> String {
    if program.contains('/') { folder.join(program).display().to_string() } else { program.into() }
}

fn variable(name: &Spanned<String>) -> Checked<()> {
    let text = name.get_ref();
    let word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if !word {
        let message = format!(
            "\"{text}\" can't be a variable's name: use letters, digits and underscores, and no \
             digit first"
        );
        return Err(fault(name, message));
    }
    if text.starts_with("SLIPWAY_") || HANDED.contains(&text.as_str()) {
        let message = format!("the variable \"{text}\" is Slipway's own: choose another name");
        return Err(fault(name, message));
    }
    if text.starts_with("LD_") || text.starts_with("GIT_") {
        let message =
            format!("the variable \"{text}\" would change how programs are loaded or run");
        return Err(fault(name, message));
    }
    Ok(())
}

fn pipelines(
    tables: Vec<PipelineTable>,
    project: &Project,
    folder: &Path,
) -> Checked<Vec<SeedPipeline>> {
    // A resource belongs to one stage of one pipeline at most.
    let mut taken = BTreeSet::new();
    let mut placed = Vec::with_capacity(tables.len());
    for table in tables {
        let id = id(&table.id)?;
        let mut stages = Vec::new();
        for (stage, given) in [
            (Stage::Development, table.stage.development),
            (Stage::Staging, table.stage.staging),
            (Stage::Production, table.stage.production),
        ] {
            if let Some(given) = given {
                stages.push(seed_stage(stage, &given, project, folder, &mut taken)?);
            }
        }
        let pipeline = SeedPipeline {
            id: id.clone(),
            name: table.name,
            description: table.description,
            stages,
        };
        placed.push(Placed { offset: table.id.span().start, id, item: pipeline });
    }
    unique(placed, "pipeline")
}

fn seed_stage(
    stage: Stage,
    table: &StageTable,
    project: &Project,
    folder: &Path,
    taken: &mut BTreeSet<(ResourceType, String)>,
) -> Checked<SeedStage> {
    let mut resources = Vec::with_capacity(table.resources.len());
    for resource in &table.resources {
        let id = resource.id.get_ref();
        let problem = match resource.kind {
            ResourceType::Service => match project.service(id).map(|service| &service.kind) {
                None => Some("there is no service of this id"),
                Some(ServiceKind::Build(_)) => {
                    Some("build services belong to no stage; flows may use them anyway")
                }
                Some(ServiceKind::Deployment(_)) => None,
            },
            ResourceType::Job if project.job(id).is_none() => Some("there is no job of this id"),
            ResourceType::Addon if project.addon(id).is_none() => {
                Some("there is no addon of this id")
            }
            ResourceType::Job | ResourceType::Addon => None,
        };
        if let Some(problem) = problem {
            return Err(fault(&resource.id, format!("\"{id}\" can't be in a stage: {problem}")));
        }
        if !taken.insert((resource.kind, id.clone())) {
            let message = format!("\"{id}\" is already in a stage: a resource is in one at most");
            return Err(fault(&resource.id, message));
        }
        resources.push((resource.kind, id.clone()));
    }
    let flow = table.flow.as_ref().map(|path| flow(path, folder)).transpose()?;
    Ok(SeedStage { stage, resources, flow })
}

fn flow(path: &Spanned<PathBuf>, folder: &Path) -> Checked<String> {
    let file = folder.join(path.get_ref());
    let text = fs::read_to_string(&file)
        .map_err(|error| fault(path, format!("{} can't be read: {error}", file.display())))?;
    serde_json::from_str::<serde::de::IgnoredAny>(&text)
        .map_err(|error| fault(path, format!("{} is not valid JSON: {error}", file.display())))?;
    Ok(text)
}
