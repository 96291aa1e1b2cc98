"""Numbers: Musnad beside pyarabic, puckling and recognizers-text on the same phrases, in one run.

usage: python benchmarks/numbers.py [--data DIR] [--peers-python PYTHON] [--rest]

Sets: ``recognizers``, the labelled Arabic cases of Microsoft Recognizers-Text (those not marked NotSupported; in --data, MIT);
``spelled``, whole numbers spelled out by other programs (num2words, pyarabic), which nobody here wrote; ``news``, the figure
cases of this project that hold one number. Speed is the best of five rounds, for each program alike. A phrase is right when the values found are those expected, in order. Peers live in their
own environment (pip install pyarabic puckling recognizers-text-suite num2words; puckling asks for Python >= 3.13);
one that cannot be imported is reported as such. ``--rest`` lists Musnad's wrong cases.
"""

from __future__ import annotations

import sys
import sysconfig

# this folder is on the path of every script run from it, and this file has a standard module's name
if __name__ == "numbers":
    with open(sysconfig.get_path("stdlib") + "/numbers.py", encoding="utf8") as _standard:
        exec(compile(_standard.read(), _standard.name, "exec"), globals())
else:
    sys.path[:] = [p for p in sys.path if p.rstrip("/") != __file__.rpartition("/")[0]]

import argparse
import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MUSNAD_DATA", ROOT.parent / "shared" / "data"))
KINDS = {"NumberModel": "number", "OrdinalModel": "ordinal", "PercentModel": "percent"}

PEERS = r"""
import json, sys, time
job = json.load(sys.stdin)
out = {}

def run(name, make):
    try:
        read = make()
    except Exception as error:
        out[name] = {"error": f"{type(error).__name__}: {error}"[:160]}
        return
    seconds = float("inf")
    for _ in range(5):
        rows, began = [], time.perf_counter()
        for text, kind in job:
            try:
                rows.append(read(text, kind))
            except Exception:
                rows.append(None)
        seconds = min(seconds, time.perf_counter() - began)
    out[name] = {"rows": rows, "seconds": seconds}

def pyarabic():
    from pyarabic import araby, number
    def read(text, kind):
        values, words = [], araby.tokenize(text)
        for a, b in number.detect_number_phrases_position(words):
            values.append(number.text2number(" ".join(words[a:b + 1])))
        return values
    return read

def puckling():
    import datetime as dt
    from puckling import Context, Lang, Locale, Options, parse
    context = Context(reference_time=dt.datetime(2024, 1, 27, 12), locale=Locale(Lang.AR))
    def read(text, kind):
        dims = ("ordinal",) if kind == "ordinal" else ("numeral",)
        values = []
        for e in parse(text, context, Options(), dims):
            value = getattr(e.value, "value", None)
            values.append(value)
        return values
    return read

def recognizers():
    from recognizers_number import recognize_number, recognize_ordinal, recognize_percentage
    from recognizers_text import Culture
    culture = getattr(Culture, "Arabic", None)
    if culture is None:
        raise RuntimeError("the Python package has no Arabic culture")
    which = {"number": recognize_number, "ordinal": recognize_ordinal, "percent": recognize_percentage}
    def read(text, kind):
        return [r.resolution["value"].rstrip("%") for r in which[kind](text, culture)]
    return read

run("pyarabic", pyarabic)
run("puckling", puckling)
run("recognizers-text", recognizers)
json.dump(out, sys.stdout)
"""

SPELL = r"""
import json, random, sys
random.seed(20240127)
numbers = [random.randrange(10 ** random.randrange(1, 10)) for _ in range(400)]
out = []
try:
    from num2words import num2words
    out += [["num2words", num2words(n, lang="ar"), n] for n in numbers[:200] if n]
except Exception as error:
    print(f"num2words: {error}", file=sys.stderr)
try:
    from pyarabic.number import ArNumbers
    made = ArNumbers()
    out += [["pyarabic", made.int2str(str(n)), n] for n in numbers[200:] if n]
except Exception as error:
    print(f"pyarabic: {error}", file=sys.stderr)
json.dump(out, sys.stdout)
"""


def number_of(value: str) -> float | str:
    """A label's value: a number where it is one, else as it stands (end-1)."""
    try:
        return float(value.rstrip("%"))
    except ValueError:
        return value


