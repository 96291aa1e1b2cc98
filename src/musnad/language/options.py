"""Ready-made options of the commonest written words, so that a fresh process need not work them out.

Compiled by ``training/lexicons/language_z_options.py`` from the other compiled files; what is stored is what
:meth:`musnad.language.tagger.Tagger.analyse` gives.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import marisa_trie

from musnad.language.tokens import Reading

if TYPE_CHECKING:
    from musnad.language.tagger import Kind, Sense, Word


#: senses kept ready: bounded, so that memory stays flat over an archive
_KEPT = 8192


class Store:
    """Options of written words, read from packed arrays."""

    def __init__(self, trie: bytes, packed: dict[str, Any]) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.frombytes(trie)
        self._offsets = memoryview(packed["offsets"]).cast("I")
        self._ids = memoryview(packed["ids"]).cast("I")
        self._scores = memoryview(packed["scores"]).cast("i")
        self._senses = memoryview(packed["senses"]).cast("I")
        self._lemmas: list[str] = packed["lemmas"]
        self._frames: list[list[str]] = packed["frames"]
        self._slots: list[list[str]] = packed["slots"]
        self._made: dict[int, Sense] = {}
        self._kinds: dict[tuple[int, int], Kind] = {}

    def bind(self, kind: Callable[[Reading, bool, bool, str], Kind]) -> None:
        """Take the function that gives the kind of a reading: the tagger's, whose kinds are compared by identity."""
        self._kind = kind

    def get(self, written: str) -> tuple[tuple[int, Sense], ...] | None:
        """The options of a word as it is written; None where it is not stored."""
        number = self._trie.get(written)
        if number is None:
            return None
        made, new, ids, scores = self._made, self._sense, self._ids, self._scores
        return tuple([(scores[k], made.get(ids[k]) or new(ids[k])) for k in range(self._offsets[number], self._offsets[number + 1])])

    def _sense(self, code: int) -> Sense:
        from musnad.language.tagger import Sense

        if len(self._made) >= _KEPT:
            self._made.clear()
        frame, slot, lemma, verb = self._senses[4 * code : 4 * code + 4]
        proclitics, enclitic, restored, definite = self._frames[frame]
        reading = Reading._make((self._lemmas[lemma], *self._slots[slot], self._lemmas[verb]))
        kind = self._kinds.get((frame, slot))
        if kind is None:
            kind = self._kinds[frame, slot] = self._kind(reading, definite == "1", enclitic != "", proclitics[-1:])
        sense = self._made[code] = Sense(kind, reading, tuple(proclitics), enclitic, restored, definite == "1")
        return sense


class Numbers(dict[Any, int]):
    """Numbers things in the order of their coming."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


def pack(words: Iterable[tuple[str, Word]]) -> dict[str, object]:
    """The compiled form of words with their options."""
    made = dict(words)
    trie = marisa_trie.Trie(sorted(made))
    senses, lemmas, frames, slots = Numbers(), Numbers(), Numbers(), Numbers()
    offsets, ids, scores = array("I", [0]), array("I"), array("i")
    for written in sorted(made, key=lambda w: trie[w]):
        for score, sense in made[written].options:
            frame = frames["".join(sense.proclitics), sense.enclitic, sense.restored, "1" if sense.definite else "0"]
            lemma, *slot, verb = sense.reading
            ids.append(senses[frame, slots[tuple(slot)], lemmas[lemma], lemmas[verb]])
            scores.append(score)
        offsets.append(len(ids))
    return {
        "options.trie": trie.tobytes(),
        "options": {
            "lemmas": list(lemmas), "frames": list(frames), "slots": list(slots), "senses": array("I", [n for s in senses for n in s]).tobytes(),
            "offsets": offsets.tobytes(), "ids": ids.tobytes(), "scores": scores.tobytes(),
        },
    }  # fmt: skip
