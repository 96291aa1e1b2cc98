"""The law of the record: what breaks it is found, and nothing the pipeline makes breaks it."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musnad.article import Article, article_id
from musnad.record import (
    Bounds,
    Cue,
    Entity,
    Event,
    Figure,
    Mention,
    Record,
    RecordError,
    Span,
    Statement,
    Time,
    check,
    from_json,
    problems,
    schema,
    to_json,
)  # fmt: skip

TEXT = "قال الوزير إن الهدنة باقية"


def made(**lists: list) -> Record:
    return Record(article=Article(id=article_id(TEXT), text=TEXT), **lists)


def span(word: str) -> dict:
    start = TEXT.index(word)
    return {"start": start, "end": start + len(word), "text": word}


def minister(**change: object) -> Mention:
    return Mention(**{"id": "m1", **span("الوزير"), "kind": "person", "entity": "e1", **change})


MINISTER = Entity(id="e1", name="الوزير", kind="person")


def test_a_good_record_passes_and_comes_back_from_json() -> None:
    said = Statement(
        id="s1",
        **span(TEXT),
        speaker="m1",
        cue=Cue(**span("قال"), lemma="قال"),
        content=[Span(**span("الهدنة باقية"))],
    )
    record = check(made(mentions=[minister()], entities=[MINISTER], statements=[said]))
    assert from_json(to_json(record)) == record


BROKEN = [
    ("text differs", {"mentions": [minister(text="الوزيرة")], "entities": [MINISTER]}),
    ("outside the text", {"mentions": [minister(end=400)], "entities": [MINISTER]}),
    ("empty", {"mentions": [minister(start=4, end=4, text="")], "entities": [MINISTER]}),
    ("e9 is not in entities", {"mentions": [minister(entity="e9")], "entities": [MINISTER]}),
    ("an id stands twice", {"mentions": [minister(), minister()], "entities": [MINISTER]}),
    ("head: lies outside", {"mentions": [minister(head=Bounds(start=0, end=3))], "entities": [MINISTER]}),
    ("Invalid enum value", {"mentions": [minister(kind="robot")], "entities": [MINISTER]}),
    ("begins after it ends", {"times": [Time(id="t1", **span("باقية"), type="date", begin="2024-02-01", end_date="2024-01-01")]}),
    ("low is above high", {"figures": [Figure(id="f1", **span("باقية"), low=9, high=2)]}),
    ("m7 is not in mentions", {"events": [Event(id="v1", **span("الهدنة"), trigger=Cue(**span("الهدنة"), lemma="هدنة"), type="RETREAT", actors=["m7"])]}),
    ("round in a circle", {"statements": [
        Statement(id="s1", **span("قال"), cue=Cue(**span("قال"), lemma="قال"), parent="s2"),
        Statement(id="s2", **span("قال"), cue=Cue(**span("قال"), lemma="قال"), parent="s1"),
    ]}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "lists"), BROKEN, ids=[b[0] for b in BROKEN])
def test_a_broken_record_is_named(words: str, lists: dict) -> None:
    with pytest.raises(RecordError, match=words):
        check(made(**lists))


def test_the_content_of_a_statement_is_checked_too() -> None:
    bad = Statement(
        id="s1",
        **span("قال"),
        cue=Cue(**span("قال"), lemma="قال"),
        content=[Span(start=0, end=3, text="نفى")],
    )
    assert problems(made(statements=[bad])) == ["statements s1.content: text differs from the article's at 0..3"]


def test_json_uses_the_contracts_names() -> None:
    record = json.loads(to_json(made()))
    assert record["record"] == "1"
    assert list(record)[2:] == [
        "article",
        "mentions",
        "entities",
        "times",
        "figures",
        "statements",
        "events",
        "commitments",
    ]
    assert record["article"]["published"] is None
    assert "with" in schema()["$defs"]["Commitment"]["properties"]


def test_the_schema_is_what_a_validator_takes() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema())
    Draft202012Validator.check_schema(schema())
    good = made(mentions=[minister()], entities=[MINISTER])
    assert not list(validator.iter_errors(json.loads(to_json(good))))
    bad = msgspec.to_builtins(good)
    bad["mentions"][0]["kind"] = "robot"
    assert list(validator.iter_errors(bad))


def test_a_lone_surrogate_does_not_stop_the_printing() -> None:
    record = Record(article=Article(id="x", text="قال \ud800 كذا"))
    assert "\ufffd" in json.loads(to_json(record))["article"]["text"]


# words of news mixed with everything that breaks offsets
ALPHABET = 'ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئًٌٍَُِّْـ ٠١٢٣٤٥٦٧٨٩0123456789،؛؟.!:«»“”"()[]-–…\n\t\u200e\u200f\u202b\u202c\u2067\u2069\ufeffABcd😀👩‍👩‍👧ﷺﻻکی٪%٫٬'
WORDS = ["قال", "وزير الخارجية", "إن", "أن", "هجوم", "قتل", "12", "ألفي جندي", "يوم الخميس", "الولايات المتحدة", "بغداد", "«", "»", "نفى",
         "وأضاف", "(أ ف ب)", "مقتل", "أكثر من", "منذ", "2014", "اتفق", "مع", "الحكومة العراقية", "، ", ". ", ":", "\n", "تظاهر", "لم"]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(ALPHABET, max_size=12)), min_size=1, max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, published=st.sampled_from([None, "2024-01-27", "2015-08-11T21:00:00+03:00"]))
def test_no_text_makes_a_record_that_breaks_its_law(coded, text: str, published: str | None) -> None:
    record = coded(text + " قال", published)
    assert from_json(to_json(record)) == record


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_unicode_text_is_coded(coded, text: str) -> None:
    assert coded(text + " قال").article.text == text + " قال"
