"""An article's words as the actor grammar sees them: search-level keys, stems and bare forms, and trie walks over them."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from musnad.actors.build import END
from musnad.actors.kb import Base
from musnad.language.frequency import count, use
from musnad.language.letters import fold
from musnad.language.tokens import Token
from musnad.pipeline import Analysis

_OPENING = frozenset("«“\"„‹'")
_CLOSING = frozenset("»”\"›'")


@lru_cache(maxsize=1 << 13)
def search(norm: str) -> str:
    """A match-level folded word on search level."""
    return fold(norm, "search")


@lru_cache(maxsize=1 << 13)
def _nameness(norm: str) -> int:
    known = use(norm)
    if count(norm) == 0 and known.share < 2:
        return 1
    return 2 if known.share == 3 else 1 if known.share == 2 else 0


class Words:
    """Parallel lists over an article's tokens: ``keys`` whole words, ``stems`` without proclitics, ``bare`` also without ال."""

    __slots__ = ("analysis", "bare", "definite", "given", "glued", "keys", "n", "stems", "tokens")

    def __init__(self, analysis: Analysis, given: frozenset[str] = frozenset(), whole: Collection[str] = frozenset()) -> None:
        self.given = given
        self.analysis = analysis
        self.tokens: list[Token] = analysis.tokens
        self.keys: list[str] = analysis.keys
        self.n = len(self.tokens)
        stems: list[str] = []
        bare: list[str] = []
        #: whether a word has ال, proper names included
        self.definite = [t.definite or (len(k) > 4 and t.text.startswith("ال")) for t, k in zip(self.tokens, self.keys, strict=True)]
        #: whether a conjunction or preposition really stands before the word, and is not a letter of it («لبنانيون»)
        self.glued = [bool(t.proclitics) for t in self.tokens]
        for i, (token, key) in enumerate(zip(self.tokens, self.keys, strict=True)):
            if self.glued[i] and (key in whole or (key.startswith("ال") and key[2:] in whole)):
                self.glued[i] = False
                stems.append(key)
                bare.append(key[2:] if key.startswith("ال") and key[2:] in whole else key)
            elif token.kind != "word":
                stems.append(key)
                bare.append(key)
            elif token.proclitics or token.enclitic is not None:
                stems.append(search(token.stem))
                bare.append(search(token.bare))
            else:
                stems.append(key)
                bare.append(search(token.bare) if token.definite else key)
        self.stems = stems
        self.bare = bare

    def nameness(self, i: int) -> int:
        """How much a word is used in names: 2 nearly always or in the list of given names, 1 unknown or sometimes, 0 a common word."""
        if self.keys[i] in self.given or (not self.definite[i] and self.stems[i] in self.given):
            return 2
        return _nameness(self.tokens[i].norm)

    def everyday(self, i: int) -> bool:
        """Whether a word is frequent in news and not a name."""
        known = use(self.tokens[i].stem)
        return count(self.tokens[i].stem) >= 12 and known.share < 2

    def rare_stem(self, i: int) -> bool:
        """Whether a word without its clitics never occurs in news: the clitic is probably the first letter of a name."""
        return count(self.tokens[i].stem) == 0 and count(self.tokens[i].norm) < 50

    def name(self, trie: dict[str, Any], i: int, limit: int) -> tuple[int, list[int], int] | None:
        """Longest name that begins at token i: (index after it, references, offset at which it starts)."""
        token = self.tokens[i]
        best = self._walk(trie, self.keys[i], i, limit, self.keys)
        start = token.start
        if token.proclitics:
            found = self._walk(trie, self.stems[i], i, limit, self.keys)
            if found is not None and (best is None or found[0] > best[0]):
                best, start = found, token.stem_start
        elif best is None and token.kind == "word":
            # a proper name that the language stage left with its clitic («لإسرائيل»)
            cut = self._cut(i)
            while cut is not None and best is None:
                best = self._walk(trie, cut[0], i, limit, self.keys)
                start = token.start + cut[1]
                cut = self._cut(i, cut[1]) if cut[1] < 2 else None
        return None if best is None else (best[0], best[1], start)

    def _cut(self, i: int, skip: int = 0) -> tuple[str, int] | None:
        """The word at i with one clitic letter more taken off, and how many letters that makes."""
        key, token = self.keys[i], self.tokens[i]
        if len(key) < skip + 4 or len(token.norm) != token.end - token.start:
            return None
        if key[skip : skip + 2] == "لل":
            return "ا" + key[skip + 1 :], skip + 1
        if key[skip] in ("وفبلك" if skip == 0 else "بلك"):
            return key[skip + 1 :], skip + 1
        return None

    def phrase(self, trie: dict[str, Any], i: int, limit: int) -> tuple[int, list[int]] | None:
        """Longest head or title that begins at token i, matched without ال and the first word's clitics."""
        found = self._walk(trie, self.bare[i], i, limit, self.bare, clitics=False)
        if found is None and self.tokens[i].proclitics:
            # the splitter may have taken a letter of the word itself
            key = self.keys[i]
            found = self._walk(trie, key[2:] if key.startswith("ال") and len(key) > 4 else key, i, limit, self.bare, clitics=False)
        return found

    def base_nisba(self, base: Base, first: int, last: int) -> str | None:
        """Country of the first nisba among tokens [first, last)."""
        for k in range(first, last):
            found = base.nisba.get(self.bare[k])
            if found is not None and not found[2]:
                return found[0]
        return None

    def _walk(
        self, trie: dict[str, Any], first: str, i: int, limit: int, keys: list[str], clitics: bool = True
    ) -> tuple[int, list[int]] | None:
        node = trie.get(first) if first else None
        if node is None:
            return None
        best: tuple[int, list[int]] | None = None
        tokens, j, quoted = self.tokens, i + 1, False
        while True:
            refs = node.get(END)
            if refs is not None:
                end = j
                if quoted and j < limit and tokens[j].text in _CLOSING:
                    end = j + 1
                best = (end, refs)
            if j >= limit or len(node) == (refs is not None):
                return best
            token = tokens[j]
            if token.text in _OPENING and not quoted and j + 1 < limit:
                quoted = True
                j += 1
                token = tokens[j]
            key = keys[j] if clitics or not token.proclitics else self.keys[j]
            node = node.get(key) if key else None  # a tatweel by itself has an empty key, which is the trie's end mark
            if node is None:
                return best
            j += 1
