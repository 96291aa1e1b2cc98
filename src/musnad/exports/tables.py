"""Each table as CSV or Parquet, with a data dictionary: ``documents`` and one table for each kind of item.

Item rows carry ``document_id``, ``start`` and ``end`` (code points into ``documents.text``, half open), so every row leads back
to the words; rows of what holds across articles lead there through the tables that link items to them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Float, Integer, Table, select

from musnad.casefile import events, figures, queries, schema, threads
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
    derived = _Derived(connection, filters)
    for table in _TABLES:
        path = target / f"{table.name}.{format}"
        count += (_parquet if format == "parquet" else _csv)(connection, table, path, filters, derived)
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


class _Derived:
    """Tables of what holds across articles: as they stand, or as the articles of a day and of a choice of documents make them."""

    def __init__(self, connection: Connection, filters: Filters) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        if not filters.as_of:
            return
        for parent, links, made in (
            (schema.event_groups, schema.event_links, events.grouped),
            (schema.figure_series, schema.series_points, figures.gathered),
            (schema.threads, schema.thread_items, threads.followed),
        ):
            self._rows[parent.name], self._rows[links.name] = made(connection, filters.as_of)

    def of(self, table: Table) -> list[list[Any]] | None:
        """All rows of a table where they were made for a day."""
        rows, names = self._rows.get(table.name), table.c.keys()
        return None if rows is None else [[row.get(name) for name in names] for row in rows]


#: table of groups -> the table that links items to them
_LINKS = {
    "event_groups": (schema.event_links, "group_id"),
    "figure_series": (schema.series_points, "series_id"),
    "threads": (schema.thread_items, "thread_id"),
    "case_entities": (schema.entity_links, "case_entity_id"),
}


def _query(table: Table, filters: Filters) -> Any:
    """The rows of a table that belong to the documents and analyses asked for."""
    d, a, m = schema.documents, schema.analyses, schema.mentions.c
    if table is d:
        return queries.narrowed(select(d), filters)
    if "analysis_id" in table.c:
        query = select(table).join(a, a.c.id == table.c.analysis_id).join(d, d.c.id == a.c.document_id)
        named = {"entities": "id", "entity_links": "entity"}.get(table.name)
        if named:
            # older files have entities that no mention stands for, which would lead back to nothing
            query = query.where(select(m.id).where(m.analysis_id == table.c.analysis_id, m.entity == table.c[named]).exists())
        return queries.narrowed(queries.current(query, filters), filters)
    if table.name in _LINKS:
        links, column = _LINKS[table.name]
        inner = select(links.c[column]).join(a, a.c.id == links.c.analysis_id).join(d, d.c.id == a.c.document_id)
        if links is schema.entity_links:
            inner = inner.join(schema.mentions, (m.analysis_id == links.c.analysis_id) & (m.entity == links.c.entity))
        return select(table).where(table.c.id.in_(queries.narrowed(queries.current(inner, filters), filters)))
    return queries.narrowed(select(table).join(d, d.c.id == table.c.document_id), filters)


def _batches(connection: Connection, table: Table, filters: Filters, derived: _Derived) -> Iterator[list[list[Any]]]:
    made = derived.of(table)
    if made is not None:
        if made:
            yield made
        return
    result = connection.execute(_query(table, filters).execution_options(yield_per=_ROWS))
    for rows in result.partitions():
        yield [[json.dumps(v, ensure_ascii=False) if isinstance(v, (list, dict)) else v for v in row] for row in rows]


def _csv(connection: Connection, table: Table, path: Path, filters: Filters, derived: _Derived) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.c.keys())
        for rows in _batches(connection, table, filters, derived):
            writer.writerows(rows)
            count += len(rows)
    return count


def _parquet(connection: Connection, table: Table, path: Path, filters: Filters, derived: _Derived) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "text": pa.string()}
    fields = [pa.field(c.name, arrow[_type(c.type)]) for c in table.c]
    made = pa.schema(fields)
    count = 0
    with pq.ParquetWriter(path, made, compression="zstd") as writer:
        for rows in _batches(connection, table, filters, derived):
            columns = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), fields, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=made))
            count += len(rows)
    return count
