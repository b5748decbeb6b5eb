//! `Condition`: wait for something that is not waited for by the node that began it.

use super::{
    Icon, Kind, Scope, Section, Selector, Since,
    envelope::{COMMON, project, resource, selector, timeout},
    field::{Choice, Field, FieldType, Source, fields},
    words::{Phrase, Summary},
};
use crate::pattern;

const KINDS: &[Choice] = &[
    Choice { value: "Service", label: "Service" },
    Choice { value: "Addon", label: "Addon" },
    Choice { value: "BYOCCluster", label: "Cluster" },
    Choice { value: "Build", label: "Build" },
    Choice { value: "JobRun", label: "Run of a job" },
    Choice { value: "AddonBackup", label: "Backup" },
    Choice { value: "AddonImport", label: "Import" },
    Choice { value: "VCS", label: "Git service" },
];

const TYPES: &[Choice] = &[
    Choice { value: "running", label: "It runs" },
    Choice { value: "success", label: "It has succeeded" },
    Choice { value: "createRepoFromSourceSuccess", label: "The copy is there" },
];

/// What every condition says.
static SELECTORS: [Field; 2] = [
    selector("/spec/kind", "What is waited for", KINDS),
    selector("/spec/spec/type", "What must be so", TYPES),
];

const fn awaits(kind: &'static str, what: &'static str) -> [Selector; 2] {
    [
        Selector { pointer: "/spec/kind", value: kind },
        Selector { pointer: "/spec/spec/type", value: what },
    ]
}

const CONDITION: Kind = Kind {
    kind: "Condition",
    icon: Icon::Wait,
    section: Section::Wait,
    cite: "release flow, node Condition",
    scope: Scope::Both,
    ..Kind::NEW
};

/// Only what runs can be waited for with an end of its own.
static TIMEOUT: [Field; 1] = [timeout("/spec/spec/data/timeoutDuration")];
static PROJECT: [Field; 1] =
    [Field { ty: FieldType::of(&pattern::INTERNAL_ID), ..project("/spec/spec/data/projectId") }];

const fn whose(
    pointer: &'static str,
    label: &'static str,
    ty: FieldType,
    source: Source,
) -> [Field; 1] {
    [resource(pointer, label, ty, source)]
}

const SERVICE_ID: &str = "/spec/spec/data/serviceId";
static SERVICE_FIELD: [Field; 1] =
    whose(SERVICE_ID, "Service", FieldType::of(&pattern::INTERNAL_ID), Source::Services);

const ADDON_ID: &str = "/spec/spec/data/addonId";
static ADDON_FIELD: [Field; 1] =
    whose(ADDON_ID, "Addon", FieldType::of(&pattern::INTERNAL_ID), Source::Addons);

const CLUSTER_ID: &str = "/spec/spec/data/clusterId";
static CLUSTER_FIELD: [Field; 1] =
    whose(CLUSTER_ID, "Cluster", FieldType::of(&pattern::CLUSTER_ID), Source::Clusters);

const BUILD_ID: &str = "/spec/spec/data/buildId";
static BUILD_FIELD: [Field; 1] = whose(
    BUILD_ID,
    "Build",
    FieldType::of(&pattern::INTERNAL_ID),
    Source::OutputsOf { kind: "Build", output: "id" },
);

const JOB_ID: &str = "/spec/spec/data/jobId";
static JOB_FIELD: [Field; 1] =
    whose(JOB_ID, "Job", FieldType::of(&pattern::INTERNAL_ID), Source::Jobs);

const RUN_ID: &str = "/spec/spec/data/runId";
static RUN_FIELD: [Field; 1] = whose(
    RUN_ID,
    "Run of the job",
    FieldType::at_least(1),
    Source::OutputsOf { kind: "JobRun", output: "id" },
);

const BACKUP_ID: &str = "/spec/spec/data/backupId";
static BACKUP_FIELD: [Field; 1] = whose(
    BACKUP_ID,
    "Backup",
    FieldType::of(&pattern::ID),
    Source::OutputsOf { kind: "AddonBackup", output: "id" },
);

const IMPORT_ID: &str = "/spec/spec/data/importId";
static IMPORT_FIELD: [Field; 1] = whose(
    IMPORT_ID,
    "Import",
    FieldType::of(&pattern::ID),
    Source::OutputsOf { kind: "AddonImport", output: "id" },
);

