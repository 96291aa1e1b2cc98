"""Scores what the frames found."""

from __future__ import annotations

from typing import Any

from musnad.events.found import Found


class Scorer:
    """Keeps or drops candidates."""

    @staticmethod
    def shipped() -> Scorer | None:
        """The shipped table, or None."""
        return None

    @staticmethod
    def for_document(source: str) -> Scorer | None:
        """The table made without the fold of a source document."""
        return None

    def keep(self, found: list[Found], coder: Any, sentence: Any, threshold: float | None) -> list[Found]:
        """Those worth keeping."""
        return found
