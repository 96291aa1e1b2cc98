"""Places in the running text: which words are one, and which of several namesakes is meant."""

from __future__ import annotations

from dataclasses import dataclass, field

from musnad.actors import places
from musnad.actors.kb import Base
from musnad.actors.link import Linker
from musnad.actors.parsed import TITLE_TAIL, Parsed
from musnad.actors.places import (
    AREA,
    CAMPUS,
    COUNTY,
    REGION,
    TYPE_WORDS,
    WATER,
    Hints,
    Place,
)
from musnad.actors.words import Words
from musnad.language.chunks import is_particle
from musnad.pipeline import Analysis
from musnad.record import Entity, Mention

#: words of that list that are part of the mention, and after which an unknown word is a place too
_NAMING = frozenset({"محافظه", "ولايه", "مدينه", "بلده", "قريه", "قضا", "ناحيه", "مديريه", "حي", "مخيم", "معتمديه", "مستوطنه"})
_TOWNS = frozenset({"مدينه", "بلده", "قريه"})
_CERTAIN = frozenset({"محافظه", "ولايه", "مدينه", "بلده", "قريه", "قضا", "ناحيه", "مخيم"})
_SPAN = _NAMING | {"اقليم", "ضاحيه", "منطقه", "ريف", "مطار", "قاعده", "معبر", "ميناء", "مينا", "جبل", "جزيره", "وادي", "مضيق"}
_STRONG = frozenset({"في", "قرب", "شمال", "جنوب", "شرق", "غرب", "وسط", "شمالي", "جنوبي", "شرقي", "غربي", "داخل", "ضواحي", "مشارف", "محيط", "قباله",
                     "سكان", "اهالي", "شوارع", "مستشفي", "جامعه", "سجن", "محكمه", "قضا", "كتايب", "ريف", "مدن", "قري", "بلدات", "سما", "مطار", "مينا", "محافظه", "احيا"})  # fmt: skip
_LOCATIVE = frozenset({"في", "الي", "من", "قرب", "داخل", "خارج", "نحو", "باتجاه", "شمال", "جنوب", "شرق", "غرب", "وسط", "شمالي", "جنوبي", "شرقي", "غربي", "بين",
                       "عبر", "علي", "حول", "ضواحي", "محيط", "مشارف", "اطراف", "سكان", "اهالي", "شوارع", "سماء", "سما", "ابناء", "ابنا", "احياء", "احيا", "دخول", "تحرير",
                       "بتحرير", "حصار", "معركه", "سقوط", "غادر", "زار", "بلغ", "وصل", "مواليد", "جامعه", "ريف", "مناطق", "مدن", "قري", "بلدات", "محافظات", "ولايات"})  # fmt: skip


@dataclass(slots=True)
class Site:
    """A place name of the article: all its mentions and what is known about it."""

    entity: Entity
    numbers: tuple[int, ...]
    types: set[int] = field(default_factory=set)
    typed: bool = False
    only: str | None = None
    tokens: list[int] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    chosen: Place | None = None
    number: int = 0


