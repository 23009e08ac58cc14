# To be read by scripts (`.`): takes Debian's packages apart in a cache, since installing them would start servers.
# shellcheck shell=sh

# Prints the folder of the cache that a name has.
cache_of() {
  echo "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/$1"
}

# take_apart CACHE WHAT PACKAGES: sets `tree` to a folder with what is in the packages, which is gone when the script ends;
# WHAT is to be said where there is no apt-get.
take_apart() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "There is no apt-get: $2" >&2
    exit 1
  fi
  mkdir -p "$(dirname "$1")"
  work=$(mktemp -d "$1.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  if ! fetch_packages "$3"; then
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root='sudo -n'
    $as_root apt-get update -q >&2
    fetch_packages "$3"
  fi
  tree=$work/tree
  for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$tree"; done
}

fetch_packages() {
  # shellcheck disable=SC2086 # a list of names
  (cd "$work" && apt-get download -q $1 >&2)
}

# keep CACHE PROGRAM: puts the tree there, whole or not at all, where two do it at once.
keep() {
  mv -T "$tree" "$1" 2>/dev/null || [ -x "$1/$2" ]
}
