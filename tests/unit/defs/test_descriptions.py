"""Everything that an operator finds in the UI says what it does."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest
import yaml

from orchestration.defs import jobs, schedules, sensors
from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_catalogue
from scenarios.schema import HOURS_OF

JOBS = [value for value in vars(jobs).values() if hasattr(value, "selection") and hasattr(value, "description")]
SCHEDULES = [value for value in vars(schedules).values() if isinstance(value, dg.ScheduleDefinition)]
SENSORS = [value for value in vars(sensors).values() if isinstance(value, dg.SensorDefinition)]
SHORTEST = 40
MONDAY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)


def test_every_job_schedule_and_sensor_has_a_description() -> None:
    described = {each.name: each.description or "" for each in (*JOBS, *SCHEDULES, *SENSORS)}
    assert {"rescore_job", "weekly_report_job", "hourly_benchmark_schedule", "orphaned_runs_sensor"} <= set(described)
    assert [name for name, text in described.items() if len(text) < SHORTEST or not text.endswith(".")] == []


def test_the_hourly_description_names_every_suite_with_its_hours() -> None:
    said = {1: "canary every hour", 6: "core at 00, 06, 12 and 18 h", 24: "full at 00 h"}
    cadences = {
        suite.name: HOURS_OF[suite.cadence] for suite in load_catalogue(PROJECT_ROOT / "scenarios").suites.values()
    }
    assert cadences == {"canary": 1, "core": 6, "full": 24}
    for hours in cadences.values():
        assert said[hours] in (jobs.run_hourly_benchmark_job.description or "")


@pytest.mark.parametrize(
    ("schedule", "kind", "day", "key"),
    [
        (schedules.daily_report_schedule, "daily", "2026-11-22", "daily-report-2026-11-22"),
        (schedules.weekly_report_schedule, "weekly", "2026-11-16", "weekly-report-2026-W47"),
    ],
)
def test_a_report_is_of_the_period_before_its_schedule(
    schedule: dg.ScheduleDefinition, kind: str, day: str, key: str
) -> None:
    request = schedule(dg.build_schedule_context(scheduled_execution_time=MONDAY))
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == key
    assert request.run_config["ops"] == {"raw__reports": {"config": {"kind": kind, "day": day}}}


def test_dead_runs_are_found_and_begun_again_but_never_those_that_failed_in_a_step() -> None:
    instance = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert instance["run_monitoring"]["enabled"] is True
    assert instance["run_monitoring"]["poll_interval_seconds"] <= 60
    assert instance["run_retries"] == {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False}


def test_a_run_whose_turn_comes_while_the_code_server_starts_again_waits_for_it() -> None:
    instance = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    queue = instance["run_coordinator"]["config"]
    assert queue["user_code_failure_retry_delay"] <= 15
    assert queue["max_user_code_failure_retries"] * queue["user_code_failure_retry_delay"] >= 180
