"""Near-duplicates: wire copies, rewrites and shortened copies in one cluster, with one representative.

Texts are compared by the word triples they share (shingles, Broder 1997), each weighed by how often it returns on other days: what
returns (honorifics, the day's weather, execution statements) is formula and says nothing of copying. Candidates are texts of one week
that share triples few others have. Documents published more than ``_DAYS`` apart are no copies of one another.

A document's triples are hashed once, when it is new; links and clusters are made anew from the hashes at every update, so that a case
filled bit by bit is clustered as one filled at once.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from musnad.casefile import schema
from musnad.language.letters import fold

#: days between two copies at most; further apart each day adds to the share asked for
_DAYS, _PER_DAY = 7, 0.03
#: days within which a triple's return is the same happening, and up to which its return is looked for
_NEAR, _WIDE = 7, 60
#: weighed share of the shorter text's triples that the other has, from which they are copies: the one where the shared triples
#: weigh ``_OWN`` or more on average (are this happening's own), the other where they weigh ``_FORMULA`` or less, between by line
_CONTAINED, _OWN, _NEARLY_WHOLE, _FORMULA = 0.37, 0.75, 0.80, 0.40
#: texts with this many numbers or more that share less than that part of them tell of different things
_NUMBERS, _NUMBERS_SHARED = 3, 0.34
_SMALLEST = 12  # triples: shorter texts must agree nearly whole
#: documents with the same triple that one is paired with: keeps formulas from growing quadratically
_NEIGHBOURS = 24
_ACROSS = 0.5  # of the pairs across two clusters must be linked
_CANDIDATE = 0.15  # unweighed share of triples from which a pair is compared exactly
_WORD, _NUMBER = re.compile(r"\w+"), re.compile(r"\d+(?:[.,٫٬]\d+)*")
_UNDATED = -1_000_000
_HEAD = b"T1"  # of a signature; others are made anew


class Index(NamedTuple):
    """The triples of all documents: one entry a document and distinct triple, documents in order, a document's hashes rising."""

    days: NDArray[np.int64]  # of each document; ``_UNDATED`` where unknown
    starts: NDArray[np.int64]  # where a document's entries begin, with the end of all as last
    hashes: NDArray[np.uint32]
    weights: NDArray[np.float64]


def triples(text: str) -> list[str]:
    """The word triples of a text, folded, in order (words alone where there are fewer than three)."""
    words = _WORD.findall(fold(text, "search").lower())
    if len(words) < 3:
        return words
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def numbers(text: str) -> frozenset[str]:
    """The numbers a text has in digits, without their marks: ``32.190.385`` is ``32190385``."""
    return frozenset(re.sub(r"\D", "", n) for n in _NUMBER.findall(fold(text, "search")))


def signature(text: str) -> bytes:
    """Distinct triples hashed (CRC-32), rising, as little-endian unsigned 32-bit numbers after a head of two bytes."""
    hashes = {zlib.crc32(t.encode()) for t in triples(text)}
    return _HEAD + np.array(sorted(hashes), dtype="<u4").tobytes()


