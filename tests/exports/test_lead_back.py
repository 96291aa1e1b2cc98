"""Every row of every export leads back to article and offsets, and an export holds what was asked for, no more."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.lead_back import CHECKS, Texts, texts_of
from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case
from musnad.exports import FORMATS, export


@pytest.fixture(scope="module")
def texts(examples: Case) -> Texts:
    with examples.read() as connection:
        return texts_of(connection)


@pytest.mark.parametrize("what", FORMATS)
def test_every_row_leads_back(examples: Case, tmp_path: Path, what: str, texts: Texts) -> None:
    with examples.read() as connection:
        export(connection, what, tmp_path / "x")
    rows, lost = CHECKS[what](tmp_path / "x", texts)
    assert rows > 3
    assert lost == []


@pytest.mark.parametrize("what", ["geojson", "plover", "ftm", "csv"])
def test_the_check_sees_a_row_that_does_not(examples: Case, tmp_path: Path, what: str, texts: Texts) -> None:
    with examples.read() as connection:
        export(connection, what, tmp_path / "x")
    broken = {number: "x" + body for number, body in texts.items()}
    assert CHECKS[what](tmp_path / "x", broken)[1]


@pytest.mark.parametrize("what", FORMATS)
def test_nothing_was_known_before_the_case_was_made(examples: Case, tmp_path: Path, what: str, texts: Texts) -> None:
    with examples.read() as connection:
        assert export(connection, what, tmp_path / "x", Filters(as_of="2000-01-01")) == 0


@pytest.mark.parametrize("what", ["csv", "parquet", "jsonl", "ftm", "ftm-statements"])
def test_one_outlet(examples: Case, tmp_path: Path, what: str, texts: Texts) -> None:
    with examples.read() as connection:
        d = schema.documents.c
        outlet = connection.execute(select(d.outlet).where(d.outlet.is_not(None)).limit(1)).scalar()
        own = {r.id: r.text for r in connection.execute(select(d.id, d.text).where(d.outlet == outlet))}
        assert 0 < len(own) < len(texts)
        export(connection, what, tmp_path / "x", Filters(outlet=outlet))
    # every row, those of what holds across articles too, leads to articles of that outlet
    rows, lost = CHECKS[what](tmp_path / "x", own)
    assert rows > 3
    assert lost == []


def test_days_narrow_the_tables(examples: Case, tmp_path: Path) -> None:
    with examples.read() as connection:
        days = sorted(d for d in connection.execute(select(schema.documents.c.published_day)).scalars() if d)
        export(connection, "csv", tmp_path / "x", Filters(since=days[-1]))
        export(connection, "jsonl", tmp_path / "y", Filters(until=days[0]))
    with (tmp_path / "x/documents.csv").open(encoding="utf-8", newline="") as file:
        assert {r["published_day"] for r in csv.DictReader(file)} == {days[-1]}
    assert {json.loads(line)["article"]["published"][:10] for line in (tmp_path / "y").open(encoding="utf-8")} == {days[0]}


def test_tables_of_a_day_are_those_of_today_where_nothing_came_since(examples: Case, tmp_path: Path) -> None:
    with examples.read() as connection:
        export(connection, "csv", tmp_path / "now")
        export(connection, "csv", tmp_path / "then", Filters(as_of="2999-01-01"))
    for name in ("event_groups", "event_links", "figure_series", "series_points", "threads", "thread_items", "copies"):
        assert sorted((tmp_path / f"now/{name}.csv").read_text().splitlines()) == sorted(
            (tmp_path / f"then/{name}.csv").read_text().splitlines()
        ), name


def test_follow_the_money_reads_the_statements(examples: Case, tmp_path: Path) -> None:
    from followthemoney import model
    from followthemoney.statement.serialize import read_json_statements

    with examples.read() as connection:
        count = export(connection, "ftm-statements", tmp_path / "x")
        events = len(queries.events(connection))
    with (tmp_path / "x").open("rb") as file:
        found = list(read_json_statements(file))
    assert len(found) == count
    assert len({s.id for s in found}) == count
    assert all(s.id and s.origin and s.prop in model.get(s.schema).properties for s in found)  # type: ignore[union-attr]
    assert len({s.entity_id for s in found if s.schema == "Event"}) == events
