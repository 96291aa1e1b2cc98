"""Looking into the knowledge base and adding to it: what stands behind ``musnad actors find|show|check|add``.

A user's table has the columns of ``actors_*.tsv`` (``id kind country sector code en ar variants short latin from to parent
source wikidata``); only ``id``, ``kind`` and ``ar`` must be filled. TSV and CSV join lists by `` | ``, YAML takes a list of mappings
with the same keys, where ``ar`` may be a list. An entry with an id of ours replaces it; a name that ours already has is a clash: the
user's entry wins and the clash is told.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from musnad.actors import kb
from musnad.actors.build import ACTOR, END, SHORT, Clash, Row, add_name, bare_words, cell, overlap
from musnad.actors.kb import Actor
from musnad.language.phrases import words_of

COLUMNS = (
    "id",
    "kind",
    "country",
    "sector",
    "code",
    "en",
    "ar",
    "variants",
    "short",
    "latin",
    "from",
    "to",
    "parent",
    "source",
    "wikidata",
)
KINDS = frozenset({"person", "organisation", "armed_group", "state", "place", "facility", "outlet", "group"})
SECTORS = frozenset(
    [
        "AGR",
        "BUS",
        "COP",
        "CRM",
        "CVL",
        "EDU",
        "ELI",
        "GOV",
        "IGO",
        "JRN",
        "JUD",
        "LAB",
        "LEG",
        "MED",
        "MIL",
        "NGO",
        "OPP",
        "PRE",
        "PRM",
        "PTY",
        "REB",
        "REF",
        "REL",
        "SOC",
        "SPY",
        "UAF",
        "UNK",
        "MNC",
    ]
)


class ActorTableError(ValueError):
    """A user's table that can't be read or breaks its rules; ``problems`` lists how."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.path, self.problems = path, problems
        super().__init__(f"{path}: " + "; ".join(problems[:5]) + (f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""))


class ActorClashWarning(UserWarning):
    """A name of a user's table that another actor has too."""


@dataclass(frozen=True)
class Found:
    """An entry that a query found, and how: ``name``, ``short`` or ``part``."""

    actor: Actor
    how: str


