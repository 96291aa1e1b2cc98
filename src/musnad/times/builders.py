"""Builders: how a rule's parts make its result where uniting their slots is not enough.

A builder gets the items of a rule and its ``set`` and returns the new slots, or None where the parts do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from musnad.times.amounts import AMOUNTS
from musnad.times.data import Frame
from musnad.times.parts import Part, part_of, unite


def _hijri_year(parts: Sequence[Part], given: Frame) -> Frame | None:
    part = part_of(parts, "num", "hyear_n")
    if part is None:
        return None
    year = part.frame.get("n", part.frame.get("year"))
    return {"year": int(year), "cal": "h"} if year and 1 <= year <= 1600 else None


def _before_christ(parts: Sequence[Part], given: Frame) -> Frame | None:
    number, century = part_of(parts, "num"), part_of(parts, "ord_m")
    if century is not None:
        return {"bc": f"BC{century.frame['ord'] - 1:02d}"}
    return {"bc": f"BC{int(number.frame['n']):04d}"} if number is not None else None


def _twin(parts: Sequence[Part], given: Frame) -> Frame | None:
    dates = [p.frame for p in parts if p.category in ("day_x", "monthyear", "hyear_n", "year_n", "date")]
    if len(dates) != 2:
        return None
    first, second = dates
    if any(p.category == "hijri_mark" for p in parts) and first.get("year", 0) < 1600:
        first = {**first, "cal": "h"}
    if first.get("cal") != "h" and second.get("cal") != "h" and (
        first.get("month") != second.get("month") or first.get("day") != second.get("day")
    ):  # fmt: skip
        return None
    plain, other = (second, first) if first.get("cal") == "h" else (first, second)
    out = {k: v for k, v in plain.items() if k != "cal"}
    if other.get("cal") == "h":
        out["twin"] = 1
    if "weekday" in first:
        out["weekday"] = first["weekday"]
    return out


def _marked(parts: Sequence[Part], given: Frame) -> Frame | None:
    frame = parts[0].frame
    hijri = parts[1].category == "hijri_mark"
    if hijri == (frame.get("cal") == "h" or frame.get("year", 9999) < 1600):
        return {**frame, "cal": "h"} if hijri else frame
    return None


_ORDER = ("year", "month", "day", "weekday", "hour", "minute")


def _span_of(parts: Sequence[Part], given: Frame) -> Frame | None:
    pair = part_of(parts, "yearpair", "hyearpair")
    if pair is not None:
        cal = {"cal": "h"} if pair.category == "hyearpair" else {}
        years = pair.frame["parts"]
        return {"from": {"year": years[0], **cal}, "to": {"year": years[1], **cal}}
    week = part_of(parts, "period")
    if week is not None and sum(p.category == "weekday_x" for p in parts) == 2:
        if week.frame.get("unit") != "week" or set(week.frame) - {"unit", "shift", "text"}:
            return None
        both = [{**week.frame, **p.frame} for p in parts if p.category == "weekday_x"]
        return {"from": both[0], "to": both[1]} if both[0]["weekday"] < both[1]["weekday"] else None
    if sum(p.category == "weekday_n" for p in parts) == 2:
        # يومي السبت والأحد 18 و19 فيفري: the weekdays only repeat the days
        parts = [p for p in parts if p.category != "weekday_n"]
    ends = [p.frame for p in parts if set(p.frame) & {"year", "month", "day", "weekday", "hour", "off", "unit", "shift"}
            and p.category not in ("period", "definite_part", "adverb_part")]  # fmt: skip
    if len(ends) != 2 or any("loose" in e for e in ends):
        return None
    if all(set(e) == {"hour", "digits"} for e in ends) and part_of(parts, "definite_part", "adverb_part") is None:
        return None  # بين 17 و22 سنة
    ends = [_sure(e) for e in ends]
    left, right = dict(ends[0]), dict(ends[1])
    outer = part_of(parts, "period", "month") if not any("month" in e for e in ends) else None
    if outer is not None and outer.frame not in ends:
        left, right = {**left, **outer.frame}, {**right, **outer.frame}
    part = part_of(parts, "definite_part", "adverb_part")
    if part is not None:
        done = _with_part(right, part.frame["part"])
        if done is None:
            return None
        right = done
    if "hour" in left and "hour" in right and "part" in right and "part" not in left:
        early = _with_part(left, right["part"])
        if early is not None and early["hour"] <= right["hour"]:
            left = early
    elif "hour" in left and "hour" in right and "part" in left and "part" not in right and right["hour"] < left["hour"]:
        late = _with_part(right, left["part"])
        right = late if late is not None else right
    lent = "year" in right and "year" not in left
    for slot in ("year", "month", "cal", "unit", "shift", "text"):
        if slot in right and slot not in left and "off" not in left:
            if slot == "month" and "day" not in left:
                continue
            if slot in ("unit", "shift", "text") and "weekday" in left and "unit" not in right:
                continue
            if slot == "year" and not ({"month", "day"} & set(left)):
                continue
            left[slot] = right[slot]
    if "day" in left and "month" not in left and "unit" not in left and "month" not in right and "unit" not in right:
        return None
    if all(set(e) <= {"year", "cal"} for e in (left, right)) and not (left["year"] < right["year"]):
        return None
    if lent and left.get("month", 0) > right.get("month", 99):
        left["year"] -= 1  # من 28 ذي الحجة إلى 1 محرم 1437
    comparable = [s for s in _ORDER if s in left and s in right]
    if {"year", "month", "day"} <= set(comparable):
        a, b = ([x[s] for s in ("year", "month", "day")] for x in (left, right))
        if a > b:
            return None
    return {"from": left, "to": right}


def _month_of_year(parts: Sequence[Part], given: Frame) -> Frame | None:
    period = parts[-1].frame
    if period.get("unit") != "year" or set(period) - {"unit", "shift", "text"} or "year" in parts[0].frame:
        return None
    return unite(parts, given)


def _season_of_year(parts: Sequence[Part], given: Frame) -> Frame | None:
    period = part_of(parts, "period")
    if period is not None and (period.frame.get("unit") != "year" or set(period.frame) - {"unit", "shift", "text"}):
        return None
    return unite(parts, given)


def _refine(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = part_of(parts, "the_one")
    said = part_of(parts, "year", "month", "year_n")
    if unit is None or said is None:
        return None
    if unit.frame["unit"] != ("month" if said.category == "month" else "year"):
        return None
    if said.category == "month":
        mod = part_of(parts, "mod")
        return {**said.frame, **(mod.frame if mod else {})}
    return dict(said.frame)


def _nth_unit(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = parts[0].frame["unit"]
    order = part_of(parts, "ord_m", "ord_f")
    nth = order.frame["ord"] if order is not None else -1
    if unit not in ("week", "month", "day", "year") or nth > 53:
        return None
    outer = parts[-1].frame
    if outer.get("unit") in ("day", "week") or (unit == "month" and "month" in outer):
        return None
    return {**outer, "nth": nth, "nthunit": unit}


def _nth_weekday(parts: Sequence[Part], given: Frame) -> Frame | None:
    order, day = part_of(parts, "ord_m", "ord_f", "first_of") or parts[0], part_of(parts, "bare_weekday", "weekday_n")
    outer = parts[-1].frame if parts[-1] is not order else {"unit": "month", "shift": 0}
    if day is None or outer.get("unit", "month") not in ("month", "year"):
        return None
    if order.frame.get("ord", 1) > 5:
        return None
    return {**outer, "nth": order.frame.get("ord", 1), "nthunit": "weekday", "nthday": day.frame["weekday"]}


def _section(parts: Sequence[Part], given: Frame) -> Frame | None:
    frame = unite(parts, given)
    if frame is not None and frame["section"] == "late" and set(frame) <= {"section", "unit", "shift"} and frame.get("unit") == "week":
        return {k: v for k, v in frame.items() if k == "shift"} | {"weekend": 1}
    return frame


def _compound_day(parts: Sequence[Part], given: Frame) -> Frame | None:
    return parts[0].frame if parts[0].frame["day"] > 10 else None


def _day_number(parts: Sequence[Part], given: Frame) -> Frame | None:
    day = parts[0].frame.get("day", parts[0].frame.get("ord"))
    return {"day": day} if day is not None and day <= 31 else None


def _month_first(parts: Sequence[Part], given: Frame) -> Frame | None:
    month, day = parts[0].frame["parts"]
    year = parts[-1].frame
    if not 1 <= month <= 12:
        month, day = day, month
    if not 1 <= month <= 12:
        return None
    return {"month": month, "day": day, "year": year.get("year") or _year_of(year["yy"])}


def _spoken_hour(parts: Sequence[Part], given: Frame) -> Frame | None:
    # عشرة وخمسة وأربعين is no number, so it is an hour and minutes
    hour, minute = parts[0].frame["hour"], parts[-1].frame["n"]
    if "loose" not in parts[0].frame or not 10 <= hour <= 12 or not 10 < minute < 60:
        return None
    return {"hour": hour, "minute": int(minute)}


def _weekend(parts: Sequence[Part], given: Frame) -> Frame | None:
    return {"weekend": 1, **parts[1].frame} if len(parts) > 1 else {"weekend": 1}


def _century(parts: Sequence[Part], given: Frame) -> Frame | None:
    order = part_of(parts, "ord_m")
    return {"century": order.frame["ord"]} if order is not None and order.frame["ord"] <= 21 else None


def _day_of_month(parts: Sequence[Part], given: Frame) -> Frame | None:
    outer = parts[-1].frame
    if "unit" in outer and (outer["unit"] != "month" or set(outer) - {"unit", "shift", "text"}):
        return None
    if "unit" not in outer and "month" not in outer:
        return None
    if {"section", "piece", "day"} & set(outer):
        return None
    return unite(parts, given)


def _year_of(yy: int) -> int:
    return 2000 + yy if yy < 50 else 1900 + yy


def _numeric(parts: Sequence[Part], given: Frame) -> Frame | None:
    frames = [p.frame for p in parts]
    hijri = any(p.category == "hijri_mark" for p in parts)
    values: list[int] = []
    sizes: list[int] = []
    extra: Frame = {}
    for part in parts:
        if "parts" in part.frame:
            values, sizes = part.frame["parts"], part.frame["sizes"]
        elif "yy" in part.frame and part.category == "yy_n":
            values, sizes = [*values, part.frame["yy"]], [*sizes, 2]
        elif part.category == "day_n":
            values, sizes = [*values, part.frame["day"]], [*sizes, 2]
        elif part.category in ("year_n", "hyear_n"):
            values, sizes = [*values, part.frame["year"]], [*sizes, 4]
        elif part.category == "weekday_x":
            extra.update(part.frame)
    del frames
    if len(values) == 2:
        day, month = values
        if month > 12:
            day, month = month, day
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        return {**extra, "day": day, "month": month}
    if len(values) != 3:
        return None
    if sizes[0] == 4:
        year, month, day = values
    elif sizes[2] == 4:
        day, month, year = values
    elif max(sizes) <= 2:
        day, month, year = values[0], values[1], _year_of(values[2])
    else:
        return None
    if month > 12 and day <= 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    out: Frame = {**extra, "day": day, "month": month, "year": year}
    if max(sizes) <= 2 and values[1] <= 12 and 1 <= values[2] <= 31:
        # 16/04/21: read backwards, as right-to-left text sometimes has it, where the other way lies in the future
        out["alt"] = [_year_of(values[0]), values[1], values[2]]
    if hijri or 1300 <= year <= 1500:
        out["cal"] = "h"
    elif not 1000 <= year <= 2200:
        return None
    return out


def _weekday_of_week(parts: Sequence[Part], given: Frame) -> Frame | None:
    period = part_of(parts, "period")
    if period is None or period.frame.get("unit") != "week" or set(period.frame) - {"unit", "shift", "text"}:
        return None
    return unite(parts, given)


def _only_day(parts: Sequence[Part], given: Frame) -> Frame | None:
    frame = parts[0].frame
    return frame if frame.get("unit") == "day" and "text" in frame else None


def _two_days(parts: Sequence[Part], given: Frame) -> Frame | None:
    days = [p.frame for p in parts if p.category == "weekday_x"]
    if len(days) != 2 or days[0]["weekday"] % 7 + 1 != days[1]["weekday"]:
        return None
    return {**parts[0].frame, **days[1], "weekday": days[0]["weekday"], "nextday": 1}


def _night(parts: Sequence[Part], given: Frame) -> Frame | None:
    if parts[0].category == "definite_part":
        shift = parts[1].frame["shift"]
        return {"off": shift, "part": parts[0].frame["part"]} if shift in (-1, 0, 1) else None
    return unite(parts, given)


def _hour(parts: Sequence[Part], given: Frame) -> Frame | None:
    hour = parts[0].frame.get("hour", parts[0].frame.get("ord"))
    if hour is None or (parts[0].category == "ord_f" and hour > 12):
        return None
    if parts[0].category == "hour_n":
        return {"hour": hour, "loose" if "loose" in parts[0].frame else "digits": 1}
    return {"hour": hour}


def _sure(frame: Frame) -> Frame:
    """An hour without the slots that say how it was written."""
    return {k: v for k, v in frame.items() if k not in ("loose", "digits")}


def _after_word(parts: Sequence[Part], given: Frame) -> Frame | None:
    frame = unite(parts, given)
    if frame is None:
        return None
    frame = _sure(frame)
    return _with_part(frame, frame["part"]) if "part" in frame else frame


_FRACTIONS = {"half": 30, "quarter": 15, "third": 20}


def _hour_part(parts: Sequence[Part], given: Frame) -> Frame | None:
    frame = parts[0].frame
    if frame.get("minute"):
        # الحادية عشرة والنصف وخمس دقائق
        extra = part_of(parts, "num")
        if extra is None or frame["minute"] + extra.frame["n"] > 59 or part_of(parts, "minute_word") is None:
            return None
        return {**frame, "minute": frame["minute"] + int(extra.frame["n"])}
    less = any(p.category == "except" for p in parts)
    minutes = 0
    for part in parts[1:]:
        if part.category in _FRACTIONS:
            minutes = _FRACTIONS[part.category]
        elif part.category == "num":
            minutes = int(part.frame["n"])
    if not 0 < minutes < 60:
        return None
    hour = frame["hour"]
    if less:
        return {"hour": (hour - 1) % 24 if hour else 23, "minute": 60 - minutes}
    return {"hour": hour, "minute": minutes}


def _with_part(frame: Frame, part: str) -> Frame | None:
    hour = frame.get("hour")
    if hour is None:
        return None
    if frame.get("part") not in (None, part):
        return None
    out = {**frame, "part": part}
    if (part in ("EV", "AF") and hour < 12) or (part == "MI" and hour < 9):
        out["hour"] = hour + 12
    elif part == "NI" and hour == 12:
        out["hour"] = 24
    elif part == "NI" and 6 <= hour < 12:
        out["hour"] = hour + 12
    elif part == "MO" and hour == 12:
        out["hour"] = 0
    if hour > 12 and part == "MO":
        return None
    return out


def _ampm(parts: Sequence[Part], given: Frame) -> Frame | None:
    clock = part_of(parts, "hm_x", "clock", "hhmm_n")
    if clock is None:
        return None
    if any(p.category in ("midnight", "midday") for p in parts):
        middle = part_of(parts, "midnight", "midday")
        assert middle is not None
        if middle.category == "midday" and clock.frame["hour"] == 12:
            return {**clock.frame, "part": "MI"}
        if middle.category == "midnight":
            return _with_part(clock.frame, "NI")
        return None
    if "loose" in clock.frame and "minute" not in clock.frame:
        return None  # «قتل سبعة مساء أمس» counts people
    frame: Frame | None = _sure(clock.frame)
    for part in parts:
        if part.category in ("adverb_part", "ampm", "definite_part") and frame is not None:
            if "part" in frame and frame["part"] != part.frame["part"] and part.category == "definite_part":
                continue
            frame = _with_part(frame, part.frame["part"])
    return frame


def _zone(parts: Sequence[Part], given: Frame) -> Frame | None:
    zone = part_of(parts, "zone")
    first = _sure(parts[0].frame)
    if zone is None:
        # «8 مساء (17:00)»: the bracket says the same time elsewhere
        return first
    if parts[0].category in ("clock", "point") and any(p.category == "hm_x" for p in parts[1:]):
        return first
    return {**first, "zone": zone.frame["zone"]}


def _clock_on(parts: Sequence[Part], given: Frame) -> Frame | None:
    clock = part_of(parts, "clock", "hm_x", "hm_n", "ord_f")
    day = part_of(parts, "point", "date")
    if clock is None or day is None or "hour" in day.frame or "loose" in clock.frame:
        return None
    if clock.category == "ord_f":
        hour = _hour([clock], {})
        if hour is None or "part" not in day.frame:
            return None
        return None if (done := _with_part(hour, day.frame["part"])) is None else {**day.frame, **done}
    said = _sure(clock.frame)
    frame: Frame | None = said
    if "part" in day.frame:
        frame = _with_part(said, day.frame["part"]) if "part" not in said else said
    if frame is None:
        return None
    return {**day.frame, **frame}


BUILDERS: dict[str, Callable[[Sequence[Part], Frame], Frame | None]] = {
    **AMOUNTS,
    "hijri_year": _hijri_year,
    "before_christ": _before_christ,
    "twin": _twin,
    "marked": _marked,
    "span_of": _span_of,
    "month_of_year": _month_of_year,
    "season_of_year": _season_of_year,
    "refine": _refine,
    "nth_unit": _nth_unit,
    "nth_weekday": _nth_weekday,
    "weekend": _weekend,
    "day_number": _day_number,
    "month_first": _month_first,
    "spoken_hour": _spoken_hour,
    "section": _section,
    "compound_day": _compound_day,
    "century": _century,
    "day_of_month": _day_of_month,
    "numeric": _numeric,
    "weekday_of_week": _weekday_of_week,
    "only_day": _only_day,
    "two_days": _two_days,
    "night": _night,
    "hour": _hour,
    "hour_part": _hour_part,
    "after_word": _after_word,
    "ampm": _ampm,
    "zone": _zone,
    "clock_on": _clock_on,
}
