"""``musnad describe``, ``musnad dossier`` and ``musnad chart``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from musnad.cli.case import CasePath, check_day, opened
from musnad.cli.code import Language
from musnad.cli.console import UserError, say


class ChartOf(StrEnum):
    """What is drawn."""

    events = "events"
    figures = "figures"
    statements = "statements"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("describe")(describe)
    app.command("dossier")(dossier)
    app.command("chart")(chart)


def _free(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise UserError(f"{target} is already there: choose another name, or give --force")
    if not target.parent.is_dir():
        raise UserError(f"the folder {target.parent} does not exist: make it first")


def describe(
    case: CasePath,
    description: Annotated[Path, typer.Argument(help="YAML with name, question, parties, factors, keywords.")],
) -> None:
    """Say what a case is about: its question, parties and the factors to watch."""
    from musnad.casefile.description import describe as keep
    from musnad.casefile.description import read_description
    from musnad.casefile.store import CaseError

    try:
        made = read_description(description)
    except CaseError as error:
        raise UserError(str(error)) from None
    with opened(case) as file:
        keep(file, made)
    say(f"{case} is described")


def dossier(
    case: CasePath,
    target: Annotated[Path, typer.Argument(help="The report to write, .html or .md.")],
    since: Annotated[str | None, typer.Option(help="First day, 2024-01-27.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what the case knew at the end of that day.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the headings.")] = Language.en,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Write a report: positions, rounds, commitments, factors, figures, events over time, sources."""
    from musnad.casefile.description import description_of
    from musnad.casefile.dossier import html, markdown, sections
    from musnad.casefile.queries import Filters

    if target.suffix not in (".html", ".md"):
        raise UserError(f"{target} must end in .html or .md")
    for option, day in (("since", since), ("until", until), ("as-of", as_of)):
        check_day(option, day)
    _free(target, force)
    with opened(case) as file, file.read() as connection:
        about = description_of(file)
        parts = sections(connection, about, Filters(since, until, as_of=as_of), lang.value)
    write = html if target.suffix == ".html" else markdown
    target.write_text(write(about, parts, lang.value, as_of), encoding="utf-8")
    say(f"{target} is written")


def chart(
    case: CasePath,
    what: Annotated[ChartOf, typer.Argument(help="events or statements over time, or figures by claimant.")],
    target: Annotated[Path, typer.Argument(help="The picture to write, .svg or .png.")],
    since: Annotated[str | None, typer.Option(help="First day, 2024-01-27.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
    actor: Annotated[str | None, typer.Option(help="A name or part of it, a country code, or an id of the knowledge base.")] = None,
    type: Annotated[list[str] | None, typer.Option(help="Event type, act or count; may be repeated.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what the case knew at the end of that day.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Draw a chart of a case as SVG or PNG, offline."""
    from musnad.casefile.charts import draw
    from musnad.casefile.queries import Filters

    if target.suffix not in (".svg", ".png"):
        raise UserError(f"{target} must end in .svg or .png")
    for option, day in (("since", since), ("until", until), ("as-of", as_of)):
        check_day(option, day)
    _free(target, force)
    with opened(case) as file, file.read() as connection:
        drawn = draw(connection, what.value, target, Filters(since, until, outlet, actor, tuple(type or ()), as_of=as_of))
    if not drawn:
        raise UserError(f"the case has no {what.value} to draw")
    say(f"{target} is drawn")
