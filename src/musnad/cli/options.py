"""Options that every command with coding takes: actor tables, ontology, model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Model(StrEnum):
    """The token model."""

    fast = "fast"
    accurate = "accurate"


Actors = Annotated[
    list[Path] | None,
    typer.Option("--actors", help="A table of your own actors (.tsv, .csv, .yaml); may be repeated."),
]
Ontology = Annotated[Path | None, typer.Option("--ontology", help="A folder with your own event types and frames.")]
ModelOption = Annotated[Model | None, typer.Option("--model", help="fast (default) or accurate.")]


def apply(actors: list[Path] | None, ontology: Path | None, model: Model | None) -> None:
    """Put the options in force for this process and its workers, and load the pipeline.

    :raises UserError: where one of them cannot be used.
    """
    from musnad.api import shared_pipeline
    from musnad.cli.console import UserError
    from musnad.pipeline import PipelineError
    from musnad.settings import SettingsError, hand_on

    hand_on(actors or (), ontology, model.value if model else None)
    try:
        shared_pipeline()
    except (SettingsError, PipelineError) as error:
        raise UserError(str(error)) from None