class Placer:
    """Finds the places of one article and settles them once all of it is read."""

    def __init__(self, analysis: Analysis, base: Base, words: Words, linker: Linker) -> None:
        self.analysis = analysis
        self.base = base
        self.words = words
        self.linker = linker
        self.table = places.load()
        #: sites in order of first mention; (general word, sentence, number) of each mention
        self.order: list[Site] = []
        self.recent: list[tuple[str, int, int]] = []
        self.sites: dict[tuple[str, ...], Site] = {}
        self.located = frozenset(k for n in analysis.names if n.kind == "LOC" for k in range(n.first, n.last))
        self.last_place = -1
        #: villages that wait for the article to speak of their country
        self.pending: list[tuple[int, int]] = []
        #: governorates named by sentence, for «في محافظة الأنبار»
        self.inside: dict[int, set[int]] = {}

    # ---- finding

    def typed(self, i: int, limit: int) -> Parsed | None:
        """«محافظة الأنبار», «بلدة دماج»: a general word and a name."""
        wanted = TYPE_WORDS.get(self.words.bare[i])
        token = self.words.tokens[i]
        if wanted is None or i + 1 >= limit or (token.definite and self.words.bare[i] != "عاصمه"):
            return None
        j = i + 1
        if self.words.bare[i] == "عاصمه" and j + 1 < limit and self.words.bare[j] in self.base.nisba and self.words.definite[j]:
            # «العاصمة الصومالية مقديشو»
            j += 1
        after = self.words.tokens[j]
        if after.text in ("«", '"', "“") and j + 1 < limit:
            j += 1
            after = self.words.tokens[j]
        if after.kind != "word" or after.proclitics or is_particle(after.norm):
            return None
        found = self._look(j, limit, whole=True)
        word = self.words.bare[i]
        if found is None:
            if word not in _NAMING or not self._unknown(j):
                return None
            last = j + 1
            numbers: tuple[int, ...] = ()
            if j + 1 < limit and self._continues(j, j + 1):
                last = j + 2
        else:
            last, numbers = found
            kinds = {self.table.quick(n)[1] for n in numbers}
            if word not in _CERTAIN and self.words.keys[j] in self.base.no_places:
                # «مديرية الدفاع», «منطقة الساحل»
                return None
            if word not in _NAMING and not kinds & wanted and wanted and all(self._weak(n) for n in numbers):
                return None
        begin = i if word in _SPAN else j
        fitting = tuple(n for n in numbers if self.table.quick(n)[1] in wanted)
        made = self._make(begin, j, last, fitting + tuple(n for n in numbers if n not in fitting), fitting)
        made.rules = ["place:typed"]
        made.key = word
        return made

    def again(self, i: int, limit: int) -> Parsed | None:
        """«البلدة», «المطار»: the place of that sort spoken of last."""
        token, word = self.words.tokens[i], self.words.bare[i]
        if word not in _SPAN or not token.definite or token.enclitic is not None:
            return None
        if i + 1 < limit and self.words.definite[i + 1] and not self.words.glued[i + 1]:
            return None
        for sort, sentence, number in reversed(self.recent[-12:]):
            if token.sentence - sentence > 4:
                break
            if sort == word or (word in _TOWNS and sort in _TOWNS):
                made = Parsed(i, i + 1, token.stem_start, token.end, "place", "place", definite=True)
                made.head = (made.start, made.end)
                made.key = f"same {number}"
                made.country = self.order[number].entity.country
                made.rules = ["coreference", "place:same"]
                return made
        return None

    def plain(self, i: int, limit: int) -> Parsed | None:
        """A name of the gazetteer by itself, where it stands like a place or can be little else."""
        token = self.words.tokens[i]
        if token.kind != "word":
            return None
        found = self._look(i, limit, whole=False)
        if found is None:
            return None
        last, numbers = found
        if not self._plausible(i, last, numbers):
            return None
        made = self._make(i, i, last, numbers)
        made.rules = ["place:name"]
        return made

    def _look(self, j: int, limit: int, whole: bool) -> tuple[int, tuple[int, ...]] | None:
        words, tokens = self.words, self.words.tokens
        for first in (words.keys[j],) if whole or not tokens[j].proclitics else (words.keys[j], words.stems[j]):
            if not self.table.starts(first):
                continue
            phrase = [first]
            for k in range(j + 1, min(limit, j + 5)):
                if tokens[k].kind != "word":
                    break
                phrase.append(words.keys[k])
            found = self.table.at(phrase)
            if found is not None:
                return j + found[0], found[1]
        return None

    def _weak(self, number: int) -> bool:
        return self.table.quick(number)[2] < 3000

    def _plausible(self, i: int, last: int, numbers: tuple[int, ...]) -> bool:
        """Whether words of the gazetteer are the place here: by what stands before and behind, size, and what else they can be."""
        words, tokens = self.words, self.words.tokens
        token, key = tokens[i], words.keys[i]
        if i in self.located:
            return True
        single = last - i == 1
        name = words.stems[i] if token.proclitics and not self.table.starts(key) else key
        strong, weak = self._placed(i)
        nation = self._nation_behind(last)
        told = nation is not None and any(self.table.quick(n)[0] == nation for n in numbers)
        if not single:
            return strong or weak or told or any(self._notable(n, 1000) for n in numbers)
        if len(name) < 2 or (len(name) < 3 and not (strong and token.pos in ("PROPN", "X", "NOUN"))):
            return False
        if token.pos in ("VERB", "AUX", "ADP", "SCONJ", "PRON") and not (strong or (weak and not token.proclitics)):
            # behind a preposition stands no verb
            return False
        home = any(self.table.quick(n)[0] in self.linker.totals and self._notable(n, 20_000) for n in numbers)
        if words.bare[i] in TITLE_TAIL and not (strong and told):
            return False
        if name in self.base.no_places:
            return False
        if name in self.table.common or name in self.base.adjectives or words.bare[i] in self.base.phrases or name in self.base.nisba:
            # also a common word: only where a place must stand and the country fits
            if strong and (told or home):
                return True
            if strong:
                self.pending.append((i, 20_000))
            return False
        if name in self.base.listed and not (strong and (told or home or token.pos == "PROPN")):
            return False
        proper = token.pos in ("PROPN", "X", "VERB") or words.nameness(i) >= 1
        if strong or weak:
            near = any(self.table.quick(n)[0] in self.linker.totals for n in numbers)
            if (
                told
                or (strong and near)
                or ((strong or token.pos in ("PROPN", "X")) and any(self._notable(n, 3000) for n in numbers))
                or (proper and any(self._notable(n, 100_000) for n in numbers))
            ):
                return True
            self.pending.append((i, 0 if strong or proper or not words.everyday(i) else 3000))
            return False
        if proper:
            return told or any(self._notable(n, 20_000) for n in numbers)
        return any(self._notable(n, 100_000) for n in numbers) and token.pos != "ADV" and words.definite[i]

    def late(self, covered: set[int]) -> list[Parsed]:
        """Villages that were passed over before the article named their country."""
        out: list[Parsed] = []
        for i, floor in dict.fromkeys(self.pending):
            found = None if i in covered else self._look(i, self.words.n, whole=False)
            if found is None or found[0] != i + 1:
                continue
            fitting = [n for n in found[1] if self.table.quick(n)[0] in self.linker.totals and (not floor or self._notable(n, floor))]
            if fitting:
                made = self._make(i, i, found[0], found[1])
                made.rules = ["place:late"]
                out.append(made)
        return out

    def _placed(self, i: int) -> tuple[bool, bool]:
        """Whether words before token i call for a place: surely, perhaps."""
        words, tokens = self.words, self.words.tokens
        token = tokens[i]
        if i == self.last_place and token.conjunction == "و":
            return True, True
        if token.preposition == "ب":
            return True, True
        before = tokens[i - 1] if i else None
        if before is None or before.sentence != token.sentence:
            return False, False
        near = {before.norm, words.bare[i - 1], words.keys[i - 1], words.stems[i - 1]}
        return bool(near & _STRONG), bool(near & _LOCATIVE)

    def _nation_behind(self, last: int) -> str | None:
        """Country of the adjective behind a place name («تدمر السورية»)."""
        if last >= self.words.n or not self.words.definite[last] or self.words.tokens[last].proclitics:
            return None
        found = self.base.nisba.get(self.words.bare[last])
        return found[0] if found is not None and found[1] in ("fs", "ms") else None

    def _notable(self, number: int, floor: int) -> bool:
        _, kind, population = self.table.quick(number)
        return population >= floor or kind in (REGION, AREA, WATER) or (kind in (COUNTY, CAMPUS) and floor <= 3000)

    def _unknown(self, j: int) -> bool:
        """Whether a word behind «بلدة» and the like can be a name that the gazetteer lacks."""
        token, bare = self.words.tokens[j], self.words.bare[j]
        if j in self.located:
            return True
        if token.enclitic is not None or (token.pos in ("VERB", "AUX", "ADJ", "ADP", "ADV") and self.words.nameness(j) == 0):
            return False
        return (
            bare not in self.base.adjectives
            and bare not in self.base.nisba
            and bare not in self.base.phrases
            and bare not in self.base.bands
        )

    def _continues(self, j: int, k: int) -> bool:
        token = self.words.tokens[k]
        if token.kind != "word" or token.proclitics or is_particle(token.norm) or not self._unknown(k):
            return False
        return k in self.located or token.pos == "PROPN" or (token.definite and not self.words.tokens[j].definite)

    def _make(self, begin: int, j: int, last: int, numbers: tuple[int, ...], fitting: tuple[int, ...] = ()) -> Parsed:
        tokens = self.words.tokens
        first = tokens[begin]
        whole = begin == j and self.table.starts(self.words.keys[j])
        start = first.start if whole else first.stem_start
        made = Parsed(begin, last, start, tokens[last - 1].end, "place", "place", definite=True)
        made.head = (tokens[j].start if j > begin or whole else tokens[j].stem_start, tokens[last - 1].end)
        made.refs = list(numbers)
        if last < self.words.n and tokens[last].definite and not tokens[last].proclitics:
            nisba = self.base.nisba.get(self.words.bare[last])
            if nisba is not None and nisba[1] in ("fs", "ms") and any(self.table.quick(n)[0] == nisba[0] for n in numbers):
                made.nisbas = [nisba[0]]
                made.last, made.end = last + 1, tokens[last].end
        made.country = made.nisbas[0] if made.nisbas else self._guess(made)
        sizes = [self.table.quick(n) for n in (fitting or numbers)[:20]]
        made.definite_country = (
            bool(sizes)
            and (sizes[0][2] > 50_000 or sizes[0][1] in (REGION, AREA))
            and all(s[0] == sizes[0][0] for s in sizes if s[2] > 5000 or s[1] in (REGION, AREA))
        )
        return made

    def _guess(self, made: Parsed) -> str | None:
        """Country for now: that of the context if a namesake lies there, else of the largest."""
        numbers = made.refs[:20]
        if not numbers:
            return self.linker.context(made.first)
        countries = [self.table.quick(n)[0] for n in numbers]
        context = self.linker.context(made.first)
        return context if context in countries else countries[0]

    # ---- entities

    def entity(self, parsed: Parsed) -> Entity:
        """The place entity of a phrase (shared by all mentions of the name)."""
        if parsed.key.startswith("same "):
            return self.order[int(parsed.key[5:])].entity
        words = self.words
        tokens = words.tokens
        head = parsed.head or (parsed.start, parsed.end)
        key = " ".join(
            (words.stems[k] if tokens[k].start < head[0] else words.keys[k])
            for k in range(parsed.first, parsed.last)
            if tokens[k].end > head[0] and tokens[k].kind == "word"
        )
        kind = "R" if parsed.key in ("محافظه", "ولايه", "محافظتي") else "C" if parsed.key in ("قضا", "ناحيه", "مديريه") else ""
        only = parsed.nisbas[0] if parsed.nisbas else None
        full = ("place", key, kind, only or "")
        site = self.sites.get(full)
        if site is None:
            label = self.analysis.text[head[0] : head[1]]
            made = self.linker.entity(full, label, "place", country=parsed.country)
            site = self.sites[full] = Site(made, tuple(parsed.refs), only=only, number=len(self.order))
            self.order.append(site)
        wanted = TYPE_WORDS.get(parsed.key)
        if wanted:
            site.types |= wanted
        site.tokens.append(parsed.first)
        sort = parsed.key or ("محافظه" if parsed.refs and self.table.quick(parsed.refs[0])[1] == REGION else "مدينه")
        self.recent.append((sort, tokens[parsed.first].sentence, site.number))
        self.last_place = parsed.last
        if kind == "R" and parsed.refs:
            self.inside.setdefault(tokens[parsed.first].sentence, set()).update(
                self.table.place(n).parent for n in parsed.refs if self.table.quick(n)[1] == REGION
            )
        return site.entity

    def namesake(self, parsed: Parsed) -> bool:
        """Whether a capital's name stands for another town, of a country the article is about («طرابلس» in Lebanon)."""
        if parsed.country in self.linker.totals:
            return False
        found = self.table.at(
            [self.words.stems[parsed.first] if parsed.start > self.words.tokens[parsed.first].start else self.words.keys[parsed.first]]
        )
        if found is None or parsed.last != parsed.first + 1:
            return False
        floor = max(50_000, max((self.table.quick(n)[2] for n in found[1] if self.table.quick(n)[0] == parsed.country), default=0) // 10)
        others = [n for n in found[1] if self.table.quick(n)[0] != parsed.country and self.table.quick(n)[2] >= floor]
        return any(self.table.quick(n)[0] in self.linker.totals for n in others)

    def city(self, parsed: Parsed, only: bool = True) -> Entity | None:
        """The entity of a capital as a place, or None where the gazetteer lacks it."""
        phrase = [self.words.keys[k] for k in range(parsed.first, parsed.last)]
        if parsed.start > self.words.tokens[parsed.first].start:
            phrase[0] = self.words.stems[parsed.first]
        found = self.table.at(phrase)
        if found is None or found[0] != len(phrase):
            return None
        parsed.refs, parsed.nisbas = list(found[1]), [parsed.country] if parsed.country and only else []
        return self.entity(parsed)

    def settle(self) -> None:
        """Choose a place for every name, surest first, and fill the entities."""
        near: list[tuple[float, float]] = []
        totals = self.linker.totals
        top = max(totals.values(), default=1)
        order = sorted(self.sites.values(), key=lambda s: (len(s.numbers) != 1, not s.types, len(s.numbers)))
        for site in order:
            if not site.numbers:
                self._place_unknown(site)
                continue
            weights = {c: 0.6 * n / top for c, n in totals.items()}
            inside: set[int] = set()
            for token in site.tokens[:8]:
                sentence = self.words.tokens[token].sentence
                inside |= self.inside.get(sentence, set())
                for seen, where, country in self.linker.evidence_near(sentence):
                    if seen not in site.tokens:
                        # «في … بشمال الكاميرون»: what follows at once says most
                        near_by = 1.3 if 0 < seen - token <= 5 else 1.0
                        weights[country] = max(weights.get(country, 0.0), near_by if where == sentence else 0.5)
            inside.discard(0)
            hints = Hints(frozenset(site.types), weights, frozenset(inside), tuple(near[:24]), site.only)
            chosen = places.choose(self.table, site.numbers, hints)
            if chosen is None:
                continue
            site.chosen = chosen
            near.append((chosen.lat, chosen.lon))
            made = site.entity
            made.country = chosen.country
            made.lat, made.lon = chosen.lat, chosen.lon
            made.geonames = str(chosen.geonames) if chosen.geonames else None
            made.code = None
            made.name_en, made.name_en_from = chosen.english, "base"
            if chosen.english == chosen.name:
                made.name_en, made.name_en_from = None, None
        self._merge()

    def _place_unknown(self, site: Site) -> None:
        """A place the gazetteer lacks lies in the country named nearest to it."""
        found: list[tuple[int, str]] = []
        for token in site.tokens[:8]:
            sentence = self.words.tokens[token].sentence
            found += [(abs(seen - token) - (2 if seen > token else 0), country)
                      for seen, where, country in self.linker.evidence_near(sentence) if where == sentence]  # fmt: skip
        if found:
            site.entity.country = min(found)[1]
        site.entity.code = None

    def _merge(self) -> None:
        """Names that turned out to be one place share one entity."""
        first: dict[int, Entity] = {}
        moved: dict[str, str] = {}
        for site in self.sites.values():
            if site.chosen is None:
                continue
            held = first.setdefault(site.chosen.number, site.entity)
            if held is not site.entity:
                moved[site.entity.id] = held.id
        if not moved:
            return
        for mention in self.analysis.mentions:
            if mention.entity in moved:
                mention.entity = moved[mention.entity]
        self.analysis.entities[:] = [e for e in self.analysis.entities if e.id not in moved]
