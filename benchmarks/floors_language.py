"""Floors of the layer on the held-out part of UD Arabic PUD and of ANERcorp's train part; without the public sets nothing is measured."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from musnad.language.model import load
from tests.conftest import ROOT

DATA = Path(os.environ.get("MUSNAD_DATA", ROOT.parent / "shared" / "data"))
PUD, NAMES = DATA / "ud_arabic_pud", DATA / "ner" / "anercorp_camel_train.txt"
#: floors are what was reached, rounded down
FLOORS = {"clitics": 0.995, "upos, all syntactic words (F1)": 0.933, "verb F1": 0.957, "lemma": 0.943}
NAMES_FLOOR = {"fast": 73.5, "accurate": 80.0}
NAMES_SHA256 = "48a9d78c39697d3f79cc282e488c254bf0a893ff6db4a4e50ad0b2fb7c3f91b7"


@pytest.mark.skipif(not PUD.is_dir(), reason="the public sets are not here")
def test_tagging_does_not_fall():
    from benchmarks.language import measure
    from training import pud

    got = measure(pud.split(DATA)[1], "fast")
    assert got["words"] == 3000
    for name, floor in FLOORS.items():
        assert got[name] >= floor, name


@pytest.mark.skipif(not NAMES.is_file(), reason="the public sets are not here")
@pytest.mark.parametrize("kind", NAMES_FLOOR)
def test_names_do_not_fall(kind):
    from training.tokenmodel import data as sets
    from training.tokenmodel.score import span_scores

    assert hashlib.sha256(NAMES.read_bytes()).hexdigest() == NAMES_SHA256, "the data changed: measure again and set the floors anew"
    held = sets.anercorp(DATA)[1]
    got = load(kind).tag([words for words, _ in held])
    assert span_scores([tags for _, tags in held], [g.names for g in got])["main"][2] >= NAMES_FLOOR[kind]
