"""Articles and records as Arrow: fixed schemas derived from the record's types."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.json as pj
from msgspec import inspect

from musnad.record import Record

#: columns of a batch of articles; all text, ``extra`` as JSON
ARTICLES = pa.schema([(n, pa.string()) for n in ("text", "published", "outlet", "title", "url", "extra", "where")])
#: columns of a batch of articles that could not be coded
FAILURES = pa.schema([("where", pa.string()), ("reason", pa.string())])


@cache
def records_schema() -> pa.Schema:
    """The schema of a batch of records: the record's fields as columns; ``article.extra`` is JSON text.

    One more column, ``where``, says which input the article came from.
    """
    struct = _arrow(inspect.type_info(Record))
    fields = [struct.field(i) for i in range(struct.num_fields)]
    return pa.schema([*fields, pa.field("where", pa.string())])


def _arrow(kind: Any) -> pa.DataType:
    if isinstance(kind, inspect.UnionType):
        inner = [t for t in kind.types if not isinstance(t, inspect.NoneType)]
        # a number that may be whole or not is a float
        return pa.float64() if len(inner) > 1 else _arrow(inner[0])
    if isinstance(kind, inspect.StructType):
        return pa.struct([pa.field(f.encode_name, _arrow(f.type)) for f in kind.fields])
    if isinstance(kind, inspect.ListType):
        return pa.list_(_arrow(kind.item_type))
    plain = {inspect.IntType: pa.int64(), inspect.FloatType: pa.float64(), inspect.BoolType: pa.bool_()}
    # strings, enumerations and ``extra``
    return plain.get(type(kind), pa.string())


def record_row(record: Record, where: str) -> dict[str, Any]:
    """A record as a row of :func:`records_schema`."""
    row: dict[str, Any] = msgspec.to_builtins(record)
    extra = row["article"]["extra"]
    row["article"]["extra"] = msgspec.json.encode(extra).decode() if extra else None
    row["where"] = where
    return row


class Rows:
    """Records gathered for a batch of :func:`records_schema`.

    They go to Arrow as lines of JSON: its reader makes the nested columns several times faster than they are made of Python's lists.
    """

    def __init__(self) -> None:
        self._lines = bytearray()
        self._encode = msgspec.json.Encoder().encode_into

    def add(self, record: Record, where: str) -> None:
        """Add a record; ``where``: the input it came from."""
        names = zip(record.__struct_encode_fields__, record.__struct_fields__, strict=True)
        row: dict[str, Any] = {encoded: getattr(record, name) for encoded, name in names}
        article = row["article"] = msgspec.to_builtins(record.article)
        article["extra"] = msgspec.json.encode(record.article.extra).decode() if record.article.extra else None
        row["where"] = where
        self._encode(row, self._lines, -1)
        self._lines += b"\n"

    def batch(self) -> pa.RecordBatch:
        """What was added, in order."""
        schema = records_schema()
        if not self._lines:
            return pa.RecordBatch.from_pylist([], schema=schema)
        table = pj.read_json(
            pa.BufferReader(self._lines),
            # one block: a batch is one chunk
            read_options=pj.ReadOptions(use_threads=False, block_size=len(self._lines) + 1),
            parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
        (made,) = table.combine_chunks().to_batches()
        return made


def row_record(row: dict[str, Any]) -> Record:
    """The record of a row (of :meth:`pyarrow.Table.to_pylist`). :raises msgspec.ValidationError: where it is none."""
    plain = {k: v for k, v in row.items() if k != "where"}
    extra = plain["article"]["extra"]
    plain["article"] = {**plain["article"], "extra": msgspec.json.decode(extra) if extra else {}}
    return msgspec.convert(_whole(plain), type=Record)


def _whole(value: Any) -> Any:
    # Arrow gives whole numbers of float columns as floats, as JSON would not
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    return value
