"""Reading one noun phrase that names an actor: known names, states, titles with names, heads with nisba or idafa, persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from musnad.actors.build import ACTOR, CAPITAL, HEAD, LOOSE, SEAT, SHORT, STATE, TITLE
from musnad.actors.kb import Base, Head, Title
from musnad.actors.words import Words
from musnad.language.chunks import ends_phrase, is_particle
from musnad.language.tokens import Name

#: how far a phrase may reach and how deep phrases may nest
_REACH, _DEPTH = 16, 4
_OPENING, _CLOSING = frozenset('«“"„‹'), frozenset('»”"›')
_NAME_LINKS = frozenset({"بن", "ابن", "بنت", "ابو", "ابي", "ابا", "ال", "عبد", "ولد", "ام", "ذو", "دي", "فان", "فون", "دو", "لو", "كوم"})
_TITLE_TAIL = frozenset({"سابق", "سابقه", "اسبق", "حالي", "حاليه", "راحل", "راحله", "جديد", "جديده", "اعلي", "عام", "عامه", "مخلوع", "معزول", "منتخب",
                         "مكلف", "مستقيل", "مستقيله", "موقت", "موقته", "انتقالي", "انتقاليه", "خاص", "خاصه", "اخر", "اخري", "اخرين", "اخرون", "كبير", "كبار",
                         "محلي", "محليه", "رسمي", "اول", "اولي", "مسلحه", "مسلح", "مركزي", "مركزيه", "متحده", "شرعي", "شرعيه", "حاكم", "حاكمه", "كبري",
                         "رييسي", "رييسيه", "مشترك", "مشتركه", "وطني", "وطنيه", "مجهول", "مجهوله", "مجهولين", "مجهولون", "مقنعون", "مقنعين"})  # fmt: skip
#: heads that are as often a verb, which opens a clause
_VERB_LIKE = frozenset({"طالب", "حارب", "قاتل", "ناشد"})
_PARTS_OF = frozenset({"جنوب", "شمال", "شرق", "غرب", "وسط", "ضواحي", "عموم", "مدن", "مناطق", "شوارع", "عدد", "من", "مختلف"})
_DEPUTIES = frozenset({"نايب", "نايبه", "مساعد", "مساعده", "وكيل", "وكيله", "معاون", "معاونه"})
_HONOUR = frozenset({"امير", "اميره", "شيخ", "شيخه", "ملك", "ملكه", "سلطان", "دكتور", "دكتوره", "سيد", "سيده", "مهندس"})
_OTHER = frozenset({"اخر", "اخري", "اخرين", "اخرون", "اخران"})
_FORMER = frozenset({"سابق", "سابقه", "اسبق", "مخلوع", "معزول", "راحل", "راحله"})


@dataclass(slots=True)
class Parsed:
    """A noun phrase as read. Token indexes half open, offsets into the article without clitics.

    ``form``: known short state seat capital title group person place nisba; ``ref``: index into the base's table for that form;
    ``refs``: all candidates of a name; ``key``: head word (bare, folded).
    """

    first: int
    last: int
    start: int
    end: int
    form: str
    kind: str
    country: str | None = None
    sector: str | None = None
    ref: int | None = None
    refs: list[int] = field(default_factory=list)
    key: str = ""
    head: tuple[int, int] | None = None
    role: tuple[int, int] | None = None
    title: Title | None = None
    noun: Head | None = None
    person: tuple[int, int] | None = None
    inner: list[Parsed] = field(default_factory=list)
    nisbas: list[str] = field(default_factory=list)
    shape: str = ""
    definite: bool = False
    foreign: bool = False
    adjective: bool = False
    nouns: int = 0
    feminine: bool = False
    #: token of the place that gives the country, for «country:place»
    where: int | None = None
    #: of a place: all its namesakes of any size lie in one country
    definite_country: bool = False
    rules: list[str] = field(default_factory=list)


class Grammar:
    """Reads phrases of one article against a base. ``names``: what the token model found, by first token."""

    def __init__(
        self,
        base: Base,
        words: Words,
        alias: Callable[[int], Parsed | None],
        supported: Callable[[str], bool],
    ) -> None:
        #: the two ways to read a place, set by the stage: with a general word before it, and by itself
        self.land: Callable[[int], Parsed | None] = lambda i: None
        self.typed_place: Callable[[int, int], Parsed | None] = lambda i, limit: None
        self.plain_place: Callable[[int, int], Parsed | None] = lambda i, limit: None
        self.base = base
        self.supported = supported
        self.alias = alias
        self.words = words
        self.tokens = words.tokens
        self.names: dict[int, Name] = {n.first: n for n in words.analysis.names}

    def read(self, i: int, limit: int, depth: int = 0) -> Parsed | None:
        """The actor phrase that begins at token i, or None."""
        limit = min(limit, i + _REACH)
        return self._read(i, limit, depth)

    def _read(self, i: int, limit: int, depth: int) -> Parsed | None:
        if i >= limit or depth > _DEPTH:
            return None
        token = self.tokens[i]
        if token.kind not in ("word", "latin"):
            return None
        if token.kind == "word" and is_particle(token.norm):
            # «أم درمان»
            town = self.plain_place(i, limit) if self.words.keys[i] == "ام" else None
            return town if town is not None and town.last > i + 1 else None
        land = self.land(i)
        if land is not None:
            return land
        known = self._known(i, limit)
        place = self.typed_place(i, limit)
        if place is not None and (known is None or known.last < place.last or known.form in ("short", "loose")):
            return place
        alias = self.alias(i)
        if alias is not None and alias.last <= limit and (known is None or known.last <= alias.last):
            return alias
        phrase = self.words.phrase(self.base.phrases, i, limit)
        general: Parsed | None = None
        town = self.plain_place(i, limit) if known is None or known.last == i + 1 else None
        if town is not None and town.last > i + 1 and (known is None or town.last > known.last) and not self._is_verb(i):
            return town
        if self.words.keys[i] in self.base.given and phrase is not None:
            named = self._person(i, limit)
            if named is not None and (known is None or known.last < named.last):
                return self._apposition(named, limit, depth)
        if phrase is not None and not self._is_verb(i) and not (phrase[0] == i + 1 and self._is_adjective(i)):
            general = self._general(i, *self._short_title(i, phrase, limit, depth), limit, depth)
        if known is not None and (general is None or known.last >= general.last or (known.form == "known" and not general.person)):
            if general is not None and known.form in ("short", "loose") and general.last >= known.last and general.form == "title":
                return general
            if general is None or known.form != "short" or known.last > general.last:
                return self._apposition(known, limit, depth)
            general.refs = general.refs or known.refs
        if general is not None:
            return general
        person = self._person(i, limit)
        if person is not None:
            return self._apposition(person, limit, depth)
        return self._nisba_noun(i, limit) or self.plain_place(i, limit) or self._model_name(i)

    def _short_title(self, i: int, phrase: tuple[int, list[int]], limit: int, depth: int) -> tuple[int, list[int]]:
        """«زعيم جماعة خراسان»: a listed title whose last word begins a longer name gives that word back."""
        end = phrase[0]
        if end - i < 2 or end >= limit or not any(
            r & 7 == HEAD and self.base.heads[r >> 3].link and self.base.heads[r >> 3].sector not in ("GOV", "LEG", "JRN")
            for r in self.base.phrases.get(self.words.bare[end - 1], {}).get("", ())
        ):
            return phrase
        inner = self.read(end - 1, limit, depth + 1)
        if inner is None or inner.last <= end or not self._is_body(inner):
            return phrase
        return self.words.phrase(self.base.phrases, i, end - 1) or phrase

    def _is_verb(self, i: int) -> bool:
        token = self.tokens[i]
        if self.words.bare[i] in _VERB_LIKE and not token.definite and token.enclitic is None:
            return i == 0 or self.tokens[i - 1].sentence != token.sentence or self.tokens[i - 1].kind == "punct" or token.conjunction is not None
        return token.pos in ("VERB", "AUX") and not token.definite

    def _is_adjective(self, i: int) -> bool:
        """A head that is also an adjective, behind the noun it describes: «التواجد العسكري»."""
        bare = self.words.bare[i]
        if i == 0 or (bare not in self.base.adjectives and bare not in self.base.nisba and bare not in self.base.bands):
            return False
        token, before = self.tokens[i], self.tokens[i - 1]
        if token.proclitics or before.kind != "word" or is_particle(before.norm) or before.pos in ("VERB", "AUX", "ADP", "NUM"):
            return False
        if before.sentence != token.sentence or before.definite != token.definite or before.enclitic is not None:
            return False
        if bare.endswith(("ون", "ين")):
            return before.norm.endswith(("ون", "ين", "ان", "ات"))
        return before.definite or before.pos in ("NOUN", "ADJ")

    def _is_attribute(self, i: int) -> bool:
        """Whether a definite word may be the adjective of the definite noun before it («الضربات الجوية»)."""
        token, before = self.tokens[i], self.tokens[i - 1] if i else None
        if before is None or token.proclitics or before.kind != "word" or before.sentence != token.sentence or is_particle(before.norm):
            return False
        return before.definite and token.definite and self.words.bare[i].endswith(("ي", "يه", "ين", "ون"))

    # ---- names of the base

    def _known(self, i: int, limit: int) -> Parsed | None:
        hit = self.words.name(self.base.names, i, limit)
        if hit is None:
            return None
        last, refs, start = hit
        made = Parsed(i, last, start, self._end(last), "known", "organisation", refs=refs, key=self.words.bare[i], definite=True)
        made.head = (made.start, made.end)
        kinds = {r & 7 for r in refs}
        strong = [r for r in refs if r & 7 in (ACTOR, SEAT)]
        if STATE in kinds:
            self._set_state(made, next(r for r in refs if r & 7 == STATE), "state")
        elif strong:
            actor = self.base.actors[strong[0] >> 3]
            made.ref, made.kind, made.country, made.sector = strong[0] >> 3, actor.kind, actor.country, actor.sector
            made.refs = strong + [r for r in refs if r & 7 == SHORT]
            made.form = "known" if any(r & 7 == ACTOR for r in strong) else "seat"
        elif CAPITAL in kinds:
            self._set_state(made, next(r for r in refs if r & 7 == CAPITAL), "capital")
        elif SHORT in kinds:
            if last == i + 1 and self._is_attribute(i):
                return None
            if self._common_word(i, last, refs):
                return None
            made.form = "short"
        elif LOOSE in kinds:
            fitting = [r for r in refs if r & 7 == LOOSE and self.supported(self.base.states[r >> 3].country)]
            if len(fitting) != 1 or self._is_attribute(i):
                return None
            state = fitting[0]
            self._set_state(made, state, "loose")
        made.rules = [f"name:{made.form}"]
        return made

    def _common_word(self, i: int, last: int, refs: list[int]) -> bool:
        """Whether a person's short name is rather a given name or a common word here («شكر», «عبد الرحمن»)."""
        if self.base.actors[refs[0] >> 3].kind != "person" or self.words.definite[i]:
            return False
        token = self.tokens[i]
        if token.pos in ("VERB", "AUX", "ADP", "ADV", "PRON") or (token.pos in ("NOUN", "ADJ") and self.words.nameness(i) == 0):
            return True
        return self.words.keys[i] in self.base.listed or self.words.stems[i] in self.base.listed

    def _set_state(self, made: Parsed, ref: int, form: str) -> None:
        state = self.base.states[ref >> 3]
        made.form, made.kind, made.ref, made.country, made.sector = form, "state", ref >> 3, state.country, "GOV"

    def _end(self, last: int) -> int:
        return self.tokens[last - 1].end

    # ---- heads and titles

    def _general(self, i: int, j: int, refs: list[int], limit: int, depth: int) -> Parsed | None:
        token = self.tokens[i]
        titles = [self.base.titles[r >> 3] for r in refs if r & 7 == TITLE]
        if "آ" not in token.text:
            # الأمر is no الآمر
            titles = [t for t in titles if "آ" not in t.arabic]
        titles = [t for t in titles if (self.words.definite[i] or not t.article) and not (t.office == "governor" and t.shape == "fs")]
        heads = [self.base.heads[r >> 3] for r in refs if r & 7 == HEAD]
        if (not titles and not heads) or (heads and heads[0].category == "skip"):
            return None
        bare = self.words.bare[i]
        if bare in _PARTS_OF and not self.words.definite[i]:
            # «غرب كركوك» is a direction, «الغرب» the West
            return None
        folk = heads and not titles and j == i + 1 and (bare in self.base.bands or bare in self.base.nisba)
        if folk and not token.definite and not bare.endswith(("ين", "ون", "ات", "ان", "يي", "يو")):
            return None
        made = Parsed(i, j, token.stem_start, self._end(j), "group", "group", key=" ".join(self.words.bare[i:j]))
        made.noun = heads[0] if heads else None
        made.title = titles[0] if titles else None
        if made.title is not None:
            made.shape = made.title.shape
        made.definite = any(self.words.definite[k] or self.tokens[k].enclitic is not None for k in range(i, j))
        made.feminine = self.words.bare[i].endswith(("ه", "ات"))
        if made.noun is not None and made.noun.category == "count":
            return self._count(made, limit, depth)
        for k in range(i + 1, j):
            made.foreign = made.foreign or self.words.bare[k] in self.base.foreign
            told = self.base.nisba.get(self.words.bare[k])
            if told is not None:
                made.nisbas.append(told[0])
                made.adjective = True
        tail = self.words.bare[j - 1]
        if j - i > 1 and self.tokens[j - 1].pos in ("ADJ", "X") and (tail in self.base.adjectives or tail in _TITLE_TAIL):
            made.adjective = True
        self._complements(made, limit, depth)
        self._name_after(made, limit)
        settled = self._settle(made)
        if settled is None:
            return None
        if settled.person is not None:
            return self._apposition(settled, limit, depth)
        if settled.form == "group" and depth == 0:
            self._wing(settled, limit, depth)
        if settled.country is None and settled.noun is not None and depth == 0:
            self._where(settled, limit, depth)
        return settled

    def _wing(self, made: Parsed, limit: int, depth: int) -> None:
        """«قوات …، الجناح العسكري لحزب …»: a body told by the one it belongs to."""
        j = made.last
        if j < limit and self.tokens[j].text in ("،", ","):
            j += 1
        if j >= limit or self.words.bare[j] not in ("جناح", "ذراع") or not self.tokens[j].definite:
            return
        hit = self.words.phrase(self.base.phrases, j, limit)
        role = self._general(j, hit[0], hit[1], limit, depth + 2) if hit is not None else None
        body = next((p for p in role.inner if p.sector), None) if role is not None else None
        if role is None or body is None:
            return
        made.last, made.end, made.inner = role.last, role.end, [*made.inner, body]
        made.country, made.sector = body.country, body.sector
        made.kind = "armed_group" if body.sector in ("REB", "PRM") else made.kind
        made.rules.append("apposition")

    def _where(self, made: Parsed, limit: int, depth: int) -> None:
        """«المتظاهرون في إسطنبول», «القوى … في العراق»: the country of a place that follows, outside the span."""
        j = made.last
        if j + 1 >= limit or self.tokens[j].norm not in ("في", "من"):
            return
        if any(p.form in ("known", "group") and p.sector for p in made.inner):
            return
        away = self.tokens[j].norm == "من"
        j += 1
        while j + 1 < limit and self.words.bare[j] in _PARTS_OF:
            j += 1
        inner = self.read(j, limit, depth + 1)
        made.where = j
        if inner is not None and inner.form in ("state", "capital", "place") and inner.country and not (away and made.noun is not None and (
            made.noun.category != "people"
        )):
            made.country = inner.country
            made.rules.append("country:place")

    def _count(self, made: Parsed, limit: int, depth: int) -> Parsed | None:
        """«عشرات المتظاهرين», «أربعة من مرافقيه»: the counted noun carries the meaning, the count joins the span."""
        j = made.last
        if j < limit and self.tokens[j].norm == "من":
            j += 1
        if j >= limit or (j < limit and self.tokens[j].proclitics):
            return None
        inner = self.read(j, limit, depth + 1)
        if inner is None or inner.form in ("state", "capital", "seat", "person"):
            return None
        return replace(inner, first=made.first, start=made.start, rules=[*inner.rules, "count"])

    def _complements(self, made: Parsed, limit: int, depth: int) -> None:
        j = made.last
        while j < limit:
            step = self._complement(made, j, limit, depth)
            if step <= j:
                break
            j = step
            made.last, made.end = j, self._end(j)

    def _complement(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        token, bare = self.tokens[j], self.words.bare[j]
        closed = made.definite
        if token.text in _OPENING:
            return self._quoted(made, j, limit, depth)
        if token.kind == "word" and not self.words.glued[j] and not is_particle(token.norm):
            found = self.base.nisba.get(bare)
            if found is not None and self.words.definite[j] == closed and self._fits(made, found[1]):
                made.nisbas.append(found[0])
                made.adjective = True
                return j + 1
            band = self.base.bands.get(bare)
            if band is not None and self.words.definite[j] == closed and self._fits(made, "fs" if bare.endswith("ه") else "ms"):
                made.adjective = True
                made.country = made.country or band[0]
                if band[1]:
                    made.sector = made.sector or band[1]
                    made.rules.append(f"adjective:{band[1]}")
                return j + 1
            if self.words.definite[j] == closed and (bare in self.base.adjectives or bare in _TITLE_TAIL or bare in self.base.foreign) and not (
                bare in ("خاصه", "عامه") and not closed
            ):
                self._adjective(made, bare)
                return j + 1
            if not closed and not self.words.definite[j] and token.pos == "ADJ" and token.enclitic is None and (
                self.words.nameness(j) == 0 and self._plain_adjective(j, limit)
            ):
                made.adjective = True
                return j + 1
            if closed and self.words.definite[j] and token.pos == "ADJ" and bare not in self.base.phrases and self._plain_adjective(j, limit):
                made.adjective = True
                return j + 1
        if not closed:
            return self._idafa(made, j, limit, depth)
        return self._linked(made, j, limit, depth)

    def _sound_plural(self, i: int, form: str) -> bool:
        """«مسلحون», «جنديين»: with its ن a sound plural or dual has nothing in the genitive behind it."""
        bare = self.words.bare[i]
        return bare.endswith(("ون", "ين", "ان")) and bare != form and len(bare) > 4

    @staticmethod
    def _fits(made: Parsed, shape: str) -> bool:
        """Whether an adjective's shape can agree with the head or the noun before it (a feminine singular with plurals too)."""
        if shape == "ms":
            return not (made.feminine and made.noun is not None and made.title is None and not made.nouns and not made.inner)
        return True

    def _plain_adjective(self, j: int, limit: int) -> bool:
        """No participle with a complement of its own («التابعة لتنظيم», «المدعومة من»)."""
        if self.words.bare[j].endswith(("ي", "يه", "يين", "يون")) or j + 1 >= limit:
            return True
        after = self.tokens[j + 1]
        return after.preposition is None and after.pos != "ADP" and not is_particle(after.norm)

    def _adjective(self, made: Parsed, bare: str) -> None:
        made.adjective = True
        if bare in _OTHER:
            made.rules.append("other")
        if bare in self.base.foreign:
            made.foreign = True
        sector = self.base.adjectives.get(bare)
        wins = made.key.split()[0] in self.base.adjective_wins
        if sector and made.sector is None and (wins or made.noun is None or not made.noun.sector):
            made.sector = sector
            made.rules.append(f"adjective:{sector}")
        if bare in _FORMER and made.title is not None:
            made.rules.append("former")

    def _quoted(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        """«تنظيم "داعش"»: a short quoted name continues the head."""
        for k in range(j + 1, min(j + 7, limit)):
            if self.tokens[k].text in _CLOSING:
                inner = self.read(j + 1, k, depth + 1)
                if inner is not None and inner.last == k:
                    made.inner.append(inner)
                elif not (made.noun and made.noun.link):
                    return j
                made.definite = True
                return k + 1
            if self.tokens[k].kind not in ("word", "latin", "number"):
                break
        return j

    def _idafa(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        """What follows an indefinite head in the genitive: an actor, a place or a plain noun."""
        token = self.tokens[j]
        if token.norm == "من" and made.noun is not None and made.noun.category in ("member", "unit", "armed", "people") and j + 1 < limit:
            inner = self.read(j + 1, limit, depth + 1)
            if inner is not None and not self.tokens[j + 1].proclitics and (self._is_body(inner) or inner.form in ("group", "nisba")):
                made.inner.append(inner)
                made.definite = True
                return inner.last
            return j
        if token.norm in ("في", "لدي") and j + 1 < limit:
            return self._linked(made, j, limit, depth)
        if token.kind == "word" and token.preposition == "ل":
            return self._linked(made, j, limit, depth)
        if ends_phrase(token) or made.adjective or (self.words.bare[j] == "خاصه" and not self.words.definite[j]):
            return j
        if made.title is None and made.noun is not None and made.noun.category == "hardware":
            return j
        if made.noun is not None and made.last == made.first + 1 and self._sound_plural(made.first, made.noun.form):
            return j
        inner = self.read(j, limit, depth + 1)
        if inner is not None and not (inner.form == "person" and made.title is not None) and not (
            inner.form == "known" and inner.kind == "person" and made.title is not None
        ):
            made.inner.append(inner)
            made.definite = inner.definite or inner.form not in ("group",)
            self._take_name(made, inner)
            return inner.last
        if inner is not None:
            return j
        if made.title is None and made.noun is None:
            return j
        if not token.definite and token.enclitic is None and len(self.tokens) > j and made.noun is not None and made.title is None and (
            made.noun.category in ("people", "armed", "person", "source", "hardware")
        ):
            # «جندي قتل», «متظاهرون رفعوا»: an unknown indefinite word after people is no genitive
            return j
        if self._starts_person(j, limit):
            return j
        if not token.definite and token.enclitic is None and token.pos not in ("NOUN", "PROPN", "ADJ", "X"):
            return j
        if not token.definite and token.enclitic is None and (token.pos == "X" or token.kind == "latin") and not (made.title or made.noun):
            return j
        if self.words.definite[j] or token.enclitic is not None or token.pos == "PROPN":
            made.definite = True
        made.nouns += 1
        return j + 1

    def _take_name(self, made: Parsed, inner: Parsed) -> None:
        """«نائبة المتحدث …، ماري كلارك»: the name behind an inner title is the deputy's own."""
        if inner.form != "title" or inner.person is None or inner.role is None or made.title is None:
            return
        comma = any(self.tokens[k].text in ("،", ",") for k in range(inner.first, inner.last))
        if self.words.bare[made.first] not in _DEPUTIES and not comma:
            return
        made.person, made.head, made.ref, made.refs = inner.person, inner.person, inner.ref, inner.refs
        made.role = (made.start, inner.role[1])
        inner.person, inner.ref, inner.refs, inner.head = None, None, [], inner.role
        inner.end = inner.role[1]
        inner.last = next(k for k in range(inner.first, inner.last) if self.tokens[k].end >= inner.end) + 1

    def _linked(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        """A prepositional phrase that belongs to a title or membership: للبنتاغون, باسم الجيش, في حركة حماس, لدى العراق."""
        token = self.tokens[j]
        if made.person is not None:
            return j
        category = made.noun.category if made.noun else ""
        if token.norm == "باسم" and j + 1 < limit:
            inner = self.read(j + 1, limit, depth + 1)
            if inner is not None:
                made.inner.append(inner)
                made.definite = True
                return inner.last
            made.definite = True
            return j + 2 if self.tokens[j + 1].kind == "word" else j
        if token.kind != "word":
            return j
        if token.preposition == "ل" and token.conjunction is None and (made.title is not None or category in ("member", "unit", "org", "official", "facility", "force")):
            inner = self.read(j, limit, depth + 1)
            if inner is not None and self._is_body(inner):
                made.inner.append(inner)
                made.definite = True
                return inner.last
            if made.title is not None and self.words.bare[j] in ("شوون", "شيون", "قضايا", "سياسات", "سياسه", "امن"):
                k = j + 1
                while k < limit and k < j + 3 and self.tokens[k].definite and not ends_phrase(self.tokens[k]):
                    k += 1
                return k
            return j
        if token.norm in ("في", "لدي") and j + 1 < limit and (made.title is not None or category in ("member", "official", "source", "people", "armed", "person")):
            k = j + 2 if self.words.bare[j + 1] in ("صفوف", "قياده", "تنظيم") and j + 2 < limit and token.norm == "في" else j + 1
            inner = self.read(k, limit, depth + 1) or (self.read(j + 1, limit, depth + 1) if k > j + 1 else None)
            if inner is None or self.tokens[j + 1].proclitics:
                return j
            if self._is_body(inner) and inner.form not in ("state", "capital", "place"):
                made.inner.append(inner)
                made.definite = True
                return inner.last
            if token.norm == "لدي" and inner.country:
                return inner.last
        return j

    @staticmethod
    def _is_body(inner: Parsed) -> bool:
        """Whether a phrase is an organisation, force or state that people can belong to."""
        if inner.form in ("known", "seat", "state", "capital", "short"):
            return inner.kind != "person"
        return inner.form == "group" and inner.noun is not None and inner.noun.category in ("org", "force", "armed")

    # ---- persons

    def _starts_person(self, j: int, limit: int) -> bool:
        if j >= limit:
            return False
        name = self.names.get(j)
        if name is not None and name.kind == "PERS":
            return True
        return (self.words.bare[j] in self.base.given or self.words.keys[j] in self.base.given) and not self.words.definite[j]

    def _glued(self, k: int) -> bool:
        """Whether a conjunction or preposition stands before the word, and is not the first letter of a name («باراك»)."""
        return self.words.glued[k] and self.words.keys[k] not in self.base.given

    def _person(self, j: int, limit: int, after_title: bool = False) -> Parsed | None:
        """A person's name that begins at token j and is not in the base."""
        tokens, bare, given = self.tokens, self.words.bare, self.base.given
        token = tokens[j]
        name = self.names.get(j)
        if name is not None and name.kind == "PERS" and name.last <= limit:
            return self._named(j, name.last, name.start, name.end, "model:PERS")
        if token.kind == "latin":
            return None
        if not self._opens_name(j, limit, after_title) or (not after_title and self.words.keys[j] not in self.base.listed and self._is_town(j, limit)):
            return None
        k = j + 1
        sure = 2 if self.words.nameness(j) >= 2 else 1
        while k < limit and k - j < 6 and self._extends_name(j, k, limit):
            k += 1
        if k - j < 2 and not (after_title and sure == 2):
            return None
        if k - j == 1 and not after_title:
            return None
        start = token.start if self.words.keys[j] in given or bare[j] not in given else token.stem_start
        if token.conjunction is not None and self.words.keys[j] not in given:
            start = token.stem_start
        return self._named(j, k, start, tokens[k - 1].end, "person:given-names")

    def _opens_name(self, j: int, limit: int, after_title: bool) -> bool:
        """Whether the word at j can be a first name: one of the list, or after a title a word that is used as one or is unknown."""
        token = self.tokens[j]
        ali = after_title and self.words.stems[j] == "علي" and not token.text.endswith("ى")
        if token.kind != "word" or self.words.definite[j] or (is_particle(token.norm) and not ali):
            return False
        known = self.words.nameness(j)
        if known >= 2:
            return after_title or self.words.keys[j] in self.base.given or self.words.bare[j] in self.base.given or token.pos in ("PROPN", "X")
        if not after_title or token.proclitics or self.words.bare[j] in self.base.phrases or token.pos in ("VERB", "AUX", "ADP"):
            return False
        if self.words.bare[j] in self.base.adjectives or self.words.bare[j] in _TITLE_TAIL or self.words.bare[j].endswith("ا") and known == 0:
            return False
        if known >= 1:
            return True
        # a common word only where a family name follows
        return j + 1 < limit and self.words.nameness(j + 1) >= 1 and not self._glued(j + 1) and not is_particle(self.tokens[j + 1].norm)

    def _extends_name(self, j: int, k: int, limit: int) -> bool:
        """Whether the word at k continues the name that begins at j."""
        token, given, words = self.tokens[k], self.base.given, self.words
        key, bare = words.keys[k], words.bare[k]
        if token.kind != "word":
            return False
        # «علي» the name and «على» the preposition fold to one form
        if key == "علي":
            return not token.text.endswith("ى")
        if is_particle(token.norm):
            return False
        before = self.tokens[k - 1].norm
        if key in given or key in _NAME_LINKS or before in _NAME_LINKS:
            return not (token.conjunction and key not in given)
        known = 2 if key in self.base.parts and bare not in self.base.phrases else words.nameness(k)
        # «عبد الفتاح» is one name: the family name is still to come
        units = sum(t == j or words.keys[t - 1] not in _NAME_LINKS for t in range(j, k) if words.keys[t] not in _NAME_LINKS or t == j)
        second = units == 1
        if words.glued[k]:
            return second and token.conjunction is None and known >= (1 if words.rare_stem(k) else 2)
        if words.definite[k]:
            nation = self.base.nisba.get(bare)
            if self._is_land(k, limit) or bare in self.base.phrases or (nation is not None and nation[1] != "ms"):
                return False
            if known >= 2:
                return True
            family = bare.endswith("ي") or token.pos == "PROPN"
            return (family and (second or known >= 1 or token.pos != "NOUN")) or (second and known >= 1)
        if bare in self.base.phrases and (not second or self._names_office(k, limit)):
            return False
        if known >= 2:
            return True
        if token.pos in ("VERB", "AUX") and known < 1 and not self._clause_follows(k, limit):
            return False
        if bare.endswith("ا") and token.pos in ("NOUN", "ADV") and not second:
            return False
        if known >= 1:
            return second or token.pos in ("PROPN", "X") or self._clause_follows(k, limit)
        # names are definite: an indefinite word behind a given name is no attribute of it
        return second and (not bare.endswith("ا") or token.pos == "PROPN") and (
            token.pos in ("PROPN", "ADJ", "X") or (token.pos != "NOUN" and self._clause_follows(k, limit))
        ) and words.nameness(j) >= 2

    def _is_town(self, j: int, limit: int) -> bool:
        """Whether a large place begins at j."""
        town = self.plain_place(j, limit)
        return town is not None

    def _names_office(self, k: int, limit: int) -> bool:
        """Whether a title of two words or more, or with a complement, begins at k («وزير الداخلية»)."""
        hit = self.words.phrase(self.base.phrases, k, limit)
        return hit is not None and any(r & 7 == TITLE for r in hit[1]) and (hit[0] > k + 1 or (k + 1 < limit and self.words.definite[k + 1]))

    def _is_land(self, k: int, limit: int) -> bool:
        """Whether a state or capital begins at k: the object behind a name, not its last part."""
        hit = self.words.name(self.base.names, k, limit)
        return hit is not None and any(r & 7 in (STATE, CAPITAL) for r in hit[1])

    def _clause_follows(self, k: int, limit: int) -> bool:
        """Whether the word at k is the last before a mark, particle or verb."""
        if k + 1 >= limit:
            return True
        after = self.tokens[k + 1]
        return after.kind == "punct" or is_particle(after.norm) or after.pos in ("VERB", "AUX")

    def _not_name(self, k: int) -> bool:
        """Whether a word is known as something else than part of a name."""
        bare = self.words.bare[k]
        if bare in self.base.phrases or bare in self.base.adjectives or bare in _TITLE_TAIL:
            return True
        return self.tokens[k].pos in ("NOUN", "ADJ", "VERB", "ADP", "ADV") and not self.tokens[k].definite

    def _named(self, first: int, last: int, start: int, end: int, rule: str) -> Parsed:
        made = Parsed(first, last, start, end, "person", "person", key=self.words.bare[first], definite=True, rules=[rule])
        made.head = made.person = (start, end)
        return made

    def _model_name(self, i: int) -> Parsed | None:
        name = self.names.get(i)
        if name is None or name.kind not in ("ORG", "LOC"):
            return None
        kind = "organisation" if name.kind == "ORG" else "place"
        made = Parsed(i, name.last, name.start, name.end, "place" if kind == "place" else "known", kind, key=self.words.bare[i], definite=True)
        made.head = (name.start, name.end)
        made.rules = [f"model:{name.kind}"]
        return made

    def _name_after(self, made: Parsed, limit: int) -> None:
        """The name that a title stands before: «رئيس الوزراء محمد …», «نائبة …، سابرينا سينغ»."""
        if made.title is None and not (made.noun is not None and made.noun.category in ("person", "official", "member", "people")):
            return
        if made.title is None and made.shape in ("mp", "fp"):
            return
        j = made.last
        comma = j < limit and self.tokens[j].text in ("،", ",")
        if comma:
            j += 1
        quote = j < limit and self.tokens[j].text in _OPENING
        if quote:
            j += 1
        if j >= limit or self._glued(j):
            hit = self.words.name(self.base.names, j, limit) if j < limit else None
            if hit is None or hit[2] > self.tokens[j].start:
                return
        j = self._second_title(j, limit)
        person = self._known_person(j, limit)
        if person is None and not (comma and not self._starts_person(j, limit)):
            office = made.title is not None and made.title.kind in ("office", "rank", "honorific", "profession")
            person = self._person(j, limit, after_title=office and not comma)
        if person is None:
            return
        last = person.last
        if quote and last < limit and self.tokens[last].text in _CLOSING:
            last += 1
        if comma and person.ref is None and self._another_role(last, limit):
            return
        made.role = (made.start, made.end)
        made.last, made.end = last, self._end(last)
        made.person = made.head = (person.start, person.end)
        made.ref = person.ref
        made.refs = person.refs
        made.form = "title"
        made.rules += person.rules

    def _second_title(self, j: int, limit: int) -> int:
        """«ولي العهد السعودي الأمير محمد …»: past a rank or honorific between title and name."""
        if j >= limit or not self.words.definite[j] or self.tokens[j].proclitics:
            return j
        hit = self.words.phrase(self.base.phrases, j, limit)
        if hit is None or self.words.bare[j] not in _HONOUR and not any(
            r & 7 == TITLE and self.base.titles[r >> 3].kind in ("honorific", "rank") for r in hit[1]
        ):
            return j
        known = self._known_person(hit[0], limit)
        return hit[0] if known is not None or (hit[0] < limit and self._opens_name(hit[0], limit, True)) else j

    def _another_role(self, j: int, limit: int) -> bool:
        """«، اللواء فلان قائد»: a name after a comma that has a title of its own behind it is another person."""
        hit = self.words.phrase(self.base.phrases, j, limit) if j < limit else None
        return hit is not None and any(r & 7 == TITLE for r in hit[1])

    def _known_person(self, j: int, limit: int) -> Parsed | None:
        hit = self.words.name(self.base.names, j, limit)
        if hit is None:
            return None
        last, refs, start = hit
        people = [r for r in refs if r & 7 in (ACTOR, SHORT) and self.base.actors[r >> 3].kind == "person"]
        if not people or (people[0] & 7 == SHORT and last == j + 1 and last < limit and self._starts_person(j, limit) and self._extends_name(j, last, limit)):
            return None
        made = Parsed(j, last, start, self._end(last), "known", "person", refs=people)
        made.head = made.person = (made.start, made.end)
        if people[0] & 7 == ACTOR:
            made.ref = people[0] >> 3
        made.rules = ["name:known"]
        return made

    def _apposition(self, made: Parsed, limit: int, depth: int) -> Parsed:
        """A title behind a name: «محسن الفضلي، زعيم جماعة خراسان», «إياد علاوي نائب الرئيس العراقي»."""
        if made.kind != "person" or made.form not in ("person", "known", "title") or depth > 1:
            return made
        j = made.last
        if j < limit and self.tokens[j].text in ("،", ","):
            j += 1
        if j >= limit or self.tokens[j].proclitics or is_particle(self.tokens[j].norm):
            return made
        hit = self.words.phrase(self.base.phrases, j, limit)
        if hit is None or self._is_verb(j):
            return made
        hit = self._short_title(j, hit, limit, depth + 2)
        titles = [self.base.titles[r >> 3] for r in hit[1] if r & 7 == TITLE]
        if not titles or titles[0].kind == "honorific":
            return made
        role = self._general(j, hit[0], hit[1], limit, depth + 2)
        if role is None or role.person is not None or (role.last == hit[0] and not role.definite):
            return made
        if made.form == "title" and (made.title is None or made.title.kind == "office") and j == made.last:
            return made
        # «التقى فلان وزير الخارجية الأميركي»: not his own title
        if role.country and made.country and role.country != made.country:
            return made
        known = self.base.actors[made.ref].country if made.ref is not None and made.ref < len(self.base.actors) and made.person else None
        if known and role.country and known != role.country:
            return made
        if j > made.last and role.last - j < 2:
            return made
        made.role = made.role or (role.start, role.end)
        made.head = made.person = made.person or made.head or (made.start, made.end)
        made.last, made.end = role.last, role.end
        made.title, made.inner, made.nisbas = role.title, [*made.inner, *role.inner], [*made.nisbas, *role.nisbas]
        if made.ref is None:
            made.country, made.sector = role.country or made.country, role.sector or made.sector
        elif role.sector and role.title is not None and role.title.kind in ("office", "rank"):
            made.sector = role.sector
        made.rules = [*made.rules, "apposition"]
        return made

    def second_nation(self, made: Parsed, i: int) -> Parsed | None:
        """«الحكومتين التركية والقطرية»: the second adjective stands for a body of its own."""
        token = self.tokens[i]
        found = self.base.nisba.get(self.words.bare[i])
        if found is None or token.conjunction is None or not self.words.definite[i] or found[0] in made.nisbas:
            return None
        second = replace(made, first=i, last=i + 1, start=token.stem_start, end=token.end, country=found[0], nisbas=[found[0]], form="group",
                         head=(token.stem_start, token.end), role=None, person=None, refs=[], ref=None, inner=[], rules=["second-nation"])  # fmt: skip
        return second if second.noun is not None else None

    # ---- what the parts say together

    def _settle(self, made: Parsed) -> Parsed | None:
        head, title = made.noun, made.title
        body = next((p for p in made.inner if p.sector or p.country), None)
        if made.title is not None and (made.person is not None or head is None or (title is not None and title.kind == "office")):
            return self._settle_title(made, body)
        if head is None:
            return None
        made.kind = _KIND.get(head.category, "group")
        if head.category in ("person", "official", "source", "member") and made.shape in ("ms", "fs", ""):
            made.kind = "person" if self._singular(made) else "group"
        own = None if head.sector == "=" else head.sector
        if made.sector is None:
            made.sector = own
        if body is not None and body.sector and (head.category == "facility" or (head.sector == "=" and head.category in ("member", "unit"))):
            made.sector = body.sector
        elif head.sector == "=" or own is None or (head.link and body is not None and body.form in ("known", "short")):
            made.sector = (body.sector if body is not None and body.sector else None) or made.sector
        if head.category == "force" and own == "MIL" and body is not None and body.sector in ("REB", "PRM"):
            made.sector = body.sector
        if head.category in ("armed", "people") and not head.link and body is not None and body.sector in _SPREADS:
            made.sector = body.sector
        if made.sector == "UAF" and made.nisbas:
            # armed men of a told nation are no longer unidentified
            made.sector = "REB"
        if made.sector is None and head.sector == "=" and head.category == "unit" and made.nisbas:
            made.sector = "MIL"
        if head.form in _NATION and not made.nisbas:
            made.country = made.country or _NATION[head.form]
        if head.category == "facility" and made.sector is None and body is None and not made.nisbas:
            return None
        made.country = made.nisbas[0] if made.nisbas else made.country or self._country(made)
        if head.link and made.inner and made.inner[0].form == "known" and made.inner[0].ref is not None and not made.nisbas:
            made.ref = made.inner[0].ref
            made.kind = made.inner[0].kind
            made.form = "known"
            made.refs = made.inner[0].refs
            made.sector = made.inner[0].sector
        if made.kind == "armed_group" and made.sector not in ("REB", "PRM", "UAF", "CRM", "MIL", None):
            made.kind = "organisation"
        elif head.link and made.inner and made.inner[0].form == "short" and len(made.inner[0].refs) == 1 and not made.nisbas:
            # «حركة فتح»: the head makes a short form plain
            actor = self.base.actors[made.inner[0].refs[0] >> 3]
            made.ref, made.form, made.refs = made.inner[0].refs[0] >> 3, "known", [made.inner[0].refs[0] // 8 * 8 + ACTOR]
            made.kind, made.country, made.sector = actor.kind, actor.country, actor.sector
        made.head = made.head or (made.start, made.end)
        made.rules.append(f"head:{head.form}")
        if made.person is not None:
            made.kind = "person"
        return made

    def _settle_title(self, made: Parsed, body: Parsed | None) -> Parsed | None:
        title = made.title
        assert title is not None
        made.form = "title"
        made.kind = "person" if title.shape[1:] == "s" or made.person is not None else "group"
        sector = title.sector
        if made.noun is not None and made.sector:
            sector = made.sector
        weak = title.kind in ("profession", "honorific") or not sector or title.office in _BODY_OFFICES
        if body is not None and body.sector and (weak or not sector):
            sector = body.sector
        elif body is not None and body.sector and body.form in ("title", "known", "group") and self.words.bare[made.first] in _DEPUTIES and (
            made.first + 1 == body.first
        ):
            # a deputy of somebody, not a deputy in parliament
            sector = body.sector
        if "former" in made.rules and sector in ("GOV", "MIL", "LEG", "JUD", "COP", "SPY"):
            sector = "PRE"
        made.sector = sector or made.sector
        made.country = made.nisbas[0] if made.nisbas else made.country or self._country(made)
        if made.person is None:
            if title.kind == "honorific" and not made.inner:
                return None
            made.head = (made.start, made.end)
            made.role = (made.start, made.end)
        made.rules.append(f"title:{title.english or title.arabic}")
        return made

    @staticmethod
    def _country(made: Parsed) -> str | None:
        named = made.noun is not None and made.noun.link and made.noun.category == "armed"
        return next((p.country for p in made.inner if p.country and not (named and p.form == "place")), None)

    def _singular(self, made: Parsed) -> bool:
        form = made.key.split()[0]
        return not form.endswith(("ون", "ين", "ات", "ان")) and made.noun is not None and form == made.noun.form.split()[0]

    # ---- nationalities

    def _nisba_noun(self, i: int, limit: int) -> Parsed | None:
        """«الفلسطينيون», «عراقيين»: a nisba in the plural that stands for people; a singular one only after a count."""
        token, bare = self.tokens[i], self.words.bare[i]
        found = self.base.nisba.get(bare)
        if found is None or found[2] or found[1] not in ("mp", "md", "fp", "fd"):
            return None
        if i > 0 and self._modifies(i):
            return None
        made = Parsed(i, i + 1, token.stem_start, token.end, "nisba", "group", found[0], "CVL", key=bare, definite=token.definite)
        made.head = (made.start, made.end)
        made.nisbas = [found[0]]
        made.shape = found[1]
        made.rules = ["nisba:people"]
        return made

    def _modifies(self, i: int) -> bool:
        """Whether the adjective at i can belong to the word before it."""
        token, before = self.tokens[i], self.tokens[i - 1]
        if token.proclitics or before.kind != "word" or is_particle(before.norm):
            return False
        if before.pos in ("VERB", "AUX", "ADP", "NUM"):
            return False
        if before.definite != token.definite and before.enclitic is None:
            return False
        return before.norm.endswith(("ين", "ون", "ات", "ان")) or before.pos in ("NOUN", "ADJ")


_KIND = {"force": "organisation", "unit": "group", "org": "organisation", "armed": "armed_group", "people": "group", "person": "person", "official": "person",
         "source": "group", "member": "group", "count": "group", "hardware": "group", "facility": "facility", "state": "state"}  # fmt: skip
#: heads that can only be of one nation in the news
_NATION = {"مستوطن": "ISR"}
#: sectors that people of a body take from it
_SPREADS = frozenset({"REB", "PRM", "MIL", "COP", "PTY", "SPY"})
#: offices whose sector is that of the body they serve
_BODY_OFFICES = frozenset({"spokesperson", "commander", "leader", "party_leader", "secretary_general", "adviser", "director_general"})
