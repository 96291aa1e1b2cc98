"""A case file of ten thousand articles, measured: time, size, memory, kills, search, exports.

``python -m benchmarks.case_scale ingest CASE [--data DIR] [--jobs 2] [--articles N]`` makes CASE from ``news/saudinewsnet_slice.jsonl.gz`` and prints
time, articles/s, size and the highest memory of all its processes together.

``… search CASE``, ``… exports CASE``, ``… questions CASE`` measure a case that is there: queries in many spellings, that all of them find the
same articles, and the time of the first 20 hits; every export with its time, and each of its rows led back to the words; every question.

``… kill CASE [--articles 2000] [--kills 10]`` makes CASE under ``kill -9`` at random moments and checks it after each.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from musnad.article import Article
from musnad.casefile.ingest import document_key
from musnad.casefile.store import open_case
from musnad.reading.files import read

SET = "saudinewsnet_slice.jsonl.gz"
MOST_MEMORY = 1500.0  # MB


def musnad(*args: object) -> list[str]:
    """The command line of a musnad command in this environment."""
    return [sys.executable, "-m", "musnad", *map(str, args)]


def source(data: Path, articles: int | None, folder: Path) -> Path:
    """The set, or its first articles."""
    whole = data / "news" / SET
    if articles is None:
        return whole
    part = folder / "part.jsonl"
    with gzip.open(whole, "rt", encoding="utf-8") as lines, part.open("w", encoding="utf-8") as file:
        file.writelines(islice(lines, articles))
    return part


def family(pid: int) -> list[int]:
    """A process and all its descendants (Linux)."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(p) for p in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def memory(pids: list[int]) -> float:
    """Memory of processes together in MB, pages they share counted once (PSS)."""
    size = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    size += int(line.split()[1])
        except OSError:
            continue
    return size / 1024


def watched(command: list[str], quiet: bool = False) -> tuple[float, float, str]:
    """Run a command: seconds, highest memory in MB, what it said last."""
    began, highest = time.perf_counter(), 0.0
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while running.poll() is None:
        highest = max(highest, memory(family(running.pid)))
        time.sleep(0.5)
    took = time.perf_counter() - began
    said = (running.stderr.read() if running.stderr else "").strip()
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said}")
    return took, highest, "" if quiet else said.splitlines()[-1]


def ingest(args: argparse.Namespace) -> bool:
    """Make the case and print what it cost."""
    subprocess.run(musnad("new", args.case), check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        path = source(args.data, args.articles, Path(folder))
        took, highest, said = watched(musnad("ingest", args.case, path, "--jobs", args.jobs))
    case = open_case(args.case)
    with case.read() as connection:
        counts = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("documents", "events", "statements", "figures", "commitments", "mentions", "case_entities", "event_groups")
        }
        copies = connection.execute(text("SELECT count(*) FROM copies WHERE cluster <> document_id")).scalar_one()
        coding = connection.execute(
            text("SELECT (julianday(finished_at) - julianday(started_at)) * 86400 FROM ingests ORDER BY id DESC LIMIT 1")
        ).scalar_one()
    began = time.perf_counter()
    problems = case.check()
    checked = time.perf_counter() - began
    case.close()
    documents = counts["documents"]
    print(f"ingest with {args.jobs} processes: {said}")
    print(
        f"  {took:.0f} s in all, {documents / took:.1f} articles/s; coding and writing {coding:.0f} s, across articles {took - coding:.0f} s"
    )
    print(f"  file {os.path.getsize(args.case) / 1e6:.0f} MB, {os.path.getsize(args.case) / documents / 1000:.1f} kB an article")
    print(f"  memory {highest:.0f} MB at most, all processes together (floor {MOST_MEMORY:.0f})")
    print("  " + ", ".join(f"{name} {n:,}" for name, n in counts.items()) + f", copies {copies:,}")
    print(f"  check: {len(problems)} problems, {checked:.0f} s")
    return highest < MOST_MEMORY and not problems


