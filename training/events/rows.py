"""What the trigger model learns from: every word that could name an event, and its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from musnad.events.frames import plover
from musnad.events.stage import Coder
from musnad.events.triggers import Candidate, Surroundings, candidates
from musnad.pipeline import Analysis


def words_of(analysis: Analysis) -> list[Candidate]:
    """The words of an analysed text that could name an event. ``analysis``: every stage before the events stage has run."""
    coder = Coder(analysis, plover(), None, models=False)
    around = Surroundings(coder)
    return [w for piece, found in coder.parts() for w in candidates(around, piece.first, piece.last, found, None)]


def labels(words: Sequence[Candidate], types: dict[int, Any]) -> list[Any]:
    """For each word what ``types`` gives the first of its tokens that has anything, else None."""
    return [next((types[k] for k in range(w.first, w.last) if k in types), None) for w in words]
