"""Near-duplicates: what is a copy and what only a formula, and that a case filled bit by bit is clustered as one filled at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from musnad.casefile import schema
from musnad.casefile.copies import numbers, same_numbers, signature, triples, update
from musnad.casefile.store import Case, create

RELEASE = (
    "افتتح وزير الري اليمني سالم العمودي سد وادي الحمام في محافظة لحج بكلفة 18 مليون دولار، وقال إن بحيرته تتسع لنحو 4 ملايين متر "
    "مكعب وتكفي لري 2300 فدان من أراضي المزارعين في القرى المجاورة. وأوضح العمودي أن العمل استمر 26 شهرا وتوقف مرتين بسبب السيول "
    "التي جرفت الطريق المؤدي إلى الموقع، مشيرا إلى أن شركة محلية نفذت المشروع بإشراف مهندسين من جامعة عدن. وأضاف أن الوزارة "
    "ستبدأ قبل نهاية العام دراسة لسدين صغيرين في أعلى الوادي، وأن السكان سيشاركون في إدارة المياه عبر لجان منتخبة."
)
SHORTENED = (
    "عدن – وكالات: افتتح وزير الري اليمني سالم العمودي سد وادي الحمام في محافظة لحج بكلفة 18 مليون دولار، وقال إن بحيرته تتسع لنحو "
    "4 ملايين متر مكعب وتكفي لري 2300 فدان."
)
REWRITTEN = (
    "دشّن الوزير سالم العمودي سد وادي الحمام في محافظة لحج، وبلغت كلفته 18 مليون دولار. وذكر أن بحيرته تتسع لنحو 4 ملايين متر مكعب "
    "وتكفي لري 2300 فدان من أراضي المزارعين هناك. وبيّن العمودي أن العمل استمر 26 شهرا وتوقف مرتين بسبب السيول، لافتا إلى أن شركة "
    "محلية نفذت المشروع بإشراف مهندسين من جامعة عدن. وستبدأ الوزارة قبل نهاية العام دراسة لسدين صغيرين في أعلى الوادي، كما سيشارك "
    "السكان في إدارة المياه."
)
INDEPENDENT = (
    "احتفل أهالي قرى لحج بوصول المياه إلى حقولهم بعد افتتاح السد الجديد في وادي الحمام، ورقص الشبان على وقع الطبول عند الجسر. وقالت "
    "المزارعة نوال ثابت لمراسلنا إنها انتظرت هذا اليوم طويلا وإنها ستزرع السمسم والذرة. وحضر الوزير سالم العمودي الحفل وقص الشريط "
    "ثم غادر إلى عدن من غير أن يجيب عن أسئلة الصحافيين حول تعويض أصحاب البيوت التي غمرتها البحيرة."
)


def market(points: str, change: str, value: str, shares: str, rising: str, falling: str) -> str:
    """The day's report of an invented bourse: the same words every day."""
    return (
        f"أنهى مؤشر بورصة الساحل جلسته اليوم عند مستوى {points} نقطة بتغير نسبته {change} في المائة وبلغت قيمة التداول {value} مليون "
        f"درهم توزعت على {shares} ألف سهم وارتفعت أسهم {rising} شركة فيما تراجعت أسهم {falling} شركة واستقرت أسهم الشركات الأخرى عند "
        "أسعار إغلاقها السابقة وقاد قطاع المصارف حركة السوق يليه قطاع العقار ثم قطاع النقل بحسب بيانات إدارة البورصة"
    )


def weather(region: str, wind: str) -> str:
    """The day's weather: no numbers that differ, the formula says all but a place."""
    return (
        "تتوقع مصلحة الأرصاد في نشرتها اليومية أن يسود طقس حار نهارا معتدل ليلا على معظم المناطق مع فرصة لتكون السحب الركامية على "
        f"مرتفعات {region} بعد الظهر وتكون الرياح {wind} خفيفة إلى متوسطة السرعة تنشط أحيانا على السواحل المكشوفة فيما يكون البحر قليل "
        "الارتفاع وتنصح المصلحة مرتادي الطرق الصحراوية بتوخي الحذر من تدني مدى الرؤية"
    )