#: spellings of one word or name: each must find what the first finds
VARIANTS = (
    ("العراق", "عراق", "والعراق", "للعراق", "بالعراق", "العِراق"),
    ("الأمريكية", "الأميركية", "امريكيه", "اميركية", "والأميركية"),
    ("السعودية", "سعودية", "والسعودية", "السعوديه", "للسعودية"),
    ("إيران", "ايران", "وإيران", "لإيران", "بإيران"),
    ("الحوثي", "حوثي", "والحوثي", "للحوثي"),
    ("مسؤول", "مسئول", "المسؤول", "والمسؤول"),
    ("هيئة", "هيئه", "الهيئة", "للهيئة"),
    ("مؤسسة", "مؤسسه", "المؤسسة", "والمؤسسة"),
    ("أزمة", "ازمه", "الأزمة", "أَزْمَة"),
    ("2015", "٢٠١٥", "۲۰۱۵"),
    ("30", "٣٠"),
    ("القاهرة", "القاهره", "بالقاهرة", "والقاهرة"),
    ("مستشفى", "مستشفي", "المستشفى", "بالمستشفى"),
    ("اتفاق", "إتفاق", "الاتفاق", "والاتفاق"),
    ("الرياض", "رياض", "بالرياض", "الرّياض"),
    ("أوروبا", "اوروبا", "أوربا", "وأوروبا"),
    ('"مجلس الوزراء"', '"مجلس الوُزراء"'),
    ('"وزير الخارجية"', '"وزير الخارجيه"'),
    ('name:"محمد بن نايف"', 'name:"مُحمّد بن نايف"'),
    ("title:حريق", "title:الحريق", "title:حَريق"),
    ("اليمن -الحوثي", "يمن -حوثي"),
)
MOST_SEARCH, MOST_EXPORT = 0.150, 60.0  # seconds


def search(args: argparse.Namespace) -> bool:
    """Variants that find the same, and times of the first 20 hits."""
    from musnad.casefile.search import match_expression
    from musnad.casefile.search import search as find

    case = open_case(args.case)
    wrong, more, times, queries = [], [], [], 0
    with case.read() as connection:
        find(connection, "سلام")  # loads the words of the language
        for group in VARIANTS:
            found: set[int] = set()
            for query in group:
                began, spent = time.perf_counter(), time.process_time()
                hits = find(connection, query)
                times.append((time.perf_counter() - began, time.process_time() - spent))
                queries += 1
                rows = connection.execute(text("SELECT rowid FROM search WHERE search MATCH :q"), {"q": match_expression(query)}).scalars()
                ids = set(rows)
                found = found or ids
                # a hit that shows nothing of its words in text, or nothing at all, is none
                if not hits or not ids >= found or not any(h.spans for h in hits):
                    wrong.append(f"{query} misses {len(found - ids)} of the {len(found)} of {group[0]}")
                elif ids != found:
                    more.append(f"{query} also finds {len(ids - found)} that {group[0]} does not (a last ه may be a pronoun too)")
    case.close()
    walls, cpus = (sorted(column) for column in zip(*times, strict=True))
    print(f"search: {queries} queries in {len(VARIANTS)} groups of spellings, {queries - len(wrong)} find what they must")
    for line in (*wrong, *more):
        print(f"  {line}")
    for name, seconds in (("clock", walls), ("CPU", cpus)):
        print(
            f"  first 20 hits with highlights, {name}: {seconds[len(seconds) // 2] * 1000:.0f} ms median, {seconds[-1] * 1000:.0f} ms at most"
        )
    return not wrong and walls[-1] < MOST_SEARCH


def exports(args: argparse.Namespace) -> bool:
    """Each export: seconds, and its rows led back to the words of the articles."""
    from benchmarks.lead_back import CHECKS, texts_of
    from musnad.exports import FORMATS

    case = open_case(args.case)
    with case.read() as connection:
        texts = texts_of(connection)
    case.close()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for what in args.only or FORMATS:
            target = Path(folder) / f"x.{what}"
            began, spent = time.perf_counter(), _children()
            done = subprocess.run(musnad("export", args.case, what, target), capture_output=True, text=True, check=True)
            took, spent = time.perf_counter() - began, _children() - spent
            rows, lost = CHECKS[what](target, texts)
            good &= took < MOST_EXPORT and not lost and rows > 0
            said = done.stderr.strip().split(": ")[-1]
            print(
                f"export {what:15} {took:5.1f} s ({spent:.1f} s of CPU), {said:16} {rows:,} led back to article and offsets, {len(lost)} not {lost[:3] or ''}"
            )
            if target.is_file():
                target.unlink()
    return good


