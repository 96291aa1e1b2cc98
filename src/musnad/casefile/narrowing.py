"""A search narrowed to outlets, days, actors, types and status, and its hits counted by them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from musnad.casefile import schema
from musnad.casefile.queries import Filters, Row, find_entities
from musnad.casefile.search import match_expression

#: kinds of items with the column of their type and, where they have one, of their status
_TYPES = (("events", "type"), ("statements", "act"), ("commitments", "kind"), ("figures", "counts"))
_STATUS = (("events", "status"), ("commitments", "state"))
_MOST = 12  # values of a facet that are shown


def condition(connection: Connection, filters: Filters) -> tuple[str, dict[str, Any]]:
    """SQL on ``d`` (documents), with its parameters, for what :func:`musnad.casefile.search.search` takes; "" where nothing narrows."""
    made: list[str] = []
    given: dict[str, Any] = {}
    force = _force(filters.as_of, given)
    for name, sign, value in (
        ("outlet", "=", filters.outlet),
        ("published_day", ">=", filters.since),
        ("published_day", "<=", filters.until),
    ):
        if value:
            given[f"d{len(made)}"] = value
            made.append(f"d.{name} {sign} :d{len(made)}")
    if filters.as_of:
        made.append("d.ingested_at <= :as_of")
    for tables, values, letter in ((_TYPES, filters.types, "t"), (_STATUS, filters.status, "s")):
        if values:
            given |= {f"{letter}{n}": v for n, v in enumerate(values)}
            listed = ", ".join(f":{letter}{n}" for n in range(len(values)))
            made.append("(" + " OR ".join(_has(table, f"x.{column} IN ({listed})", force) for table, column in tables) + ")")
    if filters.actor:
        ids = ", ".join(map(str, find_entities(connection, filters.actor))) or "NULL"
        made.append(_has("parties", f"x.case_entity_id IN ({ids})", force))
    return " AND ".join(made), given


def _force(as_of: str | None, given: dict[str, Any]) -> str:
    if as_of is None:
        return "a.superseded_at IS NULL"
    given["as_of"] = schema.end_of(as_of)
    return "a.coded_at <= :as_of AND (a.superseded_at IS NULL OR a.superseded_at > :as_of)"


def _has(table: str, wanted: str, force: str) -> str:
    # a list of documents, not a look-up for each hit: common words have thousands
    return f"d.id IN (SELECT x.document_id FROM {table} x JOIN analyses a ON a.id = x.analysis_id WHERE {wanted} AND {force})"


def facets(connection: Connection, query: str, where: str, parameters: dict[str, Any], as_of: str | None = None) -> list[Row]:
    """How many of a query's hits there are by outlet, month, event type and actor, most first: facet, value, articles."""
    given = {**parameters, "query": match_expression(query)}
    force = _force(as_of, given)
    hits = "SELECT d.id FROM search s JOIN documents d ON d.id = s.rowid WHERE search MATCH :query" + (f" AND {where}" if where else "")
    counted = {
        "outlet": f"SELECT outlet AS value, count(*) AS n FROM documents WHERE id IN ({hits}) GROUP BY 1",
        "month": f"SELECT substr(published_day, 1, 7) AS value, count(*) AS n FROM documents WHERE id IN ({hits}) GROUP BY 1",
        "event type": "SELECT x.type AS value, count(DISTINCT x.document_id) AS n FROM events x JOIN analyses a ON a.id = x.analysis_id "
        f"WHERE x.document_id IN ({hits}) AND {force} GROUP BY 1",
        "actor": "SELECT c.name AS value, count(DISTINCT x.document_id) AS n FROM parties x JOIN analyses a ON a.id = x.analysis_id "
        f"JOIN case_entities c ON c.id = x.case_entity_id WHERE x.document_id IN ({hits}) AND {force} "
        "AND x.role IN ('actor', 'recipient', 'speaker', 'party') GROUP BY c.id, c.name",
    }
    rows: list[Row] = []
    for name, sql in counted.items():
        found = connection.execute(text(f"{sql} ORDER BY n DESC, value LIMIT {_MOST}"), given)
        rows += [{"facet": name, "value": r.value, "articles": r.n} for r in found]
    return rows
