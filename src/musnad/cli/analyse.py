"""``musnad analyse``: tokens, clitics, lemmas, parts of speech and names of a text."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from musnad.cli.single import one_article


class Format(StrEnum):
    """How the analysis is printed."""

    tsv = "tsv"
    conllu = "conllu"
    json = "json"


def command(
    path: Annotated[str, typer.Argument(metavar="ARTICLE|-", help="The text's file, or - for standard input.")],
    format: Annotated[Format, typer.Option(help="tsv, conllu or json.")] = Format.tsv,
) -> None:
    """Print each word with its clitics, lemma, part of speech and names."""
    from musnad.api import shared_pipeline
    from musnad.language.analyse import render
    from musnad.pipeline import Analysis

    analysis = Analysis(one_article(path))
    shared_pipeline().stages[0].run(analysis)
    sys.stdout.write(render(analysis, format.value))
