"""Decisions of reviewers over what the machine found: kept for ever, undone by a further decision, stronger than a re-run.

A decision names its item and what the reviewer says of it (:mod:`musnad.casefile.review_facts`). Decisions on one document are
applied, in their order, to the newest analysis that a machine made; where that changes anything the result is written as an
analysis of its own, whose version ends in ``+review.N``. So every question, export and derived table sees the corrected state,
``as_of`` gives what was known before, and the machine's own analysis stays beside it. After a re-run :func:`reapply` finds the
items again by their words (:func:`musnad.casefile.review_facts.likeness`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from musnad.casefile import schema
from musnad.casefile.ingest import record_of, write_analysis
from musnad.casefile.linking import EntityLinker
from musnad.casefile.queries import Row
from musnad.casefile.review_facts import KINDS, Editor, Facts, anchor, facts_of, likeness
from musnad.casefile.review_facts import ReviewError as ReviewError
from musnad.casefile.store import Case, inserted, now
from musnad.record import Record, RecordError, check, to_json

MARK = "+review."
#: an item of a re-run is the reviewed one from this overlap of their words on
_SAME = 0.5
ACTIONS = ("accept", "correct", "reject", "add", "merge", "split", "undo")


class Conflict(ReviewError):
    """Somebody else decided on the item since the reviewer last saw it."""

    def __init__(self, reviewer: str, action: str) -> None:
        self.reviewer, self.action = reviewer, action
        super().__init__(f"{reviewer} decided on this meanwhile ({action}): look again")


class Decision(NamedTuple):
    """A row of ``reviews``."""

    id: int
    at: str
    reviewer: str
    document_id: int | None
    kind: str
    item: str
    action: str
    before: Any
    after: Any
    note: str | None
    undoes: int | None


def decisions(connection: Connection, document_id: int | None = None) -> list[Decision]:
    """Every decision, oldest first; of one document where it is given."""
    query = select(schema.reviews).order_by(schema.reviews.c.id)
    if document_id is not None:
        query = query.where(schema.reviews.c.document_id == document_id)
    return [Decision(**r._mapping) for r in connection.execute(query)]


def active(every: Iterable[Decision]) -> list[Decision]:
    """Decisions in force: not undone (an undo can be undone too), and no undos."""
    undone: set[int] = set()
    out = []
    for d in sorted(every, key=lambda d: -d.id):
        if d.id in undone:
            continue
        if d.action == "undo":
            undone.add(d.undoes or 0)
        else:
            out.append(d)
    return out[::-1]


# --- one document


def apply(record: Record, made: Iterable[Decision], known: Any = lambda _: None) -> list[tuple[str, str, Decision]]:
    """Apply decisions, in their order, to a machine's record (changed in place).

    :returns: which item of which kind carries which decision: (kind, id, decision); rejected items have their id too.
    """
    editor = Editor(record, known)
    carried: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    now_called: dict[tuple[str, str], str] = {}  # (kind, item as decided on) -> id in this record
    rejected: dict[tuple[str, str], Any] = {}
    facts_at = {kind: {item.id: anchor(kind, facts_of(record, kind, item)) for item in getattr(record, kind)} for kind in KINDS}
    for d in made:
        if d.kind not in KINDS:
            carried[(d.kind, d.item)].append(d)
            continue
        if d.action == "add":
            item = editor.build(d.kind, d.after, d.id)
            now_called[(d.kind, d.item)] = now_called[(d.kind, f"r{d.id}")] = item.id
            carried[(d.kind, item.id)].append(d)
            continue
        name = now_called.get((d.kind, d.item)) or _found(facts_at[d.kind], d)
        if name is None:
            # the re-run lost what a person has seen: it is kept, unless it was rejected
            if d.action == "reject":
                continue
            name = editor.build(d.kind, d.before, d.id).id
        now_called[(d.kind, d.item)] = name
        items = getattr(record, d.kind)
        item = next((i for i in items if i.id == name), None)
        if d.action == "reject":
            if item is not None:
                rejected[(d.kind, name)] = facts_of(record, d.kind, item), item
                editor.remove(d.kind, item)
        else:
            if item is None and (d.kind, name) in rejected:
                item = rejected.pop((d.kind, name))[1]
                items.append(item)
            if item is not None and d.action == "correct":
                editor.set(d.kind, item, d.after, d.id)
                item.rules = [*(r for r in item.rules if r != f"review {d.id}"), f"review {d.id}"]
        carried[(d.kind, name)].append(d)
    for kind in KINDS:
        getattr(record, kind).sort(key=lambda i: (i.start, i.end))
    return [(kind, item, d) for (kind, item), ds in carried.items() for d in ds]


def _found(anchors: dict[str, list[list[int]]], d: Decision) -> str | None:
    """The item of this record that a decision speaks of: the best overlap, the same id where two are alike."""
    if not d.before:
        return d.item if d.item in anchors else None
    spans = anchor(d.kind, d.before)
    best = max(anchors, key=lambda i: (likeness(spans, anchors[i]), i == d.item), default=None)
    return best if best is not None and likeness(spans, anchors[best]) >= _SAME else None


def machine_analysis(connection: Connection, document_id: int) -> tuple[int, str]:
    """The newest analysis that a machine made: its id and version. :raises ReviewError: where there is none."""
    a = schema.analyses.c
    row = connection.execute(
        select(a.id, a.musnad).where(a.document_id == document_id, a.musnad.not_like(f"%{MARK}%")).order_by(a.id.desc())
    ).first()
    if row is None:
        raise ReviewError(f"there is no article {document_id}")
    return row.id, row.musnad


def current_analysis(connection: Connection, document_id: int) -> int | None:
    """The analysis in force of a document."""
    a = schema.analyses.c
    return connection.execute(select(a.id).where(a.document_id == document_id, a.superseded_at.is_(None)).order_by(a.id.desc())).scalar()


def refresh(connection: Connection, document_id: int) -> int:
    """Bring a document's analysis in line with its decisions; returns the id of the analysis in force.

    :raises ReviewError: where a decision cannot be applied.
    """
    every = decisions(connection, document_id)
    base, version = machine_analysis(connection, document_id)
    record = record_of(connection, base)
    carried = apply(record, active(every), lambda name: _known(connection, name))
    try:
        check(record)
    except RecordError as error:
        raise ReviewError(str(error)) from None
    here = current_analysis(connection, document_id) or base
    if _content(record) != _content(record_of(connection, here)):
        label = f"{version}{MARK}{max((d.id for d in every), default=0)}"
        made = _with_version(record, label)
        old, here = here, write_analysis(connection, made, document_id, now(), EntityLinker())
        _follow(connection, old, here)
    marks = schema.review_marks
    connection.execute(delete(marks).where(marks.c.analysis_id == here))
    rows = [{"analysis_id": here, "kind": k, "item": i, "review_id": d.id} for k, i, d in carried]
    if rows:
        connection.execute(insert(marks), rows)
    return here


def _with_version(record: Record, label: str) -> Record:
    return msgspec.structs.replace(record, musnad=label)


def _content(record: Record) -> bytes:
    return to_json(_with_version(record, ""))


def _known(connection: Connection, name: str) -> dict[str, Any] | None:
    c = schema.case_entities.c
    row = connection.execute(
        select(c.name, c.kind, c.actor, c.country, c.sector, c.code, c.name_en, c.lat, c.lon).where(c.name == name)
    ).first()
    return dict(row._mapping) if row is not None else None


def _follow(connection: Connection, old: int, new: int) -> None:
    """Point derived rows of an analysis at the one that takes its place, until the next derivation."""
    e, links, groups = schema.events.c, schema.event_links, schema.event_groups
    have = {r.id: r for r in connection.execute(select(schema.events).where(e.analysis_id == new))}
    touched: set[int] = set()
    for link in connection.execute(select(links).where(links.c.analysis_id == old)).all():
        touched.add(link.group_id)
        this = (links.c.analysis_id == old) & (links.c.event == link.event)
        if link.event in have:
            connection.execute(update(links).where(this).values(analysis_id=new))
        else:
            connection.execute(delete(links).where(this))
    linked = set(connection.execute(select(links.c.event).where(links.c.analysis_id == new)).scalars())
    for name in have.keys() - linked:
        _own_group(connection, new, name, "added in review")
    for number in touched:
        members = connection.execute(
            select(schema.events).join(
                links, (links.c.analysis_id == e.analysis_id) & (links.c.event == e.id)
            ).where(links.c.group_id == number)
        ).all()  # fmt: skip
        kind = connection.execute(select(groups.c.type).where(groups.c.id == number)).scalar()
        if len(members) > 1:
            for m in members:
                if m.analysis_id == new and m.type != kind:
                    _own_group(connection, new, m.id, "another type in review")
        settle_group(connection, number)
    for table, column, items, parent, key in (
        (schema.series_points, "figure", schema.figures, schema.figure_series, "series_id"),
        (schema.thread_items, "commitment", schema.commitments, schema.threads, "thread_id"),
    ):
        ids = select(items.c.id).where(items.c.analysis_id == new)
        connection.execute(delete(table).where(table.c.analysis_id == old, table.c[column].not_in(ids)))
        connection.execute(update(table).where(table.c.analysis_id == old).values(analysis_id=new))
        connection.execute(delete(parent).where(parent.c.id.not_in(select(table.c[key]))))


def _own_group(connection: Connection, analysis_id: int, event: str, reason: str) -> int:
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


# --- deciding


def decide(
    case: Case,
    reviewer: str,
    kind: str,
    action: str,
    *,
    document_id: int | None = None,
    item: str = "",
    after: Facts | None = None,
    note: str | None = None,
    seen: int | None = None,
) -> int:
    """Keep a decision and bring the case in line with it; returns the decision's id.

    :param kind: events, statements, figures, times, commitments; documents (accept: read to the end).
    :param action: accept, correct, reject, add.
    :param item: the item's id in the analysis in force; of no account for add.
    :param after: facts that the reviewer gives (correct: only those that change; add: all).
    :param seen: the last decision on the item that the reviewer knew of (0: none); None: whatever there is.
    :raises Conflict: where another reviewer decided on the item meanwhile.
    :raises ReviewError: where there is no such item, or the decision breaks the law of the record.
    """
    if kind not in (*KINDS, "documents") or action not in ("accept", "correct", "reject", "add"):
        raise ReviewError(f"{action} of {kind} is no decision")
    if action in ("correct", "add") and not after:
        raise ReviewError("nothing is said of what it should be")
    with case.write() as connection:
        here = current_analysis(connection, document_id or 0)
        if document_id is None or here is None:
            raise ReviewError(f"there is no article {document_id}")
        before: Facts | None = None
        if kind == "documents":
            item = str(document_id)
        elif action != "add":
            before = _facts_now(connection, here, document_id, kind, item)
            earlier = marks_of(connection, [here]).get((here, kind, item), [])
            foreign = [d.id for d in earlier if d.reviewer != reviewer and seen is not None and d.id > seen]
            if foreign:
                other = next(d for d in earlier if d.id == foreign[-1])
                raise Conflict(other.reviewer, other.action)
        else:
            item = "new"
        number = inserted(
            connection,
            insert(schema.reviews).values(
                at=now(), reviewer=reviewer, document_id=document_id, kind=kind, item=item, action=action,
                before=before, after=after, note=note,
            ),
        )  # fmt: skip
        if action == "add":
            connection.execute(update(schema.reviews).where(schema.reviews.c.id == number).values(item=f"r{number}"))
        refresh(connection, document_id)
        return number


def _facts_now(connection: Connection, here: int, document_id: int, kind: str, item: str) -> Facts:
    record = record_of(connection, here)
    found = next((i for i in getattr(record, kind) if i.id == item), None)
    if found is not None:
        return facts_of(record, kind, found)
    for d in reversed(active(decisions(connection, document_id))):
        # an item that was rejected can still be decided on
        if (d.kind, d.item) == (kind, item) and d.before:
            return dict(d.before)
    raise ReviewError(f"there is no {item} in {kind} of article {document_id}")


def undo(case: Case, reviewer: str, review_id: int, note: str | None = None) -> int:
    """Take a decision back; returns the id of the undo, which can itself be undone.

    :raises ReviewError: where there is no such decision, or it is undone already.
    """
    with case.write() as connection:
        every = decisions(connection)
        target = next((d for d in every if d.id == review_id), None)
        if target is None:
            raise ReviewError(f"there is no decision {review_id}")
        live = {d.id for d in active(every)} | {d.id for d in _live_undos(every)}
        if review_id not in live:
            raise ReviewError("it is undone already")
        number = inserted(
            connection,
            insert(schema.reviews).values(
                at=now(), reviewer=reviewer, document_id=target.document_id, kind=target.kind, item=target.item,
                action="undo", before=None, after=None, note=note, undoes=review_id,
            ),
        )  # fmt: skip
        if target.document_id is not None:
            refresh(connection, target.document_id)
        else:
            _settle_case(connection)
        return number


def _live_undos(every: list[Decision]) -> list[Decision]:
    undone = {d.undoes for d in every if d.action == "undo"}
    return [d for d in every if d.action == "undo" and d.id not in undone]


# --- entities and groups across the case


def merge_entities(case: Case, reviewer: str, one: int, into: int, note: str | None = None) -> int:
    """Say that two of the case's entities are one. :raises ReviewError: where they are not two, or not there."""
    with case.write() as connection:
        c = schema.case_entities.c
        names = {r.id: r.name for r in connection.execute(select(c.id, c.name).where(c.id.in_([one, into])))}
        if len(names) != 2:
            raise ReviewError("choose two different actors of this case")
        number = _keep(connection, reviewer, "case_entities", str(one), "merge", {"name": names[one]}, {"into": into, "name": names[into]}, note)  # fmt: skip
        _settle_case(connection)
        return number


