# Makes the virtual environment $1 with pip in it; needs python3 >= 3.11 and nothing else.
# On Debian and Ubuntu the module venv is a package of its own: it is installed where that is possible.
make_env() {
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
        echo "musnad needs Python 3.11 or newer: install it, or name it with PYTHON=python3.12" >&2
        exit 2
    }
    if [ ! -x "$1/bin/pip" ]; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
                apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
            else
                echo "Python's venv is missing: run 'sudo apt-get install python3-venv' and try again" >&2
                exit 2
            fi
        fi
        "$python" -m venv "$1"
    fi
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade pip
}
