#!/bin/sh
# restore.sh STAGE: puts a backup back, by rename.
set -eu

stage=$1
base="servers/$stage/shop.db"

echo "Restoring $base from backup $BACKUP_ID ..."
sleep "${PACE:-1}"
cp "$BACKUP_FILE" "$base.new"
mv -f "$base.new" "$base"
