#!/usr/bin/env bash
# Makes a test environment of its own and runs every check and test.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
make_env .venv-test
python=.venv-test/bin/python
"$python" -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
"$python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
export OMP_NUM_THREADS=1
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$python" -m training.compile --check
"$python" -m pytest -n "${JOBS:-2}" "$@"
