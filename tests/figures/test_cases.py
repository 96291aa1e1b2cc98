"""The stage on its cases: ``src/musnad/figures/cases/*.yaml``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from musnad.article import Article
from musnad.figures import stage
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline
from musnad.record import Figure, problems
from musnad.times.stage import TimesStage

CASES = Path(stage.__file__).parent / "cases"
_SIGNS = {"~": "about", ">": "more_than", "<": "less_than", ">=": "at_least", "<=": "at_most"}


@cache
def _pipeline() -> Pipeline:
    return Pipeline([LanguageStage(), TimesStage(), stage.FiguresStage()])


def analyse(text: str) -> Analysis:
    return _pipeline().analyse(Article(id="", text=text, published="2024-01-27"))


def _load() -> list[tuple[str, dict[str, Any]]]:
    out = []
    for path in sorted(CASES.glob("*.yaml")):
        out += [(path.stem, case) for case in yaml.safe_load(path.read_text(encoding="utf8"))]
    return out


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its square brackets, and what they enclosed."""
    plain, spans, start = "", [], 0
    for piece in re.split(r"([\[\]])", text):
        if piece == "[":
            start = len(plain)
        elif piece == "]":
            spans.append((start, len(plain)))
        else:
            plain += piece
    return plain, spans


def expected(line: str) -> dict[str, Any]:
    """What one line of a case says: value, low, high, comparator, unit, counts, currency, part_of (1-based)."""
    sign, number, rest = re.match(r"(~|>=|<=|>|<)?(\S+) (.*)", line).groups()  # type: ignore[union-attr]
    unit, counts, *more = rest.split()
    out: dict[str, Any] = {
        "comparator": _SIGNS[sign] if sign else "exact", "value": None, "low": None, "high": None,
        "unit": None if unit == "-" else unit.replace("_", " "), "counts": counts,
        "currency": next((m for m in more if len(m) == 3 and m.isupper()), None),
        "part_of": next((int(m[3:]) for m in more if m.startswith("of:")), None),
    }  # fmt: skip
    low, dots, high = number.partition("..")
    values = [float(x) if "." in x else int(x) for x in ([low, high] if dots else [number])]
    if dots:
        out["low"], out["high"] = values
        out["comparator"] = "range" if not sign else out["comparator"]
    else:
        value = out["value"] = values[0]
        step = 1 if isinstance(value, int) else 0
        out |= {
            ">": {"low": value + step}, ">=": {"low": value}, "<": {"high": value - step}, "<=": {"high": value},
        }.get(sign or "", {})  # fmt: skip
    return out


def described(figure: Figure, figures: list[Figure]) -> dict[str, Any]:
    ids = [f.id for f in figures]
    return {
        "comparator": figure.comparator, "value": figure.value, "low": figure.low, "high": figure.high,
        "unit": figure.unit, "counts": figure.counts, "currency": figure.currency,
        "part_of": ids.index(figure.part_of) + 1 if figure.part_of else None,
    }  # fmt: skip


@pytest.mark.parametrize(("topic", "case"), _load(), ids=lambda x: x if isinstance(x, str) else x["t"][:40])
def test_case(topic: str, case: dict[str, Any]) -> None:
    text, spans = marked(case["t"])
    analysis = analyse(text)
    found = analysis.figures
    assert not problems(analysis.record())
    assert [f.text for f in found] == [text[a:b] for a, b in spans], [f.rules for f in found]
    assert len(case["f"]) == len(spans), "the case itself: a line for each bracket"
    for figure, line in zip(found, case["f"], strict=True):
        assert described(figure, found) == expected(line), (figure.text, figure.rules)


def test_there_are_enough_cases() -> None:
    cases = [case for _, case in _load()]
    assert sum(len(c["f"]) for c in cases) >= 500
    assert sum(not c["f"] for c in cases) >= 60
