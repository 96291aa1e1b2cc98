"""Compiles the events room's frames, words and PLOVER table (see ``musnad.events.build``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from musnad.events import build as builder

ROOM = "events"
SOURCE = Path(__file__).resolve().parents[2] / "src/musnad/events/lexicon"


def build() -> dict[str, Any]:
    """The one table ``plover``."""
    return {"plover": builder.build(SOURCE)}
