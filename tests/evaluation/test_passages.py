"""The annotated event passages are whole: every phrase stands in its text, every type has its share, nothing stands twice."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from musnad.evaluation.phrases import gold_of, locate
from tests.conftest import ROOT

# fmt: off
TYPES = {
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}
STATUS = {"occurred", "ongoing", "planned", "possible", "demanded", "denied", "conditional", "claimed_intent"}
# fmt: on
HALVES = {half: yaml.safe_load((ROOT / f"tests/gold/events/{half}.yaml").read_text(encoding="utf-8")) for half in ("dev", "test")}
PASSAGES: list[dict[str, Any]] = [p for passages in HALVES.values() for p in passages]


@pytest.mark.parametrize("half", HALVES)
def test_every_phrase_stands_in_its_text(half: str) -> None:
    for passage in HALVES[half]:
        assert set(passage) == {"text", "published", "events"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", passage["published"])
        assert len(gold_of(passage["text"], passage)["events"]) == len(passage["events"])


@pytest.mark.parametrize("half", HALVES)
def test_a_trigger_is_one_whole_token(half: str) -> None:
    for passage in HALVES[half]:
        text = passage["text"]
        for _, trigger, *_ in passage["events"]:
            start, end = locate(text, trigger)
            assert not re.search(r"\s", text[start:end]), trigger
            assert not re.search(r"\w$", text[:start]), trigger
            assert not re.match(r"\w", text[end:]), trigger


def test_types_and_status_are_of_the_record() -> None:
    for passage in PASSAGES:
        for kind, _, _, _, status in passage["events"]:
            assert kind in TYPES
            assert status in STATUS


def test_every_type_has_25_events_and_both_halves_have_a_third_of_them() -> None:
    counts = {half: Counter(e[0] for p in ps for e in p["events"]) for half, ps in HALVES.items()}
    both = counts["dev"] + counts["test"]
    assert {kind: both[kind] for kind in TYPES if both[kind] < 25} == {}
    assert sum(both.values()) >= 400
    for half in HALVES:
        assert {kind for kind in TYPES if counts[half][kind] * 3 < both[kind]} == set()


def test_passages_without_events_are_there() -> None:
    assert sum(not p["events"] for p in PASSAGES) >= 40


def test_no_text_stands_twice() -> None:
    words = [" ".join(re.findall(r"\w+", p["text"])) for p in PASSAGES]
    assert [w for w, n in Counter(words).items() if n > 1] == []


def test_no_event_stands_twice_in_a_passage() -> None:
    for passage in PASSAGES:
        keys = [(e[0], tuple(locate(passage["text"], e[1]))) for e in passage["events"]]
        assert len(keys) == len(set(keys)), passage["text"]
