"""Which model to take, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/recommendations"


def places(api: httpx.Client, **parameters: Any) -> list[tuple[str, str, int]]:
    found = get(api, PATH, **parameters)["data"]["recommended"]
    return [(place["target_id"], place["role"], place["group"]) for place in found]


def reasons(api: httpx.Client, **parameters: Any) -> dict[str, list[tuple[str, Any]]]:
    excluded = get(api, PATH, **parameters)["data"]["excluded"]
    return {
        model["target_id"]: [(reason["constraint"], reason["value"]) for reason in model["reasons"]]
        for model in excluded
    }


def test_of_models_that_cannot_be_told_apart_the_cheapest_is_the_choice(api: httpx.Client) -> None:
    body = get(api, PATH, simulated="true")
    assert places(api, simulated="true") == [
        ("sim-cobalt", "choice", 1),
        ("sim-atlas", "fallback", 1),
        ("sim-borealis", "fallback", 2),
    ]
    choice = body["data"]["recommended"][0]
    assert choice["reasons"] == [
        "can't be told from Atlas, which has the highest mean",
        "the cheapest of its group",
    ]
    assert (choice["score_difference_to_best"], choice["score_difference_to_best_ci95_lower"]) == (-0.6, -1.4)
    assert body["data"]["verdict"].startswith("Take Cobalt: none of the 3 models that fit scores demonstrably higher")
    assert body["meta"] == {
        "as_of": "2026-11-23T20:07:30Z",
        "simulated": True,
        "suite": "canary",
        "suite_version": 2,
        "family": "all",
        "window_name": "7d",
        "window_start": "2026-11-16T21:00:00Z",
        "window_end": "2026-11-23T21:00:00Z",
    }


def test_real_models_come_before_simulated_ones_unless_asked(api: httpx.Client) -> None:
    assert places(api) == [("acme-ohm", "choice", 1)]
    excluded = reasons(api)
    assert excluded["sim-atlas"] == [("kind", "simulated")]
    assert [constraint for constraint, _ in excluded["acme-idle"]] == ["enabled", "scored"]
    assert [constraint for constraint, _ in excluded["acme-volt"]] == ["scored"]


def test_every_limit_that_a_model_fails_is_told_with_its_value(api: httpx.Client) -> None:
    asked = {"simulated": "true", "min_score_mean": 7, "max_latency_p95_ms": 4000, "max_error_rate": 0.001}
    assert places(api, **asked) == []
    assert reasons(api, **asked)["sim-borealis"] == [
        ("min_score_mean", 6.5),
        ("max_latency_p95_ms", 4096.5),
        ("max_error_rate", 0.005),
    ]
    assert get(api, PATH, **asked)["data"]["verdict"] == "No measured model fits these limits."


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"open_weights": "true"}, ["sim-cobalt"]),
        ({"open_weights": "false"}, ["sim-atlas", "sim-borealis"]),
        ({"min_score_mean": "7"}, ["sim-atlas"]),
        ({"limit": "1"}, ["sim-cobalt"]),
        ({"max_input_usd_per_mtok": "3", "max_output_usd_per_mtok": "15"}, ["sim-cobalt", "sim-atlas", "sim-borealis"]),
        ({"max_time_to_first_token_p95_ms": "900"}, []),
        ({"family": "sql"}, ["sim-atlas", "sim-borealis", "sim-cobalt"]),
    ],
)
def test_limits_leave_models_out(api: httpx.Client, asked: dict[str, str], expected: list[str]) -> None:
    assert [target_id for target_id, _, _ in places(api, simulated="true", **asked)] == expected


def test_an_unknown_price_fits_no_ceiling(api: httpx.Client) -> None:
    excluded = reasons(api, simulated="false", max_cost_per_task_usd=1)
    assert ("scored", None) in excluded["acme-volt"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("family", "sqll"),
        ("suite", "canry"),
        ("window", "1y"),
        ("max_error_rate", "2"),
        ("min_score_mean", "11"),
        ("simulated", "any"),
        ("limit", "0"),
        ("max_price", "1"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, parameter: str, value: str) -> None:
    body = problem(api.get(PATH, params={parameter: value}), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [parameter]
