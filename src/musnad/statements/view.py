"""What the rules of this room look at: an analysis with quotes, cues, names and times by token."""

from __future__ import annotations

from typing import NamedTuple

from musnad.language.chunks import noun_phrase
from musnad.language.tokens import Token
from musnad.pipeline import Analysis
from musnad.record import Mention
from musnad.statements import lexicon, quoting
from musnad.statements.lexicon import Form, Formula, Found, words

THAT = frozenset(w + p for w in ("ان", "بان", "وان") for p in ("", "ه", "ها", "هم", "هما", "هن", "نا", "ني", "ك", "كم")) | {
    "انني",
    "اننا",
    "بانني",
    "باننا",
}
STOPS = frozenset(".!؟?…۔")
COMMAS = frozenset("،,؛;")
DASHES = frozenset("-–—")


class Cue(NamedTuple):
    """A token that may bring a statement."""

    token: int
    form: Form
    conjunction: str
    preposition: str
    pronoun: str


class View:
    """Arrays over the tokens of one analysis; made once per article in one pass."""

    __slots__ = (
        "analysis",
        "closes",
        "cues",
        "dotless",
        "n",
        "name_at",
        "names",
        "norms",
        "opens",
        "quoted",
        "quotes",
        "text",
        "timed",
        "tokens",
    )  # fmt: skip

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.text = analysis.text
        self.tokens: list[Token] = analysis.tokens
        self.n = len(self.tokens)
        self.norms = [t.norm for t in self.tokens]
        self.dotless = any(t.text in ("على", "إلى", "وعلى", "وإلى", "الى") for t in self.tokens)
        self.quotes = quoting.find(analysis.text, self.tokens, analysis.sentences)
        self.opens = {q.open: q for q in self.quotes}
        self.closes = {q.close: q for q in self.quotes if q.close is not None}
        self.quoted = _cover(self.quotes, self.n)
        self.cues: dict[int, Cue] = {}
        for i, token in enumerate(self.tokens):
            if token.kind == "word":
                found = lexicon.find(token.norm)
                if found is not None:
                    cue = _cue(self.tokens, i, found)
                    if cue is not None:
                        self.cues[i] = cue
        self.names: dict[int, tuple[int, Mention]] = {}
        self.name_at: dict[int, Mention] = {}
        for mention in analysis.mentions:
            first = analysis.token_at(mention.start)
            last = analysis.token_at(mention.end - 1) + 1
            held = self.names.get(first)
            if held is None or last > held[0]:
                self.names[first] = (last, mention)
            for k in range(first, min(last, first + 30)):
                old = self.name_at.get(k)
                if old is None or old.end - old.start < mention.end - mention.start:
                    self.name_at[k] = mention
        self.timed: dict[int, str] = {}
        for time in analysis.times:
            first = analysis.token_at(time.start)
            last = analysis.token_at(time.end - 1) + 1
            for k in range(first, min(last, first + 15)):
                self.timed[k] = time.id

    def sentence_end(self, i: int) -> int:
        """Token index after the sentence of token i."""
        return self.analysis.sentences[self.tokens[i].sentence].last

    def sentence_start(self, i: int) -> int:
        """First token of the sentence of token i."""
        return self.analysis.sentences[self.tokens[i].sentence].first

    def word(self, i: int) -> str:
        """A token's folded word without the و or ف before it."""
        norm = self.norms[i]
        return norm[1:] if self.tokens[i].conjunction and len(norm) > 2 else norm

    def is_preposition(self, i: int) -> bool:
        """Whether token i is a preposition; علي with its dots is so only where the tokens say it is no name."""
        norm = self.norms[i]
        if norm not in words("prepositions"):
            return False
        if norm in ("علي", "الي") and self.tokens[i].text.endswith("ي"):
            if self.dotless:
                # the article writes the preposition with ى: this is the name, or carries a pronoun
                return False
            cue = self.cues.get(i - 1)
            if cue is not None and "على" not in cue.form.verb.after:
                return False
            mention = self.name_at.get(i)
            return self.tokens[i].pos == "ADP" and (mention is None or mention.start == self.tokens[i].start)
        return True

    def can_speak(self, i: int) -> bool:
        """Whether a name that begins at token i is one: no particle, verb or prepositional phrase."""
        token = self.tokens[i]
        return (
            not token.preposition
            and (token.pos != "ADV" or any(r.pos == "NOUN" for r in token.readings))
            and token.pos not in ("VERB", "AUX", "ADP", "SCONJ", "CCONJ", "PART", "PRON")
            and (self.norms[i] not in words("not_subject") and self.norms[i] not in words("but"))
        )

    def is_that(self, i: int) -> bool:
        """Whether token i is أنّ or إنّ bringing a clause (not «بعد أن», «إلا أن»)."""
        return self.norms[i] in THAT and self.tokens[i].text[:2] != "آن"

    def noun_end(self, i: int, limit: int) -> int:
        """Token index after the noun phrase that begins at i, known names included."""
        if i >= limit:
            return limit
        last = noun_phrase(self.tokens, i, limit)
        held = self.names.get(i)
        if held is not None and held[0] > last:
            last = min(held[0], limit)
        return last

    def formula(self, table: str, i: int) -> tuple[Formula, int] | None:
        """A formula of a table that begins at token i, and the token where its complement begins."""
        word = self.norms[i]
        known = lexicon.formulas(table)
        candidates = known.get(word)
        if candidates is None and word[:1] in ("و", "ف") and len(word) > 2:
            candidates = known.get(word[1:])
        if candidates is None:
            return None
        for formula in candidates:
            j = i + 1 + len(formula.rest)
            if j > self.n:
                continue
            got = self.norms[i + 1 : j]
            fits = len(got) == len(formula.rest) and all(
                g == w or (w == formula.rest[-1] and g.startswith(w) and len(g) <= len(w) + 2)
                for g, w in zip(got, formula.rest, strict=True)
            )
            if not fits:
                continue
            if formula.clitic:
                if j >= self.n or not (self.norms[j].startswith(formula.clitic)):
                    continue
                if self.norms[j] == formula.clitic:
                    j += 1
            return formula, j
        return None


