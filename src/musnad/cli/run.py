"""``musnad run``: an archive of articles into Parquet files of records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musnad.cli import options
from musnad.cli.console import UserError, say


def command(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT... OUTPUT",
            help="Files or folders (.jsonl, .parquet, .warc …), then the folder to write.",
        ),
    ],
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds that one article may take.")] = 30.0,
    actors: options.Actors = None,
    ontology: options.Ontology = None,
    model: options.ModelOption = None,
) -> None:
    """Code an archive: records as Parquet, failures apart; run it again and it goes on where it stopped."""
    from musnad.cli.progress import counter
    from musnad.reading.build import ReadingError
    from musnad.scale.run import run

    if len(inputs) < 2:
        raise UserError("give the inputs, then the folder to write: musnad run articles.jsonl out/")
    options.apply(actors, ontology, model)
    try:
        with counter("coding") as step:
            done = run(inputs[:-1], inputs[-1], jobs, time_limit, step)
    except ReadingError as error:
        raise UserError(str(error)) from None
    for problem in done.problems:
        say(problem)
    before = f", {done.skipped} of {done.shards} shards done before" if done.skipped else ""
    say(f"{done.records:,} coded, {done.failed:,} set aside{before}")
    if not done.records and not done.skipped:
        raise typer.Exit(2)
