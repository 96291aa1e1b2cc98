"""Geometry of the pictures; templates write it as SVG, so that nothing but attributes is needed (no script, no style)."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import lru_cache
from pathlib import Path

from musnad.casefile.queries import Row

Counted = list[tuple[str, str, int]]


def _bucket(day: str, step: str) -> str:
    if step == "month":
        return day[:7]
    if step == "year":
        return day[:4]
    return _monday(day) if step == "week" else day


@lru_cache(maxsize=20_000)
def _monday(day: str) -> str:
    d = dt.date.fromisoformat(day)
    return (d - dt.timedelta(days=d.weekday())).isoformat()


def _after(bucket: str, step: str) -> str:
    if step == "year":
        return f"{int(bucket) + 1:04}"
    if step == "month":
        year, month = int(bucket[:4]), int(bucket[5:7])
        return f"{year + month // 12:04}-{month % 12 + 1:02}"
    return (dt.date.fromisoformat(bucket) + dt.timedelta(days=7 if step == "week" else 1)).isoformat()


def bars(counted: Counted, width: int = 720, height: int = 120, groups: list[str] | None = None) -> Row | None:
    """Stacked bars over time. Days far from all others are left out at the edges (``outside``: how many items)."""
    if not counted:
        return None
    total = sum(n for _, _, n in counted)
    low, high = _window(counted)
    inside = [c for c in counted if low <= c[0] <= high]
    span = (dt.date.fromisoformat(high) - dt.date.fromisoformat(low)).days
    step = "day" if span <= 60 else "week" if span <= 420 else "month" if span <= 3650 else "year"
    buckets = [_bucket(low, step)]
    while buckets[-1] < _bucket(high, step) and len(buckets) < 400:
        buckets.append(_after(buckets[-1], step))
    index = {b: i for i, b in enumerate(buckets)}
    kinds = groups or sorted({k for _, k, _ in inside})
    sums: dict[tuple[int, str], int] = {}
    for day, kind, n in inside:
        i = index.get(_bucket(day, step))
        if i is not None:
            sums[(i, kind)] = sums.get((i, kind), 0) + n
    tops = [sum(sums.get((i, k), 0) for k in kinds) for i in range(len(buckets))]
    most = max(tops, default=0) or 1
    wide = width / max(len(buckets), 8)
    made = []
    for i, bucket in enumerate(buckets):
        y = float(height)
        for kind in kinds:
            n = sums.get((i, kind), 0)
            if n:
                h = n / most * (height - 4)
                y -= h
                made.append(
                    {"x": round(i * wide, 1), "y": round(y, 1), "w": round(max(wide - 1, 0.8), 1), "h": round(h, 1), "kind": kind, "n": n, "at": bucket}
                )  # fmt: skip
    ticks = [
        {"x": round(i * wide, 1), "label": buckets[i]}
        for i in range(0, len(buckets), max(1, math.ceil(len(buckets) / 6)))
        if i * wide < width - 50
    ]
    return {"width": width, "height": height, "bars": made, "ticks": ticks, "most": most, "step": step,
            "outside": total - sum(n for _, _, n in inside), "kinds": kinds, "first": buckets[0], "last": buckets[-1]}  # fmt: skip


def _window(counted: Counted, share: float = 0.9) -> tuple[str, str]:
    """First and last day to draw: all of them, or, where a few lie far off (an event dated decades back would leave no room for
    the rest), the shortest run of days that holds ``share`` of the items."""
    days: dict[str, int] = {}
    for day, _, n in counted:
        days[day] = days.get(day, 0) + n
    order = sorted(days)
    numbers = [dt.date.fromisoformat(d).toordinal() for d in order]
    need = share * sum(days.values())
    best, inside, first = (numbers[-1] - numbers[0], 0, len(order) - 1), 0, 0
    for last, day in enumerate(order):
        inside += days[day]
        while inside - days[order[first]] >= need and first < last:
            inside -= days[order[first]]
            first += 1
        if inside >= need:
            best = min(best, (numbers[last] - numbers[first], first, last))
    length, first, last = best
    if numbers[-1] - numbers[0] <= 4 * length + 90 or len(order) < 10:
        return order[0], order[-1]
    return order[first], order[last]


def small_multiples(counted: Counted) -> list[Row]:
    """One small chart a type, all on the same days; most frequent type first."""
    merged: dict[str, int] = {}
    by_kind: dict[str, Counted] = {}
    for day, kind, n in counted:
        merged[day] = merged.get(day, 0) + n
        by_kind.setdefault(kind, []).append((day, kind, n))
    frame = bars([(d, "", n) for d, n in merged.items()], 200, 48)
    if frame is None:
        return []
    at = {b["at"]: b for b in frame["bars"]}
    out = []
    for kind, mine in by_kind.items():
        sums: dict[str, int] = {}
        for day, _, n in mine:
            b = _bucket(day, frame["step"])
            if b in at:
                sums[b] = sums.get(b, 0) + n
        most = max(sums.values(), default=1)
        made = []
        for b, n in sorted(sums.items()):
            height = round(max(1.0, n / most * 44), 1)
            made.append({"x": at[b]["x"], "w": at[b]["w"], "at": b, "n": n, "h": height, "y": round(48 - height, 1)})
        out.append({"kind": kind, "n": sum(n for _, _, n in mine), "bars": made, "first": frame["first"], "last": frame["last"]})
    return sorted(out, key=lambda o: (-o["n"], o["kind"]))


def figure_lines(points: list[Row], width: int = 560) -> Row | None:
    """A series as rows: a dot or a bar from low to high on a common scale, one row a point."""
    rows = []
    for p in points:
        value = p["value"]
        low = p["low"] if p["low"] is not None else value
        high = p["high"] if p["high"] is not None else value
        if low is None and high is None:
            continue
        rows.append((p, value, low, high))
    if not rows:
        return None
    ends = [x for _, v, lo, hi in rows for x in (v, lo, hi) if x is not None]
    least, most = min(ends), max(ends)
    # shares of thousands beside units read only on a logarithmic scale
    log = least > 0 and most / least > 50
    top = math.log10(most) if log else most
    bottom = math.floor(math.log10(least)) if log else 0.0
    spread = (top - bottom) or 1.0

    def x(v: float) -> float:
        return round(8 + ((math.log10(v) if log else v) - bottom) / spread * (width - 16), 1)

    out = []
    for p, value, low, high in rows:
        out.append(
            {"point": p, "x": x(value) if value is not None else None,
             "x1": x(low) if low is not None else 8.0, "x2": x(high) if high is not None else float(width - 8),
             "open_low": low is None or p["comparator"] in ("less_than", "at_most"),
             "open_high": high is None or p["comparator"] in ("more_than", "at_least")}
        )  # fmt: skip
    return {"width": width, "rows": out, "log": log, "least": least, "most": most}


Ring = tuple[float, float, float, float, list[tuple[float, float]]]


@lru_cache(maxsize=1)
def _world() -> dict[str, list[tuple[str, list[Ring]]]]:
    """Countries by level of detail: name and rings, each with its box."""
    path = Path(__file__).parent / "static" / "vendor" / "world-atlas" / "world.json"
    out: dict[str, list[tuple[str, list[Ring]]]] = {}
    for level, countries in json.loads(path.read_text(encoding="utf-8")).items():
        out[level] = []
        for country in countries:
            rings: list[Ring] = []
            for ring in country["d"].split("M")[1:]:
                points = [(float(x), float(y)) for x, y in (p.split(",") for p in ring.rstrip("Z").split("L"))]
                xs, ys = [x for x, _ in points], [y for _, y in points]
                rings.append((min(xs), min(ys), max(xs), max(ys), points))
            out[level].append((country["name"], rings))
    return out


@lru_cache(maxsize=32)
def countries(level: str, left: float, top: float, width: float, height: float, pixels: int) -> list[Row]:
    """Paths of the countries in view: only the rings that are seen, and no two points on one pixel."""
    grain = width / pixels
    digits = max(0, 1 - math.floor(math.log10(grain)))
    out: list[Row] = []
    for name, rings in _world()[level]:
        parts = []
        for x1, y1, x2, y2, points in rings:
            if x1 > left + width or x2 < left or y1 > top + height or y2 < top or max(x2 - x1, y2 - y1) < grain:
                continue
            kept = [points[0]]
            for x, y in points[1:]:
                # what lies far outside is drawn roughly
                out_of_view = not (left - width / 4 <= x <= left + 1.25 * width and top - height / 4 <= y <= top + 1.25 * height)
                if max(abs(x - kept[-1][0]), abs(y - kept[-1][1])) >= grain * (20 if out_of_view else 1):
                    kept.append((x, y))
            if len(kept) > 2:
                parts.append("M" + "L".join(f"{round(x, digits):g},{round(y, digits):g}" for x, y in kept) + "Z")
        if parts:
            out.append({"name": name, "d": "".join(parts)})
    return out


def project(lat: float, lon: float) -> tuple[float, float]:
    """Mercator, on the plane of training/web/world.mjs (1000 units the world)."""
    lat = max(-84.0, min(84.0, lat))
    y = 500 - 1000 * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
    return 1000 * (lon + 180) / 360, y


def world_map(places: list[Row], width: int = 900, height: int = 520, whole: bool = False, coarse: bool = False) -> Row:
    """A map that holds the places with most events: countries as paths, places as circles (area by number)."""
    points = [(*project(p["lat"], p["lon"]), p) for p in places]
    if points and not whole:
        # places far off the rest do not push the map to the whole world: nine tenths of the events are in view
        left, right = _middle([(x, p["n"]) for x, _, p in points])
        top, bottom = _middle([(y, p["n"]) for _, y, p in points])
        room = max(right - left, (bottom - top) * width / height, 25.0) * 0.15
        left, right, top, bottom = left - room, right + room, top - room, bottom + room
    else:
        left, right, top, bottom = 0.0, 1000.0, 190.0, 700.0
    w, h = right - left, bottom - top
    if w / h < width / height:
        left, w = left - (h * width / height - w) / 2, h * width / height
    else:
        top, h = top - (w * height / width - h) / 2, w * height / width
    level = "110m" if coarse or w > 220 else "50m"
    scale = w / width
    most = max((p["n"] for _, _, p in points), default=1)
    circles = [
        {
            "x": round(x, 2),
            "y": round(y, 2),
            "r": round((3 + 15 * math.sqrt(p["n"] / most)) * scale, 3),
            "place": p,
        }
        for x, y, p in points
        if left <= x <= left + w and top <= y <= top + h
    ]
    return {"box": f"{left:.2f} {top:.2f} {w:.2f} {h:.2f}", "countries": countries(level, left, top, w, h, width), "circles": circles,
            "hidden": len(points) - len(circles), "line": round(scale * 0.8, 3), "font": round(scale * 13, 3), "scale": scale}  # fmt: skip


def map_labels(drawn: Row, names: list[str], factor: float = 1, most: int = 14) -> list[Row]:
    """Where names of a map's circles stand: beside them, on whichever side is free; those that would hide another are left out.

    :param factor: how much larger than ``drawn["font"]`` the letters are.
    """
    left, top, width, height = map(float, drawn["box"].split())
    font, out = drawn["font"] * factor, []
    taken = [(c["x"] - c["r"], c["y"] - c["r"], c["x"] + c["r"], c["y"] + c["r"]) for c in drawn["circles"][:most]]
    for c, words in zip(drawn["circles"][:most], names, strict=False):
        words = words[:28]
        wide, gap = len(words) * font * 0.56, c["r"] + font * 0.25
        places = (
            (c["x"] + gap, c["y"] + font * 0.35, "start", c["x"] + gap),
            (c["x"] - gap, c["y"] + font * 0.35, "end", c["x"] - gap - wide),
            (c["x"], c["y"] - gap, "middle", c["x"] - wide / 2),
            (c["x"], c["y"] + gap + font * 0.8, "middle", c["x"] - wide / 2),
        )
        for x, y, anchor, first in places:
            box = (first, y - font * 0.85, first + wide, y + font * 0.25)
            inside = box[0] >= left and box[2] <= left + width and box[1] >= top and box[3] <= top + height
            if inside and not any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken):
                taken.append(box)
                out.append({"x": round(x, 2), "y": round(y, 2), "anchor": anchor, "words": words})
                break
    return out


def _middle(weighed: list[tuple[float, int]]) -> tuple[float, float]:
    weighed = sorted(weighed)
    total = sum(n for _, n in weighed)
    seen, low, high = 0, weighed[0][0], weighed[-1][0]
    for x, n in weighed:
        if seen <= total * 0.05:
            low = x
        if seen < total * 0.95:
            high = x
        seen += n
    return low, high


def ego(rows: list[Row], entity: int, most: int = 14) -> list[Row]:
    """Those whom an actor deals with, most often first: what it does to them, what they do to it, how much of it conflict."""
    met: dict[int, Row] = {}
    for r in rows:
        out = r["one"] == entity
        other = r["other"] if out else r["one"]
        name, en = (r["other_name"], r["other_en"]) if out else (r["one_name"], r["one_en"])
        one = met.setdefault(other, {"id": other, "name": name, "name_en": en, "out": 0, "in": 0, "conflict": 0})
        one["out" if out else "in"] += r["n"]
        one["conflict"] += r["conflict"] or 0
    made = sorted(met.values(), key=lambda m: (-(m["out"] + m["in"]), m["id"]))[:most]
    for i, m in enumerate(made):
        angle = 2 * math.pi * i / max(len(made), 1) - math.pi / 2
        m["n"] = m["out"] + m["in"]
        m["x"], m["y"] = round(300 + 215 * math.cos(angle), 1), round(190 + 145 * math.sin(angle), 1)
        m["anchor"] = "middle" if abs(math.cos(angle)) < 0.35 else "start" if math.cos(angle) > 0 else "end"
        m["tx"] = round(m["x"] + (0 if m["anchor"] == "middle" else 12 if m["anchor"] == "start" else -12), 1)
        m["ty"] = round(m["y"] + (-12 if math.sin(angle) < -0.5 else 22 if math.sin(angle) > 0.5 else 5), 1)
        m["share"] = m["conflict"] / m["n"]
        m["line"] = round(1 + 5 * math.sqrt(m["n"] / made[0]["n"]), 1)
    return made


def matrix(rows: list[Row], most: int = 14) -> Row | None:
    """Who acts towards whom as a table: actors in order of how often they stand in a pair."""
    weight: dict[int, int] = {}
    names: dict[int, tuple[str, str | None]] = {}
    for r in rows:
        for k, n, e in ((r["one"], r["one_name"], r["one_en"]), (r["other"], r["other_name"], r["other_en"])):
            weight[k] = weight.get(k, 0) + r["n"]
            names[k] = (n, e)
    ids = sorted(weight, key=lambda k: (-weight[k], k))[:most]
    if len(ids) < 2:
        return None
    cells = {(r["one"], r["other"]): r for r in rows if r["one"] in ids and r["other"] in ids}
    top = max((r["n"] for r in cells.values()), default=1)
    return {"ids": ids, "names": names, "cells": cells, "most": top}
