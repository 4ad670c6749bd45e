from __future__ import annotations

import json

import pytest

from api.errors import (
    DATABASE_UNAVAILABLE,
    PROBLEM_TYPES,
    ProblemError,
    near_names,
    problem_response,
    refuse_unknown_model,
    refuse_unknown_value,
)


def test_near_names_are_the_best_five_of_those_that_look_alike() -> None:
    known = [f"sim-atla{letter}" for letter in "abcdefgs"] + ["zzz"]
    near = near_names("SIM-ATLAS", known)
    assert near[0] == "sim-atlas"
    assert len(near) == 5
    assert "zzz" not in near


def test_an_unknown_model_is_found_by_any_of_its_names_once() -> None:
    names = {"atlas": "sim-atlas", "sim-atlas": "sim-atlas", "borealis": "sim-borealis"}
    with pytest.raises(ProblemError) as caught:
        refuse_unknown_model("atlass", names)
    assert caught.value.near == ["sim-atlas"]


@pytest.mark.parametrize(("value", "known"), [(None, ["a"]), ("a", ["a"]), ("b", [])])
def test_a_value_passes_that_is_absent_known_or_not_to_be_judged(value: str | None, known: list[str]) -> None:
    refuse_unknown_value("suite", value, known)


def test_a_value_like_none_is_refused_with_some_that_exist() -> None:
    with pytest.raises(ProblemError, match="Known: canary, core") as caught:
        refuse_unknown_value("suite", "zzzz", ["core", "canary"])
    assert caught.value.near == []


def test_a_problem_that_passes_by_itself_says_when_to_ask_again() -> None:
    response = problem_response("/v1/models", ProblemError(DATABASE_UNAVAILABLE))
    assert response.headers["retry-after"] == "5"
    assert response.headers["cache-control"] == "no-store"
    assert json.loads(bytes(response.body))["instance"] == "/v1/models"


def test_the_stable_list_of_problems() -> None:
    assert {slug: kind.status for slug, kind in PROBLEM_TYPES.items()} == {
        "invalid-parameter": 422,
        "unknown-model": 404,
        "not-found": 404,
        "method-not-allowed": 405,
        "not-acceptable": 406,
        "body-too-large": 413,
        "query-too-long": 414,
        "headers-too-large": 431,
        "request-refused": 400,
        "unauthenticated": 401,
        "missing-scope": 403,
        "not-in-tier": 403,
        "too-many-requests": 429,
        "unknown-anomaly": 404,
        "unknown-scenario": 404,
        "unknown-report": 404,
        "too-many-listeners": 503,
        "too-many-streams": 429,
        "stream-ended": 503,
        "invalid-document": 400,
        "document-too-costly": 400,
        "unknown-api-key": 404,
        "unknown-alert-subscription": 404,
        "unknown-alert-test": 404,
        "unknown-notification": 404,
        "conflict": 409,
        "accounts-unavailable": 503,
        "database-unavailable": 503,
        "query-timeout": 503,
        "marts-unavailable": 503,
        "internal-error": 500,
    }
