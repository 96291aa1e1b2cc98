"""Stages fit together, can be swapped, and the Python API gives records in order."""

from __future__ import annotations

import pytest

import musnad
from musnad.api import STAGES, as_article, default_pipeline
from musnad.article import Article
from musnad.pipeline import Analysis, Pipeline, PipelineError
from musnad.reading.build import ReadingError
from musnad.record import Time, check

ARTICLES = [{"text": f"قال الناطق رقم {n} إن الاجتماع تأجل.", "published": "2024-01-27"} for n in range(40)]


class FixedTimes:
    """A stage of a user's own: one date, always."""

    name = "times"
    requires = frozenset({"tokens"})
    provides = frozenset({"times"})

    def run(self, analysis: Analysis) -> None:
        word = analysis.text[0:3]
        analysis.times.append(Time(id="t1", start=0, end=3, text=word, type="date", begin="2024-01-01", end_date="2024-01-01"))


def test_the_default_pipeline_has_every_stage_in_order() -> None:
    assert [s.name for s in default_pipeline().stages] == list(STAGES)


def test_a_stage_can_be_swapped() -> None:
    record = musnad.code("قال الوزير أمس إن الهدنة باقية", pipeline=default_pipeline().replace(FixedTimes()))
    assert [(t.text, t.begin) for t in check(record).times] == [("قال", "2024-01-01")]


def test_swapping_a_stage_that_is_not_there_names_those_that_are() -> None:
    class Other(FixedTimes):
        name = "weather"

    with pytest.raises(PipelineError, match=r"weather.*there are language, times"):
        default_pipeline().replace(Other())


def test_a_stage_without_what_it_needs_is_refused() -> None:
    with pytest.raises(PipelineError, match="times needs tokens"):
        Pipeline([FixedTimes()])


def test_two_stages_of_one_name_are_refused() -> None:
    language = default_pipeline().stages[0]
    with pytest.raises(PipelineError, match="two stages are named language"):
        Pipeline([language, language])


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_articles_come_in_order(jobs: int) -> None:
    records = list(musnad.code_many(ARTICLES, jobs=jobs))
    assert [r.article.text for r in records] == [a["text"] for a in ARTICLES]


def test_jobs_make_no_difference_to_a_record() -> None:
    assert list(musnad.code_many(ARTICLES[:5], jobs=2)) == [musnad.code(**a) for a in ARTICLES[:5]]


def test_wrong_use_is_told() -> None:
    with pytest.raises(ValueError, match="jobs must be 1 or more"):
        list(musnad.code_many(ARTICLES, jobs=0))
    with pytest.raises(ValueError, match="jobs=1"):
        list(musnad.code_many(ARTICLES, jobs=2, pipeline=default_pipeline()))
    with pytest.raises(ReadingError, match="no Arabic letter"):
        musnad.code("hello")
    with pytest.raises(ReadingError, match="is not a date"):
        musnad.code("قال", published="yesterday")


def test_an_article_passes_through_unchanged() -> None:
    article = Article(id="x", text="قال")
    assert as_article(article) is article
    assert as_article("قال الوزير").text == "قال الوزير"


def test_importing_musnad_loads_no_model_and_is_quick() -> None:
    import subprocess
    import sys

    probe = (
        "import time, sys; t = time.process_time(); import musnad; t = time.process_time() - t;"
        "assert t < 0.2, t; assert not {'onnxruntime', 'numpy', 'pycrfsuite', 'musnad.api'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
