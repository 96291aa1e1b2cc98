"""What the actors room offers to later stages."""

from __future__ import annotations

import pytest

from musnad.actors import find
from musnad.language.chunks import noun_phrase
from musnad.record import problems
from tests.actors.support import analyse, entity_of, mention_of


def test_mention_at_gives_the_widest() -> None:
    analysis = analyse("قال متحدث باسم الجيش السوري إن الهدنة قائمة.")
    found = find.mention_at(analysis, analysis.token_at(analysis.text.index("الجيش")))
    assert found is not None
    assert found.text == "متحدث باسم الجيش السوري"
    assert find.mention_at(analysis, 0) is None
    assert find.mention_at(analysis, 10_000) is None


def test_mention_for_takes_what_is_there_and_makes_what_is_not() -> None:
    analysis = analyse("استنكرت اللجنة الأمر وأحرق الحريق مخازن الحبوب.")
    before = len(analysis.mentions)
    same = find.mention_for(analysis, 1, 2)
    assert same.text == "اللجنة"
    assert len(analysis.mentions) == before
    first = analysis.token_at(analysis.text.index("مخازن"))
    made = find.mention_for(analysis, first, first + 2)
    assert made.text == "مخازن الحبوب"
    assert len(analysis.mentions) == before + 1
    assert find.mention_at(analysis, first) is made
    assert [m.start for m in analysis.mentions] == sorted(m.start for m in analysis.mentions)
    assert not problems(analysis.record())


def test_mention_for_a_nationality_alone() -> None:
    analysis = analyse("قتل ثلاثة في غارة أميركية.")
    k = analysis.token_at(analysis.text.index("أميركية"))
    made = find.mention_for(analysis, k, k + 1)
    entity = entity_of(analysis, made)
    assert entity.country == "USA"


def test_a_scene_becomes_the_government_that_acts() -> None:
    analysis = analyse("وصل الوفد إلى بغداد.")
    mention = mention_of(analysis, "بغداد")
    assert mention.kind == "place"
    assert entity_of(analysis, mention).lat is not None
    acting = find.as_actor(analysis, mention)
    assert acting is mention
    assert (acting.kind, entity_of(analysis, acting).code) == ("state", "IRQ GOV")
    assert not problems(analysis.record())


def test_members_of_a_coordination_are_mentions_of_their_own() -> None:
    analysis = analyse("وقع العراق والولايات المتحدة الاتفاق.")
    found = find.mentions_in(analysis, 0, len(analysis.tokens))
    assert [entity_of(analysis, m).code for m in found] == ["IRQ GOV", "USA GOV"]
    assert found[1].text == "الولايات المتحدة"


def test_title_and_name() -> None:
    analysis = analyse("صرحت نائبة السكرتير الصحفي للبنتاغون، سابرينا سينغ، بذلك.")
    mention = mention_of(analysis, "سابرينا")
    assert mention.role is not None
    assert mention.role.text == "نائبة السكرتير الصحفي للبنتاغون"
    assert mention.head is not None
    assert analysis.text[mention.head.start : mention.head.end] == "سابرينا سينغ"


@pytest.mark.parametrize(("date", "holder"), [("2024-01-27", "السوداني"), ("2016-05-01", "العبادي"), (None, None)])
def test_an_office_is_its_holder_only_at_a_known_date(date: str | None, holder: str | None) -> None:
    analysis = analyse("استقبل رئيس الوزراء العراقي الوفد.", date)
    entity = entity_of(analysis, mention_of(analysis, "رئيس الوزراء"))
    assert entity.country == "IRQ"
    if holder is None:
        assert entity.actor is None
    else:
        assert entity.actor is not None
        assert holder in entity.name


def test_unknown_names_are_kept() -> None:
    analysis = analyse("قال وزير الزراعة التشادي إدريس كلمبا إن الموسم جيد.")
    entity = entity_of(analysis, mention_of(analysis, "إدريس"))
    assert (entity.actor, entity.country, entity.sector, entity.kind) == (None, "TCD", "GOV", "person")
    assert entity.name == "إدريس كلمبا"
    assert entity.name_en_from == "romanised"


def test_noun_phrase_ends_before_verbs_and_prepositions() -> None:
    analysis = analyse("القوات العراقية المشتركة في الأنبار تقدمت.")
    assert noun_phrase(analysis.tokens, 0, len(analysis.tokens)) == 3
    analysis = analyse("رئيس مجلس النواب العراقي أعلن ذلك.")
    assert noun_phrase(analysis.tokens, 0, len(analysis.tokens)) == 4
    assert noun_phrase(analysis.tokens, 0, 2) == 2
    assert noun_phrase(analysis.tokens, 5, 5) == 5


def test_long_input_stays_linear() -> None:
    analysis = analyse("نائب رئيس مجلس " * 3000)
    assert len(analysis.mentions) <= len(analysis.tokens)


@pytest.mark.parametrize("text", ["", "،،،", "«", "الـ", "محمد", "في في في", "123", "و", "السيد،", "المتحدث باسم", 'تنظيم "'])
def test_scraps_break_nothing(text: str) -> None:
    assert not problems(analyse(text).record())
