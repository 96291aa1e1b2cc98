"""The cases of ``cases/codes.yaml``: kind and code of a phrase."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.actors.support import CASES, analyse, entity_of

CORPUS = yaml.safe_load((CASES / "codes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CORPUS["cases"], ids=lambda c: c[1])
def test_kind_and_code(case: list[Any]) -> None:
    text, words, *expected = case
    analysis = analyse(text, str(CORPUS["published"]))
    start, end = text.index(words), text.index(words) + len(words)
    over = [m for m in analysis.mentions if m.start < end and m.end > start]
    if expected == ["no"] or expected == [False]:
        assert not [m for m in over if start <= m.start < end], [m.text for m in over]
        return
    assert over, "nothing found"
    best = max(over, key=lambda m: min(m.end, end) - max(m.start, start) - 0.1 * (m.end - m.start))
    entity = entity_of(analysis, best)
    assert (best.kind, entity.code) == tuple(expected), (best.text, best.rules)
