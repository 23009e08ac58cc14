#!/bin/sh
# Prints the path of a folder with rsyslog, syslog-ng and loggen as Debian packages them, taken out of their packages into a
# cache: installing them would start servers, and each of the two conflicts with the other. Fails where they can't be had.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/log-daemons
if [ -x "$cache/usr/sbin/rsyslogd" ] && [ -x "$cache/usr/sbin/syslog-ng" ]; then
  echo "$cache"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'rsyslog and syslog-ng are missing and there is no apt-get: run this on Debian.' >&2
  exit 1
fi

packages='rsyslog rsyslog-gnutls rsyslog-openssl libestr0 libfastjson4 liblognorm5
  syslog-ng-core libivykis0 libnet1 libwrap0 libpcre3'
mkdir -p "$(dirname "$cache")"
work=$(mktemp -d "$cache.XXXXXX")
trap 'rm -rf "$work"' EXIT
fetch() {
  # shellcheck disable=SC2086 # a list of names
  (cd "$work" && apt-get download -q $packages >&2)
}
if ! fetch; then
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
  $as_root apt-get update -q >&2
  fetch
fi
for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$work/tree"; done
# Whole or not at all, where two run at once.
mv -T "$work/tree" "$cache" 2>/dev/null || [ -x "$cache/usr/sbin/rsyslogd" ]
echo "$cache"
