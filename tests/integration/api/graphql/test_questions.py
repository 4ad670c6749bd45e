"""GraphQL has the data of the routes, asks no question twice, and says what is wrong in its own shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLSchema, build_schema, get_named_type
from websockets.sync.client import connect

from api.database import Database
from api.graphql.sdl import SCHEMA_FILE
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

    Ask = Callable[..., dict[str, Any]]
    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

SCHEMA: GraphQLSchema = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def free_api(marts_url: str, serve_api: Serve) -> Iterator[httpx.Client]:
    """A client of tier free."""
    with serve_api(Settings(database_url=marts_url, anonymous_tier="free")) as client:
        yield client


def everything(kind: GraphQLOutputType) -> str:
    """A selection of all fields of a type that take no argument and lead to no type above."""
    made = get_named_type(kind)
    if not isinstance(made, GraphQLObjectType):
        return ""
    links = {"history", "target", "prices", "scores"} - ({"scores"} if made.name == "ModelDetail" else set())
    chosen = [f"{name} {everything(field.type)}" for name, field in made.fields.items() if name not in links]
    return "{ " + " ".join(chosen) + " }"


@pytest.mark.parametrize(
    ("field", "arguments", "path"),
    [
        ("leaderboard", "", "/v1/leaderboard"),
        ("leaderboard", '(window: "30d", family: "sql", limit: 2)', "/v1/leaderboard?window=30d&family=sql&limit=2"),
        ("models", '(provider: "acme", simulated: "false")', "/v1/models?provider=acme&simulated=false"),
        ("model", '(model_id: "sim-atlas", window: "24h")', "/v1/models/sim-atlas?window=24h"),
        ("model_history", '(model_id: "sim-atlas", days: 2)', "/v1/models/sim-atlas/history?days=2"),
        (
            "model_history",
            '(model_id: "sim-atlas", granularity: "day", days: 90)',
            "/v1/models/sim-atlas/history?granularity=day&days=90",
        ),
        ("providers", "", "/v1/providers"),
        ("coverage", "(hours: 3)", "/v1/coverage?hours=3"),
    ],
)
def test_a_field_answers_what_its_route_answers(
    api: httpx.Client, ask: Ask, field: str, arguments: str, path: str
) -> None:
    assert SCHEMA.query_type is not None
    selection = everything(SCHEMA.query_type.fields[field].type)
    answer = ask(f"{{ {field}{arguments} {selection} }}")
    assert "errors" not in answer
    assert answer["data"][field] == api.get(path).json()


def test_the_status_is_answered(ask: Ask) -> None:
    answer = ask("{ status { meta { simulated } data { model_count hours outcomes { call_count } } } }")
    assert answer == {"data": {"status": {"meta": {"simulated": "mixed"}, "data": {
        "model_count": 6, "hours": 24, "outcomes": []
    }}}}  # fmt: skip


def test_pages_follow_each_other_by_cursor(ask: Ask) -> None:
    document = "query ($after: String) { models(limit: 4, cursor: $after) { next_cursor data { target_id } } }"
    first = ask(document)["data"]["models"]
    second = ask(document, after=first["next_cursor"])["data"]["models"]
    assert len({row["target_id"] for row in first["data"] + second["data"]}) == 6
    assert second["next_cursor"] is None


def test_what_hangs_on_many_rows_is_asked_at_once(
    serve_api: Serve, marts_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch_all = Database.fetch_all

    async def counted(self: Database, statement: Any, parameters: Any = None) -> Any:
        asked.append(statement)
        return await fetch_all(self, statement, parameters)

    monkeypatch.setattr(Database, "fetch_all", counted)
    document = """{ leaderboard { data {
        target_id target { label week: scores { family score_mean } scores(window: "24h") { family } }
    } } }"""
    with serve_api(Settings(database_url=marts_url)) as api:
        asked.clear()
        rows = api.post("/graphql", json={"query": document}).json()["data"]["leaderboard"]["data"]
    assert len([statement for statement in asked if "fct_events" not in statement]) == 4
    assert len(rows) == 5
    for row in rows:
        assert row["target"]["label"] == row["target_id"].partition("-")[2].title()
        assert [score["family"] for score in row["target"]["week"]] == ["all", "bug-fixing", "sql"]


@pytest.mark.parametrize(
    ("document", "code", "told"),
    [
        ('{ leaderboard(window: "8d") { next_cursor } }', "invalid-parameter", "window"),
        ('{ leaderboard(provider: "acmee") { next_cursor } }', "invalid-parameter", "acme"),
        ('{ models(cursor: "abc") { next_cursor } }', "invalid-parameter", "cursor"),
        ("{ models(limit: 1000) { next_cursor } }", "invalid-parameter", "limit"),
        ('{ model(model_id: "sim-atlass") { meta { as_of } } }', "unknown-model", "sim-atlas"),
        ('{ model(model_id: "\\u0000") { meta { as_of } } }', "invalid-parameter", "model_id"),
        ('{ leaderboard { data { target { scores(window: "x") { suite } } } } }', "invalid-parameter", "24h"),
        ("{ weather }", "invalid-document", "weather"),
        ("{ leaderboard }", "invalid-document", "subfields"),
        ("{", "invalid-document", "Syntax"),
        ("mutation { leaderboard { next_cursor } }", "invalid-document", "mutation"),
    ],
)
def test_what_is_wrong_has_a_code_and_is_named(ask: Ask, document: str, code: str, told: str) -> None:
    error = ask(document)["errors"][0]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["type"] == f"/problems/{code}"
    assert told.lower() in error["message"].lower()


def test_near_names_are_told_as_by_the_route(ask: Ask) -> None:
    error = ask('{ model(model_id: "sim-atlass") { meta { as_of } } }')["errors"][0]
    assert error["extensions"]["near"][0] == "sim-atlas"
    assert error["path"] == ["model"]


def test_one_field_that_fails_leaves_the_others(ask: Ask) -> None:
    answer = ask('{ a: providers { next_cursor } b: models(provider: "x") { next_cursor } }')
    assert answer["data"] == {"a": {"next_cursor": None}, "b": None}
    assert [error["path"] for error in answer["errors"]] == [["b"]]


def test_a_defect_is_told_without_details(serve_api: Serve, marts_copy: str) -> None:
    with psycopg.connect(marts_copy) as connection:
        connection.execute("UPDATE marts.fct_scores_hourly SET status = 'half-measured'")
    with serve_api(Settings(database_url=marts_copy)) as api:
        answer = api.post("/graphql", json={"query": '{ model_history(model_id: "sim-atlas") { data { status } } }'})
    assert answer.json()["errors"][0]["extensions"]["code"] == "internal-error"
    assert "half-measured" not in answer.text


def test_without_a_database_the_code_says_so(serve_api: Serve) -> None:
    nowhere = "postgresql://someone:secret-word@127.0.0.1:1/aibaas"
    with serve_api(Settings(database_url=nowhere, connect_timeout_s=0.2)) as api:
        answer = api.post("/graphql", json={"query": "{ providers { next_cursor } }"})
    assert answer.json()["errors"][0]["extensions"] == {
        "code": "database-unavailable", "type": "/problems/database-unavailable", "status": 503, "retry_after_s": 5,
    }  # fmt: skip
    assert "secret-word" not in answer.text


def test_a_question_can_be_asked_by_get(api: httpx.Client) -> None:
    answer = api.get("/graphql", params={"query": "{ providers { data { provider } } }"})
    assert [row["provider"] for row in answer.json()["data"]["providers"]["data"]] == ["acme", "simulator"]


@pytest.mark.parametrize(
    "document",
    [
        '{ leaderboard(window: "90d") { next_cursor } }',
        '{ anomalies(since: "2020-01-01T00:00:00Z") { next_cursor } }',
        '{ changes(limit: 1, since: "2020-01-01T00:00:00Z") { next_cursor } }',
        '{ model_history(model_id: "sim-atlas", until: "2026-01-01T00:00:00Z") { data { status } } }',
        '{ models { data { scores(window: "30d") { family } } } }',
        "{ models(limit: 2) { data { history(days: 8) { data { status } } } } }",
        '{ model_history(model_id: "sim-atlas", since: "2020-01-01T00:00:00Z") { data { status } } }',
        'query ($d: Int!) { model_history(model_id: "sim-atlas", days: $d) { data { status } } }',
    ],
)
def test_no_document_goes_past_the_window_of_a_tier(free_api: httpx.Client, document: str) -> None:
    answer = free_api.post("/graphql", json={"query": document, "variables": {"d": 90}}).json()
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"not-in-tier"}
    assert "score_mean" not in json.dumps(answer.get("data"))


def test_what_is_within_the_window_is_answered_to_every_tier(free_api: httpx.Client) -> None:
    answer = free_api.post("/graphql", json={"query": '{ leaderboard(window: "24h") { data { score_mean } } }'}).json()
    assert "errors" not in answer
    assert answer["data"]["leaderboard"]["data"][0] == {"score_mean": 8.25}


def test_events_are_not_for_every_tier(free_api: httpx.Client) -> None:
    address = str(free_api.base_url).replace("http", "ws", 1) + "/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as websocket:  # type: ignore[list-item]
        websocket.send(json.dumps({"type": "connection_init"}))
        websocket.recv(timeout=10)
        payload = {"query": "subscription { events { event_number } }"}
        websocket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        refused = json.loads(websocket.recv(timeout=10))
    assert "not-in-tier" in json.dumps(refused)
