"""Search finds every spelling of a word, in text, titles, names and quotes, and shows hits in the original spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from musnad.casefile.ingest import ingest
from musnad.casefile.search import search
from musnad.casefile.store import Case, create
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
