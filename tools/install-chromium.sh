#!/bin/sh
# Makes sure that there is a Chromium for the tests of the page: CHROMIUM says where, else Debian's. Fails where it can't.
set -eu

[ ! -x "${CHROMIUM:-/usr/bin/chromium}" ] || exit 0
if [ -n "${CHROMIUM:-}" ]; then
  echo "CHROMIUM is $CHROMIUM, which is no program: set it to where a Chromium is, or leave it out." >&2
  exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'There is no Chromium and no apt-get: install one by hand and set CHROMIUM to it, then run the tests again.' >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
as_root=
[ "$(id -u)" -eq 0 ] || as_root='sudo -n'
$as_root apt-get update -q
$as_root apt-get install -y -q --no-install-recommends chromium
test -x /usr/bin/chromium
