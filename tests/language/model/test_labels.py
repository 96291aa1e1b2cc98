"""Labels: folding, spans, and clitic cuts that never lose a letter."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.language.model.labels import NAME_LABELS, Span, cut, fold, spans, split_label, split_parts


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("إلى", "الي"),
        ("مدرسةٌ", "مدرسه"),
        ("أُعْلِنَ", "اعلن"),
        ("عـــراق", "عراق"),
        ("١٢٣", "000"),
        ("NATO", "nato"),
        ("\u200fبغداد", "بغداد"),
        ("ـ", "ـ"),
    ],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_spans_reads_bio() -> None:
    assert spans(["B-PERS", "I-PERS", "O", "B-LOC", "B-LOC"]) == [
        Span(0, 2, "PERS"),
        Span(3, 4, "LOC"),
        Span(4, 5, "LOC"),
    ]


def test_spans_opens_at_a_stray_inside_label() -> None:
    assert spans(["O", "I-ORG", "I-ORG", "I-LOC"]) == [Span(1, 3, "ORG"), Span(3, 4, "LOC")]


@given(st.lists(st.sampled_from(NAME_LABELS), max_size=30))
def test_spans_cover_exactly_the_named_words(names: list[str]) -> None:
    covered = [i for s in spans(names) for i in range(s.start, s.end)]
    assert covered == [i for i, x in enumerate(names) if x != "O"]


@pytest.mark.parametrize(
    ("word", "label", "parts"),
    [
        ("كتاب", "|", ["كتاب"]),
        ("وبالعراق", "و+ب+|", ["و", "ب", "العراق"]),
        ("للسلطة", "ل+|", ["ل", "لسلطة"]),
        ("سيكتبها", "س+|+ها", ["س", "يكتب", "ها"]),
        ("وَقالَ", "و+|", ["وَ", "قالَ"]),
        ("كتابُهُ", "|+ه", ["كتابُ", "هُ"]),
        ("لـه", "|+ه", ["لـ", "ه"]),
        ("مدرستهم", "|+هم", ["مدرست", "هم"]),
    ],
)
def test_cut(word: str, label: str, parts: list[str]) -> None:
    assert [word[a:b] for a, b in cut(word, label)] == parts


@pytest.mark.parametrize(("word", "label"), [("قال", "و+|"), ("ها", "|+ها"), ("و", "و+|"), ("به", "ب+|+ه")])
def test_cut_leaves_a_word_whole_that_does_not_fit(word: str, label: str) -> None:
    assert cut(word, label) == [(0, len(word))]


@given(
    st.text("وبلكسفتنمهاي\u064e\u0640", min_size=1, max_size=12),
    st.sampled_from(["و+ب+|", "ل+|+ها", "س+|", "|+ه"]),
)
def test_cut_parts_cover_the_word(word: str, label: str) -> None:
    got = cut(word, label)
    assert got[0][0] == 0
    assert got[-1][1] == len(word)
    assert all(a[1] == b[0] for a, b in pairwise(got))
    assert all(a < b for a, b in got)


def test_split_label_round_trip() -> None:
    assert split_label(["و", "ب"], ["ها"]) == "و+ب+|+ها"
    assert split_parts("و+ب+|+ها") == (["و", "ب"], ["ها"])
    assert split_parts("|") == ([], [])
