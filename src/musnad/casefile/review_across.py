"""Decisions across articles: actors of the case that are one or two, events that are one or two; kept, applied and taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from musnad.casefile import schema
from musnad.casefile.review_facts import Facts, ReviewError
from musnad.casefile.review_log import Decision, active, decisions, keep, of_case
from musnad.casefile.store import Case, inserted

#: reasons of links that a reviewer made
_MOVED = ("apart in review", "one event in review")


def merge_entities(case: Case, reviewer: str, one: int, into: int, note: str | None = None) -> int:
    """Say that two of the case's entities are one. :raises ReviewError: where they are not two, or not there."""
    with case.write() as connection:
        c = schema.case_entities.c
        names = {r.id: r.name for r in connection.execute(select(c.id, c.name).where(c.id.in_([one, into])))}
        if len(names) != 2:
            raise ReviewError("choose two different actors of this case")
        before = active(of_case(connection))
        number = keep(connection, reviewer, "case_entities", str(one), "merge", {"name": names[one]}, {"into": into, "name": names[into]}, note)  # fmt: skip
        settle_case(connection, before)
        return number


def split_entity(case: Case, reviewer: str, one: int, names: list[str], note: str | None = None) -> int:
    """Say that some names of an entity mean another one, which is made. :raises ReviewError: where none of them is its name."""
    with case.write() as connection:
        have = {n for n, _ in entity_names(connection, one)}
        wanted = [n for n in names if n in have]
        if not wanted or len(wanted) == len(have):
            raise ReviewError("choose some of the actor's names, not none and not all")
        before = active(of_case(connection))
        number = keep(connection, reviewer, "case_entities", str(one), "split", {"names": sorted(have)}, {"names": wanted}, note)  # fmt: skip
        settle_case(connection, before)
        return number


def entity_names(connection: Connection, number: int) -> list[tuple[str, int]]:
    """The names that articles give an entity of the case, with how many articles do, most frequent first."""
    links, e, a = schema.entity_links.c, schema.entities.c, schema.analyses.c
    query = (
        select(e.name, func.count(e.document_id.distinct()))
        .join(schema.entity_links, (links.analysis_id == e.analysis_id) & (links.entity == e.id))
        .join(schema.analyses, a.id == e.analysis_id)
        .where(links.case_entity_id == number, a.superseded_at.is_(None))
        .group_by(e.name)
        .order_by(func.count(e.document_id.distinct()).desc(), e.name)
    )
    return [(r[0], r[1]) for r in connection.execute(query)]


def group_events(case: Case, reviewer: str, action: str, group: int, other: int | tuple[int, str], note: str | None = None) -> int:  # fmt: skip
    """Merge a group of events into another (``other``: its id), or split a telling from it (``other``: analysis and event).

    :raises ReviewError: where they are not there.
    """
    with case.write() as connection:
        tellings = _tellings(connection, group)
        if action == "merge" and isinstance(other, int):
            others = _tellings(connection, other)
            if not tellings or not others or group == other:
                raise ReviewError("choose two different events of this case")
            after: Facts = {"tellings": tellings, "with": others}
        elif action == "split" and isinstance(other, tuple):
            one = [t for t in tellings if t["analysis_id"] == other[0] and t["event"] == other[1]]
            if not one or len(tellings) < 2:
                raise ReviewError("this telling stands alone already")
            after = {"tellings": one, "with": [t for t in tellings if t not in one]}
        else:
            raise ReviewError(f"{action} is no decision on events")
        before = active(of_case(connection))
        number = keep(connection, reviewer, "event_groups", str(group), action, {}, after, note)
        settle_case(connection, before)
        return number


def _tellings(connection: Connection, group: int) -> list[dict[str, Any]]:
    e, links = schema.events.c, schema.event_links
    rows = connection.execute(
        select(e.analysis_id, e.id.label("event"), e.document_id, e.trigger_start, e.trigger_end)
        .join(links, (links.c.analysis_id == e.analysis_id) & (links.c.event == e.id))
        .where(links.c.group_id == group)
    )
    return [dict(r._mapping) for r in rows]


# --- bringing the case in line with them


