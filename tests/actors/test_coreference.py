"""The passages of ``cases/coreference.yaml``: who is meant."""

from __future__ import annotations

import pytest
import yaml

from tests.actors.support import CASES, Marked, check_passage, read_marks

CORPUS = yaml.safe_load((CASES / "coreference.yaml").read_text("utf-8"))
PASSAGES: list[Marked] = [read_marks(p) for p in CORPUS["passages"]]


def test_the_corpus_is_large_enough() -> None:
    assert len(PASSAGES) >= 150


def test_nine_of_ten_passages_are_right() -> None:
    wrong = {p.text: found for p in PASSAGES if (found := check_passage(p, str(CORPUS["published"])))}
    assert len(wrong) <= len(PASSAGES) // 10, "\n".join(f"{text}: {found}" for text, found in wrong.items())


@pytest.mark.parametrize("marked", ["قال [1 فلان] {2 وأضاف} في <1 بيته>."])
def test_marks_are_read(marked: str) -> None:
    read = read_marks(marked)
    assert read.text == "قال فلان وأضاف في بيته."
    assert [(m.kind, m.number, read.text[m.start : m.end]) for m in read.marks] == [
        ("[", 1, "فلان"), ("{", 2, "وأضاف"), ("<", 1, "بيته")
    ]  # fmt: skip
