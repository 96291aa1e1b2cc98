"""Every case of the room: the statements of a phrase, no more and no fewer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.room_cases import cases_of, record_of


@pytest.mark.parametrize(("published", "case"), cases_of("statements"))
def test_case(published: str, case: dict[str, Any]) -> None:
    text = case["text"]
    record = record_of(text, published)
    names = {m.id: m for m in record.mentions}
    got = [(s.cue.text, s.act, s.speaker, [c.text for c in s.content]) for s in record.statements]
    if case.get("none"):
        assert got == []
        return
    assert len(got) == len(case["s"]), got
    for (cue, act, speaker, content), want in zip(got, sorted(case["s"], key=lambda w: text.find(w[3])), strict=True):
        assert [cue, act, content] == [want[0], want[1], want[3:]]
        if want[2] is None:
            assert speaker is None
        else:
            at = text.find(want[2])
            same = [m for m in names.values() if m.id == speaker or (speaker and m.entity and m.entity == names[speaker].entity)]
            assert any(m.start < at + len(want[2]) and at < m.end for m in same), [m.text for m in same]
