#!/bin/sh
# Prints the path of a Python with programs of others that read Parquet (DuckDB, polars, Spark): tests read archives with them.
# Installed from PyPI into a cache and not into this project, which needs none of them. Spark needs Java 17. Fails where they
# can't be had.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/archive-readers-1
if [ ! -e "$cache/whole" ]; then
  mkdir -p "$cache"
  python3 -m venv "$cache" >&2
  "$cache/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 polars==2.1.0 pyspark==4.3.0 >&2
  touch "$cache/whole"
fi
echo "$cache/bin/python"
