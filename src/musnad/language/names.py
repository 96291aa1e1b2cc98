"""Names by the token model, where the package has one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from musnad.language import mood
from musnad.language.tagger import tagger
from musnad.language.tokens import Name, Reading, Token

if TYPE_CHECKING:
    from musnad.pipeline import Analysis

Model = Literal["fast", "accurate"]
#: longer sentences are tagged in pieces of this many tokens: no name is that long, and cost stays linear
PIECE = 256


@cache
def _model(kind: Model) -> Any:
    """The token model, or None where the package has none of that kind."""
    try:
        from musnad.language import model
    except ImportError:
        return None
    try:
        return model.load(kind)
    except model.WeightsError:
        return None


def _whole(tokens: Sequence[Token], splits: Sequence[str]) -> None:
    """Undo the cut of words that the model takes for names of persons and leaves whole (باسم، كمال)."""
    for token, split in zip(tokens, splits, strict=True):
        left, _, right = split.partition("|")
        kept = tuple(left.split("+")[:-1])
        forms = tuple(c.form for c in token.proclitics)
        fewer = len(kept) < len(forms) and forms[: len(kept)] == kept
        if not right and (fewer or (token.enclitic and kept == forms)):
            token.proclitics, token.enclitic = token.proclitics[: len(kept)], None
            token.stem = token.norm[len(kept) :]
            token.stem_start = token.proclitics[-1].end if kept else token.start
            token.stem_end = token.end
            token.definite = token.stem.startswith("ال") and len(token.stem) > 4
            token.bare = token.stem[2:] if token.definite else token.stem
            token.readings = (Reading(token.bare, "PROPN"),)
            token.lemma, token.pos = token.bare, "PROPN"


def _reread(tokens: Sequence[Token], tags: Sequence[str]) -> None:
    """Where the accurate model gives another part of speech that the word's own cut allows, read it so."""
    model = tagger()
    for i, (token, pos) in enumerate(zip(tokens, tags, strict=True)):
        if token.kind != "word" or token.pos == pos or not token.readings:
            continue
        word = model.word(token.text)
        pro = tuple(c.form for c in token.proclitics)
        enclitic = token.enclitic.form if token.enclitic else ""
        for option in word.options:
            cut = option.candidate.cut
            if option.pos == pos and cut.proclitics == pro and cut.enclitic == enclitic and cut.stem == token.stem:
                readings = model.readings(token.text, word, option)
                if readings[0].aspect == "imp":
                    readings = mood.refine(readings, tokens[i - 1].norm if i else "", pro)
                token.readings, token.lemma, token.pos = readings, readings[0].lemma, pos
                token.definite = option.candidate.definite
                token.bare = token.stem[2:] if token.definite else token.stem
                break


def find(analysis: Analysis, kind: Model) -> None:
    """Fill ``analysis.names``; without a token model they stay empty and a warning says so."""
    analysis.names = []
    tagger = _model(kind)
    if tagger is None:
        analysis.warnings.append(f"no token model {kind}: names are not looked for")
        return
    from musnad.language.model import spans

    tokens = analysis.tokens
    pieces: list[tuple[int, int]] = []
    for sentence in analysis.sentences:
        for first in range(sentence.first, sentence.last, PIECE):
            pieces.append((first, min(first + PIECE, sentence.last)))
    for (first, last), tags in zip(pieces, tagger.tag([[t.text for t in tokens[a:b]] for a, b in pieces]), strict=True):
        if kind == "accurate" and tags.pos is not None:
            _reread(tokens[first:last], tags.pos)
        for span in spans(tags.names[: last - first]):
            if tags.split is not None and span.kind == "PERS":
                _whole(tokens[first + span.start : first + span.end], tags.split[span.start : span.end])
            begin, end = tokens[first + span.start], tokens[first + span.end - 1]
            stop = end.stem_end if end.enclitic else end.end
            start = begin.stem_start if begin.proclitics else begin.start
            if start < stop:
                analysis.names.append(
                    Name(first + span.start, first + span.end, start, stop, cast("Any", span.kind))
                )
