"""No stage does more than its share on a text twice as long: operations counted, not seconds."""

from __future__ import annotations

import pytest

from tests.robustness.growth import operations
from tests.robustness.shapes import SHAPES

#: twice the text may cost so much more
LIMIT = 2.3
#: operations below which a stage's fixed cost hides its growth
LEAST = 3000


@pytest.mark.parametrize("shape", SHAPES)
def test_operations_grow_no_faster_than_the_text(shape: str) -> None:
    make, n = SHAPES[shape]
    operations(make(2 * n))  # words seen for the first time are analysed once and kept
    small, large = operations(make(n)), operations(make(2 * n))
    worse = {s: (small[s], large[s]) for s in small if large[s] > LIMIT * max(small[s], LEAST)}
    assert not worse, f"{shape}: operations of n and 2n parts: {worse}"
