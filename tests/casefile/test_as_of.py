"""What a case knew at the end of a day: no answer, count or group holds anything that came later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from musnad.casefile import queries, schema
from musnad.casefile.derive import derive
from musnad.casefile.description import Description
from musnad.casefile.dossier import markdown, sections
from musnad.casefile.ingest import ingest
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case
from musnad.reading.build import make_article

EARLY = [
    ("2024-03-04", "صحيفة أ", "قصفت القوات التركية أمس مواقع لحزب العمال الكردستاني في دهوك، وقتل 7 مسلحين."),
    ("2024-03-04", "صحيفة ب",
     "قالت وزارة الدفاع في أنقرة إن عملية جديدة بدأت. وقصفت القوات التركية يوم الأحد مقرات حزب العمال الكردستاني في محافظة دهوك شمالي العراق، "
     "فيما نزح سكان ثلاث قرى قريبة."),
    ("2024-03-04", "صحيفة د", "أعلن رئيس الوزراء العراقي محمد شياع السوداني أن التحالف الدولي سينسحب من العراق قبل نهاية العام الحالي."),
]  # fmt: skip
LATE = [
    ("2024-03-05", "صحيفة ج",
     "نقل مراسلنا عن شهود في دهوك تفاصيل الغارة. وقصفت القوات التركية حزب العمال الكردستاني في دهوك يوم الأحد، وقتل 9 مسلحين بحسب مصدر أمني."),
    ("2024-03-05", "صحيفة ه",
     "في مؤتمر صحافي عقد في بغداد، أعلن رئيس الوزراء العراقي محمد شياع السوداني أن التحالف الدولي سينسحب من العراق قبل نهاية العام المقبل."),
]  # fmt: skip


def add(case: Case, articles: list[tuple[str, str, str]], at: str) -> None:
    """Ingest articles as if at an instant."""
    before = _most(case)
    ingest(case, [make_article(words, published=day, outlet=outlet) for day, outlet, words in articles], [])
    with case.write() as connection:
        connection.execute(text("UPDATE documents SET ingested_at = :at WHERE id > :n"), {"at": at, "n": before})
        connection.execute(text("UPDATE analyses SET coded_at = :at WHERE document_id > :n"), {"at": at, "n": before})
    derive(case)


def _most(case: Case) -> int:
    with case.read() as connection:
        return int(connection.execute(text("SELECT coalesce(max(id), 0) FROM documents")).scalar_one())


@pytest.fixture
def two_days(case: Case) -> Case:
    add(case, EARLY, "2024-03-04T20:00:00.000000+00:00")
    add(case, LATE, "2024-03-06T08:00:00.000000+00:00")
    return case


def ask(case: Case, kind: str, as_of: str | None, **filters: Any) -> list[dict[str, Any]]:
    with case.read() as connection:
        found: list[dict[str, Any]] = getattr(queries, kind)(connection, Filters(as_of=as_of, **filters))
        return found


def test_an_event_had_two_sources_before_it_had_three(two_days: Case) -> None:
    now = [g for g in ask(two_days, "timeline", None, types=("ASSAULT",)) if g["mentions"] > 1]
    then = [g for g in ask(two_days, "timeline", "2024-03-04", types=("ASSAULT",)) if g["mentions"] > 1]
    assert [g["sources"] for g in now] == [3]
    assert [g["sources"] for g in then] == [2]
    assert {t["outlet"] for t in then[0]["tellings"]} == {"صحيفة أ", "صحيفة ب"}
    assert ask(two_days, "timeline", "2024-03-03") == []


def test_a_deadline_had_not_moved_yet(two_days: Case) -> None:
    steps = [r["step"] for r in ask(two_days, "commitments", None, types=("withdrawal",))]
    assert steps == ["announced", "moved"]
    then = ask(two_days, "commitments", "2024-03-05", types=("withdrawal",))
    assert [r["step"] for r in then] == ["announced"]
    with two_days.read() as connection:
        (thread,) = [t for t in queries.threads(connection, Filters(as_of="2024-03-05")).values() if t["kind"] == "withdrawal"]
        (today,) = [t for t in queries.threads(connection).values() if t["kind"] == "withdrawal"]
    assert (thread["deadline"], thread["slips"]) == ("2024-12-31", 0)
    assert (today["deadline"], today["slips"]) == ("2025-12-31", 1)


def test_series_and_figures_of_the_day(two_days: Case) -> None:
    assert {r["value"] for r in ask(two_days, "figures", "2024-03-05", types=("killed",))} == {7}
    values = [p["value"] for s in ask(two_days, "series", "2024-03-05", types=("killed",)) for p in s["points"]]
    assert 9 not in values
    assert {r["value"] for r in ask(two_days, "figures", None, types=("killed",))} == {7, 9}


def test_keywords_are_told_in_the_dossier(two_days: Case) -> None:
    about = Description(name="x", keywords=["زنجبيل", "«»"])
    with two_days.read() as connection:
        days = [r.published_day for r in connection.execute(select(schema.documents.c.published_day))]
        word = next(w for w in connection.execute(select(schema.documents.c.text)).scalars().first().split() if len(w) > 4 and w.isalpha())
        parts = {s.name: s for s in sections(connection, about, Filters())}
        assert parts["Words to watch"].tables[0][2] == [["زنجبيل", "0", ""]]
        found = sections(connection, Description(name="x", keywords=[word]), Filters())
        ((_, columns, ((told, n, over),)),) = next(s for s in found if s.name == "Words to watch").tables
        assert columns == ["words", "articles", "from – to"]
        assert told == word
        assert 1 <= int(n) <= len(days)
        assert over.split(" – ")[0] in days
        none = sections(connection, Description(name="x", keywords=[word]), Filters(outlet="nobody"), "ar")
        assert next(s for s in none if s.name == "كلمات للمتابعة").tables[0][2] == [[word, "0", ""]]
        assert "Words to watch" not in {s.name for s in sections(connection, Description(name="x"), Filters())}


def test_the_dossier_of_the_day(two_days: Case, tmp_path: Path) -> None:
    about = Description(name="قضية")
    with two_days.read() as connection:
        then = markdown(about, sections(connection, about, Filters(as_of="2024-03-05")), as_of="2024-03-05")
        today = markdown(about, sections(connection, about, Filters()))
    assert "صحيفة ج" not in then
    assert "صحيفة أ" in then
    assert "صحيفة ج" in today


def test_today_is_as_of_today(two_days: Case) -> None:
    for kind in ("timeline", "series", "figures", "commitments", "statements", "actors"):
        then, today = ask(two_days, kind, "2999-01-01"), ask(two_days, kind, None)
        for row in (*then, *today):
            # events carry no group of their own where a day is asked for
            for telling in row.get("tellings", ()):
                telling.pop("group_id")
        assert then == today, kind
