"""Compiles the events room's frames, words and PLOVER table (see ``musnad.events.build``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from musnad.events import build as builder

ROOM = "events"
SOURCE = Path(__file__).resolve().parents[2] / "src/musnad/events/lexicon"


def build() -> dict[str, Any]:
    """``plover``: the ontology; ``salience``: the scoring table made by ``training/events/train.py``."""
    tables: dict[str, dict[str, Any]] = {}
    limits: dict[str, dict[str, float]] = {"alone": {}, "within": {}}
    source = SOURCE / "salience.tsv"
    if source.exists():
        for line in source.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("# type"):
                continue
            kind, part, feature, value, idf = line.split("\t")
            table = tables.setdefault(kind, {"bias": 0.0, "own": {}, "letters": {}, "idf": {}})
            if part == "limit":
                limits[feature][kind] = float(value)
            elif part == "bias":
                table["bias"] = float(value)
            elif part == "own":
                table["own"][feature] = float(value)
            else:
                gram = feature.replace("_", " ")
                table["letters"][gram], table["idf"][gram] = float(value), float(idf)
    return {"plover": builder.build(SOURCE), "salience": {"tables": tables, **limits}}
