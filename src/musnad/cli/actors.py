"""``musnad actors``: the actors of a case (``musnad actors CASE``), and the knowledge base (find, show, check, add, import)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from musnad.cli import case
from musnad.cli.console import UserError, isolated, say
from musnad.cli.options import Actors


class _CaseOrBase(TyperGroup):
    """What is no command of the knowledge base is a case file."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["case", *args]
        return super().resolve_command(ctx, args)


def add_to(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        cls=_CaseOrBase,
        no_args_is_help=True,
        help="The actors of a case (actors CASE), and the knowledge base (find, show, check, add, import).",
    )
    group.command("case", help=case.QUESTIONS["actors"][0])(case.question("actors"))
    group.command("find")(find)
    group.command("show")(show)
    group.command("check")(check)
    group.command("add")(add)
    group.command("import")(import_wikidata)
    app.add_typer(group, name="actors")


def _tables(actors: list[Path] | None) -> list[Path]:
    from musnad.settings import SettingsError, current

    if actors:
        return actors
    try:
        return [Path(p) for p in current().actors]
    except SettingsError as error:
        raise UserError(str(error)) from None


def find(
    name: Annotated[str, typer.Argument(help="A name in Arabic or English, a part of one, or an id.")],
    actors: Actors = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
) -> None:
    """Find actors of the knowledge base."""
    from musnad.actors import manage

    try:
        found = manage.find(name, _tables(actors), limit)
    except manage.ActorTableError as error:
        raise UserError(str(error)) from None
    if not found:
        raise UserError(f"no actor is named {name}; add one with `musnad actors add`")
    for one in found:
        a = one.actor
        facts = " ".join(x for x in (a.country, a.sector) if x)
        print(f"{a.id}\t{a.kind}\t{facts}\t{isolated(a.arabic)}\t{a.english or ''}\t({one.how})")


def show(id: Annotated[str, typer.Argument(help="Id of an actor, such as irq-gov.")], actors: Actors = None) -> None:
    """Print all that the knowledge base says of an actor, as JSON."""
    from musnad.actors import manage

    try:
        entry = manage.show(id, _tables(actors))
    except manage.ActorTableError as error:
        raise UserError(str(error)) from None
    if entry is None:
        raise UserError(f"no actor has the id {id}: look for it with `musnad actors find`")
    print(json.dumps(entry, ensure_ascii=False, indent=2, default=str))


def check(table: Annotated[Path, typer.Argument(help="A table of your own (.tsv, .csv, .yaml).")]) -> None:
    """Check a table of your own: columns, values, and names that another actor has too. Exit code 2 if any."""
    from musnad.actors import manage

    try:
        problems = manage.check(table)
    except manage.ActorTableError as error:
        raise UserError(str(error)) from None
    for problem in problems:
        say(f"{table}: {problem}")
    if problems:
        raise typer.Exit(2)
    say(f"{table} is sound")


def add(
    table: Annotated[Path, typer.Argument(help="Your table (.tsv); it is made if it does not exist.")],
    id: Annotated[str, typer.Option(help="A short name of your own, such as my-group.")],
    ar: Annotated[str, typer.Option(help="The name in Arabic.")],
    kind: Annotated[str, typer.Option(help="person, organisation, armed_group, state, facility, outlet or group.")] = "organisation",
    country: Annotated[str, typer.Option(help="ISO 3166-1 alpha-3.")] = "",
    sector: Annotated[str, typer.Option(help="PLOVER sector.")] = "",
    en: Annotated[str, typer.Option(help="The name in English.")] = "",
    variants: Annotated[str, typer.Option(help="Other names, joined by |.")] = "",
    short: Annotated[str, typer.Option(help="Short forms that count after a full name, joined by |.")] = "",
) -> None:
    """Add an actor to a table of your own; use it with --actors."""
    from musnad.actors import manage

    try:
        problems = manage.add(table, manage.NewActor(id, kind, ar, country, sector, en, variants, short))
    except manage.ActorTableError as error:
        raise UserError(str(error)) from None
    for problem in problems:
        say(f"{table}: {problem}")
    say(f"{id} is in {table}")


def import_wikidata(
    source: Annotated[
        Path,
        typer.Argument(help="A Wikidata JSON dump (.json, .gz, .bz2), or the JSON result of a SPARQL query."),
    ],
    table: Annotated[Path, typer.Argument(help="The table to write (.tsv).")],
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Make a table of your own from Wikidata data that you bring; use it with --actors."""
    from musnad.actors import manage, wikidata

    if not source.is_file():
        raise UserError(f"there is no file {source}")
    if table.exists() and not force:
        raise UserError(f"{table} is already there: choose another name, or give --force")
    try:
        count = wikidata.convert(source, table)
    except manage.ActorTableError as error:
        raise UserError(str(error)) from None
    say(f"{count} actors are in {table}")
