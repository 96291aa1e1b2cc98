"""Making, opening, upgrading, checking and backing up a case file."""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Insert, create_engine, event, insert, select, text

from musnad.casefile import schema
from musnad.record import Record, from_json, to_json

_MAGIC = b"SQLite format 3\x00"


class CaseError(Exception):
    """A case file that cannot be used; the message says what to do, in one line."""


def now() -> str:
    """This instant, UTC, as the case file writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def create(path: Path, name: str | None = None) -> Case:
    """Make a new, empty case file.

    :raises CaseError: where something is already there, or the folder does not exist.
    """
    if path.exists():
        raise CaseError(f"{path} is already there: choose another name, or ingest into it")
    if not path.parent.is_dir():
        raise CaseError(f"the folder {path.parent} does not exist: make it first")
    case = Case(path)
    case.upgrade()
    with case.write() as connection:
        connection.execute(
            insert(schema.settings),
            [{"key": "name", "value": name or path.stem}, {"key": "made_at", "value": now()}],
        )
    return case


def open_case(path: Path) -> Case:
    """Open a case file, upgrading it where an older Musnad made it.

    :raises CaseError: where it is not there, is no case file, or a newer Musnad made it.
    """
    if not path.exists():
        raise CaseError(f"there is no case file {path}: make it with `musnad new {path}`")
    with path.open("rb") as file:
        if file.read(16) != _MAGIC:
            raise CaseError(f"{path} is no case file")
    case = Case(path)
    try:
        case.upgrade()
    except sqlite3.DatabaseError as error:
        raise CaseError(f"{path} is damaged ({error}): restore a backup") from None
    return case


class Case:
    """An open case file. One writer at a time, any number of readers (WAL)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self.engine, "connect", _pragmas)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading: one consistent state, whatever is written meanwhile."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self.engine.connect() as connection:
            # IMMEDIATE: a second writer waits here, not in the middle
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def upgrade(self) -> None:
        """Bring the tables to this Musnad's version.

        :raises CaseError: where a newer Musnad made the file, or it holds another program's tables.
        """
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        known = {s.revision for s in ScriptDirectory.from_config(config).walk_revisions()}
        with self.engine.connect() as connection:
            tables = {r[0] for r in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))}
            if tables and "alembic_version" not in tables:
                raise CaseError(f"{self.path} is another program's database, not a case file")
            if tables:
                version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if version is not None and version not in known:
                    raise CaseError(f"{self.path} was made by a newer Musnad: upgrade Musnad to open it")
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> list[str]:
        """What is wrong with the file: damage, rows that point nowhere, items whose words are not there; empty if sound."""
        found: list[str] = []
        with self.read() as connection:
            found += [str(r[0]) for r in connection.execute(text("PRAGMA integrity_check")) if r[0] != "ok"]
            found += [f"{r[0]} row {r[1]} points at a missing {r[2]}" for r in connection.execute(text("PRAGMA foreign_key_check"))]
            for name, table in schema.ITEMS.items():
                if "start" not in table.c:
                    continue
                wrong = connection.execute(
                    text(
                        f"SELECT i.analysis_id, i.id FROM {name} i JOIN documents d ON d.id = i.document_id "
                        f'WHERE substr(d.text, i.start + 1, i."end" - i.start) <> i.text LIMIT 5'
                    )
                )
                found += [f"{name} {r[1]} of analysis {r[0]}: its words are not at its offsets" for r in wrong]
        return found

    def backup(self, target: Path) -> None:
        """Copy the case file while others read and write it. :raises CaseError: where the target is already there."""
        if target.exists():
            raise CaseError(f"{target} is already there: choose another name")
        source = sqlite3.connect(self.path)
        copy = sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()

    def setting(self, key: str) -> Any:
        """A setting of the case, or None."""
        with self.read() as connection:
            return connection.execute(select(schema.settings.c.value).where(schema.settings.c.key == key)).scalar()

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def _pragmas(connection: sqlite3.Connection, _: object) -> None:
    # SQLAlchemy begins no transaction of its own: write() does
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def inserted(connection: Connection, statement: Insert) -> int:
    """Run an INSERT of one row and give the id of the row."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def pack(record: Record) -> bytes:
    """A record for the table of analyses: its text stands in the document already."""
    return zlib.compress(to_json(_with_text(record, "")), 6)


def unpack(data: bytes, document_text: str) -> Record:
    """The record that :func:`pack` made."""
    return _with_text(from_json(zlib.decompress(data)), document_text)


def _with_text(record: Record, words: str) -> Record:
    return msgspec.structs.replace(record, article=msgspec.structs.replace(record.article, text=words))
