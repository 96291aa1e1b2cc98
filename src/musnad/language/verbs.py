"""Verbs: from an inflected form to its readings, and from a verb to its forms."""

from __future__ import annotations

from functools import cache, lru_cache

from musnad.language import forms as _forms
from musnad.language.letters import fold
from musnad.language.tokens import Reading


@lru_cache(maxsize=16384)
def lookup(word: str) -> tuple[Reading, ...]:
    """Readings of a stem (no clitics) as a verb form: finite forms, then verbal nouns and participles.

    :param word: any spelling; it is folded to the match level. Words with ال find their verbal noun or participle.
    """
    key = fold(word, "match")
    found = [f.reading for f in _forms.lookup(key)]
    if key.startswith("ال"):
        found += [f.reading for f in _forms.lookup(key[2:]) if f.reading.form]
    wanted = [r for r in found if r.pos in ("VERB", "AUX") or r.form]
    wanted.sort(key=lambda r: bool(r.form))
    return tuple(dict.fromkeys(wanted))


@lru_cache(maxsize=4096)
def forms(lemma: str) -> frozenset[str]:
    """Finite forms (match level, no clitics) of a verb given by its dictionary form, such as ``"أعلن"``; empty where unknown."""
    return _by_lemma().get(lemma, frozenset())


@cache
def _by_lemma() -> dict[str, frozenset[str]]:
    # only those who ask for forms pay for this pass over the table
    made: dict[str, set[str]] = {}
    for key, analysis in _forms.table().items():
        if analysis.reading.pos in ("VERB", "AUX"):
            made.setdefault(analysis.reading.lemma, set()).add(key)
    return {lemma: frozenset(keys) for lemma, keys in made.items()}
