"""Compile every room's lexicon: ``python -m training.compile [ROOM ...] [--check]``.

Each module ``training/lexicons/<room>*.py`` has ``ROOM: str`` (the folder under ``src/musnad``) and
``build() -> dict[str, object]``: name -> built-in types (or bytes), made from the sources under ``src/musnad/<room>/lexicon`` alone.
With ``--check`` nothing is written; exit 1 where a committed file differs from what its sources give.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any

import msgspec

import training.lexicons

SOURCE = Path(__file__).resolve().parent.parent / "src" / "musnad"


def builders(rooms: list[str] | None = None) -> list[Any]:
    """The modules that build, in order of name; ``rooms`` keeps only those."""
    found = []
    for info in pkgutil.iter_modules(training.lexicons.__path__):
        module = importlib.import_module(f"training.lexicons.{info.name}")
        if hasattr(module, "build") and hasattr(module, "ROOM") and (not rooms or module.ROOM in rooms):
            found.append(module)
    return found


def compiled(module: Any) -> dict[Path, bytes]:
    """Path of each compiled file -> the bytes its sources give."""
    encoder = msgspec.msgpack.Encoder(order="deterministic")
    out = {}
    for name, value in module.build().items():
        suffix = "" if isinstance(value, bytes) else ".msgpack"
        data = value if isinstance(value, bytes) else encoder.encode(value)
        out[SOURCE / module.ROOM / "compiled" / f"{name}{suffix}"] = data
    return out


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compile Musnad's lexicons.")
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    stale = []
    for module in builders(args.rooms):
        for path, data in compiled(module).items():
            same = path.exists() and path.read_bytes() == data
            if not same and not args.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                print(f"{path.relative_to(SOURCE)}: {len(data)} bytes")
            elif not same:
                stale.append(str(path.relative_to(SOURCE)))
    for path in stale:
        print(f"{path} differs from what its sources give: run `python -m training.compile`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
