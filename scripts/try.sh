#!/usr/bin/env bash
# Makes an environment, installs Musnad into it and codes an example article.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
make_env .venv
echo "installing; where there is a C compiler the hot modules are compiled, which takes a minute or two (not with MUSNAD_PURE=1)" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check .
.venv/bin/musnad --version >&2
.venv/bin/musnad code examples/talks.jsonl "$@"
