"""Server time of every page of the reading room with concurrent readers, and the size of a first view.

    python -m benchmarks.pages CASE [--readers 8] [--rounds 10] [--reviewer 5]

The case is served by uvicorn in a process of its own. Readers take the pages in different orders, each asking for the next as soon as
one is answered: no reader thinks. Articles, events, actors and pages of lists are drawn from the whole case, so most are asked for
once; the first round, by one reader alone, is told apart ("first"). ``--reviewer SECONDS``: meanwhile a reviewer decides on an
item every so many seconds, which makes every page that was kept out of date (it writes the case: give a copy).
``--cpu``: instead, the processor time that one reader's request takes, each page made anew (nothing kept but the counts made at the
start): what a busy machine does not change.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
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
    "/", "/articles", "/articles?page={p}", "/articles/{n}", "/articles/{n}", "/articles/{n}/edit?kind=events", "/events", "/events?page={p}",
    "/events?type=ASSAULT", "/events?actor={a}", "/events/{e}", "/statements", "/statements?page={p}", "/statements?actor={a}",
    "/statements?by=topic", "/statements?by=topic&topic={a}", "/statements?by=denials", "/figures", "/figures?page={p}",
    "/figures?only=disagree", "/commitments", "/commitments?level=1", "/actors", "/actors?page={p}", "/actors?type=person", "/actors/{a}", "/map",
    "/map?type=ASSAULT", "/sources", "/search?q={w}", "/search?q={w}&page=2", "/dossier", "/review", "/review?page={p}", "/review/log",
    "/review/agreement", "/review/suggestions", "/ingest", "/export", "/audit", "/failures", "/help",
]  # fmt: skip
WORDS = ["اليمن", "السعودية", "اقتصاد", "داعش", "النفط", "مجلس الأمن", "كرة", "التعليم", "الحوثيين", "صنعاء"]


def main() -> None:
    """Run the benchmark and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("case", type=Path)
    arguments.add_argument("--readers", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=10)
    arguments.add_argument("--port", type=int, default=8799)
    arguments.add_argument("--reviewer", type=float, default=0, help="seconds between decisions; none without it")
    arguments.add_argument("--cpu", action="store_true")
    given = arguments.parse_args()
    if given.cpu:
        _cpu(given.case)
        return
    server = subprocess.Popen(
        [sys.executable, "-m", "musnad", "serve", str(given.case), "--port", str(given.port), "--no-browser"],
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{given.port}"
    try:
        _wait(base, server)
        time.sleep(20)  # the server counts what a first reader would wait for
        size = json.load(urllib.request.urlopen(f"{base}/api/case", timeout=60))
        cold = _run(base, 1, 1, 0, size)
        done = threading.Event()
        decided: list[float] = []
        at_work = threading.Thread(target=_review, args=(base, given.reviewer, done, decided), daemon=True)
        if given.reviewer:
            at_work.start()
        warm = _run(base, given.readers, given.rounds, 1, size)
        done.set()
        print(f"{size['articles']} articles, {size['events']} events, {size['statements']} statements, {size['actors']} actors")
        if decided:
            print(
                f"a reviewer took {len(decided)} decisions meanwhile, median {statistics.median(decided):.0f} ms, slowest {max(decided):.0f} ms"
            )
        print(f"{'page':34} {'first ms':>8} {'median':>7} {'p95':>7} {'max':>7}")
        everything = []
        for page in dict.fromkeys(PAGES):
            times = sorted(warm[page])
            everything += times
            print(f"{page:34} {max(cold[page]):8.0f} {statistics.median(times):7.0f} {_p95(times):7.0f} {times[-1]:7.0f}")
        slow = [page for page in warm if _p95(sorted(warm[page])) >= 200]
        print(f"pages whose p95 is 200 ms or more: {', '.join(slow) or 'none'}, of {len(warm)}")
        everything.sort()
        print(
            f"{'all':34} {'':8} {statistics.median(everything):7.0f} {_p95(everything):7.0f} {everything[-1]:7.0f}   {len(everything)} requests, {given.readers} readers"
        )
        print(f"first view: {_first_view(base) / 1000:.0f} KB (page, styles, scripts and fonts as they travel)")
    finally:
        server.terminate()
        server.wait(20)


def _cpu(case: Path) -> None:
    from starlette.testclient import TestClient

    from musnad.web.app import create_app

    app = create_app(case)
    room = app.state.room
    room.warm()
    browser, chance = TestClient(app), random.Random(5)
    size = browser.get("/api/case").json()
    everything: list[float] = []
    print(f"{'page':34} {'median':>7} {'slowest of 10':>14}  (ms of processor time)")
    for page in dict.fromkeys(PAGES):
        times = []
        for n in range(11):
            path = _path(page, chance, size)
            room.forget()
            begun = time.process_time()
            answer = browser.get(path)
            if n:  # the first one compiles its template
                times.append(1000 * (time.process_time() - begun))
            assert answer.status_code in (200, 404), path
        times.sort()
        everything += times
        print(f"{page:34} {statistics.median(times):7.0f} {times[-1]:14.0f}")
    everything.sort()
    print(f"{'all':34} {statistics.median(everything):7.0f} {everything[-1]:14.0f}  p95 {_p95(everything):.0f}")


def _path(page: str, chance: random.Random, size: dict[str, int]) -> str:
    return page.format(
        n=chance.randint(1, size["articles"]),
        e=chance.randint(1, size["events"]),
        a=chance.randint(1, size["actors"]) if chance.random() < 0.5 else chance.randint(1, 40),
        p=chance.randint(1, 40),
        w=urllib.parse.quote(chance.choice(WORDS)),
    )


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


def _review(base: str, every: float, done: threading.Event, decided: list[float]) -> None:
    """Accept and reject, by turns, what stands first in the queue."""
    jar = urllib.request.HTTPCookieProcessor()
    browser = urllib.request.build_opener(jar)
    token = re.search(r'<meta name="csrf" content="([^"]+)">', browser.open(f"{base}/help", timeout=60).read().decode())
    assert token is not None
    while not done.wait(every):
        item = json.load(browser.open(f"{base}/api/queue?limit=1", timeout=60))["items"][0]
        action = "reject" if len(decided) % 2 else "accept"
        body = {"document_id": item["document_id"], "kind": item["kind"], "item": item["id"], "action": action}
        headers = {"content-type": "application/json", "x-csrf-token": token.group(1)}
        begun = time.perf_counter()
        browser.open(urllib.request.Request(f"{base}/api/reviews", json.dumps(body).encode(), headers), timeout=60).read()
        decided.append(1000 * (time.perf_counter() - begun))


def _run(base: str, readers: int, rounds: int, seed: int, size: dict[str, int]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = defaultdict(list)

    def reader(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        for _ in range(rounds):
            pages = PAGES[:]
            chance.shuffle(pages)
            for page in pages:
                path = _path(page, chance, size)
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
