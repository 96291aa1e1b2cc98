"""From slots to a TIMEX3 value and the days it can mean."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from musnad.record import Anchor, Calendar, TimeType
from musnad.times import calendars
from musnad.times.data import Frame
from musnad.times.days import days
from musnad.times.meaning import Context

_LETTER = {"second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "month": "M", "year": "Y",
           "decade": "DE", "century": "CE"}  # fmt: skip


class Resolved(NamedTuple):
    """What an expression means. ``needed``: it needs a publication date that is not known."""

    type: TimeType
    value: str | None
    begin: date | None
    end: date | None
    anchor: Anchor = "none"
    calendar: Calendar = "gregorian"
    approximate: bool = False
    needed: bool = False
    unit: str = "day"


def resolve(frame: Frame, context: Context) -> Resolved | None:
    """The meaning of an expression's slots; None where they name a day that does not exist (31 شباط)."""
    try:
        return _resolve(frame, context)
    except (ValueError, OverflowError):
        return None


def _resolve(f: Frame, c: Context) -> Resolved | None:
    if "from" in f:
        return _range(f, c)
    if "every" in f:
        return _set(f)
    if "amounts" in f:
        return _amounts(f, c)
    calendar: Calendar = "hijri" if f.get("cal") == "h" or f.get("twin") or f.get("feastcal") == "h" else "gregorian"
    kind: TimeType = "time" if {"hour", "part", "late"} & set(f) and not (
        "late" in f and not {"part", "hour"} & set(f) and _is_period(f)
    ) else "date"  # fmt: skip
    found = days(f, c)
    if found is None:
        return None
    value: str | None = found.value
    if kind == "time":
        clock = _clock(f)
        value = f"{found.value}{clock}" if found.value or clock else None
    begin, end = found.days if found.days is not None else (None, None)
    return Resolved(kind, value, begin, end, found.anchor, calendar, bool(f.get("approx")), found.needed, found.unit)


def _is_period(f: Frame) -> bool:
    return not {"off", "day", "weekday"} & set(f)


def _clock(f: Frame) -> str:
    if "hour" not in f:
        return f"T{f['part']}" if "part" in f else ""
    out: str = f"T{f['hour']:02d}:{f.get('minute', 0):02d}"
    if "second" in f:
        out += f":{f['second']:02d}"
    zone: str = f.get("zone", "")
    return out + zone


def _range(f: Frame, c: Context) -> Resolved | None:
    left, right = _resolve(f["from"], c), _resolve(f["to"], c)
    if left is None or right is None:
        return None
    begin, end = left.begin, right.end
    if begin and end and begin > end and left.anchor == "published":
        # من تشرين الأول إلى شباط: the end decides, the beginning lies before it
        pushed = _resolve(f["from"], c._replace(today=end, tense=-1))
        begin = pushed.begin if pushed is not None else None
        if begin and end and begin > end:
            return None
        left = pushed if pushed is not None else left
    if begin and end and begin > end:
        return None
    value = None
    if left.value and right.value:
        value = f"{left.value.split('/')[0]}/{right.value.split('/')[-1]}"
    return Resolved(
        right.type, value, begin, end, "published" if "published" in (left.anchor, right.anchor) else right.anchor,
        right.calendar, False, left.needed or right.needed, right.unit,
    )  # fmt: skip


def _number(n: float) -> str:
    return str(int(n)) if n == int(n) else f"{n:g}"


def period_value(amounts: list[list[object]]) -> str:
    """The TIMEX3 value of a duration, from [[count or None, unit], ...]."""
    days, hours = "", ""
    for n, unit in amounts:
        said = "X" if n is None else _number(float(n))  # type: ignore[arg-type]
        if unit in ("hour", "minute", "second"):
            hours += said + _LETTER[str(unit)]
        else:
            days += said + _LETTER[str(unit)]
    return "P" + days + ("T" + hours if hours else "")


def _set(f: Frame) -> Resolved:
    if "amounts" in f:
        value = period_value(f["amounts"])
    elif "weekday" in f:
        value = f"XXXX-WXX-{f['weekday']}"
    elif "month" in f and "day" in f:
        value = f"XXXX-{f['month']:02d}-{f['day']:02d}"
    elif "season" in f:
        value = f"XXXX-{f['season']}"
    elif "month" in f:
        value = f"XXXX-{f['month']:02d}"
    elif "part" in f:
        value = f"XXXX-XX-XXT{f['part']}"
    else:
        value = period_value([[1, f.get("unit", "day")]])
    return Resolved("set", value, None, None)


def _amounts(f: Frame, c: Context) -> Resolved | None:
    amounts = f["amounts"]
    duration = Resolved("duration", period_value(amounts), None, None, approximate=bool(f.get("approx")))
    toward = f.get("toward", 1 if f.get("later") and c.tense == 1 else 0)
    if not toward or any(n is None for n, _ in amounts):
        return duration
    anchor: Anchor = "text" if "text" in f else "published"
    if any(unit in ("hour", "minute", "second") for _, unit in amounts):
        return duration
    base = c.previous[1 if toward > 0 else 0] if "text" in f and c.previous else None if "text" in f else c.today
    if base is None:
        return Resolved(
            "date",
            "XXXX-XX-XX",
            None,
            None,
            anchor,
            approximate=bool(f.get("approx")),
            needed="text" not in f,
        )
    day = base
    for n, unit in amounts:
        months = {"month": 1, "year": 12, "decade": 120, "century": 1200}.get(unit)
        if months is not None:
            day = calendars.add_months(day, toward * round(n * months))
        else:
            day += timedelta(toward * round(n * {"day": 1, "night": 1, "week": 7}[unit]))
    return Resolved("date", day.isoformat(), day, day, anchor, approximate=bool(f.get("approx")))
