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
# the pages are tested in a real browser, Spark on a real cluster: both need programs of the system
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
command -v java >/dev/null || missing+=(default-jre-headless)
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq "${missing[@]}" >/dev/null
    else
        echo "the tests need ${missing[*]}: run 'sudo apt-get install ${missing[*]}' and try again" >&2
        exit 2
    fi
fi
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$python" -m training.compile --check
"$python" -m pytest -n "${JOBS:-2}" "$@"
