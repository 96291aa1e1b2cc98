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
ACTING = frozenset({"person", "organisation", "armed_group", "state", "group", "outlet"})


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


class VerbRoles:
    """Finds the roles of verbs in one article; keeps the subjects of the verbs it has read."""

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
        self._starts: dict[int, Mention] = {}
        self._indexed = 0
        self._targets = clauses.lexicon.words.get("targets", frozenset())

    # -- mentions

    def is_nisba(self, i: int) -> bool:
        """Whether the word at token i is an adjective of a country («الإسرائيلي», «عراقيا»)."""
        key = fold(self.clauses.tokens[i].bare, "search")
        return key in self.nisba or (key.endswith("ا") and key[:-1] in self.nisba)

    def _nisba_plural(self, i: int) -> bool:
        token = self.clauses.tokens[i]
        stem = fold(token.bare, "search")
        return (
            token.kind == "word"
            and not token.proclitics
            and len(stem) > 4
            and stem[:-2] in self.nisba
            and token.sentence == self.clauses.tokens[i - 1].sentence
        )

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
                if not actor and inside[0].kind not in ACTING and c.named(start, self._targets):
                    # «نقطة للجيش», «مواقع حزب الله»: who is hit is whose it is
                    owner = self._owner(start, last, skip=inside[0])
                    if owner is not None:
                        return owner
                return self._acting(inside[0], actor=actor)
        head = c.tokens[start]
        if head.kind == "word" and (c.named(start, c.people) or self._plural_people(start)):
            if (
                not inside
                and start + 1 == last
                and last < len(c.tokens)
                and not head.definite
                and head.stem[-2:] in ("ون", "ين")
                and c.tokens[last].stem.endswith(head.stem[-2:])
                and self._nisba_plural(last)
            ):
                last += 1  # «خريجون عراقيون»
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if start > first and (self.is_nisba(start) or head.bare.endswith(("يين", "يون", "يان"))):
            # «13 عراقيا», «أربعة أوروبيين»
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if (
            start > first
            and not actor
            and start < last
            and head.kind == "word"
            and not head.definite
            and (head.stem.endswith("ين") or self._counts_people(first))
        ):
            # «سبعة مهربين», «12 مهربا»: a counted plural or what a figure counts as people
            return self._acting(find.mention_for(self.analysis, first, last), actor=False)
        if self.is_nisba(start) and last - first == 1 and actor:
            return self._acting(find.mention_for(self.analysis, first, last), actor=True)
        if head.bare in NOMINAL:
            return self._acting(find.mention_for(self.analysis, first, last), actor=actor)
        if not actor:
            if c.named(start, self._targets):
                owner = self._owner(start, last)
                return owner if owner is not None else find.mention_for(self.analysis, first, last)
            if inside and self.analysis.token_at(inside[0].start) <= start + 2 and not head.definite:
                return self._acting(inside[0], actor=False)
        return None

    def _owner(self, start: int, last: int, skip: Mention | None = None) -> Mention | None:
        """Whose facility begins at token ``start``: «حاجز للجيش», «مواقع تابعة لحزب الله», «مقر الشرطة»."""
        c = self.clauses
        k = start + 1
        end = min(c.sentence_span(start)[1], start + 6)
        while k < end and c.kinds[k] == "noun" and c.tokens[k].conjunction is None:
            token = c.tokens[k]
            possessed = token.preposition == "ل"
            if token.preposition is None or possessed:
                found = next((m for m in find.mentions_in(self.analysis, k, k + 1)), None) or self._nested(token.stem_start, token.end)
                if found is skip:
                    found = None
                if found is not None:
                    acting = found if found.kind in ACTING else find.as_actor(self.analysis, found)
                    if acting.kind in ("armed_group", "organisation") or (
                        acting.kind in ("state", "group") and possessed and acting.kind in ACTING
                    ):
                        return acting
                    return None
            else:
                return None
            if k >= last and not possessed and token.definite:
                return None
            k += 1
        return None

    def _nested(self, low: int, high: int) -> Mention | None:
        """A mention that begins in [low, high), inside a wider one or not."""
        mentions = self.analysis.mentions
        for m in mentions[self._indexed :]:
            self._starts.setdefault(m.start, m)
        self._indexed = len(mentions)
        return next((self._starts[k] for k in range(low - 1, min(high, low + 4)) if k in self._starts), None)

    def _plural_people(self, i: int) -> bool:
        """«خريجون عراقيون», «معلمون»: a sound masculine plural of a word that is no name names people."""
        token = self.clauses.tokens[i]
        if not token.stem.endswith(("ون", "ين")) or len(token.stem) < 5 or self.clauses.counted(i):
            return False
        reading = token.readings[0] if token.readings else None
        if reading is None:
            return False
        if reading.pos in ("NOUN", "ADJ"):
            return reading.number == "p" and reading.gender == "m"
        following = self.clauses.tokens[i + 1] if i + 1 < len(self.clauses.tokens) else None
        return (
            reading.pos == "PROPN"
            and not token.definite
            and following is not None
            and following.stem.endswith("ون")
            and len(following.stem) > 4
        )

    def _counts_people(self, first: int) -> bool:
        at = self.clauses.tokens[first].start
        return any(f.start <= at < f.end and f.counts in ("dead", "injured", "arrested") for f in self.analysis.figures)

    def _acting(self, mention: Mention, *, actor: bool) -> Mention | None:
        mention = find.as_actor(self.analysis, mention)
        if mention.kind in ACTING:
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
        named = (mention is not None and mention.kind in ("state", "place")) or token.pos == "PROPN"
        plural_human = stem.endswith(("ون", "ين")) and len(stem) > 4 and not named
        if word.number == "p":
            return before and (number in ("p", "d", "") or plural_human)
        if word.number == "d" and not before:
            return False
        if word.gender == "f" and (plural_human or (gender == "m" and number in ("s", ""))):
            return not (gender == "m" and mention is not None and mention.kind == "person") and not plural_human
        return not (
            word.gender == "m"
            and gender == "f"
            and stem.endswith(("ة", "ات"))
            and not before
            and not (mention and mention.kind == "person")
        )

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
        takes = (frame.object or "obj" in frame.both) and not roles.recipients and not passive
        if word.suffix and takes and (c.relative_before(i) is None or not objects):
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
        between = c.after_auxiliary(i) if relative is None else None
        if between is not None and self.agrees(between[0], word, before=True) and not must_pass and not (can_pass and agent):
            inner = self.mention(*between, actor=True)
            if inner is not None and not (can_pass and not bare and frame.role == "result"):
                self.subjects[i] = [inner]
                return [inner], bare[:1], False
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
            head_list = [m for m in head_list if m.kind in ACTING]
            self.subjects[i] = head_list
            return head_list, bare[:1], False
        topic = None if self.clauses.tokens[i].conjunction else c.topic(i)
        if topic is not None and self.agrees(topic[0], word, before=True):
            head = self.mention(*topic, actor=False)
            group = c._group(topic[0], i)[1]
            heads = [m for a, b in group if (m := self.mention(a, b, actor=False)) is not None] or ([head] if head else [])
            passive = must_pass or (
                can_pass and takes_object and (agent or (not bare and frame.role in ("result", "cause") and frame.object))
            )
            if passive and not agent and not must_pass and heads and heads[0].kind == "armed_group" and frame.role == "cause":
                passive = False
            if heads or not bare:
                self.subjects[i] = heads
                if not passive and not heads:
                    heads = []
                return ([m for m in heads if passive or frame.subject == "recipient" or m.kind in ACTING]), bare[:1], passive
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
        alone = frame.alone or (
            "recipient"
            if frame.object and (frame.role == "result" or frame.mode in ("arrest", "abduct", "targeted", "torture", "deport"))
            else "actor"
        )
        carried = self._carried(i, word)
        dropped = self._dropped(i)
        if dropped and not carried:
            carried = self._inherited(i, word) if c.tokens[i].conjunction is None else []
        if (
            not suits
            or (alone == "recipient" and can_pass)
            or (carried and frame.object and dropped and (alone == "recipient" or c.tokens[i].conjunction is None))
        ):
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
        return (
            j >= 0
            and c.kinds[j] == "comp"
            and c.norms[j].endswith(("نه", "نها", "نهم", "نهما"))
            and c.tokens[j].sentence == c.tokens[i].sentence
        )

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
        return [m for m in found if m.kind in ACTING]

    def _inherited(self, i: int, word: Word) -> list[Mention]:
        carried = self._carried(i, word)
        if carried:
            return carried
        if word.person != "3":
            return []
        found = find.subject_before(self.analysis, i)
        if found is None or self.analysis.tokens[i].sentence - self._sentence(found) > 2:
            return []
        return [found] if found.kind in ACTING else []

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
        word = verbs[0] if verbs else shape(c.tokens[i])
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


def shape(token: Any) -> Word:
    reading = token.verb
    if reading is not None:
        return Word(
            -1,
            "V",
            "p" if reading.aspect == "perf" else "i",
            "a",
            reading.person or "3",
            reading.gender or "m",
            reading.number or "s",
            "",
            False,
            token.enclitic.form if token.enclitic else "",
        )
    stem = token.stem
    if stem.endswith("وا"):
        return Word(-1, "V", "p", "a", "3", "m", "p", "", False, "")
    gender = "f" if stem.endswith("ت") or stem.startswith("ت") else "m"
    return Word(-1, "V", "p", "a", "3", gender, "s", "", False, "")
