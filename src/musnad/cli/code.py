"""``musnad code``: articles in, records out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from musnad.article import Article
from musnad.cli import options
from musnad.cli.console import UserError, say


class Format(StrEnum):
    """How records are printed."""

    pretty = "pretty"
    jsonl = "jsonl"


class InputFormat(StrEnum):
    """How files are read whose names do not say."""

    auto = "auto"
    txt = "txt"
    html = "html"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    feed = "feed"
    warc = "warc"


class Language(StrEnum):
    """The language of headings in pretty output."""

    en = "en"
    ar = "ar"


def command(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...|-",
            help="Files (.txt, .html, .jsonl, .csv, .parquet, .rss, .warc), folders, or - for standard input.",
        ),
    ],
    published: Annotated[str | None, typer.Option(help="Date of publication, such as 2024-01-27; relative dates need it.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it; found in the text where it stands there.")] = None,
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was published.")] = None,
    format: Annotated[Format, typer.Option(help="pretty for people, jsonl for programs.")] = Format.pretty,
    input_format: Annotated[InputFormat, typer.Option(help="How to read standard input and files of other names.")] = InputFormat.auto,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    lang: Annotated[Language, typer.Option(help="Language of the headings in pretty output.")] = Language.en,
    actors: options.Actors = None,
    ontology: options.Ontology = None,
    model: options.ModelOption = None,
) -> None:
    """Code articles: statements, events, figures, dates, actors and commitments, each with its exact words.

    Failures are listed on stderr at the end; the exit code is 2 when nothing could be coded.
    """
    from musnad.reading.build import ReadingError, iso_date
    from musnad.reading.files import Failure, Given, Note, counted, read

    try:
        given = Given(iso_date(published) if published is not None else None, outlet, title, url)
    except ReadingError as error:
        raise UserError(f"--published: {error}") from None
    options.apply(actors, ontology, model)
    failures: list[Failure] = []
    dateless = 0
    done = 0

    def note(said: Note) -> None:
        say(f"{said.where}: {said.words}")

    articles = counted(read(paths, given, input_format.value), failures.append, note)
    first = True
    for record, warnings in _coded(articles, jobs, failures):
        done += 1
        dateless += bool(warnings)
        if format is Format.jsonl:
            from musnad.record import to_json

            sys.stdout.buffer.write(to_json(record) + b"\n")
        else:
            from musnad.cli.pretty import render

            sys.stdout.write(("" if first else "\n") + render(record, lang.value))
        first = False
    sys.stdout.flush()
    if dateless:
        which = "the article has" if done == 1 else f"{dateless} of {done} articles have"
        say(f"{which} no date of publication: relative dates stay null (give --published)")
    for failure in failures:
        say(f"{failure.where}: {failure.reason}")
    if failures and done:
        say(f"{done} coded, {len(failures)} set aside")
    if not done:
        if not failures:
            say("there is nothing to code")
        raise typer.Exit(2)


def _coded(articles: Iterator[Article], jobs: int, failures: list) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Records in order, each with what the analysis warns of; an article that breaks a stage is set aside."""
    from musnad.cli.progress import progress
    from musnad.workers import Broken, ordered_outcomes

    with progress("coding") as step:
        for outcome in ordered_outcomes(articles, jobs):
            step()
            if isinstance(outcome, Broken):
                from musnad.reading.files import Failure

                failures.append(Failure(outcome.where, outcome.reason))
            else:
                yield outcome
