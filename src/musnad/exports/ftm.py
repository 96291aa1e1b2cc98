"""FollowTheMoney: actors as entities (Person, Organization, PublicBody …), documents as Article, events as Event with proof.

``ftm`` writes entities; ``ftm-statements`` writes every value of theirs as a statement, whose ``origin`` is the article and the code points it is
from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters, Row
from musnad.exports.plover import event_id

_SCHEMA = {"person": "Person", "armed_group": "Organization", "organisation": "Organization", "outlet": "Organization",
           "state": "PublicBody", "group": "Organization", "facility": "Address", "place": "Address"}  # fmt: skip
_DATASET = "musnad"


class Made(NamedTuple):
    """An entity: its id, schema, properties, where it is from, and since when the case has it."""

    key: str
    schema: str
    properties: dict[str, list[str]]
    origin: str
    seen: str


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """JSON Lines of entities (``ftm``) or of their statements (``ftm-statements``); returns their number."""
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for entity in _entities(connection, filters):
            for row in [_entity(entity)] if format == "ftm" else _statements(entity):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    return count


def _entities(connection: Connection, filters: Filters) -> Iterator[Made]:
    d = schema.documents.c
    documents = {r.id: r for r in connection.execute(queries.narrowed(select(d.id, d.key, d.ingested_at), filters))}
    keys: dict[int, str] = {}
    for actor in _actors(connection, filters):
        keys[actor["id"]] = _key("entity", actor["key"])
        yield _actor(actor, keys[actor["id"]])
    whole = queries.narrowed(select(schema.documents), filters)
    for row in connection.execute(whole.execution_options(yield_per=200)):
        yield _document(row)
    for event in queries.events(connection, filters):
        document = documents.get(event["document_id"])
        if document is None:
            row = connection.execute(select(schema.documents).where(d.id == event["document_id"])).one()
            documents[row.id] = document = row
            yield _document(row)
        sides = [s for s in (*event["actor"], *event["recipient"]) if s["id"] is not None]
        for side in sides:
            if side["id"] not in keys:
                c = schema.case_entities
                facts = dict(connection.execute(select(c).where(c.c.id == side["id"])).one()._mapping)
                keys[side["id"]] = _key("entity", facts["key"])
                place = {"document_id": event["document_id"], "start": side["start"], "end": side["end"], "text": side["text"]}
                yield _actor({**facts, **place, "seen": document.ingested_at}, keys[side["id"]])
        yield _event(event, _key("document", document.key), [keys[s["id"]] for s in sides], document.ingested_at)


def _actors(connection: Connection, filters: Filters) -> Iterator[Row]:
    """The entities of the case, each with the mention that comes first."""
    links, m, c, a, d = schema.entity_links.c, schema.mentions.c, schema.case_entities, schema.analyses.c, schema.documents
    query = (
        select(links.case_entity_id, m.document_id, m.start, m.end, m.text, d.c.ingested_at.label("seen"))
        .select_from(schema.entity_links)
        .join(schema.mentions, and_(m.analysis_id == links.analysis_id, m.entity == links.entity))
        .join(schema.analyses, a.id == links.analysis_id)
        .join(d, d.c.id == a.document_id)
        .order_by(m.document_id, m.start)
    )
    first: dict[int, Row] = {}
    for r in connection.execute(queries.narrowed(queries.current(query, filters), filters)):
        first.setdefault(r.case_entity_id, dict(r._mapping))
    for r in connection.execute(select(c).order_by(c.c.id)):
        if r.id in first:
            yield {**r._mapping, **first[r.id]}


def _actor(row: Row, key: str) -> Made:
    kind = _SCHEMA[row["kind"]]
    properties: dict[str, list[str]] = {"full" if kind == "Address" else "name": [row["name"]]}
    if row["name_en"] and kind != "Address":
        properties["alias"] = [row["name_en"]]
    country = _alpha2().get(row["country"])
    if country:
        properties["country"] = [country]
    origin = _origin(row)
    properties["notes"] = [f"{origin}: {row['text']}"]
    return Made(key, kind, properties, origin, row["seen"])


def _document(row: Any) -> Made:
    properties = {"title": [row.title or row.text[:80]], "contentHash": [hashlib.sha1(row.text.encode("utf-8", "replace")).hexdigest()],
                  "language": ["ara"], "bodyText": [row.text], "notes": [f"document {row.id}"]}  # fmt: skip
    for name, value in (("publishedAt", row.published), ("sourceUrl", row.url), ("publisher", row.outlet)):
        if value:
            properties[name] = [value]
    return Made(_key("document", row.key), "Article", properties, f"document {row.id}, code points 0-{len(row.text)}", row.ingested_at)


def _event(event: Row, proof: str, involved: list[str], seen: str) -> Made:
    origin = _origin(event)
    properties = {
        "name": [f"{event['type']}: {event['trigger']}"],
        "summary": [event["text"]],
        "keywords": [event["type"], event["status"], *event["modes"]],
        "proof": [proof],
        "notes": [origin],
        "involved": list(dict.fromkeys(involved)),
        "location": [s["name"] for s in event["location"]],
    }
    for name, value in (("startDate", event["begin"]), ("endDate", event["end_date"]), ("publisher", event["outlet"])):
        if value:
            properties[name] = [value]
    return Made(_key("event", event_id(event)), "Event", {k: v for k, v in properties.items() if v}, origin, seen)


def _origin(row: Row) -> str:
    return f"document {row['document_id']}, code points {row['start']}-{row['end']}"


def _key(*parts: str) -> str:
    return hashlib.sha1("\x1f".join(parts).encode()).hexdigest()


def _entity(made: Made) -> Row:
    return {"id": made.key, "schema": made.schema, "properties": made.properties, "datasets": [_DATASET]}


def _statements(made: Made) -> Iterator[Row]:
    for name, values in made.properties.items():
        for value in dict.fromkeys(values):
            yield {
                "canonical_id": made.key, "entity_id": made.key, "prop": name,
                "schema": made.schema, "value": value, "dataset": _DATASET, "lang": None, "original_value": None, "external": False,
                "first_seen": made.seen[:19], "last_seen": None, "origin": made.origin,
            }  # fmt: skip


@lru_cache(maxsize=1)
def _alpha2() -> dict[str | None, str]:
    """ISO 3166-1 alpha-3 -> alpha-2, lower case."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    return {three: found[0].lower() for three, found in aliases.items() if len(three) == 3 and three.isalpha() and len(found) == 1}
