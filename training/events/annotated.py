"""Passages of real news annotated for events: ``annotated.jsonl`` holds offsets only, the text comes from the data folder.

Each line: ``set`` (``ant``: ANT corpus v1.1, Apache-2.0, for training and measuring; ``saudi``: saudinewsnet, research only, for measuring), ``id``
(ANT's own id, or the first 16 hex digits of the text's sha256), ``length`` (how much of the text from its start was annotated, in code
points), ``sha256`` of that part, ``events`` (type, trigger, actors, recipients as code-point spans, status). Annotated by reading alone,
one pass, before any program was run on them, by the guide of the gold articles.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("annotated.jsonl")
_FILES = {"ant": "ant_v1.1.jsonl.gz", "saudi": "saudinewsnet_slice.jsonl.gz"}


def held_out(passage: dict[str, Any]) -> bool:
    """Whether a passage is for measuring only: all of saudinewsnet, a sixth of ANT by the hash of its id."""
    if passage["set"] != "ant":
        return True
    return int(hashlib.sha256(passage["id"].encode()).hexdigest(), 16) % 6 == 0


def in_dev(name: str) -> bool:
    """Whether a passage to learn from is of the tenth on which settings are chosen."""
    # a word of its own, so that this tenth does not hang together with the held-out sixth
    return int(hashlib.sha256(("teacher" + name).encode()).hexdigest(), 16) % 10 == 0


def passages(data: Path) -> Iterator[dict[str, Any]]:
    """The annotated passages with their ``text`` and ``published``.

    :param data: the folder that holds ``news/``.
    :raises ValueError: where the data folder's text is not what was annotated.
    """
    notes = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
    wanted: dict[str, dict[str, dict[str, Any]]] = {"ant": {}, "saudi": {}}
    for note in notes:
        wanted[note["set"]][note["id"]] = note
    texts: dict[str, tuple[str, str | None]] = {}
    for name, ids in wanted.items():
        with gzip.open(data / "news" / _FILES[name], "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                key = row["id"] if name == "ant" else hashlib.sha256(row["text"].encode()).hexdigest()[:16]
                if key in ids:
                    texts[f"{name}/{key}"] = (row["text"], row.get("published"))
    for note in notes:
        text, published = texts[f"{note['set']}/{note['id']}"]
        text = text[: note["length"]]
        if hashlib.sha256(text.encode()).hexdigest() != note["sha256"]:
            raise ValueError(f"{note['set']}/{note['id']}: the text differs from the one that was annotated")
        yield {**note, "text": text, "published": published}
