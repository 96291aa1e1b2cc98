"""Checks the tables of the actor knowledge base and counts what they hold.

``python -m training.lexicons.actors_kb_check [DIR]`` prints the counts and every problem found; exit status 1 if there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import musnad.actors
from musnad.actors.build import Row, cell, joined, read_table
from musnad.language.phrases import words_of

KB = Path(musnad.actors.__file__).resolve().parent / "lexicon" / "kb"

STATE_SECTORS = frozenset(["COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF"])
SECTORS = STATE_SECTORS | frozenset(
    [
        "AGR",
        "BUS",
        "CRM",
        "CVL",
        "EDU",
        "ELI",
        "JRN",
        "LAB",
        "MED",
        "REF",
        "OPP",
        "PRE",
        "REL",
        "SOC",
        "IGO",
        "NGO",
        "MNC",
    ]
)
ACTOR_KINDS = frozenset(["person", "organisation", "armed_group", "state", "facility", "outlet", "group"])
GROUP_KINDS = frozenset(["organisation", "armed_group", "group", "state", "facility"])
TITLE_KINDS = frozenset(["office", "rank", "profession", "honorific"])
SCOPES = frozenset(("", "state", "org"))
STATUSES = frozenset(["iso", "user_assigned", "self_declared", "autonomous"])
#: countries and territories of ISO 3166-1
ISO_ENTRIES = 249

COLUMNS = {
    "states": "iso3 iso2 en ar variants short nisba nisba_plural capital_ar ambiguous status code source",
    "seats": "ar variants entity country sector en",
    "titles": "title title_f plural sector kind office scope en",
    "groups": "head forms sector kind en",
    "offices": "person office country from to org",
    "actors": "id kind country sector code en ar variants short latin from to parent source",
    "ambiguous": "name also",
    "clashes": "name ids why",
}
#: least number of each, see :class:`Counts`
FLOORS = {"actors": 5000, "names": 18000, "outlets": 500, "titles": 700, "heads": 350, "offices": 2500}

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_OFFICE = re.compile(r"[a-z]+(_[a-z]+)*\Z")
_ARABIC_NAME = re.compile(r"[\u0621-\u0652 0-9A-Za-z.\-+/()&'’%]+\Z")
_ARABIC = re.compile(r"[\u0621-\u064a]")


class Problem(NamedTuple):
    """Where (file, entry) and what is wrong."""

    file: str
    entry: str
    what: str


class Counts(NamedTuple):
    """How much the base holds; ``names`` are Arabic and Latin names and short forms of actors, English display names not counted."""

    actors: int
    persons: int
    armed_groups: int
    outlets: int
    names: int
    titles: int
    heads: int
    offices: int
    states: int
    seats: int


class Base(NamedTuple):
    """The rows of all tables; actors with the name of their file."""

    states: list[Row]
    seats: list[Row]
    titles: list[Row]
    groups: list[Row]
    offices: list[Row]
    ambiguous: list[Row]
    clashes: list[Row]
    actors: list[tuple[str, Row]]


def read(kb: Path = KB) -> Base:
    """All tables under a directory."""

    def table(name: str) -> list[Row]:
        return read_table(kb / f"{name}.tsv")

    actors = [(path.name, row) for path in sorted(kb.glob("actors_*.tsv")) for row in read_table(path)]
    return Base(
        table("states"),
        table("seats"),
        table("titles"),
        table("groups"),
        table("offices"),
        table("ambiguous"),
        table("clashes"),
        actors,
    )


def names_of(row: Row, *columns: str) -> list[str]:
    """The names in some columns of a row, in order."""
    return [name for column in columns for name in cell(row, column)]


def key(name: str) -> str:
    """A name as it is looked up: folded, with compounds such as «عبد الله» joined."""
    return " ".join(joined(words_of(name)))


def counts(base: Base) -> Counts:
    """The numbers of the base."""
    rows = [row for _, row in base.actors]

    def of_kind(kind: str) -> int:
        return sum(row["kind"] == kind for row in rows)

    names = sum(len(names_of(row, "ar", "variants", "short", "latin")) for row in rows)
    return Counts(len(rows), of_kind("person"), of_kind("armed_group"), of_kind("outlet"), names, len(base.titles), len(base.groups),
                  len(base.offices), len(base.states), len(base.seats))  # fmt: skip


def check(kb: Path = KB) -> list[Problem]:
    """Every problem of the tables under a directory, in order of file; an empty list if there is none."""
    base = read(kb)
    return [
        *_form(kb),
        *_states(base),
        *_actors(base),
        *_offices(base),
        *_words(base),
        *_clashes(base),
        *_floors(base),
    ]


def _form(kb: Path) -> Iterator[Problem]:
    """Header, number of cells, stray spaces."""
    for path in sorted(kb.glob("*.tsv")):
        kind = "actors" if path.name.startswith("actors_") else path.stem
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
        wanted = COLUMNS.get(kind)
        if wanted is None:
            yield Problem(path.name, "", "no such table")
            continue
        if not lines or lines[0].split("\t") != wanted.split():
            yield Problem(path.name, "", "header is not as documented")
            continue
        for line in lines[1:]:
            cells = line.split("\t")
            if len(cells) != len(wanted.split()):
                yield Problem(path.name, cells[0], f"{len(cells)} cells instead of {len(wanted.split())}")
            if any(c != c.strip() or "  " in c or c.startswith("| ") or c.endswith(" |") or "| |" in c for c in cells):
                yield Problem(path.name, cells[0], "stray spaces or an empty list item")


def _states(base: Base) -> Iterator[Problem]:
    codes = {row["iso3"] for row in base.states}
    if len(codes) != len(base.states):
        yield Problem("states.tsv", "", "an iso3 twice")
    iso = sum(row["status"] == "iso" for row in base.states)
    if iso != ISO_ENTRIES:
        yield Problem("states.tsv", "", f"{iso} entries of ISO 3166-1 instead of {ISO_ENTRIES}")
    for row in base.states:
        if row["status"] not in STATUSES:
            yield Problem("states.tsv", row["iso3"], f"status {row['status']}")
        if row["code"] not in codes or (row["status"] in ("iso", "user_assigned") and row["code"] != row["iso3"]):
            yield Problem("states.tsv", row["iso3"], f"code {row['code']}")
        if row["status"] == "iso" and not re.fullmatch(r"[A-Z]{2}", row["iso2"]):
            yield Problem("states.tsv", row["iso3"], "iso2")
        if not row["ar"] or not row["en"]:
            yield Problem("states.tsv", row["iso3"], "no name")
        own = {key(n) for n in names_of(row, "ar", "variants", "short", "nisba", "capital_ar")}
        for name in cell(row, "ambiguous"):
            if key(name) not in own:
                yield Problem("states.tsv", row["iso3"], f"ambiguous form {name} is no name of the row")


def _actors(base: Base) -> Iterator[Problem]:
    codes = {row["iso3"] for row in base.states if row["status"] in ("iso", "user_assigned")}
    ids: dict[str, Row] = {}
    for file, row in base.actors:
        if row["id"] in ids:
            yield Problem(file, row["id"], "id twice")
        ids[row["id"]] = row
    for file, row in base.actors:
        yield from (Problem(file, row["id"], what) for what in _entry(row, codes, ids))
    for row in base.seats:
        if row["entity"] not in ids:
            yield Problem("seats.tsv", row["ar"], f"no actor {row['entity']}")
        if row["country"] and row["country"] not in codes:
            yield Problem("seats.tsv", row["ar"], f"country {row['country']}")
        if row["sector"] not in SECTORS:
            yield Problem("seats.tsv", row["ar"], f"sector {row['sector']}")


def _entry(row: Row, codes: set[str], ids: dict[str, Row]) -> Iterator[str]:
    """What is wrong with one actor."""
    if not _SLUG.fullmatch(row["id"]):
        yield "id is no slug"
    if row["kind"] not in ACTOR_KINDS:
        yield f"kind {row['kind']}"
    if row["country"] and row["country"] not in codes:
        yield f"country {row['country']}"
    if row["sector"] and row["sector"] not in SECTORS:
        yield f"sector {row['sector']}"
    if row["code"] and not re.fullmatch(r"(IGO|[A-Z]{3})( [A-Z]{3})?", row["code"]):
        yield f"code {row['code']}"
    if row["kind"] == "outlet" and row["sector"] != "JRN":
        yield "an outlet that is not JRN"
    if not row["en"] or not row["ar"] or not row["source"]:
        yield "no English or Arabic name or no source"
    for name in names_of(row, "ar", "variants", "short"):
        if not _ARABIC_NAME.fullmatch(name) or not _ARABIC.search(name):
            yield f"letters of {name}"
    for name in cell(row, "latin"):
        if _ARABIC.search(name):
            yield f"Arabic letters in {name}"
    seen = [key(name) for name in names_of(row, "ar", "variants", "short")]
    if len(set(seen)) != len(seen):
        yield "a name twice after folding"
    yield from _span(row["from"], row["to"])
    chain, parent = {row["id"]}, row["parent"]
    while parent:
        if parent not in ids or parent in chain:
            yield f"parent {parent}"
            break
        chain.add(parent)
        parent = ids[parent]["parent"]


def _span(begin: str, end: str) -> Iterator[str]:
    """What is wrong with two dates."""
    for date in (begin, end):
        if date and not _DATE.fullmatch(date):
            yield f"date {date}"
            return
    # a year compares with a day on its own precision
    if begin and end and begin[: len(end)] > end[: len(begin)]:
        yield f"{begin} is after {end}"


def _offices(base: Base) -> Iterator[Problem]:
    ids = {row["id"]: row for _, row in base.actors}
    codes = {row["iso3"] for row in base.states}
    seen = set()
    for row in base.offices:
        told = f"{row['person']} {row['office']}"
        if row["person"] not in ids or ids[row["person"]]["kind"] != "person":
            yield Problem("offices.tsv", told, "no such person")
        if not _OFFICE.fullmatch(row["office"]):
            yield Problem("offices.tsv", told, "office is no slug")
        if row["org"] and row["org"] not in ids:
            yield Problem("offices.tsv", told, f"no organisation {row['org']}")
        if row["country"] and row["country"] not in codes:
            yield Problem("offices.tsv", told, f"country {row['country']}")
        if not row["country"] and not row["org"]:
            yield Problem("offices.tsv", told, "neither country nor organisation")
        if tuple(row.values()) in seen:
            yield Problem("offices.tsv", told, "twice")
        seen.add(tuple(row.values()))
        yield from (Problem("offices.tsv", told, what) for what in _span(row["from"], row["to"]))
    yield from _rivals(base)


#: offices of a state that one person holds at a time
SINGLE = frozenset(
    [
        "head_of_state",
        "head_of_government",
        "foreign_minister",
        "defence_minister",
        "interior_minister",
        "crown_prince",
        "supreme_leader",
    ]
)


def _rivals(base: Base) -> Iterator[Problem]:
    """Two holders of one office of a state at the same time, counted in whole years both surely served."""
    held = defaultdict(list)
    for row in base.offices:
        if row["office"] in SINGLE and not row["org"]:
            held[row["country"], row["office"]].append((row["from"] or "0000", row["to"] or "9999", row["person"]))
    for (country, office), terms in held.items():
        terms.sort()
        for (_, end, one), (begin, _, other) in pairwise(terms):
            if one != other and begin[:4] < end[:4] and begin[:7] < end[:7]:
                yield Problem("offices.tsv", f"{country} {office}", f"{one} and {other} at the same time")


def _words(base: Base) -> Iterator[Problem]:
    """Titles, heads of groups and ambiguous forms."""
    for row in base.titles:
        if row["kind"] not in TITLE_KINDS or row["scope"] not in SCOPES or (row["sector"] and row["sector"] not in SECTORS):
            yield Problem("titles.tsv", row["title"], "kind, scope or sector")
    for row in base.groups:
        if row["kind"] not in GROUP_KINDS or (row["sector"] and row["sector"] not in SECTORS):
            yield Problem("groups.tsv", row["head"], "kind or sector")
    for file, column, rows in (
        ("titles.tsv", "title", base.titles),
        ("groups.tsv", "head", base.groups),
        ("ambiguous.tsv", "name", base.ambiguous),
    ):
        seen = set()
        for row in rows:
            if row[column] in seen:
                yield Problem(file, row[column], "twice")
            seen.add(row[column])


def _clashes(base: Base) -> Iterator[Problem]:
    """Full names that two owners claim at the same time, those of ``clashes.tsv`` excepted."""
    owners: dict[str, dict[str, Row]] = defaultdict(dict)
    shown: dict[str, str] = {}

    def claim(name: str, owner: str, row: Row) -> None:
        owners[key(name)][owner] = row
        shown.setdefault(key(name), name)

    nothing = {"from": "", "to": ""}
    by_id = {row["id"]: row for _, row in base.actors}
    for row in base.states:
        for name in names_of(row, "ar", "variants", "capital_ar"):
            claim(name, row["iso3"], nothing)
    for row in base.seats:
        for name in names_of(row, "ar", "variants"):
            claim(name, row["entity"], by_id.get(row["entity"], nothing))
    for _, row in base.actors:
        for name in names_of(row, "ar", "variants", "latin"):
            claim(name, row["id"], row)
    allowed = {key(row["name"]): set(cell(row, "ids")) for row in base.clashes}
    for folded, claimed in owners.items():
        rows = list(claimed.items())
        at_once = {a for a, x in rows for b, y in rows if a != b and _together(x, y)}
        if at_once and not at_once <= allowed.get(folded, set()):
            yield Problem("clashes.tsv", shown[folded], "claimed by " + ", ".join(sorted(at_once)))
    for row in base.clashes:
        if len(owners.get(key(row["name"]), {})) < 2:
            yield Problem("clashes.tsv", row["name"], "no clash any more")


def _together(one: Row, other: Row) -> bool:
    """Whether two entries are valid at the same time."""
    return (one["from"] or "0000") <= (other["to"] or "9999") and (other["from"] or "0000") <= (one["to"] or "9999")


def _floors(base: Base) -> Iterator[Problem]:
    for name, number in counts(base)._asdict().items():
        if number < FLOORS.get(name, 0):
            yield Problem("", name, f"{number}, fewer than {FLOORS[name]}")


def main(arguments: list[str] | None = None) -> int:
    """Command line; the exit status."""
    parser = argparse.ArgumentParser(description="Check the tables of the actor knowledge base.")
    parser.add_argument("kb", nargs="?", type=Path, default=KB, help="directory of the tables")
    kb: Path = parser.parse_args(arguments).kb
    for name, number in counts(read(kb))._asdict().items():
        print(f"{name:14}{number:7,}")
    problems = check(kb)
    for problem in problems:
        print(f"{problem.file}: {problem.entry}: {problem.what}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
