"""In which state an undertaking is: the words before, in and after its phrase, and who tells of it."""

from __future__ import annotations

from typing import NamedTuple

from musnad.commitments import lexicon
from musnad.commitments.lexicon import Licence
from musnad.pipeline import Analysis
from musnad.record import Commitment, CommitmentKind, CommitmentState, Mention, Statement
from musnad.statements.chain import chain_of

#: how far before its noun a word may stand that tells the state
BACK = 16
_STOPS = frozenset(".!؟?…;؛")
_ACTS: dict[str, CommitmentState] = {
    "demand": "demanded", "call": "demanded", "promise": "announced", "expect": "expected", "agree": "agreed",
    "announce": "announced", "threaten": "announced", "reject": "refused",
}  # fmt: skip
#: undertakings that a speaker announces by naming them: «أشار البيان إلى تقديم مساعدات»
_DONE_BY_SAYING = frozenset(("aid", "release", "withdrawal", "deployment", "inquiry", "ceasefire", "reduction"))


def _light_future(word: str) -> bool:
    """Whether a word is the future of a verb that carries out an undertaking («سيعقد», «وستجري»)."""
    if word[:1] in "وف":
        word = word[1:]
    if word[:1] != "س" or len(word) < 4:
        return False
    stem = word[1:]
    light = lexicon.words("future_light")
    return "ي" + stem[1:] in light or (stem[-2:] in ("ون", "ان") and "ي" + stem[1:-2] in light)


class Found(NamedTuple):
    """A trigger: its tokens, kind, and how the word stands (noun, perf, imp or fut)."""

    first: int
    last: int
    kind: CommitmentKind
    form: str


