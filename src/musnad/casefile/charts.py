"""Charts of a case as SVG or PNG, drawn by Vega-Lite without network (Altair, vl-convert)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from musnad.casefile import queries
from musnad.casefile.queries import Filters

_FONT = "Noto Sans Arabic, Noto Naskh Arabic, sans-serif"


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
    return (
        alt.Chart(_values(rows))
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):T", title=None),
            y=alt.Y("count():Q", title=title),
            color=alt.Color("kind:N", title=None),
        )
        .properties(width=720, height=320)
    )


def _events(connection: Connection, filters: Filters) -> Any:
    groups = queries.timeline(connection, filters)
    rows = [{"day": g["begin"] or g["tellings"][0]["published_day"], "kind": g["type"]} for g in groups]
    return _over_time([r for r in rows if r["day"]], "events")


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
                        "series": series["label"],
                        "day": p["as_of"],
                        "low": low,
                        "high": high,
                        "who": p["claimant"] or p["outlet"] or "?",
                    }
                )
    if not rows:
        return None
    base = alt.Chart(_values(rows)).encode(x=alt.X("day:T", title=None), color=alt.Color("who:N", title=None))
    bars = base.mark_rule(strokeWidth=3).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    points = base.mark_point(filled=True, size=60).encode(y="high:Q")
    return (bars + points).properties(width=640, height=160).facet(row=alt.Row("series:N", title=None)).resolve_scale(y="independent")
