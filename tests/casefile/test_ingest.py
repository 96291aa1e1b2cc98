"""Ingest: only what is new, all or nothing a batch, resumable after a kill, newer analyses beside older ones."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

import musnad
from musnad.casefile import ingest as module
from musnad.casefile import queries, schema
from musnad.casefile.ingest import Summary, ingest, record_of
from musnad.casefile.store import Case, create, open_case
from musnad.reading.files import read
from musnad.record import check


def write_rows(path: Path, count: int, first: int = 0) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for n in range(first, first + count):
            words = f"قال وزير الداخلية العراقي أمس إن الشرطة اعتقلت {n + 2} مسلحين في بغداد، وأضاف أن العملية رقم {n} مستمرة."
            file.write(json.dumps({"text": words, "published": "2024-01-27", "outlet": f"صحيفة {n % 7}"}, ensure_ascii=False) + "\n")
    return path


def count(case: Case, table: str) -> int:
    with case.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)


def test_running_again_adds_only_what_is_new(case: Case, tmp_path: Path) -> None:
    one, two = write_rows(tmp_path / "a.jsonl", 30), write_rows(tmp_path / "b.jsonl", 10, first=25)
    assert ingest(case, read([str(one)]), []) == Summary(30, 0, 0)
    assert ingest(case, read([str(one)]), []) == Summary(0, 30, 0)
    assert ingest(case, read([str(two)]), []) == Summary(5, 5, 0)
    assert (count(case, "documents"), count(case, "analyses"), count(case, "search")) == (35, 35, 35)
    assert case.check() == []


def test_a_verbatim_copy_in_another_paper_is_a_document_of_its_own(case: Case, tmp_path: Path) -> None:
    rows = [{"text": "قال الوزير إن الهدنة باقية", "outlet": o, "published": "2024-01-27"} for o in ("أ", "ب", "أ")]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    assert ingest(case, read([str(path)]), []) == Summary(2, 1, 0)


def test_failures_are_kept_with_their_reason(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "قال"}\n{broken\n', encoding="utf-8")
    assert ingest(case, read([str(tmp_path)]), []) == Summary(1, 0, 1)
    ingest(case, read([str(tmp_path)]), [])
    with case.read() as connection:
        (row,) = queries.set_aside(connection)
    assert row["where"].endswith("a.jsonl:2")
    assert "line 2 is not JSON" in row["reason"]


def test_records_come_back_as_they_were_made(examples: Case) -> None:
    with examples.read() as connection:
        for row in connection.execute(select(schema.analyses.c.id, schema.documents.c.text).join(schema.documents)):
            record = check(record_of(connection, row.id))
            assert record.article.text == row.text


def test_another_version_adds_an_analysis_beside_the_old_one(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_rows(tmp_path / "a.jsonl", 3)
    ingest(case, read([str(path)]), [])
    before = time.strftime("%Y-%m-%d", time.gmtime())
    with case.read() as connection:
        old = len(queries.statements(connection))
    for place in (module, musnad):
        monkeypatch.setattr(place, "__version__", "99.0")
    assert ingest(case, read([str(path)]), []) == Summary(3, 0, 0)
    assert (count(case, "documents"), count(case, "analyses")) == (3, 6)
    with case.read() as connection:
        versions = connection.execute(select(schema.analyses.c.musnad).where(schema.analyses.c.superseded_at.is_(None))).scalars().all()
        assert set(versions) == {"99.0"}
        assert len(queries.statements(connection)) == old
        assert len(queries.statements(connection, queries.Filters(as_of=before))) == old
        assert queries.statements(connection, queries.Filters(as_of="2000-01-01")) == []


def test_killed_at_random_moments_nothing_is_lost_or_twice(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.jsonl", 400)
    target = tmp_path / "killed.musnad"
    create(target).close()
    command = [sys.executable, "-m", "musnad", "ingest", str(target), str(path)]
    chance = random.Random(7)
    for _ in range(4):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(timeout=chance.uniform(0.8, 2.5))
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
        case = open_case(target)
        assert case.check() == []
        assert count(case, "documents") == count(case, "search")
        case.close()
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"set aside" in done.stderr
    case = open_case(target)
    assert (count(case, "documents"), count(case, "analyses"), count(case, "search")) == (400, 400, 400)
    assert case.check() == []
    case.close()


def test_records_of_an_archive_run_are_ingested_as_they_are(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.jsonl", 5)
    for args in (["run", path, tmp_path / "out"], ["new", tmp_path / "a.musnad"]):
        subprocess.run([sys.executable, "-m", "musnad", *map(str, args)], check=True, capture_output=True)
    (made,) = (tmp_path / "out/records").glob("*.parquet")
    for words in (b"5 added, 0 known before, 0 set aside", b"0 added, 5 known before, 0 set aside"):
        command = [sys.executable, "-m", "musnad", "ingest", str(tmp_path / "a.musnad"), str(made)]
        assert words in subprocess.run(command, check=True, capture_output=True).stderr
    case = open_case(tmp_path / "a.musnad")
    with case.read() as connection:
        texts = connection.execute(select(schema.documents.c.text).order_by(schema.documents.c.id)).scalars().all()
        assert record_of(connection, 1) == musnad.code(texts[0], "2024-01-27", "صحيفة 0")
    assert case.check() == []
    case.close()