def _asks(tokens: list[Token], i: int, preposition: str) -> bool:
    """Whether a verb spelt like a preposition («عبّر») is followed by its own preposition in its clause."""
    for token in tokens[i + 1 : i + 9]:
        if token.kind == "punct" or token.sentence != tokens[i].sentence:
            return False
        if token.norm == preposition:
            return True
    return False


def _cue(tokens: list[Token], i: int, found: Found) -> Cue | None:
    token = tokens[i]
    forms = found.forms
    text = token.text
    bare = text.rstrip("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
    chosen: Form | None = None
    for form in forms:
        if form.aspect == "ap":
            # only the accusative continues a speaker; «مؤكد» alone is an adjective
            if token.definite or token.preposition:
                continue
        elif form.aspect != "masdar" and token.definite:
            continue
        # رأي is a noun and نفي a verbal noun where ي is written for what would be ى in the verb
        if form.aspect == "perf" and bare.endswith("ي") and form.gender == "m" and form.number == "s":
            continue
        # «أملا في» is a noun, «آملا» the participle
        if form.aspect == "ap" and form.verb.lemma == "أمل" and not text.lstrip("وف").startswith("آ"):
            continue
        # «حذرا»، «وجها»: an accusative noun looks like a dual verb
        if (
            form.aspect == "perf"
            and form.number == "d"
            and (text.endswith(("ً", "اً", "ًا")) or form.verb.weak or (token.readings and not any(r.pos == "VERB" for r in token.readings)))
        ):
            continue
        # «ويدعى حسن»: he is called
        if form.verb.lemma == "ادعى" and form.aspect == "imp" and bare.endswith("ى"):
            continue
        # «ترجع إلى»: to date from
        if form.verb.lemma == "أرجع" and form.aspect == "imp":
            continue
        # «وهو طالب»: the student
        if token.norm == "طالب" and token.readings and token.readings[0].pos != "VERB":
            continue
        # «اطلع على»: he looked at, not «أطلعه على»
        if form.verb.lemma == "أطلع" and form.aspect == "perf" and text.lstrip("وف").startswith("ا") and not found.pronoun:
            continue
        # «يبلغ من العمر»: reaching, not telling
        if form.aspect == "imp" and form.verb.lemma == "أبلغ" and not found.pronoun:
            continue
        if form.aspect in ("perf", "imp") and token.readings and form.verb.weak:
            pos = token.readings[0].pos
            if pos not in ("VERB", "AUX") and not any(r.pos == "VERB" for r in token.readings):
                heads = token.conjunction or i == 0 or tokens[i - 1].sentence != token.sentence
                if not (form.verb.lemma == "عبر" and heads and _asks(tokens, i, "عن")):
                    continue
        chosen = form
        break
    if chosen is None:
        return None
    return Cue(i, chosen, found.conjunction, found.preposition, found.pronoun)


def _cover(quotes: list[quoting.Quoted], n: int) -> list[int]:
    """For each token the index of the outermost quote around it, or -1."""
    out = [-1] * n
    end = 0
    for number, quote in enumerate(quotes):
        if quote.open < end:
            continue
        end = quote.last if quote.close is None else quote.close + 1
        for k in range(quote.first, quote.last):
            out[k] = number
    return out
