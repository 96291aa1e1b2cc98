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
# the pages are tested in a real browser, Spark on a real cluster, the wheel's build compiles: all need programs of the system
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
command -v java >/dev/null || missing+=(default-jre-headless)
if [ "${MUSNAD_PURE:-0}" = 0 ]; then
    command -v "${CC:-gcc}" >/dev/null || missing+=(gcc libc6-dev)
    "$python" -c 'import pathlib, sysconfig; raise SystemExit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' || missing+=(python3-dev)
fi
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
# then the rooms once more over the package as its wheel carries it, with the hot modules compiled
if [ $# -gt 0 ] || [ "${MUSNAD_PURE:-0}" != 0 ]; then
    echo "the compiled package was not tested: that is done where no tests are named and MUSNAD_PURE is not set" >&2
    exit 0
fi
compiled="$PWD/.venv-test/compiled"
rm -rf "$compiled"
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$compiled" .
cp -r src/musnad "$compiled/" # the cases and sources of lexicons, which the tests read and no wheel carries
MUSNAD_EXPECT=compiled PYTHONPATH="$compiled" "$python" -m pytest -n "${JOBS:-2}" tests/test_built.py tests/test_pipeline.py tests/test_record.py \
    tests/language tests/times tests/figures tests/actors tests/statements tests/events tests/commitments tests/scale/test_run.py
