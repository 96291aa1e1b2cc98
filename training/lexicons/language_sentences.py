"""Compiles ``sentences.yaml``: words that decide where sentences end."""

from __future__ import annotations

import yaml

from musnad.language.letters import fold
from training.lexicons.language_forms import SOURCE

ROOM = "language"


def build() -> dict[str, object]:
    made = yaml.safe_load((SOURCE / "sentences.yaml").read_text(encoding="utf-8"))
    levels = {"credit": "search", "outlets": "search"}
    return {"sentences": {name: sorted({fold(str(w), levels.get(name, "match")) for w in words}) for name, words in made.items()}}
