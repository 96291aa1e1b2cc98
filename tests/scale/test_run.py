"""Archive runs: equal to coding one by one, resumable, articles that kill or stall a worker are found and set aside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from musnad import code
from musnad.record import Record, check
from musnad.scale.arrow import Rows, record_row, records_schema, row_record
from musnad.scale.batch import articles_batch, code_batch
from musnad.scale.shards import Shard, rows, shards

TEXTS = [f"قال وزير الدفاع رقم {n} أمس إن {n + 3} جنود قتلوا في هجوم قرب بغداد، مضيفا أن التحقيق مستمر." for n in range(60)]
#: a stage that a user's package swaps in: some words end or stall the process
PLUGIN = """
import itertools, os, time
class Links:
    name, requires, provides = "links", frozenset(), frozenset({"links"})
    def run(self, analysis):
        if "قاتل" in analysis.text:
            os._exit(9)
        if "بطيء" in analysis.text:
            time.sleep(60)
        if "عالق" in analysis.text:
            sum(itertools.repeat(0, 10**12))  # one call in C, which no alarm interrupts
        if "كاسر" in analysis.text:
            raise RuntimeError("broken stage")
"""


def write(path: Path, texts: list[str]) -> Path:
    lines = [json.dumps({"text": t, "published": "2024-01-27", "n": i}, ensure_ascii=False) for i, t in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_path(folder: Path) -> str:
    """The search path of the tests with a folder before it."""
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))


def musnad(*args: object, path: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | ({"PYTHONPATH": with_path(path)} if path else {})
    return subprocess.run(
        [sys.executable, "-m", "musnad", *map(str, args)],
        capture_output=True,
        env=env,
        timeout=300,
        check=False,
    )


def output(folder: Path) -> dict[str, Record]:
    found = {}
    for file in sorted((folder / "records").glob("*.parquet")):
        for row in pq.read_table(file).to_pylist():
            record = check(row_record(row))
            assert record.article.text not in found
            found[record.article.text] = record
    return found


def failures(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for f in sorted((folder / "failures").glob("*.jsonl")) for line in f.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    folder = tmp_path / "plugin"
    info = folder / "stopper-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "stopper.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stopper\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[musnad.stages]\nlinks = stopper:Links\n", encoding="utf-8")
    return folder


def test_a_record_survives_arrow() -> None:
    record = code(TEXTS[0], "2024-01-27", extra={"a": [1, "ب"]})
    assert record.events
    assert record.figures
    import pyarrow as pa

    table = pa.Table.from_pylist([record_row(record, "x")], schema=records_schema())
    assert row_record(table.to_pylist()[0]) == record


def test_a_batch_gives_records_and_failures() -> None:
    records, failed = code_batch(articles_batch([{"text": TEXTS[0], "where": "a"}, {"text": "latin", "where": "b"}]))
    assert records.column("where").to_pylist() == ["a"]
    assert failed.to_pylist() == [{"where": "b", "reason": "there is no Arabic letter in it"}]


@pytest.mark.parametrize("size", [50, 999, 5000, 10**6])
def test_shards_cover_each_line_once(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.jsonl", TEXTS)
    found = [r["text"] for s in shards([path], size) for r in rows(s) if isinstance(r, dict)]
    assert found == TEXTS


def test_shards_of_parquet_and_bad_lines(tmp_path: Path) -> None:
    import pyarrow as pa

    pq.write_table(pa.table({"text": TEXTS, "n": range(60)}), tmp_path / "a.parquet", row_group_size=25)
    made = shards([tmp_path])
    assert [(s.first, s.last) for s in made] == [(0, 1), (1, 2), (2, 3)]
    assert [r["text"] for s in made for r in rows(s) if isinstance(r, dict)] == TEXTS
    (tmp_path / "b.jsonl").write_text('{"text": 1}\n{oops\n\n', encoding="utf-8")
    assert [isinstance(r, dict) for r in rows(Shard(str(tmp_path / "b.jsonl"), 0, 99))] == [False, False]


def test_a_run_equals_coding_one_by_one_and_resumes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", TEXTS[:20])
    done = musnad("run", path, tmp_path / "out", "--jobs", 2)
    assert done.returncode == 0, done.stderr
    assert output(tmp_path / "out") == {t: code(t, "2024-01-27", extra={"n": i}) for i, t in enumerate(TEXTS[:20])}
    again = musnad("run", path, tmp_path / "out", "--jobs", 2)
    assert again.stderr == b"musnad: 0 coded, 0 set aside, 1 of 1 shards done before\n"


def test_an_article_that_kills_its_worker_is_found(tmp_path: Path, plugin: Path) -> None:
    texts = [*TEXTS[:13], "قال القاتل إن قاتل", *TEXTS[13:20]]
    path = write(tmp_path / "a.jsonl", texts)
    done = musnad("run", path, tmp_path / "out", "--jobs", 2, path=plugin)
    assert done.returncode == 0, done.stderr
    assert set(output(tmp_path / "out")) == set(TEXTS[:20])
    (failure,) = failures(tmp_path / "out")
    assert failure["reason"] == "it ends the process that codes it"
    assert b"20 coded, 1 set aside" in done.stderr
    assert len(list((tmp_path / "out/done").iterdir())) == 1


def test_an_article_that_stalls_or_breaks_is_set_aside(tmp_path: Path, plugin: Path) -> None:
    path = write(tmp_path / "a.jsonl", ["قال إن بطيء", TEXTS[0], "قال إن كاسر"])
    done = musnad("run", path, tmp_path / "out", "--time-limit", "0.5", path=plugin)
    assert set(output(tmp_path / "out")) == {TEXTS[0]}, done.stderr
    assert [f["reason"] for f in failures(tmp_path / "out")] == [
        "it took longer than 0.5 s",
        "coding failed: RuntimeError: broken stage",
    ]


def test_an_article_that_cannot_be_interrupted_is_set_aside(tmp_path: Path, plugin: Path) -> None:
    path = write(tmp_path / "a.jsonl", ["قال إن عالق", TEXTS[1]])
    done = musnad("run", path, tmp_path / "out", "--time-limit", "1", path=plugin)
    assert set(output(tmp_path / "out")) == {TEXTS[1]}, done.stderr
    assert not list((tmp_path / "out/records").glob("*.partial"))
    assert [f["reason"] for f in failures(tmp_path / "out")] == ["it ends the process that codes it"]


def test_rows_made_through_json_are_those_of_python(tmp_path: Path) -> None:
    import pyarrow as pa

    odd = 'قال «أحمد»\u2028\t"\\" 😀\u0001 إن 12345678901234567890123 جنديا و2.5 مليون قتلوا أمس.'
    records = [
        code(odd, "2024-01-27", extra={"a": [1, None, {"ب": "\n"}], "n": 10**30}, title='"'),
        code("قال " + "ا" * 200_000),
        *(code(t, "2024-01-27") for t in TEXTS[:5]),
    ]
    made = Rows()
    for n, record in enumerate(records):
        made.add(record, f"a\n{n}")
    rows = [record_row(r, f"a\n{n}") for n, r in enumerate(records)]
    assert made.batch().equals(pa.RecordBatch.from_pylist(rows, schema=records_schema()))
    assert Rows().batch().equals(pa.RecordBatch.from_pylist([], schema=records_schema()))


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", TEXTS[:1])
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").touch()
    for args, words in (
        ([tmp_path / "no.jsonl", tmp_path / "out"], "there is no file"),
        ([tmp_path / "a.jsonl"], "give the inputs, then the folder"),
        ([tmp_path / "a.jsonl", tmp_path / "full"], "is not empty and holds no run"),
    ):
        done = musnad("run", *args)
        assert done.returncode == 2
        assert words in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
