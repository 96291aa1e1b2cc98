"""The words of an article as the event rules see them: their readings in the ontology, what each is in its clause."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any

from musnad.actors import find
from musnad.events.frames import Lexicon, Word
from musnad.language.letters import fold
from musnad.pipeline import Analysis
from musnad.record import Entity

OPEN, CLOSE = frozenset('([«“"„‹'), frozenset(')]»”"›')
#: what may stand beside a phrase without being part of it
MARKS = OPEN | CLOSE | frozenset(("،", ","))
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
_NAMED = frozenset({"state", "person", "organisation", "armed_group", "group"})


class Words:
    """The words of an article. Made once per article; reads, never changes."""

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
        #: after these a clause begins
        self._openers = _openers(lexicon)
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
        if not self.words[i] and token.pos not in ("VERB", "AUX"):
            return "noun"
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
        if not opens and self.norms[i - 1] not in self._openers and token.conjunction is None:
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

    def _lonely(self, i: int) -> bool:
        """«ان شخصا قتل في انفجار»: after أنّ and an actor, the clause's only word that can be a verb."""
        j = i - 1
        if find.mention_at(self.analysis, j) is None and not self.named(j, self.people):
            return False
        while j >= 0 and i - j < 14 and self.tokens[j].sentence == self.tokens[i].sentence:
            kind = self.kinds[j]
            if kind in ("verb", "sub", "rel") or (kind == "punct" and self.tokens[j].text not in MARKS):
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

    def time_end(self, i: int) -> int | None:
        """Index after the time expression that covers token i, or None."""
        k = bisect_right(self._time_starts, self.tokens[i].stem_start) - 1
        if k >= 0 and self._times[k][1] > self.tokens[i].stem_start:
            return max(i + 1, self.analysis.token_at(self._times[k][1] - 1) + 1)
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


@lru_cache(maxsize=4)
def _openers(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.words.get("relatives", frozenset()) | lexicon.words.get("subordinators", frozenset()) | _AUX


@lru_cache(maxsize=8192)
def _plain(lemma: str) -> str:
    return fold(lemma)


def _third(word: Word) -> bool:
    return word.aspect != "c" and (word.person == "3" or (word.person == "1" and word.aspect == "i" and word.number == "p"))