def settle_case(connection: Connection, before: list[Decision] | None = None) -> None:
    """Bring identities and groups in line with the merges and splits in force.

    :param before: those that were in force until now; None: apply all anew.
    """
    every = of_case(connection)
    live = active(every)
    ids = {d.id for d in live}
    moves, m = schema.review_moves, schema.review_moves.c
    for r in connection.execute(select(moves).order_by(m.review_id.desc())).all():
        if r.review_id not in ids:
            _move(connection, r.analysis_id, r.entity, r.from_id)
    connection.execute(delete(moves).where(m.review_id.not_in(ids or {0})))
    for d in live:
        if d.kind == "case_entities":
            _apply_identity(connection, d)
    known = {d.id for d in before or ()}
    if known - ids or any(n < max(known, default=0) for n in ids - known):
        # something was taken back, or an undo of something old was: from how the machine had them, all that is in force anew
        _as_before_review(connection, [d for d in every if d.kind == "event_groups" and d.action != "undo"])
        known = set()
    for d in live:
        # a decision that is in force already is left alone: its groups keep their numbers
        if d.kind == "event_groups" and d.id not in known:
            _regroup(connection, d.after, apart=d.action == "split")


def _as_before_review(connection: Connection, made: list[Decision]) -> None:
    """Put the tellings that merges and splits speak of back into the groups they had before the first of these.

    What a decision lists was together then (merge: each of the two groups; split: both), unless an earlier decision spoke of it.
    """
    here: list[list[Any]] = []
    seen: set[tuple[int, str]] = set()
    for d in made:
        together = [d.after["tellings"] + d.after["with"]] if d.action == "split" else [d.after["tellings"], d.after["with"]]
        for listed in together:
            found = {(r.analysis_id, r.event): r for r in (_where(connection, t) for t in listed) if r}
            here.append([r for key, r in found.items() if key not in seen])
            seen |= found.keys()
    touched: set[int] = set()
    homes: dict[int, int] = {}
    # whom no reviewer moved stays where it is, and so do the numbers of groups
    for n, rows in sorted(enumerate(here), key=lambda x: all(r.reason in _MOVED for r in x[1])):
        if not rows:
            continue
        unmoved = [r.group_id for r in rows if r.reason not in _MOVED]
        home = next((g for g in (*unmoved, *sorted(r.group_id for r in rows)) if homes.get(g, n) == n), None)
        if home is None:
            home = own_group(connection, rows[0].analysis_id, rows[0].event, "apart in review")
        homes[home] = n
        for r in rows:
            touched |= {r.group_id, home}
            _put(connection, r.analysis_id, r.event, home, "one event in review")
    for group in touched:
        settle_group(connection, group)


def _put(connection: Connection, analysis_id: int, event: str, group: int, reason: str) -> None:
    links = schema.event_links
    connection.execute(
        update(links)
        .where(links.c.analysis_id == analysis_id, links.c.event == event, links.c.group_id != group)
        .values(group_id=group, reason=reason)
    )


def _apply_identity(connection: Connection, d: Decision) -> None:
    links, e, c = schema.entity_links, schema.entities.c, schema.case_entities
    query = select(links.c.analysis_id, links.c.entity).where(links.c.case_entity_id == int(d.item))
    if d.action == "merge":
        target = int(d.after["into"])
    else:
        query = query.join(schema.entities, (e.analysis_id == links.c.analysis_id) & (e.id == links.c.entity)).where(
            e.name.in_(d.after["names"])
        )
        key = f"review:{d.id}"
        found = connection.execute(select(c.c.id).where(c.c.key == key)).scalar()
        if found is None:
            old = connection.execute(select(c.c.kind).where(c.c.id == int(d.item))).scalar()
            found = inserted(connection, insert(c).values(key=key, name=d.after["names"][0], kind=old or "group"))
        target = int(found)
    for r in connection.execute(query).all():
        connection.execute(
            insert(schema.review_moves).prefix_with("OR IGNORE").values(
                review_id=d.id, analysis_id=r.analysis_id, entity=r.entity, from_id=int(d.item)
            )
        )  # fmt: skip
        _move(connection, r.analysis_id, r.entity, target)


def _move(connection: Connection, analysis_id: int, entity: str, target: int) -> None:
    links, p, m = schema.entity_links, schema.parties, schema.mentions.c
    connection.execute(update(links).where(links.c.analysis_id == analysis_id, links.c.entity == entity).values(case_entity_id=target))
    named = select(m.id).where(m.analysis_id == analysis_id, m.entity == entity)
    connection.execute(update(p).where(p.c.analysis_id == analysis_id, p.c.mention.in_(named)).values(case_entity_id=target))


