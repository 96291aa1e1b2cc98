"""GeoJSON (RFC 7946): a point for each located event."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import Connection, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters
from musnad.exports.plover import event_id


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """A FeatureCollection of the events whose place has coordinates; returns their number."""
    places = {r.id: r for r in connection.execute(select(schema.case_entities).where(schema.case_entities.c.lat.is_not(None)))}
    features = []
    for row in queries.events(connection, filters):
        place = next((places[s["id"]] for s in row["location"] if s["id"] in places), None)
        if place is None:
            continue
        properties = {
            "type": row["type"], "status": row["status"], "day": row["begin"] or row["published_day"], "place": place.name,
            "actors": [s["name"] for s in row["actor"]], "recipients": [s["name"] for s in row["recipient"]], "dead": row["dead"],
            "words": row["text"], "outlet": row["outlet"], "url": row["url"], "document_id": row["document_id"], "start": row["start"],
            "end": row["end"],
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [place.lon, place.lat]}
        features.append({"type": "Feature", "id": event_id(row), "geometry": point, "properties": properties})
    target.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
    return len(features)
