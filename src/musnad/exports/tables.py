"""Each table as CSV or Parquet, with a data dictionary: ``documents`` and one table for each kind of item.

Item rows carry ``document_id``, ``start`` and ``end`` (code points into ``documents.text``, half open), so every row leads back
to the words.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Float, Integer, Table, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters

#: what columns mean; those not listed are described by the record's documentation under the same name
MEANINGS = {
    "analysis_id": "the analysis the row is from (key, with id)",
    "id": "id of the item within its record, or of the document",
    "document_id": "the document the row is from (documents.id)",
    "start": "first code point in documents.text",
    "end": "code point after the last in documents.text",
    "text": "the words at start..end; in documents: the whole article",
    "begin": "first calendar day, inclusive",
    "end_date": "last calendar day, inclusive",
    "published": "date of publication, ISO 8601",
    "published_from": "who said so: given, metadata, dateline",
    "ingested_at": "when the case got it, UTC",
    "key": "sha256 over text, outlet, url and date of publication",
    "role": "part the mention takes in the item; in mentions: the title before the name",
    "item": "id of the event, statement, figure or commitment",
    "mention": "id of the mention (mentions.id)",
    "case_entity_id": "the identity across articles (case_entities.id)",
    "group_id": "tellings of one event share it",
    "reason": "why it was merged",
    "cluster": "document id of the representative of near-duplicates",
}
_TABLES: tuple[Table, ...] = (schema.documents, *schema.ITEMS.values(), schema.parties, schema.entity_links, schema.case_entities,
                              schema.copies, schema.event_groups, schema.event_links, schema.figure_series, schema.series_points,
                              schema.threads, schema.thread_items)  # fmt: skip
_ROWS = 5000


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """A file for each table in the folder ``target``, and ``dictionary.csv``; returns the number of rows."""
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for table in _TABLES:
        path = target / f"{table.name}.{format}"
        count += _parquet(connection, table, path, filters) if format == "parquet" else _csv(connection, table, path, filters)
    with (target / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["table", "column", "type", "meaning"])
        for table in _TABLES:
            for column in table.c:
                meaning = MEANINGS.get(column.name, "see the record's field of this name")
                writer.writerow([table.name, column.name, _type(column.type), meaning])
    return count


def _type(kind: Any) -> str:
    return next(
        (name for sql, name in ((Integer, "integer"), (Float, "number"), (Boolean, "boolean")) if isinstance(kind, sql)),
        "text",
    )


def _batches(connection: Connection, table: Table, filters: Filters) -> Iterator[list[list[Any]]]:
    query: Any = select(table)
    if "analysis_id" in table.c:
        a = schema.analyses
        query = queries.current(query.join(a, a.c.id == table.c.analysis_id), filters)
    result = connection.execute(query.execution_options(yield_per=_ROWS))
    for rows in result.partitions():
        yield [[json.dumps(v, ensure_ascii=False) if isinstance(v, (list, dict)) else v for v in row] for row in rows]


def _csv(connection: Connection, table: Table, path: Path, filters: Filters) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.c.keys())
        for rows in _batches(connection, table, filters):
            writer.writerows(rows)
            count += len(rows)
    return count


def _parquet(connection: Connection, table: Table, path: Path, filters: Filters) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "text": pa.string()}
    fields = [pa.field(c.name, arrow[_type(c.type)]) for c in table.c]
    made = pa.schema(fields)
    count = 0
    with pq.ParquetWriter(path, made, compression="zstd") as writer:
        for rows in _batches(connection, table, filters):
            columns = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), fields, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=made))
            count += len(rows)
    return count
