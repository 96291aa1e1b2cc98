"""The language stage: tokens, sentences, quotes, clitics, readings and names of an article."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from musnad.language import mood, names, sentences
from musnad.language.letters import fold, fold_map, search_key
from musnad.language.tagger import Chosen, Word, tagger
from musnad.language.tokenize import cut
from musnad.language.tokens import Clitic, Token
from musnad.pipeline import Analysis


class LanguageStage:
    """Fills ``tokens``, ``keys``, ``sentences``, ``quotes`` and ``names`` of an analysis.

    :param model: which token model finds names: "fast", "accurate", or None for no names. A model that the package does
        not ship yields no names and a warning on the analysis.
    """

    name = "language"
    requires: frozenset[str] = frozenset()
    provides = frozenset({"tokens", "sentences", "quotes", "names"})

    def __init__(self, model: names.Model | None = "fast") -> None:
        self.model: names.Model | None = model

    def run(self, analysis: Analysis) -> None:
        """Analyse the article's text."""
        text = analysis.text
        tokens = [Token(i, start, end, raw, raw, kind) for i, (start, end, raw, kind) in enumerate(cut(text))]
        analysis.tokens = tokens
        analysis.sentences = sentences.split(text, tokens)
        analysis.quotes = sentences.quotes(text, tokens)
        found = names.read(analysis, self.model) if self.model is not None else None
        model = tagger()
        word, mark = model.word, model.mark
        words = [word(t.text) if t.kind == "word" else mark(t.text, t.kind) for t in tokens]
        for sentence in analysis.sentences:
            first, last = sentence.first, sentence.last
            own = words[first:last]
            beside = found.beside[first:last] if found is not None else None
            apply(tokens[first:last], own, model.choose(own, beside))
        analysis.keys = [w.key if t.kind == "word" else _mark(t.text, t.kind)[1] for t, w in zip(tokens, words, strict=True)]
        if found is not None:
            names.find(analysis, found)


_MARKS = {"number": "NUM", "punct": "PUNCT", "latin": "PROPN"}


@lru_cache(maxsize=1 << 12)
def _mark(text: str, kind: str) -> tuple[str, str, str]:
    """Fold, search key and part of speech of a token that is no word."""
    norm = fold(text)
    return norm, search_key(norm), "SYM" if text in "%٪$€£" else _MARKS.get(kind, "X")


def apply(tokens: list[Token], words: list[Word], chosen: list[Chosen]) -> None:
    """Set norm, clitics, stem, lemma, part of speech and readings of each token of a sentence from what was chosen."""
    before = ""
    for token, word, one in zip(tokens, words, chosen, strict=True):
        if token.kind != "word":
            token.norm, _, token.pos = _mark(token.text, token.kind)
            before = token.stem = token.bare = token.lemma = token.norm
            continue
        token.norm = norm = word.norm
        token.stem = one.stem
        token.bare = one.bare
        token.definite = one.definite
        if one.cut and not _place(token, word, one):
            token.stem = token.bare = norm
            token.definite = False
        token.readings = mood.refine(one.readings, before, one.proclitics) if one.unsettled else one.readings
        token.lemma = one.lemma
        token.pos = one.pos
        before = norm


def _place(token: Token, word: Word, one: Chosen) -> bool:
    """Set the offsets of a word's clitics in the article; a short vowel belongs to the letter before it. False, and nothing set,
    where a cut falls inside one character (the ligature ﻻ)."""
    start, end, proclitics, enclitic, last = token.start, token.end, one.proclitics, one.enclitic, one.last
    if word.even:
        at = start
        if proclitics:
            at += 1
            if len(proclitics) == 1:
                token.proclitics = (Clitic(proclitics[0], start, at),)
            else:
                token.proclitics = tuple([Clitic(form, start + k, start + k + 1) for k, form in enumerate(proclitics)])
                at = start + len(proclitics)
            token.stem_start = at
        if enclitic:
            token.stem_end = start + last
            token.enclitic = Clitic(enclitic, start + last, end)
        return True
    offsets = fold_map(token.text).offsets
    cuts = [*range(1, len(proclitics) + 1), *([last] if last < len(word.norm) else [])]
    if any(offsets[k] == offsets[k - 1] for k in cuts):
        return False  # inside one character, also behind a mark («ًﻻ») that would pass for its letter
    ends = [start + offsets[k] for k in range(1, len(proclitics) + 1)]
    stem_end = start + offsets[last] if last < len(word.norm) else end
    edges = [start, *ends, stem_end, *([end] if enclitic else [])]
    if any(left >= right for left, right in pairwise(edges)):
        return False
    made, at = [], start
    for form, stop in zip(proclitics, ends, strict=True):
        made.append(Clitic(form, at, stop))
        at = stop
    token.proclitics = tuple(made)
    token.stem_start = at
    token.stem_end = stem_end
    if enclitic:
        token.enclitic = Clitic(enclitic, stem_end, end)
    return True
