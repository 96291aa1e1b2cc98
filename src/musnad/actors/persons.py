"""Persons: names that the base lacks, names behind titles, titles behind names."""

from __future__ import annotations

from musnad.actors.build import ACTOR, CAPITAL, HEAD, SHORT, STATE, TITLE
from musnad.actors.parsed import (
    CLOSING,
    DEPUTIES,
    HONOUR,
    MEDIA,
    NAME_LINKS,
    OPENING,
    TITLE_TAIL,
    Parsed,
    Reader,
)
from musnad.language.chunks import is_particle


class Persons(Reader):
    """Reads the names of persons and the titles around them."""

    def starts_person(self, j: int, limit: int) -> bool:
        if j >= limit:
            return False
        name = self.names.get(j)
        if name is not None and name.kind == "PERS":
            return True
        return (self.words.bare[j] in self.base.given or self.words.keys[j] in self.base.given) and not self.words.definite[j]

    def common_word(self, i: int, last: int, refs: list[int]) -> bool:
        """Whether a short name is rather a given name or a common word here («شكر», «عبد الرحمن», «الوطن»)."""
        kind = self.base.actors[refs[0] >> 3].kind
        token = self.tokens[i]
        if kind == "outlet":
            # an outlet only in quotation marks or behind its general word
            before = self.tokens[i - 1] if i else None
            return before is None or (before.text not in OPENING and self.words.bare[i - 1] not in MEDIA)
        if kind != "person":
            return False
        if last == i + 1 and self.words.everyday(i):
            return True
        if self.words.definite[i]:
            return token.pos in ("NOUN", "ADJ") and last == i + 1 and self.words.everyday(i)
        if token.pos not in ("PROPN", "X") and last == i + 1:
            return True
        return self.words.keys[i] in self.base.listed or self.words.stems[i] in self.base.listed

    def glued(self, k: int) -> bool:
        """Whether a conjunction or preposition stands before the word, and is not the first letter of a name («باراك»)."""
        return self.words.glued[k] and self.words.keys[k] not in self.base.given

    def person(self, j: int, limit: int, after_title: bool = False) -> Parsed | None:
        """A person's name that begins at token j and is not in the base."""
        tokens, bare, given = self.tokens, self.words.bare, self.base.given
        token = tokens[j]
        name = self.names.get(j)
        if name is not None and name.kind == "PERS" and name.last > j + 1 and self.words.nameness(j) < 2:
            told = self.alias(j + 1)
            if told is not None and told.last == name.last:
                # «وقلد زيلينسكي»: the model took the verb for a name
                return None
        if name is not None and name.kind == "PERS" and name.last < limit and self._family_follows(j, name.last, limit):
            return self._named(j, name.last + 1, name.start, tokens[name.last].end, "model:PERS")
        if (
            name is not None
            and name.kind == "PERS"
            and name.last <= limit
            and (
                name.last > j + 1 or j + 1 >= limit or not self.opens_name(j, limit, after_title) or not self._extends_name(j, j + 1, limit)
            )
        ):
            return self._named(j, name.last, name.start, name.end, "model:PERS")
        if token.kind == "latin":
            return None
        if not self.opens_name(j, limit, after_title) or (
            not after_title and self.words.keys[j] not in self.base.listed and self._is_town(j, limit)
        ):
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

    def opens_name(self, j: int, limit: int, after_title: bool) -> bool:
        """Whether the word at j can be a first name: one of the list, or after a title a word that is used as one or is unknown."""
        token = self.tokens[j]
        ali = after_title and self.words.stems[j] == "علي" and not token.text.endswith("ى")
        if (
            token.kind != "word"
            or self.words.definite[j]
            or (is_particle(token.norm) and not ali)
            or self.words.bare[j] in ("وادي", "جبل", "حي")
        ):
            return False
        if not after_title and token.pos in ("VERB", "AUX") and j not in self.names:
            # «وأمر شاهين», «حكمت محكمة»
            return False
        if (
            not after_title
            and token.pos == "NOUN"
            and self.words.everyday(j)
            and (j + 1 >= limit or (self.words.nameness(j + 1) == 0 and self.tokens[j + 1].pos != "PROPN"))
        ):
            # «بيان نشره», «صدام مسلح»
            return False
        known = self.words.nameness(j)
        if known >= 2:
            return (
                after_title or self.words.keys[j] in self.base.given or self.words.bare[j] in self.base.given or token.pos in ("PROPN", "X")
            )
        verb = token.pos in ("VERB", "AUX", "ADP") and not (known >= 1 and j + 1 in self.names and self.names[j + 1].kind == "PERS")
        if not after_title or token.proclitics or self.words.bare[j] in self.base.phrases or verb:
            return False
        if (
            self.words.bare[j] in self.base.adjectives
            or self.words.bare[j] in TITLE_TAIL
            or (self.words.bare[j].endswith("ا") and known == 0)
        ):
            return False
        if known >= 1:
            return True
        # a common word only where a family name follows
        return j + 1 < limit and self.words.nameness(j + 1) >= 1 and not self.glued(j + 1) and not is_particle(self.tokens[j + 1].norm)

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
        if key in given or key in NAME_LINKS or before in NAME_LINKS:
            return not (token.conjunction and key not in given)
        known = 2 if key in self.base.parts and bare not in self.base.phrases else words.nameness(k)
        # «عبد الفتاح» is one name: the family name is still to come
        units = sum(t == j or words.keys[t - 1] not in NAME_LINKS for t in range(j, k) if words.keys[t] not in NAME_LINKS or t == j)
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
        return (
            second
            and (not bare.endswith("ا") or token.pos == "PROPN")
            and (token.pos in ("PROPN", "ADJ", "X") or (token.pos != "NOUN" and self._clause_follows(k, limit)))
            and words.nameness(j) >= 2
        )

    def _family_follows(self, j: int, k: int, limit: int) -> bool:
        """Whether a family name that the model left out follows at k («أبو عبيدة الشامي»)."""
        if not self.words.definite[k] or self.words.glued[k] or not self.words.bare[k].endswith("ي") or self.tokens[k].kind != "word":
            return False
        nation = self.base.nisba.get(self.words.bare[k])
        return nation is None and self.words.bare[k] not in self.base.phrases and self.words.nameness(k) >= 1

    def _is_town(self, j: int, limit: int) -> bool:
        """Whether a large place begins at j."""
        town = self.plain_place(j, limit)
        return town is not None

    def _names_office(self, k: int, limit: int) -> bool:
        """Whether a title of two words or more, or with a complement, begins at k («وزير الداخلية»)."""
        hit = self.words.phrase(self.base.phrases, k, limit)
        return (
            hit is not None and any(r & 7 == TITLE for r in hit[1]) and (hit[0] > k + 1 or (k + 1 < limit and self.words.definite[k + 1]))
        )

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
        if bare in self.base.phrases or bare in self.base.adjectives or bare in TITLE_TAIL:
            return True
        return self.tokens[k].pos in ("NOUN", "ADJ", "VERB", "ADP", "ADV") and not self.tokens[k].definite

    def _named(self, first: int, last: int, start: int, end: int, rule: str) -> Parsed:
        made = Parsed(first, last, start, end, "person", "person", key=self.words.bare[first], definite=True, rules=[rule])
        made.head = made.person = (start, end)
        return made

    def model_name(self, i: int) -> Parsed | None:
        name = self.names.get(i)
        if name is None or name.kind not in ("ORG", "LOC"):
            return None
        kind = "organisation" if name.kind == "ORG" else "place"
        made = Parsed(
            i, name.last, name.start, name.end, "place" if kind == "place" else "known", kind, key=self.words.bare[i], definite=True
        )
        made.head = (name.start, name.end)
        made.rules = [f"model:{name.kind}"]
        return made

    def name_after(self, made: Parsed, limit: int) -> None:
        """The name that a title stands before: «رئيس الوزراء محمد …», «نائبة …، سابرينا سينغ»."""
        if made.title is None and not (made.noun is not None and made.noun.category in ("person", "official", "member", "people")):
            return
        if made.title is None and (made.noun is None or self.words.bare[made.first] != made.noun.form):
            # names stand behind a noun in the singular
            return
        j = made.last
        comma = j < limit and self.tokens[j].text in ("،", ",")
        if comma:
            j += 1
        quote = j < limit and self.tokens[j].text in OPENING
        if quote:
            j += 1
        if j >= limit or self.glued(j):
            hit = self.words.name(self.base.names, j, limit) if j < limit else None
            if hit is None or hit[2] > self.tokens[j].start:
                return
        j = self._second_title(j, limit)
        person = self.known_person(j, limit)
        if person is None and not (comma and not self.starts_person(j, limit)):
            office = made.title is not None and made.title.kind in ("office", "rank", "honorific", "profession")
            person = self.person(j, limit, after_title=office and not comma)
        if person is None:
            return
        last = person.last
        if quote and last < limit and self.tokens[last].text in CLOSING:
            last += 1
        if comma and person.ref is None and self._another_role(last, limit):
            return
        made.role = (made.start, made.end)
        made.last, made.end = last, self.end(last)
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
        if hit is None or (
            self.words.bare[j] not in HONOUR
            and not any(r & 7 == TITLE and self.base.titles[r >> 3].kind in ("honorific", "rank") for r in hit[1])
        ):
            return j
        known = self.known_person(hit[0], limit)
        return hit[0] if known is not None or (hit[0] < limit and self.opens_name(hit[0], limit, True)) else j

    def _another_role(self, j: int, limit: int) -> bool:
        """«، اللواء فلان قائد»: a name after a comma that has a title of its own behind it is another person."""
        hit = self.words.phrase(self.base.phrases, j, limit) if j < limit else None
        return hit is not None and any(r & 7 == TITLE for r in hit[1])

    def known_person(self, j: int, limit: int) -> Parsed | None:
        hit = self.words.name(self.base.names, j, limit) if j < limit else None
        if hit is None:
            return None
        last, refs, start = hit
        people = [r for r in refs if r & 7 in (ACTOR, SHORT) and self.base.actors[r >> 3].kind == "person"]
        if people and all(r & 7 == SHORT for r in people) and self.words.definite[j] and self.common_word(j, last, people):
            return None
        if not people or (
            people[0] & 7 == SHORT
            and last == j + 1
            and last < limit
            and self.starts_person(j, limit)
            and self._extends_name(j, last, limit)
        ):
            return None
        made = Parsed(j, last, start, self.end(last), "known", "person", refs=people)
        made.head = made.person = (made.start, made.end)
        if people[0] & 7 == ACTOR:
            made.ref = people[0] >> 3
        made.rules = ["name:known"]
        return made

    def apposition(self, made: Parsed, limit: int, depth: int) -> Parsed:
        """A title behind a name: «محسن الفضلي، زعيم جماعة خراسان», «إياد علاوي نائب الرئيس العراقي»."""
        if made.kind != "person" or made.form not in ("person", "known", "title") or depth > 1:
            return made
        j = made.last
        if j < limit and self.tokens[j].text in ("،", ","):
            j += 1
        if j < limit and self.words.bare[j] in ("احد", "احدي", "ابرز") and not self.words.definite[j]:
            # «فلان أحد قادة الحركة»
            return self._one_of(made, j + 1, limit, depth)
        if j >= limit or self.tokens[j].proclitics or is_particle(self.tokens[j].norm):
            return made
        hit = self.words.phrase(self.base.phrases, j, limit)
        if hit is None or self.is_verb(j):
            return made
        hit = self.short_title(j, hit, limit, depth + 2)
        titles = [self.base.titles[r >> 3] for r in hit[1] if r & 7 == TITLE]
        offices = [h for h in (self.base.heads[r >> 3] for r in hit[1] if r & 7 == HEAD) if h.category in ("member", "official", "person")]
        if (not titles and not offices) or (titles and titles[0].kind == "honorific"):
            return made
        role = self.general(j, hit[0], hit[1], limit, depth + 2)
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
        elif role.sector and role.title is not None and role.title.kind == "office":
            made.sector = role.sector
        made.rules = [*made.rules, "apposition"]
        return made

    def _one_of(self, made: Parsed, j: int, limit: int, depth: int) -> Parsed:
        group = self.read(j, limit, depth + 2) if j < limit else None
        if (
            group is None
            or group.person is not None
            or not (group.sector or group.country)
            or group.form not in ("title", "group", "known")
        ):
            return made
        made.role = made.role or (group.start, group.end)
        made.last, made.end = group.last, group.end
        made.inner = [*made.inner, *group.inner]
        if made.ref is None:
            made.country, made.sector = group.country or made.country, group.sector or made.sector
        made.rules = [*made.rules, "apposition"]
        return made

    def take_name(self, made: Parsed, inner: Parsed) -> None:
        """«نائبة المتحدث …، ماري كلارك»: the name behind an inner title is the deputy's own."""
        if inner.form != "title" or inner.person is None or inner.role is None or made.title is None:
            return
        comma = any(self.tokens[k].text in ("،", ",") for k in range(inner.first, inner.last))
        if self.words.bare[made.first] not in DEPUTIES and not comma:
            return
        made.person, made.head, made.ref, made.refs = inner.person, inner.person, inner.ref, inner.refs
        made.role = (made.start, inner.role[1])
        inner.person, inner.ref, inner.refs, inner.head = None, None, [], inner.role
        inner.end = inner.role[1]
        inner.last = next(k for k in range(inner.first, inner.last) if self.tokens[k].end >= inner.end) + 1