def split_entity(case: Case, reviewer: str, one: int, names: list[str], note: str | None = None) -> int:
    """Say that some names of an entity mean another one, which is made. :raises ReviewError: where none of them is its name."""
    with case.write() as connection:
        have = {n for n, _ in entity_names(connection, one)}
        wanted = [n for n in names if n in have]
        if not wanted or len(wanted) == len(have):
            raise ReviewError("choose some of the actor's names, not none and not all")
        number = _keep(connection, reviewer, "case_entities", str(one), "split", {"names": sorted(have)}, {"names": wanted}, note)  # fmt: skip
        _settle_case(connection)
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
        number = _keep(connection, reviewer, "event_groups", str(group), action, {}, after, note)
        _settle_case(connection)
        return number


def _tellings(connection: Connection, group: int) -> list[dict[str, Any]]:
    e, links = schema.events.c, schema.event_links
    rows = connection.execute(
        select(e.analysis_id, e.id.label("event"), e.document_id, e.trigger_start, e.trigger_end)
        .join(links, (links.c.analysis_id == e.analysis_id) & (links.c.event == e.id))
        .where(links.c.group_id == group)
    )
    return [dict(r._mapping) for r in rows]


def _keep(connection: Connection, reviewer: str, kind: str, item: str, action: str, before: Facts, after: Facts, note: str | None) -> int:  # fmt: skip
    return inserted(
        connection,
        insert(schema.reviews).values(
            at=now(), reviewer=reviewer, document_id=None, kind=kind, item=item, action=action, before=before, after=after, note=note,
        ),
    )  # fmt: skip


