"""What the client reads is what the API's OpenAPI file promises, and the tests' own server keeps to it too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import parse_qsl

import jsonschema
import pytest

from dashboard.api_client.client import ANSWERS, PAGE_SIZE
from dashboard.api_client.result import Result
from dashboard.app_pages import recommend, status
from dashboard.app_pages.cost_projection import DAYS
from dashboard.app_pages.leaderboard_filters import ATTEMPTS, SORTS
from dashboard.app_pages.model_trend import SPANS, STEPS
from dashboard.app_pages.wording import KINDS, WEIGHTS, WINDOWS
from tests.support.fake_accounts import KEY, FakeAccount
from tests.support.fake_api import FakeApi, awkward
from tests.support.fake_events import some_anomalies, some_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENAPI = json.loads((Path(__file__).resolve().parents[3] / "api" / "openapi.json").read_text(encoding="utf-8"))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind a reference."""
    while "$ref" in schema:
        schema = OPENAPI["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    return next((each for each in schema.get("anyOf", []) if each != {"type": "null"}), schema)


def answer_schema(path: str) -> dict[str, Any]:
    """Of the whole answer, where there is one of chosen columns too."""
    schema: dict[str, Any] = OPENAPI["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return next(iter(schema.get("anyOf", [schema])))


def results_in(annotation: Any) -> Iterator[type[Result]]:
    if isinstance(annotation, type) and issubclass(annotation, Result):
        yield annotation
    for part in get_args(annotation):
        yield from results_in(part)


def unpromised(kind: type[Result], schema: dict[str, Any], where: str) -> Iterator[str]:
    """Fields that are read and not promised, or promised as null where None is not read."""
    schema = resolved(schema)
    for name, field in kind.model_fields.items():
        promised = schema.get("properties", {}).get(name)
        if promised is None or (field.is_required() and name not in schema.get("required", [])):
            yield f"{where}.{name} is not promised"
            continue
        if not field.is_required():
            assert json.loads(json.dumps(field.default)) == promised.get("default"), f"{where}.{name}"
        nullable = {"type": "null"} in promised.get("anyOf", [])
        if nullable and type(None) not in get_args(field.annotation):
            yield f"{where}.{name} may be null"
        for nested in results_in(field.annotation):
            held = without_null(promised)
            yield from unpromised(nested, held.get("items", held), f"{where}.{name}")


def names(path: str) -> set[str]:
    return {each["name"] for each in OPENAPI["paths"][path]["get"]["parameters"]}


def parameter(path: str, name: str) -> dict[str, Any]:
    return next(each["schema"] for each in OPENAPI["paths"][path]["get"]["parameters"] if each["name"] == name)


@pytest.mark.parametrize("path", sorted(ANSWERS))
def test_every_field_that_is_read_is_promised(path: str) -> None:
    assert list(unpromised(ANSWERS[path], answer_schema(path), path)) == []


def test_every_choice_of_a_filter_is_one_that_the_api_takes() -> None:
    assert set(WINDOWS) <= set(parameter("/v1/leaderboard", "window")["enum"])
    history = "/v1/models/{model_id}/history"
    assert set(STEPS) <= set(parameter(history, "granularity")["enum"])
    days = parameter(history, "days")
    assert all(days["minimum"] <= int(span) <= days["maximum"] for span in SPANS)
    leaderboard = "/v1/leaderboard"
    assert set(ATTEMPTS) <= set(parameter(leaderboard, "attempts")["enum"])
    assert set(KINDS) <= set(parameter(leaderboard, "simulated")["enum"])
    assert set(WEIGHTS) <= set(parameter(leaderboard, "open_weights")["enum"])
    assert all(re.fullmatch(parameter(leaderboard, "sort")["pattern"], sort) for sort in SORTS)
    assert set(DAYS) <= set(parameter("/v1/costs/projection", "days_ahead")["enum"])
    assert set(recommend.KINDS) <= set(parameter("/v1/recommendations", "simulated")["enum"])
    assert {*recommend.LIMITS, *recommend.SAID} <= names("/v1/recommendations")
    hours = parameter("/v1/coverage", "hours")
    assert hours["minimum"] <= status.HOURS <= hours["maximum"]
    days = parameter("/v1/coverage/calendar", "days")
    assert days["minimum"] <= status.DAYS <= days["maximum"]
    for path in ("/v1/leaderboard", "/v1/models", "/v1/providers", "/v1/coverage"):
        assert parameter(path, "limit")["maximum"] >= PAGE_SIZE


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/leaderboard", "/v1/leaderboard"),
        ("/v1/models", "/v1/models"),
        ("/v1/models/{model_id}", "/v1/models/sim-borealis"),
        ("/v1/models/{model_id}/history", "/v1/models/sim-borealis/history"),
        ("/v1/providers", "/v1/providers"),
        ("/v1/compare", "/v1/compare?target_id=sim-borealis&target_id=other"),
        ("/v1/recommendations", "/v1/recommendations"),
        ("/v1/prices/history", "/v1/prices/history"),
        ("/v1/costs/projection", "/v1/costs/projection?tasks=all:100&tasks=sql:5"),
        ("/v1/anomalies", "/v1/anomalies"),
        ("/v1/scenarios", "/v1/scenarios"),
        ("/v1/methodology", "/v1/methodology"),
        ("/v1/status", "/v1/status"),
        ("/v1/coverage", "/v1/coverage"),
        ("/v1/coverage/calendar", "/v1/coverage/calendar"),
    ],
)
@pytest.mark.parametrize("api", [FakeApi.demo(), awkward(FakeApi.demo()), FakeApi.of_many(3)])
def test_the_server_of_the_tests_speaks_like_the_api(api: FakeApi, path: str, asked: str) -> None:
    asked = asked.replace("sim-borealis", api.models[1]["target_id"]).replace("other", api.models[0]["target_id"])
    address, _, query = asked.partition("?")
    assert_promised(path, *api.answer(address, dict(parse_qsl(query)), query))


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/anomalies", "/v1/anomalies"),
        *(("/v1/anomalies/{anomaly_id}", f"/v1/anomalies/{row['anomaly_id']}") for row in some_anomalies()),
        ("/v1/changes", "/v1/changes"),
        ("/v1/scenarios/{family}/{name}", "/v1/scenarios/sql/task-1"),
    ],
)
def test_events_and_evidence_of_the_tests_are_those_of_the_api(path: str, asked: str) -> None:
    api = FakeApi.demo()
    api.anomalies, api.changes = some_anomalies(), some_changes()
    status, answer = api.answer(asked, {})
    assert answer["data"]
    assert_promised(path, status, answer)


@pytest.mark.parametrize(
    "path", ["/v1/account", "/v1/account/keys", "/v1/alert-subscriptions", "/v1/alert-answers", "/v1/notifications"]
)
def test_the_account_of_the_tests_is_one_of_the_api(path: str) -> None:
    account = FakeAccount()
    body = {"name": "alerts", "destination": {"channel": "in_app"}, "target_ids": []}
    body |= {"least_severity": "minor", "has_simulated": False}
    assert account.answer("POST", "/v1/alert-subscriptions", f"Bearer {KEY}", body)[0] == 201
    said = {"anomaly_id": some_anomalies()[0]["anomaly_id"], "kind": "acknowledged", "note": None}
    assert account.answer("POST", "/v1/alert-answers", f"Bearer {KEY}", said)[0] == 201
    assert_promised(path, *account.answer("GET", path, f"Bearer {KEY}", {}))


def assert_promised(path: str, status: int, answer: dict[str, Any]) -> None:
    assert status == 200
    schema = {**answer_schema(path), "components": OPENAPI["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer)
