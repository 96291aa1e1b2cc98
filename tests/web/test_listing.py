"""Lists, counts and pictures that pages show say what the case holds, and go on saying it while reviewers change it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from musnad.casefile import queries, review, review_reports
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case, open_case
from musnad.web import drawing, facts
from musnad.web.app import create_app
from musnad.web.listing import listing, narrow
from tests.web.support import client, copy_of, token

FILTERS = [
    Filters(), Filters(types=("ASSAULT",)), Filters(types=("say", "deny")), Filters(status=("planned", "denied")), Filters(since="2023-01-01"),
    Filters(until="2022-12-31"), Filters(outlet="صوت الجبل"), Filters(actor="LBY"), Filters(actor="الوزارة", types=("ACCUSE",)),
    Filters(types=("ASSAULT", "AID"), status=("occurred",), since="2019-01-01", until="2024-01-01"), Filters(outlet="no such"),
]  # fmt: skip


@pytest.fixture
def case(examples: Case, tmp_path: Path) -> Iterator[Case]:
    made = open_case(copy_of(examples, tmp_path))
    facts.prepare(made)
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["events", "statements"])
@pytest.mark.parametrize("filters", FILTERS)
def test_lists_and_facets_are_those_of_the_case(case: Case, kind: str, filters: Filters) -> None:
    with case.read() as connection:
        made = narrow(connection, listing(connection, kind), filters)
        rows = getattr(queries, kind)(connection, filters)
        assert len(made.items) == len(rows) == facts.count(connection, kind, filters)
        names = {(r["document_id"], r["trigger_start" if kind == "events" else "start"]) for r in rows}
        assert {(i.document, i.start) for i in made.items} == names
        wanted = facts.facets(connection, kind, filters)
        assert {k: sorted(v) for k, v in made.facets.items()} == {k: sorted(v) for k, v in wanted.items()}
        assert sorted(made.by_day()) == sorted(facts.by_day(connection, kind, filters))
    days = [i.day for i in made.items]
    assert days == sorted(days, reverse=True)


def test_a_listing_follows_decisions_without_being_read_anew(case: Case) -> None:
    with case.read() as connection:
        before = listing(connection, "events")
        first, second = queries.events(connection)[:2]
        assert listing(connection, "events", before) is before
    for row, action, after in ((first, "correct", {"type": "AID"}), (second, "reject", None)):
        review.decide(case, "amal", "events", action, document_id=row["document_id"], item=row["id"], after=after)
    undone = review.decide(case, "amal", "events", "add", document_id=first["document_id"], after={"type": "AID", "trigger": [0, 4]})
    review.undo(case, "amal", undone)
    with case.read() as connection:
        followed, anew = listing(connection, "events", before), listing(connection, "events")
        assert followed == anew
        assert len(anew.items) == len(before.items) - 1
        assert ("AID", 1 + dict(narrow(connection, before, Filters()).facets["type"]).get("AID", 0)) in narrow(connection, anew, Filters()).facets["type"]  # fmt: skip


@pytest.mark.parametrize("words", ["الوادي", "عون", "iraq", "IRAQ", "وزارة", "أمريكا", "no such name", "ا", "آل"])
def test_names_are_found_as_the_question_finds_them(case: Case, words: str) -> None:
    with case.read() as connection:
        made = facts.names(connection)
        assert sorted(made.find(words)) == sorted(
            set(queries.find_entities(connection, words)) if words.strip() == words else made.find(words)
        )
    assert len(made.ids) == len(made.starts) == made.words.count("\n")


def test_actors_are_ranked_as_the_question_ranks_them(case: Case) -> None:
    with case.read() as connection:
        ranked, rows = facts.ranking(connection), queries.actors(connection)
    assert list(ranked.ids) == [r["id"] for r in rows]
    assert ranked.counts == [(r["acts"], r["receives"], r["says"], r["commits"], r["documents"]) for r in rows]


@pytest.mark.parametrize("by", ["both", "doubt", "weight"])
@pytest.mark.parametrize("kind", [None, "events", "statements"])
def test_pages_of_the_queue_are_the_queue(case: Case, by: str, kind: str | None) -> None:
    with case.read() as connection:
        made = review_reports.ranking(connection)
        pages = [review_reports.queued(connection, made, made.order(by, kind)[at : at + 7], 7) for at in range(0, 200, 7)]
        got, wanted = [r for p in pages for r in p], review_reports.queue(connection, by, kind, 1000)
    score = {"both": lambda r: r["doubt"] * r["weight"], "doubt": lambda r: r["doubt"], "weight": lambda r: r["weight"]}[by]
    assert [round(score(r), 9) for r in got] == [round(score(r), 9) for r in wanted]
    key = lambda r: (r["kind"], r["analysis_id"], r["id"], r["text"], r["label"], r["state"])  # noqa: E731
    assert sorted(map(key, got)) == sorted(map(key, wanted))


def test_what_was_decided_leaves_an_older_ranking(case: Case) -> None:
    with case.read() as connection:
        made = review_reports.ranking(connection)
        first = review_reports.queued(connection, made, made.order(), 1)[0]
    review.decide(case, "amal", first["kind"], "accept", document_id=first["document_id"], item=first["id"])
    with case.read() as connection:
        again = review_reports.queued(connection, made, made.order(), 5)
    assert (first["document_id"], first["id"]) not in [(r["document_id"], r["id"]) for r in again]
    assert len(again) == 5


@pytest.fixture
def app(examples: Case, tmp_path: Path) -> Iterator[FastAPI]:
    made = create_app(copy_of(examples, tmp_path))
    yield made
    made.state.room.case.close()


def test_counts_are_made_anew_aside_and_pages_with_old_ones_are_not_kept(app: FastAPI) -> None:
    room = app.state.room
    calls: list[int] = []

    def count(connection: object) -> int:
        calls.append(1)
        return len(calls)

    assert room.lasting("test", count) == (1, True)
    assert room.lasting("test", count) == (1, True)
    with room.case.write() as connection:
        connection.execute(text("INSERT INTO settings (key, value) VALUES ('a', '1')"))
    assert room.lasting("test", count) == (1, False)
    end = time.monotonic() + 10
    while room.lasting("test", count) != (2, True):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert len(calls) == 2


def test_a_decision_is_seen_at_once_in_lists_and_in_the_queue(app: FastAPI) -> None:
    browser = client(app)
    csrf = token(browser, "/help")
    browser.get("/events")
    browser.get("/review")
    before = browser.get("/api/events?limit=500").json()
    row = before["items"][0]
    data = {"kind": "events", "item": row["id"], "action": "reject", "seen": "0", "csrf": csrf}
    assert browser.post(f"/articles/{row['document_id']}/decide", data=data).status_code == 303
    assert f"<h1>Events <small>{before['total'] - 1}</small>" in browser.get("/events").text
    assert f'href="/articles/{row["document_id"]}#events-{row["id"]}"' not in browser.get("/review").text


def test_items_are_found_by_index_not_by_reading_all(case: Case) -> None:
    condition, values = facts.where(None, "events", Filters(actor="1"))  # type: ignore[arg-type]
    with case.read() as connection:
        query = f"EXPLAIN QUERY PLAN SELECT count(*) FROM events x {facts._NOW} WHERE {condition}"
        plan = " | ".join(str(r[3]) for r in connection.execute(text(query), values))
    assert "case_entity_id=?" in plan
    assert "SCAN x" not in plan


def test_names_on_a_map_hide_neither_one_another_nor_places() -> None:
    places = [
        {"lat": 33.3 + i * 0.4, "lon": 44.4 + (i % 3) * 0.5, "n": 9 - i, "conflict": 0, "material": 0, "name": f"مدينة رقم {i}"} for i in range(9)
    ]  # fmt: skip
    drawn = drawing.world_map(places)
    labels = drawing.map_labels(drawn, [p["name"] for p in places])
    assert labels
    font = drawn["font"]
    boxes = []
    for label in labels:
        wide = len(label["words"]) * font * 0.56
        left = {"start": label["x"], "end": label["x"] - wide, "middle": label["x"] - wide / 2}[label["anchor"]]
        boxes.append((left, label["y"] - font * 0.8, left + wide, label["y"] + font * 0.2))
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert not (a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1])


def test_a_map_carries_only_what_it_shows() -> None:
    iraq = drawing.world_map([{"lat": 33.3, "lon": 44.4, "n": 3, "conflict": 0, "material": 0, "name": "بغداد"}])
    names = {c["name"] for c in iraq["countries"]}
    assert "Iraq" in names
    assert not names & {"Brazil", "Japan", "Canada"}
    assert sum(len(c["d"]) for c in iraq["countries"]) < 120_000
    whole = drawing.world_map([], whole=True)
    assert {"Brazil", "Japan", "Iraq"} <= {c["name"] for c in whole["countries"]}


def test_amounts_are_written_in_full() -> None:
    from musnad.web.room import _amount

    row = {"value": 1_900_000, "low": None, "high": None, "comparator": "about"}
    assert _amount(row) == "≈ 1,900,000"
    assert _amount({**row, "value": 117_200_000.0, "comparator": "exact"}) == "117,200,000"
    assert _amount({**row, "value": None, "low": 2_000, "high": 12_000_000}) == "2,000 – 12,000,000"
    assert _amount({**row, "value": 2.5, "comparator": "exact"}) == "2.5"


def test_charts_show_the_days_on_which_things_happened() -> None:
    # a year's scattered dates do not press three weeks into two bars
    counted = [(f"2015-07-{d:02}", "q4", 40) for d in range(10, 31)] + [(f"2014-{m:02}-11", "q1", 7) for m in range(1, 13)]
    chart = drawing.bars(counted)
    assert chart is not None
    assert (chart["step"], chart["first"], chart["last"]) == ("day", "2015-07-10", "2015-07-30")
    assert chart["outside"] == 84
