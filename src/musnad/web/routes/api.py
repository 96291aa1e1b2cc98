"""The JSON API: the same questions as the pages and the command line; described at /api/openapi.json."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, text
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import queries, review, review_log, review_reports, schema
from musnad.casefile.ingest import record_of
from musnad.casefile.queries import Filters
from musnad.casefile.search import match_expression
from musnad.record import to_json
from musnad.web import facts
from musnad.web.room import Page
from musnad.web.text import found

router = APIRouter(prefix="/api", tags=["questions"])
_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_WORDS = r"^[^\x00-\x1f]*$"
Limit = Annotated[int, Query(ge=1, le=500, description="how many")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="how many to leave out first")]
Id = Annotated[int, Field(ge=0, le=2**53)]


class Detail(BaseModel):
    """What was wrong."""

    detail: Any


class Items(BaseModel):
    """A page of answers; ``total`` where it is counted. Every item names its article (``document_id``) and offsets."""

    model_config = ConfigDict(extra="allow")
    total: int | None = None
    items: list[dict[str, Any]]


class DecisionIn(BaseModel):
    """A decision on an item. ``after``: facts by kind (docs/reading-room.md); spans are [start, end] in code points."""

    model_config = ConfigDict(extra="forbid")
    document_id: int = Field(ge=0, le=2**53)
    kind: Literal["events", "statements", "figures", "times", "commitments", "documents"]
    action: Literal["accept", "correct", "reject", "add"]
    item: str = Field("", max_length=100)
    after: dict[str, Any] | None = None
    note: str | None = Field(None, max_length=1000)
    seen: int | None = Field(None, ge=0, le=2**53)


class Made(BaseModel):
    """The id of what was made."""

    id: int


ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": Detail, "description": "not signed in"},
    403: {"model": Detail, "description": "the role does not allow it"},
    404: {"model": Detail, "description": "there is none"},
    422: {"model": Detail, "description": "a value that cannot be used"},
}


def reader(request: Request) -> Page:
    """The page of a request whose user may read."""
    page = Page(request)
    page.need("reader")
    return page


Reader = Annotated[Page, Depends(reader)]


def filters(
    since: Annotated[str | None, Query(pattern=_DATE, description="from this day")] = None,
    until: Annotated[str | None, Query(pattern=_DATE, description="to this day")] = None,
    outlet: Annotated[str | None, Query(max_length=200, pattern=_WORDS)] = None,
    actor: Annotated[
        str | None,
        Query(max_length=200, pattern=_WORDS, description="id, knowledge-base id, country or part of a name"),
    ] = None,
    type: Annotated[list[str], Query(max_length=20, description="event types, acts, kinds or counts")] = [],  # noqa: B006
    status: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006
    as_of: Annotated[str | None, Query(pattern=_DATE, description="what the case knew at the end of that day")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Filters:
    """The filters that all questions take."""
    return Filters(since, until, outlet, actor, tuple(type), tuple(status), as_of, limit, offset)


Narrowed = Annotated[Filters, Depends(filters)]


def _plain(page: Page, value: Any) -> Response:
    return page.finish(
        Response(
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"),
            media_type="application/json",
        )
    )


def _question(kind: str, summary: str) -> None:
    def ask(page: Reader, narrowed: Narrowed) -> Response:
        with page.read() as connection:
            rows = review_log.effective(connection, kind, getattr(queries, kind)(connection, narrowed))
            total = facts.count(connection, kind, narrowed) if narrowed.as_of is None else None
        return _plain(page, {"total": total, "items": rows})

    ask.__doc__ = f"{summary} ``review`` says what reviewers made of each."
    router.add_api_route(
        f"/{kind}", ask, methods=["GET"], summary=summary, response_model=Items, responses={k: ERRORS[k] for k in (401, 422)}, name=kind
    )  # fmt: skip


_question("events", "Events in order of day.")
_question("statements", "Statements in order of publication.")
_question("figures", "Figures in order of publication, with who claims them.")
_question("commitments", "Commitments in order of publication.")


@router.get("/case", response_model=dict[str, Any], responses={401: ERRORS[401]})
def case(page: Reader) -> Response:
    """The case: its name and how much it holds."""
    with page.read() as connection:
        return _plain(page, {"name": page.case_name, **facts.totals(connection)})


@router.get("/articles", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def articles(page: Reader, narrowed: Narrowed) -> Response:
    """Articles, newest first (outlet, since, until, limit and offset count)."""
    with page.read() as connection:
        rows, total = facts.articles(connection, narrowed.outlet, narrowed.since, narrowed.until, narrowed.limit or 50, narrowed.offset)
    return _plain(page, {"total": total, "items": rows})


@router.get("/articles/{number}", response_model=dict[str, Any], responses=ERRORS)
def article(page: Reader, number: Id) -> Response:
    """The record of an article (docs/record.md), with what reviewers changed."""
    with page.read() as connection:
        analysis = review.current_analysis(connection, number)
        if analysis is None:
            raise HTTPException(404, "there is no such article")
        body = to_json(record_of(connection, analysis))
    return page.finish(Response(body, media_type="application/json"))


@router.get("/actors", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def actors(page: Reader, narrowed: Narrowed) -> Response:
    """The case's actors, busiest first; ``type`` is the kind."""
    with page.read() as connection:
        return _plain(page, {"items": queries.actors(connection, narrowed)})


