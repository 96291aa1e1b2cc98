"""The room's services and its limits: chains, quotes, lexicon, long input."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from musnad.api import default_pipeline
from musnad.article import Article, article_id
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis
from musnad.record import problems
from musnad.statements import lexicon, quoting
from musnad.statements.chain import chain_of
from musnad.statements.stage import StatementsStage

ROOT = Path(__file__).resolve().parents[2]


def _analysis(text: str) -> Analysis:
    return default_pipeline().analyse(Article(id=article_id(text), text=text, published="2025-06-12"))


def test_chain_runs_from_the_innermost_source_outwards() -> None:
    text = "ذكرت صحيفة النهار أن الوزير أبلغ البرلمان أن القوات ستنسحب. وتجمع محتجون أمام المقر."
    analysis = _analysis(text)
    at = text.index("ستنسحب")
    chain = chain_of(analysis, at, at + 6)
    by_id = {s.id: s for s in analysis.statements}
    assert [by_id[c].cue.text for c in chain] == ["أبلغ", "ذكرت"]
    assert by_id[chain[0]].parent == chain[1]
    own = text.index("وتجمع")
    assert chain_of(analysis, own, own + 5) == []


def test_agency_quoting_sources_gives_two_statements_over_the_same_words() -> None:
    text = "قالت وكالة الأناضول نقلا عن مصادر أمنية إن الطائرة أقلعت."
    analysis = _analysis(text)
    assert len(analysis.statements) == 2
    outer = next(s for s in analysis.statements if s.parent is None)
    inner = next(s for s in analysis.statements if s.parent is not None)
    assert inner.parent == outer.id
    assert inner.content == outer.content
    at = text.index("أقلعت")
    assert chain_of(analysis, at, at + 5) == [inner.id, outer.id]


def test_outlet_and_place_of_speaking() -> None:
    text = "وقال المستشار في مقابلة مع قناة العربية إن اللجنة ستجتمع الأحد."
    analysis = _analysis(text)
    statement = analysis.statements[0]
    names = {m.id: m.text for m in analysis.mentions}
    assert statement.via is not None
    assert "قناة العربية" in names[statement.via]


def test_a_quote_runs_on_into_the_next_sentence_and_paragraph() -> None:
    text = "وقال: «نريد السلام. ونريد العدل.\nولن نتراجع». وانتهى الاجتماع."
    analysis = _analysis(text)
    assert [c.text for c in analysis.statements[0].content] == ["نريد السلام. ونريد العدل.\nولن نتراجع"]
    assert analysis.statements[0].mode == "direct"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('قال "نعم" ثم "لا".', ["نعم", "لا"]),
        ("قال «أ «ب» ج».", ["أ «ب» ج", "ب"]),
        ("قال “كلام طويل” وذهب.", ["كلام طويل"]),
    ],
)
def test_quotes(text: str, inside: list[str]) -> None:
    analysis = Analysis(Article(id=article_id(text), text=text))
    LanguageStage().run(analysis)
    found = quoting.find(text, analysis.tokens, analysis.sentences)
    tokens = analysis.tokens
    assert [text[tokens[q.first].start : tokens[q.last - 1].end] for q in found] == inside


def test_there_are_enough_cues() -> None:
    verbs = {f.verb.lemma for forms in lexicon.forms().values() for f in forms}
    formulas = sum(len(lexicon.formulas(name)) for name in ("according", "closing", "relaying"))
    masdars = {form for form, forms in lexicon.forms().items() if any(f.aspect == "masdar" for f in forms)}
    assert len(verbs) + formulas + len(masdars) + len(lexicon.words("paper_verbs")) >= 250


@pytest.mark.parametrize("unit", ["«قال ", "قال إن ", "بحسب ", "وقال: «نعم». ", '"', "قال الوزير، "])
def test_cost_grows_with_the_length_alone(unit: str) -> None:
    text = unit * 5_000
    analysis = Analysis(Article(id=article_id(text), text=text))
    LanguageStage().run(analysis)
    begin = time.perf_counter()
    StatementsStage().run(analysis)
    assert time.perf_counter() - begin < 10
    assert not problems(analysis.record())


def test_the_annotated_half_for_tuning_keeps_its_level() -> None:
    sys.path.insert(0, str(ROOT))
    from benchmarks import statements as bench

    c = bench.measure(bench.read(bench.PASSAGES / "dev.yaml"))
    f1 = 2 * c["content"] / (c["statements gold"] + c["statements got"])
    assert f1 >= 0.93
    assert c["speaker"] / c["speaker of"] >= 0.93
    assert c["act"] / c["content"] >= 0.95
    assert 2 * c["all three"] / (c["commitments gold"] + c["commitments got"]) >= 0.85