def fill(case: Case, documents: list[tuple[int, str | None, str]]) -> dict[int, int]:
    """Put documents (number, day, text) into the case and cluster: document -> representative."""
    with case.write() as connection:
        if connection.execute(select(schema.ingests)).first() is None:
            connection.execute(schema.ingests.insert().values(id=1, started_at="", sources=[], musnad=""))
        connection.execute(
            schema.documents.insert(),
            [
                {"id": i, "key": str(i), "text_sha": str(i), "text": text, "published_day": day, "extra": {},
                 "ingested_at": "", "ingest_id": 1}
                for i, day, text in documents
            ],
        )  # fmt: skip
        assert update(connection) == len(documents)
    return clusters(case)


def clusters(case: Case) -> dict[int, int]:
    with case.read() as connection:
        return {r.document_id: r.cluster for r in connection.execute(select(schema.copies))}


@pytest.mark.parametrize("copy", [RELEASE, SHORTENED, REWRITTEN, "الرياض (سانا): " + RELEASE])
def test_copies_are_one_cluster(case: Case, copy: str) -> None:
    assert fill(case, [(1, "2024-03-04", RELEASE), (2, "2024-03-05", copy)]) == {1: 1, 2: 1}


def test_spelling_marks_and_digits_make_no_difference(case: Case) -> None:
    other = RELEASE.replace("أ", "ا").replace("ة ", "ه ").replace("18", "١٨").replace("سد", "سَدّ")
    assert fill(case, [(1, "2024-03-04", RELEASE), (2, "2024-03-04", other)]) == {1: 1, 2: 1}


def test_two_reports_of_the_same_happening_are_no_copies(case: Case) -> None:
    assert fill(case, [(1, "2024-03-04", RELEASE), (2, "2024-03-04", INDEPENDENT)]) == {1: 1, 2: 2}


def test_a_daily_formula_with_other_numbers_is_no_copy(case: Case) -> None:
    first = market("4512", "0.8", "310", "4200", "21", "14")
    second = market("4476", "1.3", "275", "3900", "9", "27")
    # with nothing else in the case that would show it to be a formula
    assert fill(case, [(1, "2024-03-04", first), (2, "2024-03-05", second), (3, "2024-03-05", second)]) == {
        1: 1,
        2: 2,
        3: 2,
    }


def test_a_formula_that_returns_on_many_days_is_no_copy_of_the_day_before(case: Case) -> None:
    regions = ["الجبل", "الساحل", "الهضبة", "السهل", "الوادي", "الشرق", "الغرب", "الشمال", "الجنوب", "الوسط"]
    winds = ["شمالية", "غربية", "شرقية", "جنوبية"]
    days = [f"2024-03-{1 + 2 * n:02}" for n in range(10)]
    reports = [(n + 1, day, weather(regions[n], winds[n % 4])) for n, day in enumerate(days)]
    found = fill(case, [*reports, (11, days[4], reports[4][2]), (12, days[4], RELEASE)])
    assert {found[n] for n in range(1, 11)} == set(range(1, 11)), "each day's report stands alone"
    assert found[11] == 5, "the same day's report in another paper is a copy"


@pytest.mark.parametrize(
    ("day", "copied"),
    [("2024-03-09", True), ("2024-03-11", True), ("2024-03-12", False), ("2025-03-04", False)],
)
def test_more_than_a_week_apart_is_no_copy(case: Case, day: str, copied: bool) -> None:
    assert fill(case, [(1, "2024-03-04", RELEASE), (2, day, RELEASE)])[2] == (1 if copied else 2)


