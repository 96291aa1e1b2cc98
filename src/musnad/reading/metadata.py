"""Outlet and date that the text itself gives: source lines, datelines, agency tags."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple


class Metadata(NamedTuple):
    """What a text says about its own publication; ``body`` is where the article proper begins (code points)."""

    outlet: str | None
    published: str | None
    body: int


#: only so much of the start and end is looked at
_HEAD, _TAIL = 400, 300
_MARKS = "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_SOURCE = re.compile(
    rf"^[ \t{_MARKS}]*(?:\*\s*)?(?:المصدر|مصدر الخبر|نقلا عن|نقلاً عن)\s*[:：\-–]\s*(?P<outlet>[^\n\r|]{{2,60}}?)[ \t{_MARKS}.]*$",
    re.MULTILINE,
)
# «بغداد 27-1 (أ ف ب) -», «لندن - رويترز:», «القاهرة (د ب أ) –», «واشنطن، 3 أيار/مايو (رويترز) -»
_NAME = r"[^\W\d_][^\n\r()\-–—:،/\d]{1,38}"
_TAGS = {
    "ا ف ب": "أ ف ب", "اف ب": "أ ف ب", "افب": "أ ف ب", "فرانس برس": "وكالة فرانس برس", "وكاله فرانس برس": "وكالة فرانس برس",
    "رويترز": "رويترز", "د ب ا": "د ب أ", "ا ب": "أ ب", "اسوشيتد برس": "أسوشيتد برس", "واس": "واس", "وام": "وام",
    "كونا": "كونا", "بنا": "بنا", "قنا": "قنا", "وات": "وات", "واع": "واع", "واج": "واج", "سانا": "سانا", "سبا": "سبأ",
    "بترا": "بترا", "وفا": "وفا", "معا": "معا", "ارنا": "إرنا", "الاناضول": "الأناضول", "وكاله الاناضول": "وكالة الأناضول",
    "شينخوا": "شينخوا", "سبوتنيك": "سبوتنيك", "تاس": "تاس", "انترفاكس": "إنترفاكس",
    "ا ش ا": "أ ش أ", "ومع": "ومع", "اونا": "أونا", "يونا": "يونا", "عمون": "عمون", "يو بي اي": "يو بي آي", "ي ب ا": "ي ب أ",
    "سي ان ان": "سي إن إن", "بي بي سي": "بي بي سي", "الجزيره": "الجزيرة", "العربيه": "العربية", "ا ن ا": "أ ن أ",
}  # fmt: skip
_DATELINE = re.compile(
    rf"^[\s{_MARKS}]*(?P<city>{_NAME}?)\s*[،,]?\s*"
    r"(?P<date>\d{1,2}\s*[-/]\s*\d{1,2}(?:\s*[-/]\s*\d{4})?|\d{1,2}\s+[^\W\d_]+(?:\s?/\s?[^\W\d_]+)?(?:\s+\d{4})?)?"
    rf"\s*(?:\((?P<tag>[^()\n]{{2,40}})\)\s*(?:[-–—:]|\.\.|…)?|[-–—/ـ]\s*(?P<agency>{_NAME}?)\s*(?P<colon>[:–—/ـ-]|\.\.))"
)
_FULL_DATE = re.compile(r"(\d{1,2})\s*[-/]\s*(\d{1,2})\s*[-/]\s*(\d{4})")
_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": "", ".": " "})


def find_metadata(text: str) -> Metadata:
    """Outlet and full date that the article states about itself.

    A date without a year («بغداد 27-1») gives none: the year would be a guess.
    """
    outlet, published, body = None, None, 0
    head = text[:_HEAD]
    source = _SOURCE.search(head) or _SOURCE.search(text, max(0, len(text) - _TAIL))
    if source:
        outlet = _clean(source["outlet"])
        if outlet.translate(_FOLD) in ("وكالات", "الوكالات", "متابعات"):
            outlet = None  # «agencies» names nobody
        if source.start() == 0 or not text[: source.start()].strip():
            body = source.end()
    line = _DATELINE.match(text[body : body + _HEAD])
    if line:
        name = agency_of(line["tag"] or line["agency"] or "")
        if name is not None:
            outlet = outlet or name
            published = _full_date(line["date"] or "")
            body += line.end()
    return Metadata(outlet or None, published, body)


def agency_of(tag: str) -> str | None:
    """The agency behind a tag such as «أ.ف.ب» or «لندن/رويترز», or None where it names none."""
    for part in re.split(r"[/،,–—-]", tag):
        plain = re.sub(r"\s+", " ", part.translate(_FOLD)).strip()
        if plain in _TAGS:
            return _TAGS[plain]
    return None


def _clean(name: str) -> str:
    return re.sub(rf"[{_MARKS}]", "", name).strip(" \t.:؛،*")


def _full_date(words: str) -> str | None:
    found = _FULL_DATE.search(words.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")))
    if not found:
        return None
    day, month, year = map(int, found.groups())
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
