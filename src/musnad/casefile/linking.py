"""Entities of single articles under one identity across the case."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from musnad.casefile import schema
from musnad.language.letters import fold
from musnad.record import Entity


class Identity(NamedTuple):
    """The identity of an entity across articles, why, and what the article knows of it."""

    key: str
    reason: str
    facts: dict[str, Any]


def identity(entity: Entity) -> Identity:
    """The identity of an entity across articles."""
    return Identity(*entity_key(entity), _facts(entity))


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
    """Finds or makes the case's entity for each identity; keeps what it has seen within one ingest."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def link(self, connection: Connection, made: dict[int, dict[str, Identity]]) -> dict[int, dict[str, int]]:
        """Write the links of the entities of analyses (by id); returns for each entity -> id in ``case_entities``."""
        facts = {i.key: i.facts for of in reversed(made.values()) for i in reversed(of.values())}  # the first one's
        numbers = {key: self._known[key] for key in facts if key in self._known}
        numbers |= _stored(connection, [key for key in facts if key not in numbers])
        missing = [key for key in facts if key not in numbers]
        if missing:
            connection.execute(insert(schema.case_entities), [{"key": key, **facts[key]} for key in missing])
            numbers |= _stored(connection, missing)
        rows = [
            {"analysis_id": analysis, "entity": entity, "case_entity_id": numbers[i.key], "reason": i.reason}
            for analysis, of in made.items()
            for entity, i in of.items()
        ]
        if rows:
            connection.execute(insert(schema.entity_links), rows)
        if len(self._known) < 50_000:
            self._known.update(numbers)
        return {analysis: {entity: numbers[i.key] for entity, i in of.items()} for analysis, of in made.items()}


def _stored(connection: Connection, keys: list[str]) -> dict[str, int]:
    c = schema.case_entities.c
    found: dict[str, int] = {}
    for i in range(0, len(keys), 500):
        found |= {r.key: r.id for r in connection.execute(select(c.key, c.id).where(c.key.in_(keys[i : i + 500])))}
    return found


def _facts(entity: Entity) -> dict[str, Any]:
    fields = ("name", "name_en", "kind", "actor", "country", "sector", "code", "lat", "lon")
    return {f: getattr(entity, f) for f in fields}
