"""The cases of ``cases/places.yaml``: the right namesake, in the right country."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from musnad import lexicon
from musnad.actors import places
from musnad.actors.places import kilometres
from tests.actors.support import CASES, analyse, entity_of, mention_of

ROWS = yaml.safe_load((CASES / "places.yaml").read_text("utf-8"))["cases"]


def _results() -> tuple[list[str], list[str], int]:
    countries, points, pointed = [], [], 0
    for text, name, country, lat, lon in ROWS:
        analysis = analyse(text)
        at = text.index(name)
        over = [m for m in analysis.mentions if m.start <= at < m.end or at <= m.start < at + len(name)]
        over = [m for m in over if m.kind in ("place", "state", "facility")] or over
        entity = entity_of(analysis, over[0]) if over else None
        if entity is None or entity.country != country:
            countries.append(f"{text} {name}: {entity and (entity.name, entity.country)}")
        if lat is not None:
            pointed += 1
            if entity is None or entity.lat is None or entity.lon is None or kilometres(lat, lon, entity.lat, entity.lon) > 25:
                points.append(f"{text} {name}: {entity and (entity.name, entity.lat, entity.lon)}")
    return countries, points, pointed


def test_country_and_point_of_the_cases() -> None:
    assert len(ROWS) >= 200
    countries, points, pointed = _results()
    assert len(countries) <= 0.03 * len(ROWS), "\n".join(countries)
    assert len(points) <= 0.08 * pointed, "\n".join(points)


def test_the_gazetteer_is_the_one_that_was_built() -> None:
    record = json.loads((Path(__file__).parents[2] / "training" / "places" / "sources.json").read_text("utf-8"))
    found = lexicon.read_bytes("actors", "places.msgpack")
    assert hashlib.sha256(found).hexdigest() == record["places.msgpack"]
    assert len(found) <= 8_000_000


@pytest.mark.parametrize(("text", "kind"), [("وقع انفجار في بغداد.", "place"), ("وافقت بغداد على الخطة.", "state")])
def test_scene_and_government(text: str, kind: str) -> None:
    assert mention_of(analyse(text), "بغداد").kind == kind


def test_namesakes_are_listed_largest_first() -> None:
    table = places.load()
    found = table.at(["طرابلس"])
    assert found is not None
    numbers = found[1]
    assert [table.place(n).population for n in numbers] == sorted((table.place(n).population for n in numbers), reverse=True)
