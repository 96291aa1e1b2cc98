"""Quoted stretches over tokens: nested, in mixed and reversed marks, open to the end of their paragraph where none closes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from musnad.language.tokens import Quote, Token

#: mark -> family; within a family an opening mark is closed by a closing one
_FAMILY = {
    "«": "guillemet", "»": "guillemet", "‹": "single", "›": "single", "“": "curly", "”": "curly", "„": "curly", "‟": "curly",
    "‘": "apostrophe", "’": "apostrophe", '"': "straight", "″": "straight", "'": "tick",
}  # fmt: skip
_OPENS = frozenset("«‹“„‟‘")
#: deeper than this, marks are taken as no quotes: no writer means them, and work stays linear
DEEPEST = 12
_AFTER_CLOSE = frozenset(".،,؛:!؟)»”")


def quotes(text: str, tokens: Sequence[Token]) -> list[Quote]:
    """Quoted stretches, outermost first by start.

    Marks that open and close alike are told apart by the white space beside them; »…« and ”…“ are read as reversed where a
    paragraph uses them so. A quote that never closes ends with its paragraph.
    """
    out: list[Quote] = []
    stack: list[_Open] = []
    n = len(tokens)
    family_of = _FAMILY.get
    for i, token in enumerate(tokens):
        if token.kind == "punct":
            family = family_of(token.text)
            if family is not None:
                _mark(text, tokens, i, family, stack, out)
        if stack and i + 1 < n and "\n" in text[token.end : tokens[i + 1].start]:
            _end(stack, token.end, tokens, out)
    if n:
        _end(stack, tokens[-1].end, tokens, out)
    out.sort(key=lambda q: (q.start, q.depth))
    return out


class _Open(NamedTuple):
    at: int
    family: str
    turned: bool  # opened by a closing mark: »…« or ”…”


def _mark(text: str, tokens: Sequence[Token], i: int, family: str, stack: list[_Open], out: list[Quote]) -> None:
    if _opens(text, tokens[i], family, stack):
        if len(stack) < DEEPEST:
            stack.append(_Open(i, family, family not in ("straight", "tick") and tokens[i].text not in _OPENS))
    elif any(held.family == family for held in stack):
        while stack:
            held = stack.pop()
            start, end = tokens[held.at].end, tokens[i].start
            if end > start and (held.family == family or held.family != "tick"):
                out.append(Quote(held.at, i if held.family == family else None, start, end, len(stack)))
            if held.family == family:
                return


def _opens(text: str, token: Token, family: str, stack: Sequence[_Open]) -> bool:
    """Whether a mark opens a quote; where it does not, it closes one of its family or means nothing."""
    space_before = token.start == 0 or text[token.start - 1].isspace()
    space_after = token.end == len(text) or text[token.end].isspace()
    held = next((h for h in reversed(stack) if h.family == family), None)
    if family == "tick":
        # an apostrophe is no quote mark: only one that stands after a space and before a letter opens
        return held is None and space_before and not space_after
    if family == "straight":
        # nested straight marks cannot be told from a close but by the marks of another family between them
        return held is None or (space_before and not space_after and stack[-1].family != family)
    if token.text in _OPENS:
        if held is None:
            return not space_after or space_before
        if held.turned:
            return space_before and not space_after
        # “…“ closes with its own opening mark
        shuts = not space_before and (space_after or text[token.end] in _AFTER_CLOSE)
        return not (shuts and stack[-1].family == family)
    return held is None and not space_after


def _end(stack: list[_Open], end: int, tokens: Sequence[Token], out: list[Quote]) -> None:
    while stack:
        held = stack.pop()
        start = tokens[held.at].end
        if end > start and held.family != "tick":
            out.append(Quote(held.at, None, start, end, len(stack)))
