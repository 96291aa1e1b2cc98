"""Musnad: Arabic news into sourced event data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from musnad.api import code as code
    from musnad.api import code_many as code_many
    from musnad.record import Record as Record

__all__ = ["Record", "__version__", "code", "code_many"]


def __getattr__(name: str) -> Any:
    # loaded on first use: importing musnad must stay quick
    if name in ("code", "code_many"):
        from musnad import api

        return getattr(api, name)
    if name == "Record":
        from musnad.record import Record

        return Record
    raise AttributeError(f"module 'musnad' has no attribute {name!r}")
