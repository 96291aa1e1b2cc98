"""Articles: the text with its spans, the record beside it, and decisions on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from musnad.casefile import review, review_log, schema
from musnad.casefile.ingest import record_of
from musnad.casefile.queries import Row
from musnad.casefile.review_facts import KINDS, facts_of
from musnad.record import Record
from musnad.web import facts, forms
from musnad.web.forms import CHOICES
from musnad.web.room import Page, kept
from musnad.web.text import PART, Mark, found, marked, segments

router = APIRouter()
PER_PAGE = 50
#: cards shown at once beside a part of the text
MOST_CARDS = 150


@router.get("/articles")
@kept
def articles(request: Request) -> Response:
    """Articles, newest first."""
    page = Page(request)
    page.need("reader")
    filters, number = page.filters(PER_PAGE)
    rows, total = page.remembered(
        ("articles", filters), lambda c: facts.articles(c, filters.outlet, filters.since, filters.until, PER_PAGE, filters.offset)
    )  # fmt: skip
    outlets = page.remembered("outlets", facts.outlets)
    return page.render("articles.html", rows=rows, total=total, filters=filters, number=number, outlets=outlets,
                       pages=-(-total // PER_PAGE))  # fmt: skip


@router.get("/articles/{number}")
@kept
def article(request: Request, number: int) -> Response:
    """One article."""
    return _article(Page(request), number)


def _article(page: Page, number: int, status: int = 200, problem: str | None = None) -> Response:
    page.need("reader")
    part = page.request.query_params.get("part") or "0"
    at = int(part) if part.isascii() and part.isdigit() and len(part) < 5 else 0
    query = (page.request.query_params.get("q") or "")[:300]
    with page.read() as connection:
        analysis = review.current_analysis(connection, number)
        if analysis is None:
            raise HTTPException(404)
        record = record_of(connection, analysis)
        marks = review_log.marks_of(connection, [analysis])
        entities = _entities(connection, analysis)
        copy = connection.execute(
            select(schema.copies.c.cluster, schema.copies.c.similarity).where(schema.copies.c.document_id == number)
        ).first()
        groups = {
            r.event: (r.group_id, r.sources)
            for r in connection.execute(
                select(schema.event_links.c.event, schema.event_links.c.group_id, schema.event_groups.c.sources)
                .join(schema.event_groups, schema.event_groups.c.id == schema.event_links.c.group_id)
                .where(schema.event_links.c.analysis_id == analysis)
            )
        }
        history = review_log.decisions(connection, number)
        versions = connection.execute(
            select(schema.analyses.c.musnad, schema.analyses.c.coded_at).where(schema.analyses.c.document_id == number)
            .order_by(schema.analyses.c.id)
        ).all()  # fmt: skip
        published = connection.execute(select(schema.documents.c.published_day).where(schema.documents.c.id == number)).scalar()
        beside = _beside(connection, number, published)
    body = record.article.text
    first = min(at * PART, max(0, (len(body) - 1) // PART * PART))
    last = min(len(body), first + PART)
    cards = _cards(page, record, entities, marks, analysis, groups, first, last)
    shown = segments(body, _marks(record, body, query), first, last)
    live = review_log.active(history)
    read = next((d for d in live if d.kind == "documents"), None)
    rejected = [d for d in live if d.action == "reject" and (analysis, d.kind, d.item) in marks and marks[(analysis, d.kind, d.item)][-1].id == d.id]  # fmt: skip
    values = {
        "number": number, "record": record, "marked": marked(shown), "cards": cards, "published": published, "copy": copy, "first": first,
        "last": last, "parts": -(-len(body) // PART), "at": first // PART, "query": query, "history": history[::-1][:60],
        "live": {d.id for d in live}, "read": read, "rejected": rejected, "body": body, "problem": problem, "beside": beside,
        "versions": versions, "last_mine": next((d for d in reversed(live) if page.user and d.reviewer == page.user.name), None),
        "counts": {k: sum(1 for c in cards if c["kind"] == k) for k in KINDS},
    }  # fmt: skip
    return page.render(
        "article_block.html" if page.wants_fragment() else "article_page.html", status=status, part="article_block.html", **values
    )


def _beside(connection: Connection, number: int, day: str | None) -> Row:
    d = schema.documents.c
    after = connection.execute(select(d.id).where(d.id > number).order_by(d.id).limit(1)).scalar()
    before = connection.execute(select(d.id).where(d.id < number).order_by(d.id.desc()).limit(1)).scalar()
    return {"next": after, "previous": before}


def _entities(connection: Connection, analysis: int) -> dict[str, Row]:
    """Entity of the record -> the case's entity."""
    links, c = schema.entity_links.c, schema.case_entities.c
    rows = connection.execute(
        select(links.entity, c.id, c.name, c.name_en, c.code, c.country)
        .join(schema.case_entities, c.id == links.case_entity_id)
        .where(links.analysis_id == analysis)
    )
    return {r.entity: dict(r._mapping) for r in rows}


