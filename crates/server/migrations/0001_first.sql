-- Times are milliseconds since the Unix epoch, UTC.

-- One row a project: the newest sequence number of its log.
CREATE TABLE sequences (
  project TEXT PRIMARY KEY,
  seq     INTEGER NOT NULL
) WITHOUT ROWID;

-- The log: the truth about every run.
CREATE TABLE events (
  project  TEXT    NOT NULL,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  pipeline TEXT,
  stage    TEXT,
  run      TEXT,
  body     TEXT    NOT NULL,
  PRIMARY KEY (project, seq)
) WITHOUT ROWID;
CREATE INDEX events_of_run ON events (run, seq) WHERE run IS NOT NULL;

CREATE TABLE pipelines (
  project     TEXT    NOT NULL,
  id          TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  description TEXT,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- A resource sits in one stage of one pipeline.
CREATE TABLE stage_resources (
  project  TEXT    NOT NULL,
  type     TEXT    NOT NULL CHECK (type IN ('service', 'job', 'addon')),
  id       TEXT    NOT NULL,
  pipeline TEXT    NOT NULL,
  stage    TEXT    NOT NULL CHECK (stage IN ('Development', 'Staging', 'Production')),
  position INTEGER NOT NULL,
  PRIMARY KEY (project, type, id),
  FOREIGN KEY (project, pipeline) REFERENCES pipelines (project, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX resources_of_stage ON stage_resources (project, pipeline, stage, position);

-- The document of a stage, byte for byte as its author sent it.
CREATE TABLE flows (
  project    TEXT    NOT NULL,
  pipeline   TEXT    NOT NULL,
  stage      TEXT    NOT NULL CHECK (stage IN ('Development', 'Staging', 'Production')),
  text       TEXT    NOT NULL,
  etag       TEXT    NOT NULL,
  paused     INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL,
  PRIMARY KEY (project, pipeline, stage),
  FOREIGN KEY (project, pipeline) REFERENCES pipelines (project, id) ON DELETE CASCADE
);

-- Every text that was ever saved for a stage, oldest first.
CREATE TABLE revisions (
  project  TEXT    NOT NULL,
  pipeline TEXT    NOT NULL,
  stage    TEXT    NOT NULL,
  number   INTEGER NOT NULL,
  text     TEXT    NOT NULL,
  etag     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  by       TEXT    NOT NULL,
  PRIMARY KEY (project, pipeline, stage, number),
  FOREIGN KEY (project, pipeline) REFERENCES pipelines (project, id) ON DELETE CASCADE
);

-- A run with its own copy of the document. The columns from `status` on are a projection of the
-- run's events, kept in the same transaction as the events, so that a list is one indexed query.
CREATE TABLE runs (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE,
  project      TEXT    NOT NULL,
  pipeline     TEXT    NOT NULL,
  stage        TEXT    NOT NULL,
  document     TEXT    NOT NULL,
  request      TEXT    NOT NULL,
  origin       TEXT    NOT NULL,
  by           TEXT    NOT NULL,
  name         TEXT,
  description  TEXT,
  status       TEXT    NOT NULL,
  concluded    INTEGER NOT NULL DEFAULT 0,
  reason       TEXT,
  created_at   INTEGER NOT NULL,
  started_at   INTEGER,
  concluded_at INTEGER,
  updated_at   INTEGER NOT NULL
);
CREATE INDEX runs_of_stage ON runs (project, pipeline, stage, number);
CREATE INDEX runs_unfinished ON runs (number) WHERE concluded = 0;

CREATE TABLE builds (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE,
  project      TEXT    NOT NULL,
  service      TEXT    NOT NULL,
  branch       TEXT,
  sha          TEXT,
  status       TEXT    NOT NULL,
  artifact     TEXT,
  created_at   INTEGER NOT NULL,
  concluded_at INTEGER
);
CREATE INDEX builds_of_service ON builds (project, service, branch, number);

-- What runs where now; the log knows what ran there before.
CREATE TABLE deployments (
  project    TEXT    NOT NULL,
  resource   TEXT    NOT NULL,
  deployment TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (project, resource)
) WITHOUT ROWID;

CREATE TABLE backups (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE,
  project    TEXT    NOT NULL,
  addon      TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  checksum   TEXT    NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX backups_of_addon ON backups (project, addon, number);

-- Secrets are kept as SHA-256 only.
CREATE TABLE tokens (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL UNIQUE,
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'releaser', 'editor', 'admin')),
  hash       BLOB    NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
);
CREATE TABLE sign_in_codes (
  hash       BLOB    PRIMARY KEY,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sessions (
  hash       BLOB    PRIMARY KEY,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  token      TEXT    REFERENCES tokens (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
