"""From words that name an undertaking to commitments: state, parties, deadline, conditions, source."""

from __future__ import annotations

from musnad.commitments import lexicon
from musnad.commitments.states import Found, Reader
from musnad.language.chunks import noun_phrase
from musnad.record import Commitment, CommitmentKind, CommitmentState, Span, Statement

#: the longest description of what is undertaken, in tokens
LONGEST = 28
_STOPS = frozenset(".!؟?…;؛")
_ACTS: dict[str, CommitmentState] = {
    "demand": "demanded", "call": "demanded", "promise": "announced", "expect": "expected", "agree": "agreed",
    "announce": "announced", "threaten": "announced", "reject": "refused",
}  # fmt: skip


class Builder(Reader):
    """Builds the commitments of one article."""

    def build(self) -> list[Commitment]:
        """All commitments in order of start."""
        sport = lexicon.words("sport")
        for sentence in self.a.sentences:
            if not sport.isdisjoint(self.norms[sentence.first : sentence.last]):
                continue
            busy = sentence.first
            i = sentence.first
            while i < sentence.last:
                found = self._trigger(i, sentence.last) if i >= busy else None
                if found is None:
                    i += 1
                    continue
                made = self._make(found, sentence.first, sentence.last)
                if made is not None:
                    busy = self.a.token_at(made.what.end - 1) + 1 if found.form == "noun" else found.last
                    # lists inside a description are read on their own
                    busy = min(busy, found.last + 3)
                i = found.last
            self._lists(sentence.first, sentence.last)
        self.out.sort(key=lambda c: (c.start, c.end))
        return self._distinct()

    # -- finding

    def _trigger(self, i: int, limit: int) -> Found | None:
        token = self.tokens[i]
        opening = lexicon.opening(token.norm) if token.kind == "word" else None
        if opening is None:
            return None
        for rest, kind in opening.phrases:
            last = i + 1 + len(rest)
            if last <= limit and tuple(self.norms[i + 1 : last]) == rest:
                return Found(i, last, kind, "noun")
        verb, heads = opening.verb, opening.heads
        if verb is not None and (not token.readings or token.readings[0].pos == "VERB") and not token.definite:
            if verb.lemma in ("سحب", "خفض", "قلص") and not self._near(i, limit, lexicon.words("forces")):
                return None
            return Found(i, i + 1, verb.kind, verb.aspect)
        if heads is None:
            return None
        if token.enclitic is not None and heads[0].kind in ("aid", "inquiry"):
            return None
        if token.readings and token.readings[0].pos in ("VERB", "ADJ"):
            return None
        # «حزب المؤتمر»: part of a name
        mention = self.inside.get(i)
        if mention is not None and mention.kind in ("organisation", "person", "armed_group") and mention.start < token.start:
            return None
        if (
            heads[0].kind == "inquiry"
            and not token.definite
            and i + 1 < limit
            and self.tokens[i + 1].definite
            and self.tokens[i + 1].pos != "ADJ"
        ):
            # «تحقيق التنمية»: reaching it
            return None
        if token.preposition == "ل" and mention is None and i - 1 in self.inside and token.definite:
            before = self.inside[i - 1]
            if before.kind in ("organisation", "person", "facility") and before.end == self.tokens[i - 1].end:
                # «مركز … للحوار»: the rest of a name
                return None
        for head in heads:
            if not head.near or self._near(i, limit, head.near, 2 if head.kind == "inquiry" else 4):
                return Found(i, i + 1, head.kind, "noun")
        return None

    # -- making

    def _make(self, found: Found, lo: int, hi: int) -> Commitment | None:
        statement = self._statement(found.first)
        content_first, content_last = lo, hi
        if statement is not None:
            span = next((c for c in statement.content if c.start <= self.tokens[found.first].start < c.end), None)
            if span is not None:
                content_first, content_last = self.a.token_at(span.start), self.a.token_at(span.end - 1) + 1
        first = self._widen(found.first, max(lo, content_first))
        state, licence_at, rule = self._state(found, first, lo, content_first, statement)
        if state is None:
            return None
        if state == "done" and found.kind == "agreement":
            state = "agreed"
        if not self._fresh(found, first, state):
            return None
        last = self._end(found, min(hi, content_last) if content_last > found.first else hi)
        head = self.tokens[first]
        start = head.stem_start if head.stem_start < head.end else head.start
        if first == found.first and found.form != "noun":
            start = head.start
        what = self.a.span(start, self.tokens[last - 1].end)
        conditions = self._conditions(found, last, hi)
        made = Commitment(
            id=self.a.new_id("c"), start=what.start, end=what.end, text=what.text, kind=found.kind, what=what, state=state,
            conditions=conditions, statement=statement.id if statement else None,
            event=next((self.event_at[k] for k in range(first, found.last) if k in self.event_at), None),
            by=self._deadline(found, last, hi, content_first), rules=[f"{found.kind}:{self.tokens[found.first].lemma}", rule],
        )  # fmt: skip
        self._parties(made, found, licence_at, lo, statement)
        lo_char = min(
            [made.what.start, *(c.start for c in conditions)] + ([self.tokens[licence_at].start] if licence_at is not None else [])
        )
        hi_char = max([made.what.end, *(c.end for c in conditions)])
        whole = self.a.span(lo_char, hi_char)
        made.start, made.end, made.text = whole.start, whole.end, whole.text
        self.out.append(made)
        return made

    def _fresh(self, found: Found, first: int, state: CommitmentState) -> bool:
        """Whether a phrase is something undertaken: a definite noun alone is only spoken of."""
        if (
            found.form != "noun"
            or first < found.first
            or found.last - found.first > 1
            or found.kind not in lexicon.words("known_when_definite")
        ):
            return True
        token = self.tokens[found.first]
        article = token.definite or self.norms[found.first].lstrip("وفبلك").startswith("ال") or self.norms[found.first].startswith("لل")
        if not article:
            return True
        if found.kind == "agreement":
            return (
                state in ("agreed", "delayed", "refused") and found.first > 0 and lexicon.licence(self.norms[found.first - 1]) is not None
            )
        return state in ("delayed", "under_way", "expected", "refused", "announced", "done") and (
            found.kind in ("visit", "talks") or lexicon.licence(self.norms[found.first - 1]) is not None
        )

    def _widen(self, i: int, lo: int) -> int:
        """Back over nouns that open the phrase: «بدء الجولة الأولى من المحادثات»."""
        first = i
        for _ in range(5):
            k = first - 1
            if k < lo:
                break
            if self.norms[k] == "من" and k - 1 >= lo and self.norms[k - 1] in lexicon.words("first_ordinals") and k - 2 >= lo:
                first = k - 2
                continue
            if self.norms[k] in lexicon.words("first_ordinals") and k - 1 >= lo and not self.tokens[i].definite:
                break
            forms = lexicon.bare(self.norms[k])
            if self.tokens[k].kind == "word" and any(f in lexicon.words("openers") for f in forms) and self.norms[k] != "رفع":
                first = k
                if self.tokens[k].conjunction or self.tokens[k].preposition:
                    break
                continue
            if self.tokens[k].text in '«“"' and k - 1 >= lo and any(f in lexicon.words("openers") for f in lexicon.bare(self.norms[k - 1])):
                first = k - 1
                continue
            break
        return first

    def _end(self, found: Found, limit: int) -> int:
        """Token after what is undertaken: the noun phrase and the prepositional phrases that belong to it."""
        k = found.last
        limit = min(limit, found.first + LONGEST, self.n)
        while k < limit:
            token = self.tokens[k]
            word = self.norms[k]
            if token.kind == "punct":
                if token.text in '«»“”"()' and k + 1 < limit:
                    k += 1
                    continue
                break
            if (
                word in lexicon.words("enders")
                or (word[:1] == "و" and word[1:] in lexicon.words("enders"))
                or (word in lexicon.words("conditions") and word not in ("رهن", "لو", "حال"))
            ):
                break
            if word == "في" and k + 1 < limit and self.norms[k + 1] in ("حال", "حالة"):
                break
            if word in lexicon.words("relative") and k > found.last:
                break
            if token.readings and token.readings[0].pos in ("VERB", "AUX") and not token.definite:
                break
            licence = lexicon.licence(word)
            if (
                licence is not None
                and licence.aspect
                and not token.readings
                and k > found.last
                and not token.definite
                and not token.preposition
                and token.conjunction
            ):
                break
            k += 1
        while k > found.last and (self.tokens[k - 1].kind == "punct" or self.norms[k - 1] in lexicon.words("joiners")):
            if self.tokens[k - 1].text in "»”)" and any(self.tokens[m].text in "«“(" for m in range(found.first, k - 1)):
                break
            k -= 1
        return k

    def _conditions(self, found: Found, last: int, hi: int) -> list[Span]:
        out: list[Span] = []
        lo = max(self.a.sentences[self.tokens[found.first].sentence].first, found.first - 30)
        k = lo
        words = lexicon.words("conditions")
        while k < min(hi, found.last + 40):
            one = self.norms[k]
            two = f"{one} {self.norms[k + 1]}" if k + 1 < hi else one
            one_bare = one[1:] if one[:1] == "و" and one[1:] in words else one
            hit = two in words or one_bare in words
            if hit and one in ("مقابل", "لقاء", "حال", "لو", "رهن", "متي", "شرط", "مشروط") and self.tokens[k].definite:
                hit = False
            if hit and one in ("لو", "حال", "متي", "لقاء") and two not in words:
                hit = False
            if not hit:
                k += 1
                continue
            before = k < found.first
            end = k + 1
            while end < hi and end < k + 25:
                token = self.tokens[end]
                if token.text in _STOPS or (token.text in "،," and end > k + 2) or token.text in '»”"':
                    break
                if end > k + 2 and self.norms[end] in ("بحسب", "وفقا", "فيما", "بينما"):
                    break
                end += 1
            if before and end > found.first:
                k = end
                continue
            if before and found.first - end > 6:
                k = end
                continue
            out.append(self.a.span(self.tokens[k].start, self.tokens[end - 1].end))
            k = end
        return out

    def _deadline(self, found: Found, last: int, hi: int, lo: int) -> str | None:
        for k in range(found.first, min(hi, last + 12)):
            if k in self.timed:
                return self.timed[k]
            if self.tokens[k].text in _STOPS:
                break
        return None

    def _parties(self, made: Commitment, found: Found, licence_at: int | None, lo: int, statement: Statement | None) -> None:
        parties: list[str] = []
        with_: list[str] = []
        at = licence_at if licence_at is not None else found.first
        if statement is not None and statement.speaker and statement.act in _ACTS and at == self.a.token_at(statement.cue.start):
            parties.append(statement.speaker)
            if statement.addressee:
                with_.append(statement.addressee)
        if not parties:
            # the subject beside the word that tells the state: after the verb, or before it
            for k in range(at + 1, min(found.first, at + 10)):
                mention = self.starts.get(k)
                if mention is not None and mention.kind != "place" and self.norms[k - 1] not in ("في", "من"):
                    (with_ if self.norms[k - 1] == "مع" else parties).append(mention.id)
            if not parties:
                for k in range(at - 1, max(lo - 1, at - 10), -1):
                    mention = self.starts.get(k)
                    if mention is not None and mention.kind not in ("place", "facility") and not self.tokens[k].preposition:
                        parties.append(mention.id)
                        break
            if not parties and statement is not None and statement.speaker:
                parties.append(statement.speaker)
        end = self.a.token_at(made.what.end - 1) + 1
        for k in range(found.first, end):
            if self.norms[k] in ("مع", "بين") and k + 1 < self.n:
                mention = self.starts.get(k + 1)
                if mention is not None:
                    target = with_ if self.norms[k] == "مع" else parties
                    if mention.id not in target:
                        target.append(mention.id)
                    nxt = noun_phrase(self.tokens, k + 1, end)
                    if self.norms[k] == "بين" and nxt < end and self.starts.get(nxt) is not None and self.tokens[nxt].conjunction:
                        other = self.starts[nxt].id
                        if other not in parties:
                            parties.append(other)
        made.parties = list(dict.fromkeys(parties))
        made.with_ = [w for w in dict.fromkeys(with_) if w not in made.parties]

    # -- lists

    def _lists(self, lo: int, hi: int) -> None:
        """«ثلاثة عوامل رئيسية: …، …، و…»: each thing listed."""
        for k in range(lo + 1, hi):
            if self.tokens[k].text != ":" or not any(
                any(f in lexicon.words("lists") for f in lexicon.bare(self.norms[m])) for m in range(max(lo, k - 4), k)
            ):
                continue
            statement = self._statement(k - 1)
            begin = max(lo, k - 25)
            known = any(
                self.norms[m].endswith(("مجموعات", "مجموعة", "لجنة", "اللجنة", "فريق", "فرق", "المجموعات", "اللجان"))
                for m in range(begin, k)
            )
            outer = self._outer(k, begin)
            undertaken = any(any(f in lexicon.words("undertaken") for f in lexicon.bare(self.norms[m])) for m in range(max(lo, k - 4), k))
            if not known and not (undertaken and outer is not None and outer[0].state in ("agreed", "announced", "demanded")):
                continue
            group = next(
                (c for c in reversed(self.out) if c.kind == "working_group" and lo <= self.a.token_at(c.what.start) < k),
                None,
            )
            if known and group is not None:
                outer = None
            state: CommitmentState = (
                group.state
                if known and group is not None
                else outer[0].state
                if outer
                else _ACTS.get(statement.act, "announced")
                if statement
                else "announced"
            )
            for first, last in self._items(k + 1, hi):
                start = self.tokens[first]
                offset = start.start + (1 if start.text[:1] == "و" and first > k + 1 else 0)
                what = self.a.span(offset, self.tokens[last - 1].end)
                inner = [c for c in self.out if c.what.start < what.end and what.start < c.what.end]
                if inner:
                    continue
                kind: CommitmentKind = "working_group" if known else "other"
                for m in range(first, min(first + 3, last)):
                    named = self._trigger(m, last)
                    if named is not None and not known:
                        kind = named.kind
                        break
                made = Commitment(
                    id=self.a.new_id("c"), start=what.start, end=what.end, text=what.text, kind=kind, what=what, state=state,
                    statement=statement.id if statement else None, parties=[statement.speaker] if statement and statement.speaker else [],
                    rules=["list"],
                )  # fmt: skip
                self.out.append(made)

    def _items(self, first: int, hi: int) -> list[tuple[int, int]]:
        out: list[tuple[int, int]] = []
        start = first
        for k in range(first, min(hi, first + 80)):
            mark = self.tokens[k].text
            end = mark in _STOPS - {"؛", ";"} or (mark in '»”"' and self.tokens[k].kind == "punct")
            if mark in ("،", ",", "؛", ";") or end:
                if k > start:
                    out.append((start, k))
                start = k + 1
            if end:
                return out if len(out) > 1 else []
        if start < min(hi, first + 80):
            out.append((start, min(hi, first + 80)))
        return out if len(out) > 1 else []

    def _distinct(self) -> list[Commitment]:
        out: list[Commitment] = []
        for made in self.out:
            if out and any(o.kind == made.kind and o.what.start < made.what.end and made.what.start < o.what.end for o in out[-4:]):
                continue
            out.append(made)
        return out