@router.get("/actors/{number}", response_model=dict[str, Any], responses=ERRORS)
def actor(page: Reader, number: Id) -> Response:
    """One actor with its names and those it deals with."""
    with page.read() as connection:
        row = connection.execute(select(schema.case_entities).where(schema.case_entities.c.id == number)).first()
        if row is None:
            raise HTTPException(404, "there is no such actor")
        return _plain(
            page,
            {
                **dict(row._mapping),
                "aliases": facts.aliases(connection, number),
                "pairs": facts.pairs(connection, number),
            },
        )


@router.get("/timeline", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def timeline(page: Reader, narrowed: Narrowed) -> Response:
    """Each event once (those with a known day first), with its number of independent sources."""
    g = schema.event_groups
    query = select(g).order_by(g.c.begin.is_(None), g.c.begin, g.c.id).limit(narrowed.limit).offset(narrowed.offset)
    for column, chosen in ((g.c.type, narrowed.types), (g.c.status, narrowed.status)):
        if chosen:
            query = query.where(column.in_(chosen))
    if narrowed.since:
        query = query.where(g.c.begin >= narrowed.since)
    if narrowed.until:
        query = query.where(g.c.begin <= narrowed.until)
    with page.read() as connection:
        return _plain(page, {"items": [dict(r._mapping) for r in connection.execute(query)]})


@router.get("/series", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def series(page: Reader, limit: Limit = 20, offset: Offset = 0, only_disagreeing: bool = False) -> Response:
    """Figures on one thing by claimant, longest first."""
    with page.read() as connection:
        rows, total = facts.series(connection, limit, offset, disagree=only_disagreeing)
    return _plain(page, {"total": total, "items": rows})


@router.get("/threads", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def threads(page: Reader, limit: Limit = 50, level: Annotated[int | None, Query(ge=0, le=3)] = None) -> Response:
    """Commitments followed over time; levels are those of the Peace Accords Matrix."""
    with page.read() as connection:
        return _plain(page, {"items": facts.threads(connection, level, limit)})


@router.get("/sources", response_model=Items, responses={401: ERRORS[401]})
def sources(page: Reader) -> Response:
    """Outlets: articles, copies, copied by others."""
    with page.read() as connection:
        return _plain(page, {"items": facts.sources(connection)})


@router.get("/places", response_model=dict[str, Any], responses={k: ERRORS[k] for k in (401, 422)})
def places(page: Reader, narrowed: Narrowed) -> Response:
    """Places of events as GeoJSON."""
    with page.read() as connection:
        rows = facts.places(connection, narrowed, narrowed.limit or 50)
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [r["lon"], r["lat"]]}, "properties": {k: v for k, v in r.items() if k not in ("lat", "lon")}}
        for r in rows
    ]  # fmt: skip
    return _plain(page, {"type": "FeatureCollection", "features": features})