def index(days: Sequence[int], signatures: Sequence[bytes]) -> Index:
    """Index of signatures; a triple weighs 1 / (1 + days on which it returns, ``_NEAR`` to ``_WIDE`` from the document's own)."""
    parts = [np.frombuffer(s, dtype="<u4", offset=len(_HEAD)) for s in signatures]
    starts = np.concatenate([[0], np.cumsum([len(p) for p in parts], dtype=np.int64)])
    hashes = np.concatenate(parts) if parts else np.empty(0, dtype="<u4")
    of_document = np.asarray(days, dtype=np.int64)
    dated = of_document[of_document != _UNDATED]
    # a triple and a day in one number, undated at 0: the days of a triple lie side by side and are counted by look-ups
    offset = np.where(of_document == _UNDATED, 0, of_document - (dated.min() if len(dated) else 0) + _WIDE + 1)
    keys = (hashes.astype(np.int64) << 24) + np.repeat(np.minimum(offset, (1 << 24) - _WIDE - 1), np.diff(starts))
    used, place = np.unique(keys, return_inverse=True)
    triple, day = used >> 24 << 24, used & ((1 << 24) - 1)

    def until(limit: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(used, triple + limit)

    near = until(day + _NEAR + 1) - until(np.maximum(day - _NEAR, 1))
    wide = until(day + _WIDE + 1) - until(np.maximum(day - _WIDE, 1))
    ever = until(np.full_like(day, 1 << 24)) - until(np.ones_like(day))
    # of an undated document all days but one are other days
    returns = np.where(day == 0, np.maximum(ever - 1, 0), wide - near)
    return Index(of_document, starts, hashes, (1.0 / (1.0 + returns))[place])


def candidates(made: Index) -> list[tuple[int, int]]:
    """Pairs of places in the index, at most ``_DAYS`` apart, that share many triples; rising."""
    sizes = np.diff(made.starts)
    documents = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((documents, made.days[documents], made.hashes))
    hashes, documents = made.hashes[order], documents[order]
    days = made.days[documents]
    found: list[NDArray[np.int64]] = []
    for step in range(1, _NEIGHBOURS + 1):
        same = hashes[step:] == hashes[:-step]
        near = (days[step:] - days[:-step] <= _DAYS) | (days[:-step] == _UNDATED)
        one, other = documents[:-step][same & near], documents[step:][same & near]
        found.append(np.minimum(one, other) * len(sizes) + np.maximum(one, other))
    pairs, shared = np.unique(np.concatenate(found), return_counts=True) if found else (np.empty(0, int),) * 2
    one, other = pairs // max(len(sizes), 1), pairs % max(len(sizes), 1)
    enough = shared >= _CANDIDATE * np.minimum(sizes[one], sizes[other])
    return list(zip(one[enough].tolist(), other[enough].tolist(), strict=True))


def alike(made: Index, one: int, other: int) -> float:
    """How alike two texts are, 0-1: the weighed share of the shorter one that the other has, 0 where they are no copies."""
    a, b = (slice(made.starts[d], made.starts[d + 1]) for d in (one, other))
    if a.stop - a.start > b.stop - b.start:
        a, b = b, a
    size = int(a.stop - a.start)
    if not size:
        return 0.0
    _, places, across = np.intersect1d(made.hashes[a], made.hashes[b], assume_unique=True, return_indices=True)
    shared, weights = len(places), made.weights[a]
    if not shared:
        return 0.0
    if size < _SMALLEST:
        whole = shared / (size + int(b.stop - b.start) - shared)
        return shared / size if shared > 0.9 * size and whole > 0.5 else 0.0
    common = float(weights[places].sum())
    contained = common / float(weights.sum())
    own = max(common, float(made.weights[b][across].sum())) / shared
    asked = float(np.interp(own, (_FORMULA, _OWN), (_NEARLY_WHOLE, _CONTAINED)))
    first, second = int(made.days[one]), int(made.days[other])
    later = 0.0 if _UNDATED in (first, second) else max(0, abs(first - second) - 1) * _PER_DAY
    return contained if contained >= asked + later else 0.0


def same_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the numbers of two texts allow that one is a copy of the other."""
    fewest = min(len(one), len(other))
    return fewest < _NUMBERS or len(one & other) >= _NUMBERS_SHARED * fewest


def update(connection: Connection) -> int:
    """Bring signatures and clusters up to date with the documents; returns how many documents were new."""
    d, s, c = schema.documents, schema.signatures, schema.copies
    rows = connection.execute(select(d.c.id, d.c.published_day, s.c.data).outerjoin(s, s.c.document_id == d.c.id).order_by(d.c.id)).all()
    made = {r.id: r.data for r in rows if r.data is not None and r.data[:2] == _HEAD}
    fresh = [r.id for r in rows if r.id not in made]
    if not fresh:
        return 0
    outdated = {r.id for r in rows if r.data is not None} - made.keys()
    for part in _parts(fresh):
        connection.execute(delete(s).where(s.c.document_id.in_([i for i in part if i in outdated])))
        texts = connection.execute(select(d.c.id, d.c.text).where(d.c.id.in_(part)))
        new = {r.id: signature(r.text) for r in texts}
        connection.execute(insert(s), [{"document_id": i, "data": data} for i, data in new.items()])
        made |= new
    ids = [r.id for r in rows]
    days = {r.id: dt.date.fromisoformat(r.published_day) if r.published_day else None for r in rows}
    links = _links(connection, ids, days, made)
    connection.execute(delete(c))
    connection.execute(insert(c), cluster(ids, links, days))
    return len(fresh)


def _links(
    connection: Connection, ids: Sequence[int], days: dict[int, dt.date | None], made: dict[int, bytes]
) -> list[tuple[int, int, float]]:
    """Pairs of documents that are copies, with how alike they are."""
    numbered = [_UNDATED if (day := days[i]) is None else day.toordinal() for i in ids]
    indexed = index(numbered, [made[i] for i in ids])
    found = [(ids[a], ids[b], likeness) for a, b in candidates(indexed) if (likeness := alike(indexed, a, b))]
    d = schema.documents
    counted: dict[int, frozenset[str]] = {}
    for part in _parts(sorted({i for link in found for i in link[:2]})):
        texts = connection.execute(select(d.c.id, d.c.text).where(d.c.id.in_(part)))
        counted |= {r.id: numbers(r.text) for r in texts}
    return [link for link in found if same_numbers(counted[link[0]], counted[link[1]])]


def _parts(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))


def cluster(ids: Sequence[int], links: Iterable[tuple[int, int, float]], days: dict[int, dt.date | None]) -> list[dict[str, object]]:
    """Rows of ``copies``: two clusters become one, strongest links first, where ``_ACROSS`` of the pairs are
    linked; the representative is the earliest published."""
    of = {i: i for i in ids}
    groups = {i: [i] for i in ids}
    linked: dict[int, set[int]] = defaultdict(set)
    best: dict[int, float] = {}
    ranked = sorted(links, key=lambda link: (-link[2], link[0], link[1]))
    for one, other, likeness in ranked:
        linked[one].add(other)
        linked[other].add(one)
        for document in (one, other):
            best[document] = max(best.get(document, 0.0), likeness)
    for one, other, _ in ranked:
        kept, gone = sorted((of[one], of[other]), key=lambda g: (-len(groups[g]), g))
        if kept == gone:
            continue
        across = sum(len(linked[i].intersection(groups[kept])) for i in groups[gone])
        # one text of two stories must not make one cluster of both
        if across >= _ACROSS * len(groups[kept]) * len(groups[gone]):
            for i in groups[gone]:
                of[i] = kept
            groups[kept] += groups.pop(gone)
    rows: list[dict[str, object]] = []
    for members in groups.values():
        first = min(members, key=lambda i: (days.get(i) or dt.date.max, i))
        rows += [{"document_id": i, "cluster": first, "similarity": 1.0 if i == first else best.get(i, 1.0)} for i in members]
    return rows
