"""The token model: names, part of speech and clitic split of every word, from weights shipped in the package.

``load("fast")`` is a set of linear-chain CRFs for archives, ``load("accurate")`` a small transformer run by
onnxruntime on one thread. Both take sentences as lists of words as written (clitics attached, punctuation marks as
words of their own) and give a :class:`Tags` per sentence; what a sentence gets never depends on the others.
Data, licences and measured quality: docs/model-card.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from musnad.language.model.labels import (
    NAME_CLASSES,
    NAME_LABELS,
    POS_LABELS,
    Evidence,
    Span,
    Tags,
    cut,
    spans,
    split_parts,
)

__all__ = [
    "NAME_CLASSES",
    "NAME_LABELS",
    "POS_LABELS",
    "Evidence",
    "Span",
    "Tags",
    "TokenModel",
    "WeightsError",
    "cut",
    "load",
    "spans",
    "split_parts",
]

WEIGHTS = Path(__file__).parent / "weights"


class WeightsError(RuntimeError):
    """A weights file is missing, or not the one the package was built with."""


class TokenModel(Protocol):
    """What both models are."""

    kind: str

    @property
    def pos_labels(self) -> list[str]:
        """The parts of speech that :meth:`evidence` has a column for."""
        ...

    def evidence(self, sentences: Sequence[Sequence[str]]) -> Evidence:
        """Names, and what is known of each word's part of speech and clitics."""
        ...

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Labels for each word of each sentence, in order."""
        ...


def checked(name: str, folder: Path = WEIGHTS) -> Path:
    """Path of a weights file whose sha256 is the one listed in ``weights.json`` beside it.

    Raises :class:`WeightsError` when the file or its entry is missing or the hash differs.
    """
    try:
        wanted = json.loads((folder / "weights.json").read_text(encoding="utf-8"))[name]["sha256"]
        with open(folder / name, "rb") as f:
            got = hashlib.file_digest(f, "sha256").hexdigest()
    except (OSError, KeyError) as e:
        raise WeightsError(f"token model weights {name} not found in {folder}: {e!r}") from e
    if got != wanted:
        raise WeightsError(f"token model weights {name} are not those of this release: sha256 {got}, not {wanted}")
    return folder / name


@lru_cache(maxsize=2)
def load(kind: Literal["fast", "accurate"] = "fast") -> TokenModel:
    """The model of that kind, loaded once. Raises ValueError for another kind, WeightsError for bad weights."""
    if kind == "fast":
        from musnad import lexicon
        from musnad.language.model.fast import FastModel, Ready

        return FastModel(checked("fast.npz"), Ready(lexicon.read_bytes("language", "options.trie"), lexicon.load("language", "features")))
    if kind == "accurate":
        from musnad.language.model.accurate import AccurateModel

        return AccurateModel(checked("accurate.onnx"), checked("accurate.npz"), checked("partner.npz"))
    raise ValueError(f"no token model {kind!r}: fast or accurate")
