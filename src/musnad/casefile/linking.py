"""Entities of single articles under one identity across the case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema
from musnad.casefile.store import inserted
from musnad.language.letters import fold
from musnad.record import Entity, Record


def entity_key(entity: Entity) -> tuple[str, str]:
    """The identity of an entity across articles, and why.

    Known actors and places go by their knowledge-base or gazetteer id. Unknown ones go by folded name, kind and country: the
    same name with another country stays another entity, a name of one word without a country stays within its kind.
    """
    if entity.actor:
        return f"actor:{entity.actor}", "the knowledge base names it"
    if entity.geonames:
        return f"place:{entity.geonames}", "the gazetteer names it"
    name = " ".join(fold(entity.name, "search").split())
    if entity.lat is not None and entity.lon is not None:
        return f"point:{name}:{entity.lat:.2f},{entity.lon:.2f}", "same name at the same point"
    country = entity.country or ""
    sector = entity.sector or ""
    return f"name:{entity.kind}:{country}:{sector}:{name}", "same name, kind, country and sector"


class EntityLinker:
    """Finds or makes the case's entity for each entity of a record; keeps what it has seen within one ingest."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def link(self, connection: Connection, record: Record, analysis_id: int) -> dict[str, int]:
        """Write the links of a record's entities; returns entity id -> id in ``case_entities``."""
        keys = {e.id: entity_key(e) for e in record.entities}
        wanted = {k for k, _ in keys.values() if k not in self._known}
        found: dict[str, int] = {}
        if wanted:
            c = schema.case_entities.c
            found = {r.key: r.id for r in connection.execute(select(c.key, c.id).where(c.key.in_(wanted)))}
        links: dict[str, int] = {}
        rows: list[dict[str, Any]] = []
        for entity in record.entities:
            key, reason = keys[entity.id]
            number = self._known.get(key) or found.get(key)
            if number is None:
                number = inserted(connection, insert(schema.case_entities).values(key=key, **_facts(entity)))
            found[key] = number
            links[entity.id] = number
            rows.append({"analysis_id": analysis_id, "entity": entity.id, "case_entity_id": number, "reason": reason})
        if rows:
            connection.execute(insert(schema.entity_links), rows)
        if len(self._known) < 50_000:
            self._known.update(found)
        return links


def _facts(entity: Entity) -> dict[str, Any]:
    fields = ("name", "name_en", "kind", "actor", "country", "sector", "code", "lat", "lon")
    return {f: getattr(entity, f) for f in fields}
