"""Whether the installed package is the compiled one (see ``hatch_build.py``) or pure Python; the records are the same."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from typing import Literal


def built() -> Literal["compiled", "pure Python"]:
    """How the modules that most time is spent in are built here."""
    spec = find_spec("musnad.language.tagger")
    return "compiled" if spec is not None and (spec.origin or "").endswith(tuple(EXTENSION_SUFFIXES)) else "pure Python"
