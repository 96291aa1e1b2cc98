"""What must hold of any text: offsets, cover, and time that grows no faster than the text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from musnad.article import Article
from musnad.language.letters import fold, fold_map
from musnad.language.stage import LanguageStage
from musnad.language.tokenize import cut
from musnad.pipeline import Pipeline

LETTERS = st.sampled_from(
    list("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ وفبلكس")
    + list("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640")
    + list("\u200e\u200f\u200b\u200c\u200d\u2066\u2069\u202b\u202c\ufeff")
    + list("ﻻﷲﻛ")
    + list("0123٠١٢٣۴.,،٫٬:/-")
    + list("«»“”\"'()[]…؟!؛\n\t ")
    + list("abcXYZéß")
    + ["😀", "👨‍👩‍👧", "🇮🇶", "中", "и"]
)
TEXTS = st.one_of(st.lists(LETTERS, max_size=80).map("".join), st.text(max_size=40))
GROWN = settings(max_examples=150, deadline=None)


@GROWN
@given(TEXTS)
def test_fold_map_is_exact(text):
    for level in ("display", "match", "search"):
        folded = fold_map(text, level)
        assert folded.text == fold(text, level)
        assert len(folded.offsets) == len(folded.text) + 1
        assert folded.offsets == sorted(folded.offsets)
        for i in range(len(folded.text)):
            start, end = folded.original(i, i + 1)
            assert folded.text[i] in fold(text[start:end], level)
        assert fold(folded.text, level) == folded.text


@GROWN
@given(TEXTS)
def test_tokens_cover_the_text(text):
    at = 0
    for start, end, raw, kind in cut(text):
        assert start >= at
        assert end > start
        assert text[start:end] == raw
        assert kind in ("word", "number", "punct", "latin", "other")
        at = end


@GROWN
@example("\u064b\ufefbاا")
@given(TEXTS)
def test_analysis_keeps_offsets(text):
    from tests.language.conftest import analyse

    a = analyse(text)
    assert len(a.keys) == len(a.tokens)
    for token in a.tokens:
        parts = [(c.start, c.end) for c in token.proclitics] + [(token.stem_start, token.stem_end)]
        if token.enclitic:
            parts.append((token.enclitic.start, token.enclitic.end))
        assert parts[0][0] == token.start
        assert parts[-1][1] == token.end
        assert all(x[1] == y[0] for x, y in pairwise(parts))
        for clitic in (*token.proclitics, *filter(None, [token.enclitic])):
            assert fold(text[clitic.start : clitic.end]) == clitic.form
        assert all(r.pos for r in token.readings)
    assert [t.sentence for t in a.tokens] == sorted(t.sentence for t in a.tokens)
    assert sum(s.last - s.first for s in a.sentences) == len(a.tokens)
    for before, after in pairwise(a.sentences):
        assert before.last == after.first
    for quote in a.quotes:
        assert 0 <= quote.start < quote.end <= len(text)
    assert [q.start for q in a.quotes] == sorted(q.start for q in a.quotes)


SHAPES = {
    "one word": "ا", "words": "قال ", "straight": '"', "guillemets": "«", "both": "«»", "dots": ". ", "ticks": " 'ا",
    "clitics": "ول", "digits": "1.", "brackets": "( ", "controls": "\u200f", "lines": "ا\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_time_is_linear(name):
    from tests.language.conftest import analyse

    def spent(size):
        text = SHAPES[name] * size
        start = time.process_time()
        analyse(text)
        return time.process_time() - start

    spent(100)
    small, large = spent(4_000), spent(32_000)
    assert large < 40 * small + 0.2


@pytest.mark.parametrize("text", ["«ا", "قال المتحدث باسم الوزارة إن "])
def test_one_long_line_with_names_is_linear(text):
    """A line of megabytes without a stop: four times the text takes about four times as long, token model included."""
    pipeline = Pipeline([LanguageStage("fast")])

    def spent(size):
        article = Article(id="", text=text * size)
        start = time.process_time()
        pipeline.analyse(article)
        return time.process_time() - start

    size = 100_000 // len(text)
    spent(100)
    assert spent(4 * size) < 12 * spent(size) + 0.3


def test_a_hundred_thousand_nested_quotes():
    from tests.language.conftest import analyse

    start = time.process_time()
    a = analyse("«ا" * 100_000 + "»" * 100_000)
    assert len(a.tokens) == 300_000
    assert max(q.depth for q in a.quotes) < 20
    assert time.process_time() - start < 30
