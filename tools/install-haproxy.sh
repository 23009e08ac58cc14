#!/bin/sh
# Prints the path of haproxy: the one that is there, else Debian's, taken out of its packages into a cache (installing them would
# start a server where there is an init system). Fails where it can't be had.
set -eu

if command -v haproxy; then exit 0; fi
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/haproxy
if [ -x "$cache/haproxy" ]; then
  echo "$cache/haproxy"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'haproxy is missing and there is no apt-get: install HAProxy 2.6 or newer.' >&2
  exit 1
fi

packages='haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1'
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
cat >"$work/tree/haproxy" <<'END'
#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$(echo "$here"/usr/lib/*-linux-gnu*) exec "$here/usr/sbin/haproxy" "$@"
END
chmod +x "$work/tree/haproxy"
# Whole or not at all, where two run at once.
mv -T "$work/tree" "$cache" 2>/dev/null || [ -x "$cache/haproxy" ]
echo "$cache/haproxy"
