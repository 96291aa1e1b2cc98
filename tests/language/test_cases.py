"""The language room's cases, which are data beside the rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from musnad.language import verbs

CASES = Path(__file__).resolve().parents[2] / "src/musnad/language/cases"


def cases(name):
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases("clitics"), ids=lambda c: c["text"][:30])
def test_clitics(case, analysed):
    got = {}
    for token in analysed(case["text"]).tokens:
        parts = [c.form for c in token.proclitics] + [token.stem] + ([token.enclitic.form] if token.enclitic else [])
        got[token.text] = "+".join(parts)
    assert {word: got[word] for word in case["cut"]} == case["cut"]


@pytest.mark.parametrize("case", cases("verbs"), ids=lambda c: c["form"])
def test_verb_forms(case):
    wanted = {("form" if k == "form_" else k): v for k, v in case.items() if k != "form"}
    found = verbs.lookup(case["form"])
    assert any(all(getattr(r, k) == v for k, v in wanted.items()) for r in found), found


@pytest.mark.parametrize("case", cases("sentences"), ids=lambda c: c["text"][:30])
def test_sentences(case, analysed):
    a = analysed(case["text"])
    got = [("" if s.kind == "body" else s.kind + ": ") + a.text[s.start : s.end] for s in a.sentences]
    assert got == case["sentences"]


@pytest.mark.parametrize("case", cases("quotes"), ids=lambda c: c["text"][:30])
def test_quotes(case, analysed):
    a = analysed(case["text"])
    got = [(f"{q.depth}: " if q.depth else "") + ("open: " if q.close is None else "") + a.text[q.start : q.end] for q in a.quotes]
    assert got == case["quotes"]


def test_there_are_enough_decisions():
    sentences = sum(len(c["sentences"]) for c in cases("sentences"))
    quotes = sum(max(1, len(c["quotes"])) for c in cases("quotes"))
    clitics = sum(len(c["cut"]) for c in cases("clitics"))
    assert sentences >= 150
    assert quotes + clitics + len(cases("verbs")) >= 150
