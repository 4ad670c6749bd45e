"""The OpenAPI document that clients are made from."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.documentation import OPENAPI_FILE
from api.entitlements import FREE_PATHS, UNASKED
from api.negotiation import FORMS
from api.openapi import render

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: dict[str, Any] = json.loads(render())
ROUTES = (
    "/v1/leaderboard", "/v1/models", "/v1/models/{model_id}", "/v1/models/{model_id}/history", "/v1/providers",
    "/v1/status", "/v1/coverage", "/v1/coverage/calendar", "/v1/compare", "/v1/recommendations", "/v1/scenarios",
    "/v1/scenarios/{family}/{name}", "/v1/anomalies", "/v1/anomalies/{anomaly_id}", "/v1/changes", "/v1/prices",
    "/v1/prices/history", "/v1/costs/projection", "/v1/reports", "/v1/reports/{report_id}", "/v1/methodology",
    "/v1/events", "/healthz", "/readyz",
    "/v1/account", "/v1/account/keys", "/v1/account/keys/{api_key_id}", "/v1/account/keys/{api_key_id}/rotations",
    "/v1/alert-subscriptions", "/v1/alert-subscriptions/{subscription_id}",
    "/v1/alert-subscriptions/{subscription_id}/mute", "/v1/alert-subscriptions/{subscription_id}/tests",
    "/v1/alert-subscriptions/{subscription_id}/tests/{test_id}",
    "/v1/alert-answers", "/v1/notifications", "/v1/notifications/read", "/v1/notifications/{notification_id}/read",
)  # fmt: skip
OWN = ("/v1/account", "/v1/alert-subscriptions", "/v1/alert-answers", "/v1/notifications")
"""Paths below these are an account's own: they are written to as well, and only with a key."""
VERBS = {
    "get": ("list_", "get_"),
    "post": ("create_",),
    "put": ("update_",),
    "patch": ("update_",),
    "delete": ("delete_",),
}
LIVE = ("/v1/status", "/v1/events", "/healthz", "/readyz")
"""What changes without a build; what is neither this nor an account's own rests on what a build published."""


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            yield path, operation


def whole(answers: dict[str, Any]) -> str:
    """The reference to the schema of an answer with all of its columns."""
    schema = answers["application/json"]["schema"]
    reference: str = next(iter(schema.get("anyOf", [schema])))["$ref"]
    return reference


def validate(instance: Any, reference: str) -> None:
    resource = Resource(contents=DOCUMENT, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:openapi", resource)
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"urn:openapi{reference}"}, registry=registry, format_checker=jsonschema.FormatChecker()
    )
    validator.validate(instance)


def test_the_committed_document_is_current() -> None:
    assert OPENAPI_FILE.read_text(encoding="utf-8") == render(), "run `python -m api.openapi`"


def test_the_routes_are_those_of_the_contract() -> None:
    assert set(DOCUMENT["paths"]) == set(ROUTES)
    assert all(set(methods) == {"get"} for path, methods in DOCUMENT["paths"].items() if not path.startswith(OWN))


