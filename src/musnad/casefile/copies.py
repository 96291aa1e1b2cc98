"""Near-duplicates: wire copies, rewrites and shortened copies in one cluster, with one representative.

Candidates come from MinHash signatures (Broder 1997, by rensa) of word triples, of the whole text and of its lead, in bands
(locality-sensitive hashing); each candidate pair is then compared exactly. Documents published more than ``_DAYS`` apart are no
copies of one another: formulas return every week.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from musnad.casefile import schema
from musnad.language.letters import fold

_PERMUTATIONS, _SEED = 128, 20
_BANDS = 32  # of four rows: pairs at Jaccard 0.42 meet as often as not
_LEAD = 70  # words
_DAYS = 7
#: share of the shorter text's triples that the longer one has, and Jaccard, from which two texts are copies
_CONTAINED, _JACCARD = 0.60, 0.35
_SMALLEST = 12  # triples: shorter texts must agree nearly whole
_WORD = re.compile(r"\w+")


class Text(NamedTuple):
    """A document as it is compared."""

    document_id: int
    day: dt.date | None
    triples: frozenset[str]


def triples(text: str) -> list[str]:
    """The word triples of a text, folded, in order (words alone where there are fewer than three)."""
    words = _WORD.findall(fold(text, "search").lower())
    if len(words) < 3:
        return words
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def signature(text: str) -> bytes:
    """MinHash of the whole text and of its lead, as little-endian unsigned 32-bit numbers."""
    from rensa import RMinHash

    made = triples(text)
    parts = []
    for some in (made, made[:_LEAD]):
        hashed = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        hashed.update(some)
        parts.append(np.asarray(hashed.digest(), dtype="<u4"))
    return np.concatenate(parts).tobytes()


def alike(a: frozenset[str], b: frozenset[str]) -> float:
    """How alike two texts are, 0-1: the share of the shorter one that the other has, 0 where they are no copies."""
    small, large = sorted((a, b), key=len)
    if not small:
        return 0.0
    common = len(small & large)
    contained = common / len(small)
    jaccard = common / (len(a) + len(b) - common)
    if len(small) < _SMALLEST:
        return contained if contained > 0.9 and jaccard > 0.5 else 0.0
    return contained if contained >= _CONTAINED or jaccard >= _JACCARD else 0.0


def update(connection: Connection) -> int:
    """Bring signatures and clusters up to date with the documents; returns how many documents were new."""
    d, s, c = schema.documents, schema.signatures, schema.copies
    fresh = connection.execute(
        select(d.c.id, d.c.text)
        .outerjoin(s, s.c.document_id == d.c.id)
        .where(s.c.document_id.is_(None))
        .order_by(d.c.id)
    ).all()
    if not fresh:
        return 0
    connection.execute(insert(s), [{"document_id": r.id, "data": signature(r.text)} for r in fresh])
    news = {r.id for r in fresh}
    rows = connection.execute(select(s.c.document_id, s.c.data).order_by(s.c.document_id)).all()
    ids = np.array([r.document_id for r in rows])
    matrix = np.frombuffer(b"".join(r.data for r in rows), dtype="<u4").reshape(len(rows), 2, _PERMUTATIONS)
    pairs = candidates(ids, matrix, news)
    days = {r.id: _day(r.published_day) for r in connection.execute(select(d.c.id, d.c.published_day))}
    links = _compare(connection, pairs, days)
    clusters = {r.document_id: r.cluster for r in connection.execute(select(c.c.document_id, c.c.cluster))}
    connection.execute(delete(c))
    joined = cluster(ids.tolist(), links, clusters, days)
    connection.execute(insert(c), joined)
    return len(fresh)


def candidates(ids: NDArray[np.int64], matrix: NDArray[np.uint32], news: set[int]) -> set[tuple[int, int]]:
    """Pairs of documents, one of them new, that share a band of a signature; smaller id first."""
    found: set[tuple[int, int]] = set()
    width = _PERMUTATIONS // _BANDS
    for part in range(matrix.shape[1]):
        for band in range(_BANDS):
            buckets: dict[bytes, list[int]] = defaultdict(list)
            columns = np.ascontiguousarray(matrix[:, part, band * width : (band + 1) * width])
            for document, row in zip(ids.tolist(), columns, strict=True):
                buckets[row.tobytes()].append(document)
            for members in buckets.values():
                # a bucket of hundreds is a formula, not a copy: neighbours in it are enough to chain true copies
                near = len(members) if len(members) <= 60 else 8
                for i, one in enumerate(members):
                    for other in members[i + 1 : i + 1 + near]:
                        if one in news or other in news:
                            found.add((one, other))
    return found


def _compare(
    connection: Connection, pairs: Iterable[tuple[int, int]], days: dict[int, dt.date | None]
) -> list[tuple[int, int, float]]:
    @lru_cache(maxsize=4096)
    def grams(document: int) -> frozenset[str]:
        body = connection.execute(
            select(schema.documents.c.text).where(schema.documents.c.id == document)
        ).scalar_one()
        return frozenset(triples(body))

    links = []
    for one, other in sorted(pairs):
        first, second = days[one], days[other]
        if first and second and abs((first - second).days) > _DAYS:
            continue
        likeness = alike(grams(one), grams(other))
        if likeness:
            links.append((one, other, likeness))
    return links


def cluster(
    ids: Sequence[int],
    links: Iterable[tuple[int, int, float]],
    before: dict[int, int],
    days: dict[int, dt.date | None],
) -> list[dict[str, object]]:
    """Rows of ``copies``: clusters are what links and earlier clusters connect; the representative is the earliest published."""
    parent = {i: i for i in ids}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    best: dict[int, float] = {}
    for document, representative in before.items():
        if document in parent and representative in parent:
            parent[root(document)] = root(representative)
    for one, other, likeness in links:
        parent[root(one)] = root(other)
        for document in (one, other):
            best[document] = max(best.get(document, 0.0), likeness)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in ids:
        groups[root(i)].append(i)
    rows: list[dict[str, object]] = []
    for members in groups.values():
        first = min(members, key=lambda i: (days.get(i) or dt.date.max, i))
        rows += [
            {"document_id": i, "cluster": first, "similarity": 1.0 if i == first else best.get(i, 1.0)}
            for i in members
        ]
    return rows


def _day(day: str | None) -> dt.date | None:
    return dt.date.fromisoformat(day) if day else None
