"""Whether an event happened: status from negation, mood, tense, governing words and conditions around its trigger."""

from __future__ import annotations

from musnad.events.clauses import Clauses
from musnad.events.frames import Frame, Word
from musnad.record import EventStatus

_BACK = 7
#: first letters of what may be cut off a word
_CUT = frozenset("وفبلا")


class StatusReader:
    """Reads the status of triggers in one article."""

    def __init__(self, clauses: Clauses, denied: list[tuple[int, int]]) -> None:
        """``denied``: text stretches that somebody denies (contents of «نفى»)."""
        self.c = clauses
        w = clauses.lexicon.words
        self.words = {k: w.get(k, frozenset()) for k in
                      ("planned", "possible", "conditional", "demanded", "purpose", "denied", "ongoing", "negative_nouns", "begun")}  # fmt: skip
        self.denied_spans = denied
        self.sisters = frozenset({"كان", "كانت", "كانوا", "وكان", "وكانت", "وكانوا"})

    def read(self, i: int, word: Word | None, frame: Frame, governor: int | None) -> tuple[EventStatus, str]:
        """Status of the event at token i and the rule that decided it."""
        c = self.c
        start = c.tokens[i].start
        if not frame.own_polarity:
            for s, e in self.denied_spans:
                if s <= start < e and frame.type != "ACCUSE":
                    return "denied", "denied statement"
        if word is not None and word.kind == "V":
            return self._verb(i, word, frame)
        return self._noun(i, frame, governor)

    def _verb(self, i: int, word: Word, frame: Frame) -> tuple[EventStatus, str]:
        c = self.c
        first = c.sentence_span(i)[0]
        norm = c.norms[i]
        before = [c.norms[k] for k in range(max(first, i - 3), i)]
        last = before[-1] if before else ""
        past_perfect = any(c.norms[k] in self.sisters for k in range(max(first, i - _BACK), i))
        plain = last[1:] if last[:1] in ("و", "ف") and len(last) > 2 else last
        negated = plain in ("لم", "لن", "لا", "ليس", "ليست", "ليسوا") or (plain == "ما" and word.aspect == "p")
        if negated and not frame.own_polarity:
            if plain == "لا" and norm in ("يزال", "تزال"):
                return "ongoing", "لا يزال"
            return "denied", f"negation {plain}"
        if word.prefix.endswith("س") or plain in ("سوف",):
            return "planned", "future"
        if plain in ("قد",) and word.aspect == "i":
            return "possible", "قد + imperfect"
        if word.prefix.endswith("ل") and word.aspect == "i":
            return "claimed_intent", "ل + subjunctive"
        if plain in ("ان", "بان") and word.aspect == "i":
            window = [c.norms[k] for k in range(max(first, i - 6), i)]
            for name in ("demanded", "possible", "planned"):
                if any(_in(w, self.words[name]) for w in window):
                    return _as_status(name), f"{name} word"
            return "possible", "أن + subjunctive"
        if plain in ("كي", "لكي"):
            return "claimed_intent", "purpose"
        window = [c.norms[k] for k in range(max(first, i - 4), i) if c.kinds[k] != "punct"]
        if any(w in ("اذا", "لو", "فاذا", "واذا", "ولو") for w in window):
            return "conditional", "condition"
        if any(w in ("ربما", "لعل") for w in window):
            return "possible", "ربما"
        if word.aspect == "i" and not past_perfect:
            if word.voice == "p" and frame.role == "result":
                return "occurred", "imperfect passive"
            if c.lexicon.types[frame.type].speech or frame.type in ("REQUEST",):
                return "occurred", "imperfect of a speech act"
            return "ongoing", "imperfect"
        return "occurred", "perfect" if word.aspect == "p" else "imperfect in the past"

    def _noun(self, i: int, frame: Frame, governor: int | None) -> tuple[EventStatus, str]:
        c = self.c
        token = c.tokens[i]
        first = c.sentence_span(i)[0]
        j, steps = i - 1, 0
        governed = False
        while j >= first and steps < _BACK:
            norm, kind = c.norms[j], c.kinds[j]
            plain = norm[1:] if norm[:1] in ("و", "ف") and len(norm) > 3 else norm
            if kind == "punct" and c.tokens[j].text not in '«»“”"':
                break
            if kind in ("rel",):
                break
            if j >= i - 2 and (_in(norm, self.words["negative_nouns"]) or plain in self.words["negative_nouns"]):
                if plain in ("دون", "بدون") and j == i - 2:
                    pass
                else:
                    return "denied", f"«{norm}»"
            near = j >= i - 4 or governed is False
            if near:
                if _in(norm, self.words["denied"]) and j >= i - 4 and frame.type not in ("ACCUSE",):
                    return "denied", f"«{norm}»"
                for name in ("planned", "possible", "demanded", "conditional", "purpose"):
                    if _in(norm, self.words[name]) and j >= i - (3 if name in ("possible", "purpose", "conditional") else 5):
                        if name == "conditional" and j < i - 2:
                            continue
                        return _as_status(name), f"«{norm}»"
                if _in(norm, self.words["ongoing"]) and j >= i - 3:
                    return "ongoing", f"«{norm}»"
            if kind == "verb":
                governed = True
                verb = next((w for w in c.words[j] if w.kind == "V"), None)
                before = c.norms[j - 1] if j > first else ""
                negated = before in ("لم", "لن", "لا") or before[1:] in ("لم", "لن", "لا")
                if negated and (verb is None or c.norms[j] not in ("يزال", "تزال")):
                    light = verb is not None and verb.lexeme in _light(c)
                    open_ = (light or not token.definite) and token.preposition is None
                    if j >= i - 3 and open_ and not c.lexicon.types[frame.type].speech:
                        return "denied", f"negation {before}"
                if verb is not None and (verb.prefix.endswith("س") or before == "سوف"):
                    return "planned", "future verb governs"
                if verb is not None and before in ("قد",) and verb.aspect == "i":
                    return "possible", "قد + imperfect governs"
                past = any(c.norms[k] in self.sisters for k in range(max(first, j - 6), j))
                if verb is not None and verb.aspect == "i" and governor == j and verb.lexeme in _light(c) and not past:
                    if before == "ان":
                        return "planned", "أن + light verb"
                    return ("occurred" if c.lexicon.types[frame.type].speech else "ongoing"), "imperfect light verb"
                break
            j -= 1
            steps += 1
        if token.preposition == "ل" and not token.definite and frame.type not in ("CONSULT",):
            suffers = governor is not None and any(w.lexeme in c.lexicon.light["light_recipient"] for w in c.words[governor])
            if not suffers and not _event_noun(c, i):
                return "claimed_intent", "ل + masdar of purpose"
        for k in range(i + 1, min(i + 5, len(c.tokens))):
            if c.kinds[k] in ("punct", "verb", "rel"):
                break
            if c.norms[k] in ("المحتمل", "المحتملة", "محتمل", "محتملة", "محتملا"):
                return "possible", "محتمل"
            if (
                c.norms[k]
                in (
                    "المقبل",
                    "المقبلة",
                    "القادم",
                    "القادمة",
                    "المرتقب",
                    "المرتقبة",
                    "المزمع",
                    "المقرر",
                    "المقررة",
                    "مرتقبة",
                    "وشيك",
                    "وشيكة",
                )
                and k <= i + 2
            ):
                return "planned", c.norms[k]
            if c.norms[k] in ("المستمر", "المستمرة", "الجاري", "الجارية", "المتواصل", "المتواصلة", "مستمرة", "متواصلة", "جارية"):
                return "ongoing", c.norms[k]
        return "occurred", "noun"


def _event_noun(c: Clauses, i: int) -> bool:
    """«تعرض لهجوم», «عرضة لقصف»: the ل belongs to a word that takes it."""
    before = c.norms[i - 1] if i else ""
    return before.startswith(("تعرض", "يتعرض", "تتعرض", "عرض", "نتيج", "هدف", "ردا", "استجاب", "خلاف", "نظرا", "تبعا", "ضحي", "مسرح"))


def _light(c: Clauses) -> frozenset[int]:
    return c.lexicon.light["light_actor"] | c.lexicon.light["light_none"] | c.lexicon.light["light_recipient"]


def _in(norm: str, words: frozenset[str]) -> bool:
    if norm in words:
        return True
    if norm[:1] not in _CUT:
        return False
    for cut in ("و", "ف", "ب", "ل", "ال", "وال", "بال", "لل"):
        if norm.startswith(cut) and norm[len(cut) :] in words and len(norm) - len(cut) > 2:
            return True
    return False


def _as_status(name: str) -> EventStatus:
    table: dict[str, EventStatus] = {
        "planned": "planned", "possible": "possible", "conditional": "conditional", "demanded": "demanded",
        "purpose": "claimed_intent",
    }  # fmt: skip
    return table[name]
