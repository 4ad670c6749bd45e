"""What a caller or an operator does wrong, and what hostile callers try, asked over HTTP."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.openapi import OPENAPI_FILE
from tests.support.api_accounts import open_account
from tests.support.api_answers import problem
from tests.support.marts import TARGETS

if TYPE_CHECKING:
    import httpx

DOCUMENT = json.loads(OPENAPI_FILE.read_text(encoding="utf-8"))
SOME = {
    "{model_id}": "sim-atlas",
    "{family}/{name}": "sql/first",
    "{anomaly_id}": "0d6c0c5e-9f0a-5d9c-8b5c-2f6f2f9a7b11",
    "{report_id}": "2026-11-22",
}
READ = [path for path, methods in DOCUMENT["paths"].items() if path.startswith("/v1/") and "get" in methods]
"""Every path under /v1 that is read."""

INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE marts.dim_targets; --",
    "sim-atlas' UNION SELECT usename FROM pg_user --",
    'x" OR ""="',
    "%(suite)s",
    "\\'; SELECT pg_sleep(5); --",
    "\x00",
    "$$;select 1;$$",
)
STRING_PARAMETERS = [
    ("/v1/leaderboard", "window"),
    ("/v1/leaderboard", "suite"),
    ("/v1/leaderboard", "family"),
    ("/v1/leaderboard", "provider"),
    ("/v1/leaderboard", "simulated"),
    ("/v1/leaderboard", "cursor"),
    ("/v1/models", "provider"),
    ("/v1/models", "simulated"),
    ("/v1/models", "cursor"),
    ("/v1/models/sim-atlas", "window"),
    ("/v1/models/sim-atlas/history", "granularity"),
    ("/v1/models/sim-atlas/history", "suite"),
    ("/v1/models/sim-atlas/history", "family"),
    ("/v1/providers", "simulated"),
    ("/v1/providers", "cursor"),
    ("/v1/leaderboard", "sort"),
    ("/v1/leaderboard", "effort"),
    ("/v1/leaderboard", "max_cost_per_task_usd"),
    ("/v1/models", "lifecycle"),
    ("/v1/models/sim-atlas/history", "since"),
    ("/v1/models/sim-atlas/history", "include"),
    ("/v1/compare", "target_id"),
    ("/v1/compare", "suite"),
    ("/v1/recommendations", "family"),
    ("/v1/recommendations", "suite"),
    ("/v1/anomalies", "target_id"),
    ("/v1/anomalies", "cause"),
    ("/v1/anomalies", "incident_id"),
    ("/v1/anomalies", "until"),
    ("/v1/changes", "kind"),
    ("/v1/changes", "cursor"),
    ("/v1/prices", "target_id"),
    ("/v1/prices/history", "model"),
    ("/v1/costs/projection", "tasks"),
    ("/v1/scenarios", "language"),
    ("/v1/scenarios/sql/first", "target_id"),
    ("/v1/reports", "kind"),
]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("sim-atlass", "sim-atlas"),
        ("Sim-Atlas", "sim-atlas"),
        ("borealis", "sim-borealis"),
        ("cobalt-sim", "sim-cobalt"),
    ],
)
@pytest.mark.parametrize("tail", ["", "/history"])
def test_an_unknown_model_is_answered_with_near_names(api: httpx.Client, asked: str, near: str, tail: str) -> None:
    body = problem(api.get(f"/v1/models/{asked}{tail}"), 404, "unknown-model")
    assert body["near"][0] == near
    assert near in body["detail"]


def test_a_model_like_none_is_answered_without_near_names(api: httpx.Client) -> None:
    assert problem(api.get("/v1/models/zzzzzzzz"), 404, "unknown-model")["near"] == []


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/v1/leaderboard", "window", "8d"),
        ("/v1/leaderboard", "window", ""),
        ("/v1/leaderboard", "family", "BUG FIXING"),
        ("/v1/leaderboard", "simulated", "yes"),
        ("/v1/leaderboard", "limit", "0"),
        ("/v1/leaderboard", "limit", "201"),
        ("/v1/leaderboard", "limit", "many"),
        ("/v1/leaderboard", "cursor", "!"),
        ("/v1/leaderboard", "cursor", "x" * 600),
        ("/v1/leaderboard", "windw", "7d"),
        ("/v1/models", "price", "3"),
        ("/v1/models", "provider", "a" * 80),
        ("/v1/models/sim-atlas", "window", "1y"),
        ("/v1/models/sim-atlas/history", "granularity", "minute"),
        ("/v1/models/sim-atlas/history", "days", "93"),
        ("/v1/models/sim-atlas/history", "days", "367"),
        ("/v1/models/sim-atlas/history", "days", "0"),
        ("/v1/models/sim-atlas/history", "days", "-1"),
        ("/v1/models/sim-atlas/history", "days", "7.5"),
        ("/v1/models/sim-atlas/history", "days", "NaN"),
        ("/v1/models/sim-atlas/history", "days", "9" * 5000),
        ("/v1/models/sim-atlas/history", "limit", "5"),
        ("/v1/providers", "simulated", "TRUE"),
    ],
)
def test_a_nonsense_parameter_is_refused_by_name(api: httpx.Client, path: str, parameter: str, value: str) -> None:
    body = problem(api.get(path, params={parameter: value}), 422, "invalid-parameter")
    assert [(error["parameter"], error["location"]) for error in body["errors"]] == [(parameter, "query")]
    assert parameter in body["detail"]


def test_every_wrong_parameter_is_named(api: httpx.Client) -> None:
    response = api.get("/v1/leaderboard", params={"window": "1s", "simulated": "?", "x": "1"})
    errors = problem(response, 422, "invalid-parameter")["errors"]
    assert {error["parameter"] for error in errors} == {"window", "simulated", "x"}


@pytest.mark.parametrize(
    ("path", "parameter", "value", "near"),
    [
        ("/v1/leaderboard", "family", "bug-fixin", "bug-fixing"),
        ("/v1/leaderboard", "provider", "simulators", "simulator"),
        ("/v1/leaderboard", "suite", "canari", "canary"),
        ("/v1/models", "provider", "acm", "acme"),
        ("/v1/models/sim-atlas/history", "family", "bug-fix", "bug-fixing"),
        ("/v1/models/sim-atlas/history", "suite", "canry", "canary"),
    ],
)
def test_a_misspelt_filter_is_refused_with_near_names(
    api: httpx.Client, path: str, parameter: str, value: str, near: str
) -> None:
    body = problem(api.get(path, params={parameter: value}), 422, "invalid-parameter")
    assert body["errors"][0]["parameter"] == parameter
    assert body["near"] == [near]


def cursor_of(api: httpx.Client, **parameters: str) -> str:
    cursor: str = api.get("/v1/leaderboard", params={"limit": "1", **parameters}).json()["next_cursor"]
    return cursor


def forged(cursor: str, key: list[Any]) -> str:
    scope, _ = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    return base64.urlsafe_b64encode(json.dumps([scope, key]).encode()).rstrip(b"=").decode()


def test_a_cursor_is_refused_with_other_filters_and_on_another_list(api: httpx.Client) -> None:
    cursor = cursor_of(api)
    for path, filters in (("/v1/leaderboard", {"window": "30d"}), ("/v1/models", {}), ("/v1/providers", {})):
        body = problem(api.get(path, params={**filters, "cursor": cursor}), 422, "invalid-parameter")
        assert body["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize(
    "key",
    [
        [],
        [8.0],
        ["8.0", "sim-atlas"],
        [8.0, "sim-atlas", "more"],
        [8.0, "'; DROP TABLE marts.dim_targets; --\x00"],
        [float("inf"), "sim-atlas"],
        [float("nan"), "sim-atlas"],
        [True, "sim-atlas"],
        [{"a": 1}, "sim-atlas"],
        [8.0, None],
    ],
)
def test_a_forged_cursor_is_refused(api: httpx.Client, key: list[Any]) -> None:
    response = api.get("/v1/leaderboard", params={"limit": "1", "cursor": forged(cursor_of(api), key)})
    assert problem(response, 422, "invalid-parameter")["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("cursor", ["a", "AAAA", "W10", "bnVsbA", "MQ", "Ww" * 200, "-_-_"])
def test_a_meaningless_cursor_is_refused(api: httpx.Client, cursor: str) -> None:
    response = api.get("/v1/leaderboard", params={"cursor": cursor})
    assert problem(response, 422, "invalid-parameter")["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize(("path", "parameter"), STRING_PARAMETERS)
def test_sql_in_a_query_parameter_is_refused(api: httpx.Client, path: str, parameter: str, injection: str) -> None:
    problem(api.get(path, params={parameter: injection}), 422, "invalid-parameter")


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("tail", ["", "/history"])
def test_sql_in_the_path_is_only_an_unknown_model(api: httpx.Client, injection: str, tail: str) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in injection.encode())
    response = api.get(f"/v1/models/{quoted}{tail}")
    assert response.status_code in {404, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert len(api.get("/v1/models").json()["data"]) == len(TARGETS)


def test_other_paths_and_methods_are_problems_too(api: httpx.Client) -> None:
    problem(api.get("/v1/nothing"), 404, "not-found")
    refused = api.post("/v1/leaderboard", json={})
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "GET"


def test_the_type_of_a_problem_leads_to_its_meaning(api: httpx.Client) -> None:
    kind = api.get("/v1/models/zzzzzzzz").json()["type"]
    assert "No measured model has this id" in api.get(kind).text
    problem(api.get("/problems/no-such"), 404, "not-found")


def test_the_role_of_the_api_can_read_marts_and_write_nowhere(marts_url: str) -> None:
    with psycopg.connect(marts_url, autocommit=True, options="-c role=aibaas_api") as connection:
        assert connection.execute("SELECT count(*) FROM marts.dim_targets").fetchone() == (len(TARGETS),)
        for statement in (
            "DELETE FROM marts.dim_targets",
            "UPDATE marts.fct_leaderboard SET score_mean = 10",
            "CREATE TABLE marts.mine (a int)",
            "TRUNCATE marts.dim_targets",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def address_of(path: str) -> str:
    for name, value in SOME.items():
        path = path.replace(name, value)
    return path


@pytest.mark.parametrize("path", [path for path in READ if "{" not in address_of(path)])
def test_a_misspelt_parameter_is_named_by_every_route(keyed_api: httpx.Client, accounts_url: str, path: str) -> None:
    headers = open_account(accounts_url).headers
    body = problem(keyed_api.get(f"{address_of(path)}?windwo=7d", headers=headers), 422, "invalid-parameter")
    assert ("windwo", "There is no such parameter.") in [(each["parameter"], each["detail"]) for each in body["errors"]]


@pytest.mark.parametrize(
    "path", ["/v1/anomalies", "/v1/changes", "/v1/prices/history", "/v1/reports", "/v1/models/sim-atlas/history"]
)
def test_a_span_that_ends_before_it_begins_is_refused_by_its_end(api: httpx.Client, path: str) -> None:
    span = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-20T00:00:00Z"}
    body = problem(api.get(path, params=span), 422, "invalid-parameter")
    assert body["errors"] == [{"parameter": "until", "location": "query", "detail": "It must lie after `since`."}]


def test_a_scenario_that_is_misspelt_has_near_names_in_words_too(api: httpx.Client) -> None:
    body = problem(api.get("/v1/scenarios/sql/firts"), 404, "unknown-scenario")
    assert (body["near"], body["detail"]) == (["sql/first"], "There is no scenario 'sql/firts'. Near: sql/first.")
