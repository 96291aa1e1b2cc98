"""Counts and pairs that pages show, by SQL over the analyses in force."""

from __future__ import annotations

import datetime as dt
import json
import sys
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from musnad.casefile.queries import Filters, Row, find_entities
from musnad.casefile.search import match_expression, matches
from musnad.casefile.store import Case
from musnad.language.letters import fold

_NOW = "JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL JOIN documents d ON d.id = x.document_id"
_DAY = {
    "events": "COALESCE(x.begin, d.published_day)", "statements": "d.published_day", "figures": "d.published_day",
    "commitments": "d.published_day",
}  # fmt: skip
_TYPE = {"events": "type", "statements": "act", "figures": "counts", "commitments": "kind"}
_STATUS = {"events": "status", "commitments": "state"}
_ROLES = {
    "events": "('actor', 'recipient')", "statements": "('speaker')", "figures": "('of', 'place')", "commitments": "('party', 'with')",
}  # fmt: skip
#: what counts read, without the rows: those of documents and analyses hold whole texts and records
_INDEXES = (
    "web_documents ON documents(id, published_day, outlet)",
    "web_events ON events(analysis_id, document_id, type, status, begin, quad, trigger_start)",
    "web_statements ON statements(analysis_id, document_id, act, start)",
    "web_figures ON figures(analysis_id, document_id, counts)",
    "web_parties ON parties(role, case_entity_id, analysis_id, item)",
)  # fmt: skip


