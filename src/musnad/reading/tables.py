"""CSV and Parquet into articles: columns text, published, outlet, title, url, as in JSON Lines; others become ``extra``."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musnad.article import Article
from musnad.reading.build import ReadingError, make_article
from musnad.reading.decode import decode

if TYPE_CHECKING:
    from musnad.reading.files import Given, Item

FACTS = ("published", "outlet", "title", "url")


def article_from_row(row: dict[str, Any], given: Given, where: str) -> Article:
    """An article from a row of a table or a line of JSON.

    :param where: what messages call the row, such as ``line 3``.
    :raises ReadingError: where the row has no text, or a fact that is no string.
    """
    if not isinstance(row.get("text"), str):
        raise ReadingError(f'{where} has no "text" that is a string')
    facts: dict[str, Any] = {}
    for key in FACTS:
        value = row.get(key)
        if isinstance(value, (dt.date, dt.datetime)):
            value = value.isoformat()
        if value is not None and not isinstance(value, str):
            raise ReadingError(f'{where}: "{key}" must be a string')
        facts[key] = getattr(given, key) or (value or None)
    extra = {k: v for k, v in row.items() if k not in (*FACTS, "text")}
    return make_article(row["text"], **facts, extra=extra)


def csv_articles(data: bytes, where: str, given: Given) -> Iterator[Item]:
    """Articles of a CSV file with a header line; separator , ; or tab."""
    from musnad.reading.files import Failure, Note

    try:
        text, said = decode(data)
    except ReadingError as error:
        yield Failure(where, str(error))
        return
    if said:
        yield Note(where, said)
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    csv.field_size_limit(16 * 1024 * 1024)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if "text" not in (rows.fieldnames or ()):
        yield Failure(where, 'its header has no column "text"')
        return
    try:
        for number, row in enumerate(rows, 2):
            row.pop(None, None)
            try:
                yield article_from_row({k: v or None for k, v in row.items()}, given, f"row {number}")
            except ReadingError as error:
                yield Failure(f"{where}:{number}", str(error))
    except csv.Error as error:
        yield Failure(where, f"it is no good CSV after row {rows.line_num} ({error})")


def parquet_articles(path: Path, given: Given) -> Iterator[Item]:
    """Articles of a Parquet file, in batches so that memory stays flat."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from musnad.reading.files import Failure

    try:
        file = pq.ParquetFile(path)
        if "text" not in file.schema_arrow.names:
            yield Failure(str(path), 'it has no column "text"')
            return
        number = 0
        for batch in file.iter_batches(batch_size=256):
            for row in batch.to_pylist():
                number += 1
                try:
                    yield article_from_row({k: _plain(v) for k, v in row.items()}, given, f"row {number}")
                except ReadingError as error:
                    yield Failure(f"{path}:{number}", str(error))
    except (pa.ArrowException, OSError) as error:
        yield Failure(str(path), f"it is no good Parquet file ({str(error).splitlines()[0]})")


def _plain(value: Any) -> Any:
    # what JSON cannot hold is kept as text
    if isinstance(value, (dt.date, dt.datetime, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value
