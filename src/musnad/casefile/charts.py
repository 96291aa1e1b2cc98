"""Charts of a case as SVG or PNG, drawn by Vega-Lite without network (Altair, vl-convert)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from musnad.casefile import queries
from musnad.casefile.queries import Filters

_FONT = "DejaVu Sans, Noto Sans, Noto Sans Arabic, Noto Naskh Arabic, sans-serif"
#: days that get a bar each; days around the articles' own that a chart of events shows unasked
_DAILY, _AROUND = 180, dt.timedelta(days=31)


def draw(connection: Connection, what: Literal["events", "figures", "statements"], target: Path, filters: Filters) -> bool:
    """Draw a chart; ``target`` ends in .svg or .png. False where there is nothing to draw (nothing is written then)."""
    chart = {"events": _events, "statements": _statements, "figures": _figures}[what](connection, filters)
    if chart is None:
        return False
    chart.configure(font=_FONT).save(str(target), scale_factor=2 if target.suffix == ".png" else 1)
    return True


def _values(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=rows)


def _over_time(rows: list[dict[str, Any]], title: str) -> Any:
    import altair as alt

    if not rows:
        return None
    days = sorted({r["day"] for r in rows})
    span = (dt.date.fromisoformat(days[-1]) - dt.date.fromisoformat(days[0])).days
    # a bar a day as long as there is room for them
    unit = "yearmonthdate" if span <= _DAILY else "yearmonth" if span <= 30 * _DAILY else "year"
    return (
        alt.Chart(_values(rows))
        .mark_bar()
        .encode(
            x=alt.X(f"{unit}(day):T", title=None),
            y=alt.Y("count():Q", title=title),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(scheme="tableau20")),
        )
        .properties(width=720, height=320)
    )


def _events(connection: Connection, filters: Filters) -> Any:
    groups = queries.timeline(connection, filters)
    rows = [{"day": g["begin"] or g["tellings"][0]["published_day"], "kind": g["type"]} for g in groups]
    rows = [r for r in rows if r["day"]]
    published = [t["published_day"] for g in groups for t in g["tellings"] if t["published_day"]]
    title = "events"
    if published and not filters.since and not filters.until:
        # what articles tell of the past and of plans would leave no room for what they report
        first, last = (dt.date.fromisoformat(day) for day in (min(published), max(published)))
        near = [r for r in rows if (first - _AROUND).isoformat() <= r["day"] <= (last + _AROUND).isoformat()]
        if len(near) < len(rows):
            title = f"events ({len(rows) - len(near):,} of other times left out: --since, --until)"
        rows = near
    return _over_time(rows, title)


def _statements(connection: Connection, filters: Filters) -> Any:
    rows = [{"day": s["published_day"], "kind": s["act"]} for s in queries.statements(connection, filters) if s["published_day"]]
    return _over_time(rows, "statements")


def _figures(connection: Connection, filters: Filters) -> Any:
    import altair as alt

    rows = []
    for series in queries.series(connection, filters)[:6]:
        for p in series["points"]:
            low, high = (p["value"], p["value"]) if p["value"] is not None else (p["low"], p["high"])
            if p["as_of"] and (low is not None or high is not None):
                low, high = low if low is not None else high, high if high is not None else low
                rows.append(
                    {
                        "series": series["label"].replace(" · ", " / "),
                        "day": p["as_of"],
                        "low": low,
                        "high": high,
                        "who": p["claimant"] or p["outlet"] or "?",
                    }
                )
    if not rows:
        return None
    base = alt.Chart(_values(rows)).encode(
        x=alt.X("day:T", title=None), color=alt.Color("who:N", title=None, scale=alt.Scale(scheme="tableau20"))
    )
    bars = base.mark_rule(strokeWidth=3).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    points = base.mark_point(filled=True, size=60).encode(y="high:Q")
    return (bars + points).properties(width=640, height=160).facet(row=alt.Row("series:N", title=None)).resolve_scale(y="independent")
