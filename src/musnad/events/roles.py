"""Who did it and to whom: actors and recipients of a verb, a masdar or an event noun, from the phrases of its clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from musnad.actors import find
from musnad.events.clauses import NOMINAL, PRONOUNS, Clauses, Phrase
from musnad.events.frames import Frame, Word
from musnad.language.letters import fold
from musnad.record import Mention

#: mention kinds that can act
_ACTING = frozenset({"person", "organisation", "armed_group", "state", "group", "outlet"})
_ABSTRACT = 4  # how far left of an event noun its governing verb is looked for, beside quantifiers
_RECIPIENT_VERBS = frozenset({"V:استهدف", "V:أصاب", "V:ضرب", "V:طال", "V:أوقع", "V:دمّر"})


@dataclass(slots=True)
class Roles:
    """What was found for one trigger. ``rules`` say which construction gave each slot; ``used`` are verbs that only served it."""

    actors: list[Mention] = field(default_factory=list)
    recipients: list[Mention] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    governor: int | None = None
    phrases: int = 0

    def actor(self, mention: Mention | None, rule: str) -> None:
        """Add an actor that is not there yet."""
        if mention is not None and all(m.id != mention.id for m in self.actors):
            self.actors.append(mention)
            self.rules.append(f"actor={mention.text[:40]}|{rule}")

    def recipient(self, mention: Mention | None, rule: str) -> None:
        """Add a recipient that is not there yet and is no actor."""
        if mention is not None and all(m.id != mention.id for m in self.recipients + self.actors):
            self.recipients.append(mention)
            self.rules.append(f"recipient={mention.text[:40]}|{rule}")


class Arguments:
    """Finds roles in one article; keeps the subjects of the verbs it has read."""

    def __init__(self, clauses: Clauses) -> None:
        self.clauses = clauses
        self.analysis = clauses.analysis
        self.light = clauses.lexicon.light
        state: Any = self.analysis.notes.get("actors")
        self.nisba: Any = state.grammar.base.nisba if state is not None else {}
        self.notes: Any = state.by_mention if state is not None else {}
        self.announcing = frozenset(n for v in ("أعلن", "أكّد", "شهد", "تابع") if (n := clauses.lexicon.names.get("V:" + v)) is not None)
        self.recent: list[Mention] = []  # recipients of the event before, for object pronouns
        self.subjects: dict[int, list[Mention]] = {}
        self._targets = clauses.lexicon.words.get("targets", frozenset())

    # -- mentions

    def is_nisba(self, i: int) -> bool:
        """Whether the word at token i is an adjective of a country («الإسرائيلي», «عراقيا»)."""
        key = fold(self.clauses.tokens[i].bare, "search")
        return key in self.nisba or (key.endswith("ا") and key[:-1] in self.nisba)

    def mentions(self, phrase: Phrase | None, *, actor: bool) -> list[Mention]:
        """The actors that a phrase names: one for each member that can be one."""
        if phrase is None:
            return []
        out = []
        for first, last in phrase.members:
            found = self.mention(first, last, actor=actor)
            if found is not None:
                out.append(found)
        return out

    def mention(self, first: int, last: int, *, actor: bool) -> Mention | None:
        """The actor named by tokens [first, last), or None where they name none."""
        c = self.clauses
        if c.norms[first] in PRONOUNS:
            found = find.resolve_pronoun(self.analysis, first)
            return self._acting(found, actor=actor) if found is not None else None
        start = first
        while start + 1 < last and (c.counted(start) or (start > first and c.norms[start] == "من")):
            start += 1
        inside = find.mentions_in(self.analysis, first, last)
        covering = find.mention_at(self.analysis, first)
        if covering is not None and (not inside or covering.id != inside[0].id) and covering.start < self.analysis.tokens[first].stem_start:
            # the phrase lies inside a wider mention
            inside = inside or [covering]
        if inside:
            at = self.analysis.token_at(inside[0].start)
            if at <= start:
                return self._acting(inside[0], actor=actor)
        head = c.tokens[start]
        if head.kind == "word" and (c.named(start, c.people)):
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if start > first and (self.is_nisba(start) or head.bare.endswith(("يين", "يون", "يان"))):
            # «13 عراقيا», «أربعة أوروبيين»
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if self.is_nisba(start) and last - first == 1 and actor:
            return self._acting(find.mention_for(self.analysis, first, last), actor=True)
        if head.bare in NOMINAL:
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if not actor:
            if c.named(start, self._targets):
                return find.mention_for(self.analysis, first, last)
            if inside and self.analysis.token_at(inside[0].start) <= start + 2 and not head.definite:
                return self._acting(inside[0], actor=False)
        return None

    def _acting(self, mention: Mention, *, actor: bool) -> Mention | None:
        mention = find.as_actor(self.analysis, mention)
        if mention.kind in _ACTING:
            return mention
        return None if actor else (mention if mention.kind == "facility" else None)

    def people_like(self, phrase: Phrase) -> bool:
        """Whether a phrase can be who suffers: people, actors, targets; no abstract noun."""
        return self.mention(*phrase.members[0], actor=False) is not None

    # -- agreement

    def agrees(self, first: int, word: Word, *, before: bool) -> bool:
        """Whether the phrase that begins at token ``first`` can be the subject of a verb form; doubt counts as yes.

        ``before``: the phrase stands before the verb, so that number agrees too.
        """
        c = self.clauses
        token = c.tokens[first]
        if c.norms[first] in c.quantifiers or token.kind == "number" or token.bare in c.quantifiers:
            return True
        mention = find.mention_at(self.analysis, first)
        note = self.notes.get(mention.id) if mention is not None else None
        oblique = token.kind == "word" and token.stem.endswith(("ين", "تين")) and token.stem in c.people
        if oblique and not before:
            return False
        gender, number = (note.gender, note.number) if note is not None else ("", "")
        stem = token.bare
        if not gender and token.kind == "word":
            gender = "f" if stem.endswith(("ة", "ات")) else ""
        named = mention is not None and mention.kind in ("state", "place") or token.pos == "PROPN"
        plural_human = stem.endswith(("ون", "ين")) and len(stem) > 4 and not named
        if word.number == "p":
            return before and (number in ("p", "d", "") or plural_human)
        if word.number == "d" and not before:
            return False
        if word.gender == "f" and (plural_human or (gender == "m" and number in ("s", ""))):
            return not (gender == "m" and mention is not None and mention.kind == "person") and not plural_human
        return not (word.gender == "m" and gender == "f" and stem.endswith(("ة", "ات")) and not before and not (mention and mention.kind == "person"))

    # -- verbs

    def of_verb(self, i: int, word: Word, frame: Frame, skip: frozenset[int] = frozenset()) -> Roles:
        """Roles of a finite verb; ``skip``: tokens of its own phrase («القبض»), which are no arguments."""
        c = self.clauses
        roles = Roles()
        right = c.right(i)
        if skip:
            right = [p for p in right if p.first not in skip]
        bare = [p for p in right if p.prep == "" and not p.after_comma]
        if bare and bare[0].first <= i + 2 and (frame.object or "obj" in frame.both) and not word.suffix and word.number == "s":
            bare = self._parted(bare)
        subject, objects, passive = self._subject_object(i, word, frame, bare, right, roles)
        if passive:
            if frame.subject == "recipient" or frame.object:
                for m in subject:
                    roles.recipient(m, "passive subject")
            elif frame.both:
                for m in subject:
                    roles.actor(m, "subject")
        elif frame.subject == "actor":
            for m in subject:
                roles.actor(m, "subject")
        elif frame.subject == "recipient":
            for m in subject:
                roles.recipient(m, "subject suffers")
        if frame.object and not passive:
            for phrase in objects:
                for m in self.mentions(phrase, actor=False):
                    roles.recipient(m, "object")
        if "obj" in frame.both and not passive:
            for phrase in objects:
                for m in self.mentions(phrase, actor=True):
                    roles.actor(m, "object, second side")
        if word.suffix and not passive and (frame.object or "obj" in frame.both) and not roles.recipients:
            if c.relative_before(i) is None or not objects:
                found = self._pronoun(i, roles.actors)
                if "obj" in frame.both:
                    roles.actor(found, "object pronoun")
                else:
                    roles.recipient(found, "object pronoun")
        self._prepositions(right, frame, roles)
        return roles

    def _parted(self, bare: list[Phrase]) -> list[Phrase]:
        """Subject and object where one phrase was read over both."""
        c = self.clauses
        head = bare[0]
        at = c.split(head.first, head.last)
        if at is None:
            return bare
        mention = find.mention_at(self.analysis, head.first)
        if mention is not None and mention.end > c.tokens[at].start:
            self._cut(mention, at)
        tail = head.members[1:]
        return [
            Phrase("", head.first, at, ((head.first, at),), False),
            Phrase("", at, head.last, ((at, head.last), *tail), False),
            *bare[1:],
        ]

    def _cut(self, mention: Mention, at: int) -> None:
        end = self.clauses.tokens[at - 1].end
        if end <= mention.start:
            return
        mention.end = end
        mention.text = self.analysis.text[mention.start : end]
        if mention.head is not None and mention.head.end > end:
            mention.head = None
        if mention.role is not None and mention.role.end > end:
            mention.role = None
        mention.rules = [*mention.rules, "ends before the verb's object"]
        state: Any = self.analysis.notes.get("actors")
        if state is not None:
            for k in range(at, len(state.cover)):
                found = find.mention_at(self.analysis, k)
                if found is not mention:
                    break
                state.cover[k] = None
            note = state.by_mention.get(mention.id)
            if note is not None:
                note.last = min(note.last, at)

    def _pronoun(self, i: int, taken: list[Mention]) -> Mention | None:
        found = find.resolve_pronoun(self.analysis, i)
        if found is None or any(m.entity == found.entity for m in taken):
            others = [m for m in self.recent if all(m.entity != t.entity for t in taken)]
            return others[0] if others else None
        return self._acting(found, actor=False)

    def _subject_object(
        self, i: int, word: Word, frame: Frame, bare: list[Phrase], right: list[Phrase], roles: Roles
    ) -> tuple[list[Mention], list[Phrase], bool]:
        c = self.clauses
        takes_object = frame.object or "obj" in frame.both
        readings = [w for w in c.words[i] if w.kind == "V" and w.lexeme == word.lexeme]
        can_pass = any(w.voice == "p" for w in readings) and not word.suffix
        must_pass = bool(readings) and all(w.voice == "p" for w in readings)
        agent = any(p.prep == "agent" for p in right)
        relative = c.relative_before(i)
        first = c.sentence_span(i)[0]
        if relative is not None:
            before = c.phrase_before(relative, first)
            head = self.mention(*before, actor=False) if before else None
            head_list = [head] if head else []
            if word.suffix and takes_object and bare:
                subject = self.mentions(bare[0], actor=True)
                self.subjects[i] = subject
                if head and frame.object:
                    roles.recipient(head, "antecedent")
                return subject, [], False
            if must_pass or (can_pass and agent):
                self.subjects[i] = head_list
                return head_list, [], True
            if can_pass and frame.object and not bare and frame.role == "result":
                self.subjects[i] = head_list
                return head_list, [], True
            if word.suffix and head is None and bare:
                return self.mentions(bare[0], actor=True), [], False
            head_list = [m for m in head_list if m.kind in _ACTING]
            self.subjects[i] = head_list
            return head_list, bare[:1], False
        topic = None if self.clauses.tokens[i].conjunction else c.topic(i)
        if topic is not None and self.agrees(topic[0], word, before=True):
            head = self.mention(*topic, actor=False)
            group = c._group(topic[0], i)[1]
            heads = [m for a, b in group if (m := self.mention(a, b, actor=False)) is not None] or ([head] if head else [])
            passive = must_pass or (can_pass and takes_object and (agent or (not bare and frame.role in ("result", "cause") and frame.object)))
            if passive and not agent and not must_pass and heads and heads[0].kind == "armed_group" and frame.role == "cause":
                passive = False
            if heads or not bare:
                self.subjects[i] = heads
                if not passive and not heads:
                    heads = []
                return ([m for m in heads if passive or frame.subject == "recipient" or m.kind in _ACTING]), bare[:1], passive
        if must_pass or (can_pass and agent):
            subject = self.mentions(bare[0], actor=False) if bare else self._inherited(i, word)
            self.subjects[i] = subject
            return subject, [], True
        if word.number in ("p", "d") and bare:
            subject = self._inherited(i, word)
            self.subjects[i] = subject
            return subject, bare[:1], False
        if not bare:
            if frame.object and can_pass and frame.role == "result":
                # «11 شخصا قتلوا خلال المعارك»
                near = c.phrase_before(i, first)
                head = self.mention(*near, actor=False) if near is not None else None
                subject = [head] if head is not None else self._inherited(i, word)
                self.subjects[i] = subject
                return subject, [], True
            subject = self._inherited(i, word)
            self.subjects[i] = subject
            return subject, [], False
        suits = self.agrees(bare[0].first, word, before=False)
        if not takes_object:
            named = self.mentions(bare[0], actor=frame.subject == "actor") if suits else []
            if self._dropped(i) and not c.tokens[i].conjunction:
                named = []  # «إنها اتفقت … على إطلاق "مجموعات عمل"»
            subject = named or ([] if suits and not self._dropped(i) else self._inherited(i, word))
            self.subjects[i] = subject
            return subject, [], False
        if word.suffix:
            subject = self.mentions(bare[0], actor=True) if suits else self._inherited(i, word)
            self.subjects[i] = subject
            return subject, [], False
        if len(bare) >= 2 and suits:
            subject = self.mentions(bare[0], actor=True)
            if subject or not self.mentions(bare[0], actor=False):
                self.subjects[i] = subject
                return subject, bare[1:2], False
        # one phrase: the subject of a verb without object, the object of a dropped subject, or the subject of a passive
        alone = frame.alone or ("recipient" if frame.object and (frame.role == "result" or frame.mode in ("arrest", "abduct", "targeted", "torture", "deport")) else "actor")
        carried = self._carried(i, word)
        dropped = self._dropped(i)
        if dropped and not carried:
            carried = self._inherited(i, word) if c.tokens[i].conjunction is None else []
        if not suits or (alone == "recipient" and can_pass) or (carried and frame.object and dropped and (alone == "recipient" or c.tokens[i].conjunction is None)):
            if carried and dropped and (c.tokens[i].conjunction is None or frame.role != "result" or word.gender == "f" or not can_pass):
                self.subjects[i] = carried
                return carried, bare[:1], False
            if frame.object and can_pass and (suits or c.norms[bare[0].first] in c.quantifiers):
                subject = self.mentions(bare[0], actor=False)
                self.subjects[i] = subject
                return subject, [], True
            subject = self._inherited(i, word)
            self.subjects[i] = subject
            return subject, bare[:1], False
        subject = self.mentions(bare[0], actor=True)
        if not subject and self.mentions(bare[0], actor=False):
            subject = self._inherited(i, word)
            self.subjects[i] = subject
            return subject, bare[:1], False
        self.subjects[i] = subject
        return subject, [], False

    def _dropped(self, i: int) -> bool:
        """Whether the verb at i goes on with a subject named before: «وخطفوا», «إنه قتل»."""
        c = self.clauses
        if c.tokens[i].conjunction is not None:
            return True
        j = i - 1
        while j >= 0 and c.kinds[j] in ("aux", "neg"):
            j -= 1
        return j >= 0 and c.kinds[j] == "comp" and c.norms[j].endswith(("نه", "نها", "نهم", "نهما")) and c.tokens[j].sentence == c.tokens[i].sentence

    def _carried(self, i: int, word: Word) -> list[Mention]:
        """The subject of the verb before in the same sentence, where its form fits."""
        previous = self.clauses.verb_before(i)
        if previous is None:
            return []
        found = self.subject_of(previous)
        if found and word.gender == "f" and word.number == "s":
            note = self.notes.get(found[0].id)
            if note is not None and note.gender == "m" and note.number == "s" and found[0].kind in ("person", "armed_group"):
                return []
        if found and word.gender == "m" and word.number == "s":
            note = self.notes.get(found[0].id)
            if note is not None and found[0].kind != "state" and (note.gender == "f" or note.number == "p"):
                return []
        return [m for m in found if m.kind in _ACTING]

    def _inherited(self, i: int, word: Word) -> list[Mention]:
        carried = self._carried(i, word)
        if carried:
            return carried
        if word.person != "3":
            return []
        found = find.subject_before(self.analysis, i)
        if found is None or self.analysis.tokens[i].sentence - self._sentence(found) > 2:
            return []
        return [found] if found.kind in _ACTING else []

    def _sentence(self, mention: Mention) -> int:
        return self.analysis.tokens[min(self.analysis.token_at(mention.start), len(self.analysis.tokens) - 1)].sentence

    def subject_of(self, i: int) -> list[Mention]:
        """The subject of any finite verb, event or not."""
        known = self.subjects.get(i)
        if known is not None:
            return known
        c = self.clauses
        self.subjects[i] = []
        verbs = [w for w in c.words[i] if w.kind == "V"]
        word = verbs[0] if verbs else _shape(c.tokens[i])
        found: list[Mention] = []
        relative = c.relative_before(i)
        bare = [p for p in c.right(i) if p.prep == "" and not p.after_comma]
        if relative is not None and not word.suffix:
            before = c.phrase_before(relative, c.sentence_span(i)[0])
            head = self.mention(*before, actor=True) if before else None
            found = [head] if head else []
        else:
            topic = None if c.tokens[i].conjunction else c.topic(i)
            if topic is not None and self.agrees(topic[0], word, before=True):
                found = [m for a, b in c._group(topic[0], i)[1] if (m := self.mention(a, b, actor=True)) is not None]
            if not found and bare and self.agrees(bare[0].first, word, before=False):
                found = self.mentions(bare[0], actor=True)
        if not found:
            found = self._inherited(i, word) if (not bare or word.number == "p") else []
        self.subjects[i] = found
        return found

    def _prepositions(self, right: list[Phrase], frame: Frame, roles: Roles) -> None:
        for phrase in right:
            prep = phrase.prep
            if not prep:
                continue
            if prep == "agent":
                for m in self.mentions(phrase, actor=True):
                    roles.actor(m, "agent")
            elif prep in frame.both:
                found = self.mentions(phrase, actor=True)
                for m in found:
                    roles.actor(m, f"other side after {prep}")
            elif prep in frame.recipients:
                for m in self.mentions(phrase, actor=False):
                    roles.recipient(m, f"after {prep}")
            elif prep in frame.actors:
                for m in self.mentions(phrase, actor=True):
                    roles.actor(m, f"after {prep}")
            elif prep == "ب" and frame.role in ("cause", "result") and self.clauses.norms[phrase.first] in ("برصاص", "بنيران", "بقصف"):
                inner = Phrase("", phrase.first + 1, phrase.last, ((phrase.first + 1, max(phrase.last, phrase.first + 2)),), False)
                for m in self.mentions(inner, actor=True):
                    roles.actor(m, "by fire of")

    # -- masdars and event nouns

    def of_noun(self, i: int, word: Word, frame: Frame, end: int) -> Roles:
        """Roles of a masdar or event noun; ``end``: index after the trigger's last word (a phrase may be longer than one)."""
        c = self.clauses
        roles = Roles()
        j = end
        limit = min(c.sentence_span(i)[1], i + 40)
        genitive_open = not word.definite and (not word.suffix) and word.number != "d"
        if word.suffix and word.kind == "N":
            owner = find.resolve_pronoun(self.analysis, i)
            owner = self._acting(owner, actor=True) if owner else None
            if frame.genitive == "recipient" and frame.role in ("result", "cause") or frame.mode in ("arrest", "release", "deport"):
                roles.recipient(owner, "possessive pronoun")
            elif frame.genitive != "none" or frame.both:
                roles.actor(owner, "possessive pronoun")
        if j > i + 1 and c.norms[j - 1] in c.lexicon.words["prepositions"] and j < limit and c.kinds[j] == "noun":
            # the phrase ends in its preposition: «القبض على»
            last, members = c._group(j, limit)
            for m in self.mentions(Phrase("", j, last, members, False), actor=False):
                roles.recipient(m, "after the phrase")
            genitive_open = False
            j = last
        # adjectives: a nisba names who did it
        while j < limit and c.kinds[j] == "noun" and c.tokens[j].preposition is None and c.time_end(j) is None:
            token = c.tokens[j]
            if self.is_nisba(j) and (token.definite == word.definite or word.definite or word.suffix or token.stem.endswith(("ية", "ي"))):
                nisbas = [j]
                if token.definite != word.definite and not word.suffix and genitive_open and token.definite and not token.stem.endswith(("ية", "ي")):
                    break
                for n in nisbas:
                    if frame.subject != "actor":
                        break
                    mention = find.mention_at(self.analysis, n)
                    if mention is None or mention.start >= token.start:
                        found = self.mention(n, n + 1, actor=True)
                        if found is not None:
                            roles.actor(found, "nisba")
                j += 1
                genitive_open = False
                continue
            if word.definite and token.definite and find.mention_at(self.analysis, j) is None:
                j += 1
                continue
            if not word.definite and not token.definite and find.mention_at(self.analysis, j) is None and token.bare not in c.people and token.stem.endswith(("ية", "ي", "ة", "ا")) and not token.proclitics:
                j += 1
                continue
            break
        right = c.right(j - 1, limit=limit)
        if genitive_open and j < limit and right and right[0].prep == "" and right[0].first == j and not right[0].after_comma:
            self._genitive(right, frame, roles, word)
            right = right[1:]
        else:
            right = [p for p in right if p.prep]
        self._prepositions(right, frame, roles)
        if frame.object and "ل" not in frame.recipients and roles.actors and not roles.recipients:
            for p in right:
                if p.prep == "ل":
                    for m in self.mentions(p, actor=False):
                        roles.recipient(m, "object after ل")
                    break
        self._relative_clause(i, frame, right, roles, limit)
        self._governor(i, word, frame, roles)
        return roles

    def _genitive(self, right: list[Phrase], frame: Frame, roles: Roles, word: Word) -> None:
        phrase = right[0]
        rest = right[1:]
        if frame.genitive == "none":
            if frame.both:
                for m in self.mentions(phrase, actor=True):
                    roles.actor(m, "genitive")
            return
        if frame.genitive == "recipient" or (frame.object and frame.genitive != "actor"):
            followed = [p for p in rest if (p.prep == "" and not p.after_comma) or p.prep == "ل" or (p.prep in frame.recipients)]
            named = self.mentions(phrase, actor=True)
            objects = [m for p in followed[:1] for m in self.mentions(p, actor=False)]
            if named and not objects and followed and followed[0].prep == "" and self.clauses.tokens[followed[0].first].text.endswith(("اً", "ًا", "ا")) and frame.subject == "actor" and not self.clauses.tokens[followed[0].first].definite:
                # «خطف الجبهة عددا منهم»
                for m in named:
                    roles.actor(m, "genitive, subject")
                return
            if followed and named and objects and frame.subject == "actor" and (frame.role != "result" or followed[0].prep == "ل"):
                for m in named:
                    roles.actor(m, "genitive, subject")
                for m in objects:
                    roles.recipient(m, "object of masdar")
                return
            for m in self.mentions(phrase, actor=False):
                roles.recipient(m, "genitive")
            return
        for m in self.mentions(phrase, actor=True):
            roles.actor(m, "genitive")

    def _relative_clause(self, i: int, frame: Frame, right: list[Phrase], roles: Roles, limit: int) -> None:
        """«هجوم نفذه X»، «الغارات التي شنتها X على Y»، «انفجار استهدف Y»."""
        c = self.clauses
        j = i + 1
        while j < min(limit, i + 14):
            kind = c.kinds[j]
            if kind == "verb":
                if c.tokens[j].conjunction is not None and j > i + 1:
                    return
                break
            if kind in ("comp", "sub", "neg") or (kind == "punct" and c.tokens[j].text not in _SOFT):
                return
            j += 1
        if j >= min(limit, i + 14) or c.kinds[j] != "verb":
            return
        verbs = [w for w in c.words[j] if w.kind == "V"]
        if not verbs:
            return
        verb = verbs[0]
        names = {c.lexicon.lexemes[w.lexeme] for w in verbs}
        light = any(w.lexeme in self.light["light_actor"] for w in verbs)
        phrases = c.right(j)
        bare = [p for p in phrases if p.prep == "" and not p.after_comma]
        if verb.suffix and light and bare:
            for m in self.mentions(bare[0], actor=True):
                roles.actor(m, "relative clause, subject")
            self._prepositions(phrases, frame, roles)
            roles.used.add(j)
        elif names & _RECIPIENT_VERBS and not verb.suffix and frame.role == "cause" and bare and c.tokens[j].conjunction is None:
            for m in self.mentions(bare[0], actor=False):
                roles.recipient(m, "relative clause, object")
            roles.used.add(j)

    def _governor(self, i: int, word: Word, frame: Frame, roles: Roles) -> None:
        """The verb or masdar that governs an event noun: «شن … غارات»، «تعرض … لهجوم»، «بدء سحب»."""
        c = self.clauses
        first = c.sentence_span(i)[0]
        j, steps = i - 1, 0
        while j >= first and steps < 14:
            kind = c.kinds[j]
            if kind == "verb":
                break
            if kind in ("rel", "sub", "comp") or (kind == "punct" and c.tokens[j].text not in _SOFT):
                return
            if kind == "aux" and c.norms[j] not in ("كان", "كانت", "كانوا", "وكان", "وكانت"):
                return
            j -= 1
            steps += 1
        if j < first or c.kinds[j] != "verb":
            return
        verbs = [w for w in c.words[j] if w.kind == "V"]
        if not verbs:
            return
        lexemes = {w.lexeme for w in verbs}
        happens = lexemes & self.light["light_none"]
        if happens and (not lexemes & self.light["light_actor"] or frame.role):
            roles.governor = j
            return
        if lexemes & self.light["light_recipient"]:
            near = i - j <= 10
            if near and frame.subject != "recipient":
                roles.governor = j
                for m in self._light_subject(j, i, actor=False):
                    roles.recipient(m, "subject of «تعرض»")
            return
        between = [k for k in range(j + 1, i) if c.kinds[k] == "prep" or c.tokens[k].preposition]
        if lexemes & self.light["light_actor"] and len(between) <= 2:
            roles.governor = j
            if lexemes & self.announcing and not word.suffix and not (frame.object and frame.genitive == "recipient") and frame.type in ("ASSAULT", "PROTEST", "COERCE", "CONSULT"):
                return  # «أعلن الجيش وقوع انفجار»: who tells is not who did it
            if frame.subject == "actor" and (not roles.actors or (frame.both and all("other side" in r for r in roles.rules if r.startswith("actor=")))):
                for m in self._light_subject(j, i):
                    if all(r.id != m.id for r in roles.recipients):
                        roles.actor(m, "subject of the governing verb")

    def _light_subject(self, j: int, i: int, *, actor: bool = True) -> list[Mention]:
        c = self.clauses
        word = next(w for w in c.words[j] if w.kind == "V")
        relative = c.relative_before(j)
        if relative is not None and not word.suffix:
            return self.subject_of(j)
        topic = None if c.tokens[j].conjunction else c.topic(j)
        if topic is not None and self.agrees(topic[0], word, before=True):
            found = [m for a, b in c._group(topic[0], j)[1] if (m := self.mention(a, b, actor=actor)) is not None]
            if found:
                return found
        bare = [p for p in c.right(j) if p.prep == "" and p.first < i]
        if self._dropped(j) and c.tokens[j].conjunction is None:
            found = self._inherited(j, word)
            if found:
                return found
        if bare and word.number == "s" and self.agrees(bare[0].first, word, before=False):
            found = self.mentions(bare[0], actor=actor)
            if found:
                if actor:
                    self.subjects.setdefault(j, found)
                return found
        if not bare or word.number != "s":
            return self.subject_of(j)
        return self._inherited(j, word) if bare and c.lexicon.senses is not None and c.tokens[bare[0].first].index >= i - 4 else []

    # -- protests

    def protest(self, i: int, word: Word, frame: Frame, roles: Roles) -> int:
        """Trigger, actor and addressee of a protest: the verb whose subject protests, and what they are against.

        For «متظاهرون» and for «احتجاجا» the verb of the clause is the trigger. Returns the trigger's index.
        """
        c = self.clauses
        trigger = i
        noun = word.kind != "V"
        if frame.fallback or (noun and (c.norms[i] in _ADVERBIAL or c.tokens[i].preposition == "ل")):
            verb = self._protest_verb(i, frame.fallback)
            if verb is not None:
                trigger = verb
                if not roles.actors:
                    for m in self.subject_of(verb):
                        roles.actor(m, "subject of the clause")
        first, last = c.sentence_span(trigger)
        if not roles.actors:
            for k in range(max(first, i - 12), min(last, i + 15)):
                if c.tokens[k].bare in _PROTESTERS and c.kinds[k] == "noun":
                    roles.actor(self.mention(k, k + 1, actor=True), "protesters")
                    break
        if not roles.recipients:
            self._against(trigger, last, roles)
        return trigger

    def _protest_verb(self, i: int, near: bool) -> int | None:
        c = self.clauses
        first, last = c.sentence_span(i)
        j = i - 1
        while j >= first and i - j <= (6 if near else 24):
            if c.kinds[j] == "verb":
                word = next((w for w in c.words[j] if w.kind == "V"), None)
                name = c.lexicon.lexemes[word.lexeme] if word is not None else ""
                if near:
                    return None if name in _SAYING or c.tokens[j].lemma in _SAID or not self._governs(j, i) else j
                return j if name in _TAKING_PART or any("PROTEST" in c.lexicon.frames[n].type for n, _ in (c.lexicon.senses.get(word.lexeme, ()) if word else ())) else None
            if c.kinds[j] in ("comp", "rel") and near:
                break
            if c.kinds[j] == "prep" and near and c.norms[j] not in ("من",):
                return None
            j -= 1
        if near:
            for k in range(i + 1, min(last, i + 10)):
                if c.kinds[k] == "verb" and c.tokens[k].conjunction is None:
                    return k if c.relative_before(k) is None and c.tokens[k].lemma not in _SAID else None
                if c.kinds[k] in ("comp", "sub"):
                    return None
        return None

    def _governs(self, verb: int, i: int) -> bool:
        return all(self.clauses.tokens[k].kind != "punct" for k in range(verb + 1, i))

    def _against(self, i: int, last: int, roles: Roles) -> None:
        c = self.clauses
        cues = c.lexicon.words.get("against", frozenset())
        for k in range(i + 1, min(last, i + 32)):
            norm = c.norms[k]
            if norm in cues or norm.lstrip("وف") in cues:
                for m in find.mentions_in(self.analysis, k + 1, min(last, k + 8)):
                    acting = self._acting(m, actor=False)
                    if acting is not None and all(a.entity != acting.entity for a in roles.actors):
                        roles.recipient(acting, f"against, after «{norm}»")
                        return

    # -- participles that continue a clause («متهما»، «رافضة»)

    def of_participle(self, i: int, word: Word, frame: Frame) -> Roles:
        """Roles of an active participle that stands for a verb: its subject is the clause's, its object follows."""
        c = self.clauses
        roles = Roles()
        verb = c.verb_before(i)
        subject = self.subject_of(verb) if verb is not None else []
        if not subject:
            found = find.subject_before(self.analysis, i)
            subject = [found] if found is not None and found.kind in _ACTING else []
        for m in subject:
            roles.actor(m, "subject of the clause")
        right = c.right(i)
        if frame.object:
            for phrase in [p for p in right if p.prep == "" and not p.after_comma][:1]:
                for m in self.mentions(phrase, actor=False):
                    roles.recipient(m, "object")
            if word.suffix and not roles.recipients:
                roles.recipient(self._pronoun(i, roles.actors), "object pronoun")
        self._prepositions(right, frame, roles)
        return roles


