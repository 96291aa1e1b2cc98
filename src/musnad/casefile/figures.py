"""Figures on the same thing gathered into series: who says how many, as of when, and where claimants disagree."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema
from musnad.language.letters import fold

Row = dict[str, Any]
#: kinds of figures that make a series; shares, durations and the rest are about too many things
_KINDS = {
    "personnel",
    "attacks",
    "killed",
    "wounded",
    "detained",
    "displaced",
    "participants",
    "weapons",
    "vehicles",
}
#: values of one month that differ by more than this factor disagree
_APART = 1.25


def gathered(connection: Connection, as_of: str | None = None) -> tuple[list[Row], list[Row]]:
    """Rows of ``figure_series`` and ``series_points`` from the analyses in force, or in force at the end of a day.

    Figures belong together when they count the same (kind and unit), at the same place and of the same actor.
    """
    f, a, d, p, t = schema.figures, schema.analyses, schema.documents, schema.parties, schema.times
    placed: dict[tuple[int, str, str], tuple[int, str]] = {}
    for r in connection.execute(
        select(p.c.analysis_id, p.c.item, p.c.role, p.c.case_entity_id, schema.case_entities.c.name)
        .join(schema.case_entities, schema.case_entities.c.id == p.c.case_entity_id)
        .where(p.c.role.in_(["of", "place", "speaker"]))
    ):
        placed.setdefault((r.analysis_id, r.item, r.role), (r.case_entity_id, r.name))
    rows = connection.execute(
        select(f, d.c.published_day, t.c.begin.label("at"), t.c.end_date.label("until"))
        .join(a, a.c.id == f.c.analysis_id).join(d, d.c.id == f.c.document_id)
        .outerjoin(t, (t.c.analysis_id == f.c.analysis_id) & (t.c.id == f.c.time))
        .where(schema.in_force(as_of), f.c.counts.in_(_KINDS))
        .order_by(d.c.published_day.is_(None), d.c.published_day, f.c.document_id, f.c.start)
    ).all()  # fmt: skip
    series: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for r in rows:
        of = placed.get((r.analysis_id, r.id, "of"), (None, None))
        place = placed.get((r.analysis_id, r.id, "place"), (None, None))
        # a figure of nobody at no place is about its own article only
        if of[0] is None and place[0] is None:
            continue
        series[(r.counts, fold(r.unit or "", "search"), of[0], place[0])].append((r, of[1], place[1]))
    made, points = [], []
    for number, ((counts, _, _, _), members) in enumerate(series.items(), 1):
        first, of_name, place_name = members[0]
        label = " · ".join(x for x in (first.unit or counts, of_name, place_name) if x)
        values: dict[str, list[float]] = defaultdict(list)
        for r, _, _ in members:
            for v in (r.value, r.low, r.high):
                if v:
                    values[(r.at or r.published_day or "")[:7]].append(v)
                    break
        disagreement = any(max(v) > _APART * min(v) for v in values.values() if v)
        made.append(
            {
                "id": number,
                "counts": counts,
                "unit": first.unit,
                "place": place_name,
                "label": label,
                "disagreement": disagreement,
            }
        )
        for r, _, _ in members:
            claimant = placed.get((r.analysis_id, r.statement or "", "speaker"), (None, None))[1]
            points.append(
                {
                    "analysis_id": r.analysis_id,
                    "figure": r.id,
                    "series_id": number,
                    "claimant": claimant,
                    "as_of": r.until or r.at or r.published_day,
                }
            )
    return made, points


def gather(connection: Connection) -> None:
    """Fill ``figure_series`` and ``series_points``."""
    made, points = gathered(connection)
    if made:
        connection.execute(insert(schema.figure_series), made)
        connection.execute(insert(schema.series_points), points)
