"""Making the actor knowledge base from its tables; used at build time and for a user's own tables.

Tables are tab-separated with a header line; lists in a cell are joined by `` | ``. See ``lexicon/README.md`` for the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from musnad.actors.morphology import adjective_forms, bare, construct_forms, head_forms
from musnad.language.letters import fold
from musnad.language.phrases import words_of
from musnad.language.tokenize import cut

#: what a reference in the trie points to: ``index * 8 + kind``
ACTOR, SHORT, STATE, SEAT, TITLE, HEAD, CAPITAL, LOOSE = range(8)
END = ""
Row = dict[str, str]


class Tables(NamedTuple):
    """Source rows by table; ``actors`` of all files in order of file name."""

    states: list[Row]
    seats: list[Row]
    titles: list[Row]
    groups: list[Row]
    actors: list[Row]
    offices: list[Row]


class Clash(NamedTuple):
    """One name that stands for two actors at the same time."""

    name: str
    first: str
    second: str


def read_table(path: Path) -> list[Row]:
    """Rows of a TSV file with a header; lines that are empty or begin with ``#`` don't count."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        kept = (line for line in lines if line.strip() and not line.startswith("#"))
        return [{k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_all(lexicon: Path) -> Tables:
    """The shipped tables under ``lexicon/kb`` and ``lexicon/heads.tsv``."""
    kb = lexicon / "kb"
    actors = [row for path in sorted(kb.glob("actors_*.tsv")) for row in read_table(path)]
    groups = read_table(lexicon / "heads.tsv") + read_table(kb / "groups.tsv")
    return Tables(read_table(kb / "states.tsv"), read_table(kb / "seats.tsv"), read_table(kb / "titles.tsv"), groups, actors,
                  read_table(kb / "offices.tsv"))  # fmt: skip


def cell(row: Row, name: str) -> list[str]:
    """The values of a list cell."""
    return [v.strip() for v in row.get(name, "").split("|") if v.strip()]


def add_name(trie: dict[str, Any], phrase: str, ref: int) -> None:
    """Add a reference to a name's node."""
    written = words_of(phrase)
    if not written:
        return
    for words in (written, joined(written)):
        node = trie
        for word in words:
            node = node.setdefault(word, {})
        refs = node.setdefault(END, [])
        if ref not in refs:
            refs.append(ref)


def joined(words: list[str]) -> list[str]:
    """Folded words with «عبد ال…» and «أبو …» as one word each, as much of the press writes them («عبدالله», «أبوبكر»)."""
    out: list[str] = []
    for word in words:
        if out and ((out[-1] == "عبد" and word.startswith("ال")) or out[-1] == "ابو"):
            out[-1] += word
        else:
            out.append(word)
    return out


def bare_words(phrase: str) -> list[str]:
    """Folded words of a phrase, each without ال, as heads and titles are matched."""
    return [w[2:] if w.startswith("ال") and len(w) > 4 and not raw.startswith(("أل", "آل", "إل")) else w
            for raw, w in ((raw, fold(raw, "search")) for _, _, raw, _ in cut(phrase))]  # fmt: skip


def _add_bare(trie: dict[str, Any], words: Iterable[str], ref: int) -> None:
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    refs = node.setdefault(END, [])
    if ref not in refs:
        refs.append(ref)


def compiled(tables: Tables, lexicon: Path) -> tuple[dict[str, Any], list[Clash]]:
    """The knowledge base as built-in types, and the names that clash.

    Parts: ``actors`` (id, kind, country, sector, code, English, Arabic, from, to, parent, Wikidata, gender), ``states`` (ISO3 of the record, ISO2,
    English, Arabic, id), ``titles`` (Arabic, sector, kind, office, scope, English, gender and number, only with article), ``heads`` (form, sector,
    category, link, English, only with article),
    ``offices`` (person, office, country, from, to, organisation), ``names`` and ``phrases`` (tries of full and of bare words),
    ``nisba`` (form -> ISO3, gender and number), ``adjectives`` (form -> sector) and the word lists of ``words.yaml``.
    """
    import yaml

    words: dict[str, Any] = yaml.safe_load((lexicon / "words.yaml").read_text("utf-8"))
    names: dict[str, Any] = {}
    phrases: dict[str, Any] = {}
    nisba: dict[str, list[str]] = {}
    states: list[list[Any]] = []
    for row in tables.states:
        ref = len(states) * 8 + STATE
        states.append([row.get("code") or row["iso3"], row["iso2"], row["en"], row["ar"], row["iso3"]])
        doubtful = {" ".join(words_of(w)) for w in cell(row, "ambiguous")}
        for name in [row["ar"], *cell(row, "variants")]:
            add_name(names, name, ref - STATE + LOOSE if " ".join(words_of(name)) in doubtful else ref)
        for name in cell(row, "capital_ar") + cell(row, "seats"):
            add_name(names, name, len(states) * 8 - 8 + (LOOSE if " ".join(words_of(name)) in doubtful else CAPITAL))
        country = states[-1][0]
        unsure = {bare(w) for w in cell(row, "ambiguous")}
        for name in cell(row, "short"):
            add_name(names, name, ref - STATE + LOOSE)
        for lemma in cell(row, "nisba"):
            for form, shape in adjective_forms(lemma).items():
                nisba.setdefault(form, [country, shape, "?" if form in unsure else ""])
        for plural in cell(row, "nisba_plural"):
            for form in head_forms(plural):
                nisba.setdefault(form, [country, "mp", "?" if form in unsure else ""])
    actors, clashes = _actors(tables, names)
    index = {a[0]: i for i, a in enumerate(actors)}
    for row in tables.seats:
        wanted = row["entity"]
        for name in [row["ar"], *cell(row, "variants")]:
            if wanted in index:
                add_name(names, name, index[wanted] * 8 + SEAT)
    titles = _titles(tables, phrases)
    heads: list[list[Any]] = []
    for row in tables.groups:
        _head(row, heads, phrases)
    adjectives = {form: sector for sector, lemmas in words["adjective_sector"].items() for lemma in lemmas
                  for form in adjective_forms(lemma)}  # fmt: skip
    given = [w for line in (lexicon / "given.txt").read_text("utf-8").splitlines() if not line.startswith("#") for w in line.split()]
    offices = [[r["person"], r["office"], r["country"], r.get("from") or None, r.get("to") or None,
                r.get("org") or None] for r in tables.offices]  # fmt: skip
    bands: dict[str, list[Any]] = {}
    for lemma, told in words["bands"].items():
        for form in adjective_forms(lemma):
            bands.setdefault(form, [told[0], told[1]])
    made = {
        "states": states,
        "actors": actors,
        "titles": titles,
        "heads": heads,
        "offices": offices,
        "names": names,
        "phrases": phrases,
        "nisba": nisba,
        "adjectives": adjectives,
        "given": sorted({fold(w, "search") for w in given}),
        "first": sorted(_first_names(tables)),
        "land_words": {bare(w): countries for w, countries in words["land_words"].items()},
        "construct": sorted(
            {f for row in tables.groups for form in [row["head"], *cell(row, "forms")] if " " not in form for f in construct_forms(form)}
        ),
        "no_places": sorted({" ".join(words_of(w)) for w in words["no_places"]}),
        "parts": sorted(_name_parts(tables)),
        "adjective_wins": sorted({f for w in words["adjective_wins"] for f in head_forms(w)}),
        "foreign": sorted({f for w in words["foreign"] for f in adjective_forms(w)}),
        "force_events": sorted({bare_words(w)[0] for w in words["force_events"]}),
        "honorifics": sorted({bare_words(w)[0] for w in words["honorifics"]}),
        "bands": bands,
        "masculine_states": words["masculine_states"],
    }
    return made, clashes


def _name_parts(tables: Tables) -> set[str]:
    """Words of persons' names behind the first."""
    found: set[str] = set()
    for row in tables.actors:
        if row.get("kind") == "person":
            for name in [row["ar"], *cell(row, "variants")]:
                found.update(w for w in words_of(name)[1:] if len(w) > 2)
    return found


def _first_names(tables: Tables) -> set[str]:
    found = set()
    for row in tables.actors:
        if row.get("kind") == "person":
            parts = words_of(row["ar"])
            if len(parts) > 1 and not parts[0].startswith("ال"):
                found.add(parts[0])
    return found


def overlap(a: list[Any], b: list[Any]) -> bool:
    """Whether two entries (rows of ``actors``) are valid at the same time."""
    return (a[7] or "") <= (b[8] or "9999") and (b[7] or "") <= (a[8] or "9999")


def _actors(tables: Tables, names: dict[str, Any]) -> tuple[list[list[Any]], list[Clash]]:
    actors: list[list[Any]] = []
    index: dict[str, int] = {}
    owner: dict[str, int] = {}
    clashes: list[Clash] = []
    for row in tables.actors:
        if row["id"] in index:
            clashes.append(Clash(row["id"], row["id"], row["ar"]))
            continue
        number = index[row["id"]] = len(actors)
        known = row.get("wikidata") or None
        entry = [row["id"], row["kind"], row.get("country") or None, row.get("sector") or None, row.get("code") or None,
                 row.get("en") or None, row["ar"], row.get("from") or None, row.get("to") or None, row.get("parent") or None,
                 known]  # fmt: skip
        actors.append(entry)
        for name in [row["ar"], *cell(row, "variants"), *cell(row, "latin")]:
            key = " ".join(words_of(name))
            other = owner.setdefault(key, number)
            if other != number and overlap(actors[other], entry):
                clashes.append(Clash(name, actors[other][0], row["id"]))
            add_name(names, name, number * 8 + ACTOR)
        for name in cell(row, "short"):
            add_name(names, name, number * 8 + SHORT)
    return actors, clashes


def _titles(tables: Tables, phrases: dict[str, Any]) -> list[list[Any]]:
    titles: list[list[Any]] = []
    for row in tables.titles:
        arabic = row["title"]
        for column, shape in (("title", "ms"), ("title_f", "fs"), ("plural", "mp")):
            for form in cell(row, column):
                ref = len(titles) * 8 + TITLE
                # a title listed with the article is one only with it
                shape_now = "fs" if column == "title" and not row.get("title_f") and _feminine(form) else shape
                titles.append([arabic, row.get("sector") or None, row.get("kind") or None, row.get("office") or None,
                               row.get("scope") or None, row.get("en") or None, shape_now, form.startswith("ال")])  # fmt: skip
                first, *rest = form.split()
                for head in head_forms(first):
                    _add_bare(phrases, [head, *bare_words(" ".join(rest))], ref)
    return titles


def _feminine(form: str) -> bool:
    return form.split()[0].endswith("ة")


#: category of a head of ``groups.tsv`` by its kind
_CATEGORY = {"organisation": "org", "armed_group": "armed", "group": "people", "person": "people", "state": "state"}


def _head(row: Row, heads: list[list[Any]], phrases: dict[str, Any]) -> None:
    head = row["head"]
    category = row.get("category") or _CATEGORY.get(row.get("kind", ""), "people")
    base = [" ".join(bare_words(head)), row.get("sector") or None, category, row.get("link") == "yes", row.get("en") or None]
    refs: dict[bool, int] = {}
    for form in [head, *cell(row, "forms")]:
        # a single word listed with the article («الخارجية») counts only with it
        article = form.startswith("ال") and " " not in form
        if article not in refs:
            refs[article] = len(heads) * 8 + HEAD
            heads.append([*base, article])
        ref = refs[article]
        first, *rest = form.split()
        for inflected in head_forms(first):
            words = [inflected, *bare_words(" ".join(rest))]
            node = phrases
            for word in words:
                node = node.get(word, {})
            # heads.tsv is read first and wins
            held = [heads[r >> 3] for r in node.get(END, []) if r % 8 == HEAD]
            if not any(h[:5] == base or not h[5] or article for h in held):
                _add_bare(phrases, words, ref)
