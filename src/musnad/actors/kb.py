"""The actor knowledge base at run time: names, titles, heads and nisba forms, with a user's own tables beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from musnad import lexicon
from musnad.actors.build import ACTOR, END, SHORT
from musnad.actors.places import TYPE_WORDS
from musnad.actors.places import load as gazetteer

__all__ = ["Actor", "Base", "Head", "Holder", "State", "Title", "load"]

#: what :attr:`Base.begins` tells of a word: a phrase may begin with it; a name of the base, a head or title, a place, a general
#: word for places, a word for the country spoken of
ANY, NAME, PHRASE, PLACE, TYPED, LAND = 1, 2, 4, 8, 16, 32


class Actor(NamedTuple):
    """An entry. ``country`` ISO 3166-1 alpha-3 or None, ``sector`` PLOVER or None, ``begin``/``end`` ISO dates or None."""

    id: str
    kind: str
    country: str | None
    sector: str | None
    code: str | None
    english: str | None
    arabic: str
    begin: str | None
    end: str | None
    parent: str | None
    wikidata: str | None

    def valid(self, date: str | None) -> bool:
        """Whether the entry holds at an ISO date; True where either is unknown."""
        if date is None:
            return True
        day = date[:10]
        # bounds may be a year or a month: compare on their own precision
        if self.begin and day[: len(self.begin)] < self.begin:
            return False
        return not (self.end and day[: len(self.end)] > self.end)


class State(NamedTuple):
    """A state or territory. ``country``: code that goes into records; ``id``: row of the table."""

    country: str
    iso2: str
    english: str
    arabic: str
    id: str


class Title(NamedTuple):
    """A title, rank or honorific in one form. ``article``: only with ال. ``shape``: gender and number."""

    arabic: str
    sector: str | None
    kind: str | None
    office: str | None
    scope: str | None
    english: str | None
    shape: str
    article: bool


class Head(NamedTuple):
    """A general noun for people or bodies. ``sector`` ``=``: that of what follows. ``article``: only with ال."""

    form: str
    sector: str | None
    category: str
    link: bool
    english: str | None
    article: bool


class Holder(NamedTuple):
    """Who held an office: ids, ISO dates."""

    person: str
    office: str
    country: str
    begin: str | None
    end: str | None
    org: str | None


class Base:
    """Read-only knowledge base. ``names`` and ``phrases`` are tries of folded words whose ``""`` holds references."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.actors = [Actor(*row) for row in made["actors"]]
        self.states = [State(*row) for row in made["states"]]
        self.titles = [Title(*row) for row in made["titles"]]
        self.heads = [Head(*row) for row in made["heads"]]
        self.holders = [Holder(*row) for row in made["offices"]]
        self.names: dict[str, Any] = made["names"]
        self.phrases: dict[str, Any] = made["phrases"]
        self.nisba: dict[str, list[str]] = made["nisba"]
        self.adjectives: dict[str, str] = made["adjectives"]
        self.listed = frozenset(made["given"])
        self.given = self.listed | frozenset(made["first"])
        self.land_words: dict[str, list[str]] = made["land_words"]
        self.no_places = frozenset(made["no_places"])
        self.construct = frozenset(made["construct"])
        self.parts = frozenset(made["parts"])
        self.adjective_wins = frozenset(made["adjective_wins"])
        self.foreign = frozenset(made["foreign"])
        self.force_events = frozenset(made["force_events"])
        self.honorifics = frozenset(made["honorifics"])
        #: words that a splitter must not take a letter from
        self.whole = self.nisba.keys() | self.listed
        self.bands: dict[str, list[str | None]] = made["bands"]
        self.masculine_states = frozenset(made["masculine_states"])
        self.by_id = {a.id: i for i, a in enumerate(self.actors)}
        self.state_of: dict[str, State] = {}
        for state in self.states:
            self.state_of.setdefault(state.country, state)
        #: which readers can make something of a phrase that begins with a word (key, stem, bare form); kept per word
        self.begins = lru_cache(maxsize=1 << 15)(self._begins)
        self._offices: dict[tuple[str, str], list[Holder]] = {}
        for holder in self.holders:
            self._offices.setdefault((holder.office, holder.org or holder.country), []).append(holder)
        self._held: dict[str, list[Holder]] = {}
        for holder in self.holders:
            self._held.setdefault(holder.person, []).append(holder)
        self._office_sector: dict[str, str] = {}
        for title in self.titles:
            if title.office and title.sector:
                self._office_sector.setdefault(title.office, title.sector)

    def _begins(self, key: str, stem: str, bare: str) -> int:
        """:data:`ANY` and the bits of the readers that are worth asking; 0 where no actor phrase begins so."""
        places, names, phrases = gazetteer(), self.names, self.phrases
        found = 0
        # clitics that the language stage left on the word
        cut = [key[n:] for n in (1, 2) if len(key) > n + 2 and key[n - 1] in "وفبلك"]
        lil = "ا" + key[1:] if key.startswith("لل") else ""
        if key in names or stem in names or any(c in names for c in cut) or lil in names:
            found |= ANY | NAME
        elif key[1:3] == "لل" and "ا" + key[2:] in names:
            found |= NAME
        if bare in phrases or (key[2:] if key.startswith("ال") else key) in phrases:
            found |= PHRASE
        if bare in phrases or (key.startswith("ال") and key[2:] in phrases):
            found |= ANY
        if places.starts(key) or places.starts(stem):
            found |= ANY | PLACE
        elif any(places.starts(c) for c in cut):
            found |= ANY
        if bare in TYPE_WORDS:
            found |= ANY | TYPED
        if bare in self.land_words:
            found |= ANY | LAND
        if bare in self.nisba or key in self.given or stem in self.given or bare in self.given:
            found |= ANY
        return found

    def actor(self, name: str) -> Actor | None:
        """The entry of an id."""
        found = self.by_id.get(name)
        return None if found is None else self.actors[found]

    def holder(self, office: str, where: str, date: str | None) -> Actor | None:
        """Who held an office of a country (ISO3) or organisation (id) at a date; None where nobody or several did."""
        if date is None:
            return None
        day = date[:10]
        found = {
            h.person
            for h in self._offices.get((office, where), ())
            if (not h.begin or h.begin <= day) and (not h.end or day[: len(h.end)] <= h.end)
        }
        return self.actor(found.pop()) if len(found) == 1 else None

    def sector_at(self, person: str, date: str | None) -> str | None:
        """PLOVER sector of the office a person held at a date; None where the base knows of none."""
        if date is None:
            return None
        day = date[:10]
        for holder in self._held.get(person, ()):
            if (not holder.begin or holder.begin <= day) and (not holder.end or day[: len(holder.end)] <= holder.end):
                if holder.org is not None and holder.office in ("party_leader", "leader", "secretary_general"):
                    org = self.actor(holder.org)
                    return org.sector if org is not None else None
                return self._office_sector.get(holder.office)
        return None

    def lookup(self, phrase: str) -> list[tuple[Actor, bool]]:
        """Entries of a name: (entry, whether the name is a short form)."""
        from musnad.language.phrases import words_of

        node: dict[str, Any] | None = self.names
        for word in words_of(phrase):
            node = node.get(word) if node is not None else None
        refs = (node or {}).get(END, [])
        return [(self.actors[r >> 3], r & 7 == SHORT) for r in refs if r & 7 in (ACTOR, SHORT)]


@lru_cache(maxsize=8)
def _loaded(extra: tuple[str, ...]) -> Base:
    if extra:
        from musnad.actors.manage import extended

        # a copy of its own: the shared one must not change
        fresh = msgspec.msgpack.decode(lexicon.read_bytes("actors", "kb.msgpack"))
        return Base(extended(fresh, [Path(p) for p in extra]))
    made = lexicon.load("actors", "kb")
    return Base(made)


def load(extra: Sequence[Path] = ()) -> Base:
    """The shipped base with a user's own tables beside it (YAML, CSV or TSV; see :mod:`musnad.actors.manage`).

    :raises musnad.actors.manage.ActorTableError: where a table can't be read. Clashes of names are told as warnings
        (:class:`musnad.actors.manage.ActorClashWarning`); the user's entry wins.
    """
    return _loaded(tuple(str(p) for p in extra))