class Reader:
    """Arrays over the tokens of one article, and the state of an undertaking found in them."""

    def __init__(self, analysis: Analysis) -> None:
        self.a = analysis
        self.tokens = analysis.tokens
        self.norms = [t.norm for t in analysis.tokens]
        self.n = len(self.tokens)
        self.out: list[Commitment] = []
        self.by_id: dict[str, Statement] = {s.id: s for s in analysis.statements}
        self.timed: dict[int, str] = {}
        for time in analysis.times:
            k = analysis.token_at(time.start)
            while k < self.n and self.tokens[k].start < time.end:
                self.timed[k] = time.id
                k += 1
        self.starts = {analysis.token_at(m.start): m for m in sorted(analysis.mentions, key=lambda m: m.end - m.start)}
        self.inside: dict[int, Mention] = {}
        for first, mention in self.starts.items():
            k = first
            while k < self.n and self.tokens[k].start < mention.end and k < first + 20:
                self.inside[k] = mention
                k += 1
        self.event_at = {analysis.token_at(e.trigger.start): e.id for e in analysis.events}

    def _near(self, i: int, limit: int, words: frozenset[str], reach: int = 4) -> bool:
        for k in range(i + 1, min(i + 1 + reach, limit)):
            if self.tokens[k].kind == "punct" and self.tokens[k].text not in '«“"':
                return False
            if any(form in words for form in lexicon.bare(self.norms[k])):
                return True
        return False

    def _statement(self, token: int) -> Statement | None:
        here = self.tokens[token]
        chain = chain_of(self.a, here.start, here.end)
        return self.by_id.get(chain[0]) if chain else None

    def _state(
        self, found: Found, first: int, lo: int, content_first: int, statement: Statement | None
    ) -> tuple[CommitmentState | None, int | None, str]:
        """The state, the token that tells it, and the rule's name."""
        before = self.norms[first - 1] if first else ""
        if found.form == "fut":
            return "announced", found.first, "future"
        if found.form in ("perf", "imp"):
            return self._verb_state(found, lo)
        if before in lexicon.words("spent") and first > lo:
            return None, None, ""
        # the phrase's own opener: «تأجيل الزيارة», «بدء المحادثات»
        for k in range(found.first - 1, first - 1, -1):
            own = lexicon.licence(self.norms[k])
            if own is not None and own.aspect and not (self.tokens[k].readings and self.tokens[k].readings[0].pos == "VERB"):
                continue
            if own is not None and own.state in ("delayed", "under_way", "done", "refused"):
                outer = self._outer(first, max(lo, content_first, first - BACK))
                if own.state == "under_way" and outer is not None and outer[0].state not in ("under_way",):
                    return outer[0].state, outer[1], f"state:{outer[0].lemma}"
                return own.state, k, f"state:{own.lemma}"
        if first > lo and self._circumstance(found, first):
            return None, None, ""
        if before == "مقابل" or any(w in lexicon.words("conditions") or w == "لم" for w in self.norms[max(lo, first - 4) : first]):
            return None, None, ""
        floor = max(lo, first - BACK)
        if statement is not None and content_first > lo:
            # the verb that brings the words may tell the state: «اقترح تشكيل …»; what stands before it does not
            floor = max(floor, min(content_first, self.a.token_at(statement.cue.start)))
        outer = self._outer(first, floor)
        if outer is not None and outer[0].state == "proposed" and not outer[0].aspect:
            further = self._outer(outer[1], max(floor, outer[1] - 6))
            if further is not None and further[0].state in ("refused", "agreed", "delayed"):
                outer = further
        if outer is not None:
            licence, k = outer
            return licence.state, k, f"state:{licence.lemma}"
        after = self._after(found)
        if after is not None:
            return after[0].state, after[1], f"state:{after[0].lemma}"
        if statement is not None and statement.act in _ACTS and first - content_first <= 7:
            return _ACTS[statement.act], self.a.token_at(statement.cue.start), f"act:{statement.act}"
        if (
            statement is not None
            and statement.act in ("say", "confirm")
            and first == content_first
            and found.kind in _DONE_BY_SAYING
            and first < found.first
        ):
            return "announced", self.a.token_at(statement.cue.start), f"act:{statement.act}"
        return None, None, ""

    def _verb_state(self, found: Found, lo: int) -> tuple[CommitmentState | None, int | None, str]:
        i = found.first
        before = self.norms[i - 1] if i > lo else ""
        if before in lexicon.words("negations") and before != "لا":
            return "refused", i - 1, "negated"
        if before == "سوف":
            return "announced", i - 1, "future"
        if found.form == "imp":
            if before == "ان" or before == "بان":
                outer = self._outer(i - 1, max(lo, i - BACK))
                return (outer[0].state, outer[1], f"state:{outer[0].lemma}") if outer else (None, None, "")
            later = any(k in self.timed for k in range(i, min(i + 10, self.n)))
            if found.kind == "visit" and later and any(self.norms[k] in lexicon.words("next") for k in range(i, min(i + 12, self.n))):
                return "expected", i, "present for future"
            return None, None, ""
        if before in ("لم", "ما", "ان", "قبل", "بعد", "الذي", "التي", "الذين"):
            return None, None, ""
        return ("done", i, "past") if found.kind in ("withdrawal", "release", "reduction") else (None, None, "")

    def _outer(self, first: int, floor: int) -> tuple[Licence, int] | None:
        """The nearest word before a phrase that tells its state, within the clause."""
        passed = 0
        for k in range(first - 1, floor - 1, -1):
            token = self.tokens[k]
            word = self.norms[k]
            if token.kind == "punct":
                if token.text in _STOPS:
                    return None
                if token.text in "،,":
                    passed += 1
                    if passed > 1:
                        return None
                continue
            if word in ("ان", "بان") and k < first - 3:
                passed += 1
            licence = lexicon.licence(word)
            if licence is None:
                if _light_future(word) and self._is_verb(k) and self._gap(k, first) <= 3:
                    return Licence("announced", "fut", word), k
                if word in lexicon.words("subordinate") and k < first - 1:
                    # what a new clause tells is not told by the word before it
                    return None
                continue
            if licence.aspect and not self._is_verb(k):
                continue
            if not licence.aspect and token.readings and token.readings[0].pos == "VERB" and licence.state in ("proposed",):
                continue
            if licence.aspect and k > 0 and self.norms[k - 1] in ("لم", "لن", "لا", "ولم", "ولن", "ولا"):
                if self.norms[k - 1] in ("لن", "ولن"):
                    return Licence("refused", licence.aspect, licence.lemma), k
                if licence.state == "refused":
                    return Licence("expected", licence.aspect, licence.lemma), k
                return None
            if licence.lemma in ("أتم", "تم", "تمت") and first - k > 3:
                # «تم» takes the verbal noun after it
                return None
            if licence.lemma == "أهمية" or word.endswith("اهمية"):
                trigger = self.norms[first].removeprefix("ل")
                if trigger.startswith(("زيار", "اجتماع", "محادث", "لقاء", "قمة", "حوار")):
                    return None
            if self._gap(k, first) > (1 if word in ("لبحث", "لمناقشة") else 3):
                return None
            # what a relative clause tells of another noun is not this one's state
            if k > 0 and self.norms[k - 1] in lexicon.words("relative") and first - k > 6:
                continue
            return licence, k
        return None

    def _circumstance(self, found: Found, first: int) -> bool:
        """Whether a phrase only tells when or where: «قررت اللجنة في اجتماعها …», «في أعقاب الاجتماع»."""
        before = self.norms[first - 1]
        if before not in lexicon.words("circumstance"):
            return False
        # «بدأ في انسحاب», «المشاركة في المحادثات»: the word before the preposition asks for it
        if before == "في" and first >= 2:
            asks = self.norms[first - 2]
            return lexicon.licence(asks) is None and not any(
                f.startswith(("مشارك", "شارك", "يشارك", "تشارك", "استمرار", "تقدم", "دخول", "انخراط")) for f in lexicon.bare(asks)
            )
        return True

    def _agree(self, found: Found, verb: str, gender: str) -> bool:
        """Whether a verb after the phrase can have it as subject, as far as its head shows."""
        if found.form != "noun" or gender not in ("m", "f"):
            return True
        head = self.tokens[found.first]
        if head.text.endswith("ة") or head.bare.endswith(("ات", "ة")):
            return gender == "f"
        number = head.readings[0].number if head.readings else ""
        return number == "p" or gender == "m"

    def _gap(self, k: int, first: int) -> int:
        """How many words between a licence and a phrase are neither a name, a time, nor a joining word."""
        out = 0
        m = k + 1
        while m < first:
            token = self.tokens[m]
            mention = self.starts.get(m)
            if mention is not None:
                while m < first and self.tokens[m].start < mention.end:
                    m += 1
                continue
            if (
                token.kind == "punct"
                or m in self.timed
                or self.norms[m] in lexicon.words("joiners")
                or self.norms[m] in lexicon.words("light")
                or any(f in lexicon.words("openers") for f in lexicon.bare(self.norms[m]))
            ):
                m += 1
                continue
            if token.readings and token.readings[0].pos == "VERB" and not lexicon.licence(self.norms[m]):
                out += 2
            out += token.pos not in ("ADJ", "ADP", "DET", "PART")
            m += 1
        return out

    def _is_verb(self, k: int) -> bool:
        token = self.tokens[k]
        if token.definite or token.preposition or (k > 0 and self.norms[k - 1] in ("من", "في", "علي", "الي", "عن", "بعد", "قبل", "مع")):
            return False
        return not token.readings or any(r.pos in ("VERB", "AUX") for r in token.readings)

    def _after(self, found: Found) -> tuple[Licence, int] | None:
        """A verb or adjective after the phrase: «المحادثات ستستأنف», «زيارة مرتقبة», «الزيارة أرجئت»."""
        limit = min(self.a.sentences[self.tokens[found.first].sentence].last, found.last + 9)
        for k in range(found.last, limit):
            token = self.tokens[k]
            if token.kind == "punct" and token.text not in '«»“”"()':
                return None
            word = self.norms[k]
            if (
                word in lexicon.words("relative")
                or word in lexicon.words("enders")
                or (word[:1] == "و" and word[1:] in lexicon.words("relative"))
            ):
                return None
            if word in ("منذ", "قبل", "بعد", "عقب"):
                return None
            licence = lexicon.licence(word)
            if (
                self._is_verb(k)
                and token.readings
                and token.readings[0].pos == "VERB"
                and not self._agree(found, word, token.readings[0].gender)
            ):
                return None
            if k - found.last > 4 and licence is not None and licence.aspect:
                return None
            if _light_future(word) and self._is_verb(k) and not token.definite and k - found.last <= 4:
                if licence is not None and licence.state == "delayed":
                    return licence, k
                return Licence("announced", "fut", word), k
            if licence is not None and (licence.state in ("delayed", "under_way", "expected", "done", "refused", "announced")):
                if licence.aspect and not self._is_verb(k):
                    continue
                if licence.state == "announced" and licence.aspect != "fut":
                    continue
                return licence, k
        return None
