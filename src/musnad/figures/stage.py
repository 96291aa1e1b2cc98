"""The figures stage: counted quantities with their comparator, counted noun and what they count."""

from __future__ import annotations

from musnad.figures.reader import Reader
from musnad.pipeline import Analysis


class FiguresStage:
    """Fills ``figures`` of an analysis. Leaves ``of``, ``place``, ``time``, ``statement`` and ``event`` to the links."""

    name = "figures"
    requires = frozenset({"tokens", "sentences", "times"})
    provides = frozenset({"figures"})

    def run(self, analysis: Analysis) -> None:
        """Find the figures of the article."""
        analysis.figures = Reader(analysis).read()
