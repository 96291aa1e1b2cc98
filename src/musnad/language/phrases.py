"""Longest-match search of many phrases over tokens, through one compiled trie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from musnad.language.letters import fold
from musnad.language.tokens import Token

Payload = TypeVar("Payload")
_END = ""


class Hit(NamedTuple, Generic[Payload]):
    """A phrase found: tokens ``first`` to ``last`` (half open) and what the phrase stands for."""

    first: int
    last: int
    payload: Payload
    on_stem: bool


def words_of(phrase: str) -> list[str]:
    """A phrase as folded (search level) words, the way tokens are cut (marks stand alone)."""
    from musnad.language.tokenize import cut

    return [fold(raw, "search") for _, _, raw, _ in cut(phrase)]


class PhraseTrie(Generic[Payload]):
    """Phrases of folded words -> payload. The first word may carry proclitics, the last one an enclitic only where
    ``enclitics`` is True; the words between must stand bare. Matching is on the search level of :mod:`letters`."""

    def __init__(self, phrases: Iterable[tuple[str, Payload]] = ()) -> None:
        self.root: dict[str, Any] = {}
        for phrase, payload in phrases:
            self.add(phrase, payload)

    def add(self, phrase: str, payload: Payload) -> None:
        """Add a phrase; a phrase added again keeps its latest payload."""
        node = self.root
        for word in words_of(phrase):
            node = node.setdefault(word, {})
        node[_END] = payload

    def at(self, tokens: Sequence[Token], keys: Sequence[str], i: int) -> Hit[Payload] | None:
        """The longest phrase that begins at token i; ``keys[i]`` is the search-level fold of token i's norm.

        The whole first word is tried before its stem (without proclitics)."""
        hit = self._walk(keys, i, keys[i], False)
        token = tokens[i]
        if token.proclitics:
            bare = self._walk(keys, i, fold(token.stem, "search"), True)
            if bare is not None and (hit is None or bare.last > hit.last):
                hit = bare
        return hit

    def _walk(self, keys: Sequence[str], i: int, first: str, on_stem: bool) -> Hit[Payload] | None:
        node = self.root.get(first)
        best: Hit[Payload] | None = None
        j, n = i + 1, len(keys)
        while node is not None:
            if _END in node:
                best = Hit(i, j, node[_END], on_stem)
            if j >= n:
                break
            node = node.get(keys[j])
            j += 1
        return best

    def scan(self, tokens: Sequence[Token], keys: Sequence[str]) -> Iterator[Hit[Payload]]:
        """Longest matches from left to right, none overlapping."""
        i, n = 0, len(tokens)
        while i < n:
            hit = self.at(tokens, keys, i)
            if hit is None:
                i += 1
            else:
                yield hit
                i = hit.last