def _regroup(connection: Connection, after: Facts, apart: bool) -> None:
    """Put tellings into the group of the others, or into one of their own."""
    own = {(r.analysis_id, r.event): r.group_id for r in (_where(connection, t) for t in after["tellings"]) if r}
    there = [r.group_id for r in (_where(connection, t) for t in after["with"]) if r]
    others = set(there)
    if not own or not others:
        return
    touched = set(own.values()) | others
    if apart:
        inside = [k for k, g in own.items() if g in others]
        if not inside:
            return
        number = own_group(connection, *inside[0], "apart in review")
    else:
        inside = [k for k, g in own.items() if g not in others]
        number = there[0]
    for analysis_id, event in inside:
        _put(connection, analysis_id, event, number, "apart in review" if apart else "one event in review")
    for group in touched | {number}:
        settle_group(connection, group)


def _where(connection: Connection, telling: dict[str, Any]) -> Any:
    """The link of a telling today: the event itself or, after a re-run, the one whose trigger overlaps most; the same id where two do."""
    e, links, a = schema.events.c, schema.event_links.c, schema.analyses.c
    rows = connection.execute(
        select(links.analysis_id, links.event, links.group_id, links.reason, e.trigger_start, e.trigger_end)
        .join(schema.events, (links.analysis_id == e.analysis_id) & (links.event == e.id))
        .join(schema.analyses, a.id == e.analysis_id)
        .where(
            a.superseded_at.is_(None), e.document_id == telling["document_id"],
            e.trigger_start < telling["trigger_end"], e.trigger_end > telling["trigger_start"],
        )
    ).all()  # fmt: skip

    def alike(r: Any) -> tuple[bool, int, bool]:
        overlap = min(r.trigger_end, telling["trigger_end"]) - max(r.trigger_start, telling["trigger_start"])
        return (r.analysis_id, r.event) == (telling["analysis_id"], telling["event"]), overlap, r.event == telling["event"]

    return max(rows, key=alike, default=None)


def regroup(connection: Connection) -> None:
    """Groups of events that were made anew in line with the merges and splits in force."""
    for d in active(d for d in decisions(connection) if d.kind == "event_groups"):
        _regroup(connection, d.after, apart=d.action == "split")


def own_group(connection: Connection, analysis_id: int, event: str, reason: str) -> int:
    """Put an event into a group of its own; returns the group's id."""
    links = schema.event_links
    e = schema.events.c
    row = connection.execute(select(schema.events).where(e.analysis_id == analysis_id, e.id == event)).one()
    number = inserted(
        connection,
        insert(schema.event_groups).values(
            type=row.type,
            status=row.status,
            begin=row.begin,
            end_date=row.end_date,
            place=None,
            sources=1,
            mentions=1,
        ),
    )
    connection.execute(delete(links).where(links.c.analysis_id == analysis_id, links.c.event == event))
    connection.execute(insert(links).values(analysis_id=analysis_id, event=event, group_id=number, reason=reason))
    settle_group(connection, number)
    return number


def settle_group(connection: Connection, number: int) -> None:
    """Count a group of events anew; without tellings it goes."""
    links, groups, e, c = schema.event_links, schema.event_groups, schema.events, schema.copies
    rows = connection.execute(
        select(e, c.c.cluster).join(links, (links.c.analysis_id == e.c.analysis_id) & (links.c.event == e.c.id))
        .outerjoin(c, c.c.document_id == e.c.document_id).where(links.c.group_id == number)
        .order_by(e.c.document_id, e.c.trigger_start)
    ).all()  # fmt: skip
    if not rows:
        connection.execute(delete(groups).where(groups.c.id == number))
        return
    dated = next((r for r in rows if r.begin), rows[0])
    p, ce = schema.parties.c, schema.case_entities.c
    place = connection.execute(
        select(ce.name).join(schema.parties, p.case_entity_id == ce.id)
        .where(p.role == "location", p.analysis_id == rows[0].analysis_id, p.item == rows[0].id)
    ).scalar()  # fmt: skip
    connection.execute(
        update(groups).where(groups.c.id == number).values(
            type=rows[0].type, status=rows[0].status, begin=dated.begin, end_date=dated.end_date, mentions=len(rows),
            sources=len({r.cluster or r.document_id for r in rows}), **({"place": place} if place else {}),
        )
    )  # fmt: skip
