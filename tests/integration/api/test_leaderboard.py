"""What the leaderboard tells beside the score, its order and its filters, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/leaderboard"


def ids(api: httpx.Client, **parameters: Any) -> list[str]:
    return [entry["target_id"] for entry in get(api, PATH, **parameters)["data"]]


def by_id(api: httpx.Client, **parameters: Any) -> dict[str, dict[str, Any]]:
    return {entry["target_id"]: entry for entry in get(api, PATH, **parameters)["data"]}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("score_mean", ["sim-borealis", "sim-cobalt", "acme-ohm", "sim-atlas", "acme-volt"]),
        ("-score_mean", ["sim-atlas", "acme-ohm", "sim-borealis", "sim-cobalt", "acme-volt"]),
        ("cost_per_solved_task_usd", ["sim-cobalt", "sim-borealis", "sim-atlas", "acme-ohm", "acme-volt"]),
        ("-cost_per_solved_task_usd", ["acme-ohm", "sim-atlas", "sim-borealis", "sim-cobalt", "acme-volt"]),
        ("-pass_hat_k_rate", ["sim-atlas", "sim-borealis", "acme-ohm", "acme-volt", "sim-cobalt"]),
        ("score_change_7d", ["sim-atlas", "sim-cobalt", "sim-borealis", "acme-ohm", "acme-volt"]),
    ],
)
def test_it_is_sorted_by_a_column_with_the_unknown_last(api: httpx.Client, sort: str, expected: list[str]) -> None:
    assert ids(api, sort=sort) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"open_weights": "true"}, ["sim-cobalt"]),
        ({"effort": "high"}, ["acme-ohm", "acme-volt"]),
        ({"effort": "default"}, ["sim-atlas", "sim-borealis", "sim-cobalt"]),
        ({"max_input_usd_per_mtok": "3"}, ["sim-atlas", "acme-ohm", "sim-borealis", "sim-cobalt"]),
        ({"max_input_usd_per_mtok": "2.99"}, []),
        ({"max_output_usd_per_mtok": "15", "simulated": "false"}, ["acme-ohm"]),
        ({"max_cost_per_task_usd": "0.001"}, []),
    ],
)
def test_it_keeps_to_filters_and_leaves_out_what_has_no_known_price(
    api: httpx.Client, parameters: dict[str, str], expected: list[str]
) -> None:
    assert ids(api, **parameters) == expected


def test_pass_rates_are_those_of_as_many_attempts_as_asked(api: httpx.Client) -> None:
    rates = {count: by_id(api, attempts=count)["sim-atlas"] for count in ("1", "3", "5")}
    assert [rates[count]["pass_hat_k_rate"] for count in rates] == [0.5, 0.125, None]
    assert [rates[count]["attempt_count"] for count in rates] == [1, 3, None]
    assert (rates["3"]["pass_hat_k_ci95_lower"], rates["3"]["pass_hat_k_ci95_upper"]) == (0.0625, 0.875)


def test_a_move_within_a_week_says_whether_it_is_one(api: httpx.Client) -> None:
    entries = by_id(api)
    atlas = entries["sim-atlas"]
    assert (atlas["score_change_7d"], atlas["is_score_change_7d_significant"]) == (-0.5, True)
    assert (atlas["score_change_7d_ci95_lower"], atlas["score_change_7d_ci95_upper"]) == (-0.75, -0.25)
    assert entries["sim-borealis"]["is_score_change_7d_significant"] is False
    assert entries["sim-cobalt"]["is_score_change_7d_significant"] is None
    assert entries["acme-ohm"]["score_change_7d"] is None


def test_sparklines_have_the_planned_days_of_thirty_with_gaps(api: httpx.Client) -> None:
    entries = by_id(api, include="sparkline")
    assert entries["acme-ohm"]["sparkline"] == []
    days = entries["sim-atlas"]["sparkline"]
    assert [day["score_date"] for day in days] == ["2026-11-22", "2026-11-23"]
    assert days[-1] == {"score_date": "2026-11-23", "score_mean": 8.0, "scored_count": 12, "reason": None}
    assert by_id(api)["sim-atlas"]["sparkline"] is None


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("sort", "label"),
        ("sort", "score_mean; DROP TABLE marts.dim_targets"),
        ("sort", "--score_mean"),
        ("attempts", "2"),
        ("include", "answers"),
        ("effort", "hig"),
        ("open_weights", "yes"),
        ("max_input_usd_per_mtok", "-1"),
        ("max_cost_per_task_usd", "NaN"),
        ("max_output_usd_per_mtok", "cheap"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, parameter: str, value: str) -> None:
    body = problem(
        api.get(PATH, params={parameter: value, "max_input_usd_per_mtok": 0} | {parameter: value}),
        422,
        "invalid-parameter",
    )
    assert [error["parameter"] for error in body["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("score", "One can sort by score_mean, score_change_7d, not by 'score'."),
        ("-latency_p50", "One can sort by latency_p50_ms, latency_p95_ms"),
        ("xyz", "One can sort by score_mean, score_ci95_lower, score_change_7d, pass_hat_k_rate, cost_per_task_usd"),
    ],
)
def test_a_column_that_can_not_be_sorted_by_is_answered_with_those_that_look_like_it(
    api: httpx.Client, sort: str, said: str
) -> None:
    error = problem(api.get(PATH, params={"sort": sort}), 422, "invalid-parameter")["errors"][0]
    assert error["parameter"] == "sort"
    assert error["detail"].startswith(said)
