"""Rows of exports led back to the words of their articles; used by ``case_scale.py`` and the tests of the exports."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from musnad.casefile import schema

Texts = dict[int, str]
#: what a check gives: how many rows were led back, and the names of those that could not be
Found = tuple[int, list[str]]
_ORIGIN = re.compile(r"document (\d+), code points (\d+)-(\d+)")


def texts_of(connection: Connection) -> Texts:
    """The texts of a case's documents."""
    return {r.id: r.text for r in connection.execute(select(schema.documents.c.id, schema.documents.c.text))}


def _stands(texts: Texts, document: Any, start: Any, end: Any, words: str | None) -> bool:
    body = texts.get(int(document))
    if body is None or not 0 <= int(start) < int(end) <= len(body):
        return False
    return words is None or body[int(start) : int(end)] == words


def _each(rows: Iterator[tuple[str, bool]]) -> Found:
    count, lost = 0, []
    for name, good in rows:
        count += 1
        if not good:
            lost.append(name)
    return count, lost


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _table(path: Path, tab: str = ",") -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=tab)


def _records(path: Path, texts: Texts) -> Found:
    known = set(texts.values())

    def rows() -> Iterator[tuple[str, bool]]:
        for record in _lines(path):
            body = record["article"]["text"]
            yield record["article"]["id"], body in known
            for kind in ("mentions", "times", "figures", "statements", "events", "commitments"):
                for item in record[kind]:
                    yield f"{kind} {item['id']}", body[item["start"] : item["end"]] == item["text"]

    return _each(rows())


def _tables(read: Callable[[Path, str], Iterator[dict[str, Any]]]) -> Callable[[Path, Texts], Found]:
    def found(folder: Path, texts: Texts) -> Found:
        spans: set[tuple[str, str]] = set()  # (analysis, item) that stand where they say
        linked: dict[str, set[str]] = {"case_entities": set(), "event_groups": set(), "figure_series": set(), "threads": set()}
        named: set[tuple[str, str]] = set()  # (analysis, entity) with a mention

        def rows() -> Iterator[tuple[str, bool]]:
            for row in read(folder, "documents"):
                yield f"document {row['id']}", texts.get(int(row["id"])) == row["text"]
            for kind in ("mentions", "times", "figures", "statements", "events", "commitments"):
                for row in read(folder, kind):
                    good = _stands(texts, row["document_id"], row["start"], row["end"], row["text"])
                    key = (str(row["analysis_id"]), str(row["id"]))
                    if good:
                        spans.add(key)
                        if kind == "mentions" and row["entity"]:
                            named.add((key[0], str(row["entity"])))
                    yield f"{kind} {key}", good
            for row in read(folder, "entities"):
                yield f"entities {row['id']} of {row['analysis_id']}", (str(row["analysis_id"]), str(row["id"])) in named
            for kind, item in (("parties", "item"), ("parties", "mention"), ("event_links", "event"), ("series_points", "figure"), ("thread_items", "commitment")):  # fmt: skip
                for row in read(folder, kind):
                    key = (str(row["analysis_id"]), str(row[item]))
                    for parent, column in (("event_groups", "group_id"), ("figure_series", "series_id"), ("threads", "thread_id")):
                        if column in row and key in spans:
                            linked[parent].add(str(row[column]))
                    yield f"{kind} {key}", key in spans
            for row in read(folder, "entity_links"):
                key = (str(row["analysis_id"]), str(row["entity"]))
                if key in named:
                    linked["case_entities"].add(str(row["case_entity_id"]))
                yield f"entity_links {key}", key in named
            for kind, have in linked.items():
                for row in read(folder, kind):
                    yield f"{kind} {row['id']}", str(row["id"]) in have
            for row in read(folder, "copies"):
                yield f"copies {row['document_id']}", int(row["document_id"]) in texts and int(row["cluster"]) in texts

        return _each(rows())

    return found


