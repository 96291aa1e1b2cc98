"""The pure function that every runner uses: a batch of articles in, a batch of records and one of failures out."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

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


class _Limit:
    """The time limit of each article of a batch: ``start`` and ``stop`` stand around the coding of one."""

    def __init__(self, seconds: float, nowhere: TextIO | None) -> None:
        self.seconds, self.nowhere = seconds, nowhere
        # alarms reach the main thread of Unix processes only; elsewhere there is no limit
        self.alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self.before = signal.signal(signal.SIGALRM, self._ring) if self.alarms else None
        self.slack = seconds / 4
        self.armed = float("-inf")

    def _ring(self, *_: object) -> None:
        raise TooSlow(f"it took longer than {self.seconds:g} s")

    def start(self) -> None:
        # an alarm waits for the interpreter's turn, which a loop in C may never give: then a thread of C ends the process.
        # To end and start that thread takes longer than all else here, so it is not done for every article
        if self.nowhere is not None and time.monotonic() - self.armed > self.slack:
            faulthandler.dump_traceback_later(self.seconds + max(self.seconds, 1.0) + self.slack, exit=True, file=self.nowhere)
            self.armed = time.monotonic()
        if self.alarms:
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def stop(self) -> None:
        if self.alarms:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def end(self) -> None:
        if self.alarms:
            signal.signal(signal.SIGALRM, self.before)
        if self.nowhere is not None:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _limits(seconds: float, hard: bool) -> Iterator[_Limit]:
    with Path(os.devnull).open("w") as nowhere:
        limit = _Limit(seconds, nowhere if hard else None)
        try:
            yield limit
        finally:
            limit.end()


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
    with _limits(time_limit, hard) as limit:
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
                try:
                    limit.start()
                    record = pipeline.code(article)
                finally:
                    limit.stop()
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
