"""The gate: numbers on the project's own gold do not fall below their floors."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml

from musnad import code
from musnad.evaluation.phrases import gold_of
from musnad.evaluation.score import LAYERS, score, totals
from musnad.record import check, to_json
from tests.conftest import ROOT

GATE = yaml.safe_load((ROOT / "tests/gold/gate.yaml").read_text(encoding="utf-8"))
NOTES = ROOT / "tests/gold/examples.yaml"


@pytest.fixture(scope="module")
def examples() -> tuple[str, dict[str, float]]:
    """Hash of the data, and each layer's F1."""
    notes = yaml.safe_load(NOTES.read_text(encoding="utf-8"))
    digest = hashlib.sha256(NOTES.read_bytes())
    gold, records = [], {}
    for name, of in notes.items():
        row = json.loads((ROOT / f"examples/{name}.jsonl").read_text(encoding="utf-8"))
        digest.update(row["text"].encode())
        gold.append(gold_of(row["text"], of))
        record = check(code(row["text"], row["published"], row["outlet"], title=row["title"]))
        records[record.article.id] = json.loads(to_json(record))
    return digest.hexdigest(), {layer: t.f1 for layer, t in totals(score(gold, records)).items()}


def test_the_floors_belong_to_this_data(examples: tuple[str, dict[str, float]]) -> None:
    assert GATE["examples"]["data"] == examples[0], "the gold changed: measure again and set the floors anew"


@pytest.mark.parametrize("layer", LAYERS)
def test_no_number_falls_below_its_floor(examples: tuple[str, dict[str, float]], layer: str) -> None:
    assert examples[1][layer] >= GATE["examples"]["floors"][layer]
