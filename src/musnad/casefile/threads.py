"""Commitments followed over time: first announced, repeated, moved, under way, done or dropped, with every restatement.

Levels are those of the Peace Accords Matrix (Joshi, Quinn and Regan 2015): 0 not begun, 1 minimal, 2 intermediate, 3 full.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema
from musnad.language.letters import fold

Row = dict[str, Any]
_LEVEL = {
    "proposed": 0,
    "demanded": 0,
    "expected": 0,
    "announced": 0,
    "agreed": 1,
    "delayed": 1,
    "under_way": 2,
    "done": 3,
    "refused": 0,
}
_ALIKE = 0.34  # Jaccard of content words from which two texts of one kind speak of one commitment
_SHORT = 3  # words shorter than this are no content words


@dataclass
class _Thread:
    kind: str
    what: str
    words: set[str]
    parties: set[int]
    items: list[tuple[int, str, str]] = field(default_factory=list)
    first: str | None = None
    last: str | None = None
    deadline: str | None = None
    slips: int = 0
    level: int = 0
    state: str = ""


def _words(text: str) -> set[str]:
    return {w.removeprefix("و").removeprefix("ال") for w in fold(text, "search").split() if len(w) > _SHORT}


def followed(connection: Connection, as_of: str | None = None) -> tuple[list[Row], list[Row]]:
    """Rows of ``threads`` and ``thread_items`` from the analyses in force, or in force at the end of a day, in order of publication."""
    c, a, d, p = schema.commitments, schema.analyses, schema.documents, schema.parties
    sides: dict[tuple[int, str], set[int]] = defaultdict(set)
    for r in connection.execute(
        select(p.c.analysis_id, p.c.item, p.c.case_entity_id).where(p.c.role.in_(["party", "with"]), p.c.case_entity_id.is_not(None))
    ):
        sides[(r.analysis_id, r.item)].add(r.case_entity_id)
    rows = connection.execute(
        select(c, d.c.published_day).join(a, a.c.id == c.c.analysis_id).join(d, d.c.id == c.c.document_id)
        .where(schema.in_force(as_of))
        .order_by(d.c.published_day.is_(None), d.c.published_day, c.c.document_id, c.c.start)
    ).all()  # fmt: skip
    by_kind: dict[str, list[_Thread]] = defaultdict(list)
    threads: list[_Thread] = []
    for r in rows:
        words, parties = _words(r.what), sides[(r.analysis_id, r.id)]
        thread = _find(by_kind[r.kind], words, parties)
        if thread is None:
            thread = _Thread(r.kind, r.what, words, set(parties), first=r.published_day)
            threads.append(thread)
            by_kind[r.kind].append(thread)
        thread.items.append((r.analysis_id, r.id, _step(thread, r.state, r.by_date)))
        thread.parties |= parties
        thread.last, thread.state = r.published_day or thread.last, r.state
        thread.level = max(thread.level, _LEVEL[r.state]) if r.state != "refused" else 0
        if r.by_date:
            thread.slips += bool(thread.deadline and r.by_date > thread.deadline)
            thread.deadline = r.by_date
    made = [
        {"id": n, "kind": t.kind, "what": t.what, "level": t.level, "state": t.state, "first_day": t.first, "last_day": t.last,
         "deadline": t.deadline, "slips": t.slips}
        for n, t in enumerate(threads, 1)
    ]  # fmt: skip
    items = [{"analysis_id": i, "commitment": c, "thread_id": n, "step": step} for n, t in enumerate(threads, 1) for i, c, step in t.items]
    return made, items


def follow(connection: Connection) -> None:
    """Fill ``threads`` and ``thread_items``."""
    made, items = followed(connection)
    if made:
        connection.execute(insert(schema.threads), made)
        connection.execute(insert(schema.thread_items), items)


def _find(candidates: list[_Thread], words: set[str], parties: set[int]) -> _Thread | None:
    best, score = None, _ALIKE
    for thread in candidates[-300:]:
        if parties and thread.parties and not parties & thread.parties:
            continue
        union = len(words | thread.words)
        likeness = len(words & thread.words) / union if union else 0.0
        # the same parties on the same kind of thing need fewer words in common
        if len(parties & thread.parties) > 1:
            likeness += 0.15
        if likeness >= score:
            best, score = thread, likeness
    return best


def _step(thread: _Thread, state: str, deadline: str | None) -> str:
    if not thread.items:
        return "announced"
    if state in ("done", "under_way"):
        return state
    if state == "refused":
        return "dropped"
    if state == "delayed" or (deadline and thread.deadline and deadline != thread.deadline):
        return "moved"
    return "repeated"
