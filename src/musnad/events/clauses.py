"""A light reading of clauses: what each word is, where a clause ends, the phrases before and after a verb or masdar."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any, NamedTuple

from musnad.actors import find
from musnad.events.frames import Lexicon, Word
from musnad.language import chunks
from musnad.language.letters import fold
from musnad.pipeline import Analysis
from musnad.record import Entity

#: how far an argument is looked for, in words, and how many commas may lie between
REACH, COMMAS = 45, 2
_STOPS = frozenset(".!?؟؛:…\n")
_OPEN, _CLOSE = frozenset('([«“"„‹'), frozenset(')]»”"›')
_AUX = frozenset(
    [
        "كان",
        "كانت",
        "كانوا",
        "كانتا",
        "يكون",
        "تكون",
        "قد",
        "لقد",
        "وقد",
        "سوف",
        "بات",
        "باتت",
        "اصبح",
        "اصبحت",
        "ظل",
        "ظلت",
        "يزال",
        "تزال",
        "مازال",
        "مازالت",
        "وكان",
        "وكانت",
        "وكانوا",
        "فقد",
        "ولقد",
    ]
)
_POINTING = frozenset({"هذا", "هذه", "ذلك", "تلك", "هذين", "هاتين", "هءلاء", "هؤلاء"})
_FEW = frozenset(
    [
        "اثنين",
        "اثنان",
        "اثنتين",
        "ثلاثة",
        "اربعة",
        "خمسة",
        "ستة",
        "سبعة",
        "ثمانية",
        "تسعة",
        "عشرة",
        "ثلاث",
        "اربع",
        "خمس",
        "ست",
        "سبع",
        "ثماني",
        "تسع",
        "عشر",
        "عشرين",
        "ثلاثين",
        "عشرات",
        "مئات",
        "الاف",
    ]
)
NOMINAL = frozenset({"معارضة", "مدنيين", "متظاهرين", "محتجين", "متمردين", "مسلحين", "سكان", "أهالي"})
_NAMED = frozenset({"state", "person", "organisation", "armed_group", "group"})
#: preposition and pronoun in one word
PRONOUNS = {f"{p}{s}": prep for prep, forms in (("ل", ("ل",)), ("علي", ("علي",)), ("الي", ("الي",)), ("من", ("من",)), ("مع", ("مع",)), ("ضد", ("ضد",)),
            ("ب", ("ب",)), ("بين", ("بين",)), ("عن", ("عن",)), ("لدي", ("لدي",))) for p in forms for s in ("ه", "ها", "هم", "هما")}  # fmt: skip


class Phrase(NamedTuple):
    """A noun phrase as an argument: its preposition ('' for none), tokens [first, last), members of its coordination."""

    prep: str
    first: int
    last: int
    members: tuple[tuple[int, int], ...]
    after_comma: bool


class Clauses:
    """The words of an article as the event rules see them. Made once per article; reads, never changes."""

    def __init__(self, analysis: Analysis, lexicon: Lexicon) -> None:
        self.analysis = analysis
        self.tokens = analysis.tokens
        self.lexicon = lexicon
        words = lexicon.words
        self.norms = [t.norm for t in self.tokens]
        self._preps = words.get("prepositions", frozenset())
        self._subs = words.get("subordinators", frozenset())
        self._comps = words.get("complementizers", frozenset())
        self._closed = _closed(lexicon)
        self._rels = words.get("relatives", frozenset())
        self.negators = words.get("negators", frozenset())
        state: Any = analysis.notes.get("actors")
        self._notes: dict[str, Any] = state.by_mention if state is not None else {}
        self._targets = words.get("targets", frozenset())
        self._heads = words.get("heads", frozenset())
        self._entities: dict[str, Entity] = {}
        self._triggers_never = words.get("never", frozenset())
        self._not = words.get("not_arguments", frozenset())
        self.people = words.get("people", frozenset())
        self.quantifiers = words.get("quantifiers", frozenset())
        self._times = sorted((t.start, t.end) for t in analysis.times)
        self._time_starts = [s for s, _ in self._times]
        self.words: list[tuple[Word, ...]] = [self._read(i) for i in range(len(self.tokens))]
        self.kinds: list[str] = []
        for i in range(len(self.tokens)):
            self.kinds.append(self._kind(i))

    @property
    def entities(self) -> dict[str, Entity]:
        """The article's entities by id."""
        if len(self._entities) != len(self.analysis.entities):
            self._entities = {e.id: e for e in self.analysis.entities}
        return self._entities

    def _read(self, i: int) -> tuple[Word, ...]:
        token = self.tokens[i]
        if token.kind != "word" or token.norm in self._triggers_never:
            return ()
        found = _readings(self.lexicon, token.norm)
        first = token.readings[0] if token.readings else None
        if found and first is not None and first.pos == "VERB":
            # «تعد» is عدّ, not وعد, where the language layer says so; lemmas it does not know stay
            lemmas = {_plain(r.lemma) for r in token.readings if r.pos == "VERB"}
            bare = token.norm.lstrip("وف") if token.conjunction else token.norm
            # a verb that the language layer does not have stays in its dictionary form («تباحث»)
            known = tuple(w for w in found if w.kind != "V" or self._lemma(w) in lemmas or self._lemma(w) == bare)
            if first.aspect or any(w.kind == "V" for w in known):
                return known
        return found

    def _lemma(self, word: Word) -> str:
        return _plain(self.lexicon.lemma(word.lexeme))

    def _kind(self, i: int) -> str:
        token = self.tokens[i]
        norm = token.norm
        if token.kind == "punct":
            return "punct"
        if norm in self._triggers_never:
            return "noun"
        if token.kind != "word":
            return "noun"
        plain = norm[1:] if norm[:1] in ("و", "ف") and len(norm) > 2 else norm
        # «فتحت» is no ف and تحت where it is read as a verb
        for form in (norm,) if token.pos in ("VERB", "AUX") and len(plain) > 2 else (norm, plain):
            kind = self._closed.get(form)
            if kind is not None:
                return kind
        if self.is_verb(i) and self.time_end(i) is None:  # «فجر السبت» is no verb
            return "verb"
        return "noun"

    def is_verb(self, i: int) -> bool:
        """Whether a word is read as a finite verb here."""
        token = self.tokens[i]
        verbs = [w for w in self.words[i] if w.kind == "V"]
        if not verbs:
            return token.pos in ("VERB", "AUX")
        if token.definite or token.preposition in ("ب", "ك"):
            return False
        if (
            i
            and token.conjunction is None
            and self.tokens[i - 1].kind == "number"
            and self.tokens[i - 1].sentence == token.sentence
            and any(r.pos == "NOUN" for r in token.readings)
        ):
            return False  # «100 طالب»
        others = any(w.kind == "N" for w in self.words[i])
        if token.readings:
            if token.pos in ("VERB", "AUX"):
                return not (others and self._after_preposition(i))
            if not others:
                # the tagger knows names and nouns better than verbs: «كمين نصبه», «نادى»
                if any(r.pos == "VERB" for r in token.readings):
                    return token.pos != "PROPN"
                return (
                    (len(token.stem) > 4 and token.pos == "PROPN")
                    or token.text.endswith("ى")
                    or self._verb_first(i)
                    or (bool(verbs[0].suffix) and i > 0 and self.tokens[i - 1].pos == "NOUN" and len(token.norm) > 3)
                )
            return self._verb_first(i)
        if not others:
            return True
        return self._verb_here(i)

    def _after_preposition(self, i: int) -> bool:
        return i > 0 and self.norms[i - 1] in self._preps and self.tokens[i - 1].sentence == self.tokens[i].sentence

    def _verb_first(self, i: int) -> bool:
        """«قتل جنديان», «وجرح أربعة»: a word read as a noun is a verb where a clause begins and a subject follows it."""
        token = self.tokens[i]
        if token.preposition is not None or token.enclitic is not None or i + 1 >= len(self.tokens):
            return False
        if i and self.tokens[i - 1].sentence == token.sentence:
            before = self.norms[i - 1]
            if before in _AUX or (self.kinds[i - 1] == "comp" and before.endswith(("نه", "نها", "نهم"))) or self._lonely(i):
                return True
        opens = i == 0 or self.tokens[i - 1].sentence != token.sentence or self.tokens[i - 1].kind == "punct"
        if not opens and self.norms[i - 1] not in self._rels | self._subs | _AUX and token.conjunction is None:
            return False
        following = self.tokens[i + 1]
        if following.sentence != token.sentence:
            return False
        if opens and (mention := find.mention_at(self.analysis, i + 1)) is not None and mention.kind in _NAMED:
            note = self._notes.get(mention.id)
            # «عقد العراق», «قصف الجيش»: a masculine subject right behind; a feminine one can only be a genitive
            if note is not None and note.gender != "f" and (following.definite or following.pos == "PROPN" or note.last > i + 2):
                return any(w.kind == "V" and w.aspect == "p" and w.gender == "m" and w.person == "3" for w in self.words[i])
        if following.definite:
            return False
        stem = following.stem
        if following.kind == "number" or following.pos == "NUM" or (stem.endswith(("ون", "ان")) and stem in self.people):
            return True
        return opens and stem in self.people and not stem.endswith("ين")

    def _verb_here(self, i: int) -> bool:
        # «قتل», «قصف», «دعم»: a verb after a boundary, a noun after a verb, a preposition or another noun
        token = self.tokens[i]
        if token.definite or (token.preposition is not None):
            return False
        if i == 0 or self.tokens[i - 1].sentence != token.sentence:
            return True
        before = self.norms[i - 1]
        if before in self._preps:
            return False
        if before in _AUX or before in self.negators or before in self._rels or before in self._comps or before in self._subs:
            return True
        if self.tokens[i - 1].kind == "punct":
            return True
        if self.words[i - 1] and any(w.kind == "V" for w in self.words[i - 1]):
            return False
        following = self.norms[i + 1] if i + 1 < len(self.norms) else ""
        return token.conjunction is not None and following not in self._preps and not following.startswith("ال")

    # -- spans

    def _lonely(self, i: int) -> bool:
        """«ان شخصا قتل في انفجار»: after أنّ and an actor, the clause's only word that can be a verb."""
        j = i - 1
        if find.mention_at(self.analysis, j) is None and not self.named(j, self.people):
            return False
        while j >= 0 and i - j < 14 and self.tokens[j].sentence == self.tokens[i].sentence:
            kind = self.kinds[j]
            if kind in ("verb", "sub", "rel") or (kind == "punct" and self.tokens[j].text not in _OPEN | _CLOSE | frozenset(("،", ","))):
                return False
            if kind == "comp":
                return self.kinds[i - 1] == "noun"
            j -= 1
        return False

    def counted(self, i: int) -> bool:
        """Whether a token is a number or a quantity («ثمانية», «17», «عدد», «أحد»)."""
        token = self.tokens[i]
        return (
            token.kind == "number"
            or token.pos == "NUM"
            or self.norms[i] in self.quantifiers
            or token.bare in self.quantifiers
            or token.bare in _FEW
        )

    def noun_phrase(self, i: int, limit: int) -> int:
        """Index after the noun phrase that begins at token i: that of a mention there, else the base phrase."""
        mention = find.mention_at(self.analysis, i)
        end = i + 1
        if mention is not None:
            end = max(end, self.analysis.token_at(mention.end - 1) + 1)
            if self.norms[i] in self.quantifiers or self.tokens[i].kind == "number":
                end = max(end, chunks.noun_phrase(self.tokens, i, limit))
        else:
            end = chunks.noun_phrase(self.tokens, i, limit)
        if self.counted(i) and end < limit - 1 and self.norms[end] == "من" and end - i <= 2 and self.kinds[end + 1] == "noun":
            # «ثمانية من عناصر الشرطة»
            end = self.noun_phrase(end + 1, limit)
        return min(max(end, i + 1), limit)

    def time_end(self, i: int) -> int | None:
        """Index after the time expression that covers token i, or None."""
        k = bisect_right(self._time_starts, self.tokens[i].stem_start) - 1
        if k >= 0 and self._times[k][1] > self.tokens[i].stem_start:
            return max(i + 1, self.analysis.token_at(self._times[k][1] - 1) + 1)
        return None

    def sentence_span(self, i: int) -> tuple[int, int]:
        """First token and end of the sentence of token i, at most REACH*2 tokens around it."""
        sentence = self.analysis.sentences[self.tokens[i].sentence]
        return max(sentence.first, i - 2 * REACH), min(sentence.last, i + 2 * REACH)

    # -- to the right

    def right(self, i: int, *, limit: int | None = None) -> list[Phrase]:
        """The phrases behind token i up to the end of its clause."""
        out: list[Phrase] = []
        end = min(self.sentence_span(i)[1], i + REACH) if limit is None else limit
        j, commas, comma = i + 1, 0, False
        while j < end:
            kind, norm = self.kinds[j], self.norms[j]
            if kind == "punct":
                text = self.tokens[j].text
                if text in _STOPS:
                    break
                if text == "(":
                    j = self._close(j, end)
                    continue
                if text in ("،", ",", "-", "–", "—", "ـ"):
                    aside = self._aside(j, end)
                    if aside is not None:
                        # «اعتقلت الشرطة، اليوم الثلاثاء، سبعة مهربين»
                        self._phrases_of(j + 1, aside, out)
                        j = aside + 1
                        continue
                    commas += 1
                    comma = True
                    if commas > COMMAS:
                        break
                j += 1
                continue
            if norm in PRONOUNS:
                out.append(Phrase(PRONOUNS[norm], j, j + 1, ((j, j + 1),), comma))
                j += 1
                continue
            if kind in ("verb", "comp", "sub", "rel", "neg"):
                break
            if kind == "aux":
                if norm in ("قد", "لقد", "وقد", "فقد"):
                    break
                break
            if kind == "prep":
                j = self._prepositional(j, end, out, comma)
                continue
            passed = self.time_end(j)
            if passed is not None:
                j = passed
                continue
            token = self.tokens[j]
            if norm in self._not:
                j += 1
                continue
            attached = token.preposition
            if attached is not None:
                last, members = self._group(j, end)
                out.append(Phrase(attached, j, last, members, comma))
                j = members[-1][1]
                continue
            if comma and token.conjunction is not None and out and self.words[j]:
                break  # «، و...»: another clause begins
            last, members = self._group(j, end)
            out.append(Phrase("", j, last, members, comma))
            j = max(j + 1, members[-1][1])
        return out

    def _aside(self, j: int, end: int) -> int | None:
        """Index of the mark that closes what the one at j opens, where only datings and prepositional phrases lie between, or None."""
        k = j + 1
        while k < min(end, j + 11):
            token = self.tokens[k]
            if token.kind == "punct":
                closes = token.text in ("،", ",", "-", "–", "—", "ـ") and k > j + 1
                if not closes or k + 1 >= end or self.kinds[k + 1] not in ("noun", "prep") or self.tokens[k + 1].conjunction is not None:
                    return None
                return k
            passed = self.time_end(k)
            if passed is not None:
                k = passed
            elif self.kinds[k] == "prep" and k + 1 < end and self.kinds[k + 1] == "noun":
                k = self.time_end(k + 1) or self._group(k + 1, end)[1][-1][1]
            elif token.preposition is not None and self.kinds[k] == "noun":
                k = max(k + 1, self._group(k, end)[1][-1][1])
            else:
                return None
        return None

    def _phrases_of(self, j: int, end: int, out: list[Phrase]) -> None:
        """The prepositional phrases of an aside."""
        while j < end:
            if self.time_end(j) is not None:
                j += 1
            elif self.kinds[j] == "prep":
                j = max(j + 1, self._prepositional(j, end, out, False))
            elif (attached := self.tokens[j].preposition) is not None:
                last, members = self._group(j, end)
                out.append(Phrase(attached, j, last, members, False))
                j = max(j + 1, members[-1][1])
            else:
                j += 1

    def split(self, first: int, last: int) -> int | None:
        """Where a subject ends and an object begins in one stretch of nouns behind a verb, or None.

        «مسلحون مجهولون | قائد الشرطة», «جنود الاحتلال | مخيم جنين», «شاب | جنديا», «القوات | المسلحين».
        """
        closed = False
        for k in range(first, last):
            token = self.tokens[k]
            if token.kind == "latin" or token.kind == "punct":
                return None
            if k > first:
                stem = token.stem
                before = self.tokens[k - 1]
                noun = self.named(k, self.people) or self.named(k, self._targets) or self.named(k, self._heads)
                accusative = token.text.endswith(("اً", "ًا")) or (stem.endswith("ا") and not token.definite and stem[:-1] in self.people)
                if accusative and noun and (stem in self.people or stem[:-1] in self.people):
                    return k
                ended = (
                    closed
                    or (before.stem.endswith(("ون", "ان")) and before.kind == "word")
                    or (k - 1 > first and before.pos == "ADJ" and not before.definite)
                )
                if stem.endswith(("ون", "ان")) and before.stem.endswith(("ون", "ان")):
                    continue  # «مسلحون مجهولون»
                single = (
                    k - 1 == first
                    and not before.definite
                    and before.stem in self.people
                    and before.stem.endswith(("ب", "د", "ل", "ر", "ص", "ح", "ود"))
                )
                if noun and token.definite and before.definite and token.bare.endswith("ين") and token.bare in self.people:
                    return k
                if noun and token.definite and before.definite and token.bare in NOMINAL:
                    return k
                if accusative and noun and k - first >= 1 and self.tokens[first].definite:
                    return k
                if noun and not token.definite and (ended or single) and token.pos != "ADJ":
                    return k
            if token.definite or (token.pos == "PROPN" and k > first):
                closed = True
        return None

    def _prepositional(self, j: int, end: int, out: list[Phrase], comma: bool) -> int:
        norm = self.norms[j]
        plain = norm[1:] if norm[:1] in "وف" and norm not in self._preps else norm
        k = j + 1
        if plain in ("من", "علي") and k < end and f"{plain} {self.norms[k]}" in self.lexicon.words.get("passive_agents", ()):
            plain = "agent"
            k += 1
        if k >= end or self.kinds[k] in ("punct",):
            # «من "الحزب"»
            while k < end and self.tokens[k].text in _OPEN and self.tokens[k].text != "(":
                k += 1
            if k >= end or self.kinds[k] == "punct":
                return k
        if self.kinds[k] in ("verb", "comp", "sub", "rel", "neg", "aux", "prep"):
            return k
        passed = self.time_end(k)
        if passed is not None:
            return passed
        if self.norms[k] in _POINTING and k + 1 < end and self.kinds[k + 1] == "noun":
            k += 1  # «في هذه الغارات»
        elif self.norms[k] in self._not:
            return k + 1
        last, members = self._group(k, end)
        out.append(Phrase(plain, k, last, members, comma))
        return max(k + 1, members[-1][1])

    def _group(self, j: int, end: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The phrase at j and those joined to it by و or a comma before one."""
        last = self.noun_phrase(j, end)
        members = [(j, last)]
        k = last
        while k < end and len(members) < 12:
            m = k
            while m < end and self.tokens[m].text in ("»", "”", '"', "“", "«", ")"):
                m += 1
            if m >= end:
                break
            token = self.tokens[m]
            joined = token.conjunction == "و" and token.kind == "word" and self.kinds[m] == "noun" and token.preposition is None
            if not joined:
                break
            mention = find.mention_at(self.analysis, m)
            if mention is None and not self._like(m):
                break
            if self.time_end(m) is not None:
                break
            stop = self.noun_phrase(m, end)
            members.append((m, stop))
            k = stop
        return last, tuple(members)

    def _like(self, m: int) -> bool:
        token = self.tokens[m]
        return token.bare in self.people or token.stem in self.people

    def _close(self, j: int, end: int) -> int:
        k = j + 1
        while k < min(end, j + 25):
            if self.tokens[k].text == ")":
                return k + 1
            k += 1
        return j + 1

    # -- to the left

    def clause_start(self, i: int) -> int:
        """Index of the first word of the clause that token i stands in."""
        first = self.sentence_span(i)[0]
        j = i - 1
        while j >= first:
            kind = self.kinds[j]
            text = self.tokens[j].text
            if kind == "comp" or (kind == "sub" and self.norms[j] not in ("بل", "ثم")):
                return j + 1
            if kind == "punct" and text in _STOPS:
                return j + 1
            j -= 1
        return first

    def after_auxiliary(self, i: int) -> tuple[int, int] | None:
        """«لا يزال التنظيم يسيطر», «كان الجيش قصف»: the noun phrase between an auxiliary and the verb at i."""
        first = self.sentence_span(i)[0]
        j = i - 1
        while j >= first and self.norms[j] in ("قد", "لقد"):
            j -= 1
        low = max(first, j - 5)
        k = j
        while k >= low and self.kinds[k] == "noun":
            k -= 1
        carries = low <= k < j and self.kinds[k] == "aux" and self.norms[k] not in ("قد", "لقد", "وقد", "فقد", "سوف")
        if carries and self.tokens[k + 1].preposition is None and self.noun_phrase(k + 1, j + 1) == j + 1:
            return k + 1, j + 1
        return None

    def relative_before(self, i: int) -> int | None:
        """Index of the relative pronoun whose clause begins with the verb at i («الذي [قد] شن»), or None."""
        j = i - 1
        steps = 0
        while j >= 0 and steps < 4 and (self.kinds[j] in ("aux", "neg")):
            j -= 1
            steps += 1
        if j >= 0 and self.kinds[j] == "rel" and self.tokens[j].sentence == self.tokens[i].sentence:
            return j
        return None

    def phrase_before(self, i: int, first: int) -> tuple[int, int] | None:
        """The noun phrase that ends right before token i: the widest mention there, else the noun itself."""
        j = i - 1
        while j >= first and self.tokens[j].text in _CLOSE | _OPEN | frozenset(("،", ",")):
            j -= 1
        if j < first or self.kinds[j] != "noun":
            return None
        mention = find.mention_at(self.analysis, j)
        if mention is not None:
            start = self.analysis.token_at(mention.start)
            return max(start, first), j + 1
        k = j
        while k - 1 >= first and self.kinds[k - 1] == "noun" and j - k < 4 and self.time_end(k) is None:
            if self.tokens[k].preposition is not None:
                break
            k -= 1
        return k, j + 1

    def topic(self, i: int) -> tuple[int, int] | None:
        """The noun phrase that opens the clause of the verb at i, where no other verb stands before it (SVO)."""
        start = self.clause_start(i)
        j = start
        while j < i and (self.kinds[j] in ("aux",) or self.tokens[j].text in _OPEN or self.norms[j] in self._not):
            j += 1
        if j >= i or self.kinds[j] != "noun" or self.tokens[j].preposition is not None:
            return None
        if self.time_end(j) is not None:
            return None
        end = self.noun_phrase(j, i)
        k = end
        depth = 0
        while k < i:
            kind = self.kinds[k]
            if kind == "rel":
                depth += 1
            if kind == "verb":
                # «انتحاريا يقود سيارة مفخخة، فجر نفسه»: an indefinite noun's own clause
                own = (k == end and not self.tokens[j].definite and any(w.aspect == "i" for w in self.words[k] if w.kind == "V")) or (
                    k == end and self.tokens[k].readings and self.tokens[k].readings[0].aspect == "imp" and not self.tokens[j].definite
                )
                if depth == 0 and not own:
                    return None
                depth = max(depth - 1, 0)
            k += 1
        return j, end

    def verb_before(self, i: int) -> int | None:
        """Index of the nearest finite verb before token i in its sentence."""
        first = self.sentence_span(i)[0]
        j = i - 1
        while j >= first:
            if self.kinds[j] == "verb":
                return j
            j -= 1
        return None

    def named(self, i: int, words: frozenset[str]) -> bool:
        """Whether the noun at token i, with or without a case ending, is in a list."""
        token = self.tokens[i]
        bare = token.bare
        return bare in words or token.stem in words or (bare.endswith("ا") and bare[:-1] in words)


@lru_cache(maxsize=1 << 15)
def _readings(lexicon: Lexicon, norm: str) -> tuple[Word, ...]:
    return tuple(w for w in lexicon.read(norm) if w.kind != "V" or _third(w))


@lru_cache(maxsize=4)
def _closed(lexicon: Lexicon) -> dict[str, str]:
    """Words of the closed classes -> kind; a word in several counts for the first."""
    lists = {"rel": "relatives", "comp": "complementizers", "prep": "prepositions", "neg": "negators", "sub": "subordinators"}
    out: dict[str, str] = {}
    for kind, name in lists.items():
        for word in lexicon.words.get(name, ()):
            out.setdefault(word, kind)
    for word in _AUX:
        out.setdefault(word, "aux")
    return out


@lru_cache(maxsize=8192)
def _plain(lemma: str) -> str:
    return fold(lemma)


def _third(word: Word) -> bool:
    return word.aspect != "c" and (word.person == "3" or (word.person == "1" and word.aspect == "i" and word.number == "p"))
