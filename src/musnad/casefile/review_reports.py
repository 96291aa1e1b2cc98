"""What comes of a review: what to look at next, how far reviewers agree, gold annotations, suggestions for the lexicons."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select, text

from musnad.casefile import schema
from musnad.casefile.ingest import record_of
from musnad.casefile.queries import Row
from musnad.casefile.review import current_analysis
from musnad.casefile.review_facts import facts_of
from musnad.casefile.review_log import active, decisions, marks_of
from musnad.record import Record

# doubt: 1 - confidence where the coder gives one, else a share for each slot that is open; weight: what a mistake would cost
_QUEUE = """
SELECT 'events' AS kind, e.rowid AS row, e.analysis_id, e.id, e.document_id, e.text, e.type AS label, e.status AS state,
       d.title, d.outlet, d.published_day,
       COALESCE(1 - e.confidence, 0.15 + 0.35 * (pa.n IS NULL) + 0.2 * (pr.n IS NULL) + 0.15 * (e.time IS NULL)
                + 0.15 * (e.status IN ('possible', 'conditional', 'denied'))) AS doubt,
       (CASE e.quad WHEN 4 THEN 3.0 WHEN 3 THEN 2.0 ELSE 1.0 END) + MIN(2.0, COALESCE(e.dead, 0) / 10.0)
         + MIN(2.0, COALESCE(g.sources, 1) / 3.0) AS weight
FROM events e JOIN analyses a ON a.id = e.analysis_id AND a.superseded_at IS NULL JOIN documents d ON d.id = e.document_id
LEFT JOIN event_links l ON l.analysis_id = e.analysis_id AND l.event = e.id LEFT JOIN event_groups g ON g.id = l.group_id
LEFT JOIN (SELECT analysis_id, item, count(*) AS n FROM parties WHERE role = 'actor' GROUP BY 1, 2) pa
       ON pa.analysis_id = e.analysis_id AND pa.item = e.id
LEFT JOIN (SELECT analysis_id, item, count(*) AS n FROM parties WHERE role = 'recipient' GROUP BY 1, 2) pr
       ON pr.analysis_id = e.analysis_id AND pr.item = e.id
WHERE NOT EXISTS (SELECT 1 FROM review_marks m WHERE m.analysis_id = e.analysis_id AND m.kind = 'events' AND m.item = e.id)
UNION ALL
SELECT 'statements', s.rowid, s.analysis_id, s.id, s.document_id, s.content, s.act, s.mode, d.title, d.outlet, d.published_day,
       0.15 + 0.5 * (s.speaker IS NULL) + 0.2 * (length(s.content) < 15) + 0.15 * (length(s.content) > 400),
       CASE WHEN s.act IN ('deny', 'accuse', 'threaten', 'claim_responsibility', 'promise', 'agree') THEN 2.5 ELSE 1.0 END
