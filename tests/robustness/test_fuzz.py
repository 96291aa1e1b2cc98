"""A small budget of the fuzzing of ``benchmarks/fuzz.py``, and inputs that it broke something with once."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fuzz
from tests.conftest import ROOT

#: cases of each target: the whole of it takes some seconds
RUNS = {
    "decode": 800,
    "jsonl": 500,
    "csv": 500,
    "feed": 120,
    "html": 30,
    "text": 400,
    "record": 400,
    "language": 250,
    "pipeline": 80,
}


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_random_input_breaks_nothing(target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.run_plain(target, RUNS[target], 1, tmp_path) == 0, capsys.readouterr().out


def test_articles_of_a_file_are_spoilt_instead(tmp_path: Path) -> None:
    texts = fuzz.real(ROOT / "examples/talks.jsonl")
    assert len(texts) == 1
    assert fuzz.run_plain("pipeline", 15, 2, tmp_path, texts) == 0
    assert fuzz.run_plain("text", 200, 2, tmp_path, texts) == 0


def test_what_breaks_is_counted_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def target(data: bytes) -> None:
        if b"\x00" in data:
            raise ValueError("a null")

    monkeypatch.setitem(fuzz.TARGETS, "text", target)
    broke = fuzz.run_plain("text", 3000, 1, tmp_path)
    assert broke > 0
    (kept,) = tmp_path.iterdir()  # one of each kind
    assert b"\x00" in kept.read_bytes()
    assert "a null" in (fuzz.broken("text", kept.read_bytes()) or "")


def test_what_does_not_end_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def target(_: bytes) -> None:
        while True:
            pass

    monkeypatch.setitem(fuzz.TARGETS, "text", target)
    monkeypatch.setattr(fuzz, "HANG", 0.1)
    assert "it did not end within 0.2 s" in (fuzz.broken("text", b"x") or "")


BROKE = [
    ("feed", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>خبر</title><content type="html"></content></entry></feed>'),
    ("feed", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>خبر\x00</title><content type="xhtml"/></entry></feed>'),
    ("feed", '<rss version="2.0"><channel><item><title>خبر</title><link>http://></item></channea/1</link><description>قال'),
]  # fmt: skip


@pytest.mark.parametrize(("target", "text"), BROKE)
def test_what_broke_once(target: str, text: str) -> None:
    assert fuzz.broken(target, text.encode()) is None
