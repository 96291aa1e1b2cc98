"""Reading the cases of a room (``src/musnad/ROOM/cases/*.yaml``): each file has a date of publication and phrases with what must come out."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml

from musnad.api import default_pipeline
from musnad.article import Article, article_id
from musnad.record import Record, check


def cases_of(room: str) -> list[Any]:
    """Parameters (date of publication, case) for every case of a room, by file name."""
    out = []
    for path in sorted(resources.files("musnad").joinpath(room, "cases").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            data = yaml.safe_load(path.read_text("utf-8"))
            out += [pytest.param(str(data["published"]), case, id=case["text"][:40]) for case in data["cases"]]
    assert out, f"the room {room} has no cases"
    return out


def record_of(text: str, published: str) -> Record:
    """The record of a phrase, the law of the record checked."""
    return check(default_pipeline().code(Article(id=article_id(text), text=text, published=published)))
