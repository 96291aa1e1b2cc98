"""Compiled lexicons: made from ``lexicon/`` sources by ``python -m training.compile``, read here."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import msgspec


class LexiconError(RuntimeError):
    """A compiled lexicon is missing or cannot be read."""


@cache
def load(room: str, name: str) -> Any:
    """The compiled lexicon ``src/musnad/<room>/compiled/<name>.msgpack`` as built-in types.

    :param room: package folder under ``musnad``, such as ``"times"`` or ``"language"``.
    :raises LexiconError: where the file is missing or damaged.
    """
    return msgspec.msgpack.decode(read_bytes(room, f"{name}.msgpack"))


def read_bytes(room: str, filename: str) -> bytes:
    """The bytes of a compiled file of a room. :raises LexiconError: where it is missing."""
    path = resources.files("musnad").joinpath(room, "compiled", filename)
    try:
        return path.read_bytes()
    except OSError as error:
        raise LexiconError(f"lexicon {room}/{filename} is missing: run `python -m training.compile`") from error
