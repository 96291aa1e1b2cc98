"""The models of the events room: trees as flat arrays, which words name an event, who took part."""

from __future__ import annotations

import numpy as np
import pytest

from musnad import code
from musnad.api import shared_pipeline
from musnad.events.sides import ALL, Words, company, dateline, shipped
from musnad.events.sides import NAMES as SIDES
from musnad.events.trees import Trees
from musnad.events.triggers import NAMES as WORDS
from musnad.events.triggers import TYPES, Candidate, Rates, TriggerModel, rows
from musnad.reading.build import make_article


def _trees() -> Trees:
    # one tree per class: feature 0 <= 1.5 ? left : right
    data = {
        "features": ["a", "b"], "classes": 2, "depth": 1,
        "feature": np.array([0, 0, 0, 1, 0, 0], "<i2").tobytes(), "threshold": np.array([1.5, 0, 0, 0.5, 0, 0], "<f4").tobytes(),
        "left": np.array([1, 1, 2, 4, 4, 5], "<i4").tobytes(), "right": np.array([2, 1, 2, 5, 4, 5], "<i4").tobytes(),
        "value": np.array([0, 1.0, -1.0, 0, 2.0, -2.0], "<f4").tobytes(), "roots": np.array([0, 3], "<i4").tobytes(),
    }  # fmt: skip
    return Trees(data)


def test_trees_walk_to_their_leaves() -> None:
    rows = np.array([[1.5, 0.5], [2.0, 0.5], [1.0, 9.0]], np.float32)
    assert _trees().scores(rows).tolist() == [[1.0, 2.0], [-1.0, 2.0], [1.0, -2.0]]
    shares = _trees().shares(rows)
    assert np.allclose(shares.sum(1), 1)
    assert shares[2, 0] > 0.9


def test_an_article_does_not_depend_on_its_batch() -> None:
    model = shipped()
    assert model is not None
    assert 0 < model.limit < 1
    numbers = np.random.default_rng(7).integers(0, 3, (40, len(SIDES))).astype(np.float32)
    events = np.split(numbers, [3, 3, 20])
    keys = [[str(k % 7) for k in range(len(rows))] for rows in events]
    made = model.shares(events, keys)
    assert [m.shape for m in made] == [(len(rows), 3) for rows in events]
    assert all(np.allclose(m.sum(1), 1) for m in made)
    again = model.shares(events, keys)
    assert all(np.array_equal(x, y) for x, y in zip(made, again, strict=True))
    assert model.shares([events[1]], [[]])[0].shape == (0, 3)


def test_company_of_a_party() -> None:
    at = {name: k for k, name in enumerate(ALL)}
    rows = np.zeros((3, len(SIDES)), np.float32)
    # «الجيش والشرطة … مسلحين»: the second is joined to the first by و
    rows[:, at["distance"]], rows[:, at["length"]], rows[1, at["in_conjunction"]] = [1, 2, 5], 1, 1
    first = np.array([[0.1, 0.8, 0.1], [0.5, 0.4, 0.1], [0.2, 0.1, 0.7]], np.float32)
    later = np.array([[0.3, 0.6, 0.1]], np.float32)
    here, following = company([rows, rows[:1]], [first, later], [["army", "police", "gunmen"], ["army"]])
    army, police, gunmen = ({name: round(float(x), 2) for name, x in zip(ALL, row, strict=True)} for row in here)
    assert (army["actor_share"], army["other_actor"], army["actor_rank"]) == (0.8, 0.4, 0)
    assert (police["joined_actor"], army["joined_actor"], gunmen["joined_actor"]) == (0.8, 0.4, 0)
    assert (gunmen["recipient_rank"], gunmen["other_recipient"]) == (0, 0.1)
    assert (army["actor_next"], police["actor_next"]) == (0.6, -1)
    assert (round(float(following[0, at["actor_last"]]), 2), following[0, at["actor_next"]]) == (0.8, -1)


def test_words_speak_for_a_side() -> None:
    words = Words({"features": ["a", "b"], "weights": np.array([1, -1, 0.5, 2], "<f2").tobytes()})
    assert words.score(["a", "b", "unknown"]) == (1.5, 1.0)
    assert words.score([]) == (0, 0)


def test_shares_of_a_word_are_shares() -> None:
    model = TriggerModel.shipped()
    assert model is not None
    shares = model.shares(["1", "ft=ASSAULTV", "x=ASSAULT"])
    assert len(shares) == len(TYPES) + 1
    assert abs(sum(shares) - 1) < 1e-6
    at = 1 + TYPES.index("ASSAULT")
    assert shares[at] > model.shares(["1"])[at]
    assert np.array_equal(model.shares(["1", "a feature that no table has"]), model.shares(["1"]))


def test_rates_of_a_word() -> None:
    rates = Rates({"قصف": (95, {16: 80, 15: 5})})
    assert rates.of("قصف", 16) == pytest.approx((85.5 / 100, 50, 80.1 / 97))
    assert rates.of("قصف", 1) == pytest.approx((85.5 / 100, 50, 0.1 / 97))
    assert rates.of("غير معروف", 1) == pytest.approx((0.1, 0, 0.05))


