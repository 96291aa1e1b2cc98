"""A case file of ten thousand articles, measured: time, size, memory, kills, search, exports.

``python benchmarks/case_scale.py ingest CASE [--data DIR] [--jobs 2] [--articles N]`` makes CASE from ``news/saudinewsnet_slice.jsonl.gz`` and prints
time, articles/s, size and the highest memory of all its processes together.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from musnad.casefile.store import open_case

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


def watched(command: list[str]) -> tuple[float, float, str]:
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
    return took, highest, said.splitlines()[-1]


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
    print(f"  {took:.0f} s in all, {documents / took:.1f} articles/s; coding and writing {coding:.0f} s, across articles {took - coding:.0f} s")
    print(f"  file {os.path.getsize(args.case) / 1e6:.0f} MB, {os.path.getsize(args.case) / documents / 1000:.1f} kB an article")
    print(f"  memory {highest:.0f} MB at most, all processes together (floor {MOST_MEMORY:.0f})")
    print("  " + ", ".join(f"{name} {n:,}" for name, n in counts.items()) + f", copies {copies:,}")
    print(f"  check: {len(problems)} problems, {checked:.0f} s")
    return highest < MOST_MEMORY and not problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ingest"])
    parser.add_argument("case", type=Path, help="the case file")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--articles", type=int, default=None)
    args = parser.parse_args()
    return 0 if {"ingest": ingest}[args.what](args) else 1


if __name__ == "__main__":
    raise SystemExit(main())
