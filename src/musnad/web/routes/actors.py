"""Actors: who they are, what they do, whom they deal with."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import queries, review_across, review_log, schema
from musnad.casefile.queries import Filters, Row
from musnad.web import counts, drawing, facts, forms
from musnad.web.room import Page, kept
from musnad.web.routes.lists import rows_of

router = APIRouter()
PER_PAGE = 50


@router.get("/actors")
@kept
def actors(request: Request) -> Response:
    """The case's actors, busiest first, and who acts towards whom."""
    page = Page(request)
    page.need("reader")
    filters, number = page.filters(PER_PAGE)

    def made(c: Connection) -> Row:
        rows = queries.actors(c, filters._replace(limit=PER_PAGE + 1))
        return {"rows": rows[:PER_PAGE], "more": len(rows) > PER_PAGE}

    if filters.since or filters.until or filters.outlet:
        values = page.remembered(("actors", filters), made)
    else:
        values = _ranked(page, filters)
    kinds = ["person", "organisation", "armed_group", "state", "group", "facility", "place", "outlet"]
    return page.render("actors.html", filters=filters, number=number, kinds=kinds, matrix=page.counted("matrix"), **values)


def _ranked(page: Page, filters: Filters) -> Row:
    """A page of the case's actors, from the ranking of all of them."""
    ranked: facts.Ranking = page.counted("ranking")
    places: Sequence[int] = range(len(ranked.ids))
    with page.read() as c:
        if filters.types:
            places = [i for i in places if ranked.kinds[i] in filters.types]
        if filters.actor:
            wanted = set(page.entities(filters.actor))
            places = [i for i in places if ranked.ids[i] in wanted]
        shown = places[filters.offset : filters.offset + PER_PAGE]
        e = schema.case_entities
        known = {r.id: dict(r._mapping) for r in c.execute(select(e).where(e.c.id.in_([ranked.ids[i] for i in shown])))}
    names = ("acts", "receives", "says", "commits", "documents")
    rows = [known[ranked.ids[i]] | dict(zip(names, ranked.counts[i], strict=True)) for i in shown if ranked.ids[i] in known]
    return {"rows": rows, "more": len(places) > filters.offset + PER_PAGE}


@router.get("/actors/{number}")
@kept
def actor(request: Request, number: int) -> Response:
    """One actor: names, links, events, statements, network."""
    page = Page(request)
    page.need("reader")

    filters = Filters(actor=str(number))
    events, statements = page.narrowed("events", filters), page.narrowed("statements", filters)

    def made(c: Connection) -> Row | None:
        row = c.execute(select(schema.case_entities).where(schema.case_entities.c.id == number)).first()
        if row is None:
            return None
        merged = [
            d for d in review_log.active(review_log.decisions(c)) if d.kind == "case_entities" and (d.item == str(number) or (d.after or {}).get("into") == number)
        ]  # fmt: skip
        return {
            "actor": dict(row._mapping), "aliases": facts.aliases(c, number), "names": review_across.entity_names(c, number),
            "n_events": len(events.items), "n_statements": len(statements.items),
            "events": rows_of(c, "events", [i.row for i in events.items[:12]]),
            "statements": rows_of(c, "statements", [i.row for i in statements.items[:12]]),
            "chart": drawing.bars(counts.quads(events.by_day()), 720, 90, counts.QUAD_ORDER),
            "ego": drawing.ego(facts.pairs(c, number), number), "merged": merged,
        }  # fmt: skip

    values = page.remembered(("actor", number), made)
    if values is None:
        raise HTTPException(404)
    return page.render("actor.html", **values)


@router.get("/actors/{number}/others")
def others(request: Request, number: int) -> Response:
    """Actors whose names hold some words: whom to merge with."""
    page = Page(request)
    page.need("reviewer")
    words = (request.query_params.get("q") or "").strip()[:100]
    with page.read() as connection:
        ids = [i for i in page.entities(words) if i != number][:20] if words else []
        rows = connection.execute(select(schema.case_entities).where(schema.case_entities.c.id.in_(ids))).all()
    return page.render("others.html", rows=[dict(r._mapping) for r in rows], words=words)


@router.post("/actors/{number}/merge")
def merge(request: Request, number: int, into: int = Form(), csrf: str = Form("")) -> Response:
    """Two actors are one."""
    page, user = forms.reviewer(request, csrf)
    good = (f"/actors/{into}", page._("The two actors are one now."))
    return forms.decided(page, lambda: review_across.merge_entities(page.room.case, user.name, number, into), good, f"/actors/{number}")


@router.post("/actors/{number}/split")
def split(request: Request, number: int, names: list[str] = Form([]), csrf: str = Form("")) -> Response:  # noqa: B008
    """Some names mean another actor."""
    page, user = forms.reviewer(request, csrf)
    there, words = f"/actors/{number}", page._("These names are an actor of their own now.")
    return forms.decided(page, lambda: review_across.split_entity(page.room.case, user.name, number, names), (there, words), there)