FROM statements s JOIN analyses a ON a.id = s.analysis_id AND a.superseded_at IS NULL JOIN documents d ON d.id = s.document_id
WHERE NOT EXISTS (SELECT 1 FROM review_marks m WHERE m.analysis_id = s.analysis_id AND m.kind = 'statements' AND m.item = s.id)
"""
_ORDER = {
    "doubt": "doubt DESC, weight DESC",
    "weight": "weight DESC, doubt DESC",
    "both": "doubt * weight DESC",
}


class Ranking(NamedTuple):
    """Every item that nobody decided on: whether it is a statement, its row number, doubt and weight."""

    statement: NDArray[np.bool_]
    row: NDArray[np.int64]
    doubt: NDArray[np.float64]
    weight: NDArray[np.float64]
    orders: dict[tuple[str, str | None], NDArray[np.int64]]

    def order(self, by: str = "both", kind: str | None = None) -> NDArray[np.int64]:
        """Places of the items, the first to look at first."""
        if (by, kind) in self.orders:
            return self.orders[(by, kind)]
        keys = {"doubt": (self.weight, self.doubt), "weight": (self.doubt, self.weight), "both": (self.doubt * self.weight,)}[by]
        made = np.lexsort((self.row, self.statement, *(-k for k in keys)))
        self.orders[(by, kind)] = made if kind is None else made[self.statement[made] == (kind == "statements")]
        return self.orders[(by, kind)]


def ranking(connection: Connection) -> Ranking:
    """What :func:`queue` sorts, without the items: pages of a long queue are cut from it."""
    rows = connection.execute(text(f"SELECT kind = 'statements', row, doubt, weight FROM ({_QUEUE})")).all()
    return Ranking(
        np.array([r[0] for r in rows], bool), np.array([r[1] for r in rows], np.int64), np.array([r[2] for r in rows], float),
        np.array([r[3] for r in rows], float), {},
    )  # fmt: skip


def queued(connection: Connection, made: Ranking, places: NDArray[np.int64], limit: int) -> list[Row]:
    """The first items at these places of a ranking that are still open, as :func:`queue` gives them."""
    out: list[Row] = []
    for i in range(0, len(places), 2 * limit):
        some = places[i : i + 2 * limit]
        found: dict[tuple[bool, int], Row] = {}
        for name, rows in (("events", made.row[some[~made.statement[some]]]), ("statements", made.row[some[made.statement[some]]])):
            if len(rows):
                query = f"{_SHOWN[name]} AND x.rowid IN ({', '.join(map(str, rows.tolist()))})"
                found |= {(name == "statements", r.row): dict(r._mapping) for r in connection.execute(text(query))}
        for p in some.tolist():
            row = found.get((bool(made.statement[p]), int(made.row[p])))
            if row is not None:
                out.append({**row, "doubt": float(made.doubt[p]), "weight": float(made.weight[p])})
        if len(out) >= limit:
            break
    return out[:limit]


_OPEN = """JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL JOIN documents d ON d.id = x.document_id
WHERE NOT EXISTS (SELECT 1 FROM review_marks m WHERE m.analysis_id = x.analysis_id AND m.kind = '{0}' AND m.item = x.id)"""
_SHOWN = {
    "events": "SELECT 'events' AS kind, x.rowid AS row, x.analysis_id, x.id, x.document_id, x.text, x.type AS label, x.status AS state, "
    "d.title, d.outlet, d.published_day FROM events x " + _OPEN.format("events"),
    "statements": "SELECT 'statements' AS kind, x.rowid AS row, x.analysis_id, x.id, x.document_id, x.content AS text, x.act AS label, "
    "x.mode AS state, d.title, d.outlet, d.published_day FROM statements x " + _OPEN.format("statements"),
}  # fmt: skip


def queue(connection: Connection, by: str = "both", kind: str | None = None, limit: int = 50, offset: int = 0) -> list[Row]:
    """Items that nobody decided on, with ``doubt`` (0-1) and ``weight``.

    :param by: doubt, weight, or both (their product).
    """
    where = "WHERE kind = :kind" if kind else ""
    shown = "kind, analysis_id, id, document_id, text, label, state, title, outlet, published_day, doubt, weight"
    query = f"SELECT {shown} FROM ({_QUEUE}) {where} ORDER BY {_ORDER[by]}, document_id, id LIMIT :limit OFFSET :offset"
    values: dict[str, Any] = {"limit": limit, "offset": offset}
    if kind:
        values["kind"] = kind
    return [dict(r._mapping) for r in connection.execute(text(query), values)]


class Agreement(NamedTuple):
    """Two reviewers on the items that both decided on; ``kappa`` None where chance leaves nothing to agree on."""

    one: str
    other: str
    items: int
    same: int
    kappa: float | None
    table: dict[tuple[str, str], int]

    @property
    def raw(self) -> float:
        """Share of items on which they agree."""
        return self.same / self.items


def agreement(connection: Connection) -> list[Agreement]:
    """Agreement of each pair of reviewers: accept, correct or reject, each one's own last decision on an item.

    Kappa is Cohen's (1960).
    """
    latest = _latest(connection)
    pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for by in latest.values():
        for one, other in combinations(sorted(by), 2):
            pairs[(one, other)][(by[one], by[other])] += 1
    return [
        Agreement(one, other, t.total(), sum(n for (a, b), n in t.items() if a == b), kappa(t), dict(t))
        for (one, other), t in sorted(pairs.items())
    ]


def _latest(connection: Connection) -> dict[tuple[int, str, str], dict[str, str]]:
    """Each reviewer's last decision on each item."""
    latest: dict[tuple[int, str, str], dict[str, str]] = defaultdict(dict)
    for d in active(decisions(connection)):
        if d.document_id is not None and d.action in ("accept", "correct", "reject"):
            latest[(d.document_id, d.kind, d.item)][d.reviewer] = d.action
    return latest


def disagreements(connection: Connection, most: int = 200) -> list[Row]:
    """Items on which reviewers decided differently: article, kind, item, and each reviewer's decision; the newest articles first."""
    found = [
        {"document_id": document, "kind": kind, "item": item, "by": by}
        for (document, kind, item), by in _latest(connection).items() if len(set(by.values())) > 1
    ]  # fmt: skip
    return sorted(found, key=lambda f: (-int(f["document_id"]), str(f["kind"]), str(f["item"])))[:most]  # type: ignore[call-overload]


def kappa(table: Counter[tuple[str, str]]) -> float | None:
    """Cohen's kappa of a table of paired decisions."""
    total = table.total()
    ones, others = Counter[str](), Counter[str]()
    for (a, b), n in table.items():
        ones[a] += n
        others[b] += n
    chance = sum(ones[k] * others[k] for k in ones) / total**2
    if chance >= 1:
        return None
    same = sum(n for (a, b), n in table.items() if a == b) / total
    return (same - chance) / (1 - chance)


def read_documents(connection: Connection) -> list[int]:
    """Articles that a reviewer marked as read to the end."""
    m, a = schema.review_marks.c, schema.analyses.c
    query = (
        select(a.document_id)
        .distinct()
        .join(schema.review_marks, m.analysis_id == a.id)
        .where(m.kind == "documents", a.superseded_at.is_(None))
        .order_by(a.document_id)
    )
    return list(connection.execute(query).scalars())


