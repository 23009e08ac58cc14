#!/bin/sh
# Prints the path of a program that loads compose files as Docker Compose does and says what is wrong with them: compose-go, the
# library that Docker Compose reads them by, built by Go into a cache. Fails where Go is missing.
set -eu

version=v2.9.0
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/compose-go-$version
tool=$cache/compose-check
if [ -x "$tool" ]; then
  echo "$tool"
  exit 0
fi
if ! command -v go >/dev/null 2>&1; then
  echo 'go is missing: install Go, then run this again.' >&2
  exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
GOBIN=$work GOMODCACHE=$work/modules GOCACHE=$work/build GOFLAGS='-modcacherw -trimpath' CGO_ENABLED=0 \
  go install -ldflags='-s -w' "github.com/compose-spec/compose-go/v2/cmd@$version" >&2
# Whole or not at all, where two run at once.
mv "$work/cmd" "$tool"
echo "$tool"
