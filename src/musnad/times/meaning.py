"""What resolving shares: its context, what is found, and which of several returns of a month or day is meant."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from musnad.record import Anchor
from musnad.times import calendars
from musnad.times.calendars import Days
from musnad.times.data import Frame


class Context(NamedTuple):
    """``today``: the day of publication; ``previous``: the days last resolved in the article; ``tense``: -1, 0 (not known), 1, 2 (future by a word such as حتى alone);
    ``near``: a day from the same sentence that was itself seen from the text, before which yearless dates are sought."""

    today: date | None
    previous: Days | None = None
    tense: int = 0
    near: date | None = None
    previous_value: str | None = None


class Found(NamedTuple):
    value: str
    days: Days | None
    anchor: Anchor
    unit: str
    needed: bool = False


def pick(candidates: list[Days], c: Context, f: Frame, today: date) -> Days | None:
    """Which of the yearly returns of a month, day or season is meant; candidates in order of time."""
    if not candidates:
        return None
    shift = f.get("shift")
    if shift == -1:
        return next((d for d in reversed(candidates) if d[1] < today), None)
    if shift == 1:
        return next((d for d in candidates if d[0] > today), None)
    if shift == 0:
        return next((d for d in candidates if d[0].year == today.year), None)
    if shift == -2:
        past = [d for d in candidates if d[1] < today]
        return past[-2] if len(past) > 1 else None
    if shift == 2:
        future = [d for d in candidates if d[0] > today]
        return future[1] if len(future) > 1 else None
    past = [d for d in candidates if d[0] <= today]
    future = [d for d in candidates if d[1] >= today]
    if c.tense > 0:
        if past and future:
            ahead_by, back_by = (future[0][0] - today).days, (today - past[-1][1]).days
            # «الربح حتى 31 يوليو» in August tells of the past; so does a plan that has just been overtaken
            if (c.tense == 2 and ahead_by > 200 and back_by < 100) or (ahead_by > 300 and back_by <= 3):
                return past[-1]
        return future[0] if future else None
    single = candidates[0][0] == candidates[0][1]
    ahead = past and future and single and (future[0][0] - today).days <= 31
    if ahead and (today - past[-1][1]).days > 300:
        # a day a few weeks ahead is nearer at hand than one almost a year back
        return future[0]
    return past[-1] if past else future[0] if future else None


def years_around(f: Frame, c: Context, today: date) -> range:
    return range(today.year - 3, today.year + 4)


def text_shift(f: Frame) -> Frame:
    return {**f, "shift": f["text"]} if f.get("text") and "unit" not in f else f


def iso_span(days: Days) -> str:
    return days[0].isoformat() if days[0] == days[1] else f"{days[0].isoformat()}/{days[1].isoformat()}"


def year_of(f: Frame, c: Context) -> tuple[int | None, Anchor, bool]:
    """The year said or meant by «العام الماضي» and the like: (year, anchor, a publication date was needed)."""
    if "year" in f:
        return f["year"], "none", False
    if f.get("unit") == "year":
        if "text" in f:
            base = c.previous[0].year if c.previous else None
            return (base + f["text"] if base is not None else None), "text", False
        if c.today is None:
            return None, "published", True
        base = c.today.year
        if f.get("cal") == "h":
            hijri = calendars.to_hijri(c.today)
            if hijri is None:
                return None, "published", False
            base = hijri[0]
        return base + f.get("shift", 0), "published", False
    return None, "published", False
