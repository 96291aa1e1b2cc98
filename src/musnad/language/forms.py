"""The table of inflected forms: verbs with their participles and verbal nouns, nouns, adjectives, closed classes.

Compiled by ``training/lexicons/language_forms.py`` into a trie of forms (match level) and arrays that are read in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import marisa_trie

from musnad import lexicon
from musnad.language.tokens import Reading


class Form(NamedTuple):
    """What a written stem (without clitics and ال) can be.

    ``reading``: as in tokens; ``flag``: "e" only before a pronoun, "n" never before one, "c" only as first of an annexation,
    "i" only without ال (accusative or defective), "x" subjunctive or jussive, "w" a name that loses no letter to clitics. ``pattern``: the alefs of the spelling in a
    dictionary, with a final ى: what the match level does not tell apart. ``rank``: how usual the lemma is in news, 0 to 15.
    """

    reading: Reading
    flag: str
    pattern: str
    rank: int


#: analyses kept ready: bounded, so that memory stays flat over an archive
_KEPT = 8192


class Table:
    """The compiled table; one per process, read only."""

    def __init__(self, trie: bytes, packed: dict[str, Any]) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.frombytes(trie)
        self._offsets = memoryview(packed["offsets"]).cast("I")
        self._analyses = memoryview(packed["analyses"]).cast("I")
        self._lemmas: list[str] = packed["lemmas"]
        self._slots = [tuple(slot.split("\t")) for slot in packed["slots"]]
        self._made: dict[int, Form] = {}

    def get(self, key: str) -> tuple[Form, ...]:
        """Every analysis of a form folded to the match level, most usual kinds first; empty where it has none."""
        number = self._trie.get(key)
        if number is None:
            return ()
        made, new = self._made, self._form
        return tuple([made.get(c) or new(c) for c in self._analyses[self._offsets[number] : self._offsets[number + 1]]])

    def items(self) -> Iterator[tuple[str, Form]]:
        """Every form with each of its analyses."""
        for key in self._trie.keys():  # noqa: SIM118 (a trie does not iterate)
            for form in self.get(key):
                yield key, form

    def __contains__(self, key: str) -> bool:
        return key in self._trie

    def _form(self, code: int) -> Form:
        if len(self._made) >= _KEPT:
            self._made.clear()
        lemma, verb, rank = self._lemmas[code >> 12].split("\t")
        pos, aspect, mood, person, gender, number, voice, form, flag, pattern = self._slots[code & 4095]
        reading = Reading(lemma, pos, aspect, mood, person, gender, number, voice, form, verb)
        made = self._made[code] = Form(reading, flag, pattern, int(rank))
        return made


@cache
def table() -> Table:
    """The package's table, loaded on first use."""
    return Table(lexicon.read_bytes("language", "forms.trie"), lexicon.load("language", "forms"))


@lru_cache(maxsize=1 << 13)
def lookup(key: str) -> tuple[Form, ...]:
    """Every analysis of a stem without clitics and ال, folded to the match level."""
    return table().get(key)
