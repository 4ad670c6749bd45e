"""From raw rows of extra answers to verdicts: asked once, told with their evidence, and part of no other mart.

Not here: which calls are extra ones (unit.collection), nor the alarms themselves (test_anomalies).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from orchestration.detection.detect import detect_anomalies
from tests.support.raw_cells import CATALOGUE, CELLS, START, at

if TYPE_CHECKING:
    from tests.integration.dbt_project.conftest import Warehouse

HOURS, SCENARIOS = 15 * 24, 5
NOW = datetime(2026, 10, 10, tzinfo=UTC)
MONEY_AND_COVERAGE = {"int_calls_resolved", "fct_coverage", "fct_costs_daily"}
SIGNALS = """
select metric, sign, is_alarm, verdict, answer_count, hour_count from raw.confirmations order by signal_hour, metric
"""
ANOMALIES = """
select distinct on (anomaly_id) verdict, confirming_answer_count, confirming_effect from raw.anomalies
order by anomaly_id, revision desc
"""
UNSAID = """
update raw.confirmations set
    verdict = 'pending', answer_count = 0, hour_count = 0, effect = null, effect_ci95_lower = null,
    effect_ci95_upper = null
"""


def quiet() -> dict[str, Any]:
    """Fifteen days of one target, without a change."""
    hour, scenario = np.divmod(np.arange(HOURS * SCENARIOS), SCENARIOS)
    rng = np.random.default_rng(7)
    return {
        "targets": ["t-1"] * len(hour), "hours": hour.tolist(), "numbers": scenario.tolist(),
        "scores": np.clip(np.round(rng.normal(8 - 0.3 * scenario, 1.2), 1), 0, 10).tolist(),
        "latencies": np.round(1000 * np.exp(0.3 * rng.standard_normal(len(hour)))).tolist(),
        "costs": [0.001] * len(hour), "start": START, "sample": 0,
    }  # fmt: skip


def answered(hour: int, score: float, sample: int = 0) -> dict[str, Any]:
    """What the target says to all scenarios in an hour."""
    return {
        "targets": ["t-1"] * SCENARIOS, "hours": [hour] * SCENARIOS, "numbers": list(range(SCENARIOS)),
        "scores": [score] * SCENARIOS, "latencies": [1000.0] * SCENARIOS, "costs": [0.001] * SCENARIOS,
        "start": START, "sample": sample,
    }  # fmt: skip


def hourly_run(warehouse: Warehouse, first: int, stop: int) -> None:
    """What a run does after the scores."""
    warehouse.build("resolved", touched=(at(first), at(stop)))
    with warehouse.database.connect() as connection:
        detect_anomalies(connection, (at(first), at(stop)), NOW, asks=True)


@dataclass(frozen=True)
class Seen:
    """The signals and the newest revisions of the anomalies, and how many revisions there are."""

    signals: list[tuple[Any, ...]]
    anomalies: list[tuple[Any, ...]]
    revisions: list[tuple[Any, ...]]

    @classmethod
    def of(cls, warehouse: Warehouse) -> Seen:
        return cls(
            warehouse.rows(SIGNALS), warehouse.rows(ANOMALIES), warehouse.rows("select count(*) from raw.anomalies")
        )


@dataclass(frozen=True)
class Course:
    """After the hour that raised an alarm, the same run again, the hour that answered, a replay, and no answers."""

    raised: Seen
    again: Seen
    confirmed: Seen
    replayed: Seen
    unanswered: Seen
    differing_marts: set[str]
    published: list[tuple[Any, ...]]
    unwatched: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def course(warehouse: Warehouse) -> Course:
    names = {"targets": ["t-1"], "providers": ["acme"], "models": ["model-1"]}
    warehouse.change(CATALOGUE, {**names, "scenarios": SCENARIOS, "start": START})
    for drawn in (quiet(), answered(HOURS, 3.0), answered(HOURS + 1, 3.0)):
        warehouse.change(CELLS, drawn)
    warehouse.build("resolved")
    hourly_run(warehouse, HOURS, HOURS + 2)
    raised = Seen.of(warehouse)
    hourly_run(warehouse, HOURS, HOURS + 2)
    again = Seen.of(warehouse)
    warehouse.change(CELLS, answered(HOURS + 2, 3.0))
    differing = _differing_with_extra_answers(warehouse)
    hourly_run(warehouse, HOURS + 2, HOURS + 3)
    confirmed = Seen.of(warehouse)
    with warehouse.database.connect() as connection:
        detect_anomalies(connection, None, NOW)
    replayed = Seen.of(warehouse)
    published = warehouse.rows("select verdict, answer_count, direction from marts.fct_confirmations")
    warehouse.change(UNSAID, {})
    warehouse.change("delete from raw.planned_calls where sample_index > 0", {})
    warehouse.change(CELLS, answered(HOURS + 3, 3.0))
    hourly_run(warehouse, HOURS + 2, HOURS + 4)
    unanswered = Seen.of(warehouse)
    warehouse.change("update raw.suites set cadence = 'daily'", {})
    hourly_run(warehouse, HOURS + 3, HOURS + 4)
    unwatched = warehouse.rows("select distinct status, launch_value from raw.watched_streams where metric = 'cost'")
    return Course(raised, again, confirmed, replayed, unanswered, differing, published, unwatched)


def _differing_with_extra_answers(warehouse: Warehouse) -> set[str]:
    warehouse.publish()
    before = warehouse.tables()
    for sample in range(1, 7):
        warehouse.change(CELLS, answered(HOURS + 2, 2.5, sample))
    warehouse.publish()
    after = warehouse.tables()
    return {name.split(".")[1] for name in before if before[name] != after[name]}


def test_the_hour_that_raises_an_alarm_asks_about_it_once_however_often_it_runs(course: Course) -> None:
    assert course.raised.signals == [("quality", -1, True, "pending", 0, 0)]
    assert course.raised.anomalies == [("pending", 0, None)]
    assert course.again == course.raised


def test_extra_answers_confirm_it_and_a_replay_says_the_same(course: Course) -> None:
    assert course.confirmed.signals == [("quality", -1, True, "degraded", 30, 1)]
    ((verdict, answers, effect),) = course.confirmed.anomalies
    assert (verdict, answers) == ("degraded", 30)
    assert effect == pytest.approx(2.5 - 7.4, abs=0.5)
    assert course.replayed == course.confirmed


def test_no_mart_but_money_and_coverage_holds_extra_answers(course: Course) -> None:
    assert course.differing_marts == MONEY_AND_COVERAGE
    assert course.published == [("pending", 0, "down")]


def test_what_nobody_answers_is_inconclusive_two_hours_later(course: Course) -> None:
    assert course.unanswered.signals == [("quality", -1, True, "inconclusive", 0, 0)]
    assert course.unanswered.anomalies == [("inconclusive", 0, None)]


def test_suites_that_are_not_asked_every_hour_are_said_not_to_be_watched(course: Course) -> None:
    assert course.unwatched == [("not_hourly", None)]
