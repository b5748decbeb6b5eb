#!/bin/sh
# deploy.sh STAGE PART: unpacks the part of the artifact into a folder of its own and switches the
# link `current` to it by rename, so that there is always exactly one release running.
set -eu

stage=$1
part=$2
home="servers/$stage/$part"

if [ -z "${ARTIFACT:-}" ]; then
    echo "$part in $stage runs builds, and was given ${IMAGE:-nothing}." >&2
    exit 1
fi

echo "Deploying $part to $stage"
echo "  build  $BUILD_ID"
echo "  commit $COMMIT_SHA"
release="$home/releases/$BUILD_ID"
if [ -d "$release" ]; then
    echo "The release is still unpacked from last time."
else
    echo "Unpacking the artifact ..."
    rm -rf "$release.new"
    cp -R "$ARTIFACT/$part" "$release.new"
    mv "$release.new" "$release"
fi
sleep "${PACE:-1}"

before=$(readlink "$home/current" 2>/dev/null || echo none)
rm -f "$home/current.new"
ln -s "releases/$BUILD_ID" "$home/current.new"
# Without -T (-h on BSD) the link would be moved into the folder that the old one points to.
mv -fT "$home/current.new" "$home/current" 2>/dev/null || mv -fh "$home/current.new" "$home/current"
date +%s >"$home/started"
echo "Switched current: $before -> releases/$BUILD_ID"
