#!/usr/bin/env bash
# Builds the console's pages: console/ (TypeScript) -> src/redshank/console/pages/.
#   tools/build_console.sh           build, if anything changed since the last build here
#   tools/build_console.sh --state   print one line that changes whenever a build is due
# The node packages live in .venv/console; console/node_modules is a symlink to them.
set -eu
cd "$(dirname "$0")/.."

home=.venv/console
stamps=.venv/.stamps
page=src/redshank/console/pages/index.html

if [ ! -f console/package.json ]; then
    echo "console/package.json is not there yet: no pages to build"
    exit 0
fi
if [ ! -f console/package-lock.json ]; then
    echo "console/package-lock.json is missing" >&2
    exit 1
fi

hash_of() { sha256sum | cut -d' ' -f1; }
packages=$( (pwd && cat console/package.json console/package-lock.json) | hash_of)
sources=$(find console src/redshank/wording -name '*.py*' -prune -o -name __pycache__ -prune -o -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | hash_of)
state="$packages $sources"

if [ "${1:-}" = --state ]; then
    if [ -f "$page" ]; then echo "$state"; else echo "no pages"; fi
    exit 0
fi

node_wanted() {
    echo "The console's pages are built with Node 20 or newer and npm; $1." >&2
    echo "Install Node 20 or newer, so that \`node\` and \`npm\` are on the PATH, and run this again." >&2
    exit 1
}
command -v node >/dev/null 2>&1 || node_wanted "there is no \`node\` on the PATH"
command -v npm >/dev/null 2>&1 || node_wanted "there is no \`npm\` on the PATH"
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 20 ] || node_wanted "this is node $version"

mkdir -p "$home" "$stamps"
if [ "$(cat "$stamps/node-packages" 2>/dev/null)" != "$packages" ] || [ ! -d "$home/node_modules" ]; then
    rm -f "$stamps/node-packages"
    cp console/package.json console/package-lock.json "$home/"
    (cd "$home" && npm ci --no-audit --no-fund --loglevel=error)
    mkdir -p "$home/node_modules"
    echo "$packages" >"$stamps/node-packages"
fi
if [ ! -L console/node_modules ]; then
    rm -rf console/node_modules
    ln -s ../.venv/console/node_modules console/node_modules
fi

if [ "$(cat "$stamps/pages-built" 2>/dev/null)" != "$state" ] || [ ! -f "$page" ]; then
    rm -f "$stamps/pages-built"
    node console/build.mjs
    if [ ! -f "$page" ]; then
        echo "console/build.mjs left no $page" >&2
        exit 1
    fi
    touch "$page" # the wheel's build hook compares ages
    echo "$state" >"$stamps/pages-built"
fi
