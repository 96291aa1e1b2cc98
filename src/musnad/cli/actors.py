"""``musnad actors``: look things up in the knowledge base, and add to it."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="The actor knowledge base.", no_args_is_help=True)
    app.add_typer(group, name="actors")
