"""Quoted stretches of an article, with straight marks told apart by the space around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from musnad.language.tokens import Sentence, Token

_PAIRS = {"«": "»", "“": "”", "„": "“", "‹": "›"}
_CLOSERS = {"»": "«", "”": "“", "›": "‹"}
_STRAIGHT = '"'
#: deeper nesting than any text has; more is ignored so that cost stays linear
_DEPTH = 6
#: a quote that runs over a paragraph's end must close within so many tokens
_FAR = 400


class Quoted(NamedTuple):
    """Tokens ``first`` to ``last`` (half open) inside marks; ``open`` and ``close`` are the marks (close None: never closes)."""

    open: int
    close: int | None
    first: int
    last: int


def find(text: str, tokens: Sequence[Token], sentences: Sequence[Sentence]) -> list[Quoted]:
    """Quoted stretches by start. One that never closes ends with the sentence it began in."""
    out: list[Quoted] = []
    stack: list[tuple[str, int]] = []

    def lost(opened: int) -> None:
        last = sentences[tokens[opened].sentence].last
        if last > opened + 1:
            out.append(Quoted(opened, None, opened + 1, last))

    for i, token in enumerate(tokens):
        if token.kind != "punct":
            continue
        mark = token.text
        if mark in _PAIRS or mark in _CLOSERS or mark == _STRAIGHT:
            kind, opens = _kind(text, tokens, i, stack)
            if opens:
                if stack and stack[-1][0] == kind and (kind != "«" or tokens[stack[-1][1]].sentence != token.sentence):
                    lost(stack.pop()[1])
                if len(stack) < _DEPTH:
                    stack.append((kind, i))
                continue
            while stack:
                other, opened = stack.pop()
                if other == kind:
                    far = i - opened > _FAR
                    if far:
                        lost(opened)
                    elif i > opened + 1:
                        out.append(Quoted(opened, i, opened + 1, i))
                    break
                if not any(k == kind for k, _ in stack):
                    stack.append((other, opened))
                    break
                lost(opened)
    for _, opened in stack:
        lost(opened)
    out.sort()
    return out


def _kind(text: str, tokens: Sequence[Token], i: int, stack: list[tuple[str, int]]) -> tuple[str, bool]:
    token = tokens[i]
    mark = token.text
    if mark in "«‹„":
        return ("«" if mark == "«" else mark), True
    if mark in "»›":
        return _CLOSERS[mark], False
    before = text[token.start - 1] if token.start else " "
    after = text[token.end] if token.end < len(text) else " "
    curly = mark != _STRAIGHT
    kind = "“" if curly else _STRAIGHT
    inside = any(k == kind for k, _ in stack)
    free_before = before.isspace() or before in "([:،,-–وبلفك"
    free_after = after.isspace() or after in ")].،,؛:؟!-–;…"
    if free_before and not free_after:
        return kind, True
    if free_after and not (before.isspace() or before in "([:"):
        # a mark glued to the word before it closes
        return kind, False
    if curly and mark == "“" and not inside:
        return kind, True
    return kind, not inside
