"""The language stage: tokens, sentences, quotes, clitics, readings and names of an article."""

from __future__ import annotations

from musnad.language import sentences
from musnad.language.letters import fold
from musnad.language.tokenize import cut
from musnad.language.tokens import Clitic, Token
from musnad.pipeline import Analysis, keys_of


class LanguageStage:
    """Fills ``tokens``, ``keys``, ``sentences``, ``quotes`` and ``names`` of an analysis."""

    name = "language"
    requires: frozenset[str] = frozenset()
    provides = frozenset({"tokens", "sentences", "quotes", "names"})

    def run(self, analysis: Analysis) -> None:
        """Analyse the article's text."""
        tokens = [
            Token(i, start, end, raw, fold(raw), kind) for i, (start, end, raw, kind) in enumerate(cut(analysis.text))
        ]
        for token in tokens:
            if token.kind == "word":
                _split(token)
        analysis.tokens = tokens
        analysis.keys = keys_of(tokens)
        analysis.sentences = sentences.split(analysis.text, tokens)
        analysis.quotes = sentences.quotes(analysis.text, tokens)


def _split(token: Token) -> None:
    # an interim splitter: only what is safe without a lexicon
    norm, start = token.norm, token.start
    if len(norm) != token.end - token.start:
        token.stem = norm
    else:
        found: list[Clitic] = []
        rest = norm
        if rest.startswith("لل") and len(rest) > 4:
            found.append(Clitic("ل", start, start + 1))
            rest, start = "ا" + rest[1:], start + 1
        for prefix, forms in (("و", "وف"), ("ب", "بكل")):
            if rest[:1] and rest[0] in forms and (rest[1:3] == "ال" or (prefix == "و" and len(rest) > 4)) and len(rest) > 3:
                found.append(Clitic(rest[0], start, start + 1))
                rest, start = rest[1:], start + 1
        token.proclitics = tuple(found)
        token.stem, token.stem_start = rest, start
    token.definite = token.stem.startswith("ال") and len(token.stem) > 3
    token.bare = token.stem[2:] if token.definite else token.stem
    token.lemma = token.bare