@router.get("/search", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)})
def search(
    page: Reader,
    q: Annotated[str, Query(max_length=300, pattern=_WORDS)],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """Articles for words in any spelling, best first, with the offsets of the words in the text (``spans``)."""
    expression = match_expression(q)
    if expression is None:
        return _plain(page, {"total": 0, "items": []})
    with page.read() as connection:
        total = connection.execute(text("SELECT count(*) FROM search WHERE search MATCH :q"), {"q": expression}).scalar()
        rows = connection.execute(
            text(
                "SELECT d.id, d.title, d.outlet, d.published_day, d.text FROM search s JOIN documents d ON d.id = s.rowid WHERE "
                "search MATCH :q ORDER BY bm25(search, 1.0, 4.0, 2.0, 1.5) LIMIT :limit OFFSET :offset"
            ),
            {"q": expression, "limit": limit, "offset": offset},
        ).all()
    items = [
        {
            "document_id": r.id,
            "title": r.title,
            "outlet": r.outlet,
            "published_day": r.published_day,
            "spans": found(r.text, q, 50),
        }
        for r in rows
    ]
    return _plain(page, {"total": total, "items": items})


@router.get("/reviews", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)}, tags=["review"])
def reviews(page: Reader, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Decisions, newest first."""
    r = schema.reviews
    with page.read() as connection:
        rows = connection.execute(select(r).order_by(r.c.id.desc()).limit(limit).offset(offset)).all()
        return _plain(page, {"items": [dict(x._mapping) for x in rows]})


@router.get("/queue", response_model=Items, responses={k: ERRORS[k] for k in (401, 422)}, tags=["review"])
def queue(
    page: Reader, by: Literal["both", "doubt", "weight"] = "both", kind: Literal["events", "statements"] | None = None,
    limit: Limit = 50, offset: Offset = 0,
) -> Response:  # fmt: skip
    """What nobody decided on, with doubt and weight."""
    with page.read() as connection:
        return _plain(page, {"items": review_reports.queue(connection, by, kind, limit, offset)})


@router.post("/reviews", response_model=Made, status_code=201, tags=["review"],
             responses={**ERRORS, 409: {"model": Detail, "description": "somebody else decided meanwhile"}, 429: {"model": Detail, "description": "too many"}})  # fmt: skip
def decide(page: Reader, decision: DecisionIn) -> Response:
    """Keep a decision. Needs the session's CSRF token in the header ``X-CSRF-Token`` (every page has it in ``<meta name="csrf">``)."""
    user = page.need("reviewer")
    page.checked(None)
    try:
        made = review.decide(
            page.room.case, user.name, decision.kind, decision.action, document_id=decision.document_id, item=decision.item,
            after=decision.after, note=decision.note, seen=decision.seen,
        )  # fmt: skip
    except review.Conflict as error:
        raise HTTPException(409, str(error)) from None
    except review.ReviewError as error:
        raise HTTPException(422, str(error)) from None
    response = _plain(page, {"id": made})
    response.status_code = 201
    return response


@router.post("/reviews/{number}/undo", response_model=Made, status_code=201, tags=["review"],
             responses={**ERRORS, 429: {"model": Detail, "description": "too many"}})  # fmt: skip
def undo(page: Reader, number: Id) -> Response:
    """Take a decision back. Needs the CSRF token as well."""
    user = page.need("reviewer")
    page.checked(None)
    try:
        made = review.undo(page.room.case, user.name, number)
    except review.ReviewError as error:
        raise HTTPException(422, str(error)) from None
    response = _plain(page, {"id": made})
    response.status_code = 201
    return response
