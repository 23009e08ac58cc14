#!/usr/bin/env bash
# Verifies docker/compose.distributed.yml, or with `cluster` docker/compose.cluster.yml, where Docker runs; needs docker with compose
# and curl, some 12 GiB of memory (a cluster 32), and the ports 8080, 3000 and 9090. From anywhere: docker/verify.sh [cluster]
#
# 1. Starts the engines alone and runs the suites of engines on them, in a container of their network.
# 2. Starts everything anew, sends numbered events through the proxy, and kills one container of each service meanwhile: each event
#    that was acknowledged must be found, once.
# 3. Asks Prometheus whether it sees every process, and Grafana whether it has its board.
#
# Writes versions and the outcome to docs/verified.md, removes everything again, and prints "N passed, N failed" last. It has
# containers, volumes and networks of its own (alluvium-verify), and secrets of its own where the edition has none.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

readonly edition=${1:-distributed}
case "$edition" in
distributed)
  readonly secrets=docker/secrets overlays=(docker/compose.verify.yml)
  readonly engines=(kafka mongodb mongodb-users clickhouse redis s3 bucket)
  readonly victims=(worker api-1 api-2 scheduler kafka mongodb clickhouse redis s3)
  ;;
cluster)
  readonly secrets=docker/secrets/cluster overlays=(docker/compose.verify.yml docker/compose.verify-cluster.yml)
  readonly engines=(kafka-1 kafka-2 kafka-3 mongodb-shards mongos-2 clickhouse-1 clickhouse-2 clickhouse-3 redis s3 bucket)
  readonly victims=(worker api-1 api-2 scheduler kafka-2 mongodb-config-2 mongodb-1-1 mongos-1 clickhouse-2 redis s3)
  ;;
*)
  echo 'docker/verify.sh [distributed|cluster]' >&2
  exit 2
  ;;
esac
readonly file=docker/compose.$edition.yml page=docs/verified.md
readonly load_seconds=${VERIFY_LOAD_SECONDS:-240} patience=${VERIFY_PATIENCE_SECONDS:-300} pause=${VERIFY_PAUSE_SECONDS:-8}
passed=0 failed=0 made_secrets=()

compose() {
  docker compose --project-name alluvium-verify --file "$file" "${overlays[@]/#/--file=}" "$@"
}

# check NAME COMMAND...: counts one case.
check() {
  local name=$1
  shift
  echo "=== $name"
  if "$@"; then
    passed=$((passed + 1))
    echo "=== $name: ok"
  else
    failed=$((failed + 1))
    echo "=== $name: FAILED"
    return 1
  fi
}

make_secrets() {
  (umask 077 && mkdir -p "$secrets")
  local name value
  for name in $(sed -n 's|^ *file: \./secrets/\(cluster/\)\{0,1\}||p' "$file"); do
    [ -e "$secrets/$name" ] && continue
    value=$(head -c 36 /dev/urandom | od -An -tx1 | tr -d ' \n')
    [ "$name" != admin_key ] || value=alv_${value:0:8}_${value:8:48}
    (umask 077 && printf '%s\n' "$value" >"$secrets/$name")
    made_secrets+=("$secrets/$name")
  done
}

clean() {
  compose --profile verify down --volumes --remove-orphans
  [ ${#made_secrets[@]} -eq 0 ] || rm -f "${made_secrets[@]}"
  rmdir "$secrets" docker/secrets 2>/dev/null || true
}

# Its last line has the counts, which are added to ours.
suites() {
  local log counts
  log=$(mktemp)
  compose run --rm -T verify engines | tee "$log"
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$counts" ]; then
    echo 'The suites of engines did not come to an end.'
    return 1
  fi
  passed=$((passed + $(cut -d' ' -f1 <<<"$counts")))
  failed=$((failed + $(cut -d' ' -f3 <<<"$counts")))
}

until_ready() {
  local until=$((SECONDS + patience))
  while [ $SECONDS -lt $until ]; do
    ! curl -fsS -o /dev/null http://127.0.0.1:8080/health/ready 2>/dev/null || return 0
    sleep 2
  done
  compose ps --all
  compose logs --tail 50
  return 1
}

# One container of a service, as kill -9 does it, and its start after a while.
kill_one() {
  local container
  container=$(compose ps --quiet "$1" | head -1)
  [ -n "$container" ] && docker kill --signal KILL "$container" >/dev/null || return 1
  sleep "$pause"
  docker start "$container" >/dev/null && sleep "$pause"
}

kills_under_load() {
  compose run --rm -T verify load "$load_seconds" &
  local load=$! service
  sleep "$pause"
  for service in "${victims[@]}"; do check "one $service is killed and started again" kill_one "$service"; done
  check 'every acknowledged event is found once' wait "$load"
}

sees_all() {
  curl -fsS -G http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=min(up{job="alluvium"})' | grep -q '"1"\]'
}

has_board() {
  curl -fsS -u "admin:$(cat "$secrets/grafana_password")" http://127.0.0.1:3000/api/dashboards/uid/alluvium | grep -q '"Alluvium"'
}

# The sections of other editions.
others() {
  awk -v own="## $edition" '/^## /{ on = ($0 != own) } on' "$page"
}

verdict() {
  local kept
  kept=$(others)
  {
    echo '# What was verified'
    [ -z "$kept" ] || printf '\n%s\n' "$kept"
    echo
    echo "## $edition"
    echo
    echo "\`docker/verify.sh $edition\` on $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD): **$passed passed, $failed failed**."
    echo
    echo "Docker $(docker version --format '{{.Server.Version}}'), Compose $(docker compose version --short), $(uname -sm)."
    echo
    echo '```text'
    compose images
    echo '```'
  } >"$page"
}

for program in docker curl git; do
  command -v "$program" >/dev/null || {
    echo "$program is missing: install it, then run this again." >&2
    echo '0 passed, 1 failed'
    exit 1
  }
done
if ! docker version --format '{{.Server.Version}}' >/dev/null; then
  echo 'The daemon of Docker does not answer: start it, then run this again.' >&2
  echo '0 passed, 1 failed'
  exit 1
fi
trap clean EXIT
make_secrets
if check 'the engines start' compose up --detach --build "${engines[@]}"; then
  check 'the suites of engines run' suites
fi
compose down --volumes
if check 'everything starts' compose up --detach && check 'an api is ready' until_ready; then
  kills_under_load
  check 'Prometheus sees every process' sees_all
  check 'Grafana has its board' has_board
fi
verdict
trap - EXIT
clean
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
