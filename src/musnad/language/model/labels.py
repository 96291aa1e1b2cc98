"""Label sets of the token model, BIO spans, and the clitic-split label.

Split labels say which clitics to cut from a word as written. The form is ``PRO|ENC``: the proclitics in order,
each followed by ``+``, then ``|`` for the stem, then the enclitics in order, each preceded by ``+``, all in
folded Arabic letters. Examples: ``|`` (leave whole), ``و+ب+|`` (وبالعراق), ``|+ه`` (كتابه), ``ل+|`` (للسلطة:
ل + لسلطة, the letters as written are never changed), ``س+|+ها`` (سيكتبها).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NAME_CLASSES = ("PERS", "ORG", "LOC", "MISC")
NAME_LABELS = ("O", *(f"{p}-{c}" for c in NAME_CLASSES for p in "BI"))
POS_LABELS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
WHOLE = "|"

_DROP = {0x0640, *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE)}
_DROP |= {0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF}
_MAP = {ord(a): b for a, b in zip("أإآٱىةیکگؤئ", "اااايهيكقوي", strict=True)}
_TABLE: dict[int, str | None] = {**dict.fromkeys(_DROP), **_MAP}
for _base in (0x30, 0x660, 0x6F0):
    _TABLE.update({_base + _i: "0" for _i in range(10)})


class Tags(NamedTuple):
    """Labels of one sentence, one per word: BIO names, UD part of speech of the stem, clitic split."""

    names: list[str]
    pos: list[str] | None
    split: list[str] | None


class Span(NamedTuple):
    """A name: words ``start`` to ``end`` (half open) of a sentence, with its class."""

    start: int
    end: int
    kind: str


class Evidence(NamedTuple):
    """What a model says of sentences: the names of each; for each word, sentence after sentence, the log shares of its parts of speech
    (in the order of the model's ``pos_labels``); and a function that gives the clitic split of a word from the numbers of its sentence and
    its place there."""

    names: list[list[Span]]
    shares: NDArray[np.float32]
    split: Callable[[int, int], str]


@lru_cache(maxsize=1 << 13)
def fold(word: str) -> str:
    """The form the models look words up by: no tashkeel, tatweel or bidi marks; hamza, ya and taa marbuta
    united; every digit 0; lower case."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)
    return word.translate(_TABLE).lower() or word


def spans(names: Sequence[str]) -> list[Span]:
    """Spans of a BIO sequence; an I- without its B- opens a span of its own."""
    out: list[Span] = []
    start, kind = -1, ""
    for i, label in enumerate([*names, "O"]):
        if kind and label != f"I-{kind}":
            out.append(Span(start, i, kind))
            kind = ""
        if label != "O" and not kind:
            start, kind = i, label[2:]
    return out


def split_label(pro: Sequence[str], enc: Sequence[str]) -> str:
    """Label of a word from its proclitics and enclitics (any spelling)."""
    return "".join(fold(p) + "+" for p in pro) + WHOLE + "".join("+" + fold(e) for e in enc)


def split_parts(label: str) -> tuple[list[str], list[str]]:
    """Proclitics and enclitics named by a split label."""
    left, right = label.split(WHOLE)
    return [p for p in left.split("+") if p], [e for e in right.split("+") if e]


def _skip(word: str, at: int, want: str, step: int) -> int:
    """Position after reading ``want`` from ``at`` in direction ``step``, marks left out; -1 when it differs."""
    for letter in want if step > 0 else reversed(want):
        while 0 <= at < len(word) and ord(word[at]) in _DROP:
            at += step
        if not 0 <= at < len(word) or fold(word[at]) != letter:
            return -1
        at += step
    return at


def cut(word: str, label: str) -> list[tuple[int, int]]:
    """Offsets (code points into ``word``, half open) of proclitics, stem and enclitics in reading order.

    A label that the letters of the word don't bear out, or that would leave no stem, cuts nothing.
    """
    pro, enc = split_parts(label)
    whole = [(0, len(word))]
    at = 0
    left: list[tuple[int, int]] = []
    for p in pro:
        end = _skip(word, at, p, 1)
        if end < 0:
            return whole
        while end < len(word) and ord(word[end]) in _DROP:  # a short vowel belongs to the letter before it
            end += 1
        left.append((at, end))
        at = end
    stop = len(word)
    right: list[tuple[int, int]] = []
    for e in reversed(enc):
        begin = _skip(word, stop - 1, e, -1)
        if begin < -1 or (begin == -1 and not _exact(word, stop, e)):
            return whole
        right.insert(0, (begin + 1, stop))
        stop = begin + 1
    return [*left, (at, stop), *right] if stop > at else whole


def _exact(word: str, stop: int, want: str) -> bool:
    return fold(word[:stop]) == want
