"""The figures stage on any text: the record's law, its speed, and that the compiled lexicon is that of its sources."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad.article import Article
from musnad.figures.stage import FiguresStage
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline
from musnad.record import problems
from musnad.times.stage import TimesStage
from training import compile as compiler

_PIPELINE = Pipeline([LanguageStage(), TimesStage(), FiguresStage()])
_TEXT = (
    "قتل وأصيب 12 40 آخرين بين و10 15 إلى من أو نحو أكثر أقل على الأقل ثلاثة آلاف وخمسمئة ألف ألفا مليون ونصف نصف ثلث "
    "عشرات الآلاف المئات جنديين جنديان شخصا أشخاص منهم بينهم امرأتان ( ) - / % $ دولار أميركي في المئة بالمئة سنة عاما ، . "
    "القرار 2254 عام 2015 إف 16 الجنود الثلاثة واحد اثنين غارة كيلو متر مربع لا يقل عن ما يزيد و ال سبعة عشر الـ 28 دولة كحد أقصى"
)
_WORDS = _TEXT.split()


def _analyse(text: str) -> Analysis:
    return _PIPELINE.analyse(Article(id="", text=text))


@given(st.lists(st.sampled_from(_WORDS), max_size=40), st.sampled_from([" ", "  ", "\n", "\u200f "]))
@settings(max_examples=150, deadline=None)
def test_any_order_of_words_keeps_the_law(words: list[str], gap: str) -> None:
    analysis = _analyse(gap.join(words))
    assert problems(analysis.record()) == []
    ends = 0
    for figure in analysis.figures:
        assert figure.start >= ends
        ends = figure.end
        assert figure.rules
        assert figure.value is not None or figure.low is not None or figure.high is not None


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_keeps_the_law(text: str) -> None:
    assert problems(_analyse(text).record()) == []


def test_no_words_no_figures() -> None:
    assert _analyse("").figures == []


@pytest.mark.parametrize("piece", ["12 شخصا ", "ألف و", "بين 10 و", "منهم ", "أكثر من ", "(1300) ", "1-2-", "ثلاثة أو "])
def test_long_input_is_linear(piece: str) -> None:
    def seconds(times: int) -> float:
        analysis = Analysis(Article(id="", text=piece * times))
        for stage in _PIPELINE.stages[:-1]:
            stage.run(analysis)
        begin = time.perf_counter()
        _PIPELINE.stages[-1].run(analysis)
        return time.perf_counter() - begin

    seconds(50)
    short, long = max(seconds(1000), 1e-3), seconds(8000)
    assert long < 40 * short


def test_figures_number_in_order_and_refer_to_each_other() -> None:
    analysis = _analyse("أصيب 12 شخصا بينهم امرأتان و4 أطفال، وقتل 3 جنود من أصل 20 جنديا.")
    figures = {f.id: f for f in analysis.figures}
    assert [f.value for f in analysis.figures] == [12, 2, 4, 3, 20]
    assert [figures[f.part_of].value if f.part_of else None for f in analysis.figures] == [None, 12, 12, 20, None]


def test_the_compiled_lexicon_is_that_of_its_sources() -> None:
    for module in compiler.builders(["figures"]):
        for path, data in compiler.compiled(module).items():
            assert path.read_bytes() == data, f"{path.name}: run `python -m training.compile`"
