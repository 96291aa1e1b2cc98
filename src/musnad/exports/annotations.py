"""W3C Web Annotations: each item as a body on a text position and quote. Positions are UTF-16 code units, as the model asks."""

from __future__ import annotations

import json
from bisect import bisect_left
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from musnad.casefile import queries, schema
from musnad.casefile.queries import Filters, Row

_CONTEXT = 32  # characters before and after a quote


class Utf16:
    """Offsets of a text in UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF]

    def __call__(self, offset: int) -> int:
        """The UTF-16 offset of a code-point offset."""
        return offset + bisect_left(self._wide, offset)


def write(connection: Connection, target: Path, format: str, filters: Filters) -> int:
    """One AnnotationCollection page with an annotation for each event, statement, figure, commitment; returns their number."""
    count = 0
    with target.open("w", encoding="utf-8") as file:
        file.write('{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": [')
        texts: dict[int, tuple[Any, Utf16]] = {}
        for kind in ("events", "statements", "figures", "commitments"):
            for row in getattr(queries, kind)(connection, filters):
                number = row["document_id"]
                if number not in texts:
                    d = schema.documents.c
                    document = connection.execute(select(d.id, d.text, d.text_sha, d.url).where(d.id == number)).one()
                    texts[number] = document, Utf16(document.text)
                file.write(("," if count else "") + "\n" + json.dumps(annotation(kind, row, *texts[number]), ensure_ascii=False))
                count += 1
        file.write("\n]}\n")
    return count


def annotation(kind: str, row: Row, document: Any, position: Utf16) -> dict[str, Any]:
    """An item as an annotation on its document."""
    text, start, end = document.text, row["start"], row["end"]
    label = {
        "events": row.get("type"),
        "statements": row.get("act"),
        "figures": row.get("counts"),
        "commitments": row.get("kind"),
    }[kind]
    parties = {role: [s["name"] for s in row[role]] for role in ("actor", "recipient", "speaker", "party", "with") if row.get(role)}
    return {
        "type": "Annotation",
        "id": f"urn:musnad:{document.id}:{row['analysis_id']}:{row['id']}",
        "motivation": "classifying",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": f"{kind}:{label}"},
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": json.dumps(parties, ensure_ascii=False),
            },
        ],
        "target": {
            "source": document.url or f"urn:sha256:{document.text_sha}",
            "selector": [
                {"type": "TextPositionSelector", "start": position(start), "end": position(end)},
                {
                    "type": "TextQuoteSelector",
                    "exact": text[start:end],
                    "prefix": text[max(0, start - _CONTEXT) : start],
                    "suffix": text[end : end + _CONTEXT],
                },
            ],
        },
    }
