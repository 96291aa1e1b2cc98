"""Spoilt articles through the whole pipeline: no exception, and the record keeps its law."""

from __future__ import annotations

import random
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musnad import code
from musnad.reading.build import ReadingError
from musnad.record import check, from_json, to_json
from tests.robustness.mutations import MUTATIONS, OTHERS, mutate, texts

TEXTS = texts()
WORDS = sorted({w for t in TEXTS for w in t.split()})
PUBLISHED = ("2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31T23:59:59+14:00", None)


def lawful(text: str, published: str | None) -> None:
    """Code a text and check the record; a text that is refused is fine."""
    try:
        record = check(code(text, published))
    except ReadingError:
        return
    # half of a UTF-16 pair is no character: reading replaces it, one for one
    assert record.article.text == re.sub("[\ud800-\udfff]", "\ufffd", text)
    again = check(from_json(to_json(record)))
    assert again.events == record.events


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation(name: str) -> None:
    rng = random.Random(name)
    for n, text in enumerate(TEXTS[:4]):
        lawful(MUTATIONS[name](text, rng), PUBLISHED[n % len(PUBLISHED)])


@pytest.mark.parametrize("seed", range(40))
def test_mutations_together(seed: int) -> None:
    rng = random.Random(seed)
    lawful(mutate(rng.choice(TEXTS), rng), rng.choice(PUBLISHED))


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS),
            st.sampled_from(["«", "»", '"', "“", "”", "(", ")", ".", "،", ":", "\n", "-", "قال", "إن", "7", "٣"]),
            st.sampled_from(OTHERS),
            st.text(max_size=6),
        ),
        max_size=40,
    ),
    st.sampled_from([" ", ""]),
    st.dates().map(str),
)  # fmt: skip
def test_any_words_in_any_order(words: list[str], between: str, published: str) -> None:
    lawful(between.join(words), published)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "قال " + "ا" * n + " أمس",
        lambda n: "قال " + "وبال" * (n // 4) + " أمس",
        lambda n: "قتل " + "7" * n + " شخصا",
        lambda n: "قال " + "َ" * n + " أمس",
        lambda n: "قال " + "a" * n + " أمس",
        lambda n: "قال «" + "ـ" * n + "» أمس",
    ],
    ids=["letter", "clitics", "digits", "marks", "latin", "tatweel"],
)
def test_a_word_of_a_megabyte(make) -> None:  # type: ignore[no-untyped-def]
    assert sys.get_int_max_str_digits() == 4300  # no stage may lift it for all
    lawful(make(1 << 20), "2024-01-27")


@pytest.mark.parametrize("text", ["قال ولي العهد الأمير", "قال رئيس الوزراء الأمير", "قال القائد العام اللواء"])
def test_a_text_that_ends_in_a_title(text: str) -> None:
    lawful(text, "2024-01-27")
