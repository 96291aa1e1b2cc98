"""Questions to a case file: one function a kind, each a list of plain rows that lead back to article and offsets."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, literal_column, or_, select, tuple_

from musnad.casefile import events as event_grouping
from musnad.casefile import figures as figure_gathering
from musnad.casefile import schema
from musnad.casefile import threads as thread_following
from musnad.language.letters import fold

Row = dict[str, Any]


class Filters(NamedTuple):
    """What a question is narrowed to; None and empty mean no narrowing. Days are ISO dates, inclusive.

    ``as_of``: only what the case knew at the end of that day (ingest, coding); ``actor``: id of a case entity, knowledge-base
    id, country or a part of a name; ``types``: event types, acts, kinds or counts, by question.
    """

    since: str | None = None
    until: str | None = None
    outlet: str | None = None
    actor: str | None = None
    types: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    as_of: str | None = None
    limit: int | None = None
    offset: int = 0


def current(query: Select[Any], filters: Filters) -> Select[Any]:
    """The query over the analyses that are current, or were at the end of ``as_of``."""
    return query.where(schema.in_force(filters.as_of))


def narrowed(query: Select[Any], filters: Filters) -> Select[Any]:
    """A query over documents, narrowed to those of an outlet, published between two days, in the case at the end of ``as_of``."""
    d = schema.documents.c
    if filters.outlet:
        query = query.where(d.outlet == filters.outlet)
    if filters.as_of:
        query = query.where(d.ingested_at <= schema.end_of(filters.as_of))
    return _dated(query, d.published_day, filters)


def _paged(connection: Connection, query: Select[Any], filters: Filters) -> list[Row]:
    if filters.limit is not None:
        query = query.limit(filters.limit).offset(filters.offset)
    return [dict(r._mapping) for r in connection.execute(query)]


def _base(table: Any, filters: Filters) -> Select[Any]:
    d, a = schema.documents, schema.analyses
    columns: list[Any] = [*table.c, d.c.published_day, d.c.outlet, d.c.title, d.c.url]
    query: Select[Any] = select(*columns).join(a, a.c.id == table.c.analysis_id).join(d, d.c.id == table.c.document_id)
    query = current(query, filters)
    if filters.outlet:
        query = query.where(d.c.outlet == filters.outlet)
    return query


def _dated(query: Select[Any], column: Any, filters: Filters) -> Select[Any]:
    if filters.since:
        query = query.where(column >= filters.since)
    if filters.until:
        query = query.where(column <= filters.until)
    return query


def _of_actor(connection: Connection, query: Select[Any], table: Any, filters: Filters, roles: tuple[str, ...]) -> Select[Any]:
    if not filters.actor:
        return query
    ids = find_entities(connection, filters.actor)
    p = schema.parties.c
    # from the actor's few rows to the items, not through all items
    mine = select(p.analysis_id, p.item).where(p.role.in_(roles), p.case_entity_id.in_(ids))
    return query.where(tuple_(table.c.analysis_id, table.c.id).in_(mine))


@lru_cache(maxsize=65_536)
def _folded(name: str) -> str:
    return fold(name, "search")


def find_entities(connection: Connection, words: str) -> list[int]:
    """Ids of case entities that a person's words mean: an id, a knowledge-base id, a country code, or a part of a name."""
    c = schema.case_entities.c
    if words.isdigit():
        return [int(words)]
    exact = connection.execute(select(c.id).where(or_(c.actor == words, c.country == words.upper()))).scalars().all()
    if exact:
        return list(exact)
    wanted = fold(words, "search")
    rows = connection.execute(select(c.id, c.name, c.name_en))
    return [r.id for r in rows if wanted in _folded(r.name) or words.lower() in (r.name_en or "").lower()]


def _sides(connection: Connection, rows: list[Row], roles: tuple[str, ...]) -> None:
    """Add to each row, by role, the parties: [{"id", "name", "name_en", "code", "text", "start", "end"}]."""
    p, c, m = schema.parties.c, schema.case_entities.c, schema.mentions.c
    wanted = sorted({r["analysis_id"] for r in rows})
    found: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for i in range(0, len(wanted), 500):
        query = (
            select(p.analysis_id, p.item, p.role, c.id, c.name, c.name_en, c.code, c.country, m.text, m.start, m.end)
            .select_from(schema.parties)
            .outerjoin(schema.case_entities, c.id == p.case_entity_id)
            .join(schema.mentions, and_(m.analysis_id == p.analysis_id, m.id == p.mention))
            # the plus keeps SQLite from going through all parties of a role, of which these are few
            .where(p.analysis_id.in_(wanted[i : i + 500]), literal_column("+parties.role").in_(roles))
        )
        for r in connection.execute(query):
            found[(r.analysis_id, r.item, r.role)].append(
                {
                    "id": r.id,
                    "name": r.name or r.text,
                    "name_en": r.name_en,
                    "code": r.code or r.country,
                    "text": r.text,
                    "start": r.start,
                    "end": r.end,
                }
            )
    for row in rows:
        for role in roles:
            row[role] = found.get((row["analysis_id"], row["id"], role), [])


