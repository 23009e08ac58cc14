#!/bin/sh
# Makes sure that strace is there: the tests of failing disks let the kernel's calls fail with it. Fails where it can't.
set -eu

command -v strace >/dev/null 2>&1 && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'strace is missing and there is no apt-get: install strace by hand, then run the tests again.' >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
as_root=
[ "$(id -u)" -eq 0 ] || as_root='sudo -n'
$as_root apt-get update -q
$as_root apt-get install -y -q --no-install-recommends strace
command -v strace >/dev/null
