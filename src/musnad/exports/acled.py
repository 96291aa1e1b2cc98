"""Events in the columns of ACLED's data files, with its precision codes. The fields only: ACLED's own coding is by hand.

Time precision: 1 a day, 2 within a week, 3 within a month. Geographic precision: 1 a town, 2 near it or a part of a region, 3 a region
or country. Source: ACLED Codebook (2024).
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters, Row
from musnad.exports.plover import event_id

_COLUMNS = ("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
            "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso", "region",
            "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale",
            "notes", "fatalities", "tags", "timestamp", "document_id", "start", "end")  # fmt: skip
#: PLOVER type and mode -> ACLED event type and sub-event type; types that ACLED does not record are left out
_BY_MODE = {
    "abduct": ("Violence against civilians", "Abduction/forced disappearance"),
    "sexual": ("Violence against civilians", "Sexual violence"),
    "suicide-attack": ("Explosions/Remote violence", "Suicide bomb"),
    "aerial": ("Explosions/Remote violence", "Air/drone strike"),
    "drone": ("Explosions/Remote violence", "Air/drone strike"),
    "heavy-weapons": ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    "explosives": ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    "crowd-control": ("Protests", "Protest with intervention"),
    "riot": ("Riots", "Violent demonstration"),
    "arrest": ("Strategic developments", "Arrests"),
    "ceasefire": ("Strategic developments", "Agreement"),
}
_BY_TYPE = {
    "ASSAULT": ("Battles", "Armed clash"),
    "PROTEST": ("Protests", "Peaceful protest"),
    "AGREE": ("Strategic developments", "Agreement"),
    "MOBILIZE": ("Strategic developments", "Other"),
    "RETREAT": ("Strategic developments", "Non-violent transfer of territory"),
}
_INTER = {
    "MIL": 1,
    "GOV": 1,
    "COP": 1,
    "SPY": 1,
    "REB": 2,
    "UAF": 3,
    "PRM": 3,
    "CVL": 7,
    "REF": 7,
    "OPP": 6,
    "CRM": 3,
}
_DISORDER = {
    "Protests": "Demonstrations",
    "Riots": "Demonstrations",
    "Strategic developments": "Strategic developments",
}


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """CSV of the events that ACLED's types have a place for, occurred ones only; returns their number."""
    entities = {r.id: r for r in connection.execute(select(schema.case_entities))}
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        for row in queries.events(connection, filters._replace(status=filters.status or ("occurred", "ongoing"))):
            made = _row(row, entities)
            if made:
                writer.writerow(made)
                count += 1
    return count


def kinds(row: Row) -> tuple[str, str] | None:
    """ACLED's event and sub-event type, or None for what it does not record."""
    for mode in row["modes"]:
        if mode in _BY_MODE:
            return _BY_MODE[mode]
    if row["type"] == "ASSAULT" and any((s["code"] or "").endswith("CVL") for s in row["recipient"]):
        return "Violence against civilians", "Attack"
    return _BY_TYPE.get(row["type"])


def _row(row: Row, entities: dict[int, Any]) -> dict[str, Any] | None:
    kind = kinds(row)
    day = row["begin"] or row["published_day"]
    if kind is None or day is None:
        return None
    span = (dt.date.fromisoformat(row["end_date"]) - dt.date.fromisoformat(row["begin"])).days if row["begin"] and row["end_date"] else 6
    place = entities.get(row["location"][0]["id"]) if row["location"] else None
    sides = [*row["actor"], *row["recipient"]] if not row["recipient"] else [row["actor"][0] if row["actor"] else None, row["recipient"][0]]
    one, two = ([*sides, None, None])[:2]

    def inter(side: Row | None) -> int:
        known = entities.get(side["id"]) if side else None
        return _INTER.get(known.sector or "", 8 if known else 0) if known else 0

    a, b = inter(one), inter(two)
    return {
        "event_id_cnty": event_id(row), "event_date": day, "year": day[:4], "time_precision": 1 if span == 0 else 2 if span <= 7 else 3,
        "disorder_type": _DISORDER.get(kind[0], "Political violence"), "event_type": kind[0], "sub_event_type": kind[1],
        "actor1": one and one["name"], "assoc_actor_1": None, "inter1": a, "actor2": two and two["name"], "assoc_actor_2": None,
        "inter2": b, "interaction": f"{min(a, b) if a and b else a or b}{max(a, b) if a and b else 0}",
        "civilian_targeting": "Civilian targeting" if b == 7 and kind[0] != "Protests" else None, "iso": None, "region": None,
        "country": place.country if place else None, "admin1": None, "admin2": None, "admin3": None,
        "location": place.name if place else None, "latitude": place.lat if place else None, "longitude": place.lon if place else None,
        "geo_precision": (1 if place.kind in ("place", "facility") else 3) if place and place.lat is not None else None,
        "source": row["outlet"], "source_scale": None, "notes": row["text"], "fatalities": row["dead"], "tags": row["status"],
        "timestamp": None, "document_id": row["document_id"], "start": row["start"], "end": row["end"],
    }  # fmt: skip
