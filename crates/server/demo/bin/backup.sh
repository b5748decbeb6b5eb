#!/bin/sh
# backup.sh STAGE: copies the stage's database to BACKUP_FILE. Slipway adds the checksum.
set -eu

stage=$1
base="servers/$stage/shop.db"

if [ ! -f "$base" ]; then
    echo "There is no database in $stage yet: an empty one is made."
    : >"$base"
fi
echo "Backing up $base ($BACKUP_TYPE) ..."
sleep "${PACE:-1}"
cp "$base" "$BACKUP_FILE"
echo "Copied $(wc -c <"$BACKUP_FILE" | tr -d ' ') bytes."
