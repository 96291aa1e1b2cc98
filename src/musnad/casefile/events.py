"""The same event told by several articles: one group, counted by independent sources.

Two events are the same when type, parties, place and time agree within the tolerances below and no slot contradicts: a slot
that one text leaves open agrees with anything, but enough of the others must agree in so many words.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema

Row = dict[str, Any]

#: days between two reports of one event where both give its day, and between publications where one does not
_EVENT_DAYS, _REPORT_DAYS = 1, 3
#: days from which on a span says too little to be called the same day
_WIDE = 10
#: casualty figures may differ by this factor before they count against a merger
_CASUALTIES = 2.0
#: an event is compared with at most this many earlier ones of its type
_WINDOW = 400
#: kilometres: points so near are one place; points farther than the second are not
_NEAR, _FAR = 30.0, 120.0
#: what must agree in all: the same actor or place counts 2, the same country and sector 1.5, a day 1
_ENOUGH = 3.0


class Party(NamedTuple):
    """Who takes part: the case's entity and its country and sector (None where unknown)."""

    entity: int
    country: str | None
    sector: str | None


class Place(NamedTuple):
    """Where: the case's entity, its country, and its point."""

    entity: int
    country: str | None
    point: tuple[float, float] | None


@dataclass
class Told:
    """One event as one article tells it."""

    analysis_id: int
    event: str
    document_id: int
    cluster: int
    type: str
    status: str
    begin: dt.date | None
    end: dt.date | None
    published: dt.date | None
    actors: set[Party] = field(default_factory=set)
    recipients: set[Party] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    place_name: str | None = None
    dead: int | None = None
    trigger: str = ""
    # the days as numbers: they are compared millions of times
    first: int = 0
    last: int = 0
    told: int = 0

    def __post_init__(self) -> None:
        self.first = self.begin.toordinal() if self.begin else 0
        self.last = self.end.toordinal() if self.end else 0
        self.told = self.published.toordinal() if self.published else 0


_TWO_SIDED = {"CONSULT", "AGREE", "COOPERATE"}
#: sectors that press reports take for one another: the army and the government that sent it
_STATE = {"GOV", "MIL", "COP", "SPY", None}


def same(a: Told, b: Told) -> str | None:
    """Why two tellings are of one event, or None where they are not."""
    if a.type != b.type or (a.status == "denied") != (b.status == "denied"):
        return None
    when = _when(a, b)
    if when is None:
        return None
    reasons = [when] if when else []
    agreed = 1.0 if when else 0.0
    for name, likeness in (*_sides(a, b), ("place", _place_likeness(a.places, b.places))):
        if likeness is None:
            return None
        agreed += likeness
        if likeness > 0:
            reasons.append(f"same {name}" if likeness >= 2 else f"{name} alike")
    if a.dead and b.dead:
        if max(a.dead, b.dead) > _CASUALTIES * min(a.dead, b.dead):
            return None
        if a.dead == b.dead:
            agreed += 1
            reasons.append("same number of dead")
    if a.trigger == b.trigger:
        agreed += 0.5
    if a.cluster == b.cluster and a.trigger == b.trigger:
        agreed += 3
        reasons.append("copies of one text")
    return ", ".join(reasons) if agreed >= _ENOUGH else None


def _sides(a: Told, b: Told) -> list[tuple[str, float | None]]:
    if a.type in _TWO_SIDED or (a.type == "ASSAULT" and (not a.recipients or not b.recipients)):
        return [("parties", _likeness(a.actors | a.recipients, b.actors | b.recipients))]
    return [("actor", _likeness(a.actors, b.actors)), ("recipient", _likeness(a.recipients, b.recipients))]


def _likeness(one: set[Party], other: set[Party]) -> float | None:
    """2 for a shared party, 1.5 for one of the same country and sector, 0 for nothing known, None for a contradiction."""
    if not one or not other:
        return 0.0
    best: float | None = None
    for p in one:
        for q in other:
            if p.entity == q.entity:
                return 2.0
            if p.country and p.country == q.country and p.sector == q.sector:
                best = max(best or 0.0, 1.5)
            elif p.country and p.country == q.country and p.sector in _STATE and q.sector in _STATE:
                best = max(best or 0.0, 0.5)
            elif (p.country is None or q.country is None) and (p.sector is None or q.sector is None or p.sector == q.sector):
                best = max(best or 0.0, 0.0)
    return best


def _place_likeness(one: set[Place], other: set[Place]) -> float | None:
    """2 for the same place or points near one another, 0 where nothing is known or one holds the other, None for elsewhere."""
    if not one or not other:
        return 0.0
    best: float | None = None
    for p in one:
        for q in other:
            if p.entity == q.entity:
                return 2.0
            if p.country and q.country and p.country != q.country:
                continue
            gap = _kilometres(p.point, q.point) if p.point and q.point else None
            if gap is None or gap <= _FAR:
                best = max(best or 0.0, 2.0 if gap is not None and gap <= _NEAR else 0.0)
    return best


def _kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance (haversine) of two points (latitude, longitude)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, p)) for p in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(h))


