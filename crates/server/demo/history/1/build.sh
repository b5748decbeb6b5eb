#!/bin/sh
# Puts web and worker into out/, each with a note of what it was built from.
set -eu

part() {
    echo "Building $1 ..."
    mkdir -p "out/$1"
    cp -R "$1/." "out/$1/"
    printf 'build: %s\ncommit: %s\nprofile: %s\n' \
        "$BUILD_ID" "$COMMIT_SHA" "${BUILD_PROFILE:-release}" >"out/$1/VERSION"
    sleep "${PACE:-1}"
}

echo "Building commit $COMMIT_SHA of ${BRANCH:-no branch}"
part web
part worker
echo "Checking the page ..."
grep -q '<title>' out/web/index.html
echo "Done: $(find out -type f | wc -l | tr -d ' ') files."
