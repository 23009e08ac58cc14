#!/bin/sh
# Prints the path of a folder with GELF libraries of others, of npm (node_modules) and of PyPI (bin/python): tests send with
# them. Installed into a cache and not into this project, which needs none of them. Fails where they can't be had.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/gelf-libraries-1
if [ -e "$cache/whole" ]; then
  echo "$cache"
  exit 0
fi
mkdir -p "$cache"
npm install --prefix "$cache" --silent --no-audit --no-fund --ignore-scripts \
  gelf-pro@1.4.0 winston-gelf@1.7.0 winston@3.17.0 >&2
python3 -m venv "$cache" >&2
"$cache/bin/pip" install --quiet --disable-pip-version-check graypy==2.1.0 pygelf==0.4.3 >&2
touch "$cache/whole"
echo "$cache"
