#!/bin/sh
# Prints the path of a server's program: the one that is there, else Debian's, taken out of its packages into a cache
# (installing them would start a server where there is an init system). Fails where it can't be had.
#
#   tools/install-from-debian.sh redis-server|haproxy
set -eu

program=${1:-}
case $program in
  redis-server)
    wanted='Redis 6.2' place=usr/bin
    packages='redis-server redis-tools libatomic1 libjemalloc2 liblzf1'
    ;;
  haproxy)
    wanted='HAProxy 2.6' place=usr/sbin
    packages='haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1'
    ;;
  *)
    echo "Which program? redis-server or haproxy; given: '$program'." >&2
    exit 2
    ;;
esac

if command -v "$program"; then exit 0; fi
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/$program
if [ -x "$cache/$program" ]; then
  echo "$cache/$program"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "$program is missing and there is no apt-get: install $wanted or newer." >&2
  exit 1
fi

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
cat >"$work/tree/$program" <<END
#!/bin/sh
here=\$(dirname "\$0")
LD_LIBRARY_PATH=\$(echo "\$here"/usr/lib/*-linux-gnu*) exec "\$here/$place/$program" "\$@"
END
chmod +x "$work/tree/$program"
# Whole or not at all, where two run at once.
mv -T "$work/tree" "$cache" 2>/dev/null || [ -x "$cache/$program" ]
echo "$cache/$program"
