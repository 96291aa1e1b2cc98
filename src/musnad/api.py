"""The Python way in: one article or many, to records."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from musnad.article import Article
from musnad.pipeline import Pipeline, PipelineError, Stage
from musnad.reading.build import make_article
from musnad.record import Record
from musnad.settings import Settings, current

#: the shipped stages in order: name -> where its class lives
STAGES: dict[str, str] = {
    "language": "musnad.language.stage:LanguageStage",
    "times": "musnad.times.stage:TimesStage",
    "figures": "musnad.figures.stage:FiguresStage",
    "actors": "musnad.actors.stage:ActorsStage",
    "statements": "musnad.statements.stage:StatementsStage",
    "events": "musnad.events.stage:EventsStage",
    "commitments": "musnad.commitments.stage:CommitmentsStage",
    "links": "musnad.linking:LinksStage",
}


def default_pipeline(settings: Settings | None = None) -> Pipeline:
    """The shipped stages, with those that installed packages swap in.

    A package offers a stage under the entry-point group ``musnad.stages``; the entry point's name is the stage it stands
    for, its object is called without arguments and gives a :class:`musnad.pipeline.Stage`.

    :param settings: actor tables, ontology and model; those in force (:mod:`musnad.settings`) where None.
    :raises PipelineError: where two packages offer the same stage, or one does not fit.
    :raises musnad.settings.SettingsError: where the settings cannot be used.
    """
    offered: dict[str, Any] = {}
    for point in entry_points(group="musnad.stages"):
        if point.name in offered:
            raise PipelineError(f"two packages offer the stage {point.name}: {offered[point.name].value}, {point.value}")
        if point.name not in STAGES:
            raise PipelineError(f"{point.value} offers a stage {point.name}; stages are {', '.join(STAGES)}")
        offered[point.name] = point
    given = _arguments(settings or current())
    stages: list[Stage] = []
    for name, where in STAGES.items():
        if name in offered:
            stages.append(offered[name].load()())
        else:
            module, _, attribute = where.partition(":")
            stages.append(getattr(importlib.import_module(module), attribute)(**given.get(name, {})))
    return Pipeline(stages)


def _arguments(settings: Settings) -> dict[str, dict[str, Any]]:
    """What the shipped stages are made with."""
    return {
        "language": {"model": settings.model},
        "actors": {"extra": [Path(p) for p in settings.actors]},
        "events": {"folder": Path(settings.ontology) if settings.ontology else None},
    }


@lru_cache(maxsize=1)
def shared_pipeline() -> Pipeline:
    """The default pipeline, made once per process (stages keep nothing between articles)."""
    return default_pipeline()


def code(
    text: str,
    published: str | None = None,
    outlet: str | None = None,
    *,
    title: str | None = None,
    url: str | None = None,
    extra: Mapping[str, Any] | None = None,
    pipeline: Pipeline | None = None,
) -> Record:
    """Code one article.

    :param text: the article's words; offsets in the record are code points into exactly this string.
    :param published: ISO 8601 date or date-time. Without it (and without a date line in the text) relative dates stay null.
    :param outlet: who published it; looked for in the text where not given.
    :param pipeline: stages to use instead of the default ones; see :meth:`musnad.pipeline.Pipeline.replace`.
    :raises musnad.reading.build.ReadingError: where there is nothing to code (no Arabic letter, a bad date).
    """
    article = make_article(text, published=published, outlet=outlet, title=title, url=url, extra=extra)
    return (pipeline or shared_pipeline()).code(article)


def code_many(articles: Iterable[str | Mapping[str, Any] | Article], jobs: int = 1, pipeline: Pipeline | None = None) -> Iterator[Record]:
    """Code many articles; records come in the order of the articles.

    :param articles: texts, mappings with the keys of :func:`code` (``text`` and any of the others), or ready articles.
    :param jobs: processes to use; with more than one, ``pipeline`` must be None (each process makes the default one).
    :raises ValueError: where ``jobs`` is below 1, or ``pipeline`` is given with more than one.
    :raises musnad.reading.build.ReadingError: at the article that cannot be coded.
    """
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more, not {jobs}")
    if jobs == 1:
        for item in articles:
            yield (pipeline or shared_pipeline()).code(as_article(item))
        return
    if pipeline is not None:
        raise ValueError("a pipeline of your own works with jobs=1; offer it as an entry point to use it in more processes")
    from musnad.workers import Broken, ordered_outcomes

    for outcome in ordered_outcomes(map(as_article, articles), jobs):
        if isinstance(outcome, Broken):
            raise RuntimeError(f"{outcome.where}: {outcome.reason}")
        yield outcome.record


def as_article(item: str | Mapping[str, Any] | Article) -> Article:
    """A text, or a mapping with the keys of :func:`code`, as an article."""
    if isinstance(item, Article):
        return item
    if isinstance(item, str):
        return make_article(item)
    return make_article(**item)
