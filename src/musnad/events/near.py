"""Items of an article near a stretch, without a look at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, TypeVar

Item = TypeVar("Item")
_START: Any = attrgetter("start")
#: items that begin before a stretch and may still reach into it: names nest, but not deeply
_BACK = 12


def near(items: Sequence[Item], low: int, high: int) -> Sequence[Item]:
    """Items, in order of start, that begin in [low, high), and a few that begin before."""
    return items[max(0, bisect_left(items, low, key=_START) - _BACK) : bisect_left(items, high, key=_START)]
