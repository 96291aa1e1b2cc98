"""The quick ways of the layer give what the plain ones give: kept sums, stored options, names sought only where one may be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import yaml

from musnad import lexicon
from musnad.language import features as F
from musnad.language.letters import fold, search_key
from musnad.language.model import load
from musnad.language.model.accurate import viterbi
from musnad.language.model.fast import FastModel, Runs
from musnad.language.model.features import unary
from musnad.language.model.labels import NAME_LABELS
from musnad.language.recent import Recent
from musnad.language.tagger import Tagger, tagger
from musnad.language.tokenize import cut
from musnad.language.words import candidates, plain
from tests.language.conftest import CASES

TEXT = "\n".join(
    case["text"] for name in ("clitics", "sentences") for case in yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
)
TEXT += "\nوَقال المدرّبُ إنّ وفداً زار مدرستَهم وبمدارسهما وللجنة والألمانيات كبيرا، وسيكتبونها فلنكاتبنهم أفلاستقلالها"
WORDS = sorted({raw for _, _, raw, kind in cut(TEXT) if kind == "word"})


@pytest.fixture(scope="module")
def weights():
    return lexicon.load("language", "tagger")


def test_scores_are_the_sums_of_the_listed_features(weights):
    own = Tagger(weights)
    for raw in WORDS:
        norm, written = fold(raw), plain(raw)
        got = own.scores(raw)
        wanted = candidates(written)
        assert [(cut_, definite, use.reading) for _, _, cut_, definite, use in got] == [c[:3] for c in wanted]
        for (score, kind, *_), candidate in zip(got, wanted, strict=True):
            option = F.option_of(candidate)
            keys = F.own_features(raw, norm, written, option)
            assert score == pytest.approx(1000 * sum(weights.get(k, 0.0) for k in keys), abs=0.01), (raw, candidate)
            assert (kind.tag, kind.pos, kind.agree) == (option.tag, option.pos, option.agree)


def test_choice_in_context_is_the_sum_of_the_listed_features(weights):
    own = Tagger(weights)
    several = 0
    for line in TEXT.split("\n"):
        tokens = list(cut(line))
        words = [own.word(raw) if kind == "word" else own.mark(raw, kind) for _, _, raw, kind in tokens]
        if not words:
            continue
        chosen = own.choose(words)
        # a chosen sense tells its context all that an option does
        as_option = [F.Option(None, c.kind.pos, c.kind.tag, c.kind.agree, c.stem, ()) for c in chosen]  # type: ignore[arg-type]
        edge, clause = F.mark_option("^"), "0"
        for i, word in enumerate(words):
            before, before2 = as_option[i - 1] if i else edge, as_option[i - 2] if i > 1 else edge
            following, tag = (words[i + 1].norm, words[i + 1].tag) if i + 1 < len(words) else ("$", "$")
            keys = F.surroundings(before, before2, following, tag, words[i - 1].norm if i else "^", clause)
            totals = []
            for score, sense in word.options:
                with_ = (*sense.kind.keys, sense.lemma)
                totals.append(score + 1000 * sum(weights.get(f"{k}\t{with_[at]}", 0.0) for k, at in zip(keys, F.PAIRED, strict=True)))
            best = word.options[totals.index(max(totals))][1]
            if len(word.options) > 1:
                several += 1
                assert max(totals) - totals[[s for _, s in word.options].index(best)] < 0.01
                assert (best.kind, best.lemma) == (chosen[i].kind, chosen[i].lemma), (line, word.norm)
            clause = F.clause_after(clause, F.turn_of(chosen[i].kind.pos, chosen[i].stem))
    assert several > 100


def test_stored_options_are_those_that_analysis_gives(weights):
    own, shipped = Tagger(weights), tagger()
    stored = 0
    for raw in WORDS:
        got = shipped._store.get(raw) if shipped._store is not None else None
        if got is None:
            continue
        stored += 1
        wanted = own.analyse(raw).options
        assert [(score, s.kind.keys, s.reading, s.proclitics, s.enclitic, s.restored, s.definite) for score, s in got] == [
            (score, s.kind.keys, s.reading, s.proclitics, s.enclitic, s.restored, s.definite) for score, s in wanted
        ]
    assert stored > 100


def test_features_by_number_are_those_of_the_strings():
    model = load("fast")
    assert isinstance(model, FastModel)
    features = model._features
    by_class = features.of_classes("U"), features.of_classes("S")
    ready = 0
    for word in [*WORDS, "2024", "km", "NATO", "،", "%", "ـ", "", "اب3c", "١٢"]:
        own, near, _ = unary(word, model._lex)
        wanted = sorted(set(features.numbers([*own, *near])))
        for found in (features.of(word), model.found(word)):
            assert sorted([*found.rows, *by_class[0][found.use], *by_class[1][found.sense]]) == wanted, word
        ready += model._ready is not None and model._ready.get(word) is not None
    assert ready > 100


def test_names_in_runs_are_the_best_of_the_whole_sentence():
    rng = np.random.default_rng(5)
    n = len(NAME_LABELS)
    found = 0
    for trial in range(200):
        trans = rng.normal(0, 2, (n, n)).astype(np.float32)
        for a in NAME_LABELS:
            for b in NAME_LABELS:
                if b[0] == "I" and (a == "O" or a[2:] != b[2:]):
                    trans[NAME_LABELS.index(a), NAME_LABELS.index(b)] = -1e4
        sizes = rng.integers(0, 30, 5)
        em = rng.normal(0, 3, (int(sizes.sum()), n)).astype(np.float32)
        em[:, 0] += (trial % 5) * 4
        begin = np.concatenate([[0], np.cumsum(sizes)])
        runs = Runs(trans, NAME_LABELS)
        got = runs.best(em, begin)
        found += int((~runs._may(em)).sum())
        for a, b in pairwise(begin):
            if a < b:
                assert got[a:b].tolist() == viterbi(em[a:b], trans, np.zeros(n, np.float32))
    assert found > 1000


def test_search_key_is_the_search_level():
    for raw in [*WORDS, "ﻻ", "مسؤولة", "شيء", "۴", "abc"]:
        assert search_key(fold(raw)) == fold(raw, "search")


def test_recent_keeps_what_is_used():
    kept: Recent[int] = Recent(4)
    for i in range(100):
        kept.put(str(i), i)
        assert kept.get("0") == 0
        assert len(kept._new) + len(kept._old) <= 8
    assert kept.get("99") == 99
    assert kept.get("50") is None
