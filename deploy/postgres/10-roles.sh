#!/bin/sh
# Runs once, when the database server starts with an empty folder: the portal's database and its two roles.
# On a server of your own run the same statements by hand (docs/operations.md).
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$OWNER_PASSWORD" --set runtime_password="$RUNTIME_PASSWORD" \
  --file /docker-entrypoint-initdb.d/roles.psql
