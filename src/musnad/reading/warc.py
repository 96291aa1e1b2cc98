"""WARC archives into articles: each HTML response is read like a page; its address and capture date are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from musnad.reading.bodies import TooLarge, unpacked
from musnad.reading.build import ReadingError
from musnad.reading.decode import decode

if TYPE_CHECKING:
    from musnad.reading.files import Given, Item

#: a response beyond this, packed or unpacked, is no news page; it also stops what unpacks without end
MAX_PAGE = 8 * 1024 * 1024
_HTML = ("text/html", "application/xhtml+xml")


def warc_articles(path: Path, given: Given) -> Iterator[Item]:
    """Articles of a ``.warc`` or ``.warc.gz`` file. The capture date is no date of publication: it goes to ``extra``."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    from musnad.reading.files import Failure
    from musnad.reading.html import article_from_html

    some = False
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                if (record.http_content_type or "").split(";")[0].strip().lower() not in _HTML:
                    continue
                some = True
                url = record.headers.get("WARC-Target-URI") or None
                where = f"{path}#{url or record.record_id}"
                headers = record.http_headers
                transfer, content = headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or ""
                try:
                    data = record.reader.read(MAX_PAGE + 1)
                    if len(data) > MAX_PAGE:
                        raise TooLarge(f"the page is larger than {MAX_PAGE:,} bytes")
                    page, _ = decode(unpacked(data, transfer, content, MAX_PAGE))
                    article = article_from_html(page, given._replace(url=given.url or url))
                except ReadingError as error:
                    yield Failure(where, str(error))
                    continue
                captured = record.record_date.isoformat() if record.record_date else None
                article.extra.update({"captured": captured, "archive": path.name})
                yield article
        except Exception as error:  # a damaged archive ends here; what came before it is kept
            yield Failure(str(path), f"the archive is damaged ({type(error).__name__}: {str(error)[:80]})")
            return
    if not some:
        yield Failure(str(path), "the archive holds no HTML page")