def test_undated_documents_are_compared_with_all(case: Case) -> None:
    assert fill(
        case,
        [
            (1, None, RELEASE),
            (2, "2024-03-04", RELEASE),
            (3, "2025-01-01", INDEPENDENT),
            (4, None, SHORTENED),
        ],
    ) == {
        1: 2,
        2: 2,
        3: 3,
        4: 2,
    }


def test_the_representative_is_the_earliest_whenever_it_came(case: Case) -> None:
    assert fill(case, [(1, "2024-03-06", RELEASE), (2, "2024-03-05", SHORTENED)]) == {1: 2, 2: 2}
    assert fill(case, [(3, "2024-03-04", REWRITTEN)]) == {1: 3, 2: 3, 3: 3}
    with case.read() as connection:
        likeness = {r.document_id: r.similarity for r in connection.execute(select(schema.copies))}
    assert likeness[3] == 1.0
    assert 0.35 <= likeness[1] <= 1.0


def test_one_text_of_two_stories_does_not_join_them(case: Case) -> None:
    two = [
        (1, "2024-03-04", RELEASE), (2, "2024-03-04", RELEASE), (3, "2024-03-04", INDEPENDENT), (4, "2024-03-04", INDEPENDENT),
        (5, "2024-03-04", RELEASE + "\n\n" + INDEPENDENT),
    ]  # fmt: skip
    found = fill(case, two)
    assert found[1] == found[2] != found[3] == found[4]


def test_bit_by_bit_is_as_all_at_once(case: Case, tmp_path: Path) -> None:
    documents: list[tuple[int, str | None, str]] = [
        (n, f"2024-03-{n:02}", weather(region, "شمالية"))
        for n, region in enumerate(["الجبل", "الساحل", "الهضبة", "السهل", "الوادي", "الشرق", "الغرب", "الشمال"], 1)
    ]
    documents += [
        (9, "2024-03-08", RELEASE),
        (10, "2024-03-05", SHORTENED),
        (11, None, REWRITTEN),
        (12, "2024-03-04", INDEPENDENT),
    ]
    documents += [(12 + n, f"2024-03-{20 + n}", weather(r, "غربية")) for n, r in enumerate(["الجبل", "السهل", "الغرب"], 1)]
    for at in range(0, len(documents), 4):
        found = fill(case, documents[at : at + 4])
    with case.write() as connection:
        assert update(connection) == 0
    at_once = create(tmp_path / "once.musnad")
    assert fill(at_once, documents) == found == clusters(case)
    at_once.close()


def test_signatures_of_another_kind_are_made_anew(case: Case) -> None:
    fill(case, [(1, "2024-03-04", RELEASE), (2, "2024-03-05", RELEASE)])
    with case.write() as connection:
        connection.execute(schema.signatures.update().values(data=b"\0" * 1024))
        assert update(connection) == 2
        assert {r.data for r in connection.execute(select(schema.signatures))} == {signature(RELEASE)}
    assert clusters(case) == {1: 1, 2: 1}


@pytest.mark.parametrize("text", ["", "خبر", "خبر عاجل", "…", "123"])
def test_texts_of_hardly_a_word(case: Case, text: str) -> None:
    assert set(fill(case, [(1, "2024-03-04", text), (2, "2024-03-04", RELEASE)]).values()) == {1, 2}


def test_numbers_are_the_same_in_every_writing() -> None:
    assert numbers("بلغت ٣٢٫٥ و 32.190.385 و32,190,385 ريالا") == {"325", "32190385"}
    assert same_numbers(frozenset("12"), frozenset("34")), "too few to tell"
    assert not same_numbers(frozenset("1234"), frozenset("5678"))
    assert same_numbers(frozenset("1234"), frozenset("12567890"))


def test_a_long_text_is_no_trouble() -> None:
    text = " ".join(f"كلمة{n % 5000}" for n in range(200_000))
    assert len(signature(text)) <= 2 + 4 * 5000
    assert triples("ذهبَ الولدُ إلى المدرسةِ") == ["ذهب الولد الي", "الولد الي المدرسه"]
