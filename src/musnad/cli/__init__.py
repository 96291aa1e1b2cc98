"""The command line; one file per command."""

from __future__ import annotations

import os
import sys

import typer

from musnad.cli.console import UserError, say


def app() -> typer.Typer:
    """The ``musnad`` command with all its commands."""
    from musnad.cli import actors, analyse, case, code, evaluate, explain, report, run, schema, serve

    made = typer.Typer(
        help="Turn Arabic news into sourced event data.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_root)
    made.command("code")(code.command)
    made.command("explain")(explain.command)
    made.command("analyse")(analyse.command)
    made.command("schema")(schema.command)
    made.command("eval")(evaluate.command)
    made.command("run")(run.command)
    actors.add_to(made)
    case.add_to(made)
    report.add_to(made)
    serve.add_to(made)
    return made


def _version(value: bool) -> None:
    if value:
        from musnad import __version__
        from musnad.built import built

        print(f"musnad {__version__} ({built()})")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and how it is built."),
) -> None:
    """Turn Arabic news into sourced event data: events, statements, figures, dates, actors, commitments."""


def main() -> None:
    """Run the command line. A person's mistake is one line on stderr and exit code 2."""
    try:
        app()()
    except UserError as error:
        say(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output has enough; nothing more may be written there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # a full disk or a closed stream, told in one line
        say(f"{error.strerror or error}")
        sys.exit(2)
