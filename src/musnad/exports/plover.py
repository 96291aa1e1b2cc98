"""Events shaped like PLOVER (JSON, fields of the OEDA manual, 2024) and like POLECAT's tables (tab separated)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from musnad import __version__
from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters, Row
from musnad.casefile.store import now

_POLECAT = ("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country",
            "Primary Actor Sector", "Actor Name Raw", "Recipient Name", "Recipient Country", "Primary Recipient Sector",
            "Recipient Name Raw", "Placename", "Country", "Latitude", "Longitude", "Source", "Publication Date", "Headline",
            "Language", "Version", "Status", "Document ID", "Start", "End", "Event Text")  # fmt: skip


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """PLOVER JSON Lines (``plover``) or a POLECAT-shaped table (``polecat``); returns the number of events."""
    rows = queries.events(connection, filters)
    entities = {r.id: r for r in connection.execute(select(schema.case_entities))}
    if format == "plover":
        texts: dict[int, str] = {}
        with target.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(
                    json.dumps(
                        _plover(row, entities, _text(connection, row["document_id"], texts)),
                        ensure_ascii=False,
                    )
                    + "\n"
                )
        return len(rows)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _POLECAT, delimiter="\t")
        writer.writeheader()
        writer.writerows(_polecat(row, entities) for row in rows)
    return len(rows)


def _text(connection: Connection, document: int, seen: dict[int, str]) -> str:
    if document not in seen:
        seen.clear()  # rows come by day: the last document is all that is worth keeping
        seen[document] = connection.execute(select(schema.documents.c.text).where(schema.documents.c.id == document)).scalar_one()
    return seen[document]


def event_id(row: Row) -> str:
    """A name of the event that leads back to it: document, analysis and item."""
    return f"{row['document_id']}.{row['analysis_id']}.{row['id']}"


def _entity(side: Row, entities: dict[int, Any]) -> dict[str, Any]:
    known = entities.get(side["id"])
    return {
        "code": side["code"], "sector": known.sector if known else None, "country": known.country if known else None,
        "entity_text": side["text"], "identifier_id": known.actor if known else None, "identifier_text": side["name"],
        "religion": None, "ethnicity": None, "office": None, "gender": None, "age": None,
    }  # fmt: skip


def _plover(row: Row, entities: dict[int, Any], text: str) -> dict[str, Any]:
    place = row["location"][0] if row["location"] else None
    known = entities.get(place["id"]) if place else None
    coded = now()
    return {
        "id": event_id(row), "has_event": True, "date": row["begin"], "time": None, "enddate": row["end_date"], "endtime": None,
        "actor": [_entity(s, entities) for s in row["actor"]], "recipient": [_entity(s, entities) for s in row["recipient"]],
        "event": row["type"], "event_text": row["trigger"], "quad_code": row["quad"], "event_scale": row["scale"],
        "mode": row["modes"], "context": row["contexts"], "status": row["status"],
        "event_loc": {
            "extracted_place": place["text"] if place else None, "resolved_place": place["name"] if place else None, "geonameid": None,
            "lat": known.lat if known else None, "lon": known.lon if known else None, "city": None, "district": None,
            "province": None, "country": known.country if known else None, "country_code": known.country if known else None,
            "feature_class": None, "feature_code": None, "resolution": None,
        },
        "size": {"dead": row["dead"], "injured": row["injured"], "arrested": row["arrested"]},
        "link": None, "text": row["text"],
        "text_info": {"sequence": None, "start": row["start"], "end": row["end"], "trigger_start": row["trigger_start"],
                      "trigger_end": row["trigger_end"], "text_story": text},
        "cite_info": {"corpus": None, "citation": None, "url": row["url"], "title": row["title"], "language": "ar",
                      "publication": row["outlet"], "published": row["published_day"], "license": None, "copyright": None,
                      "coder": f"musnad {__version__}", "codebook": "PLOVER", "version": "2024"},
        "coder": f"musnad {__version__}", "coded_date": coded[:10], "coded_time": coded[11:19], "comment": None,
    }  # fmt: skip


def _polecat(row: Row, entities: dict[int, Any]) -> dict[str, Any]:
    def names(sides: list[Row], key: str) -> str:
        return "; ".join(str(s[key]) for s in sides if s[key])

    def facts(sides: list[Row], column: str) -> str:
        found = [getattr(entities[s["id"]], column) for s in sides if s["id"] in entities]
        return "; ".join(dict.fromkeys(str(f) for f in found if f))

    place = row["location"][0] if row["location"] else None
    known = entities.get(place["id"]) if place else None
    return {
        "Event ID": event_id(row), "Event Date": row["begin"] or row["published_day"], "Event Type": row["type"],
        "Event Mode": "; ".join(row["modes"]), "Intensity": row["scale"], "Quad Code": row["quad"], "Contexts": "; ".join(row["contexts"]),
        "Actor Name": names(row["actor"], "name"), "Actor Country": facts(row["actor"], "country"),
        "Primary Actor Sector": facts(row["actor"][:1], "sector"), "Actor Name Raw": names(row["actor"], "text"),
        "Recipient Name": names(row["recipient"], "name"), "Recipient Country": facts(row["recipient"], "country"),
        "Primary Recipient Sector": facts(row["recipient"][:1], "sector"), "Recipient Name Raw": names(row["recipient"], "text"),
        "Placename": place["name"] if place else None, "Country": known.country if known else None,
        "Latitude": known.lat if known else None, "Longitude": known.lon if known else None, "Source": row["outlet"],
        "Publication Date": row["published_day"], "Headline": row["title"], "Language": "ar", "Version": f"musnad {__version__}",
        "Status": row["status"], "Document ID": row["document_id"], "Start": row["start"], "End": row["end"], "Event Text": row["text"],
    }  # fmt: skip
