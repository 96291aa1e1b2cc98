"""TimelineJS 3: a slide for each event of the case, once, with its sources."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from musnad.casefile import queries
from musnad.casefile.queries import Filters, Row


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """The JSON that TimelineJS loads; events without a day are left out. Returns the number of slides."""
    slides = [s for s in map(slide, queries.timeline(connection, filters)) if s]
    target.write_text(json.dumps({"events": slides}, ensure_ascii=False, indent=1), encoding="utf-8")
    return len(slides)


def slide(group: Row) -> dict[str, Any] | None:
    """A slide, or None for an event without a day."""
    first = group["tellings"][0]
    day = group["begin"] or first["published_day"]
    if not day:
        return None
    who = "، ".join(s["name"] for s in first["actor"])
    whom = "، ".join(s["name"] for s in first["recipient"])
    sources = "".join(
        f"<li>{escape(t['outlet'] or '')} {t['published_day'] or ''} ({t['document_id']}:{t['start']}-{t['end']})</li>"
        for t in group["tellings"]
    )
    made: dict[str, Any] = {
        "start_date": _date(day),
        "text": {
            "headline": escape(" ← ".join(x for x in (who, group["type"], whom) if x)),
            "text": f'<p dir="rtl" lang="ar">{escape(first["text"])}</p><ul dir="rtl">{sources}</ul>',
        },
        "group": group["type"],
        "unique_id": f"event-{group['id']}",
    }
    if group["end_date"] and group["end_date"] != day:
        made["end_date"] = _date(group["end_date"])
    return made


def _date(day: str) -> dict[str, int]:
    year, month, date = map(int, day.split("-"))
    return {"year": year, "month": month, "day": date}
