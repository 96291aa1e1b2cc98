"""Charts, progress and what the command line says of a case."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text

from musnad.casefile import charts, queries, schema
from musnad.casefile.coding import prepared
from musnad.casefile.events import Party, Place, Told, groups_of, same
from musnad.casefile.fulltext import stems
from musnad.casefile.ingest import ingest, record_of
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case
from musnad.reading.build import make_article


def add(case: Case, *articles: tuple[str, str]) -> None:
    ingest(case, [make_article(words, published=day) for day, words in articles], [])
    from musnad.casefile.derive import derive

    derive(case)


def _values(chart: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = chart["datasets"][chart["data"]["name"]]
    return rows


def test_a_chart_of_events_leaves_out_what_is_far_from_the_articles(case: Case) -> None:
    add(
        case,
        ("2024-03-04", "قصفت القوات التركية أمس مواقع لحزب العمال الكردستاني في دهوك."),
        ("2024-03-05", "قصفت القوات العراقية مدينة حلبجة عام 1988، وقتل مدنيون."),
        ("2024-03-05", "قصفت القوات الأميركية أمس مواقع للحوثيين في صنعاء."),
    )
    with case.read() as connection:
        days = [g["begin"] for g in queries.timeline(connection)]
        assert "1988-01-01" in days
        assert len(days) == 3
        near = charts._events(connection, Filters()).to_dict()
        whole = charts._events(connection, Filters(since="1900-01-01")).to_dict()
    assert {r["day"] for r in _values(near)} == {"2024-03-03", "2024-03-04"}
    assert "1 of other times left out" in near["encoding"]["y"]["title"]
    assert "1988-01-01" in {r["day"] for r in _values(whole)}
    assert whole["encoding"]["x"]["timeUnit"] == "year"
    assert near["encoding"]["x"]["timeUnit"] == "yearmonthdate"


@pytest.mark.parametrize("what", ["events", "statements", "figures"])
@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_charts_are_drawn(musnad: Any, examples: Case, tmp_path: Path, what: str, suffix: str) -> None:
    done = musnad("chart", examples.path, what, tmp_path / f"x{suffix}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"x{suffix}").read_bytes()[:8].lstrip()[:4] in (b"<svg", b"\x89PNG")
    early = musnad("chart", examples.path, what, tmp_path / f"y{suffix}", "--as-of", "2000-01-01")
    assert early.returncode == 2
    assert f"no {what} to draw".encode() in early.stderr


def test_an_ingest_shows_its_progress_at_a_terminal(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("قال الوزير أمس إن الهدنة باقية.", encoding="utf-8")
    reader, terminal = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "musnad", "ingest", str(case.path), str(tmp_path / "a.txt")],
        stdout=terminal,
        stderr=terminal,
        close_fds=True,
    )
    os.close(terminal)
    said = b""
    while True:
        try:
            part = os.read(reader, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    assert running.wait() == 0
    os.close(reader)
    assert b"ingesting" in said
    assert b"comparing articles" in said
    assert b"1 added" in said


def test_the_command_searches_with_filters_and_facets(musnad: Any, examples: Case) -> None:
    every = musnad("search", examples.path, "قال", "--format", "jsonl", "--limit", "100").stdout.splitlines()
    narrow = musnad("search", examples.path, "قال", "--format", "jsonl", "--type", "ASSAULT", "--since", "2000-01-01").stdout.splitlines()
    assert 0 < len(narrow) < len(every)
    counted = musnad("search", examples.path, "قال", "--facets", "--format", "csv").stdout.decode()
    assert counted.startswith("facet,value,articles")
    assert "event type,ASSAULT," in counted
    assert b"there is no word to search for" in musnad("search", examples.path, "!!!").stderr
    assert b"is not a day" in musnad("search", examples.path, "قال", "--since", "yesterday").stderr


def test_an_entity_without_a_mention_makes_no_row(examples: Case) -> None:
    with examples.read() as connection:
        record = record_of(connection, connection.execute(select(schema.analyses.c.id)).scalars().first() or 0)
    entity = record.mentions[0].entity
    kept = [m for m in record.mentions if m.entity != entity]
    made = prepared(msgspec.structs.replace(record, mentions=kept), stems(record.article.text))
    assert entity not in made.identities
    assert entity not in {row["id"] for row in made.rows["entities"]}
    assert len(made.identities) > 3


def test_leaving_out_what_cannot_agree_changes_no_group() -> None:
    """Events that share no party, country, place or text are not compared: they would not have been one."""
    import datetime as dt
    import random

    chance = random.Random(5)

    def told(number: int) -> Told:
        day = dt.date(2024, 3, 1) + dt.timedelta(days=chance.randrange(3))
        party = lambda: Party(chance.randrange(6), chance.choice(["IRQ", "SYR", None]), chance.choice(["MIL", "GOV", None]))  # noqa: E731
        point = (33.0 + chance.randrange(3) / 10, 44.0) if chance.random() < 0.5 else None
        return Told(
            number, "v1", number, number // 2, "ASSAULT", "occurred", *((day, day) if chance.random() < 0.7 else (None, None)), day,
            actors={party()} if chance.random() < 0.6 else set(), recipients={party()} if chance.random() < 0.6 else set(),
            places={Place(chance.randrange(4), None, point)} if chance.random() < 0.6 else set(),
            dead=chance.choice([None, 5]), trigger=chance.choice(["قصف", "هجوم"]),
        )  # fmt: skip

    every = [told(n) for n in range(150)]
    groups = groups_of(every)
    assert len(groups) < 150
    first = {id(m): g for g, (members, _) in enumerate(groups) for m in members}
    for a in every:
        for b in every:
            if a is not b and same(a, b) is not None and not (_keys(a) & _keys(b)):
                raise AssertionError((first[id(a)], first[id(b)], a, b))


def _keys(one: Told) -> frozenset[object]:
    from musnad.casefile.events import _keys as keys

    return keys(one)


def test_two_ingests_at_once_put_nothing_in_twice(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(f'{{"text": "قال الوزير أمس إن العملية رقم {n} مستمرة في بغداد."}}' for n in range(150)), encoding="utf-8")
    command = [sys.executable, "-m", "musnad", "ingest", str(case.path), str(path)]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    said = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    with case.read() as connection:
        for name in ("documents", "analyses", "search"):
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 150
    assert case.check() == []
