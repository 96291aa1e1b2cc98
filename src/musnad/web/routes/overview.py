"""Overview, map, sources, search and dossier."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import Connection, text
from starlette.responses import Response

from musnad.casefile import dossier, review_reports
from musnad.casefile.description import description_of
from musnad.casefile.queries import Filters, Row
from musnad.casefile.search import match_expression
from musnad.web import drawing, facts
from musnad.web.labels import QUADS
from musnad.web.room import Page, kept
from musnad.web.text import found, snippet

router = APIRouter()
PER_PAGE = 15


def quads(counted: drawing.Counted) -> drawing.Counted:
    """Events by day and quad class instead of type."""
    sums: dict[tuple[str, str], int] = {}
    for day, kind, n in counted:
        key = (day, f"q{QUADS.get(kind, 1)}")
        sums[key] = sums.get(key, 0) + n
    return [(day, kind, n) for (day, kind), n in sums.items()]


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
            "totals": facts.totals(connection),
            "coming": drawing.bars(facts.documents_by_day(connection), 720, 90),
            "events": drawing.bars(quads(facts.by_day(connection, "events", Filters())), 720, 130, ["q4", "q3", "q2", "q1"]),
            "map": drawing.world_map(facts.places(connection, Filters(), 120), 720, 380, coarse=True),
            "latest": latest, "threads": facts.threads(connection, None, 5), "series": series,
            "speakers": facts.top_parties(connection, "speaker", 8), "progress": review_reports.progress(connection),
            "failures": connection.execute(text("SELECT count(*) FROM failures")).scalar(),
        }  # fmt: skip

    return page.render("overview.html", about=description_of(page.room.case), **page.remembered("overview", made))


@router.get("/map")
@kept
def world(request: Request) -> Response:
    """Where events took place."""
    page = Page(request)
    page.need("reader")
    filters, _ = page.filters()
    whole = request.query_params.get("view") == "world"

    def made(connection: Connection) -> Row:
        places = facts.places(connection, filters)
        return {
            "places": places, "map": drawing.world_map(places, 900, 520, whole), "facets": facts.facets(connection, "events", filters),
            "without": facts.count(connection, "events", filters) - sum(p["n"] for p in places),
        }  # fmt: skip

    return page.render("map.html", filters=filters, whole=whole, **page.remembered(("map", filters, whole), made))


@router.get("/sources")
@kept
def sources(request: Request) -> Response:
    """Outlets: what is independent, what is copied."""
    page = Page(request)
    page.need("reader")
    made: Row = page.remembered("sources", lambda c: {"rows": facts.sources(c), "clusters": facts.clusters(c)})
    return page.render("sources.html", **made)


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
    }
    if expression is not None:
        values |= page.remembered(("search", expression, filters, month), lambda c: _hits(c, query, expression, filters, month))
    return page.render("search.html", pages=-(-values["total"] // PER_PAGE), **values)


def _hits(connection: Connection, query: str, expression: str, filters: Filters, month: str) -> Row:
    where, given = "", {"q": expression}
    if filters.outlet:
        where += " AND d.outlet = :outlet"
        given["outlet"] = filters.outlet
    if month:
        where += " AND substr(d.published_day, 1, 7) = :month"
        given["month"] = month
    for name, sign in (("since", ">="), ("until", "<=")):
        if getattr(filters, name):
            where += f" AND d.published_day {sign} :{name}"
            given[name] = getattr(filters, name)
    total = connection.execute(
        text(f"SELECT count(*) FROM search s JOIN documents d ON d.id = s.rowid WHERE search MATCH :q{where}"),
        given,
    ).scalar()
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
    return {"hits": hits, "total": int(total or 0), "facets": facts.search_facets(connection, expression)}


@router.get("/dossier")
@kept
def report(request: Request) -> Response:
    """The case as a report. Large cases: the latest days alone, unless other days are asked for."""
    page = Page(request)
    page.need("reader")
    filters, _ = page.filters()
    filters = filters._replace(limit=None, offset=0, types=(), status=())
    shortened = False
    if not filters.since:
        since = page.remembered("dossier.since", _recent)
        shortened = since is not None
        filters = filters._replace(since=since)
    about = description_of(page.room.case)
    parts = page.remembered(
        ("dossier", filters, page.say.lang, about.name),
        lambda c: dossier.sections(c, about, filters, page.say.lang),
    )
    return page.render("dossier.html", about=about, sections=parts, filters=filters, shortened=shortened)


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
