"""An event while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field

from musnad.events.frames import Frame, Word
from musnad.events.roles import Roles
from musnad.record import EventStatus


@dataclass(slots=True)
class Found:
    """A trigger with its frame, roles and status. ``first``/``last``: tokens of the trigger's phrase (half open)."""

    index: int
    last: int
    word: Word | None
    frame: Frame
    roles: Roles
    status: EventStatus = "occurred"
    rules: list[str] = field(default_factory=list)
    lemma: str = ""
    sentence: int = 0
    score: float | None = None
    merged: int = 0
    mode: str = ""
    also: list[int] = field(default_factory=list)
    #: the last word of the trigger where the words of a fixed turn stand together («ألقت القبض»), else None
    through: int | None = None

    @property
    def entities(self) -> tuple[frozenset[str], frozenset[str]]:
        """Entities of actors and of recipients."""
        return (
            frozenset(m.entity or m.id for m in self.roles.actors),
            frozenset(m.entity or m.id for m in self.roles.recipients),
        )
