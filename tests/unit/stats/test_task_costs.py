"""What a task will cost, from days of which the cost is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from orchestration.stats.projections import project
from orchestration.stats.task_costs import HORIZONS, PROJECTIONS, projection_table

NOW = datetime(2026, 11, 27, tzinfo=UTC)
LAST = date(2026, 11, 26)
SCHEMA = {
    "target_id": pl.String, "family": pl.String, "cost_date": pl.Date, "is_simulated": pl.Boolean,
    "answered_count": pl.Int64, "cost_usd": pl.Float64, "input_tokens": pl.Int64, "output_tokens": pl.Int64,
    "suite_versions": pl.List(pl.String),
}  # fmt: skip


def days_of(costs: list[float | None], target_id: str = "a", **changes: Any) -> list[dict[str, Any]]:
    """Days up to the last with 10 answers each and so much paid for an answer."""
    return [
        {
            "target_id": target_id, "family": "all", "cost_date": LAST - timedelta(days=len(costs) - 1 - place),
            "is_simulated": True, "answered_count": 10, "cost_usd": None if cost is None else 10 * cost,
            "input_tokens": 3000, "output_tokens": 1000, "suite_versions": ["canary:1"],
        } | changes
        for place, cost in enumerate(costs)
    ]  # fmt: skip


def projected(*days: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    table = projection_table(pl.DataFrame([row for part in days for row in part], schema=SCHEMA), NOW)
    assert table.columns == list(PROJECTIONS)
    return {row["horizon_days"]: row for row in table.to_dicts() if row["target_id"] == "a"}


def test_a_task_costs_what_the_days_ahead_cost_together_by_their_number() -> None:
    costs = [0.01 + 0.001 * (day % 5) for day in range(28)]
    found = projected(days_of(costs))
    assert set(found) == set(HORIZONS)
    for horizon, row in found.items():
        expected = project(costs, horizon)
        assert expected is not None
        assert row["cost_per_task_usd"] == pytest.approx(expected.total / horizon)
        assert row["cost_per_task_ci95_upper"] == pytest.approx(expected.upper / horizon)
        assert (row["day_count"], row["answered_count"]) == (28, 280)
        assert (row["input_tokens_per_task"], row["output_tokens_per_task"]) == (300, 100)


def test_days_behind_a_gap_or_an_unknown_cost_do_not_count() -> None:
    row = projected(days_of([0.5] * 5 + [None] + [0.02] * 20))[30]
    assert (row["day_count"], row["first_date"]) == (20, LAST - timedelta(days=19))
    assert row["cost_per_task_usd"] == pytest.approx(0.02)
    gap = days_of([0.5] * 10)[:4] + days_of([0.02] * 3)
    assert projected(gap)[1]["day_count"] == 3


def test_a_projection_names_the_suites_of_the_days_that_it_rests_on() -> None:
    older = days_of([0.5] * 5 + [None] + [0.02] * 20, suite_versions=["canary:0"])[:5]
    newer = days_of([0.02] * 20, suite_versions=["core:3", "canary:1"])
    newer[0]["suite_versions"] = ["canary:1"]
    assert projected(older, newer)[30]["suite_versions"] == "canary:1, core:3"


def test_too_few_days_give_a_mean_without_an_interval() -> None:
    row = projected(days_of([0.01, 0.03]))[7]
    assert row["cost_per_task_usd"] == pytest.approx(0.02)
    assert (row["cost_per_task_ci95_lower"], row["cost_per_task_ci95_upper"]) == (None, None)


def test_a_target_that_was_not_asked_of_late_has_no_projection() -> None:
    stale = [row for row in days_of([0.01] * 20) if row["cost_date"] < LAST]
    assert projected(stale, days_of([0.01], target_id="b")) == {}
    assert projected([]) == {}


def test_a_bound_is_never_below_nothing() -> None:
    row = projected(days_of([0.0 if day % 2 else 0.1 for day in range(15)]))[1]
    assert row["cost_per_task_ci95_lower"] == 0


def test_unknown_tokens_stay_unknown() -> None:
    row = projected(days_of([0.01] * 3, input_tokens=None))[1]
    assert (row["input_tokens_per_task"], row["output_tokens_per_task"]) == (None, 100)