def _read_csv(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    return _table(folder / f"{name}.csv")


def _read_parquet(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(folder / f"{name}.parquet").iter_batches(batch_size=5000):
        yield from batch.to_pylist()


def _plover(path: Path, texts: Texts) -> Found:
    def rows() -> Iterator[tuple[str, bool]]:
        for row in _lines(path):
            info = row["text_info"]
            document = row["id"].split(".")[0]
            yield (
                row["id"],
                texts[int(document)] == info["text_story"] and _stands(texts, document, info["start"], info["end"], row["text"]),
            )

    return _each(rows())


def _polecat(path: Path, texts: Texts) -> Found:
    return _each((r["Event ID"], _stands(texts, r["Document ID"], r["Start"], r["End"], r["Event Text"])) for r in _table(path, "\t"))


def _acled(path: Path, texts: Texts) -> Found:
    return _each((r["event_id_cnty"], _stands(texts, r["document_id"], r["start"], r["end"], r["notes"])) for r in _table(path))


def _ftm(path: Path, texts: Texts) -> Found:
    def rows() -> Iterator[tuple[str, bool]]:
        for row in _lines(path):
            note = row["properties"]["notes"][0]
            if row["schema"] == "Article":
                yield row["id"], texts.get(int(note.removeprefix("document "))) == row["properties"]["bodyText"][0]
                continue
            place = _ORIGIN.match(note)
            words = row["properties"]["summary"][0] if row["schema"] == "Event" else note.partition(": ")[2]
            yield row["id"], place is not None and _stands(texts, *place.groups(), words)

    return _each(rows())


def _ftm_statements(path: Path, texts: Texts) -> Found:
    def rows() -> Iterator[tuple[str, bool]]:
        for row in _lines(path):
            place = _ORIGIN.fullmatch(row["origin"])
            yield f"{row['entity_id']} {row['prop']}", place is not None and _stands(texts, *place.groups(), None)

    return _each(rows())


def _annotations(path: Path, texts: Texts) -> Found:
    wide: dict[int, bytes] = {}

    def rows() -> Iterator[tuple[str, bool]]:
        for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
            number = int(item["id"].split(":")[2])
            if number not in wide:
                wide.clear()
                wide[number] = texts[number].encode("utf-16-le")
            position, quote = item["target"]["selector"]
            exact = wide[number][2 * position["start"] : 2 * position["end"]].decode("utf-16-le")
            yield item["id"], bool(exact) and exact == quote["exact"]

    return _each(rows())


def _timelinejs(path: Path, texts: Texts) -> Found:
    def rows() -> Iterator[tuple[str, bool]]:
        for slide in json.loads(path.read_text(encoding="utf-8"))["events"]:
            places = re.findall(r"\((\d+):(\d+)-(\d+)\)</li>", slide["text"]["text"])
            yield slide["unique_id"], bool(places) and all(_stands(texts, *p, None) for p in places)

    return _each(rows())


def _geojson(path: Path, texts: Texts) -> Found:
    def rows() -> Iterator[tuple[str, bool]]:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            p = feature["properties"]
            yield feature["id"], _stands(texts, p["document_id"], p["start"], p["end"], p["words"])

    return _each(rows())


def _graphml(path: Path, texts: Texts) -> Found:
    import xml.etree.ElementTree as ET

    space = "{http://graphml.graphdrawing.org/xmlns}"

    def rows() -> Iterator[tuple[str, bool]]:
        for kind, words in (("node", "text"), ("edge", "words")):
            for element in ET.parse(path).getroot().iter(f"{space}{kind}"):
                facts = {d.get("key", "").partition("_")[2]: d.text or "" for d in element}
                yield element.get("id", ""), _stands(texts, facts["document_id"], facts["start"], facts["end"], facts[words])

    return _each(rows())


CHECKS: dict[str, Callable[[Path, Texts], Found]] = {
    "jsonl": _records,
    "csv": _tables(_read_csv),
    "parquet": _tables(_read_parquet),
    "plover": _plover,
    "polecat": _polecat,
    "acled": _acled,
    "ftm": _ftm,
    "ftm-statements": _ftm_statements,
    "annotations": _annotations,
    "timelinejs": _timelinejs,
    "geojson": _geojson,
    "graphml": _graphml,
}
