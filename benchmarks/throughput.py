"""Speed and memory of the whole pipeline on one core.

``python benchmarks/throughput.py [--data DIR] [--articles 2000]`` codes articles of ``news/`` (the two sets in turn) and prints
articles/s, words/s, seconds by stage, and peak memory after the first 200 and at the end; exit 1 below ``--floor`` articles/s or
where memory still grows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from musnad.pipeline import Analysis  # noqa: E402 (threads are set before numpy is loaded)
from musnad.reading.build import ReadingError, make_article  # noqa: E402
from musnad.record import to_json  # noqa: E402
from musnad.workers import settled, tidy  # noqa: E402

SETS = ("ant_v1.1.jsonl.gz", "saudinewsnet_slice.jsonl.gz")


def rows(folder: Path, limit: int) -> Iterator[dict[str, str]]:
    """Rows of the two sets in turn, evenly over each set."""
    files = []
    for name in SETS:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            files.append([json.loads(line) for line in lines])
    share = limit // len(files)
    picked = [made[:: max(1, len(made) // share)][:share] for made in files]
    for pair in zip(*picked, strict=False):
        yield from pair


def peak() -> float:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """Resident memory of this process now, in MB (Linux); its peak elsewhere."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return peak()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--floor", type=float, default=20.0, help="articles/s")
    args = parser.parse_args()
    articles = []
    for row in rows(args.data / "news", args.articles):
        try:
            articles.append(make_article(row["text"], published=row["published"], outlet=row["outlet"], title=row["title"]))
        except ReadingError:
            continue
    pipeline = settled()
    spent: Counter[str] = Counter()
    words = size = 0
    early = 0.0
    began = time.perf_counter()
    for n, article in enumerate(articles, 1):
        analysis = Analysis(article)
        for stage in pipeline.stages:
            t = time.perf_counter()
            stage.run(analysis)
            spent[stage.name] += time.perf_counter() - t
        size += len(to_json(analysis.record()))
        words += sum(t.kind == "word" for t in analysis.tokens)
        if n % 128 == 0:
            tidy()  # as workers do
        if n == 200:
            early = resident()
    took = time.perf_counter() - began
    late = resident()
    rate = len(articles) / took
    print(f"{len(articles)} articles, {words:,} words in {took:.1f} s: {rate:.1f} articles/s, {words / took:,.0f} words/s")
    for name, seconds in spent.most_common():
        print(f"  {name:12} {seconds:7.2f} s  {words / seconds:12,.0f} words/s")
    print(
        f"records: {size / len(articles) / 1024:.1f} kB each; memory {early:.0f} MB after 200 articles, {late:.0f} MB at the end, {peak():.0f} MB at most"
    )
    flat = late <= early * 1.15 + 20
    if rate < args.floor or not flat:
        print("FAILED: " + ("too slow" if rate < args.floor else "memory grows"))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
