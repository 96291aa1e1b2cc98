"""Every case of the room: the commitments of a phrase, no more and no fewer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.room_cases import cases_of, record_of


@pytest.mark.parametrize(("published", "case"), cases_of("commitments"))
def test_case(published: str, case: dict[str, Any]) -> None:
    text = case["text"]
    record = record_of(text, published)
    got = [(k.kind, k.state, k.what.text) for k in record.commitments]
    if case.get("none"):
        assert got == []
        return
    assert [g[:2] for g in got] == [tuple(w[:2]) for w in case["k"]], got
    for (_, _, what), want in zip(got, case["k"], strict=True):
        assert want[2] in what
    if "cond" in case:
        assert [c.text for k in record.commitments for c in k.conditions] == case["cond"]