def _settle_case(connection: Connection) -> None:
    """Bring identities and groups in line with the merges and splits in force."""
    every = [d for d in decisions(connection) if d.document_id is None]
    live = active(every)
    ids = {d.id for d in live}
    moves, m = schema.review_moves, schema.review_moves.c
    for r in connection.execute(select(moves).order_by(m.review_id.desc())).all():
        if r.review_id not in ids:
            _move(connection, r.analysis_id, r.entity, r.from_id)
    connection.execute(delete(moves).where(m.review_id.not_in(ids or {0})))
    undone = [d for d in every if d.action in ("merge", "split") and d.id not in ids]
    for d in undone:
        if d.kind == "event_groups":
            _regroup(connection, d.after, apart=d.action == "merge", only_if_changed=True)
    for d in live:
        if d.kind == "case_entities":
            _apply_identity(connection, d)
        elif d.kind == "event_groups":
            _regroup(connection, d.after, apart=d.action == "split")


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


def _regroup(connection: Connection, after: Facts, apart: bool, only_if_changed: bool = False) -> None:
    """Put tellings into the group of the others, or into one of their own."""
    links = schema.event_links
    own = {(r.analysis_id, r.event): r.group_id for r in (_where(connection, t) for t in after["tellings"]) if r}
    others = {r.group_id for r in (_where(connection, t) for t in after["with"]) if r}
    if not own or not others:
        return
    touched = set(own.values()) | others
    if apart:
        inside = [k for k, g in own.items() if g in others]
        if not inside:
            return
        number = _own_group(connection, *inside[0], "apart in review")
    else:
        inside = [k for k, g in own.items() if g not in others]
        number = min(others)
    if only_if_changed and not inside:
        return
    for analysis_id, event in inside:
        connection.execute(
            update(links).where(links.c.analysis_id == analysis_id, links.c.event == event)
            .values(group_id=number, reason="apart in review" if apart else "one event in review")
        )  # fmt: skip
    for group in touched | {number}:
        settle_group(connection, group)


