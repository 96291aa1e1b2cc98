"""The models of the events room: trees as flat arrays, which words name an event, who took part."""

from __future__ import annotations

import numpy as np

from musnad import code
from musnad.events.sides import NAMES, shipped
from musnad.events.trees import Trees
from musnad.events.triggers import TYPES, TriggerModel


def _trees() -> Trees:
    # one tree per class: feature 0 <= 1.5 ? left : right
    data = {
        "features": ["a", "b"], "classes": 2, "depth": 1,
        "feature": np.array([0, 0, 0, 1, 0, 0], "<i2").tobytes(), "threshold": np.array([1.5, 0, 0, 0.5, 0, 0], "<f4").tobytes(),
        "left": np.array([1, 1, 2, 4, 4, 5], "<i4").tobytes(), "right": np.array([2, 1, 2, 5, 4, 5], "<i4").tobytes(),
        "value": np.array([0, 1.0, -1.0, 0, 2.0, -2.0], "<f4").tobytes(), "roots": np.array([0, 3], "<i4").tobytes(),
    }  # fmt: skip
    return Trees(data)


def test_trees_walk_to_their_leaves() -> None:
    rows = np.array([[1.5, 0.5], [2.0, 0.5], [1.0, 9.0]], np.float32)
    assert _trees().scores(rows).tolist() == [[1.0, 2.0], [-1.0, 2.0], [1.0, -2.0]]
    shares = _trees().shares(rows)
    assert np.allclose(shares.sum(1), 1)
    assert shares[2, 0] > 0.9


def test_a_row_does_not_depend_on_its_batch() -> None:
    made = shipped()
    assert made is not None
    trees, limit = made
    assert trees.names == NAMES
    assert 0 < limit < 1
    rows = np.random.default_rng(7).integers(0, 3, (40, len(NAMES))).astype(np.float32)
    together = trees.shares(rows)
    alone = np.concatenate([trees.shares(row[None]) for row in rows])
    assert np.array_equal(together, alone)


def test_shares_of_a_word_are_shares() -> None:
    model = TriggerModel.shipped()
    assert model is not None
    shares = model.shares(["1", "ft=ASSAULTV", "x=ASSAULT"])
    assert len(shares) == len(TYPES) + 1
    assert abs(sum(shares) - 1) < 1e-6
    at = 1 + TYPES.index("ASSAULT")
    assert shares[at] > model.shares(["1"])[at]
    assert model.shares(["1", "a feature that no table has"]) == model.shares(["1"])


_ARTICLE = """أعلنت وزارة الداخلية في بيان لها صباح الاثنين حصيلة حملتها في محافظة الرمال.
واعتقلت الشرطة سبعة مسلحين بعد اشتباكات استمرت ساعتين.
وقال المتحدث باسم الوزارة إن العملية لم تنته بعد.
ودعا رئيس الوزراء سالم الناجي الأحزاب إلى التهدئة، فيما نددت حركة الفجر بالاعتقالات."""


def test_an_article_keeps_what_happened() -> None:
    record = code(_ARTICLE, "2024-03-11")
    types = {e.type for e in record.events}
    assert {"COERCE", "REQUEST", "ACCUSE"} <= types
    arrest = next(e for e in record.events if e.type == "COERCE")
    by_id = {m.id: m for m in record.mentions}
    assert any("الشرطة" in by_id[i].text for i in arrest.actors)
    assert any("مسلحين" in by_id[i].text for i in arrest.recipients)
    asked = next(e for e in record.events if e.type == "REQUEST")
    assert any("سالم الناجي" in by_id[i].text for i in asked.actors)


def test_every_event_says_how_sure_the_model_was() -> None:
    record = code(_ARTICLE, "2024-03-11")
    assert record.events
    for event in record.events:
        assert event.confidence is not None
        assert any(rule.startswith("model=") for rule in event.rules)
        weighed = [r for r in event.rules if r.startswith(("actor=", "recipient="))]
        assert len(weighed) == len(event.actors) + len(event.recipients)
        assert all("weighed" in r for r in weighed)
