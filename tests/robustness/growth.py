"""Operations that each stage spends on a text: lines of Python run and calls made, whatever the machine.

``python -m tests.robustness.growth [--seconds] [--times 4] [--only NAME]`` prints the growth of every shape and stage;
``--seconds`` counts CPU time instead, at ``--times`` the size, which also sees the work inside of compiled code.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from musnad.api import shared_pipeline
from musnad.pipeline import Analysis
from musnad.reading.build import make_article
from tests.robustness.shapes import SHAPES


class Operations:
    """Counts lines and calls of Python, and calls of compiled functions, while it is entered."""

    def __init__(self) -> None:
        self.count = 0

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        self.count += 1
        return self._line

    def _call(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            self.count += 1

    def __enter__(self) -> Operations:
        self.before = sys.gettrace(), sys.getprofile()
        sys.setprofile(self._call)
        sys.settrace(self._line)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self.before[0])
        sys.setprofile(self.before[1])


def operations(text: str) -> dict[str, int]:
    """Operations of each stage on a text (published on a day, so that all dates are worked out)."""
    return _spent(text, _counted)


def seconds(text: str) -> dict[str, float]:
    """CPU seconds of each stage on a text."""
    return _spent(text, _timed)


def _spent(text: str, measure: Callable[[Callable[[], None]], Any]) -> dict[str, Any]:
    analysis = Analysis(make_article(text, published="2024-01-27"))
    return {s.name: measure(lambda s=s: s.run(analysis)) for s in shared_pipeline().stages}  # type: ignore[misc]


def _counted(work: Callable[[], None]) -> int:
    with Operations() as counted:
        work()
    return counted.count


def _timed(work: Callable[[], None]) -> float:
    gc.disable()
    before = time.process_time()
    work()
    after = time.process_time()
    gc.enable()
    return after - before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", action="store_true")
    parser.add_argument("--times", type=int, default=1, help="size of the smaller text in that of the tests")
    parser.add_argument("--only", help="one shape")
    args = parser.parse_args()
    measure: Callable[[str], dict[str, Any]] = seconds if args.seconds else operations
    measure(SHAPES["sentences"][0](3))
    bad = 0
    for name, (make, parts) in SHAPES.items():
        if args.only and name != args.only:
            continue
        n = parts * args.times
        measure(make(2 * n))  # caches filled, so that both sizes find the same
        small, large = measure(make(n)), measure(make(2 * n))
        for stage in small:
            least = 0.05 if args.seconds else 2000
            growth = large[stage] / small[stage] if small[stage] else 0
            mark = "SUPER-LINEAR" if growth > 2.3 and large[stage] > least else ""
            bad += bool(mark)
            if mark or args.only:
                print(
                    f"{name:18} {stage:12} {small[stage]:12,.6g} {large[stage]:12,.6g} {growth:6.2f} {mark}",
                    flush=True,
                )
    print(f"{bad} super-linear")
    return bool(bad)


if __name__ == "__main__":
    raise SystemExit(main())
