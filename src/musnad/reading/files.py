"""Files, folders and standard input into articles; what cannot be read is set aside with its reason."""

from __future__ import annotations

import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import msgspec

from musnad.article import Article
from musnad.reading.build import ReadingError, make_article
from musnad.reading.decode import decode
from musnad.reading.feeds import feed_articles, fetch
from musnad.reading.tables import article_from_row, csv_articles, parquet_articles
from musnad.reading.warc import warc_articles

Kind = Literal["auto", "txt", "html", "jsonl", "csv", "parquet", "feed", "warc"]
SUFFIXES: dict[str, Kind] = {
    ".txt": "txt", ".html": "html", ".htm": "html", ".xhtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonl.gz": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".rss": "feed", ".atom": "feed", ".xml": "feed", ".warc": "warc",
    ".warc.gz": "warc",
}  # fmt: skip
_FEED = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
#: a file beyond this is not read whole (JSON Lines are read line by line and have no such limit)
MAX_BYTES = 64 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024


class Given(NamedTuple):
    """What the user says of all articles read; None where nothing is said."""

    published: str | None = None
    outlet: str | None = None
    title: str | None = None
    url: str | None = None


class Failure(NamedTuple):
    """An input that could not be read: where it stands and why, in one line."""

    where: str
    reason: str


class Note(NamedTuple):
    """Something worth saying about an input that was read."""

    where: str
    words: str


Item = Article | Failure | Note


def read(sources: Iterable[str], given: Given = Given(), kind: Kind = "auto") -> Iterator[Item]:  # noqa: B008
    """Articles, failures and notes of all sources, in their order; folders are read in the order of names.

    :param sources: paths of files and folders; ``-`` is standard input.
    :param kind: how to read files, where their names do not say.
    """
    for source in sources:
        if source == "-":
            yield from _stream(sys.stdin.buffer, "standard input", given, kind)
            continue
        if source.startswith(("http://", "https://")):
            yield from _address(source, given, kind)
            continue
        path = Path(source)
        try:
            if path.is_dir():
                yield from _folder(path, given, kind)
            else:
                yield from _file(path, given, kind)
        except OSError as error:
            yield Failure(source, _why(error))


def _why(error: OSError) -> str:
    known = {
        FileNotFoundError: "there is no such file",
        PermissionError: "it may not be read (permission denied)",
    }
    return known.get(type(error), f"it cannot be read ({error.strerror or error})")


def _suffix(path: Path) -> str:
    name = path.name.lower()
    return next((s for s in (".jsonl.gz", ".warc.gz") if name.endswith(s)), path.suffix.lower())


def _folder(path: Path, given: Given, kind: Kind) -> Iterator[Item]:
    found = False
    for inner in sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p) in SUFFIXES):
        found = True
        try:
            yield from _file(inner, given, kind)
        except OSError as error:
            yield Failure(str(inner), _why(error))
    if not found:
        yield Failure(str(path), f"the folder has no {', '.join(SUFFIXES)} file")


def _file(path: Path, given: Given, kind: Kind) -> Iterator[Item]:
    suffix = _suffix(path)
    actual = SUFFIXES.get(suffix, kind) if kind == "auto" else kind
    if actual == "jsonl":
        with gzip.open(path, "rb") if suffix == ".jsonl.gz" else path.open("rb") as lines:
            yield from _jsonl(lines, str(path), given)
        return
    if actual == "parquet":
        yield from parquet_articles(path, given)
        return
    if actual == "warc":
        yield from warc_articles(path, given)
        return
    size = path.stat().st_size
    if size > MAX_BYTES:
        yield Failure(str(path), f"{size:,} bytes is more than one article can be: split it into articles")
        return
    with path.open("rb") as file:
        yield from _whole(file.read(MAX_BYTES + 1), str(path), given, actual)


def _address(url: str, given: Given, kind: Kind) -> Iterator[Item]:
    try:
        data = fetch(url)
    except ReadingError as error:
        yield Failure(url, str(error))
        return
    yield from _whole(data, url, given if _FEED.match(data[:2000]) else given._replace(url=given.url or url), kind)


def _stream(stream: BinaryIO, where: str, given: Given, kind: Kind) -> Iterator[Item]:
    if kind == "jsonl":
        yield from _jsonl(stream, where, given)
        return
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Failure(
            where,
            f"more than {MAX_BYTES:,} bytes is more than one article can be; for many articles give --input-format jsonl",
        )
        return
    yield from _whole(data, where, given, kind)


def _whole(data: bytes, where: str, given: Given, kind: Kind) -> Iterator[Item]:
    if kind == "csv":
        yield from csv_articles(data, where, given)
        return
    if kind == "feed" or (kind == "auto" and _FEED.match(data[:2000])):
        yield from feed_articles(data, where, given)
        return
    try:
        text, note = decode(data)
    except ReadingError as error:
        yield Failure(where, str(error))
        return
    if note:
        yield Note(where, note)
    actual = _sniff(text) if kind == "auto" else kind
    if actual == "jsonl":
        yield from _jsonl(io.BytesIO(text.encode("utf-8", "replace")), where, given)
        return
    try:
        if actual == "html":
            from musnad.reading.html import article_from_html

            yield article_from_html(text, given)
        else:
            yield make_article(text, **given._asdict())
    except ReadingError as error:
        yield Failure(where, str(error))


def _sniff(text: str) -> Kind:
    head = text[:2000].lstrip("\ufeff \t\r\n")
    if head.startswith("{") and '"text"' in text[:200_000]:
        return "jsonl"
    return "html" if head[:1] == "<" and ("<html" in head.lower() or "<!doctype" in head.lower()) else "txt"


def _jsonl(lines: BinaryIO | gzip.GzipFile, where: str, given: Given) -> Iterator[Item]:
    number = 0
    some = False
    while True:
        number += 1
        try:
            raw = lines.readline(MAX_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Failure(f"{where}:{number}", f"the compressed file is damaged ({error})")
            return
        if not raw:
            break
        here = f"{where}:{number}"
        if len(raw) > MAX_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = lines.readline(MAX_LINE)
            yield Failure(here, f"line {number} is longer than {MAX_LINE:,} bytes")
            some = True
            continue
        if not raw.strip():
            continue
        some = True
        if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield from _recoded(raw + lines.read(MAX_BYTES), where, given)
            return
        try:
            text, said = decode(raw)
            if said:
                yield Note(here, said)
            yield _row(text, number, given)
        except ReadingError as error:
            yield Failure(here, str(error))
    if not some:
        yield Failure(where, "it is empty")


def _recoded(data: bytes, where: str, given: Given) -> Iterator[Item]:
    try:
        text, note = decode(data)
    except ReadingError as error:
        yield Failure(where, str(error))
        return
    yield Note(where, note or "")
    yield from _jsonl(io.BytesIO(text.encode("utf-8", "replace")), where, given)


def _row(line: str, number: int, given: Given) -> Article:
    try:
        row: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise ReadingError(f"line {number} is not JSON ({error})") from None
    if not isinstance(row, dict):
        raise ReadingError(f"line {number} is not a JSON object")
    return article_from_row(row, given, f"line {number}")


def counted(items: Iterable[Item], failed: Callable[[Failure], None], said: Callable[[Note], None]) -> Iterator[Article]:
    """The articles among items; failures and notes go to the two callables."""
    for item in items:
        if isinstance(item, Article):
            yield item
        elif isinstance(item, Failure):
            failed(item)
        else:
            said(item)