def prepare(case: Case) -> None:
    """Give a case the indexes that the pages' counts need; a case that cannot be written is read without them."""
    try:
        with case.read() as connection:
            have = {r[0] for r in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'"))}
        if any(i.split()[0] not in have for i in _INDEXES):
            with case.write() as connection:
                for index in _INDEXES:
                    connection.execute(text(f"CREATE INDEX IF NOT EXISTS {index}"))
                # or SQLite goes through the texts to reach the outlet behind them
                connection.execute(text("ANALYZE documents"))
    except OperationalError:
        return


def _rows(connection: Connection, query: str, values: dict[str, Any] | None = None) -> list[Row]:
    return [dict(r._mapping) for r in connection.execute(text(query), values or {})]


def where(connection: Connection, kind: str, filters: Filters, leave: str = "") -> tuple[str, dict[str, Any]]:
    """Conditions of a kind's filters and their values; ``leave``: a filter to leave out (facets show what else there is)."""
    parts, values = ["1"], {}
    if filters.since:
        parts.append(f"{_DAY[kind]} >= :since")
        values["since"] = filters.since
    if filters.until:
        parts.append(f"{_DAY[kind]} <= :until")
        values["until"] = filters.until
    if filters.outlet and leave != "outlet":
        parts.append("d.outlet = :outlet")
        values["outlet"] = filters.outlet
    for name, column, chosen in (
        ("type", _TYPE[kind], filters.types),
        ("status", _STATUS.get(kind, ""), filters.status),
    ):
        if chosen and column and leave != name:
            parts.append(f"x.{column} IN ({', '.join(f':{name}{i}' for i in range(len(chosen)))})")
            values |= {f"{name}{i}": v for i, v in enumerate(chosen)}
    if filters.actor:
        ids = find_entities(connection, filters.actor)[:500]
        # from the actor's few rows to the items, not through all items
        parts.append(
            "(x.analysis_id, x.id) IN (SELECT p.analysis_id, p.item FROM parties p WHERE p.role IN "
            f"{_ROLES[kind]} AND p.case_entity_id IN ({', '.join(map(str, ids)) or '-1'}))"
        )
    return " AND ".join(parts), values


def count(connection: Connection, kind: str, filters: Filters) -> int:
    """How many items of a kind the filters leave."""
    condition, values = where(connection, kind, filters)
    return int(connection.execute(text(f"SELECT count(*) FROM {kind} x {_NOW} WHERE {condition}"), values).scalar() or 0)


def facets(connection: Connection, kind: str, filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """For type, status and outlet: values with how many items each has under the other filters."""
    out = {}
    for name, column in (
        ("type", f"x.{_TYPE[kind]}"),
        ("status", f"x.{_STATUS.get(kind, '')}"),
        ("outlet", "d.outlet"),
    ):
        if column == "x.":
            continue
        condition, values = where(connection, kind, filters, name)
        query = f"SELECT {column} AS k, count(*) AS n FROM {kind} x {_NOW} WHERE {condition} AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 30"
        out[name] = [(r["k"], r["n"]) for r in _rows(connection, query, values)]
    return out


def by_day(connection: Connection, kind: str, filters: Filters) -> list[tuple[str, str, int]]:
    """(day, type, how many) of a kind, where the day is known."""
    condition, values = where(connection, kind, filters)
    query = f"SELECT {_DAY[kind]} AS day, x.{_TYPE[kind]} AS k, count(*) AS n FROM {kind} x {_NOW} WHERE {condition} AND {_DAY[kind]} IS NOT NULL GROUP BY 1, 2"
    return [(r["day"][:10], r["k"], r["n"]) for r in _rows(connection, query, values)]


def documents_by_day(connection: Connection) -> list[tuple[str, str, int]]:
    """(day, "articles", how many)."""
    query = "SELECT published_day AS day, count(*) AS n FROM documents WHERE published_day IS NOT NULL GROUP BY 1"
    return [(r["day"], "articles", r["n"]) for r in _rows(connection, query)]


def totals(connection: Connection) -> Row:
    """How much of everything the case holds."""
    query = """SELECT (SELECT count(*) FROM documents) AS articles, (SELECT count(*) FROM event_groups) AS events,
      (SELECT count(*) FROM statements x JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL) AS statements,
      (SELECT count(*) FROM figures x JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL) AS figures,
      (SELECT count(*) FROM threads) AS commitments,
      (SELECT count(DISTINCT case_entity_id) FROM parties) AS actors,
      (SELECT count(DISTINCT outlet) FROM documents) AS outlets,
      (SELECT count(*) FROM copies WHERE cluster <> document_id) AS copies,
      (SELECT min(published_day) FROM documents) AS first, (SELECT max(published_day) FROM documents) AS last"""
    return _rows(connection, query)[0]


def articles(connection: Connection, outlet: str | None, since: str | None, until: str | None, limit: int, offset: int) -> tuple[list[Row], int]:  # fmt: skip
    """Articles, newest first, with their number of events and statements and the original where one is a copy."""
    parts, values = ["1"], {}
    for name, condition in (("outlet", "d.outlet = :outlet"), ("since", "d.published_day >= :since"), ("until", "d.published_day <= :until")):  # fmt: skip
        value = {"outlet": outlet, "since": since, "until": until}[name]
        if value:
            parts.append(condition)
            values[name] = value
    condition = " AND ".join(parts)
    n = connection.execute(text(f"SELECT count(*) FROM documents d WHERE {condition}"), values).scalar()
    rows = _rows(
        connection,
        f"""SELECT d.id, d.title, substr(d.text, 1, 120) AS lead, d.outlet, d.published_day, c.cluster,
          (SELECT count(*) FROM events e WHERE e.analysis_id = a.id) AS events,
          (SELECT count(*) FROM statements s WHERE s.analysis_id = a.id) AS statements,
          EXISTS (SELECT 1 FROM review_marks m WHERE m.analysis_id = a.id AND m.kind = 'documents') AS read
        FROM (SELECT d.id FROM documents d WHERE {condition} ORDER BY d.published_day DESC, d.id DESC LIMIT :limit OFFSET :offset) AS page
        CROSS JOIN documents d ON d.id = page.id JOIN analyses a ON a.document_id = d.id AND a.superseded_at IS NULL
        LEFT JOIN copies c ON c.document_id = d.id ORDER BY d.published_day DESC, d.id DESC""",
        {**values, "limit": limit, "offset": offset},
    )
    return rows, int(n or 0)


def outlets(connection: Connection) -> list[str]:
    """Outlets, most articles first."""
    query = "SELECT outlet FROM documents WHERE outlet IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 200"
    return [r["outlet"] for r in _rows(connection, query)]


def sources(connection: Connection) -> list[Row]:
    """Outlets: articles, how many are copies, how many were copied by others, first and last day."""
    return _rows(
        connection,
        """SELECT d.outlet, count(*) AS articles, sum(c.cluster IS NOT NULL AND c.cluster <> d.id) AS copies,
          (SELECT count(*) FROM copies c2 JOIN documents o ON o.id = c2.cluster WHERE c2.cluster <> c2.document_id
           AND o.outlet IS d.outlet) AS copied, min(d.published_day) AS first, max(d.published_day) AS last
        FROM documents d LEFT JOIN copies c ON c.document_id = d.id GROUP BY d.outlet ORDER BY 2 DESC""",
    )


def clusters(connection: Connection, limit: int = 30) -> list[Row]:
    """Texts that several outlets carry: the representative and its copies, most copied first."""
    heads = _rows(
        connection,
        """SELECT c.cluster, count(*) AS n, d.title, substr(d.text, 1, 100) AS lead, d.outlet, d.published_day
        FROM copies c JOIN documents d ON d.id = c.cluster GROUP BY c.cluster HAVING count(*) > 1
        ORDER BY n DESC, c.cluster LIMIT :limit""",
        {"limit": limit},
    )
    inside: dict[int, list[Row]] = defaultdict(list)
    ids = ", ".join(str(h["cluster"]) for h in heads) or "-1"
    for r in _rows(
        connection,
        f"""SELECT c.cluster, c.similarity, d.id, d.title, d.outlet, d.published_day FROM copies c
        JOIN documents d ON d.id = c.document_id WHERE c.cluster IN ({ids}) AND d.id <> c.cluster
        ORDER BY c.similarity DESC LIMIT 400""",
    ):
        inside[r["cluster"]].append(r)
    return [{**h, "members": inside[h["cluster"]]} for h in heads]


def top_parties(connection: Connection, role: str, limit: int = 25) -> list[Row]:
    """The case's entities that most often have a role, with how often."""
    return _rows(
        connection,
        f"""SELECT c.id, c.name, c.name_en, c.code, c.country, n FROM (SELECT p.case_entity_id AS k, count(*) AS n FROM parties p
          JOIN analyses a ON a.id = p.analysis_id AND a.superseded_at IS NULL
          WHERE p.role = :role AND p.case_entity_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(limit)})
        JOIN case_entities c ON c.id = k ORDER BY n DESC, c.id""",
        {"role": role},
    )


def topics(connection: Connection, limit: int = 25) -> list[Row]:
    """Actors and places that statements most often speak of (named within what was said), with how many statements."""
    return _rows(
        connection,
        f"""WITH said AS MATERIALIZED (SELECT x.analysis_id, x.id, json_extract(x.spans, '$[0][0]') AS s,
          json_extract(x.spans, '$[#-1][1]') AS e FROM statements x
          JOIN analyses a ON a.id = x.analysis_id AND a.superseded_at IS NULL),
        named AS MATERIALIZED (SELECT DISTINCT said.analysis_id, said.id, m.entity FROM said
          JOIN mentions m ON m.analysis_id = said.analysis_id AND m.start >= said.s AND m."end" <= said.e
          WHERE m.kind <> 'outlet' AND m.entity IS NOT NULL),
        counted AS MATERIALIZED (SELECT l.case_entity_id AS k, count(*) AS n FROM named
          JOIN entity_links l ON l.analysis_id = named.analysis_id AND l.entity = named.entity
          GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(limit)})
        SELECT c.id, c.name, c.name_en, n FROM counted JOIN case_entities c ON c.id = k ORDER BY n DESC, c.id""",
    )


def statements_on(connection: Connection, entity: int) -> array[int]:
    """Row numbers of statements that speak of an entity, newest first."""
    rows = connection.execute(
        text(
            """SELECT DISTINCT x.rowid, d.published_day, x.document_id, x.start FROM entity_links l
            JOIN mentions m ON m.analysis_id = l.analysis_id AND m.entity = l.entity
            JOIN analyses a ON a.id = m.analysis_id AND a.superseded_at IS NULL
            JOIN statements x ON x.analysis_id = m.analysis_id AND m.start >= json_extract(x.spans, '$[0][0]')
              AND m."end" <= json_extract(x.spans, '$[#-1][1]')
            JOIN documents d ON d.id = x.document_id
            WHERE l.case_entity_id = :entity ORDER BY d.published_day DESC, x.document_id, x.start"""
        ),
        {"entity": entity},
    )
    return array("q", (r[0] for r in rows))


def statements_with(connection: Connection, keywords: list[str], most: int = 2000) -> array[int]:
    """Row numbers of statements that hold one of some keywords in any spelling, newest first, among the ``most`` newest candidates."""
    wanted = [e for e in (match_expression(f'quote:"{k}"') or match_expression(k) for k in keywords) if e]
    if not wanted:
        return array("q")
    # the full text leaves few articles; of these the statements are read
    rows = connection.execute(
        text(
            f"""SELECT x.rowid, x.content FROM statements x {_NOW} WHERE x.document_id IN
            (SELECT rowid FROM search WHERE search MATCH :q) ORDER BY d.published_day DESC, x.document_id DESC, x.start DESC LIMIT :most"""
        ),
        {"q": " OR ".join(f"({w})" for w in wanted), "most": most},
    )
    return array("q", (r[0] for r in rows if matches(r[1], keywords)))


class Ranking(NamedTuple):
    """Actors, busiest first, with how often they act, are acted upon, speak and commit, and in how many articles."""

    ids: array[int]
    kinds: list[str]
    counts: list[tuple[int, int, int, int, int]]


def ranking(connection: Connection) -> Ranking:
    """All actors of the case that take a part in anything."""
    rows = connection.execute(
        text(
            """SELECT k, c.kind, acts, receives, says, commits, documents FROM (
              SELECT p.case_entity_id AS k, count(*) AS n, sum(p.role = 'actor') AS acts, sum(p.role = 'recipient') AS receives,
                sum(p.role = 'speaker') AS says, sum(p.role = 'party') AS commits, count(DISTINCT p.analysis_id) AS documents
              FROM parties p JOIN analyses a ON a.id = p.analysis_id AND a.superseded_at IS NULL
              WHERE p.role IN ('actor', 'recipient', 'speaker', 'party') AND p.case_entity_id IS NOT NULL GROUP BY 1)
            JOIN case_entities c ON c.id = k ORDER BY n DESC, k"""
        )
    ).all()
    return Ranking(array("q", (r[0] for r in rows)), [sys.intern(r[1]) for r in rows], [tuple(r[2:]) for r in rows])


def places(connection: Connection, filters: Filters, most: int = 400) -> list[Row]:
    """Places of events that have coordinates: how many events of which quad, most events first."""
    condition, values = where(connection, "events", filters)
    return _rows(
        connection,
        f"""SELECT c.id, c.name, c.name_en, c.lat, c.lon, count(*) AS n, sum(x.quad IN (3, 4)) AS conflict,
          sum(x.quad = 4) AS material FROM events x {_NOW}
        JOIN parties l ON l.analysis_id = x.analysis_id AND l.item = x.id AND l.role = 'location'
        JOIN case_entities c ON c.id = l.case_entity_id WHERE {condition} AND c.lat IS NOT NULL
        GROUP BY c.id ORDER BY n DESC LIMIT {int(most)}""",
        values,
    )


def pairs(connection: Connection, entity: int | None = None, most: int = 60) -> list[Row]:
    """Who acts towards whom: actor, recipient (or both parties of a meeting), how often, how often in conflict."""
    # of one actor: from its own items to their parties, not through all parties of a role
    of = mine = ""
    own = "p.role = 'actor'" if entity is None else "+p.role = 'actor'"
    if entity is not None:
        of = "AND p.analysis_id = mine.analysis_id AND p.item = mine.item AND (p.case_entity_id = :entity OR q.case_entity_id = :entity)"
        mine = (
            "(SELECT DISTINCT analysis_id, item FROM parties WHERE case_entity_id = :entity AND role IN ('actor', 'recipient')) "
            "AS mine CROSS JOIN"
        )
    return _rows(
        connection,
        f"""SELECT p.case_entity_id AS one, q.case_entity_id AS other, co.name AS one_name, co.name_en AS one_en,
          ct.name AS other_name, ct.name_en AS other_en, count(*) AS n, sum(e.quad IN (3, 4)) AS conflict
        FROM {mine} parties p JOIN parties q ON q.analysis_id = p.analysis_id AND q.item = p.item
          AND (+q.role = 'recipient' OR (+q.role = 'actor' AND q.case_entity_id > p.case_entity_id))
          AND q.case_entity_id <> p.case_entity_id
        JOIN analyses a ON a.id = p.analysis_id AND a.superseded_at IS NULL
        JOIN events e ON e.analysis_id = p.analysis_id AND e.id = p.item
        JOIN case_entities co ON co.id = p.case_entity_id JOIN case_entities ct ON ct.id = q.case_entity_id
        WHERE {own} {of} GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT {int(most)}""",
        {"entity": entity} if entity is not None else {},
    )


def aliases(connection: Connection, entity: int, limit: int = 30) -> list[tuple[str, int]]:
    """Words by which articles mention an entity, most frequent first."""
    rows = _rows(
        connection,
        """SELECT m.text AS words, count(*) AS n FROM entity_links l
        JOIN analyses a ON a.id = l.analysis_id AND a.superseded_at IS NULL
        JOIN mentions m ON m.analysis_id = l.analysis_id AND m.entity = l.entity
        WHERE l.case_entity_id = :entity GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :limit""",
        {"entity": entity, "limit": limit},
    )
    return [(r["words"], r["n"]) for r in rows]


def threads(connection: Connection, level: int | None = None, limit: int = 40) -> list[Row]:
    """Commitment threads, those last spoken of first, with their restatements, parties and conditions."""
    condition = "" if level is None else "WHERE t.level = :level"
    rows = _rows(
        connection,
        f"SELECT t.* FROM threads t {condition} ORDER BY t.last_day IS NULL, t.last_day DESC, t.id LIMIT :limit",
        {"level": level, "limit": limit} if level is not None else {"limit": limit},
    )
    ids = ", ".join(str(r["id"]) for r in rows) or "-1"
    items: dict[int, list[Row]] = defaultdict(list)
    for r in _rows(
        connection,
        f"""SELECT i.thread_id, i.step, x.*, d.outlet, d.published_day, d.title FROM thread_items i
        JOIN commitments x ON x.analysis_id = i.analysis_id AND x.id = i.commitment
        JOIN documents d ON d.id = x.document_id WHERE i.thread_id IN ({ids})
        ORDER BY d.published_day, x.document_id, x.start""",
    ):
        items[r["thread_id"]].append(r)
    sides: dict[int, list[Row]] = defaultdict(list)
    for r in _rows(
        connection,
        f"""SELECT DISTINCT i.thread_id, p.role, c.id, COALESCE(c.name, m.text) AS name, c.name_en FROM thread_items i
        JOIN parties p ON p.analysis_id = i.analysis_id AND p.item = i.commitment AND +p.role IN ('party', 'with')
        JOIN mentions m ON m.analysis_id = p.analysis_id AND m.id = p.mention
        LEFT JOIN case_entities c ON c.id = p.case_entity_id WHERE i.thread_id IN ({ids})""",
    ):
        sides[r["thread_id"]].append(r)
    out = []
    for r in rows:
        conditions = _conditions(items[r["id"]])
        out.append({**r, "items": items[r["id"]], "parties": sides[r["id"]], "conditions": conditions})
    return out


def _conditions(items: list[Row]) -> list[str]:
    found: dict[str, None] = {}
    for item in items:
        value = item["conditions"]
        for c in json.loads(value) if isinstance(value, str) else value or []:
            found.setdefault(c["text"])
    return list(found)[:5]


def level_counts(connection: Connection) -> dict[int, int]:
    """How many commitment threads stand at each level."""
    return {r["level"]: r["n"] for r in _rows(connection, "SELECT level, count(*) AS n FROM threads GROUP BY 1")}


def series(connection: Connection, limit: int, offset: int, counts: tuple[str, ...] = (), disagree: bool = False) -> tuple[list[Row], int]:  # fmt: skip
    """Figure series, longest first, with their points; and how many there are."""
    parts: list[str] = ["1"]
    values: dict[str, Any] = {}
    if counts:
        parts.append(f"s.counts IN ({', '.join(f':c{i}' for i in range(len(counts)))})")
        values |= {f"c{i}": v for i, v in enumerate(counts)}
    if disagree:
        parts.append("s.disagreement")
    condition = " AND ".join(parts)
    n = connection.execute(text(f"SELECT count(*) FROM figure_series s WHERE {condition}"), values).scalar()
    rows = _rows(
        connection,
        f"""SELECT s.*, count(*) AS n FROM figure_series s JOIN series_points p ON p.series_id = s.id WHERE {condition}
        GROUP BY s.id ORDER BY n DESC, s.id LIMIT :limit OFFSET :offset""",
        {**values, "limit": limit, "offset": offset},
    )
    ids = ", ".join(str(r["id"]) for r in rows) or "-1"
    points: dict[int, list[Row]] = defaultdict(list)
    for r in _rows(
        connection,
        f"""SELECT p.series_id, p.claimant, p.as_of, x.*, d.outlet, d.published_day FROM series_points p
        JOIN figures x ON x.analysis_id = p.analysis_id AND x.id = p.figure JOIN documents d ON d.id = x.document_id
        WHERE p.series_id IN ({ids}) ORDER BY COALESCE(p.as_of, d.published_day), x.document_id, x.start""",
    ):
        points[r["series_id"]].append(r)
    return [{**r, "points": points[r["id"]]} for r in rows], int(n or 0)


@lru_cache(maxsize=30_000)
def _content_words(words: str) -> frozenset[str]:
    return frozenset(w.removeprefix("و").removeprefix("ال") for w in fold(words, "search").split() if len(w) > 3)


def denials(connection: Connection, most: int = 40) -> list[Row]:
    """Denials and rejections, newest first, each with the claim that it answers: in the same article the claim before it that
    shares words, or the accusation just before it; else, within five days, the claim of another speaker that shares most."""
    query = f"""SELECT x.analysis_id, x.id, x.document_id, x.act, x.content, x.start, x."end", d.published_day, d.outlet,
      (SELECT group_concat(COALESCE(c.name, m.text), '، ') FROM parties p
       JOIN mentions m ON m.analysis_id = p.analysis_id AND m.id = p.mention LEFT JOIN case_entities c ON c.id = p.case_entity_id
       WHERE p.analysis_id = x.analysis_id AND p.item = x.id AND p.role = 'speaker') AS who
      FROM statements x {_NOW}"""
    denying = _rows(connection, f"{query} WHERE x.act IN ('deny', 'reject') ORDER BY d.published_day DESC, x.document_id, x.start LIMIT :most", {"most": most})  # fmt: skip
    if not denying:
        return []
    days = [d["published_day"] for d in denying if d["published_day"]]
    low = _shift(min(days), -5) if days else "9999"
    high = _shift(max(days), 5) if days else "9999"
    ids = ", ".join(str(d["document_id"]) for d in denying)
    claims = _rows(
        connection,
        f"""{query} WHERE x.act NOT IN ('deny', 'reject') AND (x.document_id IN ({ids})
          OR d.published_day BETWEEN :low AND :high) ORDER BY x.document_id DESC LIMIT 4000""",
        {"low": low, "high": high},
    )
    words = {(c["analysis_id"], c["id"]): _content_words(c["content"]) for c in claims}
    by_word: dict[str, list[int]] = defaultdict(list)
    for n, c in enumerate(claims):
        for w in words[(c["analysis_id"], c["id"])]:
            by_word[w].append(n)
    out = []
    for denial in denying:
        mine = _content_words(denial["content"])
        shared: dict[int, float] = defaultdict(float)
        for w in mine:
            for n in by_word.get(w, ())[:400]:
                shared[n] += 1
        best, score = None, 0.0
        for n, common in shared.items():
            claim = claims[n]
            other = words[(claim["analysis_id"], claim["id"])]
            alike = common / (len(mine | other) or 1)
            here = claim["document_id"] == denial["document_id"]
            if (claim["who"] or "") == (denial["who"] or "") or common < 2 or alike < (0.12 if here else 0.25):
                continue
            if alike > score:
                best, score = claim, alike
        if best is None:
            before = [c for c in claims if c["document_id"] == denial["document_id"] and c["start"] < denial["start"] and c["act"] == "accuse"]  # fmt: skip
            best = max(before, key=lambda c: c["start"], default=None)
        out.append({**denial, "claim": best})
    return sorted(out, key=lambda r: r["claim"] is None)


def _shift(day: str, by: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=by)).isoformat()


class Names(NamedTuple):
    """Names of all actors, folded, in one text: a part of a name is found without going through them one by one."""

    ids: array[int]
    starts: array[int]
    words: str

    def find(self, words: str) -> list[int]:
        """Ids of the actors in whose name some words stand, as :func:`musnad.casefile.queries.find_entities` finds them."""
        out: dict[int, None] = {}
        for wanted in {fold(words, "search"), words.lower()}:
            at = self.words.find(wanted) if wanted else -1
            while at >= 0:
                place = bisect_right(self.starts, at) - 1
                out[self.ids[place]] = None
                # on to the next actor
                at = self.words.find(wanted, self.starts[place + 1]) if place + 1 < len(self.starts) else -1
        return list(out)


def names(connection: Connection) -> Names:
    """The names of all actors, Arabic and English."""
    ids, starts, parts, at = array("q"), array("q"), [], 0
    for r in connection.execute(text("SELECT id, name, name_en FROM case_entities ORDER BY id")):
        part = f"{fold(r[1], 'search')}\t{(r[2] or '').lower()}\n"
        ids.append(r[0])
        starts.append(at)
        parts.append(part)
        at += len(part)
    return Names(ids, starts, "".join(parts))


def keywords(connection: Connection, most: int = 40) -> list[tuple[str, int]]:
    """The keywords of the case's description, each with how many articles hold all its words in any spelling."""
    about = connection.execute(text("SELECT value FROM settings WHERE key = 'description'")).scalar()
    wanted = (json.loads(about) if isinstance(about, str) else about or {}).get("keywords") or []
    out = []
    for words in dict.fromkeys(wanted[:most]):
        expression = match_expression(words)
        if expression is not None:
            n = connection.execute(text("SELECT count(*) FROM search WHERE search MATCH :q"), {"q": expression}).scalar()
            out.append((words, int(n or 0)))
    return out


def holding(connection: Connection, words: str) -> array[int]:
    """Ids of the articles that hold all of some words in any spelling."""
    expression = match_expression(words)
    if expression is None:
        return array("q")
    return array("q", (r[0] for r in connection.execute(text("SELECT rowid FROM search WHERE search MATCH :q"), {"q": expression})))


def events_with(connection: Connection, words: str, group: int, most: int = 20) -> list[Row]:
    """Other events of a group's type in articles that hold some words, those of the nearest days first."""
    expression = match_expression(words)
    if expression is None:
        return []
    return _rows(
        connection,
        f"""SELECT g.id, g.place, x.text, d.outlet, COALESCE(g.begin, d.published_day) AS day FROM search s
        CROSS JOIN events x ON x.document_id = s.rowid {_NOW}
        JOIN event_links l ON l.analysis_id = x.analysis_id AND l.event = x.id JOIN event_groups g ON g.id = l.group_id,
        (SELECT own.type, COALESCE(own.begin, max(o.published_day)) AS day FROM event_groups own
          JOIN event_links m ON m.group_id = own.id JOIN analyses b ON b.id = m.analysis_id JOIN documents o ON o.id = b.document_id
          WHERE own.id = :group) AS mine
        WHERE search MATCH :q AND g.type = mine.type AND g.id <> :group GROUP BY g.id
        ORDER BY abs(julianday(COALESCE(g.begin, d.published_day)) - julianday(mine.day)) IS NULL,
          abs(julianday(COALESCE(g.begin, d.published_day)) - julianday(mine.day)), g.id LIMIT :most""",
        {"q": expression, "group": group, "most": most},
    )


class Match(NamedTuple):
    """A document that a search finds."""

    id: int
    outlet: str | None
    day: str | None


def found(connection: Connection, expression: str) -> list[Match]:
    """All documents that an FTS expression finds."""
    query = "SELECT d.id, d.outlet, d.published_day FROM search s CROSS JOIN documents d ON d.id = s.rowid WHERE search MATCH :q"
    return [Match(*r) for r in connection.execute(text(query), {"q": expression})]


def search_facets(every: list[Match]) -> dict[str, list[tuple[str, int]]]:
    """Outlets and months of what a search finds, with how many articles each has."""
    counted = {"outlet": Counter(m.outlet for m in every if m.outlet), "month": Counter(m.day[:7] for m in every if m.day)}
    return {name: sorted(n.items(), key=lambda x: (-x[1], x[0]))[:24] for name, n in counted.items()}
