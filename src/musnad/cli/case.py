"""``musnad new``, ``ingest``, ``failures``, ``check``, ``backup`` and the questions to a case file."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from musnad.cli import options
from musnad.cli.console import UserError, isolated, printable, say


class Format(StrEnum):
    """How answers are printed."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="The case file.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("new")(new)
    app.command("ingest")(ingest)
    app.command("failures")(failures)
    app.command("check")(check)
    app.command("backup")(backup)
    app.command("search")(search)
    app.command("export")(export)
    for kind in (k for k in QUESTIONS if k != "actors"):  # actors has a group of its own
        app.command(kind, help=QUESTIONS[kind][0])(question(kind))


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The case at a path. :raises UserError: where it cannot be used."""
    from musnad.casefile.store import CaseError, open_case

    try:
        case = open_case(path)
    except CaseError as error:
        raise UserError(str(error)) from None
    try:
        yield case
    finally:
        case.close()


def new(case: CasePath, name: Annotated[str | None, typer.Option(help="What the case is called.")] = None) -> None:
    """Make a new, empty case file."""
    from musnad.casefile.store import CaseError, create

    try:
        create(case, name).close()
    except CaseError as error:
        raise UserError(str(error)) from None
    say(f"{case} is made")


def ingest(
    case: CasePath,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, or - for standard input.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    outlet: Annotated[str | None, typer.Option(help="Outlet of all articles that name none.")] = None,
    published: Annotated[str | None, typer.Option(help="Date of publication of all articles.")] = None,
    actors: options.Actors = None,
    ontology: options.Ontology = None,
    model: options.ModelOption = None,
) -> None:
    """Add articles to a case; running it again adds only what is new."""
    from musnad.casefile.derive import derive
    from musnad.casefile.ingest import checkpoint, holds_records, ingest_records
    from musnad.casefile.ingest import ingest as run
    from musnad.cli.progress import progress
    from musnad.reading.build import ReadingError, iso_date
    from musnad.reading.files import Given, read

    try:
        given = Given(iso_date(published) if published is not None else None, outlet)
    except ReadingError as error:
        raise UserError(f"--published: {error}") from None
    options.apply(actors, ontology, model)
    with opened(case) as file:
        made = [s for s in sources if holds_records(s)]
        rest = [s for s in sources if s not in made]
        with progress("ingesting", printing=False) as step:
            done = [ingest_records(file, path, step) for path in made]
            if rest:
                done.append(
                    run(
                        file,
                        read(rest, given),
                        rest,
                        jobs,
                        step,
                        lambda note: say(f"{note.where}: {note.words}"),
                    )
                )
        with progress("comparing articles", printing=False):
            derive(file)
            checkpoint(file)
    added, known, failed = (sum(column) for column in zip(*done, strict=True))
    say(f"{added} added, {known} known before, {failed} set aside" + (f" (musnad failures {case})" if failed else ""))
    if failed and not added and not known:
        raise typer.Exit(2)


def failures(case: CasePath, format: Annotated[Format, typer.Option()] = Format.table) -> None:
    """List what could not be ingested, and why."""
    from musnad.casefile.queries import set_aside

    with opened(case) as file, file.read() as connection:
        show(set_aside(connection), ("at", "where", "reason"), format)


def check(case: CasePath) -> None:
    """Check a case file: damage, rows that point nowhere, words that are not at their offsets. Exit code 2 if any."""
    with opened(case) as file:
        problems = file.check()
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(2)
    say(f"{case} is sound")


def backup(case: CasePath, target: Annotated[Path, typer.Argument(help="Where the copy goes.")]) -> None:
    """Copy a case file while it is in use."""
    from musnad.casefile.store import CaseError

    with opened(case) as file:
        try:
            file.backup(target)
        except CaseError as error:
            raise UserError(str(error)) from None
    say(f"{target} is made")


def search(
    case: CasePath,
    query: Annotated[str, typer.Argument(help='Words; "a phrase"; title:, name:, quote: before a word; -word excludes.')],
    since: Annotated[str | None, typer.Option(help="First day of publication, 2024-01-27.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only articles in which it acts, is acted upon, speaks or undertakes something.")
    ] = None,
    type: Annotated[
        list[str] | None, typer.Option(help="Only articles with an event, act, kind or count of this type; may be repeated.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="Only articles with an event or commitment of this status; may be repeated.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what the case knew at the end of that day.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    facets: Annotated[
        bool, typer.Option("--facets", help="How many hits by outlet, month, event type and actor, in place of the hits.")
    ] = False,
    format: Annotated[Format, typer.Option()] = Format.table,
) -> None:
    """Search a case: one spelling finds all (العراق، عراق، والعراق; أميركية، أمريكية)."""
    from sqlalchemy import select

    from musnad.casefile import schema
    from musnad.casefile.narrowing import condition
    from musnad.casefile.narrowing import facets as count
    from musnad.casefile.queries import Filters
    from musnad.casefile.search import match_expression
    from musnad.casefile.search import search as find

    for option, day in (("since", since), ("until", until), ("as-of", as_of)):
        check_day(option, day)
    if match_expression(query) is None:
        raise UserError(f"there is no word to search for in {query!r}")
    filters = Filters(since, until, outlet, actor, tuple(type or ()), tuple(status or ()), as_of)
    with opened(case) as file, file.read() as connection:
        where, parameters = condition(connection, filters)
        if facets:
            show(count(connection, query, where, parameters, as_of), ("facet", "value", "articles"), format)
            return
        rows = []
        for hit in find(connection, query, limit, where=where, parameters=parameters):
            d = connection.execute(select(schema.documents).where(schema.documents.c.id == hit.document_id)).one()
            start = hit.spans[0][0] if hit.spans else 0
            snippet = " ".join(d.text[max(0, start - 60) : start + 100].split())
            rows.append(
                {
                    "document": d.id,
                    "published": d.published_day,
                    "outlet": d.outlet,
                    "title": d.title,
                    "words": snippet,
                    "spans": hit.spans,
                }
            )
    show(rows, ("document", "published", "outlet", "title", "words"), format)


def _names(sides: list[dict[str, Any]]) -> str:
    return "، ".join(f"{s['name']}" + (f" [{s['code']}]" if s["code"] else "") for s in sides)


def _event_row(r: dict[str, Any]) -> dict[str, Any]:
    return {"day": r["begin"] or r["published_day"], "type": r["type"], "status": r["status"], "who": _names(r["actor"]),
            "whom": _names(r["recipient"]), "where": _names(r["location"]), "words": r["text"], "outlet": r["outlet"]}  # fmt: skip


def _statement_row(r: dict[str, Any]) -> dict[str, Any]:
    return {"day": r["published_day"], "act": r["act"], "speaker": _names(r["speaker"]), "words": r["content"],
            "via": _names(r["via"]), "outlet": r["outlet"]}  # fmt: skip


def _figure_row(r: dict[str, Any]) -> dict[str, Any]:
    return {"day": r["as_of"] or r["published_day"], "counts": r["counts"], "comparator": r["comparator"], "value": r["value"],
            "low": r["low"], "high": r["high"], "unit": r["unit"], "of": _names(r["of"]), "place": _names(r["place"]),
            "claimant": r["claimant"], "words": r["text"], "outlet": r["outlet"]}  # fmt: skip


def _commitment_row(r: dict[str, Any]) -> dict[str, Any]:
    return {"day": r["published_day"], "kind": r["kind"], "state": r["state"], "step": r["step"], "parties": _names(r["party"]),
            "with": _names(r["with"]), "by": r["by_date"], "what": r["what"], "outlet": r["outlet"]}  # fmt: skip


def _actor_row(r: dict[str, Any]) -> dict[str, Any]:
    return {k: r[k] for k in ("id", "name", "name_en", "kind", "code", "acts", "receives", "says", "commits", "documents")}


def _group_row(r: dict[str, Any]) -> dict[str, Any]:
    first = r["tellings"][0]
    return {"day": r["begin"] or first["published_day"], "type": r["type"], "status": r["status"], "who": _names(first["actor"]),
            "whom": _names(first["recipient"]), "where": r["place"], "sources": r["sources"], "words": first["text"]}  # fmt: skip


Shape = Callable[[dict[str, Any]], dict[str, Any]]
#: question -> help, how a row is shown
QUESTIONS: dict[str, tuple[str, Shape]] = {
    "events": ("Events in order of day.", _event_row),
    "statements": ("Statements in order of publication.", _statement_row),
    "figures": ("Figures in order of publication, with who claims them.", _figure_row),
    "commitments": ("Commitments, with how each restatement moves them.", _commitment_row),
    "actors": ("The case's actors, busiest first.", _actor_row),
    "timeline": ("Each event once, with its number of independent sources.", _group_row),
}


def question(kind: str) -> Callable[..., None]:
    """The command that asks a case file one kind of question (a key of ``QUESTIONS``)."""
    shape = QUESTIONS[kind][1]

    def ask(
        case: CasePath,
        since: Annotated[str | None, typer.Option(help="First day, 2024-01-27.")] = None,
        until: Annotated[str | None, typer.Option(help="Last day.")] = None,
        outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
        actor: Annotated[
            str | None,
            typer.Option(help="A name or part of it, a country code, or an id of the knowledge base."),
        ] = None,
        type: Annotated[list[str] | None, typer.Option(help="Event type, act, kind or count; may be repeated.")] = None,
        status: Annotated[list[str] | None, typer.Option(help="Status or state; may be repeated.")] = None,
        as_of: Annotated[str | None, typer.Option(help="Only what the case knew at the end of that day.")] = None,
        limit: Annotated[int | None, typer.Option(min=1)] = None,
        format: Annotated[Format, typer.Option()] = Format.table,
    ) -> None:
        from musnad.casefile import queries

        for option, day in (("since", since), ("until", until), ("as-of", as_of)):
            check_day(option, day)
        filters = queries.Filters(since, until, outlet, actor, tuple(type or ()), tuple(status or ()), as_of, limit)
        with opened(case) as file, file.read() as connection:
            rows = getattr(queries, kind)(connection, filters)
        show(rows if format is Format.jsonl else [shape(r) for r in rows], (), format)

    ask.__name__ = kind
    return ask


def check_day(option: str, value: str | None) -> None:
    """:raises UserError: where an option is no day."""
    import datetime as dt

    if value is None:
        return
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        raise UserError(f"--{option}: {value!r} is not a day: write it as 2024-01-27") from None


def show(rows: list[dict[str, Any]], columns: tuple[str, ...], format: Format) -> None:
    """Print rows as a table for people, JSON Lines or CSV for programs."""
    if format is Format.jsonl:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    names = columns or (tuple(rows[0]) if rows else ())
    if format is Format.csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([row[n] for n in names] for row in rows)
        return
    if not rows:
        say("there is nothing to show")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        # days, types and numbers are short and must be whole
        table.add_column(name, no_wrap=name in _SHORT)
    for row in rows:
        table.add_row(*(_cell(row[n]) for n in names))
    Console(file=sys.stdout, highlight=False, markup=False).print(table)


_SHORT = (
    "day",
    "at",
    "published",
    "type",
    "act",
    "kind",
    "status",
    "state",
    "step",
    "counts",
    "value",
    "low",
    "high",
    "sources",
    "document",
    "by",
)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    words = " ".join(printable(str(value)).split())
    return isolated(words[:120] + ("…" if len(words) > 120 else "")) if words else ""


def export(
    case: CasePath,
    what: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="jsonl, csv, parquet, plover, polecat, acled, ftm, ftm-statements, annotations, timelinejs, geojson, graphml.",
        ),
    ],
    target: Annotated[Path, typer.Argument(help="The file to write; for csv and parquet a folder.")],
    since: Annotated[str | None, typer.Option(help="First day, 2024-01-27.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what the case knew at the end of that day.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Export a case; every row leads back to article and offsets."""
    from musnad.casefile.queries import Filters
    from musnad.exports import FORMATS
    from musnad.exports import export as run

    if what not in FORMATS:
        raise UserError(f"there is no format {what}: choose one of {', '.join(FORMATS)}")
    for option, day in (("since", since), ("until", until), ("as-of", as_of)):
        check_day(option, day)
    if target.exists() and not force:
        raise UserError(f"{target} is already there: choose another name, or give --force")
    if not target.parent.is_dir():
        raise UserError(f"the folder {target.parent} does not exist: make it first")
    with opened(case) as file, file.read() as connection:
        count = run(connection, what, target, Filters(since, until, outlet, as_of=as_of))
    say(f"{target}: {count:,} rows")
