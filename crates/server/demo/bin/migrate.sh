#!/bin/sh
# migrate.sh STAGE: applies every migration that the stage's database doesn't have yet, and notes
# the run. MIGRATE_TO, if given, is the last one to apply.
set -eu

stage=$1
base="servers/$stage/shop.db"
sql() { sh bin/sql.sh "$base"; }

echo "Migrating $base"
echo 'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS migration_runs (run TEXT PRIMARY KEY, at TEXT);' | sql

for file in migrations/*.sql; do
    name=$(basename "$file" .sql)
    applied=$(echo "SELECT count(*) FROM migrations WHERE name = '$name';" | sql)
    if [ "$applied" = 0 ]; then
        echo "  applying $name ..."
        sleep "${PACE:-1}"
        { echo 'BEGIN;'; cat "$file"; echo "INSERT INTO migrations VALUES ('$name'); COMMIT;"; } | sql
    else
        echo "  $name is there already"
    fi
    if [ "$name" = "${MIGRATE_TO:-}" ]; then
        break
    fi
done

# The key is the same when this is started again after an interruption: noted once.
echo "INSERT OR IGNORE INTO migration_runs VALUES ('$IDEMPOTENCY_KEY', datetime('now'));" | sql
echo "Migrations so far: $(echo 'SELECT count(*) FROM migrations;' | sql)."
