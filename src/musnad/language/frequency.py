"""How often written words occur in news, and how much of their use is inside names.

Counts from 1.1 million words of the Arabic News Texts corpus (Apache-2.0), name shares from News FANE (CC BY-SA 3.0).
"""

from __future__ import annotations

from functools import cache

import marisa_trie

from musnad import lexicon


@cache
def _table() -> tuple[marisa_trie.Trie, memoryview]:
    trie = marisa_trie.Trie()
    trie.frombytes(lexicon.read_bytes("language", "words.trie"))
    return trie, memoryview(lexicon.read_bytes("language", "words.counts")).cast("I")


def count(word: str) -> int:
    """Occurrences of a word (match level, clitics attached) in the counted news; 0 where rarer than three."""
    trie, counts = _table()
    number = trie.get(word)
    return 0 if number is None else counts[number] >> 2


def name_share(word: str) -> int:
    """How much of a word's use is inside names of persons and places: 0 none seen, 1 to 3 (nearly all)."""
    trie, counts = _table()
    number = trie.get(word)
    return 0 if number is None else counts[number] & 3