def test_company_of_a_word() -> None:
    at = {name: k for k, name in enumerate(WORDS)}
    facts = [0.0] * (len(WORDS) - 21)
    words = [
        Candidate(k, k + 1, lemma, [], facts, frozenset(framed), set())
        for k, (lemma, framed) in enumerate([("قصف", ["ASSAULT"]), ("يوم", []), ("قصف", [])])
    ]
    shares = np.zeros((3, len(TYPES) + 1), np.float32)
    assault = 1 + TYPES.index("ASSAULT")
    shares[:, assault] = [0.75, 0.0, 0.25]
    shares[:, 0] = 1 - shares[:, assault]
    made, who = rows(words, shares, Rates({}))
    assert who == [(0, assault), (2, assault)]  # the one between names nothing
    first, last = made
    assert (first[at["share"]], first[at["type_framed"]], last[at["type_framed"]]) == (0.75, 1, 0)
    assert (first[at["near"]], first[at["before"]], last[at["told_before"]]) == (0.25, 0, 0.75)
    assert (first[at["lemma_most"]], last[at["lemma_most"]], last[at["type_before"]]) == (0.25, 0.75, 0.75)
    assert (first[at["repeated"]], first[at["words"]]) == (2, 3)
    assert rows([], shares[:0], Rates({}))[1] == []


_ARTICLE = """أعلنت وزارة الداخلية في بيان لها صباح الاثنين حصيلة حملتها في محافظة الرمال.
واعتقلت الشرطة سبعة مسلحين بعد اشتباكات استمرت ساعتين.
وقال المتحدث باسم الوزارة إن العملية لم تنته بعد.
ودعا رئيس الوزراء سالم الناجي الأحزاب إلى التهدئة، فيما نددت حركة الفجر بالاعتقالات."""


def test_an_article_keeps_what_happened() -> None:
    record = code(_ARTICLE, "2024-03-11")
    types = {e.type for e in record.events}
    assert {"COERCE", "REQUEST", "ACCUSE"} <= types
    arrest = next(e for e in record.events if e.type == "COERCE")
    by_id = {m.id: m for m in record.mentions}
    assert any("الشرطة" in by_id[i].text for i in arrest.actors)
    assert any("مسلحين" in by_id[i].text for i in arrest.recipients)
    asked = next(e for e in record.events if e.type == "REQUEST")
    assert any("سالم الناجي" in by_id[i].text for i in asked.actors)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("بغداد 12-2 (وكالة الرافدين) - عقد وفدان من العراق والأردن جولة ثانية من المحادثات.", "عقد"),
        ("عمان (و ر) – استقبل الملك رئيس الوزراء الماليزي.", "استقبل"),
        ("استقبل الملك (الخميس) - كما قيل - رئيس الوزراء.", None),
        ("قال الوزير إن الجيش انسحب.", None),
    ],
)
def test_where_a_dateline_ends(text: str, own: str | None) -> None:
    tokens = shared_pipeline().analyse(make_article(text)).tokens
    end = dateline(tokens)
    assert (tokens[end].text if end else None) == own


def test_the_town_of_a_dateline_takes_part_in_nothing() -> None:
    record = code(
        "بغداد 12-2 (وكالة الرافدين) - عقد وفدان عسكريان من العراق والولايات المتحدة، الأحد، جولة ثانية من المحادثات.", "2024-02-12"
    )
    talks = next(e for e in record.events if e.type == "CONSULT")
    sides = [m for m in record.mentions if m.id in talks.actors]
    assert sides
    assert all(m.start > 0 for m in sides)


def test_every_event_says_how_sure_the_model_was() -> None:
    record = code(_ARTICLE, "2024-03-11")
    assert record.events
    for event in record.events:
        assert event.confidence is not None
        assert any(rule.startswith("model=") for rule in event.rules)
        weighed = [r for r in event.rules if r.startswith(("actor=", "recipient="))]
        assert len(weighed) == len(event.actors) + len(event.recipients)
        assert all("weighed" in r for r in weighed)


def test_a_text_that_is_a_dateline() -> None:
    assert code("بغداد 12-2 (وكالة الرافدين) -", "2024-02-12").events == []


def test_what_happened_has_no_later_day() -> None:
    text = "قال مصدر حكومي إن بغداد طالبت بإنهاء المهمة قبل نهاية العام المقبل، فيما رفضت واشنطن. وعقد الوفدان الأحد جولة ثانية. وسيلتقي وزيرا الدفاع في البلدين يوم الجمعة المقبل."
    record = code(text, "2024-02-12")
    days = {t.id: t.begin for t in record.times}
    happened = [e for e in record.events if e.status == "occurred"]
    assert {"REQUEST", "REJECT"} <= {e.type for e in happened}
    assert all(e.time is None or (days[e.time] or "") <= "2024-02-12" for e in happened)
    assert any(days[e.time] == "2024-02-16" for e in record.events if e.time and e.status == "planned")
