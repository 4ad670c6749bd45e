"""Models beside each other, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx
NO_INTERVAL = {"score_ci95_lower": None, "score_ci95_upper": None}


def compare(api: httpx.Client, *target_ids: str, **parameters: str) -> dict[str, Any]:
    return get(api, "/v1/compare", target_id=list(target_ids), **parameters)


def test_two_models_are_compared_with_interval_and_verdict(api: httpx.Client) -> None:
    body = compare(api, "sim-atlas", "sim-borealis")
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
    assert body["data"]["pairs"] == [
        {
            "target_id": "sim-atlas",
            "other_target_id": "sim-borealis",
            "outcome": "higher",
            "reason": None,
            "scenario_count": 12,
            "score_difference": 1.75,
            "score_difference_ci95_lower": 0.9,
            "score_difference_ci95_upper": 2.6,
            "p_value": 0.001,
            "holm_p_value": 0.003,
            "compared_count": 2,
            "interval_method": "paired_t",
            "scorer_versions": "function:5, sql:2",
        }
    ]
    assert body["data"]["verdict"] == (
        "Atlas scores 1.75 points higher than Borealis on the same 12 tasks (95% interval 0.90 to 2.60)."
    )


def test_the_order_asked_turns_the_difference(api: httpx.Client) -> None:
    (pair,) = compare(api, "sim-borealis", "sim-atlas")["data"]["pairs"]
    assert (pair["outcome"], pair["score_difference"]) == ("lower", -1.75)
    assert (pair["score_difference_ci95_lower"], pair["score_difference_ci95_upper"]) == (-2.6, -0.9)


def test_several_models_have_every_pair_and_a_verdict_about_the_best(api: httpx.Client) -> None:
    data = compare(api, "sim-cobalt", "acme-ohm", "sim-atlas", "sim-borealis")["data"]
    assert [model["target_id"] for model in data["models"]] == ["sim-cobalt", "acme-ohm", "sim-atlas", "sim-borealis"]
    outcomes = {
        (pair["target_id"], pair["other_target_id"]): (pair["outcome"], pair["reason"]) for pair in data["pairs"]
    }
    assert outcomes == {
        ("sim-cobalt", "acme-ohm"): ("not_compared", "simulated_and_real"),
        ("sim-cobalt", "sim-atlas"): ("not_told_apart", None),
        ("sim-cobalt", "sim-borealis"): ("not_told_apart", "no_interval"),
        ("acme-ohm", "sim-atlas"): ("not_compared", "simulated_and_real"),
        ("acme-ohm", "sim-borealis"): ("not_compared", "simulated_and_real"),
        ("sim-atlas", "sim-borealis"): ("higher", None),
    }
    assert data["verdict"] == (
        "Atlas has the highest mean: it scores higher than Borealis; it can't be told apart from Cobalt; "
        "it is not compared with Ohm."
    )


def test_means_by_scenario_rest_on_one_version_of_the_scorer_and_the_days_of_the_window(api: httpx.Client) -> None:
    scenarios = compare(api, "sim-atlas", "sim-borealis")["data"]["scenarios"]
    assert [scenario["scenario_id"] for scenario in scenarios] == ["bug-fixing/first", "sql/first"]
    assert scenarios[0]["scores"] == [
        {"target_id": "sim-atlas", "score_mean": 9.0, **NO_INTERVAL, "scored_count": sum(range(20, 28))},
        {"target_id": "sim-borealis", "score_mean": None, **NO_INTERVAL, "scored_count": 0},
    ]
    assert scenarios[1]["scores"][1] == {
        "target_id": "sim-borealis",
        "score_mean": 7.0,
        **NO_INTERVAL,
        "scored_count": sum(range(20, 28)) - 25 - 26,
    }
    assert scenarios[1]["title"] == "The first"


def test_a_scenarios_mean_has_the_interval_of_its_days(api: httpx.Client) -> None:
    atlas, borealis = compare(api, "sim-atlas", "sim-borealis")["data"]["scenarios"][1]["scores"]
    assert 9.0 < atlas["score_ci95_lower"] < atlas["score_mean"] < atlas["score_ci95_upper"] <= 10
    assert (borealis["score_ci95_lower"], borealis["score_ci95_upper"]) == (None, None), "its days are all equal"


def test_scenarios_keep_to_the_family(api: httpx.Client) -> None:
    data = compare(api, "sim-atlas", "sim-borealis", family="sql")["data"]
    assert [scenario["scenario_id"] for scenario in data["scenarios"]] == ["sql/first"]
    assert data["pairs"][0]["reason"] == "no_common_scenario"


def test_a_model_without_a_score_is_there_with_nulls(api: httpx.Client) -> None:
    data = compare(api, "acme-ohm", "acme-idle")["data"]
    idle = data["models"][1]
    assert (idle["score_mean"], idle["scored_count"], idle["is_preliminary"]) == (None, 0, True)
    assert data["verdict"] == "Ohm and Idle are not compared: no task has scores of both in this window."


def test_models_that_were_never_measured_have_nothing_to_compare(api: httpx.Client) -> None:
    body = compare(api, "sim-atlas", "sim-borealis", suite="canary", family="all", window="24h")
    assert body["data"]["pairs"][0]["reason"] == "no_common_scenario"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"target_id": ["sim-atlas"]},
        {"target_id": ["sim-atlas"] * 2},
        {"target_id": [f"model-{number}" for number in range(7)]},
        {"target_id": ["sim-atlas", "\x00"]},
    ],
)
def test_two_to_six_different_models_are_named(api: httpx.Client, asked: dict[str, Any]) -> None:
    body = problem(api.get("/v1/compare", params=asked), 422, "invalid-parameter")
    assert {error["parameter"].partition(".")[0] for error in body["errors"]} == {"target_id"}


@pytest.mark.parametrize(
    ("parameter", "value", "near"),
    [("target_id", "sim-atlass", "sim-atlas"), ("suite", "canry", "canary"), ("family", "bug-fixin", "bug-fixing")],
)
def test_a_misspelt_name_is_refused_with_near_ones(api: httpx.Client, parameter: str, value: str, near: str) -> None:
    asked: dict[str, Any] = {"target_id": ["sim-borealis", "sim-cobalt"]}
    asked[parameter] = [*asked["target_id"], value] if parameter == "target_id" else value
    body = problem(api.get("/v1/compare", params=asked), 422, "invalid-parameter")
    assert body["errors"][0]["parameter"] == parameter
    assert near in body["near"]
