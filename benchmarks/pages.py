"""Server time of every page of the reading room with concurrent readers, and the size of a first view.

    python -m benchmarks.pages CASE [--readers 8] [--rounds 6]

The case is served by uvicorn in a process of its own. Readers take the pages in different orders, each as fast as it is answered;
the first round, which fills what the server remembers of an unchanged case, is told apart ("cold").
"""

from __future__ import annotations

import argparse
import gzip
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from pathlib import Path

PAGES = [
    "/", "/articles", "/articles?page=7", "/articles/{n}", "/articles/{n}", "/articles/{n}/edit?kind=events", "/events", "/events?page={p}",
    "/events?type=ASSAULT", "/events?actor=1", "/events/{n}", "/statements", "/statements?page={p}", "/statements?by=topic",
    "/statements?by=denials", "/figures", "/figures?page={p}", "/commitments", "/actors", "/actors?page={p}", "/actors/{n}", "/map", "/sources",
    "/search?q={w}", "/search?q={w}&page=2", "/dossier", "/review", "/review?page={p}", "/review/log", "/review/agreement", "/export", "/help",
]  # fmt: skip
WORDS = ["اليمن", "السعودية", "اقتصاد", "داعش", "النفط", "مجلس الأمن", "كرة", "التعليم", "الحوثيين", "صنعاء"]


def main() -> None:
    """Run the benchmark and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("case", type=Path)
    arguments.add_argument("--readers", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=6)
    arguments.add_argument("--port", type=int, default=8799)
    given = arguments.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-m", "musnad", "serve", str(given.case), "--port", str(given.port), "--no-browser"],
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{given.port}"
    try:
        _wait(base, server)
        time.sleep(6)  # the server warms what a first reader would wait for
        cold = _run(base, 1, 1, 0)
        warm = _run(base, given.readers, given.rounds, 1)
        print(f"{'page':34} {'cold ms':>8} {'median':>7} {'p95':>7} {'max':>7}")
        everything = []
        for page in dict.fromkeys(PAGES):
            times = sorted(warm[page])
            everything += times
            print(f"{page:34} {max(cold[page]):8.0f} {statistics.median(times):7.0f} {_p95(times):7.0f} {times[-1]:7.0f}")
        everything.sort()
        print(
            f"{'all':34} {'':8} {statistics.median(everything):7.0f} {_p95(everything):7.0f} {everything[-1]:7.0f}   {len(everything)} requests, {given.readers} readers"
        )
        print(f"first view: {_first_view(base) / 1000:.0f} KB (page, styles, scripts and fonts as they travel)")
    finally:
        server.terminate()
        server.wait(20)


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{base}/help", timeout=5).read()
            return
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server does not start") from None
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def _p95(times: list[float]) -> float:
    return times[min(len(times) - 1, int(0.95 * len(times)))]


def _run(base: str, readers: int, rounds: int, seed: int) -> dict[str, list[float]]:
    out: dict[str, list[float]] = defaultdict(list)

    def reader(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        for _ in range(rounds):
            pages = PAGES[:]
            chance.shuffle(pages)
            for page in pages:
                path = page.format(
                    n=chance.randint(1, 900),
                    p=chance.randint(1, 9),
                    w=urllib.parse.quote(chance.choice(WORDS)),
                )
                begun = time.perf_counter()
                with urllib.request.urlopen(urllib.request.Request(base + path, headers={"accept-encoding": "gzip"}), timeout=60) as answer:
                    answer.read()
                out[page].append(1000 * (time.perf_counter() - begun))

    threads = [threading.Thread(target=reader, args=(n,)) for n in range(readers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def _first_view(base: str) -> int:
    static = ["/static/app.css", "/static/app.js", "/static/vendor/htmx/htmx.min.js", "/static/icon.svg"]
    static += [f"/static/vendor/noto/noto-sans-arabic-{s}-wght-normal.woff2" for s in ("arabic", "latin")]
    total = 0
    for path in ["/", *static]:
        with urllib.request.urlopen(urllib.request.Request(base + path, headers={"accept-encoding": "gzip"}), timeout=60) as answer:
            body = answer.read()
            total += len(body)
            if path == "/" and answer.headers.get("content-encoding") == "gzip":
                assert b"<html" in gzip.decompress(body)
    return total


if __name__ == "__main__":
    main()
