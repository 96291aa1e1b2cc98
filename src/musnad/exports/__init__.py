"""Exports of a case file, one module a format; every row leads back to article and offsets."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection

from musnad.casefile.queries import Filters

#: format -> module and what it writes
FORMATS: dict[str, tuple[str, str]] = {
    "jsonl": ("records", "records, one a line (a file)"),
    "csv": ("tables", "a CSV file for each table, with a data dictionary (a folder)"),
    "parquet": ("tables", "a Parquet file for each table, with a data dictionary (a folder)"),
    "plover": ("plover", "PLOVER events, JSON Lines (a file)"),
    "polecat": ("plover", "POLECAT-shaped events, tab separated (a file)"),
    "acled": ("acled", "ACLED-shaped events, CSV (a file)"),
    "ftm": ("ftm", "FollowTheMoney entities, JSON Lines (a file)"),
    "ftm-statements": ("ftm", "the same, every value with its origin, JSON Lines (a file)"),
    "annotations": ("annotations", "W3C Web Annotations, JSON-LD (a file)"),
    "timelinejs": ("timelinejs", "TimelineJS slides, JSON (a file)"),
    "geojson": ("geojson", "located events, GeoJSON (a file)"),
    "graphml": ("graphml", "who acts on whom, GraphML (a file)"),
}
Writer = Callable[[Connection, Path, str, Filters], int]


def export(connection: Connection, format: str, target: Path, filters: Filters = Filters()) -> int:  # noqa: B008
    """Write an export; returns the number of rows (records, events, statements) written.

    :param format: a key of :data:`FORMATS`.
    :param target: the file or, for tables, the folder to write.
    :raises KeyError: for an unknown format. :raises OSError: where the target cannot be written.
    """
    writer: Writer = import_module(f"musnad.exports.{FORMATS[format][0]}").write
    return writer(connection, target, format, filters)