def _where(connection: Connection, telling: dict[str, Any]) -> Any:
    e, links, a = schema.events.c, schema.event_links.c, schema.analyses.c
    return connection.execute(
        select(links.analysis_id, links.event, links.group_id)
        .join(schema.events, (links.analysis_id == e.analysis_id) & (links.event == e.id))
        .join(schema.analyses, a.id == e.analysis_id)
        .where(
            a.superseded_at.is_(None), e.document_id == telling["document_id"],
            e.trigger_start < telling["trigger_end"], e.trigger_end > telling["trigger_start"],
        )
    ).first()  # fmt: skip


def reapply(connection: Connection) -> None:
    """Bring documents that were coded again in line with the decisions on them, and identities with merges and splits."""
    r = schema.reviews.c
    ids = connection.execute(select(r.document_id).distinct().where(r.document_id.is_not(None))).scalars().all()
    for document_id in ids:
        refresh(connection, int(document_id))
    if connection.execute(select(r.id).where(r.document_id.is_(None)).limit(1)).scalar() is not None:
        _settle_case(connection)


def regroup(connection: Connection) -> None:
    """Groups of events that were made anew in line with the merges and splits in force."""
    for d in active(d for d in decisions(connection) if d.kind == "event_groups"):
        _regroup(connection, d.after, apart=d.action == "split")


