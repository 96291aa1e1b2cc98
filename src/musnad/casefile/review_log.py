"""The log of reviewers' decisions: what was decided, what is in force, and what of it pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema
from musnad.casefile.queries import Row
from musnad.casefile.review_facts import Facts
from musnad.casefile.store import inserted, now


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


def of_case(connection: Connection) -> list[Decision]:
    """Decisions that are of no one article (merges and splits, and undos of them), oldest first."""
    query = select(schema.reviews).where(schema.reviews.c.document_id.is_(None)).order_by(schema.reviews.c.id)
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


def live_undos(every: list[Decision]) -> list[Decision]:
    """Undos in force."""
    undone = {d.undoes for d in every if d.action == "undo"}
    return [d for d in every if d.action == "undo" and d.id not in undone]


def keep(connection: Connection, reviewer: str, kind: str, item: str, action: str, before: Facts, after: Facts, note: str | None) -> int:  # fmt: skip
    """Write a decision that is of no one article; returns its id."""
    return inserted(
        connection,
        insert(schema.reviews).values(
            at=now(), reviewer=reviewer, document_id=None, kind=kind, item=item, action=action, before=before, after=after, note=note,
        ),
    )  # fmt: skip


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
