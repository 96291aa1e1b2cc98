"""Random input against readers, language layer and the law of the record.

``python benchmarks/fuzz.py --runs 200000 [--target NAME] [--engine atheris|plain] [--seed 1] [--keep DIR] [--articles FILE]``

Targets: ``decode``, ``jsonl``, ``csv``, ``feed``, ``html``, ``text`` and ``record`` (readers and the record's own reader),
``language`` (tokens cover the text) and ``pipeline`` (the record keeps its law). Runs are shared out by cost. ``atheris`` (where it
is installed) is guided by the branches that an input reaches; ``plain`` draws the same kinds of input without guidance. What
breaks a target is written to ``--keep`` and printed; exit 1 where anything broke.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

#: share of the runs of each target: the cheap many, the whole pipeline few
SHARES = {
    "decode": 24,
    "jsonl": 16,
    "csv": 14,
    "feed": 8,
    "html": 2,
    "text": 14,
    "record": 8,
    "language": 9,
    "pipeline": 5,
}
#: seconds of CPU that a small input may take
HANG = 10.0
#: bytes of an input
LONGEST = 1500


def _items(found: Any) -> None:
    from musnad.article import Article
    from musnad.reading.files import Failure, Note

    for item in found:
        assert isinstance(item, (Article, Failure, Note)), type(item)
        if isinstance(item, Article):
            assert item.text


def decode(data: bytes) -> None:
    from musnad.reading.build import ReadingError
    from musnad.reading.decode import decode

    try:
        text, note = decode(data)
    except ReadingError:
        return
    assert isinstance(text, str)
    assert note is None or "\n" not in note


def jsonl(data: bytes) -> None:
    from musnad.reading.files import Given, _jsonl

    _items(_jsonl(io.BytesIO(data), "fuzz", Given()))


def csv(data: bytes) -> None:
    from musnad.reading.files import Given
    from musnad.reading.tables import csv_articles

    _items(csv_articles(data, "fuzz", Given()))


def feed(data: bytes) -> None:
    from musnad.reading.feeds import feed_articles
    from musnad.reading.files import Given

    _items(feed_articles(data, "fuzz", Given()))


def text(data: bytes) -> None:
    from musnad.reading.files import Given, _whole

    _items(_whole(data, "fuzz", Given(), "txt"))


def html(data: bytes) -> None:
    from musnad.reading.files import Given, _whole

    _items(_whole(b"<!doctype html><html>" + data, "fuzz", Given(), "html"))


def record(data: bytes) -> None:
    """What reads as a record is judged by its law without an exception, and is written and read to the same."""
    import msgspec

    from musnad.record import from_json, problems, to_json

    try:
        made = from_json(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    problems(made)
    assert from_json(to_json(made)) == made


def _article(data: bytes) -> Any:
    from musnad.reading.build import ReadingError, make_article

    try:
        return make_article(data.decode("utf-8", "surrogateescape" if data[:1] == b"!" else "replace"), published="2024-01-27")
    except ReadingError:
        return None


def language(data: bytes) -> None:
    from musnad.api import shared_pipeline
    from musnad.pipeline import Analysis

    article = _article(data)
    if article is None:
        return
    analysis = Analysis(article)
    shared_pipeline().stages[0].run(analysis)
    assert len(analysis.keys) == len(analysis.tokens)
    at = 0
    for n, token in enumerate(analysis.tokens):
        assert at <= token.start < token.end <= len(article.text)
        assert article.text[token.start : token.end] == token.text
        assert token.start <= token.stem_start <= token.stem_end <= token.end
        assert token.index == n
        s = analysis.sentences[token.sentence]
        assert s.first <= n < s.last
        at = token.end
    for span in (*analysis.quotes, *analysis.names):
        assert 0 <= span.start < span.end <= len(article.text)


def pipeline(data: bytes) -> None:
    from musnad.api import shared_pipeline
    from musnad.record import check, to_json

    article = _article(data)
    if article is not None:
        to_json(check(shared_pipeline().code(article)))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": decode, "jsonl": jsonl, "csv": csv, "feed": feed, "html": html, "text": text, "record": record,
    "language": language, "pipeline": pipeline,
}  # fmt: skip


def seeds(target: str) -> list[bytes]:
    """Good inputs that fuzzing begins with, from the project's own examples."""
    from tests.robustness.mutations import texts

    found = [t[:500] for t in texts()]
    rows = [{"text": t[:200], "published": "2024-01-27", "outlet": "وكالة", "n": 1} for t in found]
    if target == "jsonl":
        return [json.dumps(r, ensure_ascii=n % 2 == 0).encode() + b"\n" for n, r in enumerate(rows)]
    if target == "csv":
        return [f'text{s}published\n"{r["text"]}"{s}2024-01-27\n'.encode() for r, s in zip(rows, ",;\t,;\t", strict=False)]
    if target == "feed":
        item = "<item><title>خبر</title><link>http://a.example/1</link><description>{}</description><pubDate>Sat, 27 Jan 2024 10:00:00 GMT</pubDate></item>"
        rss = [f'<?xml version="1.0"?><rss version="2.0"><channel>{item.format(t[:200])}</channel></rss>' for t in found]
        atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>خبر</title><content type="html">&lt;p&gt;{found[0][:200]}&lt;/p&gt;</content></entry></feed>'
        return [r.encode() for r in (*rss[:3], atom)]
    if target == "html":
        return [f"<head><title>خبر</title></head><body><article><p>{t}</p></article></body></html>".encode() for t in found[:3]]
    if target == "record":
        from musnad import code
        from musnad.record import to_json

        return [
            to_json(code("قال الوزير أمس إن 3 جنود قتلوا قرب بغداد.", "2024-01-27")),
            to_json(code("تعهدت الحكومة بسحب القوات خلال شهر.")),
        ]
    if target in ("decode", "text"):
        encodings = ("utf-8", "cp1256", "iso-8859-6", "utf-16", "utf-8-sig")
        return [t.encode(e, "ignore") for t, e in zip(found, encodings * 3, strict=False)]
    return [t.encode() for t in found]


