-- A digest of the arguments that a build was made with; NULL for builds that are older than this
-- column: nobody knows theirs.
ALTER TABLE builds ADD COLUMN arguments TEXT;

-- Which builds a run made or used again, in order.
CREATE TABLE run_builds (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run    TEXT NOT NULL,
  build  TEXT NOT NULL REFERENCES builds (id) ON DELETE CASCADE
);
CREATE INDEX builds_of_run ON run_builds (run, number);
CREATE INDEX runs_of_build ON run_builds (build);
