"""Compiles the options of every counted word, from the other compiled files of the room (so it comes last)."""

from __future__ import annotations

from musnad import lexicon
from musnad.language import options
from musnad.language.tagger import Tagger
from training.lexicons.language_forms import rows

ROOM = "language"


def build() -> dict[str, object]:
    tagger = Tagger(lexicon.load("language", "tagger"))
    return options.pack((word, tagger.analyse(word)) for word, *_ in rows("words.tsv"))
