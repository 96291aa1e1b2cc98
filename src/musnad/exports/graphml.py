"""GraphML: actors as nodes, an edge for each pair of parties of an event (actor to recipient, or side to side)."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import Connection

from musnad.casefile import queries
from musnad.casefile.queries import Filters, Row
from musnad.exports.plover import event_id

_KEYS = {
    "node": ("name", "name_en", "code", "text", "document_id", "start", "end"),
    "edge": ("type", "status", "day", "words", "document_id", "start", "end"),
}


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """A directed multigraph; returns the number of edges."""
    nodes: dict[int, Row] = {}
    edges: list[tuple[str, int, int, Row]] = []
    for row in queries.events(connection, filters):
        for side in (*row["actor"], *row["recipient"]):
            if side["id"] is not None:
                # where the case names it first among these events
                nodes.setdefault(side["id"], {**side, "document_id": row["document_id"]})
        pairs = [(a, r) for a in row["actor"] for r in row["recipient"]] or list(combinations(row["actor"], 2))
        for n, (one, other) in enumerate(pairs):
            if one["id"] is not None and other["id"] is not None:
                facts = {**row, "day": row["begin"] or row["published_day"], "words": row["text"]}
                edges.append((f"{event_id(row)}.{n}", one["id"], other["id"], facts))
    with target.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for kind, names in _KEYS.items():
            for name in names:
                file.write(f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="string"/>\n')
        file.write('<graph edgedefault="directed">\n')
        for number, node in nodes.items():
            file.write(f'<node id="n{number}">{_data("node", node)}</node>\n')
        for key, one, other, facts in edges:
            file.write(f'<edge id={quoteattr(key)} source="n{one}" target="n{other}">{_data("edge", facts)}</edge>\n')
        file.write("</graph>\n</graphml>\n")
    return len(edges)


def _data(kind: str, facts: Row) -> str:
    return "".join(f'<data key="{kind}_{n}">{escape(_clean(str(facts[n])))}</data>' for n in _KEYS[kind] if facts.get(n) is not None)


def _clean(words: str) -> str:
    # XML 1.0 has no way to write most control characters
    return "".join(c for c in words if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000")
