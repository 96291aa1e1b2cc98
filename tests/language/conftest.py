from __future__ import annotations

from pathlib import Path

import pytest

from musnad.article import Article
from musnad.language.stage import LanguageStage
from musnad.pipeline import Analysis, Pipeline

CASES = Path(__file__).resolve().parents[2] / "src/musnad/language/cases"
PIPELINE = Pipeline([LanguageStage(None)])


def analyse(text: str) -> Analysis:
    return PIPELINE.analyse(Article(id="", text=text))


@pytest.fixture
def analysed():
    return analyse
