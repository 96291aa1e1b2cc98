"""Compiles the options of every written form of the counted news, and its features in the fast token model, from the other compiled files
of the room and the model's weights (so it comes last).

Sources: ``written.txt`` and ``words.tsv``.
"""

from __future__ import annotations

from array import array

import marisa_trie

from musnad import lexicon
from musnad.language import options
from musnad.language.model import checked
from musnad.language.model.fast import FastModel
from musnad.language.tagger import Tagger
from training.lexicons.language_forms import SOURCE, rows

ROOM = "language"


def build() -> dict[str, object]:
    tagger = Tagger(lexicon.load("language", "tagger"))
    words = {word for word, *_ in rows("words.tsv")} | set((SOURCE / "written.txt").read_text(encoding="utf-8").split())
    made = options.pack((word, tagger.analyse(word)) for word in sorted(words))
    return {**made, "features": features(made["options.trie"])}


def features(packed: object) -> dict[str, bytes]:
    """Numbers of the features that the fast token model sees of each word, see :class:`musnad.language.model.fast.Ready`."""
    assert isinstance(packed, bytes)
    trie = marisa_trie.Trie()
    trie.frombytes(packed)
    model = FastModel(checked("fast.npz"))
    starts, rows, classes = array("I", [0]), array("H"), array("h")
    for number in range(len(trie)):
        found = model.found(trie.restore_key(number))
        rows.extend(sorted(found.rows))
        starts.append(len(rows))
        classes.extend((found.use, found.sense))
    return {"starts": starts.tobytes(), "rows": rows.tobytes(), "classes": classes.tobytes()}
