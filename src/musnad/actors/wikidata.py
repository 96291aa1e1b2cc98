"""Making a user's actor table from Wikidata that the user brings: a JSON dump, or the JSON result of a query.

Nothing is fetched. Statements used: P31 instance of, P17 country, P27 citizenship, P298 ISO 3166-1 alpha-3, P571/P576 founded and
dissolved. Wikidata is CC0.
"""

from __future__ import annotations

import bz2
import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from musnad.actors.manage import COLUMNS, ActorTableError

#: class -> (kind, sector); a class the user's own table of classes doesn't name is left out
CLASSES: dict[str, tuple[str, str]] = {
    "Q5": ("person", ""),
    "Q7278": ("organisation", "PTY"),
    "Q43229": ("organisation", ""),
    "Q484652": ("organisation", "IGO"),
    "Q79913": ("organisation", "NGO"),
    "Q192350": ("organisation", "GOV"),
    "Q327333": ("organisation", "GOV"),
    "Q35749": ("organisation", "LEG"),
    "Q11032": ("outlet", "JRN"),
    "Q192283": ("outlet", "JRN"),
    "Q4830453": ("organisation", "BUS"),
}


def _open(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.suffix == ".bz2":
        return bz2.open(path, "rb")
    return path.open("rb")


def items(path: Path) -> Iterator[dict[str, Any]]:
    """The items of a dump (one JSON object a line, with or without the brackets and commas of the official dumps).

    :raises ActorTableError: where a line is no JSON object.
    """
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            text = line.strip().rstrip(b",")
            if text in (b"", b"[", b"]"):
                continue
            try:
                made = msgspec.json.decode(text)
            except msgspec.DecodeError as error:
                raise ActorTableError(path, [f"line {number}: {error}"]) from error
            if isinstance(made, dict):
                yield made


def _values(item: dict[str, Any], name: str) -> list[Any]:
    out = []
    for claim in item.get("claims", {}).get(name, []):
        if claim.get("rank") == "deprecated":
            continue
        value = claim.get("mainsnak", {}).get("datavalue", {}).get("value")
        if isinstance(value, dict):
            value = value.get("id") or value.get("time")
        if value is not None:
            out.append(value)
    return out


def _date(item: dict[str, Any], name: str) -> str:
    for value in _values(item, name):
        if isinstance(value, str) and value.startswith("+"):
            parts = value[1:11].split("-")
            return "-".join(parts[: 1 if parts[1:2] == ["00"] else 2 if parts[2:3] == ["00"] else 3])
    return ""


def rows_of_dump(path: Path, classes: dict[str, tuple[str, str]] | None = None) -> Iterator[dict[str, str]]:
    """Table rows of a dump's items that have an Arabic label and a class wanted. The dump is read twice: countries first."""
    wanted = classes or CLASSES
    countries = {item["id"]: codes[0] for item in items(path) if (codes := _values(item, "P298"))}
    for item in items(path):
        arabic = item.get("labels", {}).get("ar", {}).get("value", "")
        kind = next((wanted[c] for c in _values(item, "P31") if c in wanted), None)
        if not arabic or kind is None:
            continue
        country = next((countries[c] for c in _values(item, "P17") + _values(item, "P27") if c in countries), "")
        aliases = [a["value"] for a in item.get("aliases", {}).get("ar", []) if "value" in a]
        yield {
            "id": f"wd-{item['id']}", "kind": kind[0], "sector": kind[1], "country": country, "ar": arabic,
            "en": item.get("labels", {}).get("en", {}).get("value", ""), "variants": " | ".join(dict.fromkeys(aliases)),
            "from": _date(item, "P571"), "to": _date(item, "P576"), "wikidata": item["id"], "source": "Wikidata (CC0)",
        }  # fmt: skip


def rows_of_query(path: Path) -> Iterator[dict[str, str]]:
    """Table rows of a SPARQL JSON result with variables ``item``, ``ar`` and, as wanted, ``en``, ``country`` (ISO3), ``kind``, ``sector``,
    ``variants``.

    :raises ActorTableError: where it is no query result.
    """
    with _open(path) as file:
        try:
            made = msgspec.json.decode(file.read())
            bindings = made["results"]["bindings"]
        except (msgspec.DecodeError, KeyError, TypeError) as error:
            raise ActorTableError(path, ["no SPARQL JSON result"]) from error
    for binding in bindings:
        plain = {k: str(v.get("value", "")) for k, v in binding.items()}
        name = plain.get("item", "").rsplit("/", 1)[-1]
        if name and plain.get("ar"):
            yield {
                "id": f"wd-{name}", "kind": plain.get("kind") or "organisation", "sector": plain.get("sector", ""),
                "country": plain.get("country", ""), "ar": plain["ar"], "en": plain.get("en", ""), "variants": plain.get("variants", ""),
                "wikidata": name, "source": "Wikidata (CC0)",
            }  # fmt: skip


def convert(source: Path, target: Path, classes: dict[str, tuple[str, str]] | None = None) -> int:
    """Write a user's TSV table from a dump (``.json``, ``.jsonl``, also ``.gz`` or ``.bz2``) or a query result; the number of entries.

    :raises ActorTableError: where the source can't be read.
    """
    with _open(source) as file:
        head = file.read(4096).lstrip()
    rows = rows_of_query(source) if b'"head"' in head[:200] or b'"results"' in head[:4096] else rows_of_dump(source, classes)
    count = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=COLUMNS, delimiter="\t", restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: v.replace("\t", " ").replace("\n", " ") for k, v in row.items()})
            count += 1
    return count
