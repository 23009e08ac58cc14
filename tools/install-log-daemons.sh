#!/bin/sh
# Prints the path of a folder with rsyslog, syslog-ng and loggen as Debian packages them, taken out of their packages into a
# cache: installing them would start servers, and each of the two conflicts with the other. Fails where they can't be had.
set -eu
. "$(dirname "$0")/debian-packages.sh"

cache=$(cache_of log-daemons)
if [ -x "$cache/usr/sbin/rsyslogd" ] && [ -x "$cache/usr/sbin/syslog-ng" ]; then
  echo "$cache"
  exit 0
fi

take_apart "$cache" 'run this on Debian, which has rsyslog and syslog-ng.' 'rsyslog rsyslog-gnutls rsyslog-openssl libestr0
  libfastjson4 liblognorm5 syslog-ng-core libivykis0 libnet1 libwrap0 libpcre3'
keep "$cache" usr/sbin/rsyslogd
echo "$cache"
