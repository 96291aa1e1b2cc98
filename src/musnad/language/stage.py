"""The language stage: tokens, sentences, quotes, clitics, readings and names of an article."""

from __future__ import annotations

from itertools import pairwise

from musnad.language import mood, names, sentences
from musnad.language.letters import fold, fold_map
from musnad.language.tagger import Option, Tagger, Word, pseudo, tagger
from musnad.language.tokenize import cut
from musnad.language.tokens import Clitic, Token
from musnad.pipeline import Analysis, keys_of


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
        word = model.word
        for sentence in analysis.sentences:
            own = tokens[sentence.first : sentence.last]
            words = [word(t.text) if t.kind == "word" else pseudo(t.text, t.kind) for t in own]
            beside = found.beside[sentence.first : sentence.last] if found is not None else None
            apply(model, own, words, model.choose(words, beside))
        analysis.keys = keys_of(tokens)
        if found is not None:
            names.find(analysis, found)


_MARKS = {"number": "NUM", "punct": "PUNCT", "latin": "PROPN"}


def apply(model: Tagger, tokens: list[Token], words: list[Word], chosen: list[Option]) -> None:
    """Set norm, clitics, stem, lemma, part of speech and readings of each token from its chosen option."""
    for i, (token, word, option) in enumerate(zip(tokens, words, chosen, strict=True)):
        if token.kind != "word":
            token.norm = token.stem = token.bare = token.lemma = fold(token.text)
            token.pos = "SYM" if token.text in "%٪$€£" else _MARKS.get(token.kind, "X")
            continue
        token.norm = norm = word.norm
        candidate = option.candidate
        cut_ = candidate.cut
        stem = cut_.stem
        token.stem = stem
        token.definite = candidate.definite
        token.bare = stem[2:] if candidate.definite else stem
        clitics = cut_.proclitics or cut_.enclitic
        if clitics and not _place(token, norm, cut_.first, cut_.last, cut_.proclitics, cut_.enclitic):
            token.stem = token.bare = norm
            token.definite = False
        readings = model.readings(token.text, word, option)
        first = readings[0]
        if first.aspect == "imp":
            readings = mood.refine(readings, tokens[i - 1].norm if i else "", cut_.proclitics)
            first = readings[0]
        token.readings = readings
        token.lemma = first.lemma
        token.pos = first.pos


def _place(token: Token, norm: str, first: int, last: int, proclitics: tuple[str, ...], enclitic: str) -> bool:
    """Set the offsets of a word's clitics in the article; a short vowel belongs to the letter before it. False, and nothing set,
    where a cut falls inside one character (the ligature ﻻ)."""
    start, end = token.start, token.end
    # only ligatures (above U+FB50) fold to more letters: without them, equal length means letter by letter
    if len(norm) == end - start and max(token.text) < "\ufb50":
        ends = [start + k for k in range(1, len(proclitics) + 1)]
        stem_end = start + last
    else:
        offsets = fold_map(token.text).offsets
        ends = [start + offsets[k] for k in range(1, len(proclitics) + 1)]
        stem_end = start + offsets[last] if last < len(norm) else end
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
