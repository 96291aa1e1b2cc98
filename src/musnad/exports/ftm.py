"""FollowTheMoney: actors as entities (Person, Organization, PublicBody …), documents as Article, events as Event with proof."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters
from musnad.exports.plover import event_id

_SCHEMA = {"person": "Person", "armed_group": "Organization", "organisation": "Organization", "outlet": "Organization",
           "state": "PublicBody", "group": "Organization", "facility": "Address", "place": "Address"}  # fmt: skip


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """Entities as JSON Lines, each property with the document it is from; returns the number of entities."""
    made: list[dict[str, Any]] = []
    alpha2 = _alpha2()
    for row in connection.execute(select(schema.case_entities)):
        kind = _SCHEMA[row.kind]
        properties: dict[str, list[str]] = {"full" if kind == "Address" else "name": [row.name]}
        if row.name_en and kind != "Address":
            properties["alias"] = [row.name_en]
        if row.country in alpha2:
            properties["country"] = [alpha2[row.country]]
        made.append(_entity(_key("entity", row.key), kind, properties))
    keys = {r.id: _key("entity", r.key) for r in connection.execute(select(schema.case_entities))}
    for row in connection.execute(select(schema.documents)):
        properties = {"title": [row.title or row.text[:80]], "contentHash": [hashlib.sha1(row.text.encode("utf-8", "replace")).hexdigest()],
                      "language": ["ara"], "bodyText": [row.text]}  # fmt: skip
        for name, value in (
            ("publishedAt", row.published),
            ("sourceUrl", row.url),
            ("publisher", row.outlet),
        ):
            if value:
                properties[name] = [value]
        made.append(_entity(_key("document", row.key), "Article", properties))
    documents = {r.id: _key("document", r.key) for r in connection.execute(select(schema.documents.c.id, schema.documents.c.key))}
    for event in queries.events(connection, filters):
        properties = {
            "name": [f"{event['type']}: {event['trigger']}"],
            "summary": [event["text"]],
            "keywords": [event["type"], event["status"], *event["modes"]],
            "proof": [documents[event["document_id"]]],
            "notes": [f"document {event['document_id']}, code points {event['start']}-{event['end']}"],
            "involved": [keys[s["id"]] for s in (*event["actor"], *event["recipient"]) if s["id"] in keys],
            "location": [s["name"] for s in event["location"]],
        }
        for name, value in (
            ("startDate", event["begin"]),
            ("endDate", event["end_date"]),
            ("publisher", event["outlet"]),
        ):
            if value:
                properties[name] = [value]
        made.append(_entity(_key("event", event_id(event)), "Event", {k: v for k, v in properties.items() if v}))
    with target.open("w", encoding="utf-8") as file:
        for entity in made:
            file.write(json.dumps(entity, ensure_ascii=False) + "\n")
    return len(made)


def _key(*parts: str) -> str:
    return hashlib.sha1("\x1f".join(parts).encode()).hexdigest()


def _entity(key: str, kind: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    return {"id": key, "schema": kind, "properties": properties, "datasets": ["musnad"]}


def _alpha2() -> dict[str, str]:
    """ISO 3166-1 alpha-3 -> alpha-2, lower case."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    return {three: found[0].lower() for three, found in aliases.items() if len(three) == 3 and three.isalpha() and len(found) == 1}
