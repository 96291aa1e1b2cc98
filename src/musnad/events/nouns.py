"""Actors and recipients of masdars, event nouns, protests and the participles that go on a clause."""

from __future__ import annotations

from musnad.actors import find
from musnad.events.clauses import Phrase
from musnad.events.frames import Frame, Word
from musnad.events.roles import ACTING, Roles, VerbRoles
from musnad.record import Mention

_RECIPIENT_VERBS = frozenset({"V:استهدف", "V:أصاب", "V:ضرب", "V:طال", "V:أوقع", "V:دمّر"})
#: types that are done, not said
_DEEDS = frozenset({"ASSAULT", "COERCE", "PROTEST", "RETREAT", "MOBILIZE", "SANCTION", "AID", "COOPERATE"})
#: adjectives of an attack that name its doer elsewhere
_ADJECTIVAL = frozenset({"انتحاري", "ارهابي", "إرهابي"})
_SOFT = frozenset('«»“”"()،,')


class Arguments(VerbRoles):
    """Finds the roles of every kind of trigger in one article."""

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
            if (frame.genitive == "recipient" and frame.role in ("result", "cause")) or frame.mode in ("arrest", "release", "deport"):
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
                if (
                    token.definite != word.definite
                    and not word.suffix
                    and genitive_open
                    and token.definite
                    and not token.stem.endswith(("ية", "ي"))
                ):
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
            if (
                not word.definite
                and not token.definite
                and find.mention_at(self.analysis, j) is None
                and token.bare not in c.people
                and token.stem.endswith(("ية", "ي", "ة", "ا"))
                and not token.proclitics
            ):
                j += 1
                continue
            break
        right = c.right(j - 1, limit=limit)
        if genitive_open and j < limit and right and right[0].prep == "" and right[0].first == j and not right[0].after_comma:
            if c.tokens[right[0].first].stem not in _ADJECTIVAL or not self._adjectival(right[0].first, limit):
                self._genitive(right, frame, roles, word)
            right = right[1:]
        else:
            right = [p for p in right if p.prep]
        if (
            frame.genitive == "actor"
            and frame.subject == "actor"
            and not roles.actors
            and not word.suffix
            and right
            and right[0].prep == "ل"
            and right[0].first == j
        ):
            # «هجوم لتنظيم الدولة», «مظاهرة لعراقيين»
            self._governor(i, word, frame, roles)
            named = self.mentions(right[0], actor=True) if not roles.actors and not roles.recipients else []
            if named and (frame.type == "PROTEST" or (frame.role == "cause" and named[0].kind in ("armed_group", "organisation"))):
                for m in named:
                    roles.actor(m, "whose it is, after ل")
                right = right[1:]
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

    def _adjectival(self, i: int, limit: int) -> bool:
        """«تفجير انتحاري استهدف»: the word is an adjective unless it acts («تفجير انتحاري نفسه») or goes on with its own noun."""
        following = self.clauses.norms[i + 1] if i + 1 < limit else ""
        return following not in ("نفسه", "نفسها", "لنفسه", "مجهول")

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
            if (
                named
                and not objects
                and followed
                and followed[0].prep == ""
                and self.clauses.tokens[followed[0].first].text.endswith(("اً", "ًا", "ا"))
                and frame.subject == "actor"
                and not self.clauses.tokens[followed[0].first].definite
            ):
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
                entity = self.clauses.entities.get(m.entity or "")
                if frame.mode == "investigate" and entity is not None and entity.sector in ("JUD", "COP"):
                    roles.actor(m, "genitive, who investigates")
                else:
                    roles.recipient(m, "genitive")
            return
        asked = (
            frame.type == "REQUEST"
            and frame.object
            and self.clauses.tokens[phrase.first - 1].preposition == "ل"
            and bool(rest)
            and rest[0].prep == "ب"
        )
        for m in self.mentions(phrase, actor=True):
            if asked:
                roles.recipient(m, "genitive, who is asked")  # «لمطالبة الحكومة بالتخلي»
            else:
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
            if frame.type in _DEEDS and lexemes & self.light["light_words"]:
                return  # «أعرب عن إدانته التفجير»: who speaks did not do it
            roles.governor = j
            if (
                lexemes & self.announcing
                and not word.suffix
                and not (frame.object and frame.genitive == "recipient")
                and frame.type in ("ASSAULT", "PROTEST", "COERCE", "CONSULT")
            ):
                return  # «أعلن الجيش وقوع انفجار»: who tells is not who did it
            if frame.subject == "actor" and (
                not roles.actors or (frame.both and all("other side" in r for r in roles.rules if r.startswith("actor=")))
            ):
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
                return (
                    j
                    if name in _TAKING_PART
                    or any("PROTEST" in c.lexicon.frames[n].type for n, _ in (c.lexicon.senses.get(word.lexeme, ()) if word else ()))
                    else None
                )
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
            subject = [found] if found is not None and found.kind in ACTING else []
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


_ADVERBIAL = frozenset({"احتجاجا", "تنديدا", "للاحتجاج", "للتظاهر", "للاعتصام"})
_PROTESTERS = frozenset(
    [
        "متظاهرون",
        "متظاهرين",
        "محتجون",
        "محتجين",
        "متظاهر",
        "متظاهرا",
        "محتجا",
        "معتصمون",
        "معتصمين",
        "مضربون",
        "مضربين",
        "مضربي",
        "محتجي",
        "متظاهري",
    ]
)
_SAYING = frozenset({"V:قال", "V:أكّد", "V:ذكر", "V:أضاف", "V:أفاد", "V:صرّح", "V:أوضح", "V:أعلن", "V:شهد", "V:نقل"})
_SAID = frozenset({"قال", "أكد", "ذكر", "أضاف", "أفاد", "صرح", "أوضح", "أعلن", "شهد", "نقل", "اعتبر", "رأى", "زعم", "كان"})
_TAKING_PART = frozenset(
    {"V:خرج", "V:نزل", "V:تجمّع", "V:احتشد", "V:سار", "V:توجّه", "V:شارك", "V:رفع", "V:هتف", "V:حمل", "V:قطع", "V:أغلق", "V:أحرق",
     "V:ردد", "V:ردّد", "V:تدفق", "V:تدفّق", "V:وقف", "V:نظّم", "V:أشعل", "V:أضرم", "V:تقدّم", "V:توقّف", "V:دخل", "V:انطلق"}
)  # fmt: skip
