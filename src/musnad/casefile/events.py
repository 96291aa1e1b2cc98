"""The same event told by several articles: one group, counted by independent sources.

Two events are the same when type, parties, place and time agree within the tolerances below and no slot contradicts: a slot
that one text leaves open agrees with anything, but at least two slots must agree in so many words.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema

#: days between two reports of one event where both give its day, and between publications where one does not
_EVENT_DAYS, _REPORT_DAYS = 1, 3
#: casualty figures may differ by this factor before they count against a merger
_CASUALTIES = 2.0
#: an event joins at most this many earlier ones of its type and day for comparison
_WINDOW = 400


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
    actors: set[int] = field(default_factory=set)
    recipients: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    place_name: str | None = None
    dead: int | None = None
    lemma: str = ""


_TWO_SIDED = {"CONSULT", "AGREE", "COOPERATE"}


def same(a: Told, b: Told) -> str | None:
    """Why two tellings are of one event, or None where they are not."""
    if a.type != b.type or (a.status == "denied") != (b.status == "denied"):
        return None
    reasons = []
    when = _when(a, b)
    if when is None:
        return None
    reasons.append(when) if when else None
    if a.type in _TWO_SIDED or (a.type == "ASSAULT" and (not a.recipients or not b.recipients)):
        pairs = [("parties", a.actors | a.recipients, b.actors | b.recipients)]
    else:
        pairs = [("actor", a.actors, b.actors), ("recipient", a.recipients, b.recipients)]
    agreed = 0
    for name, one, other in pairs:
        if one and other:
            if not one & other:
                return None
            agreed += 2 if name == "parties" and len(one & other) > 1 else 1
            reasons.append(f"same {name}")
    if a.places and b.places:
        if not a.places & b.places:
            return None
        agreed += 1
        reasons.append("same place")
    if a.dead and b.dead:
        if max(a.dead, b.dead) > _CASUALTIES * min(a.dead, b.dead):
            return None
        if a.dead == b.dead:
            agreed += 1
            reasons.append("same number of dead")
    if a.cluster == b.cluster and a.lemma == b.lemma:
        agreed += 2
        reasons.append("copies of one text")
    return ", ".join(reasons) if agreed >= 2 or (agreed and when and a.lemma == b.lemma) else None


def _when(a: Told, b: Told) -> str | None:
    """ "" where nothing is known of the days, None where they contradict."""
    if a.begin and b.begin and a.end and b.end:
        wide = (a.end - a.begin).days > 10 or (b.end - b.begin).days > 10
        if wide:
            return "" if a.begin <= b.end and b.begin <= a.end else None
        gap = max((a.begin - b.end).days, (b.begin - a.end).days, 0)
        return "same day" if gap <= _EVENT_DAYS else None
    if a.published and b.published:
        return "" if abs((a.published - b.published).days) <= _REPORT_DAYS else None
    return ""


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def tellings(connection: Connection) -> list[Told]:
    """Every event of the current analyses, in order of publication."""
    e, a, d, c, p = schema.events, schema.analyses, schema.documents, schema.copies, schema.parties
    rows = connection.execute(
        select(e.c.analysis_id, e.c.id, e.c.document_id, e.c.type, e.c.status, e.c.begin, e.c.end_date, e.c.dead, e.c.trigger,
               d.c.published_day, c.c.cluster)
        .join(a, a.c.id == e.c.analysis_id).join(d, d.c.id == e.c.document_id)
        .outerjoin(c, c.c.document_id == d.c.id).where(a.c.superseded_at.is_(None))
        .order_by(d.c.published_day.is_(None), d.c.published_day, e.c.document_id, e.c.trigger_start)
    ).all()  # fmt: skip
    out = {
        (r.analysis_id, r.id): Told(
            r.analysis_id, r.id, r.document_id, r.cluster or r.document_id, r.type, r.status, _day(r.begin), _day(r.end_date),
            _day(r.published_day), dead=r.dead, lemma=r.trigger,
        )
        for r in rows
    }  # fmt: skip
    sides = connection.execute(
        select(p.c.analysis_id, p.c.item, p.c.role, p.c.case_entity_id, schema.case_entities.c.name)
        .join(schema.case_entities, schema.case_entities.c.id == p.c.case_entity_id)
        .where(p.c.role.in_(["actor", "recipient", "location"]))
    )
    for r in sides:
        told = out.get((r.analysis_id, r.item))
        if told is None:
            continue
        {"actor": told.actors, "recipient": told.recipients, "location": told.places}[r.role].add(
            r.case_entity_id
        )
        if r.role == "location":
            told.place_name = r.name
    return list(out.values())


def groups_of(told: Iterable[Told]) -> list[tuple[list[Told], list[str]]]:
    """Tellings in groups, each with the reason why it joined (the first one: "first telling")."""
    groups: list[tuple[list[Told], list[str]]] = []
    recent: dict[str, list[int]] = defaultdict(list)
    for one in told:
        joined = None
        for g in reversed(recent[one.type][-_WINDOW:]):
            members, _ = groups[g]
            # one article does not tell one event twice (the events stage has merged that), so such pairs are two events
            if any(m.analysis_id == one.analysis_id for m in members):
                continue
            reason = same(members[0], one)
            if reason is not None and all(same(m, one) is not None for m in members[1:4]):
                joined = (g, reason)
                break
        if joined is None:
            recent[one.type].append(len(groups))
            groups.append(([one], ["first telling"]))
        else:
            groups[joined[0]][0].append(one)
            groups[joined[0]][1].append(joined[1])
    return groups


def group(connection: Connection) -> None:
    """Fill ``event_groups`` and ``event_links``."""
    rows, links = [], []
    for number, (members, reasons) in enumerate(groups_of(tellings(connection)), 1):
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
    if rows:
        connection.execute(insert(schema.event_groups), rows)
        connection.execute(insert(schema.event_links), links)
