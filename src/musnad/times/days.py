"""Which day an expression's slots mean: dates, weekdays, اليوم and أمس, feasts, the nth of something."""

from __future__ import annotations

from datetime import date, timedelta

from musnad.record import Anchor
from musnad.times import calendars
from musnad.times.calendars import Days
from musnad.times.data import Frame
from musnad.times.meaning import Context, Found, iso_span, pick, text_shift, year_of
from musnad.times.periods import first_units, hijri_in_gregorian, narrow, period, unit_month, week


def days(f: Frame, c: Context) -> Found | None:
    """The period or day of an expression without its clock time."""
    if "feast" in f:
        return _feast(f, c)
    if "off" in f:
        return _deictic(f, c)
    if "nth" in f:
        return _nth(f, c)
    if "firstn" in f:
        return first_units(f, c)
    if "day" in f or "lastday" in f:
        return _day(f, c)
    if "weekday" in f:
        return _weekday(f, c)
    found = period(f, c)
    if found is None:
        if "hour" in f or "part" in f:
            return Found("", None, "none", "day")
        return None
    return narrow(f, found, c)


def _deictic(f: Frame, c: Context) -> Found | None:
    if c.today is None:
        value = f"XXXX-{f['month']:02d}-{f['day']:02d}" if "month" in f and "day" in f else "XXXX-XX-XX"
        if "year" in f and "day" in f and "month" in f:
            return _day({k: v for k, v in f.items() if k != "off"}, c)
        if "weekday" in f:
            value = f"XXXX-WXX-{f['weekday']}"
        return Found(value, None, "published", "day", True)
    day = c.today + timedelta(f["off"])
    if "weekday" in f and day.isoweekday() != f["weekday"]:
        # «اليوم (الاثنين)» in an article stamped later than it was written: the weekday is what was written
        # (or, where the next day bears that name, the day before its stamp was set)
        after = day + timedelta(1)
        near = f["off"] < 0 and after.isoweekday() == f["weekday"]
        day = after if near else day - timedelta((day.isoweekday() - f["weekday"]) % 7) if f["off"] <= 0 else next(
            (d for d in (day - timedelta(1), day + timedelta(1)) if d.isoweekday() == f["weekday"]), day
        )  # fmt: skip
    if "day" in f and ("month" in f or f["day"] != day.day):
        exact = _day({k: v for k, v in f.items() if k not in ("off", "weekday")}, c)
        if exact is not None and exact.days is not None:
            return exact
    return Found(day.isoformat(), (day, day), "published", "day")


def _weekday(f: Frame, c: Context) -> Found | None:
    number = f["weekday"]
    shift = f.get("shift")
    if f.get("unit") == "week":
        found = week(f, c)
        if found is None or found.days is None:
            return Found(f"XXXX-WXX-{number}", None, "published", "day", True)
        day = found.days[0] + timedelta(number - 1)
        return Found(day.isoformat(), (day, day), found.anchor, "day")
    if f.get("unit") is not None:
        return None
    anchor: Anchor = "published"
    today = c.today
    if "text" in f:
        today, anchor = (c.previous[1] if c.previous else None), "text"
        shift = f["text"] or None
    if today is None:
        return Found(f"XXXX-WXX-{number}", None, anchor, "day", anchor == "published")
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
    return Found(day.isoformat(), (day, last), anchor, "day")


