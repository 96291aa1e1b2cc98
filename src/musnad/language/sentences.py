"""Sentences and paragraphs over tokens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from musnad import lexicon
from musnad.language.letters import fold
from musnad.language.quotes import quotes
from musnad.language.tokens import Sentence, Token

__all__ = ["quotes", "split"]

Kind = Literal["body", "heading", "dateline", "credit", "item"]

_STOPS = frozenset((".", "!", "؟", "?", "…", "۔", "‼", "⁇"))
_CLOSERS = frozenset("»”›’)]}\"'″")
_BULLETS = frozenset("-–—•*·▪●◦■□‣›»")
#: letters that stand for a person's title: استاذ، دكتور، مهندس
_TITLES = frozenset("ادم")
#: a heading is at most this many tokens, a credit or dateline at most that many
_HEADING, _CREDIT = 24, 9


@cache
def _words() -> dict[str, frozenset[str]]:
    made = lexicon.load("language", "sentences")
    return {name: frozenset(words) for name, words in made.items()}


def split(text: str, tokens: Sequence[Token]) -> list[Sentence]:
    """Sentences of an article, in order, covering every token; sets ``token.sentence``."""
    wrapped = _hard_wrapped(text)
    cuts: list[tuple[int, bool]] = []
    n, first = len(tokens), 0
    following = iter(tokens)
    next(following, None)
    for i, token in enumerate(tokens):
        if i + 1 == n:
            cuts.append((n, True))
            break
        start, end = next(following).start, token.end
        if token.kind != "punct" and (start == end or (start == end + 1 and text[end] == " ")):
            continue
        gap = text[end:start]
        line = "\n" in gap or "\r" in gap or "\u2029" in gap
        if line and wrapped and gap.count("\n") < 2 and not _ends(tokens, i, first, gap):
            line = False
        if line or _ends(tokens, i, first, gap):
            cuts.append((i + 1, line))
            first = i + 1
    out: list[Sentence] = []
    first = paragraph = 0
    for last, line in cuts:
        number = len(out)
        for token in tokens[first:last]:
            token.sentence = number
        out.append(Sentence(number, tokens[first].start, tokens[last - 1].end, first, last, paragraph))
        first = last
        if line:
            paragraph += 1
    return _kinds(out, tokens)


def _ends(tokens: Sequence[Token], i: int, first: int, gap: str) -> bool:
    """Whether a sentence that begins at ``first`` ends with token i; ``gap`` is the white space after it."""
    token = tokens[i]
    if token.kind != "punct":
        return False
    following = tokens[i + 1]
    if token.text in _CLOSERS:
        # a closing mark right after a stop belongs to the sentence that it closes
        at = i - 1
        while at > max(first, i - 6) and tokens[at].text in _CLOSERS and tokens[at].end == tokens[at + 1].start:
            at -= 1
        if at < first or tokens[at].end != tokens[at + 1].start or not _stop(tokens, at, first):
            return False
        if token.text in "\"'″" and not gap:
            return False
        return bool(gap) and following.text not in _CLOSERS and following.text not in "،؛:,"
    if not _stop(tokens, i, first):
        return False
    if following.text in _CLOSERS and (not gap or following.text not in "\"'″"):
        return False
    if following.kind == "punct" and following.text in ("،", "؛", ",", ".", "!", "؟", "?", "…"):
        return False
    dots = token.text == "…" or token.text.startswith("..")
    if dots:
        return bool(gap) and fold(following.text) not in _words()["after_dots"]
    if not gap:
        # a stop without a space: still one between two words of some length
        before = tokens[i - 1] if i > first else token
        return (
            token.text in ".؟!?" and before.kind == "word" and following.kind == "word"
            and len(before.text) > 3 and len(following.text) > 3
        )  # fmt: skip
    return True


def _stop(tokens: Sequence[Token], i: int, first: int) -> bool:
    """Whether token i, a mark, can end a sentence: no dot of an abbreviation, an initial or a list number."""
    token = tokens[i]
    mark = token.text
    if mark not in _STOPS and not mark.startswith(".."):
        return False
    if mark != "." or i == first:
        return i > first or mark != "."
    before = tokens[i - 1]
    if before.end != token.start:
        return True
    word = fold(before.text)
    if before.kind == "number":
        return i - 1 != first or (i + 1 < len(tokens) and tokens[i + 1].kind == "number")
    if before.kind == "word":
        single = len(word) == 1 or (len(word) == 2 and word[0] in "وفبل" and word[1:] in ("د", "ا", "م"))
        if single:
            # د. خالد, أ.د. خالد, أ.ف.ب: the last letter of an agency's name may well end the sentence, but hardly one of a single word
            start = i - 1
            while start - 2 >= first and tokens[start - 1].text == "." and len(fold(tokens[start - 2].text)) == 1:
                start -= 2
            title = all(fold(tokens[k].text) in _TITLES for k in range(start, i, 2))
            return start < i - 1 and not title and start - first > 1 and not _goes_on(tokens, i)
        return word not in _words()["abbreviations"]
    if before.kind == "latin":
        return len(before.text) > 1 and before.text not in ("Mr", "Dr", "St", "vs", "No", "Inc")
    return True


def _goes_on(tokens: Sequence[Token], i: int) -> bool:
    if i + 1 == len(tokens):
        return False
    following = tokens[i + 1]
    if fold(following.text) in _words()["after_dots"]:
        return True
    return tokens[i].end == following.start or following.text in _CLOSERS or following.text in "-–،"


def _hard_wrapped(text: str) -> bool:
    """Whether lines are broken at a fixed width instead of at paragraphs: many long lines, few of them ending with a stop."""
    if text.count("\n") < 4:
        return False
    lines = [line.strip() for line in text[:20_000].split("\n")]
    full = [line for line in lines if line]
    if len(full) < 5:
        return False
    widest = max(map(len, full))
    if not 40 <= widest <= 130:
        return False
    long = [line for line in full if len(line) >= 0.75 * widest]
    stopped = sum(line[-1] in '.!؟?»”"…:' for line in long)
    return len(long) >= 0.6 * len(full) and stopped <= 0.4 * len(long)


def _kinds(made: list[Sentence], tokens: Sequence[Token]) -> list[Sentence]:
    alone: dict[int, int] = {}
    for sentence in made:
        alone[sentence.paragraph] = alone.get(sentence.paragraph, 0) + 1
    last_body = max((s.number for s in made if _full(tokens, s)), default=-1)
    out = []
    for sentence in made:
        starts = sentence.number == 0 or made[sentence.number - 1].paragraph != sentence.paragraph
        kind = _kind(tokens, sentence, alone[sentence.paragraph] == 1, starts, sentence.number < last_body)
        out.append(sentence if kind == "body" else sentence._replace(kind=kind))
    return out


def _full(tokens: Sequence[Token], sentence: Sentence) -> bool:
    return any(tokens[i].text in _STOPS for i in range(max(sentence.first, sentence.last - 3), sentence.last))


def _kind(tokens: Sequence[Token], sentence: Sentence, alone: bool, starts: bool, before_body: bool) -> Kind:
    size = sentence.last - sentence.first
    head = tokens[sentence.first]
    words = _words()
    if starts and size > 2:
        second = tokens[sentence.first + 1]
        if head.text in _BULLETS and second.start > head.end and head.kind == "punct":
            return "item"
        if head.kind == "number" and second.text in (")", "-", "–", ".", "/") and second.start == head.end and size > 3:
            return "item"
    if not alone:
        return "body"
    folded = [fold(t.text, "search") for t in tokens[sentence.first : sentence.first + 2]]
    if (
        size <= _CREDIT + 6
        and folded[0] in words["credit"]
        and (size <= _CREDIT or ":" in (t.text for t in tokens[sentence.first : sentence.first + 3]))
    ):
        return "credit"
    if size <= _CREDIT and any(fold(t.text, "search") in words["outlets"] for t in tokens[sentence.first : sentence.last]):
        marks = {t.text for t in tokens[sentence.first : sentence.last]}
        if head.text == "(":
            return "credit"
        if marks & {"-", "–", "—", "(", "/", "|", "،"} and not _full(tokens, sentence):
            return "dateline"
        if size <= 3:
            return "credit"
    if (
        size <= _HEADING
        and before_body
        and not any(
            tokens[i].text in _STOPS and tokens[i].text in ".…۔"
            for i in range(sentence.last - 1, max(sentence.first, sentence.last - 2) - 1, -1)
        )
    ):
        return "heading"
    return "body"