const TRACKER_ID: &str = "/spec/spec/data/trackerId";
static TRACKER_FIELD: [Field; 1] = whose(
    TRACKER_ID,
    "Copy of a repository",
    FieldType::at_least(1),
    Source::OutputsOf { kind: "Action", output: "trackerId" },
);

pub(super) static SERVICE: Kind = Kind {
    when: &awaits("Service", "running"),
    title: "Wait for service",
    help: "Waits until a deployment service runs.",
    fields: fields![SELECTORS, SERVICE_FIELD, TIMEOUT, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: SERVICE_ID }],
        details: &[],
        resource: SERVICE_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "Service",
    "spec": {
      "type": "running",
      "data": {
        "serviceId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static ADDON: Kind = Kind {
    when: &awaits("Addon", "running"),
    title: "Wait for addon",
    help: "Waits until a database or another addon runs.",
    fields: fields![SELECTORS, ADDON_FIELD, TIMEOUT, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: ADDON_ID }],
        details: &[],
        resource: ADDON_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "Addon",
    "spec": {
      "type": "running",
      "data": {
        "addonId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static CLUSTER: Kind = Kind {
    when: &awaits("BYOCCluster", "running"),
    title: "Wait for cluster",
    help: "Waits until a cluster in a cloud account of your own runs.",
    fields: fields![SELECTORS, CLUSTER_FIELD, TIMEOUT, COMMON],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: CLUSTER_ID }],
        details: &[],
        resource: CLUSTER_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "BYOCCluster",
    "spec": {
      "type": "running",
      "data": {
        "clusterId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static BUILD: Kind = Kind {
    when: &awaits("Build", "success"),
    title: "Wait for build",
    help: "Waits until a build that an earlier node started has succeeded.",
    fields: fields![SELECTORS, BUILD_FIELD, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: BUILD_ID }],
        details: &[],
        resource: BUILD_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "Build",
    "spec": {
      "type": "success",
      "data": {
        "buildId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static JOB_RUN: Kind = Kind {
    when: &awaits("JobRun", "success"),
    title: "Wait for job",
    help: "Waits until a run of a job that an earlier node started has succeeded.",
    fields: fields![SELECTORS, JOB_FIELD, RUN_FIELD, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: JOB_ID }],
        details: &[&[Phrase::Value { before: "run", pointer: RUN_ID }]],
        resource: JOB_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "JobRun",
    "spec": {
      "type": "success",
      "data": {
        "jobId": "",
        "runId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static BACKUP: Kind = Kind {
    when: &awaits("AddonBackup", "success"),
    title: "Wait for backup",
    help: "Waits until a backup that an earlier node started has succeeded.",
    fields: fields![SELECTORS, ADDON_FIELD, BACKUP_FIELD, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: ADDON_ID }],
        details: &[&[Phrase::Value { before: "backup", pointer: BACKUP_ID }]],
        resource: ADDON_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "AddonBackup",
    "spec": {
      "type": "success",
      "data": {
        "addonId": "",
        "backupId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static IMPORT: Kind = Kind {
    when: &awaits("AddonImport", "success"),
    title: "Wait for import",
    help: "Waits until an import that an earlier node started has succeeded.",
    since: Since::Y2026,
    fields: fields![SELECTORS, ADDON_FIELD, IMPORT_FIELD, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: ADDON_ID }],
        details: &[&[Phrase::Value { before: "import", pointer: IMPORT_ID }]],
        resource: ADDON_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "AddonImport",
    "spec": {
      "type": "success",
      "data": {
        "addonId": "",
        "importId": ""
      }
    }
  }
}"#,
    ..CONDITION
};

pub(super) static COPY: Kind = Kind {
    when: &awaits("VCS", "createRepoFromSourceSuccess"),
    title: "Wait for repository",
    help: "Waits until a copy of a repository that an earlier node started is there.",
    fields: fields![SELECTORS, TRACKER_FIELD, COMMON],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: TRACKER_ID }],
        details: &[],
        resource: TRACKER_ID,
    },
    template: r#"{
  "kind": "Condition",
  "spec": {
    "kind": "VCS",
    "spec": {
      "type": "createRepoFromSourceSuccess",
      "data": {
        "trackerId": ""
      }
    }
  }
}"#,
    ..CONDITION
};
