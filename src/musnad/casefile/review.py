"""Decisions of reviewers over what the machine found: kept for ever, undone by a further decision, stronger than a re-run.

A decision names its item and what the reviewer says of it (:mod:`musnad.casefile.review_facts`). Decisions on one document are
applied, in their order, to the newest analysis that a machine made; where that changes anything the result is written as an
analysis of its own, whose version ends in ``+review.N``. So every question, export and derived table sees the corrected state,
``as_of`` gives what was known before, and the machine's own analysis stays beside it. After a re-run :func:`reapply` finds the
items again by their words (:func:`musnad.casefile.review_facts.likeness`). The log itself is :mod:`musnad.casefile.review_log`;
actors and events that are one or two across articles are :mod:`musnad.casefile.review_across`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from musnad.casefile import schema
from musnad.casefile.ingest import record_of, write_analysis
from musnad.casefile.linking import EntityLinker
from musnad.casefile.review_across import own_group, settle_case, settle_group
from musnad.casefile.review_facts import KINDS, Editor, Facts, anchor, facts_of, likeness
from musnad.casefile.review_facts import ReviewError as ReviewError
from musnad.casefile.review_log import Decision, active, decisions, live_undos, marks_of
from musnad.casefile.store import Case, inserted, now
from musnad.record import Record, RecordError, check, to_json

MARK = "+review."
#: an item of a re-run is the reviewed one from this overlap of their words on
_SAME = 0.5


class Conflict(ReviewError):
    """Somebody else decided on the item since the reviewer last saw it."""

    def __init__(self, reviewer: str, action: str) -> None:
        self.reviewer, self.action = reviewer, action
        super().__init__(f"{reviewer} decided on this meanwhile ({action}): look again")


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
        own_group(connection, new, name, "added in review")
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
                    own_group(connection, new, m.id, "another type in review")
        settle_group(connection, number)
    for table, column, items, parent, key in (
        (schema.series_points, "figure", schema.figures, schema.figure_series, "series_id"),
        (schema.thread_items, "commitment", schema.commitments, schema.threads, "thread_id"),
    ):
        ids = select(items.c.id).where(items.c.analysis_id == new)
        connection.execute(delete(table).where(table.c.analysis_id == old, table.c[column].not_in(ids)))
        connection.execute(update(table).where(table.c.analysis_id == old).values(analysis_id=new))
        connection.execute(delete(parent).where(parent.c.id.not_in(select(table.c[key]))))


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
        live = {d.id for d in active(every)} | {d.id for d in live_undos(every)}
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
            settle_case(connection, [d for d in active(every) if d.document_id is None])
        return number


def reapply(connection: Connection) -> None:
    """Bring documents that were coded again in line with the decisions on them, and identities with merges and splits."""
    r = schema.reviews.c
    ids = connection.execute(select(r.document_id).distinct().where(r.document_id.is_not(None))).scalars().all()
    for document_id in ids:
        refresh(connection, int(document_id))
    if connection.execute(select(r.id).where(r.document_id.is_(None)).limit(1)).scalar() is not None:
        settle_case(connection)
