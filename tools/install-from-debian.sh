#!/bin/sh
# Prints the path of a server's program: the one that is there, else Debian's, taken out of its packages into a cache
# (installing them would start a server where there is an init system). Fails where it can't be had.
#
#   tools/install-from-debian.sh redis-server|haproxy
set -eu
. "$(dirname "$0")/debian-packages.sh"

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
cache=$(cache_of "$program")
if [ -x "$cache/$program" ]; then
  echo "$cache/$program"
  exit 0
fi

take_apart "$cache" "install $wanted or newer." "$packages"
cat >"$tree/$program" <<END
#!/bin/sh
here=\$(dirname "\$0")
LD_LIBRARY_PATH=\$(echo "\$here"/usr/lib/*-linux-gnu*) exec "\$here/$place/$program" "\$@"
END
chmod +x "$tree/$program"
keep "$cache" "$program"
echo "$cache/$program"
