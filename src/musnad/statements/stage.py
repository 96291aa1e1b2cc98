"""The statements stage: cues, frames, speakers, contents and nesting."""

from __future__ import annotations

from musnad.pipeline import Analysis
from musnad.statements import chain
from musnad.statements.build import Builder


class StatementsStage:
    """Fills ``statements`` of an analysis, and mentions of speakers that no earlier stage named."""

    name = "statements"
    requires = frozenset({"tokens", "sentences", "quotes", "mentions", "times"})
    provides = frozenset({"statements"})

    def run(self, analysis: Analysis) -> None:
        """Find who said what in an analysed article."""
        if analysis.tokens:
            analysis.statements = Builder(analysis).build()
            analysis.mentions.sort(key=lambda m: (m.start, m.end))
        chain.index(analysis)
