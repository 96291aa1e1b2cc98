"""The mood of an imperfect verb, which unvowelled writing rarely shows, from the word before it."""

from __future__ import annotations

from functools import lru_cache

from musnad.language.tokens import Reading

_JUSSIVE = frozenset(("لم", "ولم", "فلم", "الم", "اولم", "افلم"))
_SUBJUNCTIVE = frozenset(("ان", "وان", "بان", "لن", "ولن", "فلن", "كي", "لكي", "حتي", "الا", "لئلا", "وبان", "فان", "كيلا"))


@lru_cache(maxsize=1 << 13)
def refine(readings: tuple[Reading, ...], before: str, proclitics: tuple[str, ...]) -> tuple[Reading, ...]:
    """The readings with the mood of the first one settled.

    :param readings: of an imperfect verb, best first. :param before: the word before, match level.
    """
    first = readings[0]
    if first.mood:
        mood = first.mood
    elif "س" in proclitics:
        mood = "ind"
    elif before in _JUSSIVE:
        mood = "jus"
    elif before in _SUBJUNCTIVE or "ل" in proclitics:
        mood = "sub"
    else:
        mood = "ind"
    return (first._replace(mood=mood), *readings[1:])
