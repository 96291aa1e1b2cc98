"""Events, statements, figures and commitments as lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import ColumnElement, Connection, and_, literal_column, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import queries, review_log, schema
from musnad.casefile.description import description_of
from musnad.casefile.queries import Filters, Row
from musnad.web import drawing, facts
from musnad.web.listing import Narrowed
from musnad.web.room import Page, kept

router = APIRouter()
PER_PAGE = 40
#: of one event, on its page
MOST_TELLINGS = 100


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

    left, rows = _page_of(page, "events", filters, number)
    groups = [r["group_id"] for r in rows if r["group_id"]]
    g = schema.event_groups.c
    with page.read() as c:
        sources = {r.id: r.sources for r in c.execute(select(g.id, g.sources).where(g.id.in_(groups)))}
        actor = _of_actor(c, filters)
    return page.render(
        "events.html", filters=filters, number=number, pages=-(-len(left.items) // PER_PAGE), total=len(left.items), actor=actor,
        rows=[{**r, "sources": sources.get(r["group_id"], 1)} for r in rows], facets=left.facets,
        multiples=page.remembered(
            ("multiples", page.address_with(page=None), page.preferences),
            lambda _: page.piece("multiples.html", multiples=drawing.small_multiples(left.by_day())),
        ),
    )  # fmt: skip


def _page_of(page: Page, kind: str, filters: Filters, number: int) -> tuple[Narrowed, list[Row]]:
    """What the filters leave, and the items of one page."""
    left = page.narrowed(kind, filters)
    with page.read() as c:
        return left, rows_of(c, kind, [i.row for i in left.items[(number - 1) * PER_PAGE : number * PER_PAGE]])


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
        keys = connection.execute(
            select(links.analysis_id, links.event, links.reason, literal_column("events.rowid").label("row"))
            .join(schema.events, and_(e.analysis_id == links.analysis_id, e.id == links.event))
            .where(links.group_id == group)
            .order_by(links.analysis_id)
        ).all()
        wanted = {(k.analysis_id, k.event): k.reason for k in keys}
        tellings = rows_of(connection, "events", [k.row for k in keys][:MOST_TELLINGS])
        near: Any = []
        if row.begin:
            near = connection.execute(
                select(g, e.text, e.document_id)
                .join(schema.event_links, links.group_id == g.c.id)
                .join(schema.events, and_(e.analysis_id == links.analysis_id, e.id == links.event))
                .where(g.c.type == row.type, g.c.begin == row.begin, g.c.id != group)
                .order_by(g.c.id).limit(12)
            ).all()  # fmt: skip
        merged = [d for d in review_log.active(review_log.of_case(connection)) if _touches(d, tellings)]
    return page.render("event.html", merged=merged, group=row, tellings=[{**t, "reason": wanted[(t["analysis_id"], t["id"])]} for t in tellings], near=near)  # fmt: skip


def _touches(decision: review_log.Decision, tellings: list[Row]) -> bool:
    """Whether a merge or a split is of some of these tellings; a re-run may have given them other names."""
    if decision.kind != "event_groups":
        return False
    named = [*decision.after["tellings"], *decision.after["with"]]
    return any(
        n["document_id"] == t["document_id"] and n["trigger_start"] < t["trigger_end"] and n["trigger_end"] > t["trigger_start"]
        for n in named for t in tellings
    )  # fmt: skip


def rows_of(connection: Connection, kind: str, numbers: Sequence[int]) -> list[Row]:
    """Events or statements by row number, in that order, as :mod:`musnad.casefile.queries` gives them, with what reviewers say."""
    table, d, links = schema.ITEMS[kind], schema.documents.c, schema.event_links
    row: ColumnElement[int] = literal_column(f"{kind}.rowid")
    query = select(row.label("row"), table, d.published_day, d.outlet, d.title, d.url).join(schema.documents, d.id == table.c.document_id)
    if kind == "events":
        query = query.add_columns(links.c.group_id).outerjoin(
            links, and_(links.c.analysis_id == table.c.analysis_id, links.c.event == table.c.id)
        )
    found = {r.row: dict(r._mapping) for r in connection.execute(query.where(row.in_(list(numbers))))}
    rows = [found[n] for n in numbers if n in found]
    roles = {"events": ("actor", "recipient", "location"), "statements": ("speaker", "addressee", "via")}[kind]
    queries._sides(connection, rows, roles)
    return review_log.effective(connection, kind, rows)


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
        pairs = page.counted("denials")
        return page.render("denials.html", pairs=pairs, filters=filters, view=view)
    if view == "topic":
        return _by_topic(page, topic, number, filters)

    left, rows = _page_of(page, "statements", filters, number)
    with page.read() as c:
        actor = _of_actor(c, filters)
    return page.render(
        "statements.html", filters=filters, number=number, view="speaker", topic="", topics=[], factors=[], total=len(left.items),
        rows=rows, actor=actor, speakers=page.counted("speakers"), pages=-(-len(left.items) // PER_PAGE), facets=left.facets,
    )  # fmt: skip


def _by_topic(page: Page, topic: str, number: int, filters: Filters) -> Response:
    about = description_of(page.room.case)
    topics = page.counted("topics")
    factors = [f.name for f in about.factors]
    numbers: Sequence[int] = []
    if topic.startswith("factor:"):
        words = next((f.keywords for f in about.factors if f.name == topic[7:]), [])
        numbers = page.lasting(page.room.lasting(("factor", tuple(words)), lambda c: facts.statements_with(c, words))) if words else []
    elif topic.isascii() and topic.isdigit() and len(topic) < 10:
        numbers = page.remembered(("topic", topic), lambda c: facts.statements_on(c, int(topic)))
    with page.read() as c:
        rows = rows_of(c, "statements", numbers[(number - 1) * PER_PAGE : number * PER_PAGE])
    return page.render(
        "statements.html", filters=filters, number=number, view="topic", topic=topic, topics=topics, factors=factors, rows=rows,
        total=len(numbers) if topic else None, pages=-(-len(numbers) // PER_PAGE), facets={}, speakers=[], actor=None,
    )  # fmt: skip


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
        return {"series": shown, "total": total}

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