def _make(f: Frame, year: int, month: int, day: int) -> date | None:
    if f.get("cal") == "h":
        return calendars.hijri_day(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(f: Frame, c: Context) -> Found | None:
    if "lastday" in f:
        whole = period({k: v for k, v in f.items() if k != "lastday"}, c)
        if whole is None or whole.days is None:
            return whole
        return Found(whole.days[1].isoformat(), (whole.days[1], whole.days[1]), whole.anchor, "day")
    number = f["day"]
    year, anchor, _ = year_of(f, c)
    if "month" in f:
        month = f["month"]
        if year is not None:
            if f.get("cal") == "h" and year > 1500:
                whole = hijri_in_gregorian(f, year, anchor)
                made = whole.days[0] + timedelta(number - 1) if whole is not None and whole.days and number <= 30 else None
                return Found(made.isoformat(), (made, made), anchor, "day") if made else None
            made = _make(f, year, month, number)
            if "alt" in f and made and c.today and made > c.today + timedelta(366):
                backwards = _make(f, *f["alt"])
                made = backwards if backwards is not None and backwards <= c.today else made
            return Found(made.isoformat(), (made, made), anchor, "day") if made else None
        today = c.today
        if "text" in f:
            today, anchor = (c.previous[0] if c.previous else None), "text"
        elif c.near is not None and "shift" not in f and "weekday" not in f:
            today, anchor = c.near, "text"
        if today is None:
            value = f"XXXX-{month:02d}-{number:02d}" if f.get("cal") != "h" else "XXXX-XX-XX"
            return Found(value, None, anchor, "day", anchor == "published")
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
            chosen = pick(candidates, c, {"shift": f["shift"]} if abs(f["shift"]) == 1 else {}, today)
        else:
            chosen = pick(candidates, c, text_shift(f), today)
        return Found(chosen[0].isoformat(), chosen, anchor, "day") if chosen else None
    if f.get("unit") == "month" or f.get("text_month"):
        if f.get("text_month"):
            f = {**f, "unit": "month", "text": 0}
        whole = unit_month(f, c)
        if whole is None or whole.days is None:
            return Found(f"XXXX-XX-{number:02d}", None, "published", "day", whole is not None and whole.needed)
        made = _make({}, whole.days[0].year, whole.days[0].month, number)
        return Found(made.isoformat(), (made, made), whole.anchor, "day") if made else None
    return _day_number(f, number, c)


def _day_number(f: Frame, number: int, c: Context) -> Found | None:
    if c.today is None:
        return Found(f"XXXX-XX-{number:02d}", None, "published", "day", True)
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
    return Found(chosen[0].isoformat(), chosen, "published", "day") if chosen else None


def _nth(f: Frame, c: Context) -> Found | None:
    outer = {k: v for k, v in f.items() if not k.startswith("nth")}
    found = period(outer, c)
    if found is None or found.days is None:
        return found
    first, last = found.days
    nth, unit = f["nth"], f["nthunit"]
    if unit == "weekday":
        day = first + timedelta((f["nthday"] - first.isoweekday()) % 7 + 7 * (nth - 1))
        return Found(day.isoformat(), (day, day), found.anchor, "day") if day <= last else None
    if unit == "week":
        if nth == -1:
            return Found(found.value, (last - timedelta(6), last), found.anchor, "week")
        if found.unit == "month" and nth <= 5:
            start = first + timedelta(7 * (nth - 1))
            return Found(found.value, (start, min(start + timedelta(6), last)), found.anchor, "week")
        start = date.fromisocalendar(first.year, nth, 1)
        return Found(f"{first.year}-W{nth:02d}", (start, start + timedelta(6)), found.anchor, "week")
    if unit == "month" and found.unit == "year":
        n = 12 if nth == -1 else nth
        return Found(f"{found.value}-{n:02d}", calendars.month_days(first.year, n), found.anchor, "month") if n <= 12 else None
    if unit == "day":
        day = last if nth == -1 else first + timedelta(nth - 1)
        return Found(day.isoformat(), (day, day), found.anchor, "day") if day <= last else None
    return None


def _feast(f: Frame, c: Context) -> Found | None:
    """A feast with a year or الماضي/المقبل; without either its day stays open, as the annotation guide has it."""
    month, day = f["feast"] if f["feastcal"] != "n" else (0, 0)
    if "off" in f:
        return _deictic({"off": f["off"]}, c)
    year, anchor, needed = year_of(f, c)
    open_value = Found(f"XXXX-{month:02d}-{day:02d}" if f["feastcal"] == "g" else "", None, "none", "day", needed)
    if f["feastcal"] == "n":
        return open_value
    if year is None and "shift" not in f:
        return open_value

    def dates(y: int, hijri: bool) -> Days | None:
        if day == 0:
            return calendars.hijri_month(y, month)
        first = calendars.hijri_day(y, month, day) if hijri else date(y, month, day)
        return (first, first + timedelta(f.get("feastdays", 1) - 1)) if first else None

    chosen: Days | None = None
    hijri = f["feastcal"] == "h"
    if year is not None:
        if not hijri or year < 1600:
            chosen = dates(year, hijri)
        else:
            hits = [d for y in range(year - 580, year - 577) if (d := dates(y, True)) and d[0].year == year]
            chosen = hits[0] if len(hits) == 1 else None
    elif c.today is not None:
        base = c.today.year
        if hijri:
            now = calendars.to_hijri(c.today)
            if now is None:
                return open_value
            base = now[0]
        candidates = [d for y in range(base - 2, base + 3) if (d := dates(y, hijri))]
        shift = f["shift"]
        chosen = pick(candidates, c, {"shift": shift}, c.today) if shift else dates(base, hijri)
        anchor = "published"
    else:
        return open_value._replace(needed=True, anchor="published")
    if chosen is None:
        return open_value
    if "feastday" in f:
        one = chosen[0] + timedelta(f["feastday"] - 1)
        return Found(one.isoformat(), (one, one), anchor, "day")
    if "section" in f and day == 0:
        chosen = calendars.section(chosen, f["section"], "month")
    return Found(iso_span(chosen), chosen, anchor, "month" if day == 0 else "day")
