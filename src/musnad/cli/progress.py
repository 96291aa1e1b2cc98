"""Progress on stderr, only for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(label: str, total: int | None = None, printing: bool = True) -> Iterator[Callable[[], None]]:
    """A counter for long work: call what it gives once per item. Silent where stderr is no terminal.

    :param printing: whether the work itself prints to stdout, so that a terminal there has no room for a counter.
    """
    if not sys.stderr.isatty() or (printing and sys.stdout.isatty()):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def counter(label: str) -> Iterator[Callable[[int], None]]:
    """Like :func:`progress`, for work that comes in portions: call what it gives with the size of each."""
    with progress(label) as step:

        def many(count: int) -> None:
            for _ in range(count):
                step()

        yield many
