#!/bin/sh
# Prints the path of a promtool, Prometheus' own checker: the one in PATH, else that of Debian's package `prometheus`, taken
# out of it into a cache, since installing the package would start a server. Fails where neither can be had.
set -eu

if command -v promtool; then exit 0; fi

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/promtool
tool=$cache/usr/bin/promtool
if [ -x "$tool" ]; then
  echo "$tool"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'promtool is missing and there is no apt-get: install promtool by hand, then run this again.' >&2
  exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/download.XXXXXX")
trap 'rm -rf "$work"' EXIT
fetch() {
  (cd "$work" && apt-get download -q prometheus >&2)
}
if ! fetch; then
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
  $as_root apt-get update -q >&2
  fetch
fi
dpkg-deb --extract "$work"/prometheus_*.deb "$work/tree"
mkdir -p "$cache/usr/bin"
# Whole or not at all, where two run at once.
mv "$work/tree/usr/bin/promtool" "$tool"
echo "$tool"
