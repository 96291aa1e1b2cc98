"""Which weeks, months, seasons, years, decades and centuries an expression's slots mean."""

from __future__ import annotations

from datetime import date, timedelta

from musnad.record import Anchor
from musnad.times import calendars
from musnad.times.calendars import Days
from musnad.times.data import Frame
from musnad.times.meaning import Context, Found, iso_span, pick, text_shift, year_of, years_around

_SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def period(f: Frame, c: Context) -> Found | None:
    if "bc" in f:
        return Found(f["bc"], None, "none", "year")
    if "decade" in f:
        return _decade(f, c)
    if "century" in f or f.get("unit") == "century":
        return _century(f, c)
    if f.get("weekend"):
        return week(f, c)
    if "month" in f:
        return _month(f, c)
    if "season" in f:
        return _season(f, c)
    unit = f.get("unit")
    if unit == "year" or "year" in f:
        return _whole_year(f, c)
    if "piece" in f:  # الربع الأول الماضي: the quarter's own shift
        return Found("XXXX", calendars.year_days(c.today.year + f.get("shift", 0)), "published", "year")._replace(
            value=str(c.today.year + f.get("shift", 0))
        ) if c.today else Found("XXXX", None, "published", "year", True)  # fmt: skip
    if unit == "month":
        return unit_month(f, c)
    if unit == "week":
        return week(f, c)
    if unit == "schoolyear":
        return _school_year(f, c)
    if unit == "decade":
        if c.today is None:
            return Found("XXX", None, "published", "decade", True)
        start = (c.today.year // 10 + f.get("shift", 0)) * 10
        return Found(f"{start // 10}", (date(start, 1, 1), date(start + 9, 12, 31)), "published", "decade")
    if unit == "day" and "text" in f:
        if c.previous is None:
            return Found("XXXX-XX-XX", None, "text", "day")
        day = (c.previous[1] if f["text"] > 0 else c.previous[0]) + timedelta(f["text"])
        if f["text"] == 0 and c.previous[0] != c.previous[1]:
            return Found(c.previous_value or iso_span(c.previous), c.previous, "text", "day")
        return Found(day.isoformat(), (day, day), "text", "day")
    return None


def narrow(f: Frame, found: Found, c: Context) -> Found:
    """A period's third, half or quarter, or its rest."""
    if "piece" in f:
        return _piece(f["piece"], found)
    if found.days is None:
        return found
    if "section" in f and (found.days[1] - found.days[0]).days > 4:
        return found._replace(days=calendars.section(found.days, f["section"], found.unit))
    if f.get("rest") and c.today is not None and found.days[0] <= c.today <= found.days[1]:
        return found._replace(days=(c.today, found.days[1]))
    return found


def _piece(piece: str, found: Found) -> Found:
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
        return Found(value, (first, calendars.add_months(first, months) - timedelta(1)), found.anchor, "quarter")
    if kind == "H" and found.unit == "month":
        half = first + timedelta(15)
        return found._replace(days=(first, half - timedelta(1)) if n == 1 else (half, last))
    if kind == "E":  # العشر الأوائل، العشر الأواخر
        return found._replace(days=(first, first + timedelta(9)) if n == 0 else (first + timedelta(20), last))
    if kind == "T":
        return found._replace(days=calendars.section(found.days, ("early", "mid", "late")[n - 1], found.unit))
    parts = 2 if kind == "H" else 4
    length = (last - first).days + 1
    if length < parts:
        return found
    return found._replace(days=(first + timedelta(length * (n - 1) // parts), first + timedelta(length * n // parts - 1)))


def _whole_year(f: Frame, c: Context) -> Found | None:
    year, anchor, needed = year_of(f, c)
    if year is None:
        return Found("XXXX", None, anchor, "year", needed)
    if f.get("cal") == "h":
        days = calendars.hijri_year(year)
        return Found(f"{days[0].isoformat()}/{days[1].isoformat()}", days, anchor, "year") if days else None
    return Found(f"{year:04d}", calendars.year_days(year), anchor, "year")


def _school_year(f: Frame, c: Context) -> Found | None:
    """September to June; between two of them the current one is the one that ended."""
    if c.today is None:
        return Found("XXXX", None, "published", "schoolyear", True)
    running = c.today.year if c.today.month >= 9 else c.today.year - 1
    year = running + f.get("shift", 0)
    return Found(f"{year}-09/{year + 1}-06", (date(year, 9, 1), date(year + 1, 6, 30)), "published", "schoolyear")


def _decade(f: Frame, c: Context) -> Found | None:
    century = f.get("century")
    if century is None and f.get("unit") == "century":
        if c.today is None:
            return Found("XX" + str(f["decade"] // 10), None, "published", "decade", True)
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
        return Found("XX" + str(f["decade"] // 10), None, "published", "decade", True)
    start = (century - 1) * 100 + f["decade"]
    if f.get("cal") == "h":
        start = start if start < 1500 and "century" in f else 1300 + f["decade"]
        first, last = calendars.hijri_day(start, 1, 1), calendars.hijri_day(start + 10, 1, 1)
        return Found(iso_span((first, last - timedelta(1))), (first, last - timedelta(1)), anchor, "years") if first and last else None
    return Found(f"{start // 10}", (date(start, 1, 1), date(start + 9, 12, 31)), anchor, "decade")


def _century(f: Frame, c: Context) -> Found | None:
    century, anchor = f.get("century"), "none"
    if century is None:
        if c.today is None:
            return Found("XX", None, "published", "century", True)
        now = calendars.to_hijri(c.today) if f.get("cal") == "h" else None
        year = now[0] if now is not None else c.today.year
        century, anchor = (year - 1) // 100 + 1 + f.get("shift", 0), "published"
    if f.get("cal") == "h":
        first, last = (
            calendars.hijri_day((century - 1) * 100 + 1, 1, 1),
            calendars.hijri_day(century * 100 + 1, 1, 1),
        )
        return Found(iso_span((first, last - timedelta(1))), (first, last - timedelta(1)), "none", "century") if first and last else None
    days = (date((century - 1) * 100 + 1, 1, 1), date(century * 100, 12, 31))
    return Found(f"{century - 1:02d}", days, anchor, "century")  # type: ignore[arg-type]


def _month(f: Frame, c: Context) -> Found | None:
    month = f["month"]
    hijri = f.get("cal") == "h"
    year, anchor, _ = year_of(f, c)
    if year is not None:
        if hijri and 1500 < year < 1900:
            return None
        if hijri and year > 1600:
            return hijri_in_gregorian(f, year, anchor)
        days = calendars.hijri_month(year, month) if hijri else calendars.month_days(year, month)
        value = iso_span(days) if hijri and days else f"{year:04d}-{month:02d}"
        return Found(value, days, anchor, "month") if days else None
    today = c.today
    if "text" in f:
        today, anchor = (c.previous[0] if c.previous else None), "text"
    elif c.near is not None and "shift" not in f:
        today, anchor = c.near, "text"
    if today is None:
        return Found("XXXX-XX" if hijri else f"XXXX-{month:02d}", None, anchor, "month", anchor == "published")
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
                return Found("XXXX-XX", None, "none", "month")
        elif f.get("shift") == 0:
            chosen = calendars.hijri_month(base[0], month)
        else:
            chosen = pick(candidates, c, text_shift(f), today)
        return Found(iso_span(chosen), chosen, anchor, "month") if chosen else None
    candidates = [calendars.month_days(y, month) for y in years_around(f, c, today)]
    chosen = pick(candidates, c, text_shift(f), today)
    return Found(f"{chosen[0].year:04d}-{month:02d}", chosen, anchor, "month") if chosen else None


def hijri_in_gregorian(f: Frame, year: int, anchor: Anchor) -> Found | None:
    """A Hijri month said with a Gregorian year (رمضان 2015), where only one of its returns begins in that year."""
    hits = []
    for hijri in (year - 580, year - 579, year - 578):
        days = calendars.hijri_month(hijri, f["month"])
        if days and days[0].year == year:
            hits.append(days)
    return Found(iso_span(hits[0]), hits[0], anchor, "month") if len(hits) == 1 else None


def _season(f: Frame, c: Context) -> Found | None:
    start = _SEASON_MONTH[f["season"]]

    def days(year: int) -> Days:
        first = date(year, start, 1)
        return first, calendars.add_months(first, 3) - timedelta(1)

    year, anchor, _ = year_of(f, c)
    if year is None:
        today = c.today
        if "text" in f:
            today, anchor = (c.previous[0] if c.previous else None), "text"
        if today is None:
            return Found(f"XXXX-{f['season']}", None, anchor, "season", anchor == "published")
        chosen = pick([days(y) for y in years_around(f, c, today)], c, text_shift(f), today)
        if f.get("shift") == 0 and chosen is not None:
            running = next((d for d in (days(today.year - 1), days(today.year)) if d[0] <= today <= d[1]), None)
            chosen = running or chosen
        if chosen is None:
            return None
        year = chosen[0].year
    return Found(f"{year:04d}-{f['season']}", days(year), anchor, "season")


def unit_month(f: Frame, c: Context) -> Found | None:
    anchor: Anchor = "text" if "text" in f else "published"
    if anchor == "text":
        base, move = (c.previous[0] if c.previous else None), f["text"]
    else:
        base, move = c.today, f.get("shift", 0)
    if base is None:
        return Found("XXXX-XX", None, anchor, "month", anchor == "published")
    day = calendars.add_months(base.replace(day=1), move)
    return Found(f"{day.year:04d}-{day.month:02d}", calendars.month_days(day.year, day.month), anchor, "month")


def week(f: Frame, c: Context) -> Found | None:
    anchor: Anchor = "text" if "text" in f else "published"
    if anchor == "text":
        base, move = (c.previous[0] if c.previous else None), f["text"]
    else:
        base, move = c.today, f.get("shift", 0)
    ending = "-WE" if f.get("weekend") else ""
    if ending and "shift" not in f and base is not None and base.isoweekday() < 6 and c.tense <= 0:
        move = -1  # the weekend just gone, as with weekdays
    if base is None:
        return Found("XXXX-WXX" + ending, None, anchor, "week", anchor == "published")
    monday = base - timedelta(base.weekday()) + timedelta(7 * move)
    iso = monday.isocalendar()
    first = monday + timedelta(5) if ending else monday
    return Found(f"{iso[0]:04d}-W{iso[1]:02d}{ending}", (first, monday + timedelta(6)), anchor, "week")


def first_units(f: Frame, c: Context) -> Found | None:
    """«الأشهر الثلاثة الأولى من عام 2017», «أول ستة أشهر من 2015»: a stretch at a period's beginning or end."""
    found = period({k: v for k, v in f.items() if k not in ("firstn", "firstunit")}, c)
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
    return Found(value, (first, last), found.anchor, "months")
