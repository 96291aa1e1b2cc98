#!/usr/bin/env bash
# Takes the messages out of pages and code into the catalogue, and compiles it: bash training/web/translations.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python}
web=src/musnad/web
"$python" -m babel.messages.frontend extract --no-wrap --no-location --sort-output -F training/web/babel.cfg -k N_ -o "$web/locale/messages.pot" "$web"
"$python" -m babel.messages.frontend update --no-wrap --no-fuzzy-matching --ignore-obsolete -i "$web/locale/messages.pot" -d "$web/locale" -l ar
"$python" -m babel.messages.frontend compile -d "$web/locale" -l ar
