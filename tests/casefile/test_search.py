"""Search finds every spelling of a word, in text, titles, names and quotes, and shows hits in the original spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from musnad.casefile import queries
from musnad.casefile.fulltext import aligned, kept, stems
from musnad.casefile.ingest import ingest, record_of, write_analysis
from musnad.casefile.linking import EntityLinker
from musnad.casefile.narrowing import condition, facets
from musnad.casefile.queries import Filters
from musnad.casefile.search import highlights, search
from musnad.casefile.store import Case, create, now
from musnad.reading.files import read

DOCUMENTS = {
    "iraq": "أعلنت الحكومة العراقية أن العراق سيستضيف المؤتمر الإقليمي في نيسان المقبل.",
    "clitics": "التقى الرئيس الوفد وأبلغه أن للعراق وسوريا مصلحة مشتركة في الأمن.",
    "america": "وصلت القوات الأمريكية إلى القاعدة الجوية فجراً.",
    "amerika": "غادر السفير الأميركي العاصمة متوجهاً إلى عمّان.",
    "tashkeel": "شَدَّدَ المُتَحَدِّثُ عَلَى ضَرُورَةِ إِنْهَاءِ الأَزْمَةِ.",
    "hamza": "قال مسؤول كبير إن هيئة الإغاثة أرسلت مساعدات إلى القرى المتضررة.",
    "digits": "قتل ١٧ جنديا في هجوم قرب الموصل عام ٢٠١٦.",
    "plain": "قتل 17 شرطيا في انفجار وسط كابول.",
    "quote": "قال الوزير محمود صالح «لن نقبل بأي شروط مسبقة» خلال مؤتمر صحافي.",
    "yaa": "دخل مصطفى علي إلى مستشفى الكندي لإجراء عملية.",
    "taa": "عقدت قمة طارئة في القاهرة بمشاركة جامعة الدول العربية.",
}  # fmt: skip
CASES = [
    ("العراق", {"iraq", "clitics"}), ("عراق", {"iraq", "clitics"}), ("والعراق", {"iraq", "clitics"}), ("للعراق", {"iraq", "clitics"}),
    ("بالعراق", {"iraq", "clitics"}), ("الأمريكية", {"america"}), ("الأميركية", {"america"}), ("امريكيه", {"america", "amerika"}), ("اميركية", {"america"}),
    ("أمريكي", {"amerika"}), ("الأميركي", {"amerika"}), ("شدد", {"tashkeel"}), ("شدّد", {"tashkeel"}), ("المتحدث", {"tashkeel"}),
    ("الأزمة", {"tashkeel"}), ("الازمه", {"tashkeel"}), ("أزمة", {"tashkeel"}), ("إنهاء", {"tashkeel"}), ("انهاء", {"tashkeel"}),
    ("مسؤول", {"hamza"}), ("مسئول", {"hamza"}), ("هيئة", {"hamza"}), ("هيئه", {"hamza"}), ("الهيئة", {"hamza"}), ("الاغاثة", {"hamza"}),
    ("إغاثة", {"hamza"}), ("اغاثه", {"hamza"}), ("17", {"digits", "plain"}), ("١٧", {"digits", "plain"}), ("2016", {"digits"}),
    ("٢٠١٦", {"digits"}), ("الموصل", {"digits"}), ("موصل", {"digits"}), ("كابول", {"plain"}), ("مصطفى", {"yaa"}), ("مصطفي", {"yaa"}),
    ("مستشفى", {"yaa"}), ("المستشفي", {"yaa"}), ("علي", {"tashkeel", "yaa"}), ("على", {"tashkeel", "yaa"}), ("قمة", {"taa"}), ("القمه", {"taa"}),
    ("القاهرة", {"taa"}), ("القاهره", {"taa"}), ("بالقاهرة", {"taa"}), ("عمان", {"amerika"}), ("عمّان", {"amerika"}), ("وعمان", {"amerika"}),
    ('"الدول العربية"', {"taa"}), ('"العربية الدول"', set()), ("الدول القاهرة", {"taa"}), ("الدول كابول", set()),
    ("17 -كابول", {"digits"}), ("quote:شروط", {"quote"}), ("quote:محمود", set()), ("name:محمود", {"quote"}), ("name:شروط", set()),
    ("title:quote", {"quote"}), ("title:كابول", set()), ("سوريا", {"clitics"}), ("وسوريا", {"clitics"}), ("القوات", {"america"}),
    ("قوات", {"america"}), ("والقوات", {"america"}), ("!!!", set()), ('"', set()), ("name:", set()), ("AND OR NOT", set()),
    ("نيسان", {"iraq"}), ("الوزير صالح", {"quote"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder: Path = tmp_path_factory.mktemp("search")
    path = folder / "a.jsonl"
    path.write_text("\n".join(json.dumps({"text": t, "title": k}) for k, t in DOCUMENTS.items()), encoding="utf-8")
    case = create(folder / "a.musnad")
    ingest(case, read([str(path)]), [])
    yield case
    case.close()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("query", "wanted"), CASES, ids=[c[0] for c in CASES])
def test_query(library: Case, query: str, wanted: set[str]) -> None:
    names = list(DOCUMENTS)
    with library.read() as connection:
        hits = search(connection, query)
    assert {names[h.document_id - 1] for h in hits} == wanted


def test_hits_are_shown_in_the_spelling_of_the_text(library: Case) -> None:
    with library.read() as connection:
        (hit,) = search(connection, "الازمه")
        (phrase,) = search(connection, "امريكيه قاعدة")
    assert [DOCUMENTS["tashkeel"][s:e] for s, e in hit.spans] == ["الأَزْمَةِ"]
    assert [DOCUMENTS["america"][s:e] for s, e in phrase.spans] == ["الأمريكية", "القاعدة"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ('الدول -"مؤتمر صحافي"', {"taa"}), ('قال -"مؤتمر صحافي"', {"hamza"}), ("17 -title:plain", {"digits"}), ("17 -text:كابول", {"digits"}),
        ('"الوزير محمود صالح"', {"quote"}), ('"للوزير محمود صالح"', {"quote"}), ('"قمه طارئه"', {"taa"}), ('"القاهرة بمشاركة"', {"taa"}),
    ],
)  # fmt: skip
def test_phrases_and_what_is_excluded(library: Case, query: str, wanted: set[str]) -> None:
    names = list(DOCUMENTS)
    with library.read() as connection:
        assert {names[h.document_id - 1] for h in search(connection, query)} == wanted


def test_a_phrase_is_shown_only_where_its_words_stand_together() -> None:
    body = "الدول قالت إن الدول العربية باقية"
    assert [body[s:e] for s, e in highlights(body, '"الدول العربية"')] == ["الدول", "العربية"]
    assert [s for s, _ in highlights(body, '"الدول العربية"')] == [14, 20]
    assert len(highlights(body, "الدول العربية")) == 3


def test_hits_are_shown_without_the_words_of_the_full_text_too(library: Case) -> None:
    with library.read() as connection:
        for query, _ in CASES:
            for hit in search(connection, query):
                body = list(DOCUMENTS.values())[hit.document_id - 1]
                loose = highlights(body, query)
                assert set(hit.spans) <= set(loose), query


def test_words_of_the_full_text_fit_their_article(library: Case) -> None:
    with library.read() as connection:
        for number, lines in kept(connection, list(range(1, len(DOCUMENTS) + 1))).items():
            body = list(DOCUMENTS.values())[number - 1]
            assert aligned(body, lines.text) == stems(body)
            assert aligned(body + " زيادة", lines.text) is None


def test_a_clitic_around_a_name_makes_no_difference(library: Case) -> None:
    with library.read() as connection:
        lines = kept(connection, [1])[1]
    assert "عراق" in lines.names.split()
    assert "والعراق" not in lines.names


def test_no_phrase_reaches_from_one_name_into_the_next(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "زار القاهرة ثم دمشق ثم بغداد وفد."}), encoding="utf-8")
    ingest(case, read([str(path)]), [])
    with case.read() as connection:
        assert search(connection, "name:القاهرة name:دمشق")
        assert search(connection, 'name:"القاهرة دمشق"') == []


def test_an_article_coded_again_is_found_by_its_new_names(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "قال الوزير محمود صالح «لن نقبل بأي شروط مسبقة» خلال مؤتمر صحافي."}), encoding="utf-8")
    ingest(case, read([str(path)]), [])
    with case.read() as connection:
        assert search(connection, "name:صالح")
        assert search(connection, "quote:شروط")
        record = record_of(connection, 1)
    record.mentions.clear()
    record.entities.clear()
    record.statements.clear()
    with case.write() as connection:
        write_analysis(connection, msgspec.structs.replace(record, musnad="99.0"), 1, now(), EntityLinker())
        assert search(connection, "name:صالح") == []
        assert search(connection, "quote:شروط") == []
        assert [h.document_id for h in search(connection, "صالح")] == [1]
        connection.execute(text("INSERT INTO search (search) VALUES ('integrity-check')"))


def test_an_article_from_before_the_words_were_kept_is_not_put_in_twice(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "قال الوزير محمود صالح «لن نقبل بأي شروط مسبقة» خلال مؤتمر صحافي."}), encoding="utf-8")
    ingest(case, read([str(path)]), [])
    with case.write() as connection:
        connection.execute(text("DELETE FROM search_lines"))
        record = record_of(connection, 1)
        write_analysis(connection, msgspec.structs.replace(record, musnad="99.0"), 1, now(), EntityLinker())
        assert connection.execute(text("SELECT count(*) FROM search")).scalar() == 1
        assert [h.document_id for h in search(connection, "صالح")] == [1]


def test_a_search_is_narrowed_and_counted(examples: Case) -> None:
    with examples.read() as connection:
        every = {h.document_id for h in search(connection, "قال", 100)}
        assert len(every) > 2
        counted = facets(connection, "قال", *condition(connection, Filters()))
        by_outlet = {r["value"]: r["articles"] for r in counted if r["facet"] == "outlet"}
        assert sum(by_outlet.values()) == len(every)
        for outlet, number in by_outlet.items():
            where, given = condition(connection, Filters(outlet=outlet))
            assert len(search(connection, "قال", 100, where=where, parameters=given)) == number
        for filters in (
            Filters(types=("ASSAULT",)), Filters(types=("deny", "confirm")), Filters(status=("planned",)), Filters(actor="IRQ"),
            Filters(since="2024-01-01", until="2024-12-31"),
        ):  # fmt: skip
            where, given = condition(connection, filters)
            hits = {h.document_id for h in search(connection, "قال", 100, where=where, parameters=given)}
            assert hits <= every
            wanted = {
                r["document_id"]
                for kind in (queries.events, queries.statements, queries.commitments, queries.figures)
                for r in kind(connection, filters)
                if not (filters.status and kind in (queries.statements, queries.figures))
            } if filters.types or filters.status else every  # fmt: skip
            if filters.types or filters.status:
                assert hits == every & wanted
        where, given = condition(connection, Filters(actor="nobody of that name"))
        assert search(connection, "قال", where=where, parameters=given) == []
        where, given = condition(connection, Filters(as_of="2000-01-01"))
        assert search(connection, "قال", where=where, parameters=given) == []
