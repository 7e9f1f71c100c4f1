#!/usr/bin/env bash
# Builds the offline verifier: verifier/ (TypeScript) -> src/redshank/cli/offline/.
#   tools/build_verifier.sh           build, if anything changed since the last build here
#   tools/build_verifier.sh --state   print one line that changes whenever a build is due
# The node packages live in .venv/verifier; verifier/node_modules is a symlink to them.
set -eu
cd "$(dirname "$0")/.."

home=.venv/verifier
stamps=.venv/.stamps
page=src/redshank/cli/offline/verifier.html

hash_of() { sha256sum | cut -d' ' -f1; }
packages=$( (pwd && cat verifier/package.json verifier/package-lock.json) | hash_of)
sources=$(find verifier -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | hash_of)
state="$packages $sources"

if [ "${1:-}" = --state ]; then
    if [ -f "$page" ]; then echo "$state"; else echo "no page"; fi
    exit 0
fi

node_wanted() {
    echo "The offline verifier is built with Node 20 or newer and npm; $1." >&2
    echo "Install Node 20 or newer, so that \`node\` and \`npm\` are on the PATH, and run this again." >&2
    exit 1
}
command -v node >/dev/null 2>&1 || node_wanted "there is no \`node\` on the PATH"
command -v npm >/dev/null 2>&1 || node_wanted "there is no \`npm\` on the PATH"
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 20 ] || node_wanted "this is node $version"

mkdir -p "$home" "$stamps"
if [ "$(cat "$stamps/verifier-packages" 2>/dev/null)" != "$packages" ] || [ ! -d "$home/node_modules" ]; then
    rm -f "$stamps/verifier-packages"
    cp verifier/package.json verifier/package-lock.json "$home/"
    (cd "$home" && npm ci --no-audit --no-fund --loglevel=error)
    echo "$packages" >"$stamps/verifier-packages"
fi
if [ ! -L verifier/node_modules ]; then
    rm -rf verifier/node_modules
    ln -s ../.venv/verifier/node_modules verifier/node_modules
fi

if [ "$(cat "$stamps/verifier-built" 2>/dev/null)" != "$state" ] || [ ! -f "$page" ]; then
    rm -f "$stamps/verifier-built"
    node verifier/build.mjs
    touch "$page" # the wheel's build hook compares ages
    echo "$state" >"$stamps/verifier-built"
fi
