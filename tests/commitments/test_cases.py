"""Every case of the room: the commitments of a phrase, no more and no fewer."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml

from musnad.api import default_pipeline
from musnad.article import Article, article_id
from musnad.record import check

ROOM = resources.files("musnad").joinpath("commitments", "cases")


def _cases() -> list[Any]:
    out = []
    for path in sorted(ROOM.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            data = yaml.safe_load(path.read_text("utf-8"))
            out += [pytest.param(data["published"], case, id=case["text"][:40]) for case in data["cases"]]
    return out


@pytest.mark.parametrize(("published", "case"), _cases())
def test_case(published: str, case: dict[str, Any]) -> None:
    text = case["text"]
    record = check(default_pipeline().code(Article(id=article_id(text), text=text, published=str(published))))
    got = [(k.kind, k.state, k.what.text) for k in record.commitments]
    if case.get("none"):
        assert got == []
        return
    assert [g[:2] for g in got] == [tuple(w[:2]) for w in case["k"]], got
    for (_, _, what), want in zip(got, case["k"], strict=True):
        assert want[2] in what
    if "cond" in case:
        assert [c.text for k in record.commitments for c in k.conditions] == case["cond"]
