#!/bin/sh
# healthy.sh STAGE PART: whether what runs is the build that was deployed, and has come up. It
# takes PACE seconds to come up.
set -eu

stage=$1
part=$2
home="servers/$stage/$part"

running=$(sed -n 's/^build: //p' "$home/current/VERSION")
up_for=$(($(date +%s) - $(cat "$home/started")))
if [ "$up_for" -lt "${PACE:-1}" ]; then
    echo "$part in $stage is starting ..."
    exit 1
fi
if [ "$running" != "$BUILD_ID" ]; then
    # A build that was used again keeps the name that it was made under.
    echo "$part in $stage runs build $running instead of $BUILD_ID." >&2
    exit 1
fi
echo "$part in $stage answers: build $running is up."
