"""Overview, map, sources, search and dossier."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from sqlalchemy import Connection, text
from starlette.responses import Response

from musnad.casefile import dossier, review_reports
from musnad.casefile.description import description_of
from musnad.casefile.queries import Filters, Row
from musnad.casefile.search import match_expression
from musnad.web import counts, drawing, facts
from musnad.web.i18n import Lang
from musnad.web.room import Page, Room, kept
from musnad.web.text import found, snippet

router = APIRouter()
PER_PAGE = 15


@router.get("/")
@kept
def overview(request: Request) -> Response:
    """What came in, counts over time, where, latest commitments, figures that disagree."""
    page = Page(request)
    page.need("reader")

    def made(connection: Connection) -> Row:
        latest, _ = facts.articles(connection, None, None, None, 6, 0)
        series, _ = facts.series(connection, 4, 0, disagree=True)
        return {
            "latest": latest, "threads": facts.threads(connection, None, 5), "series": series,
            "failures": connection.execute(text("SELECT count(*) FROM failures")).scalar(),
        }  # fmt: skip

    values = (
        page.remembered("overview", made)
        | page.counted("overview")
        | {"totals": page.counted("totals"), "keywords": page.counted("keywords"), "progress": progress(page)}
    )
    return page.render("overview.html", about=description_of(page.room.case), **values)


def progress(page: Page) -> Row:
    """How much of the case is reviewed."""
    with page.read() as connection:
        return review_reports.progress(connection, page.counted("items"))


@router.get("/map")
@kept
def world(request: Request) -> Response:
    """Where events took place."""
    page = Page(request)
    page.need("reader")
    filters = page.filters()[0]._replace(limit=None)
    whole = request.query_params.get("view") == "world"
    if filters == counts.NONE:
        made: Row = page.counted("map")
    else:
        left = page.narrowed("events", filters)
        made = page.remembered(("map", filters), lambda c: counts.mapped(facts.places(c, filters), len(left.items), left.facets))
    return page.render("map.html", filters=filters, whole=whole, map=drawing.world_map(made["places"], 900, 520, whole), **made)


@router.get("/sources")
@kept
def sources(request: Request) -> Response:
    """Outlets: what is independent, what is copied."""
    page = Page(request)
    page.need("reader")
    return page.render("sources.html", **page.counted("sources"))


@router.get("/search")
@kept
def search(request: Request) -> Response:
    """Full text, any spelling, with facets."""
    page = Page(request)
    page.need("reader")
    query = (request.query_params.get("q") or "").strip()[:300]
    filters, number = page.filters(PER_PAGE)
    month = (request.query_params.get("month") or "")[:7]
    expression = match_expression(query) if query else None
    values: Row = {
        "query": query,
        "month": month,
        "filters": filters,
        "number": number,
        "hits": [],
        "total": 0,
        "facets": {},
        "keywords": page.counted("keywords"),
    }
    if expression is not None:
        # what is found is the same for all pages and filters
        every = page.remembered(("found", expression), lambda c: facts.found(c, expression))
        values |= page.remembered(("search", expression, filters, month), lambda c: _hits(c, query, every, expression, filters, month))
        values["keywords"] = _beside(page, every, values["keywords"], query)
    return page.render("search.html", pages=-(-values["total"] // PER_PAGE), **values)


def _beside(page: Page, every: list[facts.Match], keywords: list[tuple[str, int]], query: str) -> list[tuple[str, int]]:
    """The case's keywords that narrow what is found, with how many of its articles hold each."""
    ids = {m.id for m in every}
    out = []
    for words, _ in keywords:
        holding = page.remembered(("holding", words), lambda c, w=words: facts.holding(c, w))  # type: ignore[misc]
        n = len(ids.intersection(holding))
        if 0 < n < len(ids) and words not in query:
            out.append((words, n))
    return out


def _hits(connection: Connection, query: str, every: list[facts.Match], expression: str, filters: Filters, month: str) -> Row:
    left = [
        m for m in every
        if (not filters.outlet or m.outlet == filters.outlet) and (not month or (m.day or "")[:7] == month)
        and (not filters.since or (m.day or "") >= filters.since) and (not filters.until or (m.day and m.day <= filters.until))
    ]  # fmt: skip
    where, given = "", {"q": expression}
    if len(left) < len(every):
        where = " AND d.id IN (SELECT value FROM json_each(:ids))"
        given["ids"] = json.dumps([m.id for m in left])
    rows = connection.execute(
        text(
            "SELECT d.id, d.title, d.outlet, d.published_day, d.text FROM search s JOIN documents d ON d.id = s.rowid "
            f"WHERE search MATCH :q{where} ORDER BY bm25(search, 1.0, 4.0, 2.0, 1.5) LIMIT :limit OFFSET :offset"
        ),
        {**given, "limit": filters.limit, "offset": filters.offset},
    ).all()
    hits = []
    for r in rows:
        spans = found(r.text, query)
        start, end = snippet(r.text, spans)
        parts, at = [], start
        for s, e in spans:
            if s >= start and e <= end:
                parts += [(r.text[at:s], False), (r.text[s:e], True)]
                at = e
        parts.append((r.text[at:end], False))
        hits.append(
            {"id": r.id, "title": r.title, "outlet": r.outlet, "published_day": r.published_day, "parts": parts,
             "before": start > 0, "after": end < len(r.text), "n": len(spans)}
        )  # fmt: skip
    return {"hits": hits, "total": len(left), "facets": facts.search_facets(every)}


@router.get("/dossier")
@kept
def report(request: Request) -> Response:
    """The case as a report. Large cases: the latest days alone, unless other days are asked for."""
    page = Page(request)
    page.need("reader")
    filters = page.filters()[0]._replace(limit=None, offset=0, types=(), status=())
    about = description_of(page.room.case)
    shortened = False
    if filters == counts.NONE:
        parts, filters = page.lasting(dossier_parts(page.room, page.say.lang))
        shortened = filters.since is not None
    else:
        parts = page.remembered(
            ("dossier", filters, page.say.lang, about.name), lambda c: dossier.sections(c, about, filters, page.say.lang)
        )
    return page.render("dossier.html", about=about, sections=parts, filters=filters, shortened=shortened)


def dossier_parts(room: Room, lang: Lang) -> tuple[tuple[list[dossier.Section], Filters], bool]:
    """The report before anybody chose its days: of the newest articles, with the days that these are of."""

    def made(connection: Connection) -> tuple[list[dossier.Section], Filters]:
        filters = Filters(since=_recent(connection))
        return dossier.sections(connection, description_of(room.case), filters, lang), filters

    return room.lasting(("dossier", lang), made)


def _recent(connection: Connection) -> str | None:
    """The day from which the newest 150 articles were published; None where the case has no more."""
    query = "SELECT published_day FROM documents WHERE published_day IS NOT NULL ORDER BY published_day DESC LIMIT 1 OFFSET 150"
    return connection.execute(text(query)).scalar()


@router.get("/help")
@kept
def helping(request: Request) -> Response:
    """Keys, and how the pages are read."""
    page = Page(request)
    page.need("reader")
    return page.render("help.html")


@router.get("/failures")
@kept
def failures(request: Request) -> Response:
    """What could not be ingested, and why."""
    page = Page(request)
    page.need("reader")
    with page.read() as connection:
        rows = connection.execute(text("SELECT where_ AS source, reason, at FROM failures ORDER BY id DESC LIMIT 500")).all()
    return page.render("failures.html", rows=rows)
