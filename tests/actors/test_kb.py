"""The knowledge base as compiled and loaded."""

from __future__ import annotations

import time

import pytest

from musnad import lexicon
from musnad.actors import kb
from musnad.actors.morphology import adjective_forms, construct_forms, head_forms, skeleton
from musnad.actors.romanise import romanise
from musnad.language.letters import fold


def test_it_is_large_and_loads_fast() -> None:
    base = kb.load()
    assert len(base.actors) >= 2000
    raw = lexicon.load("actors", "kb")

    def seconds() -> float:
        start = time.process_time()
        kb.Base(raw)
        return time.process_time() - start

    # a busy machine slows single runs; the quickest tells what loading takes
    assert min(seconds() for _ in range(3)) < 0.15


def test_ids_are_unique_and_kinds_known() -> None:
    base = kb.load()
    assert len({a.id for a in base.actors}) == len(base.actors)
    assert {a.kind for a in base.actors} <= {"person", "organisation", "armed_group", "state", "place", "facility", "outlet", "group"}


@pytest.mark.parametrize(
    ("name", "found"), [("حماس", "hamas"), ("حركة حماس", "hamas"), ("حزب العمال الكردستاني", "pkk"), ("الجيش التركي", "tur-army")]
)
def test_names_lead_to_their_entry(name: str, found: str) -> None:
    assert found in [a.id for a, _ in kb.load().lookup(name)]


def test_validity_compares_on_the_precision_given() -> None:
    actor = kb.load().actors[0]._replace(begin="2014-06", end="2017")
    assert actor.valid("2014-06-29")
    assert actor.valid("2017-12-31")
    assert not actor.valid("2014-05-31")
    assert not actor.valid("2018-01-01")
    assert actor.valid(None)


def test_forms_of_nouns_and_adjectives() -> None:
    assert fold("الأميركيين", "search")[2:] in adjective_forms("أميركي")
    assert {"متظاهرين", "متظاهرو", "متظاهري"} <= set(head_forms("متظاهرون"))
    assert head_forms("مدون") == ["مدون", "مدونا"]
    assert construct_forms("زائرون") == ["زايرو", "زايري"]
    assert skeleton("جنود") == skeleton("جندي")
    assert skeleton("قوات") != skeleton("قوه")


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [("محمد علي", "Mohammed Ali"), ("عبد الله", "Abd Allah"), ("سابرينا", "Sabrina"), ("الحسن", "al-Hassan"), ("CNN", "CNN")],
)
def test_romanised_names(arabic: str, latin: str) -> None:
    assert romanise(arabic).casefold() == latin.casefold()
