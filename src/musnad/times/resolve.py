"""From slots to a TIMEX3 value and the days it can mean."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from musnad.record import Anchor, Calendar, TimeType
from musnad.times import calendars
from musnad.times.calendars import Days
from musnad.times.data import Frame

_LETTER = {"second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "month": "M", "year": "Y",
           "decade": "DE", "century": "CE"}  # fmt: skip
_SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


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


class Context(NamedTuple):
    """``today``: the day of publication; ``previous``: the days last resolved in the article; ``tense``: -1, 0 (not known), 1;
    ``near``: a day from the same sentence that was itself seen from the text, before which yearless dates are sought."""

    today: date | None
    previous: Days | None = None
    tense: int = 0
    near: date | None = None


class _Found(NamedTuple):
    value: str
    days: Days | None
    anchor: Anchor
    unit: str
    needed: bool = False


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
    found = _days(f, c)
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
    out = f"T{f['hour']:02d}:{f.get('minute', 0):02d}"
    if "second" in f:
        out += f":{f['second']:02d}"
    return out + f.get("zone", "")


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
    value = f"{left.value}/{right.value}" if left.value and right.value else None
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
        return Resolved("date", "XXXX-XX-XX", None, None, anchor, approximate=bool(f.get("approx")), needed="text" not in f)
    day = base
    for n, unit in amounts:
        months = {"month": 1, "year": 12, "decade": 120, "century": 1200}.get(unit)
        if months is not None:
            day = calendars.add_months(day, toward * round(n * months))
        else:
            day += timedelta(toward * round(n * {"day": 1, "night": 1, "week": 7}[unit]))
    return Resolved("date", day.isoformat(), day, day, anchor, approximate=bool(f.get("approx")))


def _days(f: Frame, c: Context) -> _Found | None:
    """The period or day of an expression without its clock time."""
    if "feast" in f:
        return _feast(f, c)
    if "off" in f:
        return _deictic(f, c)
    if "nth" in f:
        return _nth(f, c)
    if "firstn" in f:
        return _first_units(f, c)
    if "day" in f or "lastday" in f:
        return _day(f, c)
    if "weekday" in f:
        return _weekday(f, c)
    found = _period(f, c)
    if found is None:
        if "hour" in f or "part" in f:
            return _Found("", None, "none", "day")
        return None
    return _narrow(f, found, c)


def _narrow(f: Frame, found: _Found, c: Context) -> _Found:
    """A period's third, half or quarter, or its rest."""
    if "piece" in f:
        return _piece(f["piece"], found)
    if found.days is None:
        return found
    if "section" in f:
        return found._replace(days=calendars.section(found.days, f["section"], found.unit))
    if f.get("rest") and c.today is not None and found.days[0] <= c.today <= found.days[1]:
        return found._replace(days=(c.today, found.days[1]))
    return found


