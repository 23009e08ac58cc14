#!/usr/bin/env bash
# What docker/verify.sh runs in the network of the services: in-network.sh engines | load SECONDS
set -euo pipefail

readonly secrets=/run/secrets
read_secret() { tr -d '\n' <"$secrets/$1"; }

# Once for both calls, in a volume.
prepare() {
  [ ! -e /suite/ready ] || return 0
  # The folder is another user's.
  git config --global --add safe.directory '*'
  git clone --quiet /checkout /suite/alluvium
  cd /suite/alluvium
  npm ci --no-audit --no-fund
  npm run build
  touch /suite/ready
}

# The suites that take engines which run elsewhere; each names its versions. Others start engines with options of their own.
engines() {
  MONGODB_PASSWORD=$(read_secret mongodb-users/mongodb_admin_password)
  CLICKHOUSE_PASSWORD=$(read_secret alluvium/clickhouse_password)
  REDIS_PASSWORD=$(read_secret alluvium/redis_password)
  S3_SECRET_ACCESS_KEY=$(read_secret alluvium/s3_secret_key)
  export MONGODB_PASSWORD CLICKHOUSE_PASSWORD REDIS_PASSWORD S3_SECRET_ACCESS_KEY
  mkdir -p /suite/reports/engines
  local code=0
  ALLUVIUM_TEST_REPORTS=/suite/reports/engines npm run test:engines -- \
    libs/archive-storage/s3/s3-store libs/event-bus/kafka plugins/tier-clickhouse plugins/tier-mongodb \
    test/engines/catalogue/contract test/engines/job-queue test/engines/clickhouse-server \
    test/engines/documents test/engines/mongodb test/engines/redis test/engines/processes || code=$?
  node tools/count-tests.mjs /suite/reports "engines=$code"
}

# Numbered events, each of which must be found once, whatever is killed meanwhile.
load() {
  ALLUVIUM_KEY=$(read_secret alluvium/admin_key)
  export ALLUVIUM_KEY
  node --conditions=source --import ./test/support/typescript-loader.mjs test/docker/load-running.ts "$1"
}

prepare
cd /suite/alluvium
case "${1:-}" in
engines) engines ;;
load) load "${2:?how many seconds}" ;;
*)
  echo "in-network.sh engines | load SECONDS" >&2
  exit 2
  ;;
esac
