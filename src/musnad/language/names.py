"""Names by the token model, where the package has one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import numpy as np

from musnad.language.tagger import POS
from musnad.language.tokens import Name, Reading, Token

if TYPE_CHECKING:
    from musnad.language.model import Evidence
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


def _whole(tokens: Sequence[Token], split: Callable[[int], str]) -> None:
    """Undo the cut of words that the model takes for names of persons and leaves whole (باسم، كمال)."""
    for k, token in enumerate(tokens):
        if not token.proclitics and not token.enclitic:
            continue
        left, _, right = split(k).partition("|")
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


#: how much the token model's log share of a part of speech counts beside the tagger's own score, and the least that is added:
#: chosen with CRFs trained without the fold they were tried on, on folds of the tagger's training sentences
WEIGHT, LEAST = 2.0, -12.0


class Found(NamedTuple):
    """What the token model says of an article. ``beside``: a row per token, see :meth:`musnad.language.tagger.Tagger.choose`;
    ``runs``: first and last token of each run of tokens that was read together; ``evidence``: what was said of each run."""

    beside: list[list[float]]
    runs: list[tuple[int, int]]
    evidence: Evidence


def read(analysis: Analysis, kind: Model) -> Found | None:
    """Run the token model over the tokens of an analysis; None, and a warning on it, where the package has no such model."""
    model = _model(kind)
    if model is None:
        analysis.warnings.append(f"no token model {kind}: names are not looked for")
        return None
    tokens = analysis.tokens
    runs: list[tuple[int, int]] = []
    for sentence in analysis.sentences:
        for first in range(sentence.first, sentence.last, PIECE):
            runs.append((first, min(first + PIECE, sentence.last)))
    evidence = model.evidence([[t.text for t in tokens[a:b]] for a, b in runs])
    at = {label: i for i, label in enumerate(model.pos_labels)}
    padded = np.pad(evidence.shares, ((0, 0), (0, 1)), constant_values=LEAST)
    columns = padded[:, [at.get(pos, len(at)) for pos in POS]]
    beside = (np.maximum(columns, LEAST) * (1000 * WEIGHT)).tolist()
    return Found(beside, runs, evidence)


def find(analysis: Analysis, found: Found) -> None:
    """Fill ``analysis.names`` from what the token model said; tokens must have their clitics by now."""
    analysis.names = []
    tokens, split = analysis.tokens, found.evidence.split
    for number, ((first, _), names) in enumerate(zip(found.runs, found.evidence.names, strict=True)):
        for span in names:
            if span.kind == "PERS":
                _whole(tokens[first + span.start : first + span.end], lambda k, n=number, s=span.start: split(n, s + k))  # type: ignore[misc]
            begin, end = tokens[first + span.start], tokens[first + span.end - 1]
            stop = end.stem_end if end.enclitic else end.end
            start = begin.stem_start if begin.proclitics else begin.start
            if start < stop:
                analysis.names.append(Name(first + span.start, first + span.end, start, stop, cast("Any", span.kind)))
