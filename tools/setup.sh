#!/usr/bin/env bash
# Sets up this clone: tools/setup.sh [run|test].
#   run   what `redshank demo` needs: Python packages, this project, the console's pages, the offline verifier
#   test  that, and what the checks and tests need: more Python packages, Debian packages, the oracle
# Everything goes into .venv, but for Debian packages. A step whose inputs did not change is skipped.
set -eu
cd "$(dirname "$0")/.."

mode=${1:-run}
case "$mode" in
    run) steps=5 lock=requirements.lock ;;
    test) steps=7 lock=requirements-dev.lock ;;
    *)
        echo "usage: tools/setup.sh [run|test]" >&2
        exit 2
        ;;
esac

# Two set-ups of one clone wait for each other.
if command -v flock >/dev/null 2>&1; then
    exec 9<tools/setup.sh
    flock 9
fi

stamps=.venv/.stamps
log=.venv/setup.log
output=$(mktemp)
trap 'rm -f "$output"' EXIT
begun=$SECONDS
step=0

hash_files() { cat "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }

# take TITLE STAMP WANTED COMMAND…: one numbered step; runs COMMAND unless the stamp says WANTED.
# COMMAND runs without errexit (it is a condition): its parts are joined by `&&`.
take() {
    local title=$1 stamp=$2 wanted=$3 since=$SECONDS
    shift 3
    step=$((step + 1))
    printf '[%d/%d] %s … ' "$step" "$steps" "$title"
    if stamped "$stamp" "$wanted"; then
        echo "already done"
        return
    fi
    rm -f "$stamps/$stamp"
    if ! "$@" >"$output" 2>&1; then
        echo "FAILED after $((SECONDS - since)) s"
        mkdir -p .venv
        cp "$output" "$log"
        echo "--- the end of $log:" >&2
        tail -n 30 "$log" >&2
        exit 1
    fi
    mkdir -p "$stamps"
    printf '%s\n' "$wanted" >"$stamps/$stamp"
    echo "done in $((SECONDS - since)) s"
}

# --- Debian packages -----------------------------------------------------------------------------------

as_root=()
find_root() {
    if [ "$(id -u)" = 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    elif command -v sudo >/dev/null 2>&1 && [ -z "${CI:-}" ] && (: </dev/tty) 2>/dev/null; then
        as_root=(sudo env) # asks for the password on the terminal
    else
        return 1
    fi
}

apt_install() {
    local install=(DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "This is not Debian or a relative of it: install what these of its packages hold by other means: $*"
        return 1
    fi
    if ! find_root; then
        echo "Debian packages are missing, this is not root, and sudo is not to be had."
        echo "Ask an administrator to run, and start this again:"
        echo "    apt-get install --no-install-recommends $*"
        return 1
    fi
    # First without an update: package lists that are there are mostly good enough.
    "${as_root[@]}" "${install[@]}" || { "${as_root[@]}" apt-get update -q && "${as_root[@]}" "${install[@]}"; }
}

# chromium and fonts: browser tests; poppler: looks at printed forms; golang: the public tools that check our logs;
# gcc: the oracle, and the shim of tests/disk; softhsm2: a PKCS #11 token; openssl: opens our key files as another program would.
debian_packages=(chromium fonts-noto-core gcc git golang-go golang-golang-x-mod-dev openssl poppler-utils softhsm2)
missing_packages() {
    local package installed has_headers
    # The oracle is compiled: a Python of Debian's needs its headers, others bring them along.
    has_headers='import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
    .venv/bin/python -c "$has_headers" || debian_packages+=(python3-dev)
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${debian_packages[@]}" 2>/dev/null || true)
    for package in "${debian_packages[@]}"; do
        grep -qx "$package installed" <<<"$installed" || echo "$package"
    done
}

# --- Python --------------------------------------------------------------------------------------------

right_python() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1; }

make_venv() {
    local name python=
    for name in python3.11 python3.12 python3; do
        if right_python "$name"; then
            python=$name
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Redshank needs Python 3.11 or 3.12; none of python3.11, python3.12 and python3 on the PATH is one."
        echo "On Debian 12: apt-get install python3 python3-venv"
        return 1
    fi
    "$python" -c 'import venv, ensurepip' || apt_install python3-venv || return 1
    rm -rf .venv && "$python" -m venv .venv
}

pip() { .venv/bin/python -m pip --disable-pip-version-check "$@"; }

install_lock() {
    pip install -q --require-hashes -r "$lock" || return 1
    # The dev lock holds every package of the runtime lock at the same version.
    if [ "$mode" = test ]; then
        hash_files requirements.lock >"$stamps/requirements.lock"
    else
        rm -f "$stamps/requirements-dev.lock"
    fi
}

install_project() { pip install -q --no-build-isolation --no-deps -e .; }

# The oracle is GPL, and its package and ours are both called `asterix`: it has a place of its own.
# It is built by the packages of the dev lock, so that nothing unpinned takes part.
install_oracle() {
    local wheels=.venv/oracle/wheels
    .venv/bin/python -m venv --clear .venv/oracle &&
        pip wheel -q --require-hashes --no-deps --no-build-isolation -w "$wheels" -r requirements-oracle.lock &&
        .venv/oracle/bin/python -m pip install -q --no-index --no-deps "$wheels"/*.whl
}

# --- the steps -----------------------------------------------------------------------------------------

# A virtual environment holds its own path: one that was copied or moved, or whose Python went, is made anew.
if ! right_python .venv/bin/python; then rm -f "$stamps/place"; fi
take "Virtual environment" place "$PWD" make_venv
take "Python packages" "$lock" "$(hash_files "$lock")" install_lock
take "This project" project "$(hash_files pyproject.toml hatch_build.py)" install_project
take "Console pages" pages "$(bash tools/build_console.sh --state)" bash tools/build_console.sh
if [ -f console/package.json ]; then bash tools/build_console.sh --state >"$stamps/pages"; fi
take "Offline verifier" verifier "$(bash tools/build_verifier.sh --state)" bash tools/build_verifier.sh
bash tools/build_verifier.sh --state >"$stamps/verifier"
if [ "$mode" = test ]; then
    mapfile -t missing < <(missing_packages)
    wanted=${missing[*]:-none}
    if [ "$wanted" = none ]; then echo none >"$stamps/debian"; else rm -f "$stamps/debian"; fi
    take "Debian packages${missing[*]:+ (${missing[*]})}" debian "$wanted" apt_install "${missing[@]}"
    take "ASTERIX oracle" oracle "$(hash_files requirements-oracle.lock)" install_oracle
fi
echo "Ready in $((SECONDS - begun)) s."
