"""Coding with several processes, records in the order of the articles."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from musnad.article import Article
from musnad.record import Record

#: articles handed to a process at once: enough that passing them costs little
_BATCH = 16


def code_batch(articles: list[Article]) -> list[Record]:
    """Records of a batch, in order (runs in a worker process)."""
    from musnad.api import shared_pipeline

    pipeline = shared_pipeline()
    return [pipeline.code(article) for article in articles]


def ordered_records(articles: Iterable[Article], jobs: int) -> Iterator[Record]:
    """Records of articles in order; no more than a few batches for each process are held at once."""
    source = iter(articles)
    # spawn: a forked child would inherit the model runtime's threads
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[list[Record]]] = deque()
        try:
            while True:
                while len(waiting) < 3 * jobs and (batch := list(islice(source, _BATCH))):
                    waiting.append(pool.submit(code_batch, batch))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
