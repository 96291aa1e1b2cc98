"""The commitments stage."""

from __future__ import annotations

from musnad.commitments.build import Builder
from musnad.pipeline import Analysis


class CommitmentsStage:
    """Fills ``commitments`` of an analysis."""

    name = "commitments"
    requires = frozenset({"mentions", "times", "statements", "events"})
    provides = frozenset({"commitments"})

    def run(self, analysis: Analysis) -> None:
        """Find what is promised, demanded, expected or agreed."""
        if analysis.tokens:
            analysis.commitments = Builder(analysis).build()
