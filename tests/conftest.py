"""What all tests share: every record made goes through the law of the record."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from musnad import code as code_article
from musnad.record import Record, check

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def coded() -> Callable[..., Record]:
    """``musnad.code`` with the law of the record checked."""

    def run(*args: object, **kwargs: object) -> Record:
        return check(code_article(*args, **kwargs))  # type: ignore[arg-type]

    return run


@pytest.fixture
def musnad(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command line in an empty folder: ``musnad("code", path, input=b"...")``."""

    def run(*args: object, input: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "musnad", *map(str, args)]
        return subprocess.run(command, input=input, capture_output=True, cwd=tmp_path, timeout=120, check=False)

    return run


pytest_plugins = ["tests.case_fixtures"]
