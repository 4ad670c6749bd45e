"""What an amount of work would cost, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/costs/projection"


def by_id(api: httpx.Client, **parameters: Any) -> dict[str, dict[str, Any]]:
    return {model["target_id"]: model for model in get(api, PATH, **parameters)["data"]}


def test_a_mix_of_families_adds_up_with_its_interval(api: httpx.Client) -> None:
    body = get(api, PATH, tasks=["all:100", "sql:50"], days_ahead="30", target_id="sim-atlas")
    (atlas,) = body["data"]
    assert atlas["cost_usd"] == pytest.approx(30 * (100 * 0.002 + 50 * 0.001))
    assert atlas["cost_ci95_lower"] == pytest.approx(30 * (100 * 0.001 + 50 * 0.0005))
    assert atlas["cost_ci95_upper"] == pytest.approx(30 * (100 * 0.003 + 50 * 0.0015))
    assert body["meta"] == {
        "as_of": "2026-11-23T20:07:30Z",
        "simulated": True,
        "days": 30,
        "tasks_per_day": 150.0,
        "tasks": [{"family": "all", "tasks_per_day": 100.0}, {"family": "sql", "tasks_per_day": 50.0}],
    }
    sql = atlas["families"][1]
    assert (sql["basis"], sql["day_count"], sql["answered_count"]) == ("measured", 28, 1340)
    assert sql["suite_versions"] == "canary:2"
    assert (sql["first_date"], sql["last_date"]) == ("2026-10-26", "2026-11-22")
    assert (sql["input_tokens_per_task"], sql["output_tokens_per_task"]) == (434.5, 236.75)


def test_models_come_by_cost_with_the_unknown_last_and_why(api: httpx.Client) -> None:
    body = get(api, PATH, tasks="all:10", days_ahead="7")
    assert [(model["target_id"], model["reason"]) for model in body["data"]] == [
        ("sim-borealis", None),
        ("sim-atlas", None),
        ("acme-ohm", "not_measured"),
        ("acme-volt", "unknown_price"),
        ("sim-cobalt", "not_measured"),
    ]
    borealis = body["data"][0]
    assert (borealis["cost_usd"], borealis["cost_ci95_lower"]) == (pytest.approx(0.07), None)
    assert borealis["families"][0]["reason"] == "few_days"
    assert body["data"][2]["cost_usd"] is None


def test_tokens_of_ones_own_are_priced_as_of_now(api: httpx.Client) -> None:
    found = by_id(api, tasks="sql:1000", days_ahead="1", input_tokens=1000, output_tokens=500)
    assert found["acme-ohm"]["cost_usd"] == pytest.approx(1000 * (1000 * 3 + 500 * 15) / 1e6)
    family = found["acme-ohm"]["families"][0]
    assert (family["basis"], family["reason"], family["cost_ci95_lower"]) == ("tokens", "exact", None)
    assert found["acme-volt"]["reason"] == "unknown_price"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"provider": "acme"}, {"acme-ohm", "acme-volt"}),
        ({"simulated": "true"}, {"sim-atlas", "sim-borealis", "sim-cobalt"}),
        ({"target_id": ["sim-atlas", "acme-ohm"]}, {"sim-atlas", "acme-ohm"}),
        ({"target_id": ["acme-idle"]}, set()),
    ],
)
def test_models_are_filtered_and_those_not_measured_now_left_out(
    api: httpx.Client, asked: dict[str, Any], expected: set[str]
) -> None:
    assert set(by_id(api, tasks="sql:1", **asked)) == expected


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({}, "tasks"),
        ({"tasks": "sql"}, "tasks"),
        ({"tasks": "sql:-1"}, "tasks"),
        ({"tasks": "sqll:5"}, "tasks"),
        ({"tasks": ["sql:1", "sql:2"]}, "tasks"),
        ({"tasks": "sql:1", "days_ahead": "31"}, "days_ahead"),
        ({"tasks": "sql:1", "input_tokens": "5"}, "output_tokens"),
        ({"tasks": "sql:1", "output_tokens": "5"}, "input_tokens"),
        ({"tasks": "sql:1", "target_id": "atlas"}, "target_id"),
        ({"tasks": "sql:1", "provider": "acm"}, "provider"),
        ({"tasks": "sql:1", "limit": "5"}, "limit"),
        ({"tasks": "sql:1", "days": "30"}, "days"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, asked: dict[str, Any], parameter: str) -> None:
    body = problem(api.get(PATH, params=asked), 422, "invalid-parameter")
    assert {error["parameter"].partition(".")[0] for error in body["errors"]} == {parameter}