def _piece(piece: str, found: _Found) -> _Found:
    kind, n = piece[0], int(piece[1])
    value = found.value
    if found.unit == "year" and kind in "HQ":
        value = f"{found.value}-{piece}"
    if found.days is None:
        return found._replace(value=value)
    first, last = found.days
    if kind in "HQ" and found.unit == "year":
        months = 6 if kind == "H" else 3
        first = calendars.add_months(first, months * (n - 1))
        return _Found(value, (first, calendars.add_months(first, months) - timedelta(1)), found.anchor, "quarter")
    if kind == "H" and found.unit == "month":
        half = first + timedelta(15)
        return found._replace(days=(first, half - timedelta(1)) if n == 1 else (half, last))
    if kind == "E":  # العشر الأوائل، العشر الأواخر
        return found._replace(days=(first, first + timedelta(9)) if n == 0 else (first + timedelta(20), last))
    if kind == "T":
        return found._replace(days=calendars.section(found.days, ("early", "mid", "late")[n - 1], found.unit))
    parts = 2 if kind == "H" else 4
    length = (last - first).days + 1
    return found._replace(
        days=(first + timedelta(length * (n - 1) // parts), first + timedelta(length * n // parts - 1))
    )


def _year(f: Frame, c: Context) -> tuple[int | None, Anchor, bool]:
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


def _period(f: Frame, c: Context) -> _Found | None:
    if "decade" in f:
        return _decade(f, c)
    if "century" in f or f.get("unit") == "century":
        return _century(f, c)
    if f.get("weekend"):
        return _week(f, c)
    if "month" in f:
        return _month(f, c)
    if "season" in f:
        return _season(f, c)
    unit = f.get("unit")
    if unit == "year" or "year" in f:
        return _whole_year(f, c)
    if "piece" in f:  # الربع الأول الماضي: the quarter's own shift
        return _Found("XXXX", calendars.year_days(c.today.year + f.get("shift", 0)), "published", "year")._replace(
            value=str(c.today.year + f.get("shift", 0))
        ) if c.today else _Found("XXXX", None, "published", "year", True)  # fmt: skip
    if unit == "month":
        return _unit_month(f, c)
    if unit == "week":
        return _week(f, c)
    if unit == "schoolyear":
        return _school_year(f, c)
    if unit == "decade":
        if c.today is None:
            return _Found("XXX", None, "published", "decade", True)
        start = (c.today.year // 10 + f.get("shift", 0)) * 10
        return _Found(f"{start // 10}", (date(start, 1, 1), date(start + 9, 12, 31)), "published", "decade")
    if unit == "day" and "text" in f:
        if c.previous is None:
            return _Found("XXXX-XX-XX", None, "text", "day")
        day = (c.previous[1] if f["text"] > 0 else c.previous[0]) + timedelta(f["text"])
        if f["text"] == 0 and c.previous[0] != c.previous[1]:
            return _Found(c.previous[0].isoformat(), c.previous, "text", "day")
        return _Found(day.isoformat(), (day, day), "text", "day")
    return None


def _whole_year(f: Frame, c: Context) -> _Found | None:
    year, anchor, needed = _year(f, c)
    if year is None:
        return _Found("XXXX", None, anchor, "year", needed)
    if f.get("cal") == "h":
        days = calendars.hijri_year(year)
        return _Found(f"{days[0].isoformat()}/{days[1].isoformat()}", days, anchor, "year") if days else None
    return _Found(f"{year:04d}", calendars.year_days(year), anchor, "year")


def _school_year(f: Frame, c: Context) -> _Found | None:
    """September to June; between two of them the current one is the one that ended."""
    if c.today is None:
        return _Found("XXXX", None, "published", "schoolyear", True)
    running = c.today.year if c.today.month >= 9 else c.today.year - 1
    year = running + f.get("shift", 0)
    return _Found(f"{year}-09/{year + 1}-06", (date(year, 9, 1), date(year + 1, 6, 30)), "published", "schoolyear")


def _decade(f: Frame, c: Context) -> _Found | None:
    century = f.get("century")
    if century is None and f.get("unit") == "century":
        if c.today is None:
            return _Found("XX" + str(f["decade"] // 10), None, "published", "decade", True)
        century = c.today.year // 100 + 1 + f.get("shift", 0)
    anchor: Anchor = "published" if f.get("unit") == "century" else "none"
    if century is None:
        # bare decades are the last ones that began before now; without a date the twentieth century's from 1930 on
        now = c.today.year if c.today else None
        if now is None:
            century = 20 if f["decade"] >= 30 else None
        else:
            century = now // 100 + 1 if (now // 100) * 100 + f["decade"] <= now and f["decade"] <= 20 else 20
    if century is None:
        return _Found("XX" + str(f["decade"] // 10), None, "published", "decade", True)
    start = (century - 1) * 100 + f["decade"]
    if f.get("cal") == "h":
        start = start if start < 1500 and "century" in f else 1300 + f["decade"]
        first, last = calendars.hijri_day(start, 1, 1), calendars.hijri_day(start + 10, 1, 1)
        return _Found(_iso_span((first, last - timedelta(1))), (first, last - timedelta(1)), anchor, "years") if first and last else None
    return _Found(f"{start // 10}", (date(start, 1, 1), date(start + 9, 12, 31)), anchor, "decade")


def _century(f: Frame, c: Context) -> _Found | None:
    century, anchor = f.get("century"), "none"
    if century is None:
        if c.today is None:
            return _Found("XX", None, "published", "century", True)
        now = calendars.to_hijri(c.today) if f.get("cal") == "h" else None
        year = now[0] if now is not None else c.today.year
        century, anchor = (year - 1) // 100 + 1 + f.get("shift", 0), "published"
    if f.get("cal") == "h":
        first, last = calendars.hijri_day((century - 1) * 100 + 1, 1, 1), calendars.hijri_day(century * 100 + 1, 1, 1)
        return _Found(_iso_span((first, last - timedelta(1))), (first, last - timedelta(1)), "none", "century") if first and last else None
    days = (date((century - 1) * 100 + 1, 1, 1), date(century * 100, 12, 31))
    return _Found(f"{century - 1:02d}", days, anchor, "century")  # type: ignore[arg-type]


def _pick(candidates: list[Days], c: Context, f: Frame, today: date) -> Days | None:
    """Which of the yearly returns of a month, day or season is meant; candidates in order of time."""
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
        return future[0] if future else None
    single = candidates[0][0] == candidates[0][1]
    if past and future and single:
        # nothing in the clause decides: a day a few weeks ahead is nearer at hand than one almost a year back
        if (future[0][0] - today).days <= 31 and (today - past[-1][1]).days > 300:
            return future[0]
    return past[-1] if past else None


def _years_around(f: Frame, c: Context, today: date) -> range:
    return range(today.year - 3, today.year + 4)


def _month(f: Frame, c: Context) -> _Found | None:
    month = f["month"]
    hijri = f.get("cal") == "h"
    year, anchor, needed = _year(f, c)
    if year is not None:
        if hijri and year > 1600:
            return _hijri_in_gregorian(f, year, anchor)
        days = calendars.hijri_month(year, month) if hijri else calendars.month_days(year, month)
        value = _iso_span(days) if hijri and days else f"{year:04d}-{month:02d}"
        return _Found(value, days, anchor, "month") if days else None
    today = c.today
    if "text" in f:
        today, anchor = (c.previous[0] if c.previous else None), "text"
    elif c.near is not None and "shift" not in f:
        today, anchor = c.near, "text"
    if today is None:
        return _Found("XXXX-XX" if hijri else f"XXXX-{month:02d}", None, anchor, "month", anchor == "published")
    if hijri:
        base = calendars.to_hijri(today)
        if base is None:
            return None
        made = [calendars.hijri_month(y, month) for y in range(base[0] - 3, base[0] + 4)]
        candidates = [d for d in made if d]
        if month == 9 and not {"shift", "text"} & set(f):
            # رمضان said in another month may be the last or the next one
            chosen = next((d for d in candidates if d[0] <= today <= d[1]), None)
            if chosen is None:
                return _Found("XXXX-XX", None, "none", "month")
        elif f.get("shift") == 0:
            chosen = calendars.hijri_month(base[0], month)
        else:
            chosen = _pick(candidates, c, _text_shift(f), today)
        return _Found(_iso_span(chosen), chosen, anchor, "month") if chosen else None
    candidates = [calendars.month_days(y, month) for y in _years_around(f, c, today)]
    chosen = _pick(candidates, c, _text_shift(f), today)
    return _Found(f"{chosen[0].year:04d}-{month:02d}", chosen, anchor, "month") if chosen else None


def _text_shift(f: Frame) -> Frame:
    return {**f, "shift": f["text"]} if f.get("text") and "unit" not in f else f


def _iso_span(days: Days) -> str:
    return days[0].isoformat() if days[0] == days[1] else f"{days[0].isoformat()}/{days[1].isoformat()}"


def _hijri_in_gregorian(f: Frame, year: int, anchor: Anchor) -> _Found | None:
    """A Hijri month said with a Gregorian year (رمضان 2015), where only one of its returns begins in that year."""
    hits = []
    for hijri in (year - 580, year - 579, year - 578):
        days = calendars.hijri_month(hijri, f["month"])
        if days and days[0].year == year:
            hits.append(days)
    return _Found(_iso_span(hits[0]), hits[0], anchor, "month") if len(hits) == 1 else None


def _season(f: Frame, c: Context) -> _Found | None:
    start = _SEASON_MONTH[f["season"]]

    def days(year: int) -> Days:
        first = date(year, start, 1)
        return first, calendars.add_months(first, 3) - timedelta(1)

    year, anchor, _ = _year(f, c)
    if year is None:
        today = c.today
        if "text" in f:
            today, anchor = (c.previous[0] if c.previous else None), "text"
        if today is None:
            return _Found(f"XXXX-{f['season']}", None, anchor, "season", anchor == "published")
        chosen = _pick([days(y) for y in _years_around(f, c, today)], c, _text_shift(f), today)
        if f.get("shift") == 0 and chosen is not None:
            running = next((d for d in (days(today.year - 1), days(today.year)) if d[0] <= today <= d[1]), None)
            chosen = running or chosen
        if chosen is None:
            return None
        year = chosen[0].year
    return _Found(f"{year:04d}-{f['season']}", days(year), anchor, "season")


def _unit_month(f: Frame, c: Context) -> _Found | None:
    anchor: Anchor = "text" if "text" in f else "published"
    if anchor == "text":
        base, move = (c.previous[0] if c.previous else None), f["text"]
    else:
        base, move = c.today, f.get("shift", 0)
    if base is None:
        return _Found("XXXX-XX", None, anchor, "month", anchor == "published")
    day = calendars.add_months(base.replace(day=1), move)
    return _Found(f"{day.year:04d}-{day.month:02d}", calendars.month_days(day.year, day.month), anchor, "month")


def _week(f: Frame, c: Context) -> _Found | None:
    anchor: Anchor = "text" if "text" in f else "published"
    if anchor == "text":
        base, move = (c.previous[0] if c.previous else None), f["text"]
    else:
        base, move = c.today, f.get("shift", 0)
    ending = "-WE" if f.get("weekend") else ""
    if ending and "shift" not in f and base is not None and base.isoweekday() < 6 and c.tense <= 0:
        move = -1  # the weekend just gone, as with weekdays
    if base is None:
        return _Found("XXXX-WXX" + ending, None, anchor, "week", anchor == "published")
    monday = base - timedelta(base.weekday()) + timedelta(7 * move)
    iso = monday.isocalendar()
    first = monday + timedelta(5) if ending else monday
    return _Found(f"{iso[0]:04d}-W{iso[1]:02d}{ending}", (first, monday + timedelta(6)), anchor, "week")


def _deictic(f: Frame, c: Context) -> _Found | None:
    if c.today is None:
        value = f"XXXX-{f['month']:02d}-{f['day']:02d}" if "month" in f and "day" in f else "XXXX-XX-XX"
        if "year" in f and "day" in f and "month" in f:
            return _day({k: v for k, v in f.items() if k != "off"}, c)
        if "weekday" in f:
            value = f"XXXX-WXX-{f['weekday']}"
        return _Found(value, None, "published", "day", True)
    day = c.today + timedelta(f["off"])
    if "weekday" in f and day.isoweekday() != f["weekday"]:
        # «اليوم (الاثنين)» in an article stamped later than it was written: the weekday is what was written
        day = day - timedelta((day.isoweekday() - f["weekday"]) % 7) if f["off"] <= 0 else next(
            (d for d in (day - timedelta(1), day + timedelta(1)) if d.isoweekday() == f["weekday"]), day
        )  # fmt: skip
    if "day" in f and ("month" in f or f["day"] != day.day):
        exact = _day({k: v for k, v in f.items() if k not in ("off", "weekday")}, c)
        if exact is not None and exact.days is not None:
            return exact
    return _Found(day.isoformat(), (day, day), "published", "day")


def _weekday(f: Frame, c: Context) -> _Found | None:
    number = f["weekday"]
    shift = f.get("shift")
    if f.get("unit") == "week":
        week = _week(f, c)
        if week is None or week.days is None:
            return _Found(f"XXXX-WXX-{number}", None, "published", "day", True)
        day = week.days[0] + timedelta(number - 1)
        return _Found(day.isoformat(), (day, day), week.anchor, "day")
    if f.get("unit") is not None:
        return None
    anchor: Anchor = "published"
    today = c.today
    if "text" in f:
        today, anchor = (c.previous[1] if c.previous else None), "text"
        shift = f["text"] or None
    if today is None:
        return _Found(f"XXXX-WXX-{number}", None, anchor, "day", anchor == "published")
    back = (today.isoweekday() - number) % 7
    ahead = (number - today.isoweekday()) % 7
    if shift is None:
        day = today + timedelta(ahead) if c.tense > 0 else today - timedelta(back)
    elif shift == 0:
        day = today - timedelta(today.isoweekday() - number)
    elif shift < 0:
        day = today - timedelta((back or 7) + 7 * (-1 - shift))
    else:
        day = today + timedelta((ahead or 7) + 7 * (shift - 1))
    last = day + timedelta(1) if f.get("nextday") else day
    return _Found(day.isoformat(), (day, last), anchor, "day")


def _make(f: Frame, year: int, month: int, day: int) -> date | None:
    if f.get("cal") == "h":
        return calendars.hijri_day(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(f: Frame, c: Context) -> _Found | None:
    if "lastday" in f:
        period = _period({k: v for k, v in f.items() if k != "lastday"}, c)
        if period is None or period.days is None:
            return period
        return _Found(period.days[1].isoformat(), (period.days[1], period.days[1]), period.anchor, "day")
    number = f["day"]
    year, anchor, needed = _year(f, c)
    if "month" in f:
        month = f["month"]
        if year is not None:
            made = _make(f, year, month, number)
            if "alt" in f and made and c.today and made > c.today + timedelta(366):
                backwards = _make(f, *f["alt"])
                made = backwards if backwards is not None and backwards <= c.today else made
            return _Found(made.isoformat(), (made, made), anchor, "day") if made else None
        today = c.today
        if "text" in f:
            today, anchor = (c.previous[0] if c.previous else None), "text"
        elif c.near is not None and "shift" not in f and "weekday" not in f:
            today, anchor = c.near, "text"
        if today is None:
            value = f"XXXX-{month:02d}-{number:02d}" if f.get("cal") != "h" else "XXXX-XX-XX"
            return _Found(value, None, anchor, "day", anchor == "published")
        base = today.year
        if f.get("cal") == "h":
            hijri = calendars.to_hijri(today)
            if hijri is None:
                return None
            base = hijri[0]
        days = [_make(f, y, month, number) for y in range(base - 8, base + 9)]
        if "weekday" in f and "shift" not in f:
            fit = [d for d in days if d and d.isoweekday() == f["weekday"] and abs((d - today).days) < 400]
            days = [*fit] if fit else days
        candidates = [(d, d) for d in days if d]
        if f.get("shift") == 0:
            chosen = next((d for d in candidates if d[0].year == today.year), None)
        elif "weekday" in f and "shift" in f:
            # «الخميس الماضي 25 يناير»: the date decides, الماضي only says on which side
            chosen = _pick(candidates, c, {"shift": f["shift"]} if abs(f["shift"]) == 1 else {}, today)
        else:
            chosen = _pick(candidates, c, _text_shift(f), today)
        return _Found(chosen[0].isoformat(), chosen, anchor, "day") if chosen else None
    if f.get("unit") == "month" or f.get("text_month"):
        if f.get("text_month"):
            f = {**f, "unit": "month", "text": 0}
        period = _unit_month(f, c)
        if period is None or period.days is None:
            return _Found(f"XXXX-XX-{number:02d}", None, "published", "day", period is not None and period.needed)
        made = _make({}, period.days[0].year, period.days[0].month, number)
        return _Found(made.isoformat(), (made, made), period.anchor, "day") if made else None
    return _day_number(f, number, c)


def _day_number(f: Frame, number: int, c: Context) -> _Found | None:
    if c.today is None:
        return _Found(f"XXXX-XX-{number:02d}", None, "published", "day", True)
    days = []
    for move in range(-13, 14):
        month = calendars.add_months(c.today.replace(day=1), move)
        made = _make({}, month.year, month.month, number)
        if made is not None and ("weekday" not in f or made.isoweekday() == f["weekday"]):
            days.append((made, made))
    if c.tense > 0:
        chosen = next((d for d in days if d[0] >= c.today), None)
    else:
        chosen = next((d for d in reversed(days) if d[0] <= c.today), None)
    return _Found(chosen[0].isoformat(), chosen, "published", "day") if chosen else None


def _first_units(f: Frame, c: Context) -> _Found | None:
    """«الأشهر الثلاثة الأولى من عام 2017», «أول ستة أشهر من 2015»: a stretch at a period's beginning or end."""
    found = _period({k: v for k, v in f.items() if k not in ("firstn", "firstunit")}, c)
    if found is None or found.days is None:
        return found
    n, unit = f["firstn"], f["firstunit"]
    first, last = found.days
    back = n < 0
    if unit in ("month", "year"):
        months = abs(n) * (12 if unit == "year" else 1)
        if back:
            first = calendars.add_months(last + timedelta(1), -months)
        else:
            last = calendars.add_months(first, months) - timedelta(1)
    else:
        length = timedelta(abs(n) * (7 if unit == "week" else 1) - 1)
        first, last = (last - length, last) if back else (first, first + length)
    value = f"{first.isoformat()}/{last.isoformat()}"
    if unit == "month" and first.year == last.year:
        value = f"{first.year:04d}-{first.month:02d}/{last.year:04d}-{last.month:02d}"
    return _Found(value, (first, last), found.anchor, "months")


def _nth(f: Frame, c: Context) -> _Found | None:
    outer = {k: v for k, v in f.items() if not k.startswith("nth")}
    found = _period(outer, c)
    if found is None or found.days is None:
        return found
    first, last = found.days
    nth, unit = f["nth"], f["nthunit"]
    if unit == "weekday":
        day = first + timedelta((f["nthday"] - first.isoweekday()) % 7 + 7 * (nth - 1))
        return _Found(day.isoformat(), (day, day), found.anchor, "day") if day <= last else None
    if unit == "week":
        if nth == -1:
            return _Found(found.value, (last - timedelta(6), last), found.anchor, "week")
        if found.unit == "month" and nth <= 5:
            start = first + timedelta(7 * (nth - 1))
            return _Found(found.value, (start, min(start + timedelta(6), last)), found.anchor, "week")
        start = date.fromisocalendar(first.year, nth, 1)
        return _Found(f"{first.year}-W{nth:02d}", (start, start + timedelta(6)), found.anchor, "week")
    if unit == "month" and found.unit == "year":
        n = 12 if nth == -1 else nth
        return _Found(f"{found.value}-{n:02d}", calendars.month_days(first.year, n), found.anchor, "month") if n <= 12 else None
    if unit == "day":
        day = last if nth == -1 else first + timedelta(nth - 1)
        return _Found(day.isoformat(), (day, day), found.anchor, "day") if day <= last else None
    return None


def _feast(f: Frame, c: Context) -> _Found | None:
    """A feast with a year or الماضي/المقبل; without either its day stays open, as the annotation guide has it."""
    month, day = f["feast"] if f["feastcal"] != "n" else (0, 0)
    if "off" in f:
        return _deictic({"off": f["off"]}, c)
    year, anchor, needed = _year(f, c)
    open_value = _Found(f"XXXX-{month:02d}-{day:02d}" if f["feastcal"] == "g" else "", None, "none", "day", needed)
    if f["feastcal"] == "n":
        return open_value
    if year is None and "shift" not in f:
        return open_value

    def days(y: int, hijri: bool) -> Days | None:
        if day == 0:
            return calendars.hijri_month(y, month)
        first = calendars.hijri_day(y, month, day) if hijri else date(y, month, day)
        return (first, first + timedelta(f.get("feastdays", 1) - 1)) if first else None

    chosen: Days | None = None
    hijri = f["feastcal"] == "h"
    if year is not None:
        if not hijri or year < 1600:
            chosen = days(year, hijri)
        else:
            hits = [d for y in range(year - 580, year - 577) if (d := days(y, True)) and d[0].year == year]
            chosen = hits[0] if len(hits) == 1 else None
    elif c.today is not None:
        base = c.today.year
        if hijri:
            now = calendars.to_hijri(c.today)
            if now is None:
                return open_value
            base = now[0]
        candidates = [d for y in range(base - 2, base + 3) if (d := days(y, hijri))]
        if f["shift"] == 0:
            chosen = days(base, hijri)
        else:
            chosen = _pick(candidates, c, {"shift": f["shift"]}, c.today)
        anchor = "published"
    else:
        return open_value._replace(needed=True, anchor="published")
    if chosen is None:
        return open_value
    if "feastday" in f:
        one = chosen[0] + timedelta(f["feastday"] - 1)
        return _Found(one.isoformat(), (one, one), anchor, "day")
    if "section" in f and day == 0:
        chosen = calendars.section(chosen, f["section"], "month")
    return _Found(_iso_span(chosen), chosen, anchor, "month" if day == 0 else "day")
