#!/bin/bash
# MongoDB wants the key that members of a replica set share in a file of its own user's; we have it
# in the environment. The file lies in memory (tmpfs), never on disk.
set -euo pipefail
umask 077
printf '%s\n' "${MONGO_KEY:?MONGO_KEY is not set: 6 to 1024 base64 characters}" > /run/mongo/key
chown mongodb:mongodb /run/mongo/key
unset MONGO_KEY
exec docker-entrypoint.sh "$@" --keyFile /run/mongo/key
