"""From decoded text and what is known of it to an :class:`~musnad.article.Article`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from musnad.article import Article, PublishedFrom, article_id
from musnad.reading.metadata import find_metadata

#: an article longer than this is no article; the limit keeps memory bounded
MAX_CHARACTERS = 2_000_000
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u0671-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class ReadingError(ValueError):
    """Something that cannot be read as an article; the message says what to do, in one line."""


def iso_date(value: str) -> str:
    """A publication date as ISO 8601, as it came where it is so already.

    Accepted: ISO dates and date-times (with a space or T, Z or an offset) and day/month/year with four digits of year.

    :raises ReadingError: for anything else.
    """
    plain = value.strip()
    day_first = _DAY_FIRST.fullmatch(plain)
    try:
        if day_first:
            day, month, year = map(int, day_first.groups())
            return dt.date(year, month, day).isoformat()
        parsed = dt.datetime.fromisoformat(plain)
    except ValueError:
        raise ReadingError(f"{value!r} is not a date: write it as 2024-01-27 or 2024-01-27T18:30+03:00") from None
    if len(plain) <= 10:
        return parsed.date().isoformat()
    return parsed.isoformat()


def make_article(
    text: str,
    *,
    published: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    url: str | None = None,
    language: str | None = "ar",
    published_from: PublishedFrom | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Article:
    """An article; outlet and date are looked for in the text where they are not given.

    :param published_from: ``"given"`` where None and ``published`` is given.
    :raises ReadingError: for an empty text, one without an Arabic letter or too long, or a date that is none.
    """
    if not isinstance(text, str):
        raise ReadingError(f"the text must be a string, not {type(text).__name__}")
    # half of a pair of UTF-16 is no character; nothing could write it down again
    text = _SURROGATES.sub("\ufffd", text)
    if not text.strip():
        raise ReadingError("there is no text in it")
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"{len(text):,} characters is more than one article can be (limit {MAX_CHARACTERS:,}): split it into articles")
    if not _ARABIC_LETTER.search(text):
        raise ReadingError("there is no Arabic letter in it")
    if published is not None:
        published = iso_date(published)
        published_from = published_from or "given"
    found = find_metadata(text)
    if published is None and found.published is not None:
        published, published_from = found.published, "dateline"
    return Article(
        id=article_id(text),
        text=text,
        title=title,
        outlet=outlet if outlet is not None else found.outlet,
        url=url,
        language=language,
        published=published,
        published_from=published_from if published is not None else None,
        extra=dict(extra or {}),
    )
