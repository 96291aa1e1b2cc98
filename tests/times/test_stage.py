"""The times stage in articles: order, warnings, the day an article calls today, text anchors, and its limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from musnad.article import Article, article_id
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline
from musnad.record import check
from musnad.times.stage import TimesStage, published_day
from training.compile import builders, compiled

PIPELINE = Pipeline([LanguageStage(model=None), TimesStage()])


def read(text: str, published: str | None = "2024-01-27") -> Analysis:
    analysis = PIPELINE.analyse(Article(id=article_id(text), text=text, published=published))
    check(analysis.record())
    return analysis


def values(text: str, published: str | None = "2024-01-27") -> list[str | None]:
    return [t.value for t in read(text, published).times]


def test_committed_is_compiled() -> None:
    for module in builders(["times"]):
        for path, data in compiled(module).items():
            assert Path(path).read_bytes() == data, "run `python -m training.compile times`"


def test_missing_date_warns_once() -> None:
    analysis = read("وصل أمس الوفد. وغادر الخميس إلى بغداد.", None)
    assert [t.value for t in analysis.times] == ["XXXX-XX-XX", "XXXX-WXX-4"]
    assert [t.begin for t in analysis.times] == [None, None]
    assert len([w for w in analysis.warnings if w.startswith("times")]) == 1


def test_nothing_relative_needs_no_date() -> None:
    assert read("سقطت بغداد في 9 نيسان 2003", None).warnings == []


def test_the_article_says_which_day_it_calls_today() -> None:
    # stamped after midnight: what it calls today is the day before
    text = "وافق المجلس اليوم (الاثنين) على القرار. وكان الوفد وصل أمس."
    assert values(text, "2015-07-21 02:51:33") == ["2015-07-20", "2015-07-19"]


def test_same_weekday_as_published() -> None:
    assert values("قتل اثنان السبت") == ["2024-01-27"]
    assert values("قتل اثنان السبت الماضي") == ["2024-01-20"]
    assert values("يلتقيان السبت المقبل") == ["2024-02-03"]


def test_tashkeel_and_tatweel_keep_offsets() -> None:
    analysis = read("وَالجُمُعَةُ الماضِي وصلوا وبالخميـس عادوا")
    assert [t.text for t in analysis.times] == ["الجُمُعَةُ الماضِي", "الخميـس"]


def test_rules_are_named() -> None:
    (found,) = read("قصف فجر الجمعة").times
    assert found.rules == ["weekday", "named day", "part of a day"]


def test_sentences_do_not_run_together() -> None:
    assert values("انتهى الاجتماع الخميس. 25 شخصا حضروا") == ["2024-01-25"]
    assert values("عاد الخميس\nيناير كان باردا") == ["2024-01-25", "2024-01"]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2024-01-27", "2024-01-27"),
        ("2024-01-27T10:00:00+03:00", "2024-01-27"),
        ("2024", None),
        (None, None),
        ("x", None),
    ],
)
def test_published_day(published: str | None, expected: str | None) -> None:
    day = published_day(published)
    assert (day.isoformat() if day else None) == expected


@pytest.mark.parametrize(
    "text",
    ["اليوم " * 20000, "1 - 2 / 3 و 4 - " * 10000, "ساعة و نصف و " * 10000, "( " * 40000, "واحد وعشرين ألف مئة " * 10000,
     "يناير / فبراير ( مارس ) " * 5000, "من 3 إلى " * 10000],
    ids=["today", "numbers", "amounts", "brackets", "words", "months", "ranges"],
)  # fmt: skip
def test_long_input_is_linear(text: str) -> None:
    short, long = _seconds(text[: len(text) // 8]), _seconds(text)
    assert long < 40 * max(short, 0.05)


def _seconds(text: str) -> float:
    analysis = Analysis(Article(id="x", text=text, published="2024-01-27"))
    LanguageStage(model=None).run(analysis)
    began = time.process_time()
    TimesStage().run(analysis)
    return time.process_time() - began


@pytest.mark.parametrize("text", ["", " ", "\n", "«", "1", "اليوم", "31 شباط", "٣١/٢/٢٠٢٤", "0/0/0", "9" * 400, "99:99"])
def test_odd_input(text: str) -> None:
    read(text)
    read(text, None)