# --- what pages show


def marks_of(connection: Connection, analyses: list[int]) -> dict[tuple[int, str, str], list[Decision]]:
    """Decisions in force by (analysis, kind, item), oldest first."""
    marks, r = schema.review_marks.c, schema.reviews
    out: dict[tuple[int, str, str], list[Decision]] = defaultdict(list)
    wanted = sorted(set(analyses))
    for i in range(0, len(wanted), 500):
        query = (
            select(marks.analysis_id, marks.kind.label("of"), marks.item.label("name"), r)
            .join(r, r.c.id == marks.review_id)
            .where(marks.analysis_id.in_(wanted[i : i + 500]))
            .order_by(r.c.id)
        )
        for row in connection.execute(query):
            made = Decision(*(row._mapping[c] for c in r.c))
            out[(row.analysis_id, row.of, row.name)].append(made)
    return out


def effective(connection: Connection, kind: str, rows: list[Row]) -> list[Row]:
    """Rows of :mod:`musnad.casefile.queries` with ``review``: None, or what reviewers made of the item.

    ``review`` has ``state`` (accepted, corrected, added), ``by``, ``at``, ``last`` (id of the last decision), ``before`` (the facts
    that the machine gave) and ``disputed`` (reviewers decided differently). Rejected items are not among the rows.
    """
    marks = marks_of(connection, [r["analysis_id"] for r in rows])
    return [{**r, "review": state_of(marks.get((r["analysis_id"], kind, r["id"]), []))} for r in rows]


def state_of(made: list[Decision]) -> dict[str, Any] | None:
    """What decisions on one item come to; None where there are none."""
    if not made:
        return None
    actions = {d.action for d in made}
    last = made[-1]
    if last.action == "reject":
        state = "rejected"
    else:
        state = "added" if "add" in actions else "corrected" if "correct" in actions else "accepted"
    by_reviewer = {d.reviewer: d.action for d in made}
    return {
        "state": state, "by": list(dict.fromkeys(d.reviewer for d in made)), "at": last.at, "last": last.id,
        "before": made[0].before, "disputed": "reject" in by_reviewer.values() and len(set(by_reviewer.values())) > 1,
    }  # fmt: skip
