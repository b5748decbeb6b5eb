#!/bin/sh
# sql.sh DATABASE: executes the SQL on standard input, with whatever the machine has for it.
set -eu

if command -v sqlite3 >/dev/null; then
    exec sqlite3 -batch -bail "$1"
elif command -v python3 >/dev/null; then
    exec python3 -c '
import sqlite3, sys
text, base = sys.stdin.read(), sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in filter(str.strip, text.split(";")):
    for row in base.execute(statement):
        print("|".join(map(str, row)))
' "$1"
else
    echo "Neither sqlite3 nor python3 is installed: one of them is needed for the database." >&2
    exit 1
fi
