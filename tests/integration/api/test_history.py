"""Spans, weeks and what is told beside the points of a history, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/models/sim-atlas/history"


def starts(api: httpx.Client, **parameters: Any) -> list[str]:
    return [point["period_start"] for point in get(api, PATH, **parameters)["data"]]


def test_hours_lie_between_two_moments(api: httpx.Client) -> None:
    body = get(api, PATH, since="2026-11-20T01:00:00+01:00", until="2026-11-20T03:00:00Z")
    assert [point["period_start"] for point in body["data"]] == [f"2026-11-20T0{hour}:00:00Z" for hour in range(3)]
    assert (body["meta"]["window_start"], body["meta"]["window_end"]) == (
        "2026-11-20T00:00:00Z",
        "2026-11-20T03:00:00Z",
    )


def test_days_count_back_from_a_moment(api: httpx.Client) -> None:
    assert starts(api, granularity="day", days=2, until="2026-11-20T00:00:00Z") == [
        "2026-11-18T00:00:00Z",
        "2026-11-19T00:00:00Z",
    ]


def test_from_a_moment_on_history_reaches_to_the_newest_hour(api: httpx.Client) -> None:
    assert starts(api, since="2026-11-23T19:00:00Z") == ["2026-11-23T19:00:00Z", "2026-11-23T20:00:00Z"]


def test_weeks_begin_on_monday_and_sum_what_their_days_cost(api: httpx.Client) -> None:
    body = get(api, PATH, granularity="week", days=14)
    assert [point["period_start"] for point in body["data"]] == [
        "2026-11-16T00:00:00Z",
        "2026-11-23T00:00:00Z",
    ]
    week = body["data"][0]
    assert (week["suite_version"], week["score_mean"], week["measured_hour_count"]) == (1, 8.25, 168)
    assert week["cost_usd"] == pytest.approx(5 * 0.022008)
    assert week["input_tokens"] == 5 * 5210
    assert (week["latency_p50_ms"], week["time_to_first_token_p50_ms"]) == (None, None), "no answer was on time"
    assert (body["data"][1]["latency_p50_ms"], body["data"][1]["time_to_first_token_p50_ms"]) == (2000.0, 400.0)


def test_percentiles_of_a_week_are_told_where_it_has_an_answer_on_time(api: httpx.Client) -> None:
    before, last = get(api, PATH, granularity="week", days=14, include="percentiles")["data"]
    assert before["percentiles"] is None
    assert (last["percentiles"]["latency_p99_ms"], last["percentiles"]["streamed_count"]) == (3960.0, 11)


def test_percentiles_and_reliability_are_added_when_asked_for(api: httpx.Client) -> None:
    point = get(api, PATH, days=1, include=["percentiles", "reliability"])["data"][-1]
    assert (point["percentiles"]["latency_p95_ms"], point["percentiles"]["answered_count"]) == (3800.0, 12)
    assert point["reliability"] == {
        "asked_count": 12,
        "failed_count": 3,
        "first_try_count": 6,
        "retry_count": 4,
        "error_rate": 0.25,
        "first_try_rate": 0.5,
        "graded_count": 9,
        "refusal_count": 1,
        "truncated_count": 0,
        "format_ok_count": 8,
    }
    plain = get(api, PATH, days=1)["data"][-1]
    assert (plain["percentiles"], plain["reliability"]) == (None, None)


@pytest.mark.parametrize(("granularity", "failed"), [("day", 3 * 21), ("week", 3 * 21)])
def test_reliability_of_a_day_and_a_week_is_the_sum_of_its_hours(
    api: httpx.Client, granularity: str, failed: int
) -> None:
    point = get(api, PATH, granularity=granularity, days=7, include="reliability")["data"][-1]
    assert (point["reliability"]["failed_count"], point["reliability"]["error_rate"]) == (failed, 0.25)


@pytest.mark.parametrize("granularity", ["hour", "day"])
def test_the_mean_of_the_days_before_and_the_level_at_launch_are_added_when_asked_for(
    api: httpx.Client, granularity: str
) -> None:
    told = get(api, PATH, granularity=granularity, days=7, include="baseline")
    assert told["meta"]["launch_score_mean"] == 8.5
    first, last = told["data"][0], told["data"][-1]
    assert (first["suite_version"], first["baseline_score_mean"]) == (1, 8.0)
    assert (last["suite_version"], last["baseline_score_mean"]) == (2, None), "days of two versions are not mixed"
    plain = get(api, PATH, granularity=granularity, days=7)
    assert plain["meta"]["launch_score_mean"] is None
    assert {point["baseline_score_mean"] for point in plain["data"]} == {None}


def test_a_family_has_no_level_at_launch_and_the_first_days_have_no_mean_before_them(api: httpx.Client) -> None:
    assert get(api, PATH, days=1, include="baseline", family="sql")["meta"]["launch_score_mean"] is None
    days = get(api, PATH, granularity="day", days=366, include="baseline")["data"]
    assert [day["baseline_score_mean"] for day in days[:4]] == [None, None, None, 8.0]


def test_percentiles_of_a_day_are_told_by_family_and_those_of_an_hour_are_not(api: httpx.Client) -> None:
    daily = get(api, PATH, granularity="day", days=1, include="percentiles")["data"][-1]
    assert daily["percentiles"]["latency_p99_ms"] == 3960.0
    hourly = get(api, PATH, family="sql", days=1, include=["percentiles", "reliability"])["data"][-1]
    assert (hourly["percentiles"], hourly["reliability"]) == (None, None)


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"since": "2026-11-01T00:00:00Z", "days": "7"}, "days"),
        ({"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"}, "until"),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"}, "since"),
        ({"since": "1999-01-01T00:00:00Z", "granularity": "day"}, "since"),
        ({"since": "2026-11-01"}, "since"),
        ({"until": "1763900000"}, "until"),
        ({"include": "everything"}, "include"),
        ({"granularity": "month"}, "granularity"),
    ],
)
def test_a_wrong_span_is_refused_by_name(api: httpx.Client, asked: dict[str, str], parameter: str) -> None:
    body = problem(api.get(PATH, params=asked), 422, "invalid-parameter")
    assert {error["parameter"].partition(".")[0] for error in body["errors"]} == {parameter}


def test_models_tell_their_successor_and_are_filtered_by_life_and_weights(api: httpx.Client) -> None:
    def ids(**parameters: str) -> list[str]:
        return [model["target_id"] for model in get(api, "/v1/models", **parameters)["data"]]

    assert get(api, "/v1/models/acme-idle")["data"]["successor"] == "acme-ohm"
    assert ids(lifecycle="deprecated") == ["acme-idle"]
    assert ids(open_weights="true") == ["sim-cobalt"]
    assert ids(enabled="false") == ["acme-idle"]
    body = problem(api.get("/v1/models", params={"lifecycle": "stabel"}), 422, "invalid-parameter")
    assert body["near"] == ["stable"]
