"""What the tests of the actors room share."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import musnad.actors
from musnad.actors import find
from musnad.actors.stage import ActorsStage
from musnad.article import Article, article_id
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline
from musnad.record import Entity, Mention
from musnad.times.stage import TimesStage

CASES = Path(musnad.actors.__file__).parent / "cases"
_MARK = re.compile(r"(?P<open>[\[{<])(?P<number>\d+)(?:=(?P<id>[\w-]+))? (?P<words>[^\[\]{}<>]+)[\]}>]")


class Mark(NamedTuple):
    """A marked stretch of a passage."""

    kind: str
    number: int
    actor: str | None
    start: int
    end: int


class Marked(NamedTuple):
    """A passage without its marks, and the marks."""

    text: str
    marks: list[Mark]


@lru_cache(maxsize=1)
def pipeline() -> Pipeline:
    """Language, times and actors."""
    return Pipeline([LanguageStage(), TimesStage(), ActorsStage()])


def analyse(text: str, published: str | None = "2024-01-27") -> Analysis:
    """A text through language, times and actors."""
    return pipeline().analyse(Article(id=article_id(text), text=text, published=published))


def entity_of(analysis: Analysis, mention: Mention) -> Entity:
    """The entity of a mention."""
    return next(e for e in analysis.entities if e.id == mention.entity)


def mention_of(analysis: Analysis, words: str) -> Mention:
    """The mention over the first word of the first occurrence of some words."""
    at = analysis.text.index(words)
    found = find.mention_at(analysis, analysis.token_at(at))
    assert found is not None, f"nothing found at {words}"
    return found


def read_marks(source: str) -> Marked:
    """Take the marks out of a passage."""
    text, marks, last = "", [], 0
    for match in _MARK.finditer(source):
        text += source[last : match.start()]
        start = len(text)
        text += match["words"]
        marks.append(Mark(match["open"], int(match["number"]), match["id"], start, len(text)))
        last = match.end()
    return Marked(text + source[last:], marks)


def check_passage(passage: Marked, published: str | None) -> list[str]:
    """What is wrong with how a passage is read; empty where all its marks are right."""
    analysis = analyse(passage.text, published)
    wrong: list[str] = []
    seen: dict[int, str] = {}
    for mark in passage.marks:
        words = passage.text[mark.start : mark.end]
        first, last = analysis.token_at(mark.start), analysis.token_at(mark.end - 1)
        if mark.kind == "[":
            inside = [m for m in analysis.mentions if m.start < mark.end and m.end > mark.start]
            best = max(inside, key=lambda m: min(m.end, mark.end) - max(m.start, mark.start) - 0.1 * (m.end - m.start), default=None)
        elif mark.kind == "{":
            best = find.subject_before(analysis, first)
        else:
            best = find.resolve_pronoun(analysis, last)
        if best is None or best.entity is None:
            wrong.append(f"{words}: nothing")
            continue
        held = seen.get(mark.number)
        if held is None:
            if best.entity in seen.values():
                wrong.append(f"{words}: is the same as another number")
            seen[mark.number] = best.entity
        elif held != best.entity:
            names = {e.id: e.name for e in analysis.entities}
            wrong.append(f"{words}: {names.get(best.entity)} for {names.get(held)}")
        if mark.actor is not None and entity_of(analysis, best).actor != mark.actor:
            wrong.append(f"{words}: not {mark.actor}")
    return wrong
