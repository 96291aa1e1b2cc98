"""Counts over the whole case: what pages show before anybody narrows them. They are made at the start and again after a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from musnad.casefile import review_reports
from musnad.casefile.queries import Filters, Row
from musnad.web import drawing, facts
from musnad.web.labels import QUADS

NONE = Filters()
QUAD_ORDER = ["q4", "q3", "q2", "q1"]


def quads(counted: drawing.Counted) -> drawing.Counted:
    """Events by day and quad class instead of type."""
    sums: dict[tuple[str, str], int] = {}
    for day, kind, n in counted:
        key = (day, f"q{QUADS.get(kind, 1)}")
        sums[key] = sums.get(key, 0) + n
    return [(day, kind, n) for (day, kind), n in sums.items()]


def overview(connection: Connection) -> Row:
    """The pictures of the first page."""
    return {
        "coming": drawing.bars(facts.documents_by_day(connection), 720, 90),
        "events": drawing.bars(quads(facts.by_day(connection, "events", NONE)), 720, 130, QUAD_ORDER),
        "map": drawing.world_map(facts.places(connection, NONE, 120), 720, 380, coarse=True),
        "speakers": facts.top_parties(connection, "speaker", 8),
    }


def world(connection: Connection) -> Row:
    """Places of events."""
    return mapped(facts.places(connection, NONE), facts.count(connection, "events", NONE), facts.facets(connection, "events", NONE))


def mapped(places: list[Row], total: int, facets: Row) -> Row:
    """What the map's page shows: places, facets, and how many events have no place."""
    return {"places": places, "facets": facets, "without": total - sum(p["n"] for p in places)}


def sources(connection: Connection) -> Row:
    """Outlets and the texts they share."""
    return {"rows": facts.sources(connection), "clusters": facts.clusters(connection)}


#: by name, those that the server makes at its start first
COUNTS: dict[str, Callable[[Connection], Any]] = {
    "overview": overview,
    "totals": facts.totals,
    "keywords": facts.keywords,
    "speakers": lambda c: facts.top_parties(c, "speaker", 25),
    "figures": lambda c: facts.facets(c, "figures", NONE),
    "ranking": facts.ranking,
    "names": facts.names,
    "matrix": lambda c: drawing.matrix(facts.pairs(c, None, 400)),
    "map": world,
    "sources": sources,
    "queue": review_reports.ranking,
    "items": review_reports.items,
    "denials": facts.denials,
    "topics": facts.topics,
}
