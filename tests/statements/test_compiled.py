"""What is committed is what the sources compile to."""

from __future__ import annotations

import importlib

import pytest

from training.compile import compiled


@pytest.mark.parametrize("room", ["statements", "commitments"])
def test_committed_equals_compiled(room: str) -> None:
    for path, data in compiled(importlib.import_module(f"training.lexicons.{room}")).items():
        assert path.read_bytes() == data, path.name
