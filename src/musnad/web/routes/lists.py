"""Events, statements, figures and commitments as lists."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection, and_, or_, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import queries, review, schema
from musnad.casefile.description import description_of
from musnad.casefile.queries import Filters, Row
from musnad.casefile.search import matches
from musnad.web import drawing, facts
from musnad.web.room import Page, kept

router = APIRouter()
PER_PAGE = 40


def newest(question: Any, connection: Connection, filters: Filters, total: int, number: int) -> list[Row]:
    """A page of a question's answers, the last first (questions answer in order of day)."""
    size = filters.limit or PER_PAGE
    end = total - (number - 1) * size
    if end <= 0:
        return []
    start = max(0, end - size)
    rows: list[Row] = question(connection, filters._replace(limit=end - start, offset=start))
    return rows[::-1]


def _of_actor(connection: Connection, filters: Filters) -> Row | None:
    if not filters.actor or not filters.actor.isdigit():
        return None
    row = connection.execute(select(schema.case_entities).where(schema.case_entities.c.id == int(filters.actor[:9]))).first()
    return dict(row._mapping) if row else None


@router.get("/events")
@kept
def events(request: Request) -> Response:
    """Events with filters, facets and small multiples."""
    page = Page(request)
    page.need("reader")
    filters, number = page.filters(PER_PAGE)

    def made(c: Connection) -> Row:
        total = facts.count(c, "events", filters)
        rows = review.effective(c, "events", newest(queries.events, c, filters, total, number))
        groups = [r["group_id"] for r in rows if r["group_id"]]
        g = schema.event_groups.c
        sources = {r.id: r.sources for r in c.execute(select(g.id, g.sources).where(g.id.in_(groups)))}
        return {
            "rows": [{**r, "sources": sources.get(r["group_id"], 1)} for r in rows], "total": total,
            "actor": _of_actor(c, filters),
        }  # fmt: skip

    frame = page.remembered(
        ("events.frame", filters._replace(offset=0)),
        lambda c: {
            "facets": facts.facets(c, "events", filters),
            "multiples": drawing.small_multiples(facts.by_day(c, "events", filters)),
        },
    )
    values = page.remembered(("events", filters), made) | frame
    return page.render("events.html", filters=filters, number=number, pages=-(-values["total"] // PER_PAGE), **values)


@router.get("/events/{group}")
@kept
def event(request: Request, group: int) -> Response:
    """One event as all its sources tell it."""
    page = Page(request)
    page.need("reader")
    with page.read() as connection:
        g, links, e = schema.event_groups, schema.event_links.c, schema.events.c
        row = connection.execute(select(g).where(g.c.id == group)).first()
        if row is None:
            raise HTTPException(404)
        keys = connection.execute(select(links.analysis_id, links.event, links.reason).where(links.group_id == group)).all()
        wanted = {(k.analysis_id, k.event): k.reason for k in keys}
        tellings = review.effective(connection, "events", rows_of(connection, "events", list(wanted)))
        near: Any = []
        if row.begin:
            near = connection.execute(
                select(g, e.text, e.document_id)
                .join(schema.event_links, links.group_id == g.c.id)
                .join(schema.events, and_(e.analysis_id == links.analysis_id, e.id == links.event))
                .where(g.c.type == row.type, g.c.begin == row.begin, g.c.id != group)
                .order_by(g.c.id).limit(12)
            ).all()  # fmt: skip
    return page.render("event.html", group=row, tellings=[{**t, "reason": wanted[(t["analysis_id"], t["id"])]} for t in tellings], near=near)  # fmt: skip


def rows_of(connection: Connection, kind: str, keys: list[tuple[int, str]]) -> list[Row]:
    """Rows of a kind by (analysis, id), in that order, with article and parties, as :mod:`musnad.casefile.queries` gives them."""
    table, d = schema.ITEMS[kind], schema.documents.c
    out: dict[tuple[int, str], Row] = {}
    for i in range(0, len(keys), 200):
        some = keys[i : i + 200]
        query = (
            select(table, d.published_day, d.outlet, d.title, d.url)
            .join(schema.documents, d.id == table.c.document_id)
            .where(or_(*(and_(table.c.analysis_id == a, table.c.id == n) for a, n in some)))
        )
        out |= {(r.analysis_id, r.id): dict(r._mapping) for r in connection.execute(query)}
    rows = [out[k] for k in keys if k in out]
    roles = {"events": ("actor", "recipient", "location"), "statements": ("speaker", "addressee", "via")}[kind]
    queries._sides(connection, rows, roles)
    return rows


@router.get("/statements")
@kept
def statements(request: Request) -> Response:
    """Statements by speaker, by topic, and denials beside the claims they answer."""
    page = Page(request)
    page.need("reader")
    filters, number = page.filters(PER_PAGE)
    view = request.query_params.get("by") or "speaker"
    topic = request.query_params.get("topic") or ""
    if view == "denials":
        pairs = page.remembered("denials", facts.denials)
        return page.render("denials.html", pairs=pairs, filters=filters, view=view)
    if view == "topic":
        return _by_topic(page, topic, number, filters)

    def made(c: Connection) -> Row:
        total = facts.count(c, "statements", filters)
        rows = review.effective(c, "statements", newest(queries.statements, c, filters, total, number))
        return {
            "rows": rows, "total": total, "facets": facts.facets(c, "statements", filters), "actor": _of_actor(c, filters),
            "speakers": facts.top_parties(c, "speaker", 25),
        }  # fmt: skip

    frame = page.remembered(
        ("statements.frame", filters._replace(offset=0)),
        lambda c: {
            "facets": facts.facets(c, "statements", filters),
            "speakers": facts.top_parties(c, "speaker", 25),
        },
    )
    values = page.remembered(("statements", filters), made) | frame
    return page.render("statements.html", filters=filters, number=number, view="speaker", topic="", topics=[], factors=[],
                       pages=-(-values["total"] // PER_PAGE), **values)  # fmt: skip


def _by_topic(page: Page, topic: str, number: int, filters: Filters) -> Response:
    about = description_of(page.room.case)
    topics = page.remembered("topics", facts.topics)
    factors = [f.name for f in about.factors]

    def made(c: Connection) -> Row:
        offset = (number - 1) * PER_PAGE
        if topic.startswith("factor:"):
            words = next((f.keywords for f in about.factors if f.name == topic[7:]), [])
            rows = [s for s in queries.statements(c, filters._replace(limit=3000, offset=0)) if matches(s["content"], words)]
            rows, total = rows[::-1], len(rows)
            rows = rows[offset : offset + PER_PAGE]
        elif topic.isdigit() and len(topic) < 10:
            keys = facts.statements_on(c, int(topic), PER_PAGE + 1, offset)
            rows = rows_of(c, "statements", keys[:PER_PAGE])
            total = next((t["n"] for t in topics if t["id"] == int(topic)), offset + len(keys))
        else:
            rows, total = [], 0
        return {"rows": review.effective(c, "statements", rows), "total": total}

    values = page.remembered(("topic", topic, filters, number), made)
    return page.render("statements.html", filters=filters, number=number, view="topic", topic=topic, topics=topics, factors=factors,
                       pages=-(-values["total"] // PER_PAGE), facets={}, speakers=[], actor=None, **values)  # fmt: skip


@router.get("/figures")
@kept
def figures(request: Request) -> Response:
    """Figures as series by claimant."""
    page = Page(request)
    page.need("reader")
    filters, number = page.filters(12)
    disagree = request.query_params.get("only") == "disagree"

    def made(c: Connection) -> Row:
        rows, total = facts.series(c, 12, filters.offset, filters.types, disagree)
        shown = [{**s, "lines": drawing.figure_lines(s["points"][-40:]), "more": max(0, len(s["points"]) - 40)} for s in rows]
        return {"series": shown, "total": total, "facets": facts.facets(c, "figures", filters)}

    values = page.remembered(("figures", filters, disagree), made)
    return page.render(
        "figures.html",
        filters=filters,
        number=number,
        disagree=disagree,
        pages=-(-values["total"] // 12),
        **values,
    )


@router.get("/commitments")
@kept
def commitments(request: Request) -> Response:
    """The board: commitments by how far they have come."""
    page = Page(request)
    page.need("reader")
    level = request.query_params.get("level") or ""
    only = int(level) if level in ("0", "1", "2", "3") else None

    def made(c: Connection) -> Row:
        levels = [only] if only is not None else [0, 1, 2, 3]
        return {
            "columns": [(n, facts.threads(c, n, 100 if only is not None else 12)) for n in levels],
            "counts": facts.level_counts(c),
        }

    return page.render("commitments.html", only=only, **page.remembered(("commitments", only), made))