def _marks(record: Record, body: str, query: str) -> list[Mark]:
    out = []
    for e in record.events:
        out.append(Mark(e.trigger.start, e.trigger.end, "events", f"events-{e.id}"))
    for s in record.statements:
        out += [Mark(c.start, c.end, "statements", f"statements-{s.id}") for c in s.content]
        out.append(Mark(s.cue.start, s.cue.end, "cue", f"statements-{s.id}"))
    out += [Mark(f.start, f.end, "figures", f"figures-{f.id}") for f in record.figures]
    out += [Mark(t.start, t.end, "times", f"times-{t.id}") for t in record.times]
    out += [Mark(c.what.start, c.what.end, "commitments", f"commitments-{c.id}") for c in record.commitments]
    out += [Mark(m.start, m.end, "mentions", f"mentions-{m.id}") for m in record.mentions]
    if query:
        out += [Mark(s, e, "found", "") for s, e in found(body, query)]
    return out


def _cards(
    page: Page,
    record: Record,
    entities: dict[str, Row],
    marks: dict[tuple[int, str, str], list[review_log.Decision]],
    analysis: int,
    groups: dict[str, tuple[int, int]],
    first: int,
    last: int,
) -> list[Row]:
    mentions = {m.id: m for m in record.mentions}
    times = {t.id: t for t in record.times}
    statements = {s.id: s for s in record.statements}

    def who(name: str | None) -> Row | None:
        m = mentions.get(name or "")
        if m is None:
            return None
        of = entities.get(m.entity or "")
        return {"id": of["id"] if of else None, "name": of["name"] if of else m.text, "name_en": of["name_en"] if of else None,
                "text": m.text, "start": m.start, "end": m.end, "kind": m.kind, "code": of and (of["code"] or of["country"])}  # fmt: skip

    def chain(name: str | None) -> list[Row]:
        """The way a statement came: outermost first."""
        links: list[Row] = []
        seen: set[str] = set()
        while name is not None and name in statements and name not in seen:
            seen.add(name)
            s = statements[name]
            links.append({"act": s.act, "who": who(s.speaker), "via": who(s.via), "id": s.id})
            name = s.parent
        return links[::-1]

    out: list[Row] = []
    for kind in KINDS:
        for item in getattr(record, kind):
            if item.end <= first or item.start >= last:
                continue
            row: Row = {
                "kind": kind, "id": item.id, "item": item, "state": review_log.state_of(marks.get((analysis, kind, item.id), [])),
                "key": f"{kind}-{item.id}", "start": item.start, "text": item.text,
            }  # fmt: skip
            if kind == "events":
                row |= {
                    "label": item.type, "status": item.status, "actors": [w for w in map(who, item.actors) if w],
                    "recipients": [w for w in map(who, item.recipients) if w], "place": who(item.location),
                    "time": times.get(item.time or ""), "chain": chain(item.chain[0]) if item.chain else [],
                    "group": groups.get(item.id), "start": item.trigger.start,
                }  # fmt: skip
            elif kind == "statements":
                row |= {
                    "label": item.act, "status": item.mode, "chain": chain(item.id), "time": times.get(item.time or ""),
                    "addressee": who(item.addressee), "speaker": who(item.speaker),
                    "start": item.content[0].start if item.content else item.start,
                }  # fmt: skip
            elif kind == "figures":
                row |= {"label": item.counts, "status": item.comparator, "of": who(item.of), "place": who(item.place),
                        "by": who(statements[item.statement].speaker) if item.statement in statements else None}  # fmt: skip
            elif kind == "times":
                row |= {"label": item.type, "status": item.relation}
            else:
                row |= {"label": item.kind, "status": item.state, "parties": [w for w in map(who, item.parties) if w],
                        "with": [w for w in map(who, item.with_) if w], "by": times.get(item.by or ""), "start": item.what.start}  # fmt: skip
            out.append(row)
    order = {k: i for i, k in enumerate(KINDS)}
    out.sort(key=lambda r: (r["start"], order[r["kind"]]))
    return out[:MOST_CARDS]


