"""What forms of reviewers say: who sends them, facts of items, decisions that cannot be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from musnad.casefile import review
from musnad.casefile.queries import Row
from musnad.web import labels
from musnad.web.access import User
from musnad.web.room import Page


def reviewer(request: Request, csrf: Any) -> tuple[Page, User]:
    """The page and the reviewer of a form that changes something. :raises HTTPException: where it may not, or is not from here."""
    page = Page(request)
    user = page.need("reviewer")
    page.checked(str(csrf or ""))
    return page, user


def problem(page: Page, error: review.ReviewError) -> str:
    """Why a decision was not kept, in the reader's language."""
    if isinstance(error, review.Conflict):
        return page._("%(name)s decided on this meanwhile: look again.", name=error.reviewer)
    return page._(str(error))


def decided(page: Page, decision: Callable[[], Any], good: tuple[str, str], bad: str) -> Response:
    """Take a decision and go on.

    :param good: where to go, and what to say there.
    :param bad: where to go if it could not be kept; why is said there.
    """
    try:
        decision()
    except review.ReviewError as error:
        return page.go(bad, "bad", problem(page, error))
    return page.go(good[0], "good", good[1])


def number(value: Any) -> int | None:
    """A whole number of a form."""
    words = str(value or "")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 12 else None


CHOICES = {
    "type": labels.EVENT_TYPES, "status": labels.STATUSES,
    "act": ["say", "announce", "confirm", "deny", "accuse", "condemn", "warn", "threaten", "demand", "call", "promise", "ask",
            "expect", "welcome", "reject", "agree", "claim_responsibility"],
    "counts": ["personnel", "attacks", "killed", "wounded", "detained", "displaced", "participants", "money", "share", "duration",
               "weapons", "vehicles", "distance", "area", "other"],
    "comparator": ["exact", "about", "more_than", "less_than", "at_least", "at_most", "range"],
    "kind": ["talks", "working_group", "timetable", "withdrawal", "reduction", "ceasefire", "agreement", "release", "deployment",
             "aid", "visit", "inquiry", "other"],
    "state": ["proposed", "demanded", "expected", "announced", "agreed", "under_way", "done", "delayed", "refused"],
}  # fmt: skip
#: form fields by kind: spans, lists of spans, words, numbers, days
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "events": {"one": ("trigger", "location", "time"), "many": ("actors", "recipients"), "word": ("type", "status")},
    "statements": {"one": ("cue", "speaker", "addressee", "via"), "many": ("content",), "word": ("act",)},
    "figures": {"one": ("span", "of", "place"), "many": (), "word": ("counts", "comparator"), "number": ("value", "low", "high")},
    "times": {"one": ("span",), "many": (), "word": (), "day": ("begin", "end_date")},
    "commitments": {"one": ("what", "by"), "many": ("parties", "with"), "word": ("kind_", "state")},
}  # fmt: skip


def _span(value: str) -> list[int] | None:
    start, _, end = value.partition("-")
    if not value:
        return None
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(value) < 24):
        raise review.ReviewError(f"{value[:30]!r} is no span of the article")
    return [int(start), int(end)]


def facts(kind: str, form: Any) -> Row:
    """What a form says of an item: only the fields that it has.

    :raises ReviewError: for something that is no span, number or day.
    """
    out: Row = {}
    fields = _FIELDS[kind]
    for name in fields["one"]:
        if name in form:
            out[name] = _span(str(form[name]).strip())
    for name in fields["many"]:
        if name in form or f"{name}_given" in form:
            spans = [_span(v.strip()) for whole in form.getlist(name) for v in str(whole).split(",") if v.strip()]
            out[name] = [s for s in spans if s]
    for name in fields["word"]:
        if form.get(name):
            out[name.rstrip("_")] = str(form[name])
    for name in fields.get("number", ()):
        if name in form:
            value = str(form[name]).strip().translate(_DIGITS)
            try:
                number = float(value) if value else None
            except ValueError:
                raise review.ReviewError(f"{value[:30]!r} is no number") from None
            if number is not None and not abs(number) < 1e15:
                raise review.ReviewError(f"{value[:30]!r} is no number")
            out[name] = int(number) if number is not None and number == int(number) else number
    for name in fields.get("day", ()):
        if name in form:
            value = str(form[name]).strip().translate(_DIGITS)
            try:
                out[name] = dt.date.fromisoformat(value).isoformat() if value else None
            except ValueError:
                raise review.ReviewError(f"{value[:30]!r} is no date") from None
    required = {
        "events": "trigger",
        "statements": "content",
        "figures": "span",
        "times": "span",
        "commitments": "what",
    }[kind]
    if required in out and not out[required]:
        raise review.ReviewError("choose the words in the text first")
    return out


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
