"""``musnad schema``: the JSON Schema of a record."""

from __future__ import annotations

import json

from musnad.record import schema


def command() -> None:
    """Print the JSON Schema of a record."""
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
