"""``musnad eval``: numbers with intervals, errors by kind, records from each place they may come from, mistakes in one line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from musnad.evaluation.phrases import gold_of
from musnad.evaluation.score import LAYERS
from tests.conftest import ROOT

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
NAMES = ("talks", "clash")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    notes = yaml.safe_load((ROOT / "tests/gold/examples.yaml").read_text(encoding="utf-8"))
    rows = [json.loads((ROOT / f"examples/{name}.jsonl").read_text(encoding="utf-8")) for name in NAMES]
    made = [gold_of(row["text"], notes[name]) for name, row in zip(NAMES, rows, strict=True)]
    (tmp_path / "gold.json").write_text(json.dumps(made), encoding="utf-8")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "articles.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path / "gold.json"


def test_numbers_intervals_and_errors_by_kind(musnad: Run, gold: Path) -> None:
    done = musnad("eval", gold, "--errors", "all")
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    numbers, _, errors = said.partition("\n\n")
    assert [line.split()[0] for line in numbers.splitlines()] == list(LAYERS)
    assert all("[" in line and "gold" in line for line in numbers.splitlines())
    counted = [line for line in errors.splitlines() if line.strip()[:1].isdigit() and ".." not in line.split()[1]]
    listed = [line for line in errors.splitlines() if ".." in line.split()[1]]
    assert sum(int(line.split()[0]) for line in counted) == len(listed) > 0


def test_records_of_a_run_score_as_articles_coded_now(musnad: Run, gold: Path, tmp_path: Path) -> None:
    now = json.loads(musnad("eval", gold, "--json").stdout)
    for layer in LAYERS:
        low, high = now[layer]["ci"]
        assert 0 <= low <= now[layer]["f1"] <= high <= 1
    assert musnad("run", tmp_path / "articles.jsonl", "out").returncode == 0
    (tmp_path / "records.jsonl").write_bytes(musnad("code", "articles.jsonl", "--format", "jsonl").stdout)
    for records in ("out", next((tmp_path / "out/records").glob("*.parquet")), "records.jsonl"):
        done = musnad("eval", gold, records, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == now


def test_mistakes_are_one_line(musnad: Run, gold: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.parquet").write_bytes(b"PAR1")
    (tmp_path / "no.jsonl").write_text("{}\n", encoding="utf-8")
    for args, words in (
        (["nothing.json"], "cannot be read"),
        ([gold, "empty"], "has no .parquet file of records"),
        ([gold, "no.parquet"], "does not hold records"),
        ([gold, "no.jsonl"], "holds a line that is no record"),
        ([tmp_path / "no.parquet"], "is not JSON"),
    ):
        done = musnad("eval", *args)
        assert done.returncode == 2, args
        assert words in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
