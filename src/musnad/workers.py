"""Coding articles one after the other or with several processes, outcomes in the order of the articles."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from musnad.article import Article
from musnad.pipeline import Pipeline
from musnad.record import Record

#: articles handed to a process at once: enough that passing them costs little
_BATCH = 16


class Coded(NamedTuple):
    """A record and what the analysis warns of."""

    record: Record
    warnings: list[str]


class Broken(NamedTuple):
    """An article that a stage failed on, with the reason in one line."""

    where: str
    reason: str


Outcome = Coded | Broken
T = TypeVar("T")


@lru_cache(maxsize=1)
def settled() -> Pipeline:
    """The default pipeline with its lexicons and models loaded, for a process that does nothing but code.

    What is loaded is taken out of the garbage collector's sight, which else walks over it again and again: the
    process codes a third to two thirds faster. A library must not do so to its host: only commands and workers call this.
    """
    from musnad.api import shared_pipeline
    from musnad.reading.build import make_article

    pipeline = shared_pipeline()
    pipeline.code(make_article("قال الوزير أمس إن الهدنة باقية."))
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    return pipeline


@lru_cache(maxsize=1)
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None  # not glibc


def tidy() -> None:
    """Give back to the system what long articles needed and the C library keeps; for a process that codes many, now and then."""
    trim = _trim()
    if trim is not None:
        trim(0)


def code_one(article: Article) -> Outcome:
    """Code an article with the default pipeline; a stage's failure is an outcome, not an exception."""
    try:
        analysis = settled().analyse(article)
    except Exception as error:  # one broken article must not end a batch
        name = article.title or article.text[:40]
        return Broken(f"article {article.id[:12]} ({name})", f"coding failed: {type(error).__name__}: {error}")
    coded = Coded(analysis.record(), analysis.warnings)
    analysis.free()
    return coded


def _batch(code: Callable[[Article], T], articles: list[Article]) -> list[T]:
    # runs in a worker process
    return [code(article) for article in articles]


def ordered_outcomes(articles: Iterable[Article], jobs: int = 1) -> Iterator[Outcome]:
    """Outcomes of articles in their order; no more than a few batches for each process are held at once."""
    return ordered(code_one, articles, jobs)


def ordered(code: Callable[[Article], T], articles: Iterable[Article], jobs: int = 1) -> Iterator[T]:
    """What ``code`` makes of each article, as :func:`ordered_outcomes` gives it.

    :param code: a function of a module (worker processes import it) that turns a stage's failure into an outcome.
    """
    if jobs == 1:
        yield from map(code, articles)
        return
    source = iter(articles)
    # spawn: a forked child would inherit the model runtime's threads
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[list[T]]] = deque()
        try:
            while True:
                while len(waiting) < 3 * jobs and (batch := list(islice(source, _BATCH))):
                    waiting.append(pool.submit(_batch, code, batch))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
