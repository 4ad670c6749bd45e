"""A build of the touched hours leaves the same rows as a build of everything."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from orchestration.storage.partitions import make_months

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Row, Touched, Warehouse

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 1, 20, tzinfo=UTC)
SIZE = {"targets": 3, "scenarios": 5}

RAN_LATE = """
update raw.responses set
    is_late = true, started_at = started_at + interval '1 day', finished_at = finished_at + interval '1 day'
where benchmark_hour = %(hour)s
"""
ASKED_AGAIN = """
create temp table again as
select * from raw.responses as latest
where benchmark_hour = %(hour)s and attempt = (
    select max(attempt) from raw.responses as other
    where other.benchmark_hour = latest.benchmark_hour and other.call_id = latest.call_id
);
update again set
    attempt = attempt + 1, status = %(status)s, error_code = %(error_code)s, cost_usd = 0.001,
    answer_sha256 = case when %(error_code)s is null then 'again' end,
    answer_bytes = case when %(error_code)s is null then 5 end;
insert into raw.responses select * from again where attempt <= 3;
insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, outcome, is_refusal, is_truncated,
    is_format_ok, checks_id, sandbox_level, graded_at
)
select
    benchmark_hour, call_id, attempt, 'function', 1, 1, %(score)s, 'ok', false, false, true, gen_random_uuid(),
    'process', now()
from again where status = 'answered' and attempt <= 3;
drop table again;
"""
GRADED_AGAIN = """
insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, reason, outcome, is_refusal,
    is_truncated, is_format_ok, checks_id, sandbox_level, graded_at
)
select
    benchmark_hour, call_id, attempt, scorer, 2, grading_attempt, case when score > 3 then score - 1.0 / 3 end,
    'regraded', outcome, is_refusal, is_truncated, is_format_ok, checks_id, sandbox_level, graded_at
from raw.scores where benchmark_hour = %(hour)s and scorer_version = 1
on conflict do nothing
"""
ONE_TARGET = (
    "on conflict",
    "and call_id in (select call_id from raw.responses where target_id = 'sim-1') on conflict",
)
LEFT_OUT = """
delete from raw.planned_calls where benchmark_hour = %(hour)s and target_id = 'sim-2';
delete from raw.responses where benchmark_hour = %(hour)s and target_id = 'sim-3';
update raw.planned_calls set status = 'skipped', reason = 'budget'
where benchmark_hour = %(hour)s and target_id = 'sim-3'
"""
DELETED = "; ".join(
    f"delete from raw.{table} where benchmark_hour = %(hour)s" for table in ("scores", "responses", "planned_calls")
)
UNGRADED = "delete from raw.scores where benchmark_hour = %(hour)s"
NEXT_VERSION = """
insert into raw.suites select suite, 2, cadence, scenario_id, scenario_version, recorded_at from raw.suites
where suite_version = 1 and scenario_id like '%%/task-1'
on conflict do nothing
"""


EMPTY = """
truncate raw.suites, raw.planned_calls, raw.responses, raw.scores, raw.score_intervals, raw.variant_gaps,
    raw.cutoff_gaps, raw.cost_projections, raw.paired_differences, raw.standings, raw.pass_rates, raw.score_moves
"""
SECOND_SUITE = """
insert into raw.suites
select 'core', 1, 'six_hourly', scenario_id, scenario_version, recorded_at from raw.suites where suite = 'canary'
on conflict do nothing
"""
"""From the next drawn hour on, every scenario is planned in both suites: one call for the two."""
EVERY_THIRD_HOUR = """
delete from raw.planned_calls
where suite = 'core' and extract(hour from benchmark_hour at time zone 'UTC')::int %% 3 <> 0
    and benchmark_hour >= %(start)s and benchmark_hour < %(stop)s;
"""
FRESH_VARIANTS = """
insert into raw.planned_calls (
    benchmark_hour, call_id, suite, suite_version, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, status, reason, planned_at
)
select
    benchmark_hour, md5(call_id || 'fresh')::uuid, suite, suite_version, target_id, scenario_id, scenario_version, 7,
    sample_index, is_simulated, status, reason, planned_at