def _spoil(data: bytes, rng: random.Random) -> bytes:
    """Bytes cut, swapped and copied about."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 4, 16))):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            del out[at : at + rng.choice((1, 1, 2, 8, 64))]
        elif kind == 1:
            out[at:at] = rng.randbytes(rng.choice((1, 2, 4)))
        elif kind == 2:
            to = rng.randrange(len(out) + 1)
            out[to:to] = out[at : at + rng.choice((2, 16, 64))]
        elif kind == 3 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 4:
            out[at:at] = rng.choice((b'"', b"\\", b"{", b"[", b"<", b"<![CDATA[", b"&#x0;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b",", b"\xd8", b"1e999", b"null"))  # fmt: skip
        else:
            del out[at:]
    return bytes(out[:LONGEST])


def draw(target: str, good: list[bytes], rng: random.Random) -> bytes:
    """An input: spoilt bytes of a good one, a mutated article, or noise."""
    from tests.robustness.mutations import mutate

    if target in ("language", "pipeline", "text") and rng.random() < 0.7:
        base = rng.choice(good).decode("utf-8", "ignore") or "قال"
        return mutate(base, rng).encode("utf-8", "replace")[: LONGEST * 2]
    if rng.random() < 0.05:
        return rng.randbytes(rng.randrange(200))
    return _spoil(rng.choice(good), rng)


@contextmanager
def _ended() -> Iterator[None]:
    """What takes twice :data:`HANG` of CPU is ended by an exception."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"it did not end within {2 * HANG:g} s of CPU")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, 2 * HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def broken(target: str, data: bytes) -> str | None:
    """Why an input breaks a target, or None."""
    before = time.process_time()
    try:
        with _ended():
            TARGETS[target](data)
    except Exception:
        return traceback.format_exc(limit=-4)
    took = time.process_time() - before
    return f"it took {took:.1f} s" if took > HANG else None


