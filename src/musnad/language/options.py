"""Ready-made options of the commonest written words, so that a fresh process need not work them out.

Compiled by ``training/lexicons/language_z_options.py`` from the other compiled files; what is stored is what
:meth:`musnad.language.tagger.Tagger.analyse` gives.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import marisa_trie

from musnad.language.letters import fold
from musnad.language.tokens import Reading
from musnad.language.words import Candidate, Cut

if TYPE_CHECKING:
    from musnad.language.tagger import Word


#: kinds of options kept ready: bounded, so that memory stays flat over an archive
_KEPT = 8192


class Store:
    """Options of written words, read from packed arrays."""

    def __init__(self, trie: bytes, packed: dict[str, Any]) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.frombytes(trie)
        self._types: list[str] = packed["types"]
        self._offsets = memoryview(packed["offsets"]).cast("I")
        self._ids = memoryview(packed["ids"]).cast("I")
        self._scores = memoryview(packed["scores"]).cast("f")
        self._made: dict[int, tuple[Any, ...]] = {}

    def get(self, written: str) -> Word | None:
        """The options of a word as :func:`musnad.language.words.plain` leaves it; None where it is not stored."""
        from musnad.language.tagger import Option, Word, option_of

        number = self._trie.get(written)
        if number is None:
            return None
        norm = fold(written)
        size = len(norm)
        options = []
        for k in range(self._offsets[number], self._offsets[number + 1]):
            code = self._ids[k]
            known = self._made.get(code)
            if known is None:
                if len(self._made) >= _KEPT:
                    self._made.clear()
                known = self._type(code)
                sample = option_of(Candidate(Cut(known[0], "", known[1], 0, 0), *known[3:]), 0.0)
                known = self._made[code] = (*known, sample)
            pro, enclitic, restored, definite, reading, source, flag, pattern, rank, sample = known
            first, last = len(pro), size - len(enclitic)
            stem = restored + norm[first:last]
            candidate = Candidate(Cut(pro, stem, enclitic, first, last), definite, reading, source, flag, pattern, rank)
            options.append(Option(candidate, self._scores[k], sample.pos, sample.tag, sample.agree, stem, sample.keys))
        return Word(norm, tuple(options), options[0].tag)

    def _type(self, code: int) -> tuple[Any, ...]:
        pro, enclitic, restored, definite, source, flag, pattern, rank, *reading = self._types[code].split("\t")
        return tuple(pro), enclitic, restored, definite == "1", Reading(*reading), source, flag, pattern, int(rank)


def pack(words: Iterable[tuple[str, Word]]) -> dict[str, object]:
    """The compiled form of words with their options."""
    made = dict(words)
    trie = marisa_trie.Trie(sorted(made))
    types: dict[str, int] = {}
    offsets, ids, scores = array("I", [0]), array("I"), array("f")
    for written in sorted(made, key=lambda w: trie[w]):
        for option in made[written].options:
            candidate = option.candidate
            cut = candidate.cut
            restored = cut.stem[: len(cut.stem) - (cut.last - cut.first)]
            key = "\t".join((
                "".join(cut.proclitics), cut.enclitic, restored, "1" if candidate.definite else "0", candidate.source,
                candidate.flag, candidate.pattern, str(candidate.rank), *candidate.reading,
            ))  # fmt: skip
            ids.append(types.setdefault(key, len(types)))
            scores.append(option.score)
        offsets.append(len(ids))
    return {
        "options.trie": trie.tobytes(),
        "options": {"types": list(types), "offsets": offsets.tobytes(), "ids": ids.tobytes(), "scores": scores.tobytes()},
    }
