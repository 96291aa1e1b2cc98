"""A record as rows of the case file's tables."""

from __future__ import annotations

from typing import Any

import msgspec

from musnad.casefile import schema
from musnad.record import LISTS, Record

Rows = dict[str, list[dict[str, Any]]]

#: roles that make a row of ``parties``: list of the record -> (field, role)
_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "events": (("actors", "actor"), ("recipients", "recipient"), ("location", "location")),
    "statements": (("speaker", "speaker"), ("addressee", "addressee"), ("via", "via")),
    "commitments": (("parties", "party"), ("with_", "with")),
    "figures": (("of", "of"), ("place", "place")),
}


def rows_of(record: Record) -> Rows:
    """Rows for each item table and ``parties``, which lack only the ids of analysis and document."""
    days = {t.id: (t.begin, t.end_date) for t in record.times}
    out: Rows = {name: [] for name in (*schema.ITEMS, "parties")}
    for name in LISTS:
        columns = schema.ITEMS[name].c
        for item in getattr(record, name):
            row = {f: _plain(getattr(item, f)) for f in item.__struct_fields__ if f in columns}
            row |= _special(name, item, days)
            out[name].append(row)
            for field, role in _ROLES.get(name, ()):
                value = getattr(item, field)
                for mention in dict.fromkeys(value if isinstance(value, list) else [value] if value else []):
                    out["parties"].append({"item": item.id, "role": role, "mention": mention})
    return out


def _special(name: str, item: Any, days: dict[str, tuple[str | None, str | None]]) -> dict[str, Any]:
    if name == "mentions":
        head = item.head
        return {
            "head_start": head and head.start,
            "head_end": head and head.end,
            "role": item.role and item.role.text,
        }
    if name == "statements":
        return {
            "cue": item.cue.lemma,
            "content": " … ".join(c.text for c in item.content),
            "spans": [[c.start, c.end] for c in item.content],
        }
    if name == "events":
        begin, end = days.get(item.time or "", (None, None))
        size = item.size
        return {
            "trigger": item.trigger.text, "trigger_start": item.trigger.start, "trigger_end": item.trigger.end,
            "begin": begin, "end_date": end,
            "dead": size and size.dead, "injured": size and size.injured, "arrested": size and size.arrested,
        }  # fmt: skip
    if name == "commitments":
        return {
            "what": item.what.text, "what_start": item.what.start, "what_end": item.what.end,
            "by_date": days.get(item.by or "", (None, None))[1],
            "conditions": [{"start": c.start, "end": c.end, "text": c.text} for c in item.conditions],
        }  # fmt: skip
    return {}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(value, (list, msgspec.Struct)) else value
