"""The pure function that every runner uses: a batch of articles in, a batch of records and one of failures out."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from musnad.article import Article
from musnad.reading.build import ReadingError, make_article
from musnad.scale.arrow import ARTICLES, FAILURES, Rows
from musnad.workers import settled, tidy

#: seconds that one article may take
TIME_LIMIT = 30.0
#: articles coded and written at once by the runners: so many records are in memory
BATCH = 128


class TooSlow(Exception):
    """An article took longer than its time limit."""


@contextmanager
def _limited(seconds: float, hard: bool) -> Iterator[None]:
    if not hard:
        with _alarm(seconds):
            yield
        return
    # an alarm waits for the interpreter's turn, which a loop in C may never give: then a thread of C ends the process
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds + max(seconds, 1.0), exit=True, file=nowhere)
        try:
            with _alarm(seconds):
                yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    # alarms reach the main thread of Unix processes only; elsewhere there is no limit
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TooSlow(f"it took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def article_row(article: Article, where: str) -> dict[str, Any]:
    """An article as a row of :data:`musnad.scale.arrow.ARTICLES`."""
    return {
        "text": article.text, "published": article.published, "outlet": article.outlet, "title": article.title, "url": article.url,
        "extra": msgspec.json.encode(article.extra).decode() if article.extra else None, "where": where,
    }  # fmt: skip


def code_batch(articles: pa.RecordBatch, time_limit: float = TIME_LIMIT, *, hard: bool = False) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Records and failures of a batch of articles, in order.

    The same articles give the same records, whatever else is in the batch.

    :param articles: columns of :data:`musnad.scale.arrow.ARTICLES` (``text`` is required, others may be missing).
    :param time_limit: seconds for one article; one that takes longer is a failure.
    :param hard: whether an article that cannot be interrupted ends the process, for a runner that replaces it.
    """
    pipeline = settled()  # loading must not count against the first article's time
    rows = Rows()
    failures: list[dict[str, str]] = []
    for n, given in enumerate(articles.to_pylist()):
        where = given.get("where") or f"row {n}"
        try:
            article = make_article(
                given["text"],
                published=given.get("published"),
                outlet=given.get("outlet"),
                title=given.get("title"),
                url=given.get("url"),
                extra=msgspec.json.decode(given["extra"]) if given.get("extra") else None,
            )
            with _limited(time_limit, hard):
                record = pipeline.code(article)
            rows.add(record, where)
        except (ReadingError, TooSlow) as error:
            failures.append({"where": where, "reason": str(error)})
        except Exception as error:  # one broken article must not end a batch
            failures.append({"where": where, "reason": f"coding failed: {type(error).__name__}: {error}"})
    made = rows.batch()
    pa.default_memory_pool().release_unused()
    tidy()
    return made, pa.RecordBatch.from_pylist(failures, schema=FAILURES)


def articles_batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Rows of articles as a batch."""
    return pa.RecordBatch.from_pylist(rows, schema=ARTICLES)
