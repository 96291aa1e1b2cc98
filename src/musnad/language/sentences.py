"""Sentences, paragraphs and quotes over tokens."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.language.tokens import Quote, Sentence, Token

_OPEN = {"«", "“", "„", "‹"}
_CLOSE = {"»", "”", "›"}
# marks that open and close alike, or are used so
_STRAIGHT = {'"', "”"}
_STOPS = {".", "!", "؟", "?", "…", "۔"}


def split(text: str, tokens: Sequence[Token]) -> list[Sentence]:
    """Sentences of an article, in order, covering every token; sets ``token.sentence``."""
    out: list[Sentence] = []
    first, paragraph = 0, 0
    for i, token in enumerate(tokens):
        token.sentence = len(out)
        last = i + 1 == len(tokens)
        gap = "" if last else text[token.end : tokens[i + 1].start]
        line_end = "\n" in gap
        stop = token.text in _STOPS or (token.kind == "punct" and token.text.startswith(".."))
        if stop and not last:
            following = tokens[i + 1]
            # a closing mark belongs to the sentence it closes; a dot without a space is an abbreviation
            stop = bool(gap) and following.text not in _CLOSE and following.text != ")"
        closes = token.text in _CLOSE and i > 0 and tokens[i - 1].text in _STOPS and bool(gap)
        if last or line_end or stop or closes:
            out.append(Sentence(len(out), tokens[first].start, token.end, first, i + 1, paragraph))
            first = i + 1
            if line_end:
                paragraph += 1
    return out


def quotes(text: str, tokens: Sequence[Token]) -> list[Quote]:
    """Quoted stretches, outermost first by start. Marks that never close end with their paragraph."""
    out: list[Quote] = []
    stack: list[int] = []

    def shut(close: int | None, end: int) -> None:
        opened = stack.pop()
        start = tokens[opened].end
        if end > start:
            out.append(Quote(opened, close, start, end, len(stack)))

    for i, token in enumerate(tokens):
        mark = token.text
        if token.kind == "punct":
            inside = any(tokens[o].text in _STRAIGHT | _OPEN for o in stack)
            if mark in _OPEN or (mark in _STRAIGHT and not inside):
                stack.append(i)
            elif stack and (mark in _CLOSE or mark in _STRAIGHT):
                shut(i, token.start)
        if stack and i + 1 < len(tokens) and "\n" in text[token.end : tokens[i + 1].start]:
            while stack:
                shut(None, token.end)
    while stack:
        shut(None, tokens[-1].end)
    out.sort(key=lambda q: (q.start, q.depth))
    return out