def events(connection: Connection, filters: Filters = Filters(), groups: list[int] | None = None) -> list[Row]:  # noqa: B008
    """Events in order of day, with ``actor``, ``recipient``, ``location`` parties and the ``group_id`` of the same event.

    :param groups: only the tellings of these groups.
    """
    e, links = schema.events, schema.event_links
    query = (
        _base(e, filters)
        .add_columns(links.c.group_id)
        .outerjoin(links, and_(links.c.analysis_id == e.c.analysis_id, links.c.event == e.c.id))
    )
    day = func.coalesce(e.c.begin, schema.documents.c.published_day)
    query = _dated(query, day, filters)
    if filters.types:
        query = query.where(e.c.type.in_(filters.types))
    if filters.status:
        query = query.where(e.c.status.in_(filters.status))
    if groups is not None:
        query = query.where(links.c.group_id.in_(groups))
    query = _of_actor(connection, query, e, filters, ("actor", "recipient"))
    rows = _paged(connection, query.order_by(day, e.c.document_id, e.c.trigger_start), filters)
    _sides(connection, rows, ("actor", "recipient", "location"))
    if filters.as_of:
        # the groups of today know what came later: timeline makes those of the day
        for row in rows:
            row["group_id"] = None
    return rows


def statements(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """Statements in order of publication, with ``speaker``, ``addressee`` and ``via`` parties. ``types`` are acts."""
    s = schema.statements
    query = _dated(_base(s, filters), schema.documents.c.published_day, filters)
    if filters.types:
        query = query.where(s.c.act.in_(filters.types))
    query = _of_actor(connection, query, s, filters, ("speaker",))
    rows = _paged(connection, query.order_by(schema.documents.c.published_day, s.c.document_id, s.c.start), filters)
    _sides(connection, rows, ("speaker", "addressee", "via"))
    return rows


def figures(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """Figures in order of publication, with ``of`` and ``place`` parties, series and claimant. ``types`` are counts."""
    f, p = schema.figures, schema.series_points
    query = (
        _base(f, filters)
        .add_columns(p.c.series_id, p.c.claimant, p.c.as_of)
        .outerjoin(p, and_(p.c.analysis_id == f.c.analysis_id, p.c.figure == f.c.id))
    )
    query = _dated(query, schema.documents.c.published_day, filters)
    if filters.types:
        query = query.where(f.c.counts.in_(filters.types))
    query = _of_actor(connection, query, f, filters, ("of", "place"))
    rows = _paged(connection, query.order_by(schema.documents.c.published_day, f.c.document_id, f.c.start), filters)
    _sides(connection, rows, ("of", "place"))
    if filters.as_of:
        _as_known(rows, figure_gathering.gathered(connection, filters.as_of)[1], "figure", ("series_id", "claimant", "as_of"))
    return rows


def commitments(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """Commitments in order of publication, with ``party`` and ``with`` parties, their thread and step. ``types`` are kinds."""
    c, t = schema.commitments, schema.thread_items
    query = (
        _base(c, filters)
        .add_columns(t.c.thread_id, t.c.step)
        .outerjoin(t, and_(t.c.analysis_id == c.c.analysis_id, t.c.commitment == c.c.id))
    )
    query = _dated(query, schema.documents.c.published_day, filters)
    if filters.types:
        query = query.where(c.c.kind.in_(filters.types))
    if filters.status:
        query = query.where(c.c.state.in_(filters.status))
    query = _of_actor(connection, query, c, filters, ("party", "with"))
    rows = _paged(connection, query.order_by(schema.documents.c.published_day, c.c.document_id, c.c.start), filters)
    _sides(connection, rows, ("party", "with"))
    if filters.as_of:
        _as_known(rows, thread_following.followed(connection, filters.as_of)[1], "commitment", ("thread_id", "step"))
    return rows


def _as_known(rows: list[Row], links: list[Row], item: str, names: tuple[str, ...]) -> None:
    """Put into rows what links made for a day say of them, in place of what holds today."""
    by_item = {(link["analysis_id"], link[item]): link for link in links}
    for row in rows:
        link = by_item.get((row["analysis_id"], row["id"]), {})
        row.update({name: link.get(name) for name in names})


def threads(connection: Connection, filters: Filters = Filters()) -> dict[int, Row]:  # noqa: B008
    """Commitments followed, by id: kind, what, level, state, first and last day, deadline, slips."""
    if filters.as_of:
        return {r["id"]: r for r in thread_following.followed(connection, filters.as_of)[0]}
    return {r.id: dict(r._mapping) for r in connection.execute(select(schema.threads))}


def actors(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """The case's actors with how often they act, are acted upon and speak, busiest first."""
    p, c, a, d = schema.parties, schema.case_entities, schema.analyses, schema.documents
    counted = {
        role: func.sum(func.iif(p.c.role == role, 1, 0)).label(name)
        for role, name in (
            ("actor", "acts"),
            ("recipient", "receives"),
            ("speaker", "says"),
            ("party", "commits"),
        )
    }
    query = (
        select(c, *counted.values(), func.count(p.c.document_id.distinct()).label("documents"))
        .join(p, p.c.case_entity_id == c.c.id)
        .join(a, a.c.id == p.c.analysis_id)
        .join(d, d.c.id == p.c.document_id)
        .where(p.c.role.in_(list(counted)))
        .group_by(c.c.id)
    )
    query = _dated(current(query, filters), d.c.published_day, filters)
    if filters.outlet:
        query = query.where(d.c.outlet == filters.outlet)
    if filters.types:
        query = query.where(c.c.kind.in_(filters.types))
    if filters.actor:
        query = query.where(c.c.id.in_(find_entities(connection, filters.actor)))
    return _paged(connection, query.order_by(func.count(p.c.item).desc(), c.c.id), filters)


def timeline(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """Events of the case, each once: groups in order of day with their sources and the tellings behind them."""
    told: dict[int, list[Row]] = defaultdict(list)
    narrow = filters._replace(since=None, until=None, status=(), limit=None)
    if filters.as_of:
        groups, links = event_grouping.grouped(connection, filters.as_of)
        tellings = events(connection, narrow)
        _as_known(tellings, links, "event", ("group_id",))
    else:
        g = schema.event_groups
        query = select(g)
        if filters.types:
            query = query.where(g.c.type.in_(filters.types))
        if filters.status:
            query = query.where(g.c.status.in_(filters.status))
        groups = [dict(r._mapping) for r in connection.execute(query)]
        # of few groups only their tellings are read; more would be too many values for one query
        tellings = events(connection, narrow, [r["id"] for r in groups] if len(groups) <= 5000 else None)
    for event in tellings:
        if event["group_id"] is not None:
            told[event["group_id"]].append(event)
    rows = []
    for group in groups:
        own = told[group["id"]]
        day = group["begin"] or (own[0]["published_day"] if own else None)
        if own and _within(day, filters) and (not filters.status or group["status"] in filters.status):
            rows.append({**group, "tellings": own})
    rows.sort(key=lambda g: (g["begin"] or g["tellings"][0]["published_day"] or "9999", g["id"]))
    return rows[filters.offset :][: filters.limit] if filters.limit is not None else rows


def _within(day: str | None, filters: Filters) -> bool:
    if filters.since and (day is None or day < filters.since):
        return False
    return not (filters.until and (day is None or day > filters.until))


def series(connection: Connection, filters: Filters = Filters()) -> list[Row]:  # noqa: B008
    """Figure series with their points, longest first."""
    by_series: dict[int, list[Row]] = defaultdict(list)
    for row in figures(connection, filters._replace(limit=None)):
        if row["series_id"] is not None:
            by_series[row["series_id"]].append(row)
    if filters.as_of:
        every = figure_gathering.gathered(connection, filters.as_of)[0]
    else:
        every = [dict(r._mapping) for r in connection.execute(select(schema.figure_series))]
    rows = [{**r, "points": by_series[r["id"]]} for r in every if by_series[r["id"]]]
    rows.sort(key=lambda r: -len(r["points"]))
    return rows[filters.offset :][: filters.limit] if filters.limit is not None else rows


def set_aside(connection: Connection) -> list[Row]:
    """Articles that could not be ingested, with their reasons."""
    f = schema.failures
    return [dict(r._mapping) for r in connection.execute(select(f.c.where_.label("where"), f.c.reason, f.c.at).order_by(f.c.id))]