def recognizers_set(data: Path) -> list[tuple[str, str, list[float | str]]]:
    """(text, kind, expected values) of the labelled cases that are not marked NotSupported."""
    out = []
    for name, kind in KINDS.items():
        path = data / "recognizers_text_ar" / "Number" / f"{name}.json"
        if not path.exists():
            return []
        for case in json.loads(path.read_text(encoding="utf-8-sig")):
            if "NotSupported" not in case:
                out.append((case["Input"], kind, [number_of(r["Resolution"]["value"]) for r in case["Results"]]))
    return out


def spelled_set(python: str) -> list[tuple[str, str, list[float | str]]]:
    """Numbers in words, spelled by other programs."""
    try:
        made = subprocess.run([python, "-c", SPELL], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    # و is written together with its word, as all but num2words do
    return [(re.sub(r"\bو ", "و", text), "number", [float(n)]) for _, text, n in json.loads(made.stdout)]


def news_set() -> list[tuple[str, str, list[float | str]]]:
    """Figure cases with one exact number, and negatives are left out: peers know no years."""
    import yaml

    out: list[tuple[str, str, list[float | str]]] = []
    for path in sorted((ROOT / "src/musnad/figures/cases").glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf8")):
            if len(case["f"]) == 1 and "ونصف" not in case["t"] and path.stem not in ("duals", "vague", "ranges", "not_figures"):
                found = re.match(r"(?:~|>=|<=|>|<)?(\d+(?:\.\d+)?) \S+ (\S+)", case["f"][0])
                text = case["t"].replace("[", "").replace("]", "")
                if found and found.group(2) != "share":
                    out.append((text, "number", [float(found.group(1))]))
    return out


def musnad(job: list[tuple[str, str]]) -> dict[str, Any]:
    """Musnad's values for each phrase, and the time it took."""
    from musnad.figures.numbers import scan

    def read(text: str, kind: str) -> list[Any]:
        wanted = ("ordinal", "relative") if kind == "ordinal" else (kind,)
        return [f.value for f in scan(text) if f.kind in wanted]

    seconds = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        rows = [read(*phrase) for phrase in job]
        seconds = min(seconds, time.perf_counter() - began)
    return {"rows": rows, "seconds": seconds}


def same(got: list[Any] | None, expected: list[float | str]) -> bool:
    """Whether the values are those expected: in order, within one part in a million."""
    if got is None or len(got) != len(expected):
        return False
    for a, b in zip(got, expected, strict=True):
        if isinstance(b, str):
            if a != b:
                return False
            continue
        try:
            if abs(float(a) - b) > max(1e-9 if abs(b) < 1e-6 else 1e-6 * abs(b), 1e-15):
                return False
        except (TypeError, ValueError):
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--peers-python", default="/opt/peersenv-numbers/bin/python")
    parser.add_argument("--rest", action="store_true")
    args = parser.parse_args()
    sets = {
        "recognizers": recognizers_set(args.data),
        "spelled": spelled_set(args.peers_python),
        "news": news_set(),
    }
    systems: list[str] = ["musnad", "pyarabic", "puckling", "recognizers-text"]
    print(f"{'set':14}{'phrases':>8}  " + "".join(f"{s:>28}" for s in systems))
    for name, cases in sets.items():
        if not cases:
            print(f"{name:14}{'-':>8}  not available here")
            continue
        job = [(text, kind) for text, kind, _ in cases]
        results: dict[str, Any] = {"musnad": musnad(job)}
        try:
            made = subprocess.run([args.peers_python, "-c", PEERS], input=json.dumps(job), capture_output=True, text=True, check=True)
            results |= json.loads(made.stdout)
        except (OSError, subprocess.CalledProcessError) as error:
            results |= {s: {"error": f"{type(error).__name__}"} for s in systems[1:]}
        line = f"{name:14}{len(cases):>8}  "
        for system in systems:
            result = results[system]
            if "error" in result:
                line += f"{'not run (see below)':>28}"
                continue
            right = sum(same(row, case[2]) for row, case in zip(result["rows"], cases, strict=True))
            line += f"{right / len(cases):>12.1%} {len(cases) / result['seconds']:>9,.0f}/s".rjust(28)
        print(line)
        for system in systems:
            if "error" in results[system]:
                print(f"  {system}: {results[system]['error']}")
        if args.rest:
            for row, case in zip(results["musnad"]["rows"], cases, strict=True):
                if not same(row, case[2]):
                    print(f"  {case[0]!r} [{case[1]}] expected {case[2]} got {row}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
