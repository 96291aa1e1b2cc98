"""Records as they were made, one a line."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters
from musnad.casefile.store import unpack
from musnad.record import to_json


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """JSON Lines of the current analyses, in order of documents."""
    d, a = schema.documents, schema.analyses
    query = queries.current(select(a.c.record, d.c.text).join(d, d.c.id == a.c.document_id), filters)
    query = queries.narrowed(query, filters)
    count = 0
    with target.open("wb") as file:
        for row in connection.execute(query.order_by(d.c.id).execution_options(yield_per=200)):
            file.write(to_json(unpack(row.record, row.text)) + b"\n")
            count += 1
    return count
