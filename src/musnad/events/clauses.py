"""A light reading of clauses: where a clause ends, the phrases before and after a verb or masdar."""

from __future__ import annotations

from typing import NamedTuple

from musnad.actors import find
from musnad.events.words import MARKS, OPEN, Words
from musnad.language import chunks

#: how far an argument is looked for, in words, and how many commas may lie between
REACH, COMMAS = 45, 2
_STOPS = frozenset(".!?؟؛:…\n")
_POINTING = frozenset({"هذا", "هذه", "ذلك", "تلك", "هذين", "هاتين", "هءلاء", "هؤلاء"})
NOMINAL = frozenset({"معارضة", "مدنيين", "متظاهرين", "محتجين", "متمردين", "مسلحين", "سكان", "أهالي"})
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


class Clauses(Words):
    """The clauses of an article."""

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
            while k < end and self.tokens[k].text in OPEN and self.tokens[k].text != "(":
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
        while j >= first and self.tokens[j].text in MARKS:
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
        while j < i and (self.kinds[j] in ("aux",) or self.tokens[j].text in OPEN or self.norms[j] in self._not):
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
