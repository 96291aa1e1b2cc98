"""An archive run measured: ``musnad run`` with one worker and with two, against a bare loop over the same articles.

``python benchmarks/scale.py [--data DIR] [--articles 9999] [--model fast] [--jobs 0 1 2]`` (0 is the loop) prints for each run articles/s (wall clock),
CPU seconds per article, the start of a worker, and the peak memory of each worker early and at the end; then the efficiency of two
workers and what the pool costs over the bare loop, by the clock and by CPU time. CPU time is what counts on a machine that others use.
``--check`` exits 1 below the floors of the project: 70 articles/s in all (14 with the accurate model), 700 MB a worker and flat,
efficiency 1.8, overhead 5 %.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

NAME = "news/saudinewsnet_slice.jsonl.gz"
FLOORS = {"fast": 70.0, "accurate": 14.0}


class Run(NamedTuple):
    """One way to code the articles. ``cpu``: seconds of all its processes; ``memory``: MB of each worker, a sample every 0.5 s."""

    articles: int
    failed: int
    clock: float
    cpu: float
    memory: dict[int, list[float]]
    written: int


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _workers(parent: int) -> dict[int, float]:
    """MB of resident memory of the spawned workers below a process (Linux)."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == parent and b"spawn_main" in (folder / "cmdline").read_bytes():
                found[int(folder.name)] = int(stat[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except (OSError, IndexError):
            continue  # it ended meanwhile
    return found


def measure(path: Path, output: Path, jobs: int, model: str) -> Run:
    """``musnad run`` with so many workers; ``jobs`` 0 is the bare loop, in a process of its own."""
    command = [sys.executable, "-m", "musnad", "run", str(path), str(output), "--jobs", str(jobs)]
    if jobs == 0:
        command = [sys.executable, __file__, "--bare", str(path), str(output)]
    before, began = _children_cpu(), time.perf_counter()
    env = os.environ | {"MUSNAD_MODEL": model}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    memory: dict[int, list[float]] = {}

    def sample() -> None:
        while process.poll() is None:
            for worker, size in _workers(process.pid).items():
                memory.setdefault(worker, []).append(size)
            time.sleep(0.5)

    watcher = threading.Thread(target=sample)
    watcher.start()
    _, said = process.communicate()
    watcher.join()
    clock = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(said.decode("utf-8", "replace"))
    records, failed = _counts(output)
    for file in list((output / "failures").glob("*.jsonl"))[:1] if jobs else ():
        print("           set aside:", file.read_text(encoding="utf-8").splitlines()[0][:160])
    written = sum(f.stat().st_size for f in (output / "records").glob("*.parquet"))
    return Run(records, failed, clock, _children_cpu() - before, memory, written)


def _counts(output: Path) -> tuple[int, int]:
    import pyarrow.parquet as pq

    records = sum(pq.ParquetFile(f).metadata.num_rows for f in (output / "records").glob("*.parquet"))
    failed = sum(len(f.read_text(encoding="utf-8").splitlines()) for f in (output / "failures").glob("*.jsonl"))
    return records, failed


def bare(path: Path, output: Path) -> None:
    """The loop a user would write: read, code, write rows in batches; no pool, no limit, no shards."""
    import pyarrow.parquet as pq

    from musnad.reading.build import ReadingError, make_article
    from musnad.scale.arrow import Rows, records_schema
    from musnad.workers import settled

    pipeline = settled()
    for name in ("records", "failures"):
        (output / name).mkdir(parents=True)
    rows, failed = Rows(), 0
    with (
        path.open("rb") as lines,
        pq.ParquetWriter(output / "records/all.parquet", records_schema(), compression="zstd") as writer,
    ):
        for n, line in enumerate(lines):
            row = json.loads(line)
            try:
                facts = {k: row.get(k) or None for k in ("published", "outlet", "title", "url")}
                extra = {k: v for k, v in row.items() if k not in (*facts, "text")}
                article = make_article(row["text"], **facts, extra=extra)
            except ReadingError:
                failed += 1
                continue
            rows.add(pipeline.code(article), str(n))
            if n % 128 == 127:
                writer.write_batch(rows.batch())
                rows = Rows()
        writer.write_batch(rows.batch())
    (output / "failures/all.jsonl").write_text("{}\n" * failed, encoding="utf-8")


def start(model: str) -> float:
    """CPU seconds until a process has its lexicons and models and has coded one sentence."""
    words = "from musnad import code; code('قال الوزير أمس إن الهدنة باقية.')"
    before = _children_cpu()
    subprocess.run([sys.executable, "-c", words], env=os.environ | {"MUSNAD_MODEL": model}, check=True)
    return _children_cpu() - before


def main() -> int:
    if sys.argv[1:2] == ["--bare"]:
        bare(Path(sys.argv[2]), Path(sys.argv[3]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--articles", type=int, default=9999)
    parser.add_argument("--model", choices=("fast", "accurate"), default="fast")
    parser.add_argument("--jobs", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with gzip.open(args.data / NAME, "rb") as source, path.open("wb") as target:
            lines = source.readlines()
            step = max(1, len(lines) // args.articles)
            target.writelines(lines[::step][: args.articles])
        size = path.stat().st_size
        load = os.getloadavg()[0]
        once = start(args.model)
        print(
            f"{args.articles:,} articles, {size / 2**20:.1f} MB; {os.cpu_count()} cores, load {load:.1f} before; start of a process {once:.2f} s CPU"
        )
        runs: dict[int, Run] = {}
        for jobs in args.jobs:
            run = runs[jobs] = measure(path, Path(folder) / f"out{jobs}", jobs, args.model)
            print(
                f"{'bare loop' if jobs == 0 else f'--jobs {jobs}':10} {run.articles:,} coded, {run.failed} set aside, {run.clock:.1f} s clock, {run.articles / run.clock:.1f} articles/s, "
                f"{run.cpu:.1f} s CPU, {run.cpu / max(run.articles, 1) * 1000:.1f} ms CPU an article, {run.written / max(run.articles, 1) / 1024:.1f} kB Parquet a record"
            )
            for n, sizes in enumerate(run.memory.values(), 1):
                early = max(sizes[: max(1, len(sizes) // 3)])
                print(f"           worker {n}: {early:.0f} MB in the first third, {max(sizes):.0f} MB at most")
    return _judge(runs, args.model, once, args.check)


def _judge(runs: dict[int, Run], model: str, once: float, check: bool) -> int:
    problems = []
    if {0, 1} <= runs.keys():
        loop = runs[0]
        # `run` starts one process more than the loop does
        cost = (runs[1].cpu - once) / loop.cpu - 1
        print(f"pool over bare loop: {cost:+.1%} CPU (start of its process apart), {runs[1].clock / loop.clock - 1:+.1%} clock")
        problems += ["overhead"] * (cost > 0.05)
    if {1, 2} <= runs.keys():
        gain = runs[1].clock / runs[2].clock
        print(f"two workers: {gain:.2f} times one by the clock; CPU of two {runs[2].cpu / runs[1].cpu:.2f} times that of one")
        problems += ["efficiency"] * (gain < 1.8)
    most = max(runs)
    problems += ["speed"] * (runs[most].articles / runs[most].clock < FLOORS[model])
    for run in runs.values():
        for sizes in run.memory.values():
            early = max(sizes[: max(1, len(sizes) // 3)])
            problems += ["memory"] * (max(sizes) > 700 or max(sizes) > early * 1.15 + 20)
    if problems:
        print("below the floors: " + ", ".join(sorted(set(problems))))
    return int(check and bool(problems))


if __name__ == "__main__":
    raise SystemExit(main())
