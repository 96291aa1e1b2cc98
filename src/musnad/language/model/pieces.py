"""Unigram word pieces (the XLM-R vocabulary cut down to what Arabic news uses), one word at a time.

Method: T. Kudo, Subword Regularization (2018): the segmentation with the greatest sum of piece scores.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from musnad.language.model.labels import _DROP

META = "\u2581"
BOS, PAD, EOS, UNK = 0, 1, 2, 3
_UNSEEN = -30.0
_STRIP = dict.fromkeys(_DROP)
_CLOSING = frozenset(".,،؛;:؟?!)]}»”’%٪…")
_LONGEST_WORD = 64  # a word beyond this is no word; its tail tells nothing


class Pieces:
    """Cuts words into piece numbers. ``pieces[i]`` has the number ``i``; the first four are special."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._id = {p: i for i, p in enumerate(pieces) if i > UNK}
        self._score = {p: float(s) for p, s in zip(pieces, scores, strict=True) if self._id.get(p)}
        self._longest = max((len(p) for p in self._id), default=1)
        self.word = lru_cache(maxsize=1 << 13)(self._word)

    def _word(self, word: str) -> tuple[int, ...]:
        """Numbers of the pieces of one word (at least one)."""
        text = unicodedata.normalize("NFKC", word.translate(_STRIP)).replace(" ", "")[:_LONGEST_WORD]
        if not text or text not in _CLOSING:
            text = META + text
        n = len(text)
        best = [0.0] + [-1e30] * n
        back = [(0, UNK)] * (n + 1)
        for i in range(n):
            if best[i] + _UNSEEN > best[i + 1]:
                best[i + 1], back[i + 1] = best[i] + _UNSEEN, (i, UNK)
            for j in range(i + 1, min(n, i + self._longest) + 1):
                score = self._score.get(text[i:j])
                if score is not None and best[i] + score > best[j]:
                    best[j], back[j] = best[i] + score, (i, self._id[text[i:j]])
        out: list[int] = []
        while n:
            n, piece = back[n]
            out.append(piece)
        return tuple(reversed(out))
