"""RSS and Atom into articles: each entry's full text where the feed has it, else its summary."""

from __future__ import annotations

import datetime as dt
import re
from calendar import timegm
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from musnad.reading.build import ReadingError, make_article

if TYPE_CHECKING:
    from musnad.reading.files import Given, Item

_TAG = re.compile(r"<[^>]{0,2000}>")
_BLOCK = re.compile(r"(?i)</?(?:p|br|div|li|h[1-6]|tr|blockquote)\b[^>]{0,2000}>")
#: an answer beyond this is no feed
MAX_BYTES = 32 * 1024 * 1024
_SECONDS = 30


def feed_articles(data: bytes, where: str, given: Given) -> Iterator[Item]:
    """Articles of a feed, in its order; an entry without an Arabic word is set aside."""
    import feedparser

    from musnad.reading.files import Failure

    try:
        feed = feedparser.parse(data, sanitize_html=True, resolve_relative_uris=False)
    except Exception as error:  # the parser raises what it will on broken markup
        yield Failure(where, f"it is no feed that can be read ({type(error).__name__})")
        return
    if not feed.entries:
        yield Failure(where, "it is no feed, or one without entries")
        return
    for number, entry in enumerate(feed.entries, 1):
        content = entry.get("content") or []
        body = max((c.get("value") or "" for c in content), key=len, default="") or entry.get("summary") or ""
        title = entry.get("title") or ""
        stamp = entry.get("published_parsed") or entry.get("updated_parsed")
        published = dt.datetime.fromtimestamp(timegm(stamp), dt.UTC).isoformat() if stamp else None
        try:
            yield make_article(
                plain(body) or title,
                published=given.published or published,
                published_from="given" if given.published else "metadata",
                outlet=given.outlet or feed.feed.get("title") or None,
                title=given.title or unescape(_TAG.sub("", title)) or None,
                url=given.url or entry.get("link") or None,
                extra={"feed": where} | ({"id": entry["id"]} if entry.get("id") else {}),
            )
        except ReadingError as error:
            yield Failure(f"{where}:{number}", str(error))


def plain(page: str) -> str:
    """The words of a piece of HTML, a line for each block."""
    text = unescape(_TAG.sub("", _BLOCK.sub("\n", page)))
    return "\n".join(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)


def fetch(url: str) -> bytes:
    """The bytes at an address (http or https).

    :raises ReadingError: where it cannot be fetched or is too large.
    """
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    from musnad import __version__

    request = Request(url, headers={"User-Agent": f"musnad/{__version__}", "Accept-Encoding": "identity"})
    try:
        with urlopen(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise ReadingError(f"it cannot be fetched ({getattr(error, 'reason', error)})") from None
    if len(data) > MAX_BYTES:
        raise ReadingError(f"it is larger than {MAX_BYTES:,} bytes")
    return data