_SOFT = frozenset("«»“”\"()،,")


def _shape(token: Any) -> Word:
    reading = token.verb
    if reading is not None:
        return Word(-1, "V", "p" if reading.aspect == "perf" else "i", "a", reading.person or "3", reading.gender or "m", reading.number or "s", "", False, token.enclitic.form if token.enclitic else "")
    stem = token.stem
    if stem.endswith("وا"):
        return Word(-1, "V", "p", "a", "3", "m", "p", "", False, "")
    gender = "f" if stem.endswith("ت") or stem.startswith("ت") else "m"
    return Word(-1, "V", "p", "a", "3", gender, "s", "", False, "")


_ADVERBIAL = frozenset({"احتجاجا", "تنديدا", "للاحتجاج", "للتظاهر", "للاعتصام"})
_PROTESTERS = frozenset("متظاهرون متظاهرين محتجون محتجين متظاهر متظاهرا محتجا معتصمون معتصمين مضربون مضربين مضربي محتجي متظاهري".split())
_SAYING = frozenset({"V:قال", "V:أكّد", "V:ذكر", "V:أضاف", "V:أفاد", "V:صرّح", "V:أوضح", "V:أعلن", "V:شهد", "V:نقل"})
_SAID = frozenset({"قال", "أكد", "ذكر", "أضاف", "أفاد", "صرح", "أوضح", "أعلن", "شهد", "نقل", "اعتبر", "رأى", "زعم", "كان"})
_TAKING_PART = frozenset(
    {"V:خرج", "V:نزل", "V:تجمّع", "V:احتشد", "V:سار", "V:توجّه", "V:شارك", "V:رفع", "V:هتف", "V:حمل", "V:قطع", "V:أغلق", "V:أحرق",
     "V:ردد", "V:ردّد", "V:تدفق", "V:تدفّق", "V:وقف", "V:نظّم", "V:أشعل", "V:أضرم", "V:تقدّم", "V:توقّف", "V:دخل", "V:انطلق"}
)  # fmt: skip
