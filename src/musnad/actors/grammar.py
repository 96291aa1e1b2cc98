"""Reading one noun phrase that names an actor: known names, states, titles with names, heads with nisba or idafa, persons."""

from __future__ import annotations

from dataclasses import replace

from musnad.actors.build import ACTOR, CAPITAL, HEAD, LOOSE, SEAT, SHORT, STATE, TITLE
from musnad.actors.kb import LAND, NAME, PHRASE, PLACE, TYPED
from musnad.actors.parsed import (
    ALIASED,
    ATTACHED,
    CLOSING,
    CRAFT,
    DEPTH,
    FORMER,
    NEVER,
    OPENING,
    OTHER,
    PARTS_OF,
    REACH,
    TITLE_TAIL,
    VERB_LIKE,
    Parsed,
)
from musnad.actors.settle import Settling
from musnad.language.chunks import ends_phrase, is_particle


class Grammar(Settling):
    """Reads phrases of one article against a base."""

    def read(self, i: int, limit: int, depth: int = 0) -> Parsed | None:
        """The actor phrase that begins at token i, or None."""
        limit = min(limit, i + REACH)
        return self._read(i, limit, depth)

    def _read(self, i: int, limit: int, depth: int) -> Parsed | None:
        if i >= limit or depth > DEPTH:
            return None
        opens = self.opens[i]
        if opens == NEVER:
            return None
        words, aliased = self.words, self.aliased
        key = words.keys[i]
        named = key in aliased or words.stems[i] in aliased
        if opens == ALIASED and not (named and self.may_open(i)):
            return None
        token = self.tokens[i]
        if key == "ام" and token.kind == "word" and is_particle(token.norm):
            town = self.plain_place(i, limit)
            return town if town is not None and town.last > i + 1 else None
        can = self.can[i]
        land = self.land(i) if can & LAND else None
        if land is None and can & TYPED:
            land = self.same_place(i, limit)
        if land is not None:
            return land
        known = self._known(i, limit) if can & NAME else None
        place = self.typed_place(i, limit) if can & TYPED else None
        if place is not None and (known is None or known.last < place.last or known.form in ("short", "loose")):
            return place
        alias = self.alias(i) if named else None
        if alias is not None and alias.last <= limit and (known is None or known.last <= alias.last):
            return alias
        phrase = words.phrase(self.base.phrases, i, limit) if can & PHRASE else None
        general: Parsed | None = None
        town = self.plain_place(i, limit) if can & PLACE and (known is None or known.last == i + 1) else None
        name_end = town.last - len(town.nisbas) if town is not None else i
        if (
            town is not None
            and town.last > i + 1
            and (phrase is None or phrase[0] < name_end or name_end == i + 1)
            and (known is None or town.last > known.last)
            and not self.is_verb(i)
        ):
            return town
        if phrase is not None and key in self.base.given:
            person = self.person(i, limit)
            if person is not None and (known is None or known.last < person.last):
                return self.apposition(person, limit, depth)
        if phrase is not None and not self.is_verb(i) and not (phrase[0] == i + 1 and self._is_adjective(i)):
            general = self.general(i, *self.short_title(i, phrase, limit, depth), limit, depth)
        if known is not None and (general is None or known.last >= general.last or (known.form == "known" and not general.person)):
            if general is not None and known.form in ("short", "loose") and general.last >= known.last and general.form == "title":
                return general
            if general is None or known.form != "short" or known.last > general.last:
                return self.apposition(known, limit, depth)
            general.refs = general.refs or known.refs
        if general is not None:
            return general
        person = self.person(i, limit)
        if person is not None:
            return self.apposition(person, limit, depth)
        # nothing of the base is known here, so the place was looked up above
        return self._nisba_noun(i, limit) or town or self.model_name(i)

    def short_title(self, i: int, phrase: tuple[int, list[int]], limit: int, depth: int) -> tuple[int, list[int]]:
        """«زعيم جماعة خراسان»: a listed title whose last word begins a longer name gives that word back."""
        end = phrase[0]
        if (
            end - i < 2
            or end >= limit
            or not any(
                r & 7 == HEAD and self.base.heads[r >> 3].link and self.base.heads[r >> 3].sector not in ("GOV", "LEG", "JRN")
                for r in self.base.phrases.get(self.words.bare[end - 1], {}).get("", ())
            )
        ):
            return phrase
        inner = self.read(end - 1, limit, depth + 1)
        if inner is None or inner.last <= end or not self._is_body(inner):
            return phrase
        return self.words.phrase(self.base.phrases, i, end - 1) or phrase

    def is_verb(self, i: int) -> bool:
        token = self.tokens[i]
        if self.words.bare[i] in VERB_LIKE and not token.definite and token.enclitic is None:
            return (
                i == 0
                or self.tokens[i - 1].sentence != token.sentence
                or self.tokens[i - 1].kind == "punct"
                or token.conjunction is not None
            )
        return token.pos in ("VERB", "AUX") and not token.definite

    def _is_adjective(self, i: int) -> bool:
        """A head that is also an adjective, behind the noun it describes: «التواجد العسكري»."""
        bare = self.words.bare[i]
        if i > 0 and self.tokens[i].pos == "ADJ" and self._is_attribute(i):
            return True
        if i == 0 or (bare not in self.base.adjectives and bare not in self.base.nisba and bare not in self.base.bands):
            return False
        token, before = self.tokens[i], self.tokens[i - 1]
        if token.proclitics or before.kind != "word" or is_particle(before.norm) or before.pos in ("VERB", "AUX", "ADP", "NUM"):
            return False
        if before.sentence != token.sentence or before.definite != token.definite or before.enclitic is not None:
            return False
        if bare.endswith("ون"):
            return before.norm.endswith(("ون", "ان", "ات"))
        if bare.endswith("ين"):
            return before.norm.endswith(("ين", "ات"))
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
        if last == i + 1 and self.is_verb(i) and not any(r & 7 in (STATE, CAPITAL) for r in refs):
            # «أفاد» is a verb, and a Turkish agency
            return None
        if (
            last == i + 1
            and self.tokens[i].pos in ("NOUN", "ADJ")
            and self.words.everyday(i)
            and all(r & 7 in (CAPITAL, SHORT) for r in refs)
            and (any(r & 7 == CAPITAL for r in refs))
        ):
            # «سيول» are floods before they are Seoul
            return None
        made = Parsed(i, last, start, self.end(last), "known", "organisation", refs=refs, key=self.words.bare[i], definite=True)
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
            if self.common_word(i, last, refs):
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

    def _set_state(self, made: Parsed, ref: int, form: str) -> None:
        state = self.base.states[ref >> 3]
        made.form, made.kind, made.ref, made.country, made.sector = form, "state", ref >> 3, state.country, "GOV"

    # ---- heads and titles

    def general(self, i: int, j: int, refs: list[int], limit: int, depth: int) -> Parsed | None:
        token = self.tokens[i]
        titles = [self.base.titles[r >> 3] for r in refs if r & 7 == TITLE]
        if "آ" not in token.text:
            # الأمر is no الآمر
            titles = [t for t in titles if "آ" not in t.arabic]
        titles = [t for t in titles if (self.words.definite[i] or not t.article) and not (t.office == "governor" and t.shape == "fs")]
        heads = [
            h for h in (self.base.heads[r >> 3] for r in refs if r & 7 == HEAD) if self.words.definite[i] or token.enclitic or not h.article
        ]
        if (
            ("آ" in token.text[:3] and self.words.bare[i] == "امن")
            or (self.words.definite[i] and self.words.bare[i] in self.base.construct)
        ) and j == i + 1:
            heads = []
        if (not titles and not heads) or (heads and heads[0].category == "skip"):
            return None
        bare = self.words.bare[i]
        if (
            j == i + 1
            and token.pos == "ADJ"
            and not self.words.definite[i]
            and bare.endswith(("ي", "يه"))
            and bare in self.base.adjectives
            and (i > 0 and (self.tokens[i - 1].pos in ("NOUN", "ADJ") or token.conjunction is not None))
            and (not heads or heads[0].category != "armed" or self.words.bare[i - 1] in self.base.force_events)
        ):
            # «دوافع سياسية», «هجوم إرهابي»
            return None
        if bare in PARTS_OF and not self.words.definite[i]:
            # «غرب كركوك» is a direction, «الغرب» the West
            return None
        folk = heads and not titles and j == i + 1 and (bare in self.base.bands or bare in self.base.nisba)
        if folk and not token.definite and not bare.endswith(("ين", "ون", "ات", "ان", "يي", "يو")):
            return None
        made = Parsed(i, j, token.stem_start, self.end(j), "group", "group", key=" ".join(self.words.bare[i:j]))
        made.noun = heads[0] if heads else None
        made.title = titles[0] if titles else None
        if made.title is not None:
            made.shape = made.title.shape
        made.definite = any(self.words.definite[k] or self.tokens[k].enclitic is not None for k in range(i, j))
        if self.tokens[j - 1].norm in ("باسم", "لدي"):
            # «المتحدث باسم …»: what follows completes it
            made.definite = False
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
        if (
            j - i > 1
            and (self.tokens[j - 1].pos in ("ADJ", "X") or tail.endswith(("ون", "ين")))
            and (tail in self.base.adjectives or tail in TITLE_TAIL)
        ):
            made.adjective = True
        body = self._body_in_title(made, i, j, limit) if made.title is not None and j - i > 2 else None
        self._complements(made, limit, depth)
        if body is not None:
            body.country = body.country or (made.nisbas[0] if made.nisbas else None)
            made.inner.append(body)
        self.name_after(made, limit)
        settled = self.settle(made)
        if settled is None:
            return None
        if settled.person is not None:
            return self.apposition(settled, limit, depth)
        if settled.form == "group" and depth == 0:
            self._wing(settled, limit, depth)
        if settled.form == "group" and depth == 0 and not settled.nisbas:
            self._attached(settled, limit, depth)
        if settled.country is None and settled.noun is not None and depth == 0:
            self._where(settled, limit, depth)
        return settled

    def _body_in_title(self, made: Parsed, i: int, j: int, limit: int) -> Parsed | None:
        """«رئيس [مجلس القيادة الرئاسي]»: the body that a listed title names, as a phrase of its own."""
        hit = self.words.name(self.base.names, i + 1, min(j, limit))
        if hit is None or hit[0] != j:
            return None
        found = self._known(i + 1, j)
        return found if found is not None and found.kind == "organisation" and found.form in ("known", "short") else None

    def _wing(self, made: Parsed, limit: int, depth: int) -> None:
        """«قوات …، الجناح العسكري لحزب …»: a body told by the one it belongs to."""
        j = made.last
        if j < limit and self.tokens[j].text in ("،", ","):
            j += 1
        if j >= limit or self.words.bare[j] not in ("جناح", "ذراع") or not self.tokens[j].definite:
            return
        hit = self.words.phrase(self.base.phrases, j, limit)
        role = self.general(j, hit[0], hit[1], limit, depth + 2) if hit is not None else None
        body = next((p for p in role.inner if p.sector), None) if role is not None else None
        if role is None or body is None:
            return
        made.last, made.end, made.inner = role.last, role.end, [*made.inner, body]
        made.country, made.sector = body.country, body.sector
        made.kind = "armed_group" if body.sector in ("REB", "PRM") else made.kind
        made.rules.append("apposition")

    def _attached(self, made: Parsed, limit: int, depth: int) -> None:
        """«عناصر … التابعة لوزارة الداخلية», «متشددين موالين لطالبان»: country and sector of the body, outside the span."""
        j = made.last
        if j + 1 >= limit or self.words.bare[j] not in ATTACHED:
            return
        k = j + 1
        if self.tokens[k].norm in ("من", "الي", "علي"):
            k += 1
        elif self.tokens[k].preposition is None:
            return
        body = self.read(k, limit, depth + 2) if k < limit else None
        if body is None or not self._is_body(body):
            return
        own = self.words.bare[j].startswith(("تابع", "منتم"))
        if own or body.kind == "armed_group":
            made.country = made.country or body.country
            if body.sector and (own or made.sector in (None, "UAF")):
                made.sector = body.sector
            made.rules.append("attached")

    def _where(self, made: Parsed, limit: int, depth: int) -> None:
        """«المتظاهرون في إسطنبول», «القوى … في العراق»: the country of a place that follows, outside the span."""
        j = made.last
        if j + 1 >= limit or self.tokens[j].norm not in ("في", "من"):
            return
        if any(p.form in ("known", "group") and p.sector for p in made.inner):
            return
        away = self.tokens[j].norm == "من"
        j += 1
        while j + 1 < limit and self.words.bare[j] in PARTS_OF:
            j += 1
        inner = self.read(j, limit, depth + 1)
        made.where = j
        if (
            inner is not None
            and inner.form in ("state", "capital", "place")
            and inner.country
            and not (away and made.noun is not None and (made.noun.category != "people"))
        ):
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
            made.last, made.end = j, self.end(j)

    def _complement(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        token, bare = self.tokens[j], self.words.bare[j]
        closed = made.definite
        if token.text in OPENING or (token.text == "(" and not closed and made.noun is not None and made.noun.link):
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
            if (
                self.words.definite[j] == closed
                and (bare in self.base.adjectives or bare in TITLE_TAIL or bare in self.base.foreign)
                and not (bare in ("خاصه", "عامه") and not closed)
            ):
                self._adjective(made, bare)
                return j + 1
            if (
                not closed
                and not self.words.definite[j]
                and token.pos == "ADJ"
                and token.enclitic is None
                and (self.words.nameness(j) == 0 and self._plain_adjective(j, limit))
            ):
                made.adjective = True
                return j + 1
            if (
                closed
                and self.words.definite[j]
                and token.pos == "ADJ"
                and bare not in self.base.phrases
                and self._plain_adjective(j, limit)
            ):
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
        if bare in OTHER:
            made.rules.append("other")
        if bare in self.base.foreign:
            made.foreign = True
        sector = self.base.adjectives.get(bare)
        wins = made.key.split()[0] in self.base.adjective_wins or (made.noun is not None and made.noun.form in self.base.adjective_wins)
        if sector and made.sector is None and (wins or made.noun is None or not made.noun.sector):
            made.sector = sector
            made.rules.append(f"adjective:{sector}")
        if bare in FORMER and made.title is not None:
            made.rules.append("former")

    def _quoted(self, made: Parsed, j: int, limit: int, depth: int) -> int:
        """«تنظيم "داعش"»: a short quoted name continues the head."""
        for k in range(j + 1, min(j + 7, limit)):
            if self.tokens[k].text in CLOSING or self.tokens[k].text == ")":
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
        if made.title is None and made.noun is not None and made.noun.category == "hardware" and self.words.bare[j] not in CRAFT:
            return j
        if made.noun is not None and made.last == made.first + 1 and self._sound_plural(made.first, made.noun.form):
            return j
        inner = self.read(j, limit, depth + 1)
        if (
            inner is not None
            and not (inner.form == "person" and made.title is not None)
            and not (inner.form == "known" and inner.kind == "person" and made.title is not None)
        ):
            made.inner.append(inner)
            made.definite = inner.definite or inner.form not in ("group",)
            self.take_name(made, inner)
            return inner.last
        if inner is not None:
            return j
        if made.title is None and made.noun is None:
            return j
        if (
            not token.definite
            and token.enclitic is None
            and len(self.tokens) > j
            and made.noun is not None
            and made.title is None
            and (made.noun.category in ("people", "armed", "person", "source", "hardware"))
        ):
            # «جندي قتل», «متظاهرون رفعوا»: an unknown indefinite word after people is no genitive
            return j
        if self.starts_person(j, limit):
            return j
        if not token.definite and token.enclitic is None and token.pos not in ("NOUN", "PROPN", "ADJ", "X"):
            return j
        if not token.definite and token.enclitic is None and (token.pos == "X" or token.kind == "latin") and not (made.title or made.noun):
            return j
        if self.words.definite[j] or token.enclitic is not None or token.pos == "PROPN":
            made.definite = True
        made.nouns += 1
        return j + 1

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
        if (
            token.preposition == "ل"
            and token.conjunction is None
            and (made.title is not None or category in ("member", "unit", "org", "official", "facility", "force"))
        ):
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
        if (
            token.norm in ("في", "لدي")
            and j + 1 < limit
            and (made.title is not None or category in ("member", "official", "source", "people", "armed", "person"))
        ):
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

    def second_nation(self, made: Parsed, i: int) -> Parsed | None:
        """«الحكومتين التركية والقطرية»: the second adjective stands for a body of its own."""
        token = self.tokens[i]
        found = self.base.nisba.get(self.words.bare[i])
        if found is None or token.conjunction is None or not self.words.definite[i] or found[0] in made.nisbas:
            return None
        second = replace(made, first=i, last=i + 1, start=token.stem_start, end=token.end, country=found[0], nisbas=[found[0]], form="group",
                         head=(token.stem_start, token.end), role=None, person=None, refs=[], ref=None, inner=[], rules=["second-nation"])  # fmt: skip
        return second if second.noun is not None else None

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
