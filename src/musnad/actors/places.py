"""The gazetteer: places by Arabic name, and the choice among namesakes.

Compiled by ``training/places/build.py`` from Who's On First, GeoNames, iraq_geo and our own table (docs/licences-places.md).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from musnad import lexicon

REGION, COUNTY, LOCALITY, NEIGHBOURHOOD, CAMPUS, AREA, WATER = range(7)


#: general words before a name (bare, folded) -> types they call for; an empty set calls for any
TYPE_WORDS: dict[str, frozenset[int]] = {
    "محافظه": frozenset({REGION}), "ولايه": frozenset({REGION, LOCALITY}), "اقليم": frozenset({AREA, REGION}),
    "مدينه": frozenset({LOCALITY}), "بلده": frozenset({LOCALITY}), "قريه": frozenset({LOCALITY}), "عاصمه": frozenset({LOCALITY}),
    "قضا": frozenset({COUNTY}), "ناحيه": frozenset({COUNTY, LOCALITY}), "مديريه": frozenset({COUNTY, LOCALITY}),
    "مركز": frozenset({COUNTY, LOCALITY}), "معتمديه": frozenset({LOCALITY, REGION}), "داءره": frozenset({COUNTY}),
    "حي": frozenset({NEIGHBOURHOOD}), "ضاحيه": frozenset({NEIGHBOURHOOD}), "منطقه": frozenset(), "مخيم": frozenset({NEIGHBOURHOOD, LOCALITY}),
    "مطار": frozenset({CAMPUS, LOCALITY}), "قاعده": frozenset({CAMPUS}), "معبر": frozenset({CAMPUS, LOCALITY}), "ميناء": frozenset({LOCALITY, CAMPUS}),
    "مينا": frozenset({LOCALITY, CAMPUS}), "ريف": frozenset({REGION, LOCALITY}), "جبل": frozenset({AREA}), "جزيره": frozenset({AREA, LOCALITY}),
    "وادي": frozenset({AREA}), "مستوطنه": frozenset({LOCALITY}), "بلدتي": frozenset({LOCALITY}), "مدينتي": frozenset({LOCALITY}),
    "قريتي": frozenset({LOCALITY}), "محافظتي": frozenset({REGION}), "ولايتي": frozenset({REGION, LOCALITY}), "مضيق": frozenset({WATER}),
}  # fmt: skip


class Place(NamedTuple):
    """A place. ``country`` ISO 3166-1 alpha-3; ``parent``: number of the governorate's group, 0 where unknown; degrees."""

    number: int
    name: str
    english: str
    country: str
    type: int
    lat: float
    lon: float
    population: int
    parent: int
    geonames: int


class Gazetteer:
    """Read-only table over the compiled arrays."""

    def __init__(self, made: dict[str, Any]) -> None:
        self._keys: list[str] = made["keys"].split("\n")
        self._first: dict[str, list[int]] = made["first"]
        self._offsets = array("I", made["offsets"])
        self._posts = array("I", made["posts"])
        self._lat = array("i", made["lat"])
        self._lon = array("i", made["lon"])
        self._population = array("I", made["population"])
        self._country: bytes = made["country"]
        self._type: bytes = made["type"]
        self._parent = array("I", made["parent"])
        self._region = array("I", made["region"])
        self._geonames = array("I", made["geonames"])
        self._names: list[str] = made["names"].split("\n")
        self._countries: list[str] = made["countries"]
        self.common = frozenset(made["common"])
        #: first word -> words of its longest name, and its names; filled as words come up
        self._blocks: dict[str, tuple[int, dict[str, int]]] = {}

    def __len__(self) -> int:
        return len(self._names)

    def starts(self, word: str) -> bool:
        """Whether any place's name begins with a folded word."""
        return word in self._first

    def at(self, words: Sequence[str]) -> tuple[int, tuple[int, ...]] | None:
        """Longest name at the beginning of some folded words: (number of words, place numbers, largest first)."""
        block = self._blocks.get(words[0])
        if block is None:
            found = self._first.get(words[0])
            if found is None:
                return None
            start, count = found
            keys = {self._keys[k]: k for k in range(start, start + count)}
            block = self._blocks[words[0]] = max(k.count(" ") for k in keys) + 1, keys
        longest, keys = block
        for length in range(min(len(words), longest, 5), 0, -1):
            key = keys.get(" ".join(words[:length]) if length > 1 else words[0])
            if key is not None:
                return length, tuple(self._posts[self._offsets[key] : self._offsets[key + 1]])
        return None

    def place(self, number: int) -> Place:
        """A place by its number."""
        name, _, english = self._names[number].partition("\t")
        return Place(number, name, english or name, self._countries[self._country[number]], self._type[number], self._lat[number] / 1e5,
                     self._lon[number] / 1e5, self._population[number], self._parent[number], self._geonames[number])  # fmt: skip

    def quick(self, number: int) -> tuple[str, int, int]:
        """Country, type and population of a place."""
        return self._countries[self._country[number]], self._type[number], self._population[number]

    def region(self, parent: int) -> Place | None:
        """The governorate of a group number."""
        number = self._region[parent] if parent < len(self._region) else 0
        return self.place(number - 1) if number else None


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The shipped gazetteer, read once per process."""
    return Gazetteer(lexicon.load("actors", "places"))


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in kilometres (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


class Hints(NamedTuple):
    """What the text says about a place: wanted type, countries with weights, governorates named with it, places settled already."""

    types: frozenset[int] = frozenset()
    countries: Mapping[str, float] = {}
    inside: frozenset[int] = frozenset()
    near: Sequence[tuple[float, float]] = ()
    only: str | None = None


#: prior of a type where the text names none: governorates share names with their capitals, villages are rarely meant
_PRIOR = {REGION: 1.2, COUNTY: 0.6, LOCALITY: 1.0, NEIGHBOURHOOD: -0.8, CAMPUS: 0.3, AREA: 2.2, WATER: 2.0}


def score(place: Place, hints: Hints) -> float:
    """How well a candidate fits; higher is better."""
    total = _PRIOR[place.type] + 0.55 * math.log10(place.population + 10)
    if place.type == REGION and REGION not in hints.types:
        # «في حلب» is the city, the province is called one
        total -= 2.6
    elif place.type == COUNTY and not hints.types:
        total -= 1.0
    if hints.types:
        total += 3.0 if place.type in hints.types else -1.0
    if hints.countries:
        total += 4.0 * hints.countries.get(place.country, 0.0)
    if hints.only is not None:
        total += 6.0 if place.country == hints.only else -6.0
    if place.parent and place.parent in hints.inside:
        total += 5.0
    elif hints.inside:
        total -= 1.0
    if hints.near:
        distance = min(kilometres(place.lat, place.lon, a, b) for a, b in hints.near)
        total += 2.0 * math.exp(-distance / 120)
    return total


def choose(table: Gazetteer, numbers: Iterable[int], hints: Hints) -> Place | None:
    """The best of several namesakes, or None of none."""
    best: tuple[float, Place] | None = None
    for number in list(numbers)[:60]:
        place = table.place(number)
        value = score(place, hints)
        if best is None or value > best[0]:
            best = (value, place)
    return best[1] if best else None
