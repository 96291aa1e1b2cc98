"""Folding of Arabic letters, with an exact map back to the original offsets.

Levels: ``display`` drops what is not seen (bidi controls, zero-width marks, tatweel); ``match`` also drops tashkeel and
unifies alef, ya, kaf, presentation forms and digits; ``search`` also unifies taa marbuta and hamza seats and drops hamza.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

Level = Literal["display", "match", "search"]

TATWEEL = "\u0640"
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
TASHKEEL = "".join(map(chr, [*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6DD),
                             *range(0x6DF, 0x6E5), 0x6E7, 0x6E8, *range(0x6EA, 0x6EE)]))  # fmt: skip


class Folded(NamedTuple):
    """Folded text; ``offsets[i]`` is the original offset of folded character i, with the text's end as last."""

    text: str
    offsets: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span of the original that folded [start, end) came from."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


@cache
def table(level: Level) -> dict[int, str]:
    """The translation table of a level, for ``str.translate``."""
    out: dict[int, str] = {ord(c): "" for c in BIDI_CONTROLS + ZERO_WIDTH + TATWEEL}
    if level == "display":
        return out
    out.update({ord(c): "" for c in TASHKEEL})
    out.update({ord(a): b for a, b in {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي",
                                       "ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه"}.items()})  # fmt: skip
    for i in range(10):
        out[0x660 + i] = out[0x6F0 + i] = str(i)
    for code in [*range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD)]:
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            out[code] = plain.strip().translate(out)
    if level == "search":
        folds = {"ة": "ه", "ؤ": "و", "ئ": "ي", "ء": ""}
        out = {k: v.translate({ord(a): b for a, b in folds.items()}) for k, v in out.items()}
        out.update({ord(a): b for a, b in folds.items()})
    return out


#: what the match level leaves as it is: letters without hamza on alef, without alef maqsura and marks
_FOLDED = re.compile("[\u0621\u0624\u0626-\u063a\u0641-\u0648\u064a]*").fullmatch


def fold(text: str, level: Level = "match") -> str:
    """The text folded to a level; see :func:`fold_map` where offsets are needed."""
    if level == "match" and _FOLDED(text):
        return text
    return text.translate(table(level))


def search_key(norm: str) -> str:
    """The search level of a text that is at the match level."""
    return norm.replace("ة", "ه").replace("ؤ", "و").replace("ئ", "ي").replace("ء", "")


def fold_map(text: str, level: Level = "match") -> Folded:
    """The text folded to a level, with the original offset of each folded character."""
    made = table(level)
    out: list[str] = []
    offsets: list[int] = []
    for i, char in enumerate(text):
        plain = made.get(ord(char), char)
        out.append(plain)
        offsets.extend([i] * len(plain))
    offsets.append(len(text))
    return Folded("".join(out), offsets)
