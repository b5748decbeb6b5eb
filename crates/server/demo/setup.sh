#!/bin/sh
# Makes the repository `shop` from the folders in history/: one commit each, the file MESSAGE in
# a folder being its message.
set -eu

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME='Slipway demo' GIT_AUTHOR_EMAIL='demo@slipway.invalid'
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"

git init --quiet shop
git -C shop symbolic-ref HEAD refs/heads/main
for step in history/*/; do
    (cd "$step" && tar -cf - .) | (cd shop && tar -xf -)
    rm shop/MESSAGE
    git -C shop add --all
    git -C shop commit --quiet --file="$PWD/${step}MESSAGE"
done
rm -rf history

for stage in dev staging prod; do
    mkdir -p "servers/$stage/web/releases" "servers/$stage/worker/releases"
done
