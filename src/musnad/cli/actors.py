"""``musnad actors``: the actors of a case (``musnad actors CASE``), and the knowledge base (``musnad actors find …``)."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from musnad.cli import case


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
        help="The actors of a case (actors CASE) and the knowledge base (find, show, check, add).",
    )
    group.command("case", help=case.QUESTIONS["actors"][0])(case.question("actors"))
    app.add_typer(group, name="actors")
