#!/bin/sh
# Prints the path of kubernetes-validate, which holds manifests to the schemas of Kubernetes: that of the PyPI package of the same
# name, installed into a cache. Fails where it can't be had.
set -eu

version=1.37.0
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/alluvium/kubernetes-validate-$version
tool=$cache/kubernetes-validate
if [ -x "$tool" ]; then
  echo "$tool"
  exit 0
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  echo 'kubernetes-validate is missing and there is no pip: install python3 with pip, then run this again.' >&2
  exit 1
fi

mkdir -p "$(dirname "$cache")"
work=$(mktemp -d "$cache.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
  --target "$work/packages" "kubernetes-validate==$version" >&2
cat >"$work/kubernetes-validate" <<'END'
#!/bin/sh
PYTHONPATH=$(dirname "$0")/packages exec python3 "$(dirname "$0")/packages/bin/kubernetes-validate" "$@"
END
chmod +x "$work/kubernetes-validate"
# Whole or not at all, where two run at once.
mv -T "$work" "$cache" 2>/dev/null || [ -x "$tool" ]
echo "$tool"