def real(path: Path, most: int = 500) -> list[bytes]:
    """Texts of a file of articles (JSON Lines, .gz or not), evenly over it."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as lines:
        rows = [json.loads(line)["text"] for line in lines]
    return [t.encode("utf-8", "replace") for t in rows[:: max(1, len(rows) // most)] if t.strip()]


def run_plain(target: str, runs: int, seed: int, keep: Path | None, good: list[bytes] | None = None) -> int:
    """Runs without guidance; the number of inputs that broke the target.

    :param good: what inputs are made of, instead of the target's own seeds.
    """
    rng = random.Random(f"{target} {seed}")
    good = good or seeds(target)
    seen: set[str] = set()
    bad = 0
    for n in range(runs):
        data = good[n] if n < len(good) else draw(target, good, rng)
        why = broken(target, data)
        if why:
            bad += 1
            last = why.strip().splitlines()[-1][:80]
            if last not in seen:
                seen.add(last)
                print(f"{target} run {n} broke:\n{why}input: {data[:300]!r}", flush=True)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{target}-{seed}-{n}").write_bytes(data)
    return bad


def run_atheris(target: str, runs: int, seed: int, keep: Path | None) -> int:
    """Runs guided by coverage, in a process of their own (libFuzzer ends its process); 1 where one broke."""
    with tempfile.TemporaryDirectory() as folder:
        for n, data in enumerate(seeds(target)):
            (Path(folder) / str(n)).write_bytes(data)
        artifacts = keep or Path(folder)
        artifacts.mkdir(parents=True, exist_ok=True)
        flags = [
            f"-runs={runs}",
            f"-seed={seed}",
            f"-max_len={LONGEST}",
            f"-timeout={int(HANG)}",
            "-rss_limit_mb=3000",
            "-verbosity=0",
        ]
        where = [f"-artifact_prefix={artifacts}/{target}-", folder]
        done = subprocess.run([sys.executable, __file__, "--guided", target, *flags, *where], capture_output=True, check=False)
    if done.returncode:
        print(f"{target} broke:\n{(done.stdout + done.stderr)[-3000:].decode('utf-8', 'replace')}", flush=True)
    return int(bool(done.returncode))


def _guided(target: str, argv: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["musnad", "feedparser"]):
        import musnad.api
        import musnad.reading.files  # noqa: F401
    TARGETS[target](seeds(target)[0])  # lexicons are loaded before the first input is timed
    atheris.Setup([sys.argv[0], *argv], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--guided"]:
        _guided(sys.argv[2], sys.argv[3:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000, help="cases over all targets")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one (may be given again)")
    parser.add_argument("--engine", choices=("atheris", "plain"), default="plain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that break a target")
    parser.add_argument("--articles", type=Path, help="articles (JSON Lines) that text, language and pipeline are given spoilt")
    parser.add_argument("--replay", type=Path, help="run one kept input through --target")
    args = parser.parse_args()
    if args.replay:
        data = args.replay.read_bytes()
        why = broken(args.target[0], gzip.decompress(data) if args.replay.suffix == ".gz" else data)
        print(why or "fine")
        return int(bool(why))
    chosen = args.target or list(TARGETS)
    whole = sum(SHARES[t] for t in chosen)
    given = real(args.articles) if args.articles else None
    bad = cases = 0
    for target in chosen:
        runs = max(1, args.runs * SHARES[target] // whole)
        before = time.process_time(), time.perf_counter()
        if args.engine == "atheris":
            failed = run_atheris(target, runs, args.seed, args.keep)
        else:
            failed = run_plain(target, runs, args.seed, args.keep, given if target in ("text", "language", "pipeline") else None)
        bad, cases = bad + failed, cases + runs
        print(
            f"{target:10} {runs:8,} cases, {failed} broke it, {time.process_time() - before[0]:.1f} s CPU, {time.perf_counter() - before[1]:.1f} s",
            flush=True,
        )
    print(f"{cases:,} cases, {bad} broke")
    return int(bool(bad))


if __name__ == "__main__":
    raise SystemExit(main())
