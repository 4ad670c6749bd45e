"""Reports of days and weeks, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api_answers import all_pages, get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/reports"


def test_reports_are_listed_newest_first(api: httpx.Client) -> None:
    expected = ["2026-11-22", "2026-11-16", "2026-W47"]
    assert [entry["report_id"] for entry in get(api, PATH)["data"]] == expected
    assert all_pages(api, PATH, "report_id", limit=1) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"kind": "weekly"}, ["2026-W47"]),
        ({"since": "2026-11-22T00:00:00Z"}, ["2026-11-22", "2026-W47"]),
        ({"until": "2026-11-20T00:00:00Z", "kind": "daily"}, ["2026-11-16"]),
        ({"until": "2026-01-01T00:00:00Z"}, []),
    ],
)
def test_reports_are_filtered(api: httpx.Client, parameters: dict[str, str], expected: list[str]) -> None:
    assert [entry["report_id"] for entry in get(api, PATH, **parameters)["data"]] == expected


@pytest.mark.parametrize("report_id", ["2026-11-22", "2026-W47"])
def test_a_report_says_standings_coverage_spend_and_changes(api: httpx.Client, report_id: str) -> None:
    body = get(api, f"{PATH}/{report_id}")
    assert body["meta"]["simulated"] is True
    report = body["data"]
    (suite,) = report["suites"]
    assert suite["standings"][0]["move_reason"] == "no_period_before"
    assert suite["coverage"]["by_reason"][0]["planned_count"] == 288
    assert report["spend"][0]["cost_usd"] == 0.5
    assert report["late_hours"][0]["benchmark_hour"] == "2026-11-22T04:00:00Z"
    assert report["changes"][0]["kind"] == "served_model"
    assert "budgets" not in report


def test_a_report_that_was_not_written_is_a_problem(api: httpx.Client) -> None:
    problem(api.get(f"{PATH}/2026-01-01"), 404, "unknown-report")
    problem(api.get(f"{PATH}/2026-W01"), 404, "unknown-report")
    problem(api.get(f"{PATH}/yesterday"), 422, "invalid-parameter")
    assert (
        problem(api.get(PATH, params={"kind": "hourly"}), 422, "invalid-parameter")["errors"][0]["parameter"] == "kind"
    )