def read_rows(path: Path) -> list[Row]:
    """Rows of a user's table (``.tsv``, ``.csv``, ``.yaml`` or ``.yml``).

    :raises ActorTableError: where the file is missing, of another kind, or not readable.
    """
    try:
        if path.suffix in (".yaml", ".yml"):
            return _yaml_rows(path)
        if path.suffix not in (".tsv", ".csv"):
            raise ActorTableError(path, ["a table is .tsv, .csv, .yaml or .yml"])
        with path.open(encoding="utf-8-sig", newline="") as lines:
            kept = (line for line in lines if line.strip() and not line.startswith("#"))
            delimiter = "\t" if path.suffix == ".tsv" else ","
            return [{k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(kept, delimiter=delimiter)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ActorTableError(path, [str(error)]) from error


def _yaml_rows(path: Path) -> list[Row]:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ActorTableError(path, ["YAML tables need pyyaml; write the table as TSV or CSV, or install pyyaml"]) from error
    try:
        made = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ActorTableError(path, [str(error).replace("\n", " ")]) from error
    if isinstance(made, dict) and isinstance(made.get("actors"), list):
        made = made["actors"]
    if not isinstance(made, list) or not all(isinstance(m, dict) for m in made):
        raise ActorTableError(path, ["a list of mappings is wanted"])
    rows: list[Row] = []
    for entry in made:
        row = {str(k): " | ".join(map(str, v)) if isinstance(v, list) else "" if v is None else str(v) for k, v in entry.items()}
        first, *more = [n.strip() for n in row.get("ar", "").split("|")]
        row["ar"] = first
        row["variants"] = " | ".join([*more, *cell(row, "variants")])
        rows.append(row)
    return rows


def check(path: Path, base: kb.Base | None = None) -> list[str]:
    """What is wrong with a user's table, a line for each: columns, kinds, sectors, countries, dates, ids, clashes. Empty if nothing."""
    base = base or kb.load()
    try:
        rows = read_rows(path)
    except ActorTableError as error:
        return error.problems
    found: list[str] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        where = f"entry {number} ({row.get('id') or row.get('ar') or '?'})"
        found += [f"{where}: no column {k}" for k in row if k not in COLUMNS]
        found += [f"{where}: {k} is empty" for k in ("id", "kind", "ar") if not row.get(k)]
        if row.get("kind") and row["kind"] not in KINDS:
            found.append(f"{where}: kind {row['kind']} is none of {', '.join(sorted(KINDS))}")
        if row.get("sector") and row["sector"] not in SECTORS:
            found.append(f"{where}: sector {row['sector']} is none of PLOVER's")
        if row.get("country") and row["country"] not in base.state_of:
            found.append(f"{where}: country {row['country']} is no ISO 3166-1 alpha-3 code")
        for k in ("from", "to"):
            if row.get(k) and not all(p.isdigit() for p in row[k].split("-")):
                found.append(f"{where}: {k} {row[k]} is no ISO date")
        if row.get("id") in seen:
            found.append(f"{where}: id stands in entry {seen[row['id']]} too")
        seen[row.get("id", "")] = number
    found += [f"clash: «{c.name}» is {c.first} and {c.second}" for c in _clashes(rows, base)]
    return found


def _clashes(rows: list[Row], base: kb.Base) -> list[Clash]:
    out: list[Clash] = []
    own = {row.get("id") for row in rows}
    named: dict[str, str] = {}
    for row in rows:
        entry: list[Any] = [None] * 7 + [row.get("from") or None, row.get("to") or None]
        for name in _names(row):
            key = " ".join(words_of(name))
            held = named.setdefault(key, row.get("id", ""))
            if held != row.get("id", ""):
                out.append(Clash(name, held, row.get("id", "")))
            for actor, short in base.lookup(name):
                if not short and actor.id not in own and overlap(list(actor), entry):
                    out.append(Clash(name, actor.id, row.get("id", "")))
    return out


def _names(row: Row) -> list[str]:
    return [n for n in [row.get("ar", ""), *cell(row, "variants"), *cell(row, "latin")] if n]


def extended(made: dict[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """A fresh compiled base with users' tables in it. Warns of each clash (:class:`ActorClashWarning`); the user's entry wins.

    :raises ActorTableError: where a table breaks a rule other than a clash.
    """
    before = kb.Base(made)
    for path in paths:
        problems = [p for p in check(path, before) if not p.startswith("clash:")]
        if problems:
            raise ActorTableError(path, problems)
        rows = read_rows(path)
        for clash in _clashes(rows, before):
            warnings.warn(f"{path}: «{clash.name}» is {clash.first} and {clash.second}", ActorClashWarning, stacklevel=2)
        index = {a[0]: i for i, a in enumerate(made["actors"])}
        for row in rows:
            entry = [row["id"], row["kind"], row.get("country") or None, row.get("sector") or None, row.get("code") or None,
                     row.get("en") or None, row["ar"], row.get("from") or None, row.get("to") or None, row.get("parent") or None,
                     row.get("wikidata") or None]  # fmt: skip
            number = index.get(row["id"])
            if number is None:
                number = index[row["id"]] = len(made["actors"])
                made["actors"].append(entry)
            else:
                made["actors"][number] = entry
            for name in _names(row):
                _first(made["names"], name, number * 8 + ACTOR)
            for name in cell(row, "short"):
                add_name(made["names"], name, number * 8 + SHORT)
    return made


def _first(trie: dict[str, Any], name: str, ref: int) -> None:
    """Add a name so that it is tried before what the name meant."""
    add_name(trie, name, ref)
    node = trie
    for word in words_of(name):
        node = node[word]
    node[END] = [ref, *(r for r in node[END] if r != ref)]


def find(query: str, extra: Sequence[Path] = (), limit: int = 20) -> list[Found]:
    """Entries of a name (Arabic or English), an id, or part of a name; best first."""
    base = kb.load(extra)
    out: list[Found] = []
    seen: set[str] = set()

    def put(actor: Actor, how: str) -> None:
        if actor.id not in seen and len(out) < limit:
            seen.add(actor.id)
            out.append(Found(actor, how))

    exact = base.actor(query)
    if exact is not None:
        put(exact, "id")
    for actor, short in base.lookup(query):
        put(actor, "short" if short else "name")
    wanted, latin = " ".join(bare_words(query)), query.casefold()
    for actor in base.actors:
        if len(out) >= limit:
            break
        if (wanted and wanted in " ".join(bare_words(actor.arabic))) or (actor.english and latin in actor.english.casefold()):
            put(actor, "part")
    return out


def show(name: str, extra: Sequence[Path] = ()) -> dict[str, Any] | None:
    """An entry as a mapping, with all its names, the offices it held and what belongs to it; None where the id is unknown."""
    base = kb.load(extra)
    number = base.by_id.get(name)
    if number is None:
        return None
    actor = base.actors[number]
    full, short = _all_names(base.names, number)
    return {
        **actor._asdict(),
        "names": full,
        "short": short,
        "offices": [h._asdict() for h in base.holders if h.person == name or h.org == name],
        "children": [a.id for a in base.actors if a.parent == name],
    }


def _all_names(trie: Mapping[str, Any], number: int) -> tuple[list[str], list[str]]:
    full: list[str] = []
    short: list[str] = []
    stack: list[tuple[Mapping[str, Any], tuple[str, ...]]] = [(trie, ())]
    while stack:
        node, words = stack.pop()
        for word, inner in node.items():
            if word != END:
                stack.append((inner, (*words, word)))
                continue
            if number * 8 + ACTOR in inner:
                full.append(" ".join(words))
            if number * 8 + SHORT in inner:
                short.append(" ".join(words))
    return sorted(full), sorted(short)


@dataclass(frozen=True)
class NewActor:
    """What ``musnad actors add`` asks for."""

    id: str
    kind: str
    ar: str
    country: str = ""
    sector: str = ""
    en: str = ""
    variants: str = ""
    short: str = ""


def add(path: Path, entry: NewActor) -> list[str]:
    """Append an entry to a user's TSV table (made with its header if it does not exist); what ``check`` then says of it.

    :raises ActorTableError: where the file is no TSV table or the id stands in it already.
    """
    if path.suffix != ".tsv":
        raise ActorTableError(path, ["entries are added to .tsv tables only"])
    rows = read_rows(path) if path.exists() else []
    if any(row.get("id") == entry.id for row in rows):
        raise ActorTableError(path, [f"id {entry.id} stands in it already"])
    columns = list(COLUMNS)
    if path.exists():
        header = next((line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")), "")
        columns = header.split("\t") if header else columns
    values = {k: v.replace("\t", " ").replace("\n", " ") for k, v in asdict(entry).items()}
    with path.open("a", encoding="utf-8", newline="") as out:
        if not rows and path.stat().st_size == 0:
            out.write("\t".join(columns) + "\n")
        out.write("\t".join(values.get(c, "") for c in columns) + "\n")
    return check(path)
