"""The scorer: what counts as right, intervals, errors by kind."""

from __future__ import annotations

import pytest

from musnad.evaluation.phrases import GoldError, gold_of, locate
from musnad.evaluation.score import LAYERS, Tally, intervals, iou, score, totals

TEXT = "قال الوزير إن الشرطة اعتقلت 12 شخصا أمس في بغداد"


def item(phrase: str, **more: object) -> dict:
    start, end = locate(TEXT, phrase)
    return {"start": start, "end": end, "text": phrase, **more}


GOLD = gold_of(
    TEXT,
    {
        "statements": [["الوزير", "قال", ["الشرطة اعتقلت 12 شخصا أمس في بغداد"], "indirect"]],
        "events": [["COERCE", "اعتقلت", ["الشرطة"], ["شخصا"], "occurred"]],
        "figures": [["12 شخصا", 12, None, None]],
        "times": [["أمس", "2024-01-26", "2024-01-26"]],
    },
)
MENTIONS = [
    item("الوزير", id="m1", entity="e1"),
    item("الشرطة", id="m2", entity="e2"),
    item("شخصا", id="m3", entity="e3"),
]
PERFECT = {
    "article": {"text": TEXT},
    "mentions": MENTIONS,
    "times": [item("أمس", begin="2024-01-26", end_date="2024-01-26")],
    "figures": [item("12 شخصا", value=12, low=None, high=None)],
    "statements": [item(TEXT, speaker="m1", content=[item("الشرطة اعتقلت 12 شخصا أمس في بغداد")])],
    "events": [
        item(
            "اعتقلت",
            trigger=item("اعتقلت"),
            type="COERCE",
            actors=["m2"],
            recipients=["m3"],
            status="occurred",
        )
    ],
}


def test_a_perfect_record_is_all_right() -> None:
    (scored,) = score([GOLD], {GOLD["sha256"]: PERFECT})
    assert all(scored.tallies[layer].f1 == 1.0 for layer in LAYERS)
    assert scored.errors == []


def test_an_article_without_a_record_counts_as_nothing_found() -> None:
    (scored,) = score([GOLD], {})
    assert scored.tallies["events.trigger"] == Tally(0, 1, 0)
    assert {e.kind for e in scored.errors} == {"missed"}


CHANGES = [
    ({"times": [item("أمس", begin="2024-01-27", end_date="2024-01-27")]}, "times.value", "wrong value"),
    ({"figures": [item("12 شخصا", value=13)]}, "figures.value", "wrong value"),
    ({"statements": [{**PERFECT["statements"][0], "speaker": "m2"}]}, "statements.full", "wrong speaker"),
    ({"statements": [{**PERFECT["statements"][0], "speaker": None}]}, "statements.full", "no speaker"),
    ({"events": [{**PERFECT["events"][0], "actors": ["m1"]}]}, "events.who", "party missed"),
    (
        {"events": [{**PERFECT["events"][0], "status": "planned"}]},
        "events.status",
        "occurred read as planned",
    ),
    ({"events": [{**PERFECT["events"][0], "type": "ASSAULT"}]}, "events.trigger", "made up"),
    ({"events": []}, "events.type", "missed"),
]


@pytest.mark.parametrize(("change", "layer", "kind"), CHANGES, ids=[c[1] + " " + c[2] for c in CHANGES])
def test_each_mistake_costs_its_layer_and_is_named(change: dict, layer: str, kind: str) -> None:
    (scored,) = score([GOLD], {GOLD["sha256"]: {**PERFECT, **change}})
    assert scored.tallies[layer].f1 < 1.0
    assert kind in {e.kind for e in scored.errors}


def test_roles_of_a_meeting_do_not_matter() -> None:
    gold = {**GOLD, "events": [{**GOLD["events"][0], "type": "CONSULT"}]}
    turned = {**PERFECT["events"][0], "type": "CONSULT", "actors": ["m3", "m2"], "recipients": []}
    (scored,) = score([gold], {gold["sha256"]: {**PERFECT, "events": [turned]}})
    assert scored.tallies["events.who"] == Tally(2, 2, 2)


def test_any_mention_of_the_entity_counts_as_the_speaker() -> None:
    other = [*MENTIONS, item("بغداد", id="m4", entity="e1")]
    (scored,) = score(
        [GOLD],
        {
            GOLD["sha256"]: {
                **PERFECT,
                "mentions": other,
                "statements": [{**PERFECT["statements"][0], "speaker": "m4"}],
            }
        },
    )
    assert scored.tallies["statements.full"].f1 == 1.0


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    scored = score([GOLD, {**GOLD, "sha256": "x"}], {GOLD["sha256"]: PERFECT})
    bounds = intervals(scored, rounds=200)
    assert bounds == intervals(scored, rounds=200)
    low, high = bounds["events.trigger"]
    assert low <= totals(scored)["events.trigger"].f1 <= high


def test_overlap_of_spans() -> None:
    assert (iou([0, 4], [2, 6]), iou([0, 2], [2, 4])) == (pytest.approx(1 / 3), 0.0)


def test_a_phrase_that_is_not_there_is_refused() -> None:
    assert locate("أ ب أ", "أ@2") == [4, 5]
    with pytest.raises(GoldError, match="is not in the text"):
        locate(TEXT, "الجيش")