def _when(a: Told, b: Told) -> str | None:
    """ "" where nothing is known of the days, None where they contradict."""
    if a.first and b.first and a.last and b.last:
        if a.last - a.first > _WIDE or b.last - b.first > _WIDE:
            return "" if a.first <= b.last and b.first <= a.last else None
        return "same day" if a.first - b.last <= _EVENT_DAYS and b.first - a.last <= _EVENT_DAYS else None
    if a.told and b.told:
        return "" if abs(a.told - b.told) <= _REPORT_DAYS else None
    return ""


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def tellings(connection: Connection, as_of: str | None = None) -> list[Told]:
    """Every event of the analyses in force, or in force at the end of a day, in order of publication."""
    e, a, d, k, p = schema.events, schema.analyses, schema.documents, schema.copies, schema.parties
    rows = connection.execute(
        select(e.c.analysis_id, e.c.id, e.c.document_id, e.c.type, e.c.status, e.c.begin, e.c.end_date, e.c.dead, e.c.trigger,
               d.c.published_day, k.c.cluster)
        .join(a, a.c.id == e.c.analysis_id).join(d, d.c.id == e.c.document_id)
        .outerjoin(k, k.c.document_id == d.c.id).where(schema.in_force(as_of))
        .order_by(d.c.published_day.is_(None), d.c.published_day, e.c.document_id, e.c.trigger_start)
    ).all()  # fmt: skip
    out = {
        (r.analysis_id, r.id): Told(
            r.analysis_id, r.id, r.document_id, r.cluster or r.document_id, r.type, r.status, _day(r.begin), _day(r.end_date),
            _day(r.published_day), dead=r.dead, trigger=r.trigger,
        )
        for r in rows
    }  # fmt: skip
    c = schema.case_entities.c
    sides = connection.execute(
        select(p.c.analysis_id, p.c.item, p.c.role, c.id, c.name, c.kind, c.country, c.sector, c.lat, c.lon)
        .join(schema.case_entities, c.id == p.c.case_entity_id)
        .where(p.c.role.in_(["actor", "recipient", "location"]))
    )
    for r in sides:
        told = out.get((r.analysis_id, r.item))
        if told is None:
            continue
        if r.role == "location":
            # a country's own point says nothing of where in it
            point = (r.lat, r.lon) if r.lat is not None and r.kind != "state" else None
            told.places.add(Place(r.id, r.country, point))
            told.place_name = r.name
        else:
            (told.actors if r.role == "actor" else told.recipients).add(Party(r.id, r.country, r.sector))
    return list(out.values())


def _keys(one: Told) -> frozenset[object]:
    """What two tellings must share something of to be one event: day, trigger and number of dead alone are not enough."""
    parties = one.actors | one.recipients
    return frozenset(
        [*(p.entity for p in parties), *(p.country for p in parties if p.country), *(p.entity for p in one.places), ("text", one.cluster)]
        + ["point" for p in one.places if p.point]
    )


def groups_of(told: Iterable[Told]) -> list[tuple[list[Told], list[str]]]:
    """Tellings in groups, each with the reason why it joined (the first one: "first telling")."""
    groups: list[tuple[list[Told], list[str]]] = []
    keys: list[frozenset[object]] = []  # of each group's first telling
    told_by: list[set[int]] = []
    recent: dict[str, list[int]] = defaultdict(list)
    for one in told:
        joined, own = None, _keys(one)
        for g in reversed(recent[one.type][-_WINDOW:]):
            if keys[g].isdisjoint(own):
                continue
            # one article does not tell one event twice (the events stage has merged that), so such pairs are two events
            if one.analysis_id in told_by[g]:
                continue
            members, _ = groups[g]
            reason = same(members[0], one)
            if reason is not None and all(same(m, one) is not None for m in members[1:4]):
                joined = (g, reason)
                break
        if joined is None:
            recent[one.type].append(len(groups))
            groups.append(([one], ["first telling"]))
            keys.append(own)
            told_by.append({one.analysis_id})
        else:
            groups[joined[0]][0].append(one)
            groups[joined[0]][1].append(joined[1])
            told_by[joined[0]].add(one.analysis_id)
    return groups


def grouped(connection: Connection, as_of: str | None = None) -> tuple[list[Row], list[Row]]:
    """Rows of ``event_groups`` and ``event_links`` from the analyses in force, or in force at the end of a day."""
    rows, links = [], []
    for number, (members, reasons) in enumerate(groups_of(tellings(connection, as_of)), 1):
        dated = [m for m in members if m.begin]
        first = min(dated, key=lambda m: ((m.end or m.begin) - m.begin, m.begin), default=members[0])  # type: ignore[operator]
        rows.append(
            {
                "id": number, "type": members[0].type, "status": members[0].status,
                "begin": first.begin.isoformat() if first.begin else None, "end_date": first.end.isoformat() if first.end else None,
                "place": next((m.place_name for m in members if m.place_name), None),
                "sources": len({m.cluster for m in members}), "mentions": len(members),
            }
        )  # fmt: skip
        for member, reason in zip(members, reasons, strict=True):
            links.append(
                {
                    "analysis_id": member.analysis_id,
                    "event": member.event,
                    "group_id": number,
                    "reason": reason,
                }
            )
    return rows, links


def group(connection: Connection) -> None:
    """Fill ``event_groups`` and ``event_links``."""
    rows, links = grouped(connection)
    if rows:
        connection.execute(insert(schema.event_groups), rows)
        connection.execute(insert(schema.event_links), links)
