"""What builders share: the items of a rule and the union of their slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from musnad.times.data import Frame


class Part(Protocol):
    """What a builder sees of an item."""

    @property
    def category(self) -> str: ...
    @property
    def frame(self) -> Frame: ...


_SLOTS = ("year", "month", "day", "weekday", "unit", "shift", "hour", "part", "section", "off", "amounts")


def specificity(frame: Frame) -> int:
    """How much a result says: the number of its slots that name something."""
    return sum(1 for s in _SLOTS if s in frame)


def unite(parts: Sequence[Part], given: Frame) -> Frame | None:
    """The slots of all parts together; None where two parts give one slot different values."""
    if len(parts) == 1 and not given:
        return parts[0].frame
    out: Frame = dict(given)
    for part in parts:
        for slot, value in part.frame.items():
            if slot in ("n", "ord"):
                continue
            if slot in out and out[slot] != value:
                return None
            out[slot] = value
    return out


def part_of(parts: Sequence[Part], *categories: str) -> Part | None:
    return next((p for p in parts if p.category in categories), None)
