"""Making, opening, upgrading, checking and backing up a case file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from musnad.casefile import schema
from musnad.casefile.store import Case, CaseError, create, open_case


def test_the_migrations_give_the_tables_that_the_code_uses(case: Case) -> None:
    have = inspect(case.engine)
    for table in schema.metadata.sorted_tables:
        assert {c["name"] for c in have.get_columns(table.name)} == set(table.c.keys()), table.name
    assert "search" in have.get_table_names()


def test_it_is_in_wal_mode_with_foreign_keys(case: Case) -> None:
    with case.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_mistakes_are_one_clear_line(tmp_path: Path, case: Case) -> None:
    with pytest.raises(CaseError, match="there is no case file"):
        open_case(tmp_path / "no.musnad")
    with pytest.raises(CaseError, match="already there"):
        create(case.path)
    with pytest.raises(CaseError, match="does not exist: make it first"):
        create(tmp_path / "no" / "a.musnad")
    (tmp_path / "text.musnad").write_text("hello, this is no database", encoding="utf-8")
    with pytest.raises(CaseError, match="is no case file"):
        open_case(tmp_path / "text.musnad")
    other = sqlite3.connect(tmp_path / "other.musnad")
    other.execute("CREATE TABLE t (x)")
    other.commit()
    with pytest.raises(CaseError, match="another program's database"):
        open_case(tmp_path / "other.musnad")


def test_a_file_of_a_newer_musnad_is_refused(case: Case) -> None:
    with case.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CaseError, match="newer Musnad"):
        open_case(case.path)


def test_a_write_that_fails_leaves_nothing(case: Case) -> None:
    def fail() -> None:
        with case.write() as connection:
            connection.execute(schema.settings.insert().values(key="half", value=1))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert case.setting("half") is None


def test_the_check_finds_words_that_are_not_at_their_offsets(examples: Case, tmp_path: Path) -> None:
    assert examples.check() == []
    examples.backup(tmp_path / "copy.musnad")
    copy = open_case(tmp_path / "copy.musnad")
    with copy.write() as connection:
        connection.execute(text("UPDATE mentions SET text = 'x' WHERE id = 'm1'"))
    assert any("its words are not at its offsets" in p for p in copy.check())
    copy.close()


def test_a_backup_holds_everything_and_overwrites_nothing(examples: Case, tmp_path: Path) -> None:
    examples.backup(tmp_path / "copy.musnad")
    copy = open_case(tmp_path / "copy.musnad")
    for name in ("documents", "events", "statements"):
        counts = []
        for one in (examples, copy):
            with one.read() as connection:
                counts.append(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar())
        assert counts[0] == counts[1] > 0
    copy.close()
    with pytest.raises(CaseError, match="already there"):
        examples.backup(tmp_path / "copy.musnad")


def test_readers_see_one_state_while_a_writer_writes(case: Case) -> None:
    with case.read() as reader:
        reader.exec_driver_sql("BEGIN")
        before = reader.execute(text("SELECT count(*) FROM settings")).scalar()
        with case.write() as writer:
            writer.execute(schema.settings.insert().values(key="new", value=1))
        assert reader.execute(text("SELECT count(*) FROM settings")).scalar() == before
    assert case.setting("new") == 1
