"""Cutting text into words, numbers and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from musnad.language.tokens import TokenKind

_INVISIBLE = "\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad"
_ARABIC = (
    "\u0610-\u061a\u0620-\u0659\u065b-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08ff\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc"
)
_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9"
#: white space and invisible marks match nothing and are skipped
_TOKEN = re.compile(
    rf"(?P<word>[{_ARABIC}][{_ARABIC}{_INVISIBLE}]*)"
    rf"|(?P<number>[{_DIGIT}]+(?:[.,:/\u066b\u066c\u060c][{_DIGIT}]+)*)"
    r"|(?P<latin>[A-Za-z\u00c0-\u024f]+(?:['’&.-][A-Za-z\u00c0-\u024f]+)*\.?(?<![.])|[A-Za-z\u00c0-\u024f]+)"
    r"|(?P<dots>\.{2,})"
    rf"|(?P<punct>[^\w\s{_INVISIBLE}])"
    rf"|(?P<other>[^\s{_INVISIBLE}])",
    re.DOTALL,
)
#: by number of the group that matched
_KINDS: tuple[TokenKind, ...] = ("other", "word", "number", "latin", "punct", "punct", "other")


def cut(text: str) -> Iterator[tuple[int, int, str, TokenKind]]:
    """Each token's start, end (code points), text and kind, in order; white space and invisible marks give none."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        yield start, end, match[0], _KINDS[match.lastindex]  # type: ignore[index]
