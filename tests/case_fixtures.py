"""Cases for the tests of the case file, the exports and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from musnad.casefile.derive import derive
from musnad.casefile.ingest import ingest
from musnad.casefile.store import Case, create
from musnad.reading.files import read

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    case = create(tmp_path_factory.mktemp("case") / "examples.musnad", "الأمثلة")
    folder = str(ROOT / "examples")
    ingest(case, read([folder]), [folder])
    derive(case)
    yield case
    case.close()


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = create(tmp_path / "new.musnad")
    yield made
    made.close()
