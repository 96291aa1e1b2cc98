"""Decisions of reviewers: kept, shown, undone, and stronger than a re-run."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from musnad.casefile import queries, review, review_across, review_log, review_reports, schema
from musnad.casefile.derive import derive
from musnad.casefile.ingest import record_of, write_analysis
from musnad.casefile.linking import EntityLinker
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case, now, open_case
from musnad.evaluation.score import score
from musnad.record import check, to_json


@pytest.fixture
def reviewed(examples: Case, tmp_path: Path) -> Iterator[Case]:
    examples.backup(tmp_path / "copy.musnad")
    case = open_case(tmp_path / "copy.musnad")
    yield case
    case.close()


def events(case: Case, **filters: Any) -> list[queries.Row]:
    with case.read() as connection:
        return review_log.effective(connection, "events", queries.events(connection, Filters(**filters)))


def first(case: Case) -> queries.Row:
    """An event of the talks article, whatever the coder makes of it."""
    return next(e for e in events(case) if e["title"].startswith("بغداد وواشنطن") and e["type"] != "PROTEST")


def test_an_accepted_event_stays_as_it_was_and_says_who_accepted_it(reviewed: Case) -> None:
    event = first(reviewed)
    review.decide(reviewed, "amal", "events", "accept", document_id=event["document_id"], item=event["id"])
    after = next(e for e in events(reviewed) if e["id"] == event["id"] and e["document_id"] == event["document_id"])
    assert after["analysis_id"] == event["analysis_id"]
    assert after["review"]["state"] == "accepted"
    assert after["review"]["by"] == ["amal"]


def test_a_correction_is_what_every_question_sees_and_undo_takes_it_back(reviewed: Case) -> None:
    event = first(reviewed)
    where = {"document_id": event["document_id"], "item": event["id"]}
    number = review.decide(reviewed, "amal", "events", "correct", after={"type": "PROTEST", "status": "demanded"}, **where)
    after = next(e for e in events(reviewed) if (e["id"], e["document_id"]) == (event["id"], event["document_id"]))
    assert (after["type"], after["status"], after["review"]["state"]) == ("PROTEST", "demanded", "corrected")
    assert after["review"]["before"]["type"] == event["type"]
    with reviewed.read() as connection:
        groups = {t["group_id"] for g in queries.timeline(connection) for t in g["tellings"]}
        assert after["group_id"] in groups
        old = record_of(connection, event["analysis_id"])
        assert next(e.type for e in old.events if e.id == event["id"]) == event["type"]
        check(record_of(connection, after["analysis_id"]))
    assert reviewed.check() == []
    review.undo(reviewed, "amal", number)
    again = next(e for e in events(reviewed) if (e["id"], e["document_id"]) == (event["id"], event["document_id"]))
    assert (again["type"], again["status"], again["review"]) == (event["type"], event["status"], None)
    with pytest.raises(review.ReviewError, match="undone already"):
        review.undo(reviewed, "amal", number)


def test_a_rejected_item_is_gone_and_an_undo_of_the_undo_rejects_it_again(reviewed: Case) -> None:
    event = first(reviewed)
    number = review.decide(reviewed, "b", "events", "reject", document_id=event["document_id"], item=event["id"])
    key = (event["document_id"], event["trigger_start"])
    assert key not in {(e["document_id"], e["trigger_start"]) for e in events(reviewed)}
    undo = review.undo(reviewed, "b", number)
    assert key in {(e["document_id"], e["trigger_start"]) for e in events(reviewed)}
    review.undo(reviewed, "b", undo)
    assert key not in {(e["document_id"], e["trigger_start"]) for e in events(reviewed)}
    assert reviewed.check() == []


def test_what_was_missed_is_added_with_its_words(reviewed: Case) -> None:
    event = first(reviewed)
    with reviewed.read() as connection:
        body = record_of(connection, event["analysis_id"]).article.text
    start = body.index("تشكيل ثلاث")
    who = body.index("الجانبان")
    facts = {
        "type": "COOPERATE",
        "status": "demanded",
        "trigger": [start, start + 5],
        "actors": [[who, who + 8]],
    }
    number = review.decide(reviewed, "b", "events", "add", document_id=event["document_id"], after=facts)
    added = next(e for e in events(reviewed) if e["id"] == f"r{number}")
    assert added["text"] == "تشكيل"
    assert [a["text"] for a in added["actor"]] == ["الجانبان"]
    assert added["review"]["state"] == "added"
    assert added["group_id"] is not None
    review.decide(
        reviewed,
        "c",
        "events",
        "correct",
        document_id=event["document_id"],
        item=f"r{number}",
        after={"status": "occurred"},
    )
    assert next(e for e in events(reviewed) if e["id"] == f"r{number}")["status"] == "occurred"


@pytest.mark.parametrize(
    "after",
    [{"type": "NONSENSE"}, {"trigger": [5, 5]}, {"trigger": [0, 10**9]}, {"actors": [["a", 2]]}, {"status": None}, {"trigger": None}],
)  # fmt: skip
def test_what_breaks_the_law_is_refused_and_leaves_nothing(reviewed: Case, after: dict[str, Any]) -> None:
    event = first(reviewed)
    with pytest.raises(review.ReviewError):
        review.decide(
            reviewed,
            "b",
            "events",
            "correct",
            document_id=event["document_id"],
            item=event["id"],
            after=after,
        )
    with reviewed.read() as connection:
        assert review_log.decisions(connection) == []


def test_corrections_win_over_a_later_run(reviewed: Case) -> None:
    event = first(reviewed)
    document = event["document_id"]
    review.decide(
        reviewed,
        "b",
        "events",
        "correct",
        document_id=document,
        item=event["id"],
        after={"status": "demanded"},
    )
    with reviewed.read() as connection:
        says = next(s for s in queries.statements(connection) if s["document_id"] == document)
    review.decide(reviewed, "b", "statements", "reject", document_id=document, item=says["id"])
    with reviewed.write() as connection:
        base, _ = review.machine_analysis(connection, document)
        record = record_of(connection, base)
        # a newer machine: other ids, the event's type coded otherwise
        for n, e in enumerate(record.events):
            e.id = f"new{n}"
        for x in (*record.figures, *record.commitments):
            x.event = None
        write_analysis(connection, review._with_version(record, "99.0"), document, now(), EntityLinker())
    derive(reviewed)
    after = [e for e in events(reviewed) if e["document_id"] == document and e["trigger_start"] == event["trigger_start"]]
    assert [(e["status"], e["review"]["state"]) for e in after] == [("demanded", "corrected")]
    assert after[0]["id"].startswith("new")
    with reviewed.read() as connection:
        left = [s for s in queries.statements(connection) if s["document_id"] == document]
        assert says["start"] not in {s["start"] for s in left if s["content"] == says["content"]}
        versions = connection.execute(select(schema.analyses.c.musnad).where(schema.analyses.c.superseded_at.is_(None), schema.analyses.c.document_id == document)).scalars().all()  # fmt: skip
    assert versions[0].startswith("99.0+review.")
    derive(reviewed)
    assert [e["status"] for e in events(reviewed) if e["document_id"] == document and e["trigger_start"] == event["trigger_start"]] == [
        "demanded"
    ]


def test_what_a_later_run_loses_is_kept(reviewed: Case) -> None:
    event = first(reviewed)
    document = event["document_id"]
    review.decide(reviewed, "b", "events", "accept", document_id=document, item=event["id"])
    with reviewed.write() as connection:
        base, _ = review.machine_analysis(connection, document)
        record = record_of(connection, base)
        record.events.clear()
        for x in (*record.figures, *record.commitments):
            x.event = None
        write_analysis(connection, review._with_version(record, "99.0"), document, now(), EntityLinker())
    derive(reviewed)
    kept = [e for e in events(reviewed) if e["document_id"] == document]
    assert [(e["type"], e["trigger_start"], len(e["actor"])) for e in kept] == [
        (event["type"], event["trigger_start"], len(event["actor"]))
    ]


def test_two_at_once_the_second_is_told(reviewed: Case) -> None:
    event = first(reviewed)
    where = {"document_id": event["document_id"], "item": event["id"]}
    review.decide(reviewed, "amal", "events", "correct", after={"status": "demanded"}, seen=0, **where)
    with pytest.raises(review.Conflict, match="amal decided on this meanwhile"):
        review.decide(reviewed, "badr", "events", "reject", seen=0, **where)
    last = first_review(reviewed, event)["last"]
    review.decide(reviewed, "badr", "events", "reject", seen=last, **where)
    # what was rejected can be taken up again
    review.decide(reviewed, "amal", "events", "accept", **where)
    state = first_review(reviewed, event)
    assert state["state"] == "corrected"
    assert state["disputed"]


def first_review(case: Case, event: queries.Row) -> Any:
    return next(e for e in events(case) if (e["document_id"], e["trigger_start"]) == (event["document_id"], event["trigger_start"]))["review"]  # fmt: skip


def test_entities_are_merged_and_split_and_come_apart_again(reviewed: Case) -> None:
    with reviewed.read() as connection:
        one, two = [a["id"] for a in queries.actors(connection)][:2]
        names = [n for n, _ in review_across.entity_names(connection, one)]
        other = [n for n, _ in review_across.entity_names(connection, two)]
    number = review_across.merge_entities(reviewed, "b", two, one)
    with reviewed.read() as connection:
        assert {n for n, _ in review_across.entity_names(connection, one)} == {*names, *other}
        assert two not in {a["id"] for a in queries.actors(connection)}
    split = review_across.split_entity(reviewed, "b", one, other)
    with reviewed.read() as connection:
        assert [n for n, _ in review_across.entity_names(connection, one)] == names
    review.undo(reviewed, "b", split)
    review.undo(reviewed, "b", number)
    with reviewed.read() as connection:
        assert [n for n, _ in review_across.entity_names(connection, one)] == names
        assert [n for n, _ in review_across.entity_names(connection, two)] == other
    with pytest.raises(review.ReviewError, match="two different actors"):
        review_across.merge_entities(reviewed, "b", one, one)


def test_groups_of_events_are_merged_and_split(reviewed: Case) -> None:
    with reviewed.read() as connection:
        one, two = [g["id"] for g in queries.timeline(connection)][:2]
    number = review_across.group_events(reviewed, "b", "merge", two, one)
    with reviewed.read() as connection:
        merged = next(g for g in queries.timeline(connection) if len(g["tellings"]) == 2)
        assert merged["mentions"] == 2
    derive(reviewed)
    with reviewed.read() as connection:
        merged = next(g for g in queries.timeline(connection) if len(g["tellings"]) == 2)
    review.undo(reviewed, "b", number)
    with reviewed.read() as connection:
        assert all(len(g["tellings"]) == 1 for g in queries.timeline(connection))


def partition(case: Case) -> set[frozenset[tuple[int, str]]]:
    links = schema.event_links.c
    blocks: dict[int, set[tuple[int, str]]] = defaultdict(set)
    with case.read() as connection:
        for r in connection.execute(select(links.group_id, links.analysis_id, links.event)):
            blocks[r.group_id].add((r.analysis_id, r.event))
        counted = {r.id: r.mentions for r in connection.execute(select(schema.event_groups.c.id, schema.event_groups.c.mentions))}
    assert counted == {k: len(v) for k, v in blocks.items()}
    return {frozenset(b) for b in blocks.values()}


def expected(base: set[frozenset[tuple[int, str]]], live: list[review_log.Decision]) -> set[frozenset[tuple[int, str]]]:
    """The groups that decisions in force make of those of the machine."""
    of = {t: n for n, block in enumerate(base) for t in block}
    for n, d in enumerate(live, len(of)):
        own, others = ([(t["analysis_id"], t["event"]) for t in d.after[k]] for k in ("tellings", "with"))
        there = {of[t] for t in others}
        for t in own:
            if d.action == "split" and of[t] in there:
                of[t] = n
            elif d.action == "merge" and of[t] not in there:
                of[t] = of[others[0]]
    return {frozenset(t for t in of if of[t] == n) for n in set(of.values())}


@pytest.mark.parametrize("seed", range(12))
def test_merges_and_splits_are_taken_back_in_any_order(reviewed: Case, seed: int) -> None:
    chance = random.Random(seed)
    links, g = schema.event_links.c, schema.event_groups.c
    # two events are one to begin with, as the machine would have them
    with reviewed.write() as connection:
        one, other = connection.execute(select(g.id).order_by(g.id).limit(2)).scalars()
        connection.execute(update(schema.event_links).where(links.group_id == other).values(group_id=one))
        for n in (one, other):
            review_across.settle_group(connection, n)
    base = partition(reviewed)
    numbers: list[int] = []
    for _ in range(14):
        with reviewed.read() as connection:
            groups = connection.execute(select(g.id).order_by(g.id).limit(6)).scalars().all()
            rows = connection.execute(
                select(links.group_id, links.analysis_id, links.event).order_by(links.group_id, links.analysis_id, links.event)
            ).all()
        inside = [r for r in rows if sum(x.group_id == r.group_id for x in rows) > 1]
        way = chance.choice(["merge", "split", "undo", "undo"])
        if way == "merge":
            a, b = chance.sample(list(groups), 2)
            numbers.append(review_across.group_events(reviewed, "amal", "merge", a, b))
        elif way == "split" and inside:
            r = chance.choice(inside)
            numbers.append(review_across.group_events(reviewed, "amal", "split", r.group_id, (r.analysis_id, r.event)))
        elif way == "undo" and numbers:
            with contextlib.suppress(review.ReviewError):
                numbers.append(review.undo(reviewed, "badr", chance.choice(numbers)))
        with reviewed.read() as connection:
            live = review_log.active(review_log.of_case(connection))
        assert partition(reviewed) == expected(base, live), (way, [(d.id, d.action) for d in live])
    for d in reversed(live):
        review.undo(reviewed, "amal", d.id)
    assert partition(reviewed) == base


def test_agreement_is_raw_and_cohens_kappa(reviewed: Case) -> None:
    # the textbook's table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives kappa 0.4
    table = Counter(
        {
            ("accept", "accept"): 20,
            ("accept", "reject"): 5,
            ("reject", "accept"): 10,
            ("reject", "reject"): 15,
        }
    )
    assert review_reports.kappa(table) == pytest.approx(0.4)
    some = events(reviewed)[:3]
    for e, (a, b) in zip(some, [("accept", "accept"), ("accept", "reject"), ("reject", "reject")], strict=True):
        for who, action in (("amal", a), ("badr", b)):
            review.decide(reviewed, who, "events", action, document_id=e["document_id"], item=e["id"])
    with reviewed.read() as connection:
        (pair,) = review_reports.agreement(connection)
    assert (pair.one, pair.other, pair.items, pair.same) == ("amal", "badr", 3, 2)
    assert pair.raw == pytest.approx(2 / 3)
    assert pair.kappa == pytest.approx(0.4)


def test_gold_of_what_was_read_to_the_end_scores_its_own_record_as_right(reviewed: Case) -> None:
    event = first(reviewed)
    document = event["document_id"]
    review.decide(reviewed, "b", "events", "correct", document_id=document, item=event["id"], after={"type": "PROTEST"})
    review.decide(reviewed, "b", "documents", "accept", document_id=document)
    with reviewed.read() as connection:
        gold, articles = review_reports.gold(connection)
        record = json.loads(to_json(record_of(connection, review.current_analysis(connection, document) or 0)))
        machine = json.loads(to_json(record_of(connection, event["analysis_id"])))
    assert len(gold) == len(articles) == 1
    (same,) = score(gold, {record["article"]["id"]: record})
    assert same.errors == []
    assert same.tallies["events.trigger"].f1 == 1
    (before,) = score(gold, {record["article"]["id"]: machine})
    assert before.tallies["events.trigger"].right == same.tallies["events.trigger"].right - 1


def test_decisions_become_suggestions(reviewed: Case) -> None:
    event = first(reviewed)
    review.decide(
        reviewed,
        "b",
        "events",
        "correct",
        document_id=event["document_id"],
        item=event["id"],
        after={"type": "PROTEST"},
    )
    with reviewed.read() as connection:
        (made,) = review_reports.suggestions(connection)
    assert (made.lexicon, made.words, made.advice, made.times) == (
        "events",
        event["trigger"],
        f"PROTEST instead of {event['type']}",
        1,
    )


def test_the_queue_holds_what_nobody_decided_on_most_doubtful_first(reviewed: Case) -> None:
    with reviewed.read() as connection:
        before = review_reports.queue(connection, "doubt", limit=1000)
    assert [r["doubt"] for r in before] == sorted((r["doubt"] for r in before), reverse=True)
    top = before[0]
    review.decide(reviewed, "b", top["kind"], "accept", document_id=top["document_id"], item=top["id"])
    with reviewed.read() as connection:
        after = review_reports.queue(connection, "doubt", limit=1000)
        assert review_reports.progress(connection)[f"{top['kind']}_reviewed"] == 1
    assert len(after) == len(before) - 1
    weights = [r["weight"] for r in _queue(reviewed, "weight")]
    assert weights == sorted(weights, reverse=True)


def _queue(case: Case, by: str) -> list[queries.Row]:
    with case.read() as connection:
        return review_reports.queue(connection, by)


def test_an_older_case_file_is_brought_up_to_date(examples: Case, tmp_path: Path) -> None:

    examples.backup(tmp_path / "old.musnad")
    old = Case(tmp_path / "old.musnad")
    with old.write() as connection:
        for name in ("review_marks", "review_moves", "audit", "search_lines"):
            schema.metadata.tables[name].drop(connection)
        for line in (
            "DROP INDEX ix_reviews_document_id",
            "DROP INDEX ix_mentions_entity",
            "DROP INDEX ix_analyses_current",
        ):
            connection.exec_driver_sql(line)
        connection.exec_driver_sql("ALTER TABLE events DROP COLUMN confidence")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    old.close()
    made = open_case(tmp_path / "old.musnad")
    event = first(made)
    review.decide(made, "b", "events", "reject", document_id=event["document_id"], item=event["id"])
    assert made.check() == []
    made.close()