def gold_of(record: Record) -> dict[str, Any]:
    """A record as gold annotation, in the form that :mod:`musnad.evaluation.score` reads."""
    facts = {k: [facts_of(record, k, i) for i in getattr(record, k)] for k in ("events", "statements", "figures", "times")}
    return {
        "sha256": record.article.id,
        "events": [
            {k: f[k] for k in ("type", "status", "trigger", "actors", "recipients", "location", "time")} for f in facts["events"]
        ],
        "statements": [{k: f[k] for k in ("speaker", "cue", "content", "act", "mode")} for f in facts["statements"]],
        "figures": [{k: f[k] for k in ("span", "value", "low", "high", "counts")} for f in facts["figures"]],
        "times": [
            {"span": f["span"], "type": f["type"], "begin": f["begin"], "end": f["end_date"]} for f in facts["times"]
        ],
    }  # fmt: skip


def gold(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Gold of the articles that were read to the end, and those articles (as ``musnad eval --articles`` takes them)."""
    annotations, articles = [], []
    for number in read_documents(connection):
        analysis = current_analysis(connection, number)
        if analysis is None:
            continue
        record = record_of(connection, analysis)
        annotations.append(gold_of(record))
        a = record.article
        articles.append({"text": a.text, "title": a.title, "outlet": a.outlet, "url": a.url, "published": a.published})
    return annotations, articles


class Suggestion(NamedTuple):
    """A change of a lexicon that decisions speak for: which lexicon, the words, what to do, how often, where."""

    lexicon: str
    words: str
    advice: str
    times: int
    documents: list[int]


def suggestions(connection: Connection) -> list[Suggestion]:
    """What decisions say about the lexicons, most frequent first."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    d = schema.documents.c
    texts: dict[int, str] = {}
    for one in active(decisions(connection)):
        if one.document_id is None:
            if one.kind == "case_entities" and one.action == "merge":
                advice = f"alias of {one.after['name']}"
                found[("actors", one.before["name"], advice)].append(0)
            continue
        if one.document_id not in texts:
            texts[one.document_id] = str(connection.execute(select(d.text).where(d.id == one.document_id)).scalar())
        body = texts[one.document_id]
        before, after = one.before or {}, one.after or {}

        def words(span: list[int], body: str = body) -> str:
            return body[span[0] : span[1]]

        if one.kind == "events":
            if one.action == "reject":
                found[("events", words(before["trigger"]), f"no {before['type']}")].append(one.document_id)
            elif one.action == "add":
                found[("events", words(after["trigger"]), f"trigger of {after['type']}")].append(one.document_id)
            elif one.action == "correct" and after.get("type", before["type"]) != before["type"]:
                advice = f"{after['type']} instead of {before['type']}"
                found[("events", words(before["trigger"]), advice)].append(one.document_id)
        elif one.kind == "statements":
            if one.action == "reject":
                found[("statements", words(before["cue"]), "no cue of speech")].append(one.document_id)
            elif one.action == "add":
                found[("statements", words(after["cue"]), f"cue of {after.get('act', 'say')}")].append(one.document_id)
            elif one.action == "correct" and after.get("act", before["act"]) != before["act"]:
                advice = f"{after['act']} instead of {before['act']}"
                found[("statements", words(before["cue"]), advice)].append(one.document_id)
    made = [Suggestion(*key, len(ids), sorted({i for i in ids if i})) for key, ids in found.items()]
    return sorted(made, key=lambda s: (-s.times, s))


def items(connection: Connection) -> Row:
    """How many events and statements the case holds."""
    a = schema.analyses.c
    out: Row = {}
    for name in ("events", "statements"):
        table = schema.ITEMS[name]
        out[name] = connection.execute(
            select(func.count()).select_from(table).join(schema.analyses, a.id == table.c.analysis_id)
            .where(a.superseded_at.is_(None))
        ).scalar()  # fmt: skip
    return out


def progress(connection: Connection, known: Row | None = None) -> Row:
    """How much of the case is reviewed: items with decisions and in all, of events and statements.

    :param known: what :func:`items` gave, where it was counted before.
    """
    a, m = schema.analyses.c, schema.review_marks.c
    out: Row = dict(known if known is not None else items(connection))
    for name in ("events", "statements"):
        out[f"{name}_reviewed"] = connection.execute(
            select(func.count(func.distinct(m.item.op("||")("@").op("||")(m.analysis_id))))
            .join(schema.analyses, a.id == m.analysis_id)
            .where(m.kind == name, a.superseded_at.is_(None))
        ).scalar()
    out["documents"] = len(read_documents(connection))
    return out


__all__ = ["Agreement", "Ranking", "Suggestion", "agreement", "disagreements", "gold", "gold_of", "items", "kappa", "marks_of", "progress", "queue", "queued", "ranking", "read_documents", "suggestions"]  # fmt: skip
