"""From phrases to mentions and entities: one identity for a name, its short forms, titles and general nouns."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import Any

from musnad.actors.build import ACTOR, HEAD, SHORT, bare_words
from musnad.actors.grammar import Grammar
from musnad.actors.kb import Actor, Base
from musnad.actors.morphology import skeleton
from musnad.actors.parsed import NAME_LINKS, Parsed
from musnad.actors.romanise import romanise
from musnad.actors.words import Words
from musnad.language.chunks import is_particle
from musnad.pipeline import Analysis
from musnad.record import Bounds, Entity, Mention

#: sectors whose unnamed bearers belong to the country the text is about
_HOME = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY", "CVL", "OPP", "PTY", "EDU", "MED", "LAB", "REF", "AGR", "BUS", "JRN", "CRM", "REL",
                   "ELI", "SOC", "PRM", "REB"})  # fmt: skip


#: bodies of several states: the country around them is not theirs
_WORLDLY = ("ايتلاف", "قوات تحالف", "تحالف", "قوات اجنبيه", "دول", "مجتمع دولي", "قوه متعدده", "قوات حفظ", "امم")


@dataclass(slots=True)
class Note:
    """What later stages ask about a mention: token range, agreement, whether a name, and how it was read."""

    mention: Mention
    first: int
    last: int
    gender: str
    number: str
    parsed: Parsed


@dataclass(slots=True)
class State:
    """What the actors stage leaves in ``analysis.notes["actors"]`` for :mod:`musnad.actors.find`."""

    words: Words
    grammar: Grammar
    linker: Linker
    scene: Any = None  # musnad.actors.scenes.Scenes, which imports this module
    notes: list[Note] = field(default_factory=list)
    by_mention: dict[str, Note] = field(default_factory=dict)
    cover: list[Note | None] = field(default_factory=list)  # token -> the widest note over it


class Linker:
    """Gives each phrase its entity. Phrases must come in order of the text."""

    def __init__(self, analysis: Analysis, base: Base, words: Words) -> None:
        self.analysis = analysis
        self.base = base
        self.words = words
        self.date = analysis.article.published
        self.entities: dict[str, Entity] = {e.id: e for e in analysis.entities}
        self.by_key: dict[tuple[str, ...], Entity] = {}
        self.evidence: list[tuple[int, int, str]] = []  # token, sentence, country
        self.totals: dict[str, int] = {}
        #: states named as such, in the same form
        self.lands: list[tuple[int, int, str]] = []
        #: search-level words of a short form -> entity id; filled as names come up
        self.aliases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.by_head: dict[str, list[str]] = {}
        self.last_person: str | None = None
        self.offices: dict[str, str] = {}
        self.titled: list[tuple[str, str]] = []

    # ---- country context

    def see(self, parsed: Parsed) -> None:
        """Remember which country a phrase speaks of."""
        if parsed.country is None or parsed.kind == "outlet" or "country:context" in parsed.rules or parsed.form == "alias":
            return
        if "country:place" in parsed.rules:
            return
        if parsed.form == "place" and not parsed.nisbas and not parsed.definite_country:
            # an unsettled namesake is no evidence of a country
            return
        sentence = self.words.tokens[parsed.first].sentence
        if parsed.form in ("state", "capital"):
            self.lands.append((parsed.first, sentence, parsed.country))
        insort(self.evidence, (parsed.first, sentence, parsed.country))
        self.totals[parsed.country] = self.totals.get(parsed.country, 0) + 1

    def context(self, i: int) -> str | None:
        """The country the text is about around token i: nearest in the sentence, else of late, else of the whole so far."""
        sentence = self.words.tokens[i].sentence if i < self.words.n else -1
        best: str | None = None
        here = bisect_right(self.evidence, i, key=lambda e: e[0])
        for _, where, country in reversed(self.evidence[max(0, here - 12) : here]):
            if where == sentence:
                return country
            if best is None and sentence - where <= 2:
                best = country
        if self.totals:
            top = max(self.totals, key=lambda c: self.totals[c])
            if best is None or self.totals[top] >= 3 * self.totals.get(best, 0):
                return top
        return best

    def evidence_near(self, sentence: int) -> list[tuple[int, int, str]]:
        """Evidence of a sentence and of the one before and after it: (token, sentence, country)."""
        low = bisect_left(self.evidence, sentence - 1, key=lambda e: e[1])
        high = bisect_right(self.evidence, sentence + 1, key=lambda e: e[1])
        return self.evidence[low:high][:60]

    def context_after(self, i: int) -> str | None:
        """The same once the whole article is read: nearest in the sentence on either side, else the whole."""
        sentence = self.words.tokens[i].sentence
        near = [(abs(token - i), country) for token, where, country in self.evidence_near(sentence) if where == sentence]
        if near:
            return min(near)[1]
        return max(self.totals, key=lambda c: self.totals[c]) if self.totals else None

    # ---- entities

    def entity(self, key: tuple[str, ...], name: str, kind: str, **more: object) -> Entity:
        """The entity of a key, made on first use."""
        found = self.by_key.get(key)
        if found is None:
            found = Entity(id=self.analysis.new_id("e"), name=name, kind=kind, **more)  # type: ignore[arg-type]
            self.by_key[key] = found
            self.entities[found.id] = found
            self.analysis.entities.append(found)
        return found

    def of_actor(self, actor: Actor) -> Entity:
        """The entity of an entry of the base."""
        english = actor.english or romanise(actor.arabic)
        sector = (self.base.sector_at(actor.id, self.date) if actor.kind == "person" else None) or actor.sector
        return self.entity(
            ("actor", actor.id), actor.arabic, actor.kind, actor=actor.id, country=actor.country, sector=sector,
            code=(actor.code if sector == actor.sector else None) or code_of(actor.country, sector), name_en=english,
            name_en_from="base" if actor.english else "romanised", wikidata=actor.wikidata,
        )  # fmt: skip

    def of_state(self, index: int) -> Entity:
        """The entity of a state (its government when it acts)."""
        state = self.base.states[index]
        return self.entity(("state", state.id), state.arabic, "state", actor=None, country=state.country, sector="GOV",
                           code=code_of(state.country, "GOV"), name_en=state.english, name_en_from="base")  # fmt: skip

    def fresh(self, key: tuple[str, ...], parsed: Parsed, name: str | None = None) -> Entity:
        """An entity of its own for a phrase that the base does not know."""
        label = name or self.analysis.text[parsed.start : parsed.end]
        english = romanise(label) if parsed.kind in ("person", "organisation", "armed_group", "outlet") else None
        return self.entity(key, label, parsed.kind, country=parsed.country, sector=parsed.sector, code=code_of(parsed.country, parsed.sector),
                           name_en=english, name_en_from="romanised" if english else None)  # fmt: skip

    # ---- one phrase

    def resolve(self, parsed: Parsed) -> Entity:
        """The entity a phrase refers to; fills in the phrase's country and sector from it where they are open."""
        made = self._resolve(parsed)
        if parsed.country is None and made.country is not None:
            parsed.country = made.country
        if parsed.sector is None and made.sector is not None:
            parsed.sector = made.sector
        self.see(parsed)
        if parsed.noun is not None:
            self._note_head(parsed.key.split()[0], made.id)
        elif made.actor or parsed.form in ("known", "short", "title"):
            for head in {self.words.bare[parsed.first], (bare_words(made.name) or [""])[0]}:
                if any(ref & 7 == HEAD for ref in self.base.phrases.get(head, {}).get("", [])):
                    self._note_head(head, made.id)
        if made.kind == "person":
            self.last_person = made.id
            if parsed.title is not None and parsed.title.office:
                self.offices[parsed.title.office] = made.id
                self.offices[f"{parsed.title.office} {parsed.country}"] = made.id
            if parsed.title is not None:
                self.titled.append((parsed.title.arabic.split()[0].removeprefix("ال"), made.id))
        return made

    def _note_head(self, word: str, entity: str) -> None:
        held = self.by_head.setdefault(skeleton(word), [])
        if entity in held:
            held.remove(entity)
        held.append(entity)

    def supported(self, country: str) -> bool:
        """Whether the article has spoken of a country by a clear name."""
        return country in self.totals

    def _inherit(self, parsed: Parsed) -> None:
        """Country and sector of an inner short form («قادة الحركة») once it is known whom that means."""
        for inner in parsed.inner:
            if inner.form not in ("group", "short") or not inner.definite or inner.nisbas or inner.inner:
                continue
            if inner.form == "group" and (inner.noun is None or inner.noun.category not in ("org", "armed", "force")):
                continue
            made = self._resolve(inner)
            parsed.country = parsed.country or made.country
            spread = parsed.noun is None or parsed.noun.sector in ("=", None)
            if (
                made.sector
                and (spread or parsed.sector is None)
                and (parsed.title is None or parsed.sector is None or parsed.noun is not None)
            ):
                parsed.sector = made.sector
            inner.kind = made.kind

    def _resolve(self, parsed: Parsed) -> Entity:
        if parsed.inner:
            self._inherit(parsed)
        if parsed.form == "land":
            return self.of_state(int(parsed.key))
        if parsed.form == "alias":
            return self.entities[parsed.key]
        if parsed.form in ("state", "capital", "loose") and parsed.ref is not None:
            return self.of_state(parsed.ref)
        if parsed.person is not None:
            return self._person(parsed)
        if parsed.form in ("known", "seat", "short") and parsed.refs:
            actor = self.choose(parsed)
            if actor is not None:
                return self._apply(parsed, actor)
        if parsed.form == "title":
            return self._titled(parsed)
        if parsed.form == "group":
            return self._group(parsed)
        if parsed.form == "nisba":
            return self.fresh(("nisba", parsed.country or ""), parsed)
        return self.fresh(("name", self._norm(parsed.first, parsed.last)), parsed)

    def _apply(self, parsed: Parsed, actor: Actor) -> Entity:
        made = self.of_actor(actor)
        if parsed.role is not None and parsed.sector is not None and parsed.sector != made.sector and actor.kind == "person":
            # the office told in the text is the one held then
            made.sector, made.code = parsed.sector, code_of(made.country, parsed.sector)
        parsed.kind, parsed.country = actor.kind, actor.country
        parsed.sector = made.sector
        if parsed.form == "known" and actor.kind == "person" and parsed.head is not None:
            self._remember(parsed.head, made.id)
        return made

    def _norm(self, first: int, last: int) -> str:
        return " ".join([self.words.bare[first], *self.words.keys[first + 1 : last]])

    def choose(self, parsed: Parsed) -> Actor | None:
        """The entry meant by a name: valid at the date, known in the article, of the country in context."""
        full = [self.base.actors[r >> 3] for r in parsed.refs if r & 7 != SHORT]
        short = [self.base.actors[r >> 3] for r in parsed.refs if r & 7 == SHORT]
        full = [a for a in full if a.valid(self.date)] or full
        if len(full) == 1:
            return full[0]
        if full:
            return self._closest(full, parsed) or full[0]
        short = [a for a in short if a.valid(self.date)]
        present = [a for a in short if ("actor", a.id) in self.by_key]
        wanted = parsed.country or self.context(parsed.first)
        if len(present) == 1 and (parsed.country is None or present[0].country == parsed.country):
            return present[0]
        for pool in (present, short):
            near = [a for a in pool if a.country == wanted and wanted is not None]
            if near:
                if parsed.country is None and not present:
                    parsed.rules.append("country:context")
                return near[0]
        if len(short) == 1 and short[0].kind != "organisation":
            return short[0]
        return None

    def _closest(self, pool: list[Actor], parsed: Parsed) -> Actor | None:
        present = [a for a in pool if ("actor", a.id) in self.by_key]
        if len(present) == 1:
            return present[0]
        wanted = parsed.country or self.context(parsed.first)
        return next((a for a in pool if a.country == wanted), None)

    # ---- persons

    def _person(self, parsed: Parsed) -> Entity:
        assert parsed.person is not None
        people = [r for r in parsed.refs if r & 7 in (ACTOR, SHORT) and self.base.actors[r >> 3].kind == "person"]
        tokens = self.words.tokens
        first = next(k for k in range(parsed.first, parsed.last + 1) if tokens[k].end > parsed.person[0])
        last = next((k for k in range(first, parsed.last) if tokens[k].start >= parsed.person[1]), parsed.last)
        name_words = tuple(self.words.keys[k] if k > first else self.words.stems[k] for k in range(first, last))
        given = (parsed.country, parsed.sector)
        if people:
            copy = Parsed(parsed.first, parsed.last, parsed.start, parsed.end, "known", "person", parsed.country, refs=people)
            actor = self.choose(copy)
            if actor is not None and (given[0] is None or actor.country == given[0] or actor.country is None or people[0] & 7 == ACTOR):
                made = self.of_actor(actor)
                self._remember(parsed.person, made.id)
                parsed.country = parsed.country or actor.country
                # the office told in the text is the one held then
                told = parsed.title is not None and parsed.title.kind == "office" and parsed.sector is not None
                if told and made.sector != parsed.sector and parsed.country in (None, made.country):
                    made.sector = parsed.sector
                    made.code = code_of(made.country, made.sector)
                parsed.sector = made.sector
                return made
        for length in range(len(name_words), 0, -1):
            for words, entity in self.aliases.get(name_words[-length], ()):
                if words == name_words[-length:] and length == len(name_words):
                    known = self.entities[entity]
                    self._complete(known, parsed)
                    return known
        if parsed.country is None and parsed.sector in _HOME:
            self._from_context(parsed)
        label = self.analysis.text[parsed.person[0] : parsed.person[1]]
        made = self.fresh(("person", " ".join(name_words)), parsed, label)
        self._complete(made, parsed)
        self._remember(parsed.person, made.id)
        return made

    @staticmethod
    def _complete(entity: Entity, parsed: Parsed) -> None:
        if entity.actor is not None:
            return
        if entity.country is None and parsed.country:
            entity.country = parsed.country
        if entity.sector is None and parsed.sector:
            entity.sector = parsed.sector
        entity.code = code_of(entity.country, entity.sector)

    def _remember(self, person: tuple[int, int], entity: str) -> None:
        """Short forms of a person's name: the last word with what is bound to it, the last two, the whole."""
        tokens, keys = self.words.tokens, self.words.keys
        i = self.analysis.token_at(person[0])
        parts: list[str] = []
        while i < self.words.n and tokens[i].start < person[1]:
            if tokens[i].kind in ("word", "latin"):
                parts.append(self.words.stems[i] if tokens[i].stem_start == person[0] else keys[i])
            i += 1
        if not parts:
            return
        forms = {tuple(parts)}
        if len(parts) > 1:
            tail = 1
            while tail < len(parts) and parts[-tail - 1] in NAME_LINKS:
                tail += 1
            forms.add(tuple(parts[-tail:]))
            if len(parts) > 2:
                forms.add(tuple(parts[-2:]))
            if len(parts) > 3:
                forms.add(tuple(parts[1:]))
        for form in forms:
            known = self.aliases.setdefault(form[0], [])
            known[:] = [k for k in known if k[0] != form]
            known.append((form, entity))
            known.sort(key=lambda k: -len(k[0]))

    def _titled(self, parsed: Parsed) -> Entity:
        """A title without a name: its holder at the article's date, an earlier bearer, else the office itself."""
        title = parsed.title
        assert title is not None
        if title.shape[1:] != "s":
            if parsed.country is None and parsed.sector in _HOME and not parsed.foreign and not parsed.inner:
                self._from_context(parsed)
            return self.fresh(("titles", self._norm(parsed.first, parsed.last)), parsed)
        org = next((p for p in parsed.inner if p.form in ("known", "short", "seat") and p.refs), None)
        told = parsed.country is not None
        if title.office:
            if told or org is None:
                earlier = self.offices.get(f"{title.office} {parsed.country}")
                if earlier is not None and told:
                    return self._same(earlier, parsed)
            if not told and not parsed.inner and parsed.definite:
                earlier = self.offices.get(title.office)
                if earlier is not None:
                    return self._same(earlier, parsed)
        if parsed.definite and not parsed.inner and not parsed.nouns:
            earlier = self._bearer(parsed, title.arabic.split()[0].removeprefix("ال"))
            if earlier is not None:
                return self._same(earlier, parsed)
        if parsed.country is None and parsed.sector in _HOME and not parsed.foreign and (org is None or org.country):
            self._from_context(parsed)
        if title.office and parsed.definite and "former" not in parsed.rules:
            where = self.base.actors[org.ref].id if org is not None and org.ref is not None else None
            holder = (self.base.holder(title.office, where, self.date) if where else None) or (
                self.base.holder(title.office, parsed.country, self.date) if parsed.country and (told or not org) else None
            )
            if holder is not None:
                parsed.rules.append("holder")
                made = self.of_actor(holder)
                self._alias_of(holder, made.id)
                return made
        if not parsed.definite:
            return self.fresh(("unnamed", str(parsed.start)), parsed)
        return self.fresh(("office", title.arabic, parsed.country or "", self._norm(parsed.first, parsed.last)), parsed)

    def _bearer(self, parsed: Parsed, word: str) -> str | None:
        """The latest person whose title began with the same word, of the country told («الوزير», «الوزير الفرنسي»)."""
        for held, entity in reversed(self.titled):
            if held == word and (parsed.country is None or self.entities[entity].country == parsed.country):
                return entity
        if parsed.last - parsed.first == 1:
            held_by = self.by_head.get(skeleton(self.words.bare[parsed.first]), ())
            return next((e for e in reversed(held_by) if self.entities[e].kind in ("person", "group")), None)
        return None

    def _alias_of(self, actor: Actor, entity: str) -> None:
        from musnad.language.phrases import words_of

        parts = words_of(actor.arabic)
        tail = 1
        while tail < len(parts) and parts[-tail - 1] in NAME_LINKS:
            tail += 1
        form = tuple(parts[-tail:])
        known = self.aliases.setdefault(form[0], [])
        if all(k[0] != form for k in known):
            known.append((form, entity))

    def _same(self, entity: str, parsed: Parsed) -> Entity:
        made = self.entities[entity]
        parsed.rules.append("coreference")
        parsed.country = parsed.country or made.country
        if made.sector:
            parsed.sector = made.sector
        return made

    # ---- general nouns

    def _group(self, parsed: Parsed) -> Entity:
        noun = parsed.noun  # None for people named by their nisba alone («قطريين»)
        plain = not parsed.nisbas and not parsed.inner and not parsed.nouns
        if parsed.definite and plain and not parsed.foreign and "other" not in parsed.rules:
            known = self._earlier(parsed)
            if known is not None:
                parsed.rules.append("coreference")
                parsed.country, parsed.sector = known.country, known.sector or parsed.sector
                if known.kind in ("organisation", "armed_group", "person", "group"):
                    parsed.kind = known.kind
                return known
        if parsed.refs and not parsed.inner:
            actor = self.choose(parsed)
            if actor is not None and (parsed.definite or parsed.nisbas):
                return self._apply(parsed, actor)
        assert noun is not None
        at_home = parsed.sector in _HOME and noun.category != "state" and (parsed.sector != "REB" or parsed.definite)
        # people of a body that belongs to no country don't get one from around them
        at_home = at_home and not any(
            p.country is None
            and (
                (p.sector and (p.form in ("known", "short") or p.sector in ("REB", "PRM")))
                or (p.noun is not None and p.noun.form.startswith(_WORLDLY))
            )
            for p in parsed.inner
        )
        if parsed.country is None and not parsed.foreign and at_home and "other" not in parsed.rules:
            self._from_context(parsed)
        if any(noun.form.startswith(w) for w in _WORLDLY) and "country:context" in parsed.rules:
            parsed.country = None
            parsed.rules.remove("country:context")
        if parsed.definite or parsed.nisbas:
            return self.fresh(
                ("group", self._norm(parsed.first, parsed.last).removeprefix("ال"), parsed.country or "", parsed.sector or ""), parsed
            )
        return self.fresh(("unnamed", str(parsed.start)), parsed)

    def _earlier(self, parsed: Parsed) -> Entity | None:
        """The latest entity that the same head noun named, of a sector that agrees."""
        noun = parsed.noun
        if noun is None:
            return None
        for entity in reversed(self.by_head.get(skeleton(parsed.key.split()[0]), ())):
            known = self.entities[entity]
            if (known.kind == "person") != (
                noun.category in ("person", "official", "member", "people", "source", "armed") and known.kind == "person"
            ):
                # «وزارة الداخلية» is not «وزير الداخلية»
                continue
            own = None if noun.sector == "=" else noun.sector
            if noun.category == "force" and " " not in parsed.key and known.sector in ("MIL", "PRM", "REB", "COP"):
                return known
            if own is None or known.sector is None or known.sector in (own, "PRE") or noun.category in ("armed", "org"):
                return known
        return None

    def _from_context(self, parsed: Parsed) -> None:
        country = self.context(parsed.first)
        parsed.waits = country is None
        if country is not None:
            parsed.country = country
            parsed.rules.append("country:context")

    # ---- countries without their name

    def land_at(self, i: int) -> Parsed | None:
        """«البلاد», «بلاده», «المملكة», «الإمارة»: the country spoken of, where the article makes it plain."""
        token = self.words.tokens[i]
        bare = self.words.bare[i]
        wanted = self.base.land_words.get(bare)
        if wanted is None or not (token.definite or token.enclitic is not None):
            return None
        if (
            i + 1 < self.words.n
            and (self.words.definite[i + 1] or self.base.nisba.get(self.words.bare[i + 1]))
            and token.enclitic is None
            and (not self.words.tokens[i + 1].proclitics)
        ):
            return None
        country = next((c for _, _, c in reversed(self.evidence[-40:]) if not wanted or c in wanted), None)
        if token.enclitic is not None:
            # «بلاده» is the country of the person spoken of
            country = self.entities[self.last_person].country if self.last_person is not None else country
            wanted = [country] if country else wanted
        if not wanted and country is not None:
            # the state that the sentence began with, rather than that of some forces in it
            first = next((c for _, where, c in self.lands[-8:] if where == token.sentence), None)
            country = first or self.context(i)
        if country is None or country not in self.base.state_of:
            return None
        number = next(n for n, s in enumerate(self.base.states) if s.country == country)
        made = Parsed(i, i + 1, token.stem_start, token.end, "land", "state", country, "GOV", key=str(number), definite=True)
        made.head = (made.start, made.end)
        made.rules = ["coreference", "land"]
        return made

    # ---- aliases in the running text

    def alias_at(self, i: int) -> Parsed | None:
        """A short form at token i of a person named before."""
        words = self.words
        token = words.tokens[i]
        if token.kind != "word" or is_particle(token.norm):
            return None
        for key, start in ((words.keys[i], token.start), (words.stems[i], token.stem_start)):
            for form, entity in self.aliases.get(key, ()):
                n = len(form)
                if tuple(words.keys[i + 1 : i + n]) == form[1:]:
                    made = Parsed(
                        i, i + n, start, words.tokens[i + n - 1].end, "alias", self.entities[entity].kind, key=entity, definite=True
                    )
                    known = self.entities[entity]
                    made.country, made.sector = known.country, known.sector
                    made.head = (made.start, made.end)
                    made.rules = ["alias"]
                    return made
        return None


def code_of(country: str | None, sector: str | None) -> str | None:
    """PLOVER actor code: ``IRQ GOV``, ``REB`` where no country is known, ``IGO``."""
    parts = [p for p in (country, sector) if p]
    return " ".join(parts) if parts else None


def to_mention(analysis: Analysis, parsed: Parsed, entity: Entity, kind: str) -> Mention:
    """A record mention of a phrase."""
    role = None
    if parsed.role is not None:
        role = analysis.span(*parsed.role)
    head = None
    if parsed.head is not None and parsed.start <= parsed.head[0] < parsed.head[1] <= parsed.end:
        head = Bounds(start=parsed.head[0], end=parsed.head[1])
    return Mention(id=analysis.new_id("m"), start=parsed.start, end=parsed.end, text=analysis.text[parsed.start : parsed.end],
                   kind=kind, head=head, role=role, entity=entity.id, rules=list(parsed.rules))  # type: ignore[arg-type]  # fmt: skip
