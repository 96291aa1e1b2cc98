"""An article's text with its spans, and words found in it."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from musnad.casefile.search import _parts, stems
from musnad.language.letters import fold
from musnad.web.i18n import shown

#: characters shown at once; a longer text is shown in parts
PART = 40_000
_WORD = re.compile(r"\w+")


class Mark(NamedTuple):
    """A span to show: half-open offsets, layer, the item's id."""

    start: int
    end: int
    layer: str
    item: str


class Segment(NamedTuple):
    """A run of text under the same marks."""

    text: str
    start: int
    layers: tuple[str, ...]
    items: tuple[str, ...]


def segments(text: str, marks: list[Mark], first: int = 0, last: int | None = None) -> list[Segment]:
    """The text between two offsets, cut wherever a mark begins or ends. The segments' texts make up the text."""
    last = len(text) if last is None else min(last, len(text))
    inside = [m for m in marks if m.end > first and m.start < last]
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for m in inside:
        opening.setdefault(max(m.start, first), []).append(m)
        closing.setdefault(min(m.end, last), []).append(m)
    cuts = sorted({first, last, *opening, *closing})
    out: list[Segment] = []
    here: list[Mark] = []
    for a, b in itertools.pairwise(cuts):
        for m in closing.get(a, ()):
            here.remove(m)
        here += opening.get(a, [])
        # the shortest mark first: it is the one a click means
        order = sorted(here, key=lambda m: m.end - m.start)
        out.append(
            Segment(
                text[a:b],
                a,
                tuple(dict.fromkeys(m.layer for m in order)),
                tuple(dict.fromkeys(m.item for m in order)),
            )
        )
    return out


def marked(made: list[Segment]) -> Markup:
    """Segments as HTML: one element each, which names its offset, its layers and its items."""
    out = []
    for s in made:
        if s.layers:
            layers, items = " ".join(f"l-{x}" for x in s.layers), escape(" ".join(s.items))
            out.append(f'<span class="sg {layers}" data-s="{s.start}" data-i="{items}">{shown(s.text)}</span>')
        else:
            out.append(f'<span data-s="{s.start}">{shown(s.text)}</span>')
    return Markup("".join(out))


@lru_cache(maxsize=100_000)
def _word_stems(word: str) -> frozenset[str]:
    return frozenset(s for s, _, _ in stems(word))


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(word, "search")


@lru_cache(maxsize=500)
def _wanted(query: str) -> frozenset[str]:
    return frozenset(w for _, negative, _, terms in _parts(query) if not negative for t in terms for w in t if w)


def found(text: str, query: str, most: int = 200) -> list[tuple[int, int]]:
    """Where a query's words stand in a text. Words are read one by one, and only those that hold a stem of the query."""
    wanted = _wanted(query)
    out: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if len(word) > 40:
            continue
        folded = _folded(word)
        if any(w in folded or folded in w for w in wanted) and (_word_stems(word) & wanted or folded in wanted):
            out.append((match.start(), match.end()))
            if len(out) == most:
                break
    return out


def snippet(text: str, spans: list[tuple[int, int]], width: int = 220) -> tuple[int, int]:
    """Offsets of the part of a text around its first find, cut at words."""
    middle = spans[0][0] if spans else 0
    start = max(0, middle - width // 3)
    if start:
        space = text.find(" ", start, start + 40)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + width // 2 else end
    return start, end


__all__ = ["PART", "Mark", "Segment", "found", "marked", "segments", "snippet"]
