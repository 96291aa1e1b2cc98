"""Every case under ``src/musnad/times/cases`` comes out as written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import musnad.times
from musnad.article import Article, article_id
from musnad.language.stage import LanguageStage
from musnad.pipeline import Pipeline
from musnad.record import Time
from musnad.times.stage import TimesStage

CASES = Path(musnad.times.__file__).parent / "cases"
_MARK = re.compile(r"\[\[(.*?)\]\]")


class Case(NamedTuple):
    where: str
    reference: str | None
    text: str
    spans: list[tuple[int, int]]
    expected: list[str]


def read(path: Path) -> list[Case]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    out = []
    for number, line in enumerate(data["cases"], 1):
        marked, _, expected = line.partition(" | ")
        spans, text, at = [], "", 0
        for match in _MARK.finditer(marked):
            text += marked[at : match.start()]
            spans.append((len(text), len(text) + len(match[1])))
            text += match[1]
            at = match.end()
        text += marked[at:]
        wanted = [e.strip() for e in expected.split(";")] if expected else []
        out.append(Case(f"{path.stem}-{number}", data["reference"], text, spans, wanted))
    return out


def bounds(value: str) -> tuple[str | None, str | None]:
    """The days that a day, month or year value stands for."""
    day = value.split("T")[0]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return day, day
    if re.fullmatch(r"\d{4}-\d\d", value):
        year, month = map(int, value.split("-"))
        after = date(year + month // 12, month % 12 + 1, 1)
        return f"{value}-01", (after - timedelta(1)).isoformat()
    if re.fullmatch(r"\d{4}", value):
        return f"{value}-01-01", f"{value}-12-31"
    return None, None


def said(time: Time) -> str:
    return f"{time.text} | {time.type} {time.value} {time.begin}..{time.end_date} {time.relation} {time.calendar} {time.rules}"


def check(time: Time, expected: str) -> None:
    kind, value, *rest = expected.split()
    assert time.type == kind, said(time)
    assert time.value == (None if value == "-" else value), said(time)
    begin, end = bounds(value) if kind in ("date", "time") else (None, None)
    for word in rest:
        if ".." in word:
            begin, end = word.split("..")
        elif word == "-":
            begin = end = None
        elif word.startswith("^"):
            assert time.calendar == word[1:], said(time)
        else:
            assert time.relation == word, said(time)
    assert (time.begin, time.end_date) == (begin, end), said(time)


ALL = [case for path in sorted(CASES.glob("*.yaml")) for case in read(path)]
PIPELINE = Pipeline([LanguageStage(model=None), TimesStage()])


@pytest.mark.parametrize("case", ALL, ids=lambda c: c.where)
def test_case(case: Case) -> None:
    analysis = PIPELINE.analyse(Article(id=article_id(case.text), text=case.text, published=case.reference))
    found = analysis.times
    assert [(t.start, t.end) for t in found] == case.spans, [said(t) for t in found]
    assert len(case.expected) == len(case.spans), "a case gives as many answers as spans"
    for time, expected in zip(found, case.expected, strict=True):
        check(time, expected)


def test_there_are_enough() -> None:
    assert sum(len(c.spans) for c in ALL) >= 500
    assert sum(not c.spans for c in ALL) >= 60
