"""Builders of durations, sets and what lies so long ago or ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from musnad.times.data import Frame
from musnad.times.parts import Part, part_of


def _count(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = next((p.frame["unit"] for p in parts if "unit" in p.frame), None)
    number = part_of(parts, "num", "half", "quarter", "third")
    if unit is None or number is None:
        return None
    n: float = number.frame["n"]
    if part_of(parts, "quarters") is not None:
        n = n * 0.25
        if n >= 1:
            return None
    if n == 0 or (number.category == "num" and n in (1, 2) and part_of(parts, "many") is not None):
        return None
    return {"amounts": [[n, unit]]}


def _count_range(parts: Sequence[Part], given: Frame) -> Frame | None:
    counts = [p.frame["n"] for p in parts if p.category == "num"]
    unit = next((p.frame["unit"] for p in parts if "unit" in p.frame), None)
    if unit is None or len(counts) != 2 or not 0 < counts[0] < counts[1]:
        return None
    return {"from": {"amounts": [[counts[0], unit]]}, "to": {"amounts": [[counts[1], unit]]}}


def _per(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration, unit = part_of(parts, "duration"), parts[-1].frame["unit"]
    if duration is None or "amounts" not in duration.frame:
        return None
    return {"every": 1, "amounts": duration.frame["amounts"]} if _SIZE[duration.frame["amounts"][0][1]] < _SIZE[unit] else None


def _first_units(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = next(
        (p.frame["unit"] for p in parts if p.category in ("the_many", "many", "the_two", "one", "one_weak")),
        None,
    )
    number, outer = part_of(parts, "num"), parts[-1].frame
    n = int(number.frame["n"]) if number is not None else 2 if part_of(parts, "the_two") is not None else 0
    if unit not in ("day", "week", "month", "year") or not 0 < n < 100 or "day" in outer or outer.get("unit") == "day":
        return None
    return {
        **outer,
        "firstn": -n if part_of(parts, "last_adj", "last_n", "recent") is not None else n,
        "firstunit": unit,
    }


def _yearly(parts: Sequence[Part], given: Frame) -> Frame | None:
    return {**parts[0].frame, "every": 1} if "year" not in parts[0].frame and parts[-1].frame["unit"] == "year" else None


def _two(parts: Sequence[Part], given: Frame) -> Frame | None:
    return {"amounts": [[2, parts[0].frame["unit"]]]}


def _one(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = next((p.frame["unit"] for p in parts if "unit" in p.frame), None)
    return {"amounts": [[1, unit]]} if unit is not None else None


def _some(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = next((p.frame["unit"] for p in parts if "unit" in p.frame), None)
    return {"amounts": [[None, unit]], "approx": 1} if unit is not None else None


def _and_part(parts: Sequence[Part], given: Frame) -> Frame | None:
    amounts = parts[0].frame.get("amounts")
    fraction = part_of(parts[1:], "half", "quarter", "third")
    if not amounts or fraction is None or len(amounts) != 1 or amounts[0][0] is None:
        return None
    n, unit = amounts[0]
    if n != int(n):
        return None
    return {**parts[0].frame, "amounts": [[n + fraction.frame["n"], unit]]}


_SIZE = {
    "second": 0,
    "minute": 1,
    "hour": 2,
    "day": 3,
    "night": 3,
    "week": 4,
    "month": 5,
    "year": 6,
    "decade": 7,
    "century": 8,
}


def _and_more(parts: Sequence[Part], given: Frame) -> Frame | None:
    left, right = parts[0].frame.get("amounts"), parts[-1].frame.get("amounts")
    if not left or not right or any(a[0] is None for a in (*left, *right)):
        return None
    if _SIZE[left[-1][1]] <= _SIZE[right[0][1]]:
        return None
    return {**parts[0].frame, "amounts": [*left, *right]}


def _recent(parts: Sequence[Part], given: Frame) -> Frame | None:
    unit = next((p.frame["unit"] for p in parts if "unit" in p.frame), None)
    number = part_of(parts, "num")
    n: Any = number.frame["n"] if number is not None else 2 if part_of(parts, "the_two") is not None else None
    return {"amounts": [[n, unit]]} if unit is not None else None


def _ago(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration = part_of(parts, "duration")
    if duration is None or "amounts" not in duration.frame:
        return None
    return {**duration.frame, "toward": -1}


def _ahead(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration = part_of(parts, "duration")
    if duration is None or "amounts" not in duration.frame:
        return None
    return {**duration.frame, "toward": 1}


def _later(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration = part_of(parts, "duration")
    if duration is None or "amounts" not in duration.frame:
        return None
    return {**duration.frame, "later": 1}


def _text_after(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration = part_of(parts, "duration")
    return {**duration.frame, "toward": 1, "text": 0} if duration is not None and "amounts" in duration.frame else None


def _text_before(parts: Sequence[Part], given: Frame) -> Frame | None:
    duration = part_of(parts, "duration")
    return {**duration.frame, "toward": -1, "text": 0} if duration is not None and "amounts" in duration.frame else None


def _every(parts: Sequence[Part], given: Frame) -> Frame | None:
    out: Frame = {"every": 1}
    for part in parts:
        if part.category == "once":
            out["times"] = part.frame["times"]
        elif part.category == "num":
            out["times"] = part.frame["n"]
        else:
            out.update({k: v for k, v in part.frame.items() if k not in ("n", "times")})
    if "times" in out and "unit" not in out:
        return None
    return out


AMOUNTS: dict[str, Callable[[Sequence[Part], Frame], Frame | None]] = {
    "count": _count,
    "count_range": _count_range,
    "per": _per,
    "first_units": _first_units,
    "yearly": _yearly,
    "two": _two,
    "one": _one,
    "some": _some,
    "and_part": _and_part,
    "and_more": _and_more,
    "recent": _recent,
    "ago": _ago,
    "ahead": _ahead,
    "later": _later,
    "text_after": _text_after,
    "text_before": _text_before,
    "every": _every,
}
