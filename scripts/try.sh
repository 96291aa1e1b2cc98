#!/usr/bin/env bash
# Makes an environment, installs Musnad into it and codes an example article.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
make_env .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check .
.venv/bin/musnad code examples/talks.jsonl "$@"