def _children() -> float:
    """CPU seconds of the processes run so far: on a busy machine they say more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def questions(args: argparse.Namespace) -> bool:
    """Each question and report from the command line, with its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for what in ("events", "statements", "figures", "commitments", "actors", "timeline"):
            for extra in ([], ["--since", "2015-08-01", "--until", "2015-08-03", "--actor", "YEM"], ["--as-of", "2100-01-01"]):
                took, _, _ = watched([*musnad(what, args.case, "--format", "jsonl"), *extra], quiet=True)
                print(f"{what} {' '.join(extra)}: {took:.1f} s")
        for what in ("dossier d.html", "dossier d.md", "chart events.svg", "chart figures.png", "chart statements.svg"):
            name, target = what.split()
            kind = [target.split(".")[0]] if name == "chart" else []
            took, _, _ = watched(musnad(name, args.case, *kind, Path(folder) / target), quiet=True)
            print(f"{what}: {took:.1f} s, {(Path(folder) / target).stat().st_size / 1000:.0f} kB")
    return True


def kill(args: argparse.Namespace) -> bool:
    """Make the case under kill -9 at random moments; after each the file must be sound, in the end whole."""
    chance = random.Random(args.seed)
    wanted = args.articles or 2000
    subprocess.run(musnad("new", args.case), check=True, stderr=subprocess.DEVNULL)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        path = source(args.data, wanted, Path(folder))
        command = musnad("ingest", args.case, path, "--jobs", args.jobs)
        for n in range(args.kills):
            # the first soon after the start, the last while articles are compared, the others anywhere between
            until = (
                0
                if n == 0
                else wanted
                if n == args.kills - 1
                else min(wanted, _documents(args.case) + chance.randrange(2 * wanted // args.kills))
            )
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            began = time.perf_counter()
            while running.poll() is None and _documents(args.case) < until:
                time.sleep(0.05)
            time.sleep(chance.uniform(0, 2))
            moment = "ended by itself"
            if running.poll() is None:
                # the workers too, as when the power goes
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
                moment = f"killed after {time.perf_counter() - began:.1f} s"
            problems, counts = _state(args.case)
            good &= not problems and counts["documents"] == counts["analyses"] == counts["search"] == counts["keys"]
            print(f"kill {n + 1}: {moment}, {counts['documents']} articles, {len(problems)} problems")
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        problems, counts = _state(args.case)
        keys = {document_key(item) for item in read([str(path)]) if isinstance(item, Article)}
    case = open_case(args.case)
    with case.read() as connection:
        have = set(connection.execute(text("SELECT key FROM documents")).scalars())
        clustered = connection.execute(text("SELECT count(*) FROM copies")).scalar_one()
    case.close()
    print(
        f"then run again: {done.stderr.strip()}; lost {len(keys - have)}, twice {counts['documents'] - len(have)}, problems {len(problems)}"
    )
    return good and keys == have and counts["documents"] == len(have) == clustered and not problems


def _documents(path: Path) -> int:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def _state(path: Path) -> tuple[list[str], dict[str, int]]:
    case = open_case(path)
    problems = case.check()
    with case.read() as connection:
        counts = {n: connection.execute(text(f"SELECT count(*) FROM {n}")).scalar_one() for n in ("documents", "analyses", "search")}
        counts["keys"] = connection.execute(text("SELECT count(DISTINCT key) FROM documents")).scalar_one()
        # the full text must be whole too
        connection.execute(text("SELECT count(*) FROM search WHERE search MATCH 'text'")).scalar()
    case.close()
    return problems, counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made = {"ingest": ingest, "search": search, "exports": exports, "questions": questions, "kill": kill}
    parser.add_argument("what", choices=list(made))
    parser.add_argument("case", type=Path, help="the case file")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--articles", type=int, default=None)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", nargs="*", help="formats to export")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    return 0 if made[args.what](args) else 1


if __name__ == "__main__":
    raise SystemExit(main())
