"""The last stage: ties figures to whose, where, when, who says so and which event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from musnad.pipeline import Analysis
from musnad.record import Figure, Mention, Span, Statement, Time

#: a mention or date farther away than this (code points) is not tied to a figure
_NEAR = 120
#: nor is one longer than this
_LONG = 240
_RELATIVES = frozenset({"الذي", "التي", "الذين", "اللذين", "اللتين", "اللاتي", "حيث", "فيما", "بينما"})
_BREAKS = frozenset({"،", ",", "؛", "–", "-", "—", ":"})
_ACTOR_KINDS = frozenset({"person", "organisation", "armed_group", "state", "group"})


class LinksStage:
    """Fills ``of``, ``place``, ``time``, ``statement`` and ``event`` of figures where they are null."""

    name = "links"
    requires = frozenset({"tokens", "sentences", "times", "figures", "mentions", "statements", "events"})
    provides = frozenset({"links"})

    def run(self, analysis: Analysis) -> None:
        """Tie every figure of the analysis."""
        holders = _Holder(analysis.statements)
        events = {figure: event.id for event in analysis.events for figure in event.figures}
        places = _Near([m for m in analysis.mentions if m.kind in ("place", "state", "facility")])
        actors = _Near([m for m in analysis.mentions if m.kind in _ACTOR_KINDS])
        times = _Near([t for t in analysis.times if t.type != "duration"])
        for figure in analysis.figures:
            sentence = analysis.sentence_of(figure.start)
            if figure.statement is None:
                figure.statement = holders(figure.start, figure.end)
            if figure.event is None:
                figure.event = events.get(figure.id)
            if sentence is None:
                continue
            low, high = sentence.start, sentence.end
            if figure.place is None:
                figure.place = _scene(analysis, figure, places.to(figure), low, high)
            if figure.time is None:
                figure.time = _nearest_time(analysis, figure, times.to(figure), low, high)
            if figure.of is None:
                figure.of = _owner(figure, actors.to(figure))


_S = TypeVar("_S", bound=Span)


class _Near(Generic[_S]):
    """Spans that may be near a figure, found without a look at all of them."""

    def __init__(self, spans: Iterable[_S]) -> None:
        self.spans = sorted((s for s in spans if s.end - s.start <= _LONG), key=lambda s: s.start)
        self.starts = [s.start for s in self.spans]

    def to(self, figure: Figure) -> Sequence[_S]:
        first = bisect_left(self.starts, figure.start - _NEAR - _LONG)
        return self.spans[first : bisect_right(self.starts, figure.end + _NEAR)]


class _Holder:
    def __init__(self, statements: Sequence[Statement]) -> None:
        spans = [(c.start, c.end, s.id) for s in statements for c in s.content]
        self.spans = sorted(spans)
        self.starts = [s[0] for s in self.spans]

    def __call__(self, start: int, end: int) -> str | None:
        # the innermost content is the shortest of those that begin at or before the figure and hold it
        best: tuple[int, str] | None = None
        i = bisect_right(self.starts, start)
        for begin, finish, name in reversed(self.spans[max(0, i - 64) : i]):
            if finish >= end and (best is None or finish - begin < best[0]):
                best = (finish - begin, name)
        return best[1] if best else None


def _scene(analysis: Analysis, figure: Figure, places: Sequence[Mention], low: int, high: int) -> str | None:
    # «في العراق» after the figure is its place; the nearest one wins, what follows before what precedes
    best: tuple[int, str] | None = None
    for place in places:
        if not (low <= place.start and place.end <= high) or _overlap(figure, place):
            continue
        i = analysis.token_at(place.start)
        token = analysis.tokens[i] if i < len(analysis.tokens) else None
        before = analysis.tokens[i - 1].norm if i else ""
        if not ((token and token.preposition == "ب") or before in ("في", "وفي", "داخل", "قرب", "شمال", "جنوب", "غرب", "شرق")):
            continue
        gap = place.start - figure.end if place.start >= figure.end else figure.start - place.end + 30
        if gap <= _NEAR and (best is None or gap < best[0]):
            best = (gap, place.id)
    return best[1] if best else None


def _nearest_time(analysis: Analysis, figure: Figure, times: Sequence[Time], low: int, high: int) -> str | None:
    best: tuple[int, str] | None = None
    for time in times:
        if not (low <= time.start and time.end <= high) or _overlap(figure, time):
            continue
        first, second = (figure, time) if figure.end <= time.start else (time, figure)
        gap = second.start - first.end
        if gap <= _NEAR and (best is None or gap < best[0]) and not _parted(analysis, first.end, second.start):
            best = (gap, time.id)
    return best[1] if best else None


def _parted(analysis: Analysis, start: int, end: int) -> bool:
    """Whether another clause begins between two offsets: a relative pronoun, a comma or a dash."""
    i = analysis.token_at(start)
    while i < len(analysis.tokens) and analysis.tokens[i].start < end:
        token = analysis.tokens[i]
        if token.stem in _RELATIVES or token.text in _BREAKS:
            return True
        i += 1
    return False


def _owner(figure: Figure, actors: Sequence[Mention]) -> str | None:
    # the counted noun is itself a mention, or belongs to the one that follows at once («2500 جندي أميركي»)
    for actor in actors:
        if _overlap(figure, actor):
            return actor.id
    return None


def _overlap(a: Span, b: Span) -> bool:
    return min(a.end, b.end) > max(a.start, b.start)
