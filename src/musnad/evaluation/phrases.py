"""Gold written as phrases (a person finds words, not offsets) into gold with spans, as :mod:`musnad.evaluation.score` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from musnad.article import article_id


class GoldError(ValueError):
    """A gold phrase that does not stand in its text."""


def locate(text: str, phrase: str) -> list[int]:
    """``[start, end)`` of a phrase; ``phrase@2`` is its second occurrence. :raises GoldError: where it is not there."""
    words, _, number = phrase.rpartition("@") if "@" in phrase else (phrase, "", "1")
    start = -1
    for _ in range(int(number)):
        start = text.find(words, start + 1)
        if start < 0:
            raise GoldError(f"«{phrase}» is not in the text «{text[:40]}…»")
    return [start, start + len(words)]


def gold_of(text: str, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Gold with spans of one article.

    :param notes: ``statements`` [speaker or None, cue, content phrases, mode]; ``events`` [type, trigger, actors, recipients,
        status]; ``figures`` [phrase, value, low, high]; ``times`` [phrase, begin, end].
    """

    def at(phrase: str | None) -> list[int] | None:
        return None if phrase is None else locate(text, phrase)

    return {
        "sha256": article_id(text),
        "statements": [
            {
                "speaker": at(speaker),
                "cue": at(cue),
                "content": [locate(text, c) for c in content],
                "mode": mode,
            }
            for speaker, cue, content, mode in notes.get("statements", [])
        ],
        "events": [
            {
                "type": kind,
                "trigger": at(trigger),
                "actors": [at(a) for a in actors],
                "recipients": [at(r) for r in recipients],
                "status": status,
            }
            for kind, trigger, actors, recipients, status in notes.get("events", [])
        ],
        "figures": [{"span": at(p), "value": v, "low": low, "high": high} for p, v, low, high in notes.get("figures", [])],
        "times": [{"span": at(p), "begin": begin, "end": end} for p, begin, end in notes.get("times", [])],
    }
