"""How often written words occur in news, and how much of their use is inside names.

Counts from 1.1 million words of the Arabic News Texts corpus (Apache-2.0), name shares from News FANE (CC BY-SA 3.0); made by
``training/wordclasses.py`` and compiled by ``training/lexicons/language_words.py``.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import marisa_trie

from musnad import lexicon


@cache
def _table() -> tuple[marisa_trie.Trie, memoryview]:
    trie = marisa_trie.Trie()
    trie.frombytes(lexicon.read_bytes("language", "words.trie"))
    return trie, memoryview(lexicon.read_bytes("language", "words.counts")).cast("I")


class Use(NamedTuple):
    """What is known of a written word: times ``seen`` in the counted news (0 where rarer than three); ``share`` of its use inside
    names of persons and places (0 none seen, 1 to 3 nearly all); ``coarse`` and ``fine``: numbers of its distributional
    classes, 0 where it has none."""

    seen: int
    share: int
    coarse: int
    fine: int


_UNKNOWN = Use(0, 0, 0, 0)


@lru_cache(maxsize=1 << 13)
def use(word: str) -> Use:
    """The use of a word (match level, clitics attached)."""
    trie, packed = _table()
    number = trie.get(word)
    if number is None:
        return _UNKNOWN
    value = packed[number]
    return Use(value >> 17, value & 3, value >> 2 & 63, value >> 8 & 511)


def count(word: str) -> int:
    """Occurrences of a word (match level, clitics attached) in the counted news; 0 where rarer than three."""
    trie, packed = _table()
    number = trie.get(word)
    return 0 if number is None else packed[number] >> 17
