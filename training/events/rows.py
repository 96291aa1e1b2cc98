"""What the trigger model learns from: every word that could name an event, with its features and its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from musnad.events.frames import plover
from musnad.events.stage import Coder, pieces
from musnad.events.triggers import PHRASE, Surroundings, by_word
from musnad.pipeline import Analysis


@dataclass
class Word:
    """A word of a text: its tokens (a fixed turn has several), lemma and features; ``features`` is empty where no model would look."""

    tokens: tuple[int, ...]
    lemma: str
    features: list[str]
    framed: bool


def words_of(analysis: Analysis) -> list[Word]:
    """The words of an analysed text that could name an event. ``analysis``: every stage before the events stage has run."""
    coder = Coder(analysis, plover(), None, models=False)
    around = Surroundings(coder)
    sentences = [s for s in analysis.sentences if s.kind != "credit"]
    found, inside = by_word(item for s in sentences for piece in pieces(s) for item in coder._sentence(piece.first, piece.last))
    out = []
    for i in range(len(analysis.tokens)):
        here = found.get(i, [])
        if not here and (i in inside or not around.candidate(i)):
            continue
        last = max((f.last for f in here if f.last - f.index <= PHRASE), default=i + 1)
        out.append(Word(tuple(range(i, last)), analysis.tokens[i].lemma, around.features(i, here), bool(here)))
    return out


def labels(words: Sequence[Word], types: dict[int, Any]) -> list[Any]:
    """For each word what ``types`` gives the first of its tokens that has anything, else None."""
    return [next((types[k] for k in w.tokens if k in types), None) for w in words]
