"""Calendar arithmetic: months, thirds of periods, Hijri dates (Umm al-Qura; outside its table the civil calendar)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

Days = tuple[date, date]


def month_days(year: int, month: int) -> Days:
    """First and last day of a Gregorian month. :raises ValueError: outside the years 1-9999."""
    first = date(year, month, 1)
    return first, (date(year + month // 12, month % 12 + 1, 1) if year < 9999 else date(year, 12, 31)) - timedelta(1)


def year_days(year: int) -> Days:
    """First and last day of a Gregorian year."""
    return date(year, 1, 1), date(year, 12, 31)


@lru_cache(maxsize=4096)
def hijri_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Hijri date; None where the date does not exist."""
    from hijridate import Hijri

    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    if 1343 <= year <= 1500:
        try:
            made = Hijri(year, month, day).to_gregorian()
        except (ValueError, OverflowError):
            return None
        return date(made.year, made.month, made.day)
    # the civil (tabular) calendar: 30 years of 10631 days, epoch 16 July 622 Julian
    count = day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    try:
        return date.fromordinal(227014 + count)
    except (ValueError, OverflowError):
        return None


def hijri_month(year: int, month: int) -> Days | None:
    """First and last Gregorian day of a Hijri month."""
    first = hijri_day(year, month, 1)
    after = hijri_day(year + month // 12, month % 12 + 1, 1)
    return (first, after - timedelta(1)) if first and after else None


def hijri_year(year: int) -> Days | None:
    """First and last Gregorian day of a Hijri year."""
    first, after = hijri_day(year, 1, 1), hijri_day(year + 1, 1, 1)
    return (first, after - timedelta(1)) if first and after else None


@lru_cache(maxsize=4096)
def to_hijri(day: date) -> tuple[int, int, int] | None:
    """The Hijri date of a Gregorian day; None outside Umm al-Qura's table."""
    from hijridate import Gregorian

    try:
        made = Gregorian(day.year, day.month, day.day).to_hijri()
    except (ValueError, OverflowError):
        return None
    return made.year, made.month, made.day


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = month_days(year, month + 1)[1].day
    return date(year, month + 1, min(day.day, last))


def section(days: Days, part: str, unit: str) -> Days:
    """The early, mid or late third of a period, by the gold convention: 1-10, 11-20, 21-end of a month; four months of a
    year; whole months of a season or quarter; 0-3, 4-6, 7-9 of a decade; otherwise thirds by days."""
    first, last = days
    if unit == "month":
        if part == "early":
            return first, first + timedelta(9)
        if part == "mid":
            return first + timedelta(10), first + timedelta(19)
        return first + timedelta(20), last
    if unit in ("year", "season", "quarter", "half"):
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        third = max(1, months // 3)
        if first.day == 1:
            a, b = add_months(first, third), add_months(first, 2 * third)
            return {"early": (first, a - timedelta(1)), "mid": (a, b - timedelta(1)), "late": (b, last)}[part]
    if unit == "decade":
        cut = [first.year, first.year + 4, first.year + 7, first.year + 10]
        i = ("early", "mid", "late").index(part)
        return date(cut[i], 1, 1), date(cut[i + 1] - 1, 12, 31)
    if unit == "century":
        cut = [first.year, first.year + 33, first.year + 66, last.year + 1]
        i = ("early", "mid", "late").index(part)
        return date(cut[i], 1, 1), date(cut[i + 1] - 1, 12, 31)
    if unit == "week":
        return {"early": (first, first + timedelta(1)), "mid": (first + timedelta(2), first + timedelta(3)),
                "late": (first + timedelta(4), last)}[part]  # fmt: skip
    length = (last - first).days + 1
    a, b = first + timedelta(length // 3), first + timedelta(2 * length // 3)
    return {"early": (first, a - timedelta(1)), "mid": (a, b - timedelta(1)), "late": (b, last)}[part]
