"""Compiles the options of every written form of the counted news, from the other compiled files of the room (so it comes last).

Sources: ``written.txt`` and ``words.tsv``.
"""

from __future__ import annotations

from musnad import lexicon
from musnad.language import options
from musnad.language.tagger import Tagger
from training.lexicons.language_forms import SOURCE, rows

ROOM = "language"


def build() -> dict[str, object]:
    tagger = Tagger(lexicon.load("language", "tagger"))
    words = {word for word, *_ in rows("words.tsv")} | set((SOURCE / "written.txt").read_text(encoding="utf-8").split())
    return options.pack((word, tagger.analyse(word)) for word in sorted(words))
