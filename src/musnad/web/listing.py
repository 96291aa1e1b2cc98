"""Lists of events and statements: every item's day, place and codes in memory, so that filters, facets and pages read no rows.

After a change only the articles that were coded or reviewed since are read again.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from musnad.casefile.queries import Filters, find_entities

#: more articles than this that changed at once: everything is read again
_MOST_CHANGED = 300
_QUERY = {
    "events": "SELECT COALESCE(x.begin, d.published_day, ''), x.document_id, x.trigger_start, x.rowid, x.type, x.status, d.outlet FROM events x",
    "statements": "SELECT COALESCE(d.published_day, ''), x.document_id, x.start, x.rowid, x.act, '', d.outlet FROM statements x",
}
_ROLES = {"events": "'actor', 'recipient'", "statements": "'speaker'"}


class Item(NamedTuple):
    """What a list is sorted and narrowed by; ``day`` is empty where unknown, ``status`` for statements."""

    day: str
    document: int
    start: int
    row: int
    type: str
    status: str
    outlet: str | None


class Listing(NamedTuple):
    """All items in force of a kind, newest first, as of the last analysis that was read."""

    kind: str
    last: int
    items: list[Item]
    by_row: dict[int, Item]


class Narrowed(NamedTuple):
    """What filters leave of a listing: items, and for type, status and outlet how many items each value has under the other filters."""

    items: list[Item]
    facets: dict[str, list[tuple[str, int]]]

    def by_day(self) -> list[tuple[str, str, int]]:
        """(day, type, how many), where the day is known."""
        counted = Counter([(i[0][:10], i[4]) for i in self.items if i[0]])
        return [(day, kind, n) for (day, kind), n in counted.items()]


def listing(connection: Connection, kind: str, known: Listing | None = None) -> Listing:
    """The items of a kind; ``known``: as they were before."""
    last = int(connection.execute(text("SELECT max(id) FROM analyses")).scalar() or 0)
    changed: set[int] | None = None
    if known is not None:
        if known.last == last:
            return known
        new = connection.execute(text("SELECT DISTINCT document_id FROM analyses WHERE id > :last"), {"last": known.last}).scalars()
        changed = set(new)
    if known is None or changed is None or len(changed) > _MOST_CHANGED:
        return _listing(kind, last, list(_read(connection, kind, "")))
    kept = [i for i in known.items if i.document not in changed]
    kept += _read(connection, kind, f"WHERE x.document_id IN ({', '.join(map(str, changed))})")
    return _listing(kind, last, kept)


def _listing(kind: str, last: int, items: list[Item]) -> Listing:
    return Listing(kind, last, sorted(items, reverse=True), {i.row: i for i in items})


def _read(connection: Connection, kind: str, condition: str) -> Iterator[Item]:
    query = (
        f"{_QUERY[kind]} JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL JOIN documents d ON d.id = x.document_id "
        f"{condition}"
    )
    for day, document, start, row, code, status, outlet in connection.execute(text(query)):
        yield Item(sys.intern(day), document, start, row, sys.intern(code), sys.intern(status), outlet and sys.intern(outlet))


def narrow(connection: Connection, made: Listing, filters: Filters, actors: list[int] | None = None) -> Narrowed:
    """The items that filters leave, with facets; ``actors``: the ids that ``filters.actor`` means, where they are known."""
    items = made.items
    if filters.actor:
        rows = _of_actor(connection, made.kind, find_entities(connection, filters.actor) if actors is None else actors)
        items = sorted([made.by_row[r] for r in rows if r in made.by_row], reverse=True)
    if filters.since:
        items = [i for i in items if i.day >= filters.since]
    if filters.until:
        # an item without a day is on no day
        items = [i for i in items if i.day and i.day[:10] <= filters.until]
    types, status, outlet = filters.types, filters.status if made.kind == "events" else (), filters.outlet
    of_outlet = [i for i in items if i.outlet == outlet] if outlet else items
    of_status = [i for i in of_outlet if i.status in status] if status else of_outlet
    left = [i for i in of_status if i.type in types] if types else of_status
    facets = {"type": Counter([i[4] for i in of_status])}
    if made.kind == "events":
        facets["status"] = Counter([i[5] for i in of_outlet if not types or i[4] in types])
    others = [i for i in items if (not types or i.type in types) and (not status or i.status in status)] if types or status else items
    facets["outlet"] = Counter([i[6] for i in others if i[6] is not None])
    ranked = {name: sorted(found.items(), key=lambda x: (-x[1], x[0]))[:30] for name, found in facets.items()}
    return Narrowed(left, ranked)


def _of_actor(connection: Connection, kind: str, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    query = f"""SELECT x.rowid FROM (SELECT DISTINCT analysis_id, item FROM parties WHERE role IN ({_ROLES[kind]})
      AND case_entity_id IN ({", ".join(map(str, ids[:500]))})) AS p CROSS JOIN {kind} x ON x.analysis_id = p.analysis_id AND x.id = p.item"""
    return set(connection.execute(text(query)).scalars())