from raw.planned_calls
where suite = 'core' and variant_seed = 0 and benchmark_hour >= %(start)s and benchmark_hour < %(stop)s
on conflict do nothing;
create temp table fresh as
select responses.* from raw.responses
where benchmark_hour >= %(start)s and benchmark_hour < %(stop)s and variant_seed = 0 and attempt = 1
    and exists (
        select from raw.planned_calls as planned
        where planned.benchmark_hour = responses.benchmark_hour
            and planned.call_id = md5(responses.call_id || 'fresh')::uuid
    );
create temp table fresh_scores as
select scores.* from raw.scores inner join fresh using (benchmark_hour, call_id, attempt);
update fresh set call_id = md5(call_id || 'fresh')::uuid, variant_seed = 7;
update fresh_scores
set call_id = md5(call_id || 'fresh')::uuid, score = greatest(score - 1, 0), has_canary = score > 9;
insert into raw.responses select * from fresh on conflict do nothing;
insert into raw.scores select * from fresh_scores on conflict do nothing;
drop table fresh, fresh_scores
"""


class RandomHistory:
    """Draws what happens to the raw rows; every change names the hours that it touched."""

    def __init__(self, warehouse: Warehouse, seed: int) -> None:
        self.warehouse = warehouse
        self.draw = random.Random(seed)
        self.newest = START
        warehouse.change(EMPTY, {})

    def hours(self, start: datetime, stop: datetime, targets: int = SIZE["targets"]) -> Touched:
        """Planned and answered hours, those of the second suite with fresh variants."""
        self.warehouse.draw_history(start, stop, targets=targets, scenarios=SIZE["scenarios"])
        self.warehouse.change(EVERY_THIRD_HOUR + FRESH_VARIANTS, {"start": start, "stop": stop})
        return start, stop

    def next_hours(self, unplanned: int = 0, count: int = 2) -> Touched:
        start = self.newest + HOUR * (1 + unplanned)
        self.newest = start + HOUR * (count - 1)
        return self.hours(start, self.newest + HOUR)

    def hours_after_a_gap(self) -> Touched:
        return self.next_hours(unplanned=self.draw.randint(1, 30))

    def late_hour(self) -> Touched:
        hour = self.some_hour()
        self.hours(hour, hour + HOUR)
        return self.at(hour, RAN_LATE)

    def earlier_hour(self) -> Touched:
        hour = START - HOUR * self.draw.randint(1, 5)
        return self.hours(hour, hour + HOUR)

    def rerun(self) -> Touched:
        score = self.draw.randint(0, 10)
        return self.at(self.some_hour(), ASKED_AGAIN, status="answered", error_code=None, score=score)

    def failure(self) -> Touched:
        return self.at(self.newest_answered(), ASKED_AGAIN, status="failed", error_code="overloaded", score=None)

    def regrading(self) -> Touched:
        return self.at(self.some_hour(), GRADED_AGAIN)

    def regrading_of_one_target(self) -> Touched:
        return self.at(self.newest_answered(), GRADED_AGAIN.replace(*ONE_TARGET))

    def deletion_of_an_hour(self) -> Touched:
        return self.at(self.some_hour(), DELETED)

    def deletion_of_the_newest_hour(self) -> Touched:
        return self.at(self.newest_answered(), DELETED)

    def deletion_of_scores(self) -> Touched:
        return self.at(self.some_hour(), UNGRADED)

    def deletion_beside_a_gap(self) -> Touched:
        """The newest or the oldest hour, which a gap lies next to, is planned and goes again."""
        if self.draw.random() < 0.5:
            hour = self.newest + HOUR * self.draw.randint(3, 40)
        else:
            hour = self.oldest() - HOUR * self.draw.randint(3, 40)
        self.warehouse.publish(touched=self.hours(hour, hour + HOUR))
        return self.at(hour, DELETED)

    def partial_plan(self) -> Touched:
        start, end = self.next_hours()
        return self.at(start, LEFT_OUT)[0], end

    def new_target_and_version(self) -> Touched:
        self.warehouse.change(NEXT_VERSION, {})
        start = self.newest + HOUR
        self.newest = start
        return self.hours(start, start + HOUR, targets=4)

    def second_suite(self) -> Touched:
        self.warehouse.change(SECOND_SUITE, {})
        return self.next_hours(count=6)

    def oldest(self) -> datetime:
        ((hour,),) = self.warehouse.rows("select min(benchmark_hour) from raw.planned_calls")
        return cast("datetime", hour)

    def newest_answered(self) -> datetime:
        ((hour,),) = self.warehouse.rows("select max(benchmark_hour) from raw.responses where status = 'answered'")
        return cast("datetime", hour)

    def some_hour(self) -> datetime:
        return START + HOUR * self.draw.randint(0, (self.newest - START) // HOUR)

    def at(self, hour: datetime, statements: str, **parameters: object) -> Touched:
        self.warehouse.change(statements, {"hour": hour, **parameters})
        return hour, hour + HOUR


@pytest.mark.parametrize(("seed", "change_count"), [(20261123, None), (2, 8), (3, 8)])
def test_builds_of_touched_hours_equal_a_full_rebuild_row_by_row(
    warehouse: Warehouse, seed: int, change_count: int | None
) -> None:
    """Every kind of change once, or some of them in any number and order."""
    history = RandomHistory(warehouse, seed)
    begun(history)
    changes: list[Callable[[], Touched]] = [
        history.next_hours, history.hours_after_a_gap, history.partial_plan, history.late_hour, history.rerun,
        history.failure, history.regrading, history.regrading_of_one_target,
        history.new_target_and_version, history.earlier_hour, history.deletion_of_an_hour,
        history.deletion_of_the_newest_hour, history.deletion_of_scores, history.deletion_beside_a_gap,
    ]  # fmt: skip
    drawn = (
        history.draw.sample(changes, len(changes))
        if change_count is None
        else history.draw.choices(changes, k=change_count)
    )
    seen: set[str | None] = set()
    for change in drawn:
        warehouse.publish(touched=change())
        seen |= {reason for (reason,) in warehouse.rows("select distinct reason from intermediate.int_calls_resolved")}

    rebuilt = assert_a_rebuild_changes_nothing(warehouse)

    assert rebuilt["marts.fct_contamination"] != []
    if change_count is None:
        assert seen >= {None, "late", "overloaded", "not_scored", "not_rescored", "not_answered", "budget"}
    mixed = warehouse.rows(
        "select distinct grain, period_start, scorer_versions from raw.score_intervals"
        " where scorer_versions like '%:1, %:2'"
    )
    assert mixed == [], "one scorer graded all: within a period its newest version counts alone"
    assert {grain for (grain,) in warehouse.rows("select distinct grain from raw.score_intervals")} == {
        "hour", "day", "week", "window",
    }  # fmt: skip


@pytest.mark.parametrize("gap", [-300, -8, 8, 300])
def test_gaps_end_with_the_plan_that_they_lay_beside(warehouse: Warehouse, gap: int) -> None:
    """An hour far before or behind the others is planned, built and deleted: hours, days and weeks beside it go too."""
    history = RandomHistory(warehouse, seed=1)
    begun(history)
    far = (START if gap < 0 else history.newest) + gap * HOUR
    with warehouse.database.connect() as connection:
        make_months(connection, far, far)
    warehouse.publish(touched=history.hours(far, far + HOUR))
    spanned = len(warehouse.rows("select distinct benchmark_hour from marts.fct_scores_hourly"))
    assert spanned > abs(gap)
    warehouse.publish(touched=history.at(far, DELETED))
    assert_a_rebuild_changes_nothing(warehouse)


def begun(history: RandomHistory) -> None:
    """Three hours of one suite and six of two, all built."""
    history.warehouse.draw_history(START, START + 3 * HOUR, **SIZE)
    history.newest = START + 2 * HOUR
    history.warehouse.publish("--full-refresh")
    history.warehouse.publish(touched=history.second_suite())


def assert_a_rebuild_changes_nothing(warehouse: Warehouse) -> dict[str, list[Row]]:
    built, intervals = warehouse.tables(), warehouse.intervals()
    warehouse.publish("--full-refresh")
    rebuilt = warehouse.tables()
    assert {name: len(rows) for name, rows in built.items()} == {name: len(rows) for name, rows in rebuilt.items()}
    for name, rows in rebuilt.items():
        assert built[name] == rows, name
    assert intervals == warehouse.intervals()
    return rebuilt
