"""Exports: each is read back by a reader of its format, and every row leads back to article and offsets."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from musnad.casefile import queries, schema
from musnad.casefile.store import Case
from musnad.exports import FORMATS, export
from musnad.exports.annotations import Utf16
from musnad.record import check, from_json


@pytest.fixture(scope="module")
def texts(examples: Case) -> dict[int, str]:
    with examples.read() as connection:
        return {r.id: r.text for r in connection.execute(select(schema.documents))}


@pytest.fixture(scope="module")
def events(examples: Case) -> list[dict[str, Any]]:
    with examples.read() as connection:
        found = queries.events(connection)
    assert len(found) > 20
    return found


def run(case: Case, what: str, target: Path) -> int:
    with case.read() as connection:
        return export(connection, what, target)


def test_jsonl_gives_good_records(examples: Case, tmp_path: Path) -> None:
    assert run(examples, "jsonl", tmp_path / "a.jsonl") == 6
    for line in (tmp_path / "a.jsonl").read_bytes().splitlines():
        check(from_json(line))


@pytest.mark.parametrize("what", ["csv", "parquet"])
def test_tables_lead_back_to_the_words(examples: Case, tmp_path: Path, what: str, texts: dict[int, str]) -> None:
    assert run(examples, what, tmp_path / "t") > 100

    def rows(name: str) -> list[dict[str, Any]]:
        path = tmp_path / "t" / f"{name}.{what}"
        if what == "parquet":
            return pq.read_table(path).to_pylist()
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    assert len(rows("documents")) == 6
    for name in ("events", "statements", "figures", "commitments", "mentions", "times"):
        found = rows(name)
        assert found, name
        for row in found:
            assert texts[int(row["document_id"])][int(row["start"]) : int(row["end"])] == row["text"]
    with (tmp_path / "t/dictionary.csv").open(encoding="utf-8") as file:
        described = {(r["table"], r["column"]) for r in csv.DictReader(file)}
    assert {("events", c) for c in rows("events")[0]} <= described


def test_plover(examples: Case, tmp_path: Path, events: list[dict[str, Any]]) -> None:
    assert run(examples, "plover", tmp_path / "a.jsonl") == len(events)
    for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        info = event["text_info"]
        assert info["text_story"][info["start"] : info["end"]] == event["text"]
        assert info["text_story"][info["trigger_start"] : info["trigger_end"]] == event["event_text"]
        assert 1 <= event["quad_code"] <= 4
        assert {"has_event", "event_loc", "cite_info", "coder", "comment"} <= set(event)


def test_polecat(examples: Case, tmp_path: Path, events: list[dict[str, Any]], texts: dict[int, str]) -> None:
    assert run(examples, "polecat", tmp_path / "a.tsv") == len(events)
    with (tmp_path / "a.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            assert texts[int(row["Document ID"])][int(row["Start"]) : int(row["End"])] == row["Event Text"]


def test_acled(examples: Case, tmp_path: Path, texts: dict[int, str]) -> None:
    assert run(examples, "acled", tmp_path / "a.csv") > 3
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["time_precision"] in "123"
            assert texts[int(row["document_id"])][int(row["start"]) : int(row["end"])] == row["notes"]


def test_follow_the_money_takes_it(examples: Case, tmp_path: Path) -> None:
    from followthemoney import model

    count = run(examples, "ftm", tmp_path / "a.json")
    kinds = []
    for line in (tmp_path / "a.json").read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        entity = model.get_proxy(data)
        for name, values in data["properties"].items():
            assert name in entity.schema.properties, (data["schema"], name)
            # nothing was dropped as unreadable
            assert len(entity.get(name)) == len(set(values)), (name, values)
        kinds.append(data["schema"])
    assert len(kinds) == count
    assert {"Article", "Event", "Person"} <= set(kinds)


def test_annotations_point_at_utf16_positions(examples: Case, tmp_path: Path) -> None:
    run(examples, "annotations", tmp_path / "a.json")
    with examples.read() as connection:
        wide = {f"urn:sha256:{r.text_sha}": r.text.encode("utf-16-le") for r in connection.execute(select(schema.documents))}
    items = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["items"]
    assert len(items) > 50
    for item in items:
        position, quote = item["target"]["selector"]
        raw = wide[item["target"]["source"]]
        assert raw[2 * position["start"] : 2 * position["end"]].decode("utf-16-le") == quote["exact"]


def test_positions_after_wide_characters() -> None:
    text = "أ😀ب👩‍👧ج"
    position = Utf16(text)
    assert [position(i) for i in range(len(text) + 1)] == [len(text[:i].encode("utf-16-le")) // 2 for i in range(len(text) + 1)]


def test_timelinejs(examples: Case, tmp_path: Path) -> None:
    count = run(examples, "timelinejs", tmp_path / "a.json")
    slides = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["events"]
    assert len(slides) == count > 10
    assert all(s["start_date"]["year"] > 1900 and s["text"]["headline"] for s in slides)


def test_geojson(examples: Case, tmp_path: Path) -> None:
    import geojson

    count = run(examples, "geojson", tmp_path / "a.json")
    made = geojson.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert made.is_valid
    assert len(made["features"]) == count > 0


def test_graphml(examples: Case, tmp_path: Path) -> None:
    import networkx as nx

    count = run(examples, "graphml", tmp_path / "a.graphml")
    graph = nx.read_graphml(tmp_path / "a.graphml", force_multigraph=True)
    assert graph.number_of_edges() == count > 5
    assert all(facts["document_id"] for _, _, facts in graph.edges(data=True))


def test_the_command(musnad: Any, examples: Case, tmp_path: Path) -> None:
    for what in FORMATS:
        done = musnad("export", examples.path, what, tmp_path / f"out-{what}")
        assert done.returncode == 0, done.stderr
    again = musnad("export", examples.path, "csv", tmp_path / "out-csv")
    assert again.returncode == 2
    assert b"already there" in again.stderr
    assert b"there is no format pdf" in musnad("export", examples.path, "pdf", "x").stderr