# --- decisions


@router.get("/articles/{number}/edit")
@kept
def edit(request: Request, number: int, kind: str, item: str = "") -> Response:
    """The form to correct an item, or to add one (no item)."""
    page = Page(request)
    page.need("reviewer")
    if kind not in KINDS:
        raise HTTPException(404)
    with page.read() as connection:
        analysis = review.current_analysis(connection, number)
        if analysis is None:
            raise HTTPException(404)
        record = record_of(connection, analysis)
        marks = review_log.marks_of(connection, [analysis])
    one = next((i for i in getattr(record, kind) if i.id == item), None)
    if one is None and item:
        raise HTTPException(404)
    values = facts_of(record, kind, one) if one is not None else {}
    seen = max((d.id for d in marks.get((analysis, kind, item), [])), default=0)
    return page.render(
        "edit.html", number=number, kind=kind, item=item, values=values, seen=seen, body=record.article.text,
        mentions=sorted({(m.start, m.end) for m in record.mentions}), times=sorted({(t.start, t.end) for t in record.times}),
        choices=CHOICES,
    )  # fmt: skip


@router.post("/articles/{number}/decide")
async def decide(request: Request, number: int) -> Response:
    """Accept, correct, reject, add, or mark the article as read."""
    from starlette.concurrency import run_in_threadpool

    form = await request.form(max_files=0, max_fields=60)
    return await run_in_threadpool(_decide, request, number, form)


def _decide(request: Request, number: int, form: Any) -> Response:
    page, user = forms.reviewer(request, form.get("csrf"))
    kind, item, action = (str(form.get(k) or "") for k in ("kind", "item", "action"))
    where, note = str(form.get("next") or ""), str(form.get("note") or "").strip()[:1000] or None
    anchor = f"{kind}-{item}"
    try:
        after = forms.facts(kind, form) if action in ("correct", "add") and kind in KINDS else None
        made = review.decide(
            page.room.case, user.name, kind, action, document_id=number, item=item, after=after, note=note, seen=forms.number(form.get("seen")),
        )  # fmt: skip
    except review.ReviewError as error:
        return _answered(page, number, where, forms.problem(page, error), 409 if isinstance(error, review.Conflict) else 422, anchor)
    return _answered(page, number, where, None, 200, f"{kind}-r{made}" if action == "add" else anchor)


@router.post("/articles/{number}/undo")
def undo(request: Request, number: int, decision: int = Form(), csrf: str = Form("")) -> Response:
    """Take a decision back."""
    page, user = forms.reviewer(request, csrf)
    try:
        review.undo(page.room.case, user.name, decision)
    except review.ReviewError as error:
        return _answered(page, number, "", forms.problem(page, error), 422, "")
    return _answered(page, number, "", None, 200, "")


def _answered(page: Page, number: int, where: str, problem: str | None, status: int, anchor: str) -> Response:
    if page.wants_fragment() and not where:
        # htmx swaps answers with an error as well (responseHandling in base.html)
        return _article(page, number, status, problem)
    address = where or f"/articles/{number}#{anchor}"
    return page.go(address, "bad", problem) if problem else page.go(address)
