"""The status and the coverage, asked over HTTP, against a real database whose hours are those around now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.settings import Settings
from tests.support.api_answers import all_pages, problem
from tests.support.marts import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

HOUR = timedelta(hours=1)


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def outcome(hours_ago: int, outcome: str, reason: str, count: int, *, suite: str = "canary") -> dict[str, Any]:
    return {
        "target_id": "sim-atlas",
        "suite": suite,
        "suite_version": 1,
        "benchmark_hour": this_hour() - HOUR * hours_ago,
        "outcome": outcome,
        "reason": reason,
        "call_count": count,
        "scored_count": count if outcome == "answered" else 0,
        "is_simulated": True,
    }


def cost(target_id: str, days_ago: int, cost_usd: str | None, *, family: str = "all") -> dict[str, Any]:
    return {
        "target_id": target_id,
        "family": family,
        "cost_date": (datetime.now(UTC) - timedelta(days=days_ago)).date(),
        "planned_count": 12,
        "answered_count": 12,
        "solved_count": 6,
        "cost_usd": cost_usd,
        "is_simulated": target_id.startswith("sim-"),
    }


@pytest.fixture
def recent(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], marts_copy: str
) -> Iterator[httpx.Client]:
    """A client of the API over marts with five planned hours of one model in the last two days."""
    with psycopg.connect(marts_copy) as connection:
        insert_rows(
            connection,
            "fct_coverage",
            iter(
                [
                    outcome(1, "answered", "", 12),
                    outcome(1, "answered", "", 4, suite="core"),
                    outcome(2, "answered", "", 9),
                    outcome(2, "missing", "timeout", 1),
                    outcome(2, "missing", "overloaded", 2),
                    outcome(4, "late", "", 12),
                    outcome(30, "missing", "budget", 12),
                    outcome(70, "missing", "connection", 12),
                ]
            ),
        )
        insert_rows(
            connection,
            "fct_costs_daily",
            iter(
                [
                    cost("acme-ohm", 0, "0.250000000"),
                    cost("acme-ohm", 0, "0.250000000", family="sql"),
                    cost("acme-volt", 0, None),
                    cost("sim-atlas", 0, "1.500000000"),
                    cost("sim-atlas", 40, "7"),
                ]
            ),
        )
    with serve_api(Settings(database_url=marts_copy)) as client:
        yield client


def get(api: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    response = api.get(path, params=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_budgets_and_runs_are_told(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], marts_copy: str
) -> None:
    with psycopg.connect(marts_copy) as connection:
        insert_rows(
            connection, "fct_budgets", iter([budget("sim-atlas", "day"), budget("", "month"), budget("", "hour")])
        )
        insert_rows(connection, "fct_runs", iter([run(count) for count in range(12)]))
    with serve_api(Settings(database_url=marts_copy)) as client:
        data = get(client, "/v1/status")["data"]
    assert [(row["model_id"], row["label"], row["period"], row["simulated"]) for row in data["budgets"]] == [
        (None, None, "hour", False), (None, None, "month", False), ("sim-atlas", "Atlas", "day", True),
    ]  # fmt: skip
    assert {(row["limit_usd"], row["spent_usd"]) for row in data["budgets"]} == {(5.0, 1.25)}
    assert [row["run_id"] for row in data["runs"]] == [f"run-{count}" for count in range(10)]
    assert data["runs"][0]["ended_at"] is None


def budget(target_id: str, period: str) -> dict[str, Any]:
    return {
        "target_id": target_id,
        "period": period,
        "period_started_at": this_hour(),
        "limit_usd": "5",
        "spent_usd": "1.25",
        "is_simulated": target_id.startswith("sim-"),
    }


def run(hours_ago: int) -> dict[str, Any]:
    return {
        "run_id": f"run-{hours_ago}",
        "job": "run_hourly_benchmark_job",
        "first_benchmark_hour": this_hour() - HOUR * hours_ago,
        "last_benchmark_hour": this_hour() - HOUR * hours_ago,
        "status": "started",
        "requested_at": this_hour() - HOUR * hours_ago,
        "started_at": this_hour() - HOUR * hours_ago,
        "ended_at": None,
        "seen_at": this_hour(),
    }


def test_the_status_adds_up_to_the_plan_of_a_day(recent: httpx.Client) -> None:
    data = get(recent, "/v1/status")["data"]
    assert data["outcomes"] == [
        {"outcome": "answered", "reason": None, "call_count": 25, "scored_count": 25},
        {"outcome": "late", "reason": None, "call_count": 12, "scored_count": 0},
        {"outcome": "missing", "reason": "overloaded", "call_count": 2, "scored_count": 0},
        {"outcome": "missing", "reason": "timeout", "call_count": 1, "scored_count": 0},
    ]
    assert data["model_count"] == 6
    assert data["enabled_model_count"] == 5


def test_the_status_says_how_old_the_newest_hour_is(recent: httpx.Client) -> None:
    data = get(recent, "/v1/status")["data"]
    newest = datetime.fromisoformat(data["newest_benchmark_hour"])
    age = (datetime.now(UTC) - newest).total_seconds()
    assert data["newest_benchmark_hour_age_s"] == pytest.approx(age, abs=30)


def test_spending_is_told_by_period_and_real_money_apart_from_made_up(recent: httpx.Client) -> None:
    spending = get(recent, "/v1/status")["data"]["spending"]
    today = datetime.now(UTC).date()
    real = {"simulated": False, "cost_usd": 0.25, "unknown_model_count": 1}
    made_up = {"simulated": True, "cost_usd": 1.5, "unknown_model_count": 0}
    day = {"period": "day", "period_start": today.isoformat()}
    month = {"period": "month", "period_start": today.replace(day=1).isoformat()}
    assert spending == [day | real, day | made_up, month | real, month | made_up]


def test_every_hour_of_the_span_is_there_with_its_reason(recent: httpx.Client) -> None:
    body = get(recent, "/v1/coverage", hours=48)
    assert [model["target_id"] for model in body["data"]] == sorted(model["target_id"] for model in body["data"])
    atlas = next(model for model in body["data"] if model["target_id"] == "sim-atlas")
    last = datetime.fromisoformat(body["meta"]["last_hour"])
    assert last == this_hour() - HOUR
    hours = {datetime.fromisoformat(hour["benchmark_hour"]): hour for hour in atlas["hours"]}
    assert list(hours) == [last - HOUR * back for back in range(47, -1, -1)]

    def counts(hours_ago: int) -> tuple[int, int, int, str | None]:
        hour = hours[this_hour() - HOUR * hours_ago]
        return hour["planned_count"], hour["answered_count"], hour["late_count"], hour["reason"]

    assert counts(1) == (16, 16, 0, None)
    assert counts(2) == (12, 9, 0, "overloaded")
    assert counts(3) == (0, 0, 0, "not_planned")
    assert counts(4) == (12, 0, 12, None)
    assert counts(30) == (12, 0, 0, "budget")
    assert atlas["missing"] == [
        {"reason": "budget", "call_count": 12},
        {"reason": "overloaded", "call_count": 2},
        {"reason": "timeout", "call_count": 1},
    ]


def test_a_model_that_is_not_measured_is_told_with_its_reason(recent: httpx.Client) -> None:
    body = get(recent, "/v1/coverage", hours=1)
    idle = next(model for model in body["data"] if model["target_id"] == "acme-idle")
    assert (idle["is_enabled"], idle["disabled_reason"]) == (False, "ACME_API_KEY is not set")
    assert [hour["reason"] for hour in idle["hours"]] == ["not_planned"]


def test_coverage_comes_in_pages(recent: httpx.Client) -> None:
    found: list[str] = []
    asked: dict[str, Any] = {"limit": 4, "hours": 2}
    for _ in range(2):
        body = get(recent, "/v1/coverage", **asked)
        found += [model["target_id"] for model in body["data"]]
        asked["cursor"] = body["next_cursor"]
    assert asked["cursor"] is None
    assert found == ["acme-idle", "acme-ohm", "acme-volt", "sim-atlas", "sim-borealis", "sim-cobalt"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"target_id": "sim-atlas"}, ["sim-atlas"]),
        ({"provider": "acme"}, ["acme-idle", "acme-ohm", "acme-volt"]),
        ({"simulated": "true"}, ["sim-atlas", "sim-borealis", "sim-cobalt"]),
        ({"simulated": "true", "provider": "acme"}, []),
    ],
)
def test_coverage_is_filtered_page_by_page(
    recent: httpx.Client, parameters: dict[str, str], expected: list[str]
) -> None:
    assert all_pages(recent, "/v1/coverage", "target_id", hours=2, limit=2, **parameters) == expected


@pytest.mark.parametrize("parameter", ["target_id", "provider"])
def test_coverage_of_nobody_is_refused_with_near_names(recent: httpx.Client, parameter: str) -> None:
    body = problem(recent.get("/v1/coverage", params={parameter: "acme-ohmm"}), 422, "invalid-parameter")
    assert (body["errors"][0]["parameter"], "acme" in body["detail"]) == (parameter, True)


@pytest.mark.parametrize("hours", [0, 169, "many"])
def test_a_span_that_is_none_is_refused(recent: httpx.Client, hours: object) -> None:
    response = recent.get("/v1/coverage", params={"hours": hours})  # type: ignore[dict-item]
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "hours"


def test_before_the_first_hour_nothing_is_invented(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], empty_url: str
) -> None:
    with serve_api(Settings(database_url=empty_url)) as api:
        assert api.get("/v1/status").json()["type"] == "/problems/marts-unavailable"


def test_the_calendar_has_whole_days_of_all_models_with_reasons_and_no_hole(recent: httpx.Client) -> None:
    body = get(recent, "/v1/coverage/calendar", days=4)
    hours = body["data"]
    first, last = (datetime.fromisoformat(body["meta"][f"{end}_hour"]) for end in ("first", "last"))
    assert (first.hour, last) == (0, this_hour() - HOUR)
    assert len(hours) == (last - first) // HOUR + 1 == 72 + last.hour + 1
    assert body["meta"]["simulated"] is True
    newest, before = hours[-1], hours[-2]
    assert (newest["planned_count"], newest["answered_count"], newest["reason"]) == (16, 16, None)
    assert (before["planned_count"], before["answered_count"], before["reason"]) == (12, 9, "overloaded")
    assert (hours[-3]["planned_count"], hours[-3]["reason"]) == (0, "not_planned")
    assert (hours[-4]["late_count"], hours[-30]["reason"]) == (12, "budget")


@pytest.mark.parametrize("days", ["0", "93", "x"])
def test_a_calendar_of_no_days_or_of_too_many_is_refused(recent: httpx.Client, days: str) -> None:
    response = recent.get("/v1/coverage/calendar", params={"days": days})
    assert response.status_code == 422
    assert [error["parameter"] for error in response.json()["errors"]] == ["days"]
