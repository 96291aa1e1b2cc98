"""Outlet and date that the text itself gives."""

from __future__ import annotations

import pytest

from musnad.reading.build import ReadingError, iso_date, make_article
from musnad.reading.metadata import find_metadata

CASES = [
    ("المصدر: Malay Mail\nعقد العراق جولة", "Malay Mail", None),
    ("المصدر : جريدة النهار الجديدة\nعقد العراق جولة", "جريدة النهار الجديدة", None),
    ("التقى الوزير نظيره.\nالمصدر: شبكة الفرات", "شبكة الفرات", None),
    ("بغداد 27-1 (أ ف ب) - أعلنت الحكومة", "أ ف ب", None),
    ("بغداد (أ.ف.ب) - أعلنت الحكومة", "أ ف ب", None),
    ("بغداد 27-1-2024 (أ ف ب) - أعلنت الحكومة", "أ ف ب", "2024-01-27"),
    ("عمان ٣/٢/٢٠١٦ (بترا) - أعلنت الحكومة", "بترا", "2016-02-03"),
    ("لندن - رويترز: أعلنت الحكومة", "رويترز", None),
    ("القاهرة (د ب أ) – أعلنت الحكومة", "د ب أ", None),
    ("واشنطن، 3 أيار/مايو (رويترز) - أعلنت الحكومة", "رويترز", None),
    ("دمشق / الأناضول / أعلنت الحكومة", "الأناضول", None),
    ("المصدر: وكالات\nأعلنت الحكومة", None, None),
    ("أعلنت الحكومة أن المصدر: مجهول تماما حتى الآن وهذا سطر طويل لا يسمي أحدا بعينه من الناس", None, None),
    ("قال الرئيس (زعيم الحزب) - أمس", None, None),
    ("بغداد 45-13-2024 (أ ف ب) - أعلنت الحكومة", "أ ف ب", None),
    ("أعلنت الحكومة العراقية أمس", None, None),
]


@pytest.mark.parametrize(("text", "outlet", "published"), CASES, ids=[c[0][:24] for c in CASES])
def test_found_in_the_text(text: str, outlet: str | None, published: str | None) -> None:
    found = find_metadata(text)
    assert (found.outlet, found.published) == (outlet, published)


def test_what_is_given_goes_before_what_is_found() -> None:
    article = make_article("بغداد 27-1-2024 (أ ف ب) - أعلنت", published="2024-02-01", outlet="السفير")
    assert (article.outlet, article.published, article.published_from) == ("السفير", "2024-02-01", "given")


def test_published_from_says_dateline() -> None:
    article = make_article("بغداد 27-1-2024 (أ ف ب) - أعلنت")
    assert (article.published, article.published_from) == ("2024-01-27", "dateline")


def test_no_date_is_no_date() -> None:
    article = make_article("أعلنت الحكومة أمس")
    assert (article.published, article.published_from) == (None, None)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("2024-01-27", "2024-01-27"),
        (" 2015-07-21 02:51:33 ", "2015-07-21T02:51:33"),
        ("2017-01-20T21:43:00+01:00", "2017-01-20T21:43:00+01:00"),
        ("2017-01-20T21:43:00Z", "2017-01-20T21:43:00+00:00"),
        ("17/05/2015", "2015-05-17"),
    ],
)
def test_dates_become_iso(given: str, made: str) -> None:
    assert iso_date(given) == made


@pytest.mark.parametrize("bad", ["", "yesterday", "2024-13-01", "32/01/2024", "27-1-2024", "2024"])
def test_what_is_no_date_is_refused(bad: str) -> None:
    with pytest.raises(ReadingError, match="is not a date"):
        iso_date(bad)


def test_half_a_pair_of_utf16_is_no_character() -> None:
    assert make_article("قال \ud83d الوزير").text == "قال \ufffd الوزير"
