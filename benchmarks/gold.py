"""Score the pipeline on annotated articles: ``python benchmarks/gold.py [--data DIR] [--errors LAYER]``.

DIR holds ``gold/articles.jsonl``, ``gold/gold.json`` and ``../tools/score.py`` (default: the environment's MUSNAD_DATA, else
../shared/data). Prints the scorer's table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from musnad import code
from musnad.record import check, to_json


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--records", type=Path, help="keep the records here")
    args = parser.parse_args()
    gold = args.data / "gold"
    out = args.records or Path(tempfile.mkdtemp()) / "records.jsonl"
    with out.open("wb") as sink:
        for line in (gold / "articles.jsonl").open(encoding="utf-8"):
            given = json.loads(line)
            record = code(given["text"], given.get("published"), given.get("outlet"), title=given.get("title"))
            sink.write(to_json(check(record)) + b"\n")
    scorer = args.data.parent / "tools" / "score.py"
    return subprocess.call([sys.executable, str(scorer), str(gold / "gold.json"), str(out)])


if __name__ == "__main__":
    raise SystemExit(main())
