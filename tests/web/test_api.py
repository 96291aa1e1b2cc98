"""The JSON API: documented, the same answers as the questions of the case, and nothing breaks it (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from musnad.casefile import queries
from musnad.casefile.queries import Filters
from musnad.casefile.store import Case
from musnad.record import check, from_json
from musnad.web.app import create_app
from tests.web.support import accounts, client, copy_of, signed_in, token


@pytest.fixture(scope="module")
def app(examples: Case, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    made = create_app(copy_of(examples, tmp_path_factory.mktemp("api")))
    yield made
    made.state.room.case.close()


def test_every_answer_is_as_documented(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        asked += 1

        @settings(
            max_examples=10,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def run(case: schemathesis.Case) -> None:
            # a change is refused without the session's token, as is documented: tests below take decisions with it
            case.call_and_validate()

        run()
    assert asked > 14


def test_everything_is_documented(app: FastAPI) -> None:
    made = client(app).get("/api/openapi.json").json()
    for path, methods in made["paths"].items():
        assert path.startswith("/api/")
        for operation in methods.values():
            assert operation.get("description") or operation.get("summary"), path


@pytest.mark.parametrize("kind", ["events", "statements", "figures", "commitments"])
def test_answers_are_those_of_the_case(app: FastAPI, kind: str) -> None:
    answer = client(app).get(f"/api/{kind}?limit=500&since=2020-01-01").json()
    with app.state.room.case.read() as connection:
        rows = getattr(queries, kind)(connection, Filters(since="2020-01-01"))
    assert answer["total"] == len(rows) == len(answer["items"])
    assert [(r["analysis_id"], r["id"]) for r in answer["items"]] == [(r["analysis_id"], r["id"]) for r in rows]


def test_an_article_is_its_record(app: FastAPI) -> None:
    record = check(from_json(client(app).get("/api/articles/1").content))
    assert record.events


def test_decisions_are_taken_and_undone(examples: Case, tmp_path: Path) -> None:
    app = create_app(copy_of(examples, tmp_path), accounts(tmp_path))
    browser, csrf = signed_in(app, "amal")
    headers = {"x-csrf-token": csrf}
    event = browser.get("/api/events?limit=1").json()["items"][0]
    body = {
        "document_id": event["document_id"],
        "kind": "events",
        "item": event["id"],
        "action": "correct",
        "after": {"type": "AID"},
        "seen": 0,
    }
    assert browser.post("/api/reviews", json=body).status_code == 403
    made = browser.post("/api/reviews", json=body, headers=headers)
    assert made.status_code == 201
    changed = next(
        e
        for e in browser.get("/api/events?limit=500").json()["items"]
        if e["document_id"] == event["document_id"] and e["id"] == event["id"]
    )
    assert (changed["type"], changed["review"]["by"]) == ("AID", ["amal"])
    other, others_token = signed_in(app, "badr")
    assert other.post("/api/reviews", json=body, headers={"x-csrf-token": others_token}).status_code == 409
    for wrong in ({"after": {"type": "NO"}}, {"item": "nope"}, {"document_id": 99}):
        assert browser.post("/api/reviews", json={**body, **wrong, "seen": None}, headers=headers).status_code == 422
    assert browser.post(f"/api/reviews/{made.json()['id']}/undo", headers=headers).status_code == 201
    assert browser.post(f"/api/reviews/{made.json()['id']}/undo", headers=headers).status_code == 422
    assert [r["action"] for r in browser.get("/api/reviews").json()["items"]] == ["undo", "correct"]
    reader, readers_token = signed_in(app, "rim")
    assert reader.post("/api/reviews", json=body, headers={"x-csrf-token": readers_token}).status_code == 403
    assert token(reader, "/help")
    app.state.room.case.close()
