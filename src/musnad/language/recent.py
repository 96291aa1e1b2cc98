"""A bounded store of what was used lately: two generations, of which the older one is dropped as a whole."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps at least the last ``size`` different things asked for, at most twice as many."""

    __slots__ = ("_new", "_old", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._new: dict[str, T] = {}
        self._old: dict[str, T] = {}

    def get(self, key: str) -> T | None:
        """What is kept under a key; None where nothing is."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: str, value: T) -> None:
        """Keep something."""
        if len(self._new) >= self._size:
            self._old, self._new = self._new, {}
        self._new[key] = value
