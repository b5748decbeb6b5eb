//! The patterns. `S` below is what ECMAScript calls white space.

use std::sync::OnceLock;

use super::{Pattern, words};

macro_rules! s {
    () => {
        r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
    };
}

/// One part of an internal ID: a letter, then groups of letters and digits with single hyphens.
macro_rules! internal {
    () => {
        "[a-zA-Z](?:-?[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*)?"
    };
}

const UNBOUNDED: usize = usize::MAX;

/// ECMAScript's white space, which differs from Rust's by U+FEFF and U+0085.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202F}'
                | '\u{205F}'
                | '\u{3000}'
                | '\u{FEFF}'
    )
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || is_space(c)
}

fn in_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn in_lower_id(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

fn in_qualified_id(c: char) -> bool {
    in_id(c) || c == '/'
}

fn in_description(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_space(c) || r#".,?\/'"()[];`%^&*-_:!"#.contains(c)
}

fn in_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._/".contains(c)
}

fn in_image(c: char) -> bool {
    in_path(c) || ":@".contains(c)
}

fn in_branch_rule(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/*%-.#_!'();,&=+".contains(c)
}

/// The colon is looked at by the shape, which can say more about it.
fn in_repository(c: char) -> bool {
    in_path(c) || c == ':'
}

fn in_sha(c: char) -> bool {
    c.is_ascii_hexdigit()
}

fn anything(_: char) -> bool {
    true
}

/// Names of runs and of pipelines.
pub static RUN_NAME: Pattern = Pattern {
    id: "run-name",
    noun: "A name",
    source: concat!(r"^[a-zA-Z]((-|[", s!(), r"])?[a-zA-Z0-9]+((-|[", s!(), r"])[a-zA-Z0-9]+)*)?$"),
    min: 3,
    max: 39,
    rule: "A name starts with a letter and has letters and digits, parted by single hyphens or spaces.",
    allows: in_name,
    any_of: None,
    shape: words::grouped_from_letter,
    accept: &["Example Run", "v2-release 7", "Rel"],
    reject: &["1st run", "double  space", "trailing-", "snake_case", "a--b", ""],
    compiled: OnceLock::new(),
};

/// Descriptions of runs and of pipelines.
pub static DESCRIPTION: Pattern = Pattern {
    id: "description",
    noun: "A description",
    source: concat!(r#"^[a-zA-Z0-9.,?"#, s!(), r#"\\/'"()\[\];`%^&*\-_:!]+$"#),
    min: 1,
    max: 200,
    rule: "A description has letters, digits, spaces and the signs . , ? \\ / ' \" ( ) [ ] ; ` % ^ & * - _ : !",
    allows: in_description,
    any_of: Some(1),
    shape: words::nothing,
    accept: &[
        "Fixes \"login\" bug (see 1.2)!",
        "A/B test: 50%; yes?",
        "it's [ok] \\ `x` *_^&-",
        "first line\nsecond line",
        "\u{FEFF}",
    ],
    reject: &[
        "uses + plus",
        "at @ sign",
        "hash #12",
        "a = b",
        "<b>",
        "fine \u{1F389}",
        "",
        "\u{85}",
        "{x}",
        "a|b",
        "~",
        "$",
    ],
    compiled: OnceLock::new(),
};

/// Repository addresses of triggers and GitOps.
pub static REPO_URL: Pattern = Pattern {
    id: "repo-url",
    noun: "A repository address",
    source: r"^(https:\/\/)?((www(\.[a-zA-Z0-9\-]{2,})+\.)?[a-zA-Z0-9\-]{2,})(\.([a-zA-Z0-9\-]{2,}))+(\/([a-zA-Z0-9\-._]{2,}))+?$",
    min: 1,
    max: UNBOUNDED,
    rule: "A repository address is written like https://github.com/acme/shop.",
    allows: in_repository,
    any_of: None,
    shape: words::repository,
    accept: &[
        "https://github.com/northflank-examples/remix-postgres-redis-demo",
        "gitlab.example.co.uk/group/sub.group/repo_1",
        "www.github.com/org/repo",
    ],
    reject: &[
        "http://github.com/org/repo",
        "git@github.com:org/repo.git",
        "https://github.com/org/repo/",
        "https://github.com",
        "https://github.com/a/repo",
        "https://gitlab.local:8443/org/repo",
        "https://github.com/org/repo?x=1",
        "https://localhost/org/repo",
    ],
    compiled: OnceLock::new(),
};

/// One rule of `branchRestrictions` and `prRestrictions`.
pub static BRANCH_RULE: Pattern = Pattern {
    id: "branch-rule",
    noun: "A branch rule",
    source: r"^[a-zA-Z/*0-9%\-.#_!'();,&=+]*$",
    min: 0,
    max: UNBOUNDED,
    rule: "A branch rule is a branch name, or a pattern such as feature/*.",
    allows: in_branch_rule,
    any_of: Some(0),
    shape: words::nothing,
    accept: &["feature/*", "release-1.2", "*", ""],
    reject: &["has space", "feat@home", "a:b", "a?b", "a[b]", "h\u{E9}llo"],
    compiled: OnceLock::new(),
};

/// Absolute paths of files in a repository. Segments of two dots match: who opens such a path
/// must guard against them.
pub static FILE_PATH: Pattern = Pattern {
    id: "file-path",
    noun: "A file path",
    source: r"^\/([a-zA-Z0-9\-._]+\/)*[a-zA-Z0-9\-._]+$",
    min: 1,
    max: UNBOUNDED,
    rule: "A file path is written like /release/development.json.",
    allows: in_path,
    any_of: None,
    shape: words::path,
    accept: &[
        "/release-development.json",
        "/release/development.json",
        "/.northflank/flow_v1.2.json",
    ],
    reject: &["release.json", "/dir/", "/a//b.json", "/with space.json", "/"],
    compiled: OnceLock::new(),
};

/// Folders that an image is built in.
pub static WORK_DIR: Pattern = Pattern {
    id: "work-dir",
    noun: "A folder path",
    source: r"^\/([a-zA-Z0-9\-._]+\/)*[a-zA-Z0-9\-._]*$",
    min: 1,
    max: UNBOUNDED,
    rule: "A folder path is written like /app/src.",
    allows: in_path,
    any_of: None,
    shape: words::path,
    accept: &["/", "/app/", "/app/src"],
    reject: &["app", "//", "/a b"],
    compiled: OnceLock::new(),
};

pub static DOCKERFILE_TARGET: Pattern = Pattern {
    id: "dockerfile-target",
    noun: "A Dockerfile target",
    source: r"^[a-zA-Z0-9\-_]+$",
    min: 1,
    max: UNBOUNDED,
    rule: "A Dockerfile target has letters, digits, hyphens and underscores.",
    allows: |c| in_id(c) || c == '_',
    any_of: Some(1),
    shape: words::nothing,
    accept: &["builder", "stage_2", "prod-1"],
    reject: &["a b", "a.b", ""],
    compiled: OnceLock::new(),
};

/// A text with `${…}` in it, which may stand for a value wherever the API takes references. `${`
/// and `}` must be on one line.
pub static REFERENCE: Pattern = Pattern {
    id: "reference",
    noun: "A reference",
    source: r"\$\{[^\n\r\u{2028}\u{2029}]*\}",
    min: 1,
    max: UNBOUNDED,
    rule: "A reference is written like ${refs.build.id}, on one line.",
    allows: anything,
    any_of: None,
    shape: words::reference,
    accept: &["${args.x}", "pre-${refs.a.b}-post", "${}"],
    reject: &["$args.x", "{args.x}", "${args.x", "${args.x\n}"],
    compiled: OnceLock::new(),
};

/// IDs of services, jobs, addons and projects.
pub static ID: Pattern = Pattern {
    id: "id",
    noun: "An ID",
    source: r"^[A-Za-z0-9-]+$",
    min: 1,
    max: UNBOUNDED,
    rule: "An ID has letters, digits and hyphens.",
    allows: in_id,
    any_of: Some(1),
    shape: words::nothing,
    accept: &["my-service", "A1", "-"],
    reject: &["my_service", "a b", "", "a/b"],
    compiled: OnceLock::new(),
};

/// IDs of plans and backup destinations.
pub static SLUG: Pattern = Pattern {
    id: "slug",
    noun: "An ID",
    source: r"^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$",
    min: 3,
    max: 100,
    rule: "An ID has letters and digits, parted by single hyphens.",
    allows: in_id,
    any_of: None,
    shape: words::grouped,
    accept: &["nf-compute-50", "abc", "1a-2b"],
    reject: &["a--b", "-ab", "a b"],
    compiled: OnceLock::new(),
};

/// Names of resources and of pipelines that templates declare.
pub static NAME: Pattern = Pattern {
    id: "name",
    noun: "A name",
    source: concat!(r"^[a-zA-Z0-9]+((-|[", s!(), r"])[a-zA-Z0-9]+)*$"),
    min: 3,
    max: 100,
    rule: "A name has letters and digits, parted by single hyphens or spaces.",
    allows: in_name,
    any_of: None,
    shape: words::grouped,
    accept: &["My pipeline", "2 stage", "a-b"],
    reject: &["a  b", "_x", "x-"],
    compiled: OnceLock::new(),
};

/// Internal IDs; a job's has at most 52 characters.
pub static INTERNAL_ID: Pattern = Pattern {
    id: "internal-id",
    noun: "An ID",
    source: concat!("^", internal!(), "$"),
    min: 3,
    max: 54,
    rule: "An ID starts with a letter and has letters and digits, parted by single hyphens.",
    allows: in_id,
    any_of: None,
    shape: words::grouped_from_letter,
    accept: &["my-service", "a-1", "abc"],
    reject: &["1abc", "a--b", "abc-"],
    compiled: OnceLock::new(),
};

/// An internal ID, alone or after its project's.
pub static QUALIFIED_ID: Pattern = Pattern {
    id: "qualified-id",
    noun: "An ID",
    source: concat!("^(?:", internal!(), r"\/)?", internal!(), "$"),
    min: 1,
    max: UNBOUNDED,
    rule: "An ID is written like shop-builder, or with its project like shop/shop-builder.",
    allows: in_qualified_id,
    any_of: None,
    shape: words::qualified,
    accept: &["builder", "my-project/builder", "p/b"],
    reject: &["a/b/c", "/builder", "1p/b"],
    compiled: OnceLock::new(),
};

/// IDs of integrations that messages go through.
pub static INTEGRATION_ID: Pattern = Pattern {
    id: "integration-id",
    noun: "An integration's ID",
    source: concat!("^", internal!(), "$"),
    min: 3,
    max: 39,
    rule: "An integration's ID starts with a letter and has letters and digits, parted by single hyphens.",
    allows: in_id,
    any_of: None,
    shape: words::grouped_from_letter,
    accept: &["team-slack", "a-1", "abc"],
    reject: &["1abc", "a--b", "abc-", "team_slack", ""],
    compiled: OnceLock::new(),
};

/// IDs of templates that a flow runs: an internal ID, alone or after its project's, or any ID.
pub static TEMPLATE_ID: Pattern = Pattern {
    id: "template-id",
    noun: "A template's ID",
    source: concat!("^(?:", internal!(), r"\/", internal!(), "|[A-Za-z0-9-]+)$"),
    min: 3,
    max: 79,
    rule: "A template's ID is written like smoke-tests, or with its project like shop/smoke-tests.",
    allows: in_qualified_id,
    any_of: None,
    shape: words::qualified,
    accept: &["smoke-tests", "my-project/builder", "1-a--b"],
    reject: &["a/b/c", "/builder", "1p/b", "a b", "p/", ""],
    compiled: OnceLock::new(),
};

/// Old IDs of linked accounts.
pub static VCS_LINK_ID: Pattern = Pattern {
    id: "vcs-link-id",
    noun: "A linked account's ID",
    source: "^[0-9a-f]{24}$",
    min: 24,
    max: 24,
    rule: "A linked account's ID has 24 hexadecimal digits, letters small.",
    allows: |c| matches!(c, '0'..='9' | 'a'..='f'),
    any_of: None,
    shape: words::nothing,
    accept: &["507f1f77bcf86cd799439011"],
    reject: &["507F1F77BCF86CD799439011", "507f1f77bcf86cd79943901", "", "my-account"],
    compiled: OnceLock::new(),
};

/// IDs of clusters of one's own.
pub static CLUSTER_ID: Pattern = Pattern {
    id: "cluster-id",
    noun: "A cluster ID",
    source: r"^[a-z]-?[a-z0-9]+(-[a-z0-9]+)*$",
    min: 3,
    max: 20,
    rule: "A cluster ID starts with a small letter and has small letters and digits, parted by single hyphens.",
    allows: in_lower_id,
    any_of: None,
    shape: words::grouped_from_letter,
    accept: &["my-cluster", "a1", "gcp-eu-1"],
    reject: &["A1", "a", "a--b"],
    compiled: OnceLock::new(),
};

/// IDs of self-hosted Git services: `team/service`, an object ID, and, as newer documents write
/// it, one ID alone.
pub static SELF_HOSTED_VCS_ID: Pattern = Pattern {
    id: "self-hosted-vcs-id",
    noun: "A self-hosted service ID",
    source: r"^(?:[A-Za-z0-9-]+\/[A-Za-z0-9-]+|[A-Za-z0-9-]+)$",
    min: 1,
    max: UNBOUNDED,
    rule: "A self-hosted service ID is written like my-team/gitlab.",
    allows: in_qualified_id,
    any_of: None,
    shape: words::self_hosted,
    accept: &["my-team/gitlab-1", "507f1f77bcf86cd799439011", "A/b", "my-team"],
    reject: &[
        "team/id/extra",
        "my_team/x",
        "",
        "a/",
        "/b",
        "a/b!!!",
        "!!!507f1f77bcf86cd799439011",
    ],
    compiled: OnceLock::new(),
};

/// Images, with a tag or digest.
pub static IMAGE_PATH: Pattern = Pattern {
    id: "image-path",
    noun: "An image",
    source: r"^(?:(?:https?:\/\/)?([a-zA-Z0-9\-]+\.[a-zA-Z0-9\.\-]+)(\/v1)?)?(?:\/)?([a-zA-Z/-9\.\-_]+)(?::([a-zA-Z/-9\.\-_:]+)|@([a-zA-Z/-9\.\-_:]+))$",
    min: 1,
    max: UNBOUNDED,
    rule: "An image is written like ghcr.io/acme/web:1.4.0.",
    allows: in_image,
    any_of: None,
    shape: words::image,
    accept: &["nginx:latest", "ghcr.io/org/app:1.2.3", "library/nginx@sha256:9c8f8d"],
    reject: &["nginx", "nginx:", "nginx latest:1"],
    compiled: OnceLock::new(),
};

/// A commit. The API asks for 40 characters; only hexadecimal digits can be one.
pub static SHA: Pattern = Pattern {
    id: "sha",
    noun: "A commit",
    source: r"^[0-9a-fA-F]{40}$",
    min: 40,
    max: 40,
    rule: "A commit is written with all its 40 hexadecimal digits.",
    allows: in_sha,
    any_of: None,
    shape: words::nothing,
    accept: &["0123456789abcdef0123456789ABCDEF01234567"],
    reject: &["", "0123456", "g123456789abcdef0123456789abcdef01234567"],
    compiled: OnceLock::new(),
};

/// A commit, or the newest one.
pub static BUILD_SHA: Pattern = Pattern {
    id: "build-sha",
    noun: "A commit",
    source: r"^(?:latest|[0-9a-fA-F]{40})$",
    min: 6,
    max: 40,
    rule: "A commit is written with all its 40 hexadecimal digits, or as latest.",
    allows: anything,
    any_of: None,
    shape: words::build_sha,
    accept: &["latest", "0123456789abcdef0123456789abcdef01234567"],
    reject: &["", "newest", "0123456"],
    compiled: OnceLock::new(),
};

/// Every pattern.
pub static ALL: &[&Pattern] = &[
    &RUN_NAME,
    &DESCRIPTION,
    &REPO_URL,
    &BRANCH_RULE,
    &FILE_PATH,
    &WORK_DIR,
    &DOCKERFILE_TARGET,
    &REFERENCE,
    &ID,
    &SLUG,
    &NAME,
    &INTERNAL_ID,
    &QUALIFIED_ID,
    &INTEGRATION_ID,
    &TEMPLATE_ID,
    &VCS_LINK_ID,
    &CLUSTER_ID,
    &SELF_HOSTED_VCS_ID,
    &IMAGE_PATH,
    &SHA,
    &BUILD_SHA,
];
