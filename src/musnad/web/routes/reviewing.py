"""The review queue, the log of decisions, agreement, gold and suggestions."""

from __future__ import annotations

import json

from fastapi import APIRouter, Form, Request
from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import review, review_across, review_log, review_reports, schema
from musnad.casefile.queries import Row
from musnad.web import facts, forms, said
from musnad.web.room import Page, kept
from musnad.web.routes.overview import progress

router = APIRouter()
PER_PAGE = 40


@router.get("/review")
@kept
def queue(request: Request) -> Response:
    """What nobody decided on, by doubt and weight."""
    page = Page(request)
    page.need("reader")
    by = request.query_params.get("by") or "both"
    by = by if by in ("both", "doubt", "weight") else "both"
    kind = request.query_params.get("kind") or ""
    kind = kind if kind in ("events", "statements") else ""
    _, number = page.filters(PER_PAGE)
    ranked: review_reports.Ranking = page.counted("queue")
    with page.read() as connection:
        rows = review_reports.queued(connection, ranked, ranked.order(by, kind or None)[(number - 1) * PER_PAGE :], PER_PAGE)
    done = progress(page)
    left = done["events"] + done["statements"] - done["events_reviewed"] - done["statements_reviewed"]
    return page.render("queue.html", by=by, kind=kind, number=number, pages=max(1, -(-left // PER_PAGE)), rows=rows, progress=done)


@router.get("/review/log")
@kept
def log(request: Request) -> Response:
    """Every decision, newest first."""
    page = Page(request)
    page.need("reader")
    _, number = page.filters(PER_PAGE)
    r = schema.reviews
    d = schema.documents.c
    with page.read() as connection:
        total = connection.execute(select(func.count()).select_from(r)).scalar() or 0
        rows = connection.execute(select(r).order_by(r.c.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
        live = {one.id for one in review_log.active(review_log.decisions(connection))}
        wanted = {x.document_id for x in rows if x.document_id is not None}
        bodies = {x.id: x.text for x in connection.execute(select(d.id, d.text).where(d.id.in_(wanted)))}
    told = {}
    for x in rows:
        body = bodies.get(x.document_id, "")
        # of a correction only what it changed
        only = set(x.after) if x.action == "correct" and x.after else None
        told[x.id] = (said.facts(page, x.kind, x.before, body, only), said.facts(page, x.kind, x.after, body))
    return page.render("log.html", rows=rows, told=told, live=live, total=total, number=number, pages=-(-total // PER_PAGE))


@router.post("/review/undo")
def undo(request: Request, decision: int = Form(), csrf: str = Form("")) -> Response:
    """Take a decision back, from the log or the page of what it decided."""
    page, user = forms.reviewer(request, csrf)
    there = "/review/log"
    return forms.decided(page, lambda: review.undo(page.room.case, user.name, decision), (there, page._("The decision is undone.")), there)


@router.get("/events/{group}/others")
def others(request: Request, group: int) -> Response:
    """Events in articles that hold some words: whom to merge with."""
    page = Page(request)
    page.need("reviewer")
    words = " ".join((request.query_params.get("q") or "").split())[:100]
    with page.read() as connection:
        rows = facts.events_with(connection, words, group) if words else []
    return page.render("other_events.html", rows=rows, group=group)


@router.post("/events/{group}/merge")
def merge(request: Request, group: int, into: int = Form(), csrf: str = Form("")) -> Response:
    """Two events are one."""
    page, user = forms.reviewer(request, csrf)
    good = (f"/events/{into}", page._("The two events are one now."))
    return forms.decided(
        page, lambda: review_across.group_events(page.room.case, user.name, "merge", group, into), good, f"/events/{group}"
    )


@router.post("/events/{group}/split")
def split(request: Request, group: int, analysis: int = Form(), event: str = Form(), csrf: str = Form("")) -> Response:
    """A telling is of another event."""
    page, user = forms.reviewer(request, csrf)
    there, words = f"/events/{group}", page._("The telling stands alone now.")
    return forms.decided(
        page, lambda: review_across.group_events(page.room.case, user.name, "split", group, (analysis, event)), (there, words), there
    )


@router.get("/review/agreement")
@kept
def agreement(request: Request) -> Response:
    """How far reviewers agree."""
    page = Page(request)
    page.need("reader")
    with page.read() as connection:
        pairs = review_reports.agreement(connection)
        apart = review_reports.disagreements(connection, 200)
    return page.render("agreement.html", pairs=pairs, apart=apart, actions=("accept", "correct", "reject"))


@router.get("/review/suggestions")
@kept
def suggestions(request: Request) -> Response:
    """What decisions say about the lexicons."""
    page = Page(request)
    page.need("reader")
    with page.read() as connection:
        rows = review_reports.suggestions(connection)
    return page.render("suggestions.html", rows=[(s, said.advice(page, s.advice)) for s in rows])


@router.get("/review/{name}")
def download(request: Request, name: str) -> Response:
    """gold.json and articles.jsonl for `musnad eval`, suggestions.tsv for the lexicons."""
    page = Page(request)
    user = page.need("reviewer")
    with page.read() as connection:
        if name in ("gold.json", "articles.jsonl"):
            annotations, articles = review_reports.gold(connection)
            data: list[Row] = annotations if name == "gold.json" else articles
            body = (
                json.dumps(data, ensure_ascii=False, indent=1)
                if name == "gold.json"
                else "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in data)
            )
            kind = "application/json" if name == "gold.json" else "application/x-ndjson"
        elif name == "suggestions.tsv":
            rows = review_reports.suggestions(connection)
            lines = ["lexicon\twords\tadvice\ttimes\tdocuments"]
            lines += [
                "\t".join(
                    (
                        s.lexicon,
                        " ".join(s.words.split()),
                        s.advice,
                        str(s.times),
                        " ".join(map(str, s.documents)),
                    )
                )
                for s in rows
            ]
            body, kind = "\n".join(lines) + "\n", "text/tab-separated-values"
        else:
            raise HTTPException(404)
    if not page.room.limiter.allows("export", page.address):
        raise HTTPException(429, page._("Too many requests: wait a minute."))
    page.room.note(user.name, "export", name, page.address)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return page.finish(Response(body.encode("utf-8", "replace"), media_type=kind, headers=headers))