def test_an_accounts_own_routes_ask_for_a_key_and_the_others_take_one() -> None:
    for path, operation in operations():
        if path.startswith("/v1"):
            without_key = {} in operation["security"]
            assert without_key is not path.startswith(OWN), path
            assert {"bearer": []} in operation["security"]


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[path for path, _ in operations()])
def test_every_route_says_what_it_is_and_describes_its_parameters(path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    (method,) = (name for name, found in DOCUMENT["paths"][path].items() if found is operation)
    assert operation["operationId"].startswith(VERBS[method]), path
    for parameter in operation.get("parameters", ()):
        assert parameter.get("description") or parameter["schema"].get("description"), parameter["name"]


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[path for path, _ in operations()])
def test_every_answer_has_an_example_that_is_one(path: str, operation: dict[str, Any]) -> None:
    (answer,) = (response for status, response in operation["responses"].items() if status.startswith("2"))
    answers = answer["content"]
    if path == "/v1/events":
        assert "event: hours.published" in answers["text/event-stream"]["example"]
        return
    reference = whole(answers)
    examples = DOCUMENT["components"]["schemas"][reference.rsplit("/", 1)[1]]["examples"]
    assert examples, path
    for example in examples:
        validate(example, reference)


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[path for path, _ in operations()])
def test_every_documented_problem_is_problem_details(path: str, operation: dict[str, Any]) -> None:
    problems = {status: found for status, found in operation["responses"].items() if not status.startswith(("2", "3"))}
    assert set(problems) >= ({"401", "403", "422", "429", "503"} if path.startswith("/v1") else set())
    assert ("404" in problems) == ("{" in path)
    for status, response in problems.items():
        assert set(response["content"]) == {"application/problem+json"}
        for example in response["content"]["application/problem+json"]["examples"].values():
            validate(example["value"], "#/components/schemas/Problem")
            assert example["value"]["status"] == int(status)
        assert ("headers" in response) == (status in {"429", "503"})


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[path for path, _ in operations()])
def test_what_is_published_may_be_asked_for_again_and_lists_are_tables(path: str, operation: dict[str, Any]) -> None:
    if path.startswith((*LIVE, *OWN)):
        assert "304" not in operation["responses"]
        return
    answer = operation["responses"]["200"]
    assert "ETag" in answer["headers"]
    assert "ETag" in operation["responses"]["304"]["headers"]
    reference = whole(answer["content"]).rsplit("/", 1)[1]
    is_list = DOCUMENT["components"]["schemas"][reference]["properties"]["data"].get("type") == "array"
    assert set(answer["content"]) == (set(FORMS) if is_list else {"application/json"})
    assert ("Link" in answer["headers"]) == is_list


def test_no_schema_of_another_kind_of_error_is_left() -> None:
    assert not {name for name in DOCUMENT["components"]["schemas"] if name.startswith("HTTPValidation")}


@pytest.mark.parametrize(
    "path", [path for path, found in operations() if "fields" in {each["name"] for each in found.get("parameters", ())}]
)
def test_a_list_of_chosen_columns_has_the_others_and_promises_fewer(path: str) -> None:
    operation = DOCUMENT["paths"][path]["get"]
    of_whole, of_sparse = operation["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    entry, sparse = (entry_of(schema) for schema in (of_whole, of_sparse))
    assert sparse["properties"] == entry["properties"]
    assert set(sparse["required"]) < set(entry["required"])
    (parameter,) = (found for found in operation["parameters"] if found["name"] == "fields")
    assert (parameter["style"], parameter["explode"]) == ("form", False)
    assert parameter["schema"]["items"]["enum"] == list(entry["properties"])


def entry_of(answer: dict[str, Any]) -> dict[str, Any]:
    schemas = DOCUMENT["components"]["schemas"]
    data = schemas[answer["$ref"].rpartition("/")[2]]["properties"]["data"]
    entry: dict[str, Any] = schemas[data["items"]["$ref"].rpartition("/")[2]]
    return entry


def test_every_schema_has_a_name_of_its_own_that_clients_can_take() -> None:
    assert not {name for name in DOCUMENT["components"]["schemas"] if "__" in name}


def unasked_span(operation: dict[str, Any]) -> timedelta | None:
    """How far back a route reaches that is asked for no time, by its parameters and their defaults."""
    parameters = {found["name"]: found["schema"].get("default") for found in operation.get("parameters", ())}
    for name, unit in (("window", 24), ("days", 24), ("hours", 1)):
        if parameters.get(name) is not None:
            return timedelta(hours=unit * int(str(parameters[name]).rstrip("d")))
    return None


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[path for path, _ in operations()])
def test_tiers_know_how_far_back_a_route_reaches_that_is_asked_for_no_time(
    path: str, operation: dict[str, Any]
) -> None:
    span = unasked_span(operation)
    address = re.sub(r"{\w+}", "x", path)
    if span is not None and not path.startswith(FREE_PATHS):
        assert [known for route, known in UNASKED if route.fullmatch(address)][:1] == [span]
