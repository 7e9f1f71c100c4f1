#!/usr/bin/env bash
# Resolves the locks anew from pyproject.toml, against the public registry alone: the hashes must be of its files,
# so a machine's own wheels and indexes are left out. tools/lock.sh --upgrade takes newer versions.
set -eu
cd "$(dirname "$0")/.."
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL
export PIP_CONFIG_FILE=/dev/null

compile() {
    .venv/bin/python -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@" pyproject.toml
}
compile --extra build -o requirements.lock "$@"
compile --extra build --extra dev -c requirements.lock -o requirements-dev.lock "$@"
