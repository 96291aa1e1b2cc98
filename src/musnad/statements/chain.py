"""The chain of sources behind a stretch of text."""

from __future__ import annotations

from musnad.pipeline import Analysis
from musnad.record import Statement

_NOTE = "statements.by_content"


def chain_of(analysis: Analysis, start: int, end: int) -> list[str]:
    """Ids of the statements in whose content [start, end) lies, innermost first; empty: the article's own voice.

    A statement counts where most of the stretch lies inside one of its content spans; its parents follow it.
    """
    spans = analysis.notes.get(_NOTE)
    if spans is None:
        spans = index(analysis)
    best: Statement | None = None
    size = 0
    middle = (start + end) // 2
    for s, e, statement in _around(spans, middle):
        inside = min(e, end) - max(s, start)
        if inside * 2 > end - start and (best is None or e - s < size or (e - s == size and _under(analysis, statement, best))):
            best, size = statement, e - s
    if best is None:
        return []
    by_id = {s.id: s for s in analysis.statements}
    chain: list[str] = []
    here: Statement | None = best
    while here is not None and here.id not in chain:
        chain.append(here.id)
        here = by_id.get(here.parent) if here.parent else None
    return chain


def index(analysis: Analysis) -> list[tuple[int, int, Statement]]:
    """Content spans by start, kept in ``analysis.notes`` for :func:`chain_of`; built anew after statements change."""
    spans = sorted(((c.start, c.end, s) for s in analysis.statements for c in s.content), key=lambda x: (x[0], -x[1]))
    analysis.notes[_NOTE] = spans
    return spans


def _around(spans: list[tuple[int, int, Statement]], offset: int) -> list[tuple[int, int, Statement]]:
    from bisect import bisect_right

    k = bisect_right(spans, offset, key=lambda x: x[0])
    # contents nest a few deep; a window of the nearest starts holds every one that can matter
    return [x for x in spans[max(0, k - 64) : k] if x[1] > offset]


def _under(analysis: Analysis, a: Statement, b: Statement) -> bool:
    return a.parent == b.id
