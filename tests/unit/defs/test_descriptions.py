"""Everything that an operator finds in the UI says what it does."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import yaml

from orchestration.definitions import build_defs
from orchestration.defs import jobs, schedules
from orchestration.records import benchmark_hour_of
from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_catalogue
from scenarios.schema import HOURS_OF

SHORTEST = 40
MONDAY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)


def test_every_job_schedule_and_sensor_has_a_description() -> None:
    known = build_defs()
    told = [*(known.jobs or ()), *(known.schedules or ()), *(known.sensors or ())]
    described = {each.name: getattr(each, "description", None) or "" for each in told}
    assert {"retention_job", "daily_retention_schedule", "orphaned_runs_sensor"} <= set(described)
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


def hourly_request(hour: datetime) -> object:
    return schedules.hourly_benchmark_schedule(
        dg.build_schedule_context(scheduled_execution_time=hour + timedelta(minutes=5))
    )


def test_an_hour_is_requested_while_it_lasts_and_pays_for_nothing_when_its_turn_comes_later() -> None:
    hour = benchmark_hour_of(datetime.now(UTC))
    request = hourly_request(hour)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == f"{hour:%Y-%m-%d-%H:00}"
    assert request.run_key == f"hourly-{request.partition_key}"
    assert request.run_config["resources"] == {"provider": {"config": {"spare_past": True}}}


def test_an_hour_that_ended_before_its_tick_was_looked_at_is_skipped_with_a_word() -> None:
    hour = benchmark_hour_of(datetime.now(UTC)) - timedelta(hours=1)
    skipped = hourly_request(hour)
    assert isinstance(skipped, dg.SkipReason)
    assert f"{hour:%Y-%m-%dT%H} has ended" in (skipped.skip_message or "")


def test_every_run_that_begins_by_itself_ends_after_its_time_and_long_ones_made_by_hand_do_not() -> None:
    request = hourly_request(benchmark_hour_of(datetime.now(UTC)))
    assert isinstance(request, dg.RunRequest)
    longest = {job.name: float(job.tags.get(dg.MAX_RUNTIME_SECONDS_TAG, math.inf)) for job in build_defs().jobs or ()}
    unlimited = {name for name, seconds in longest.items() if math.isinf(seconds)}
    assert unlimited == {"run_hourly_benchmark_job", "rescore_job", "rebuild_job"}
    assert float(request.tags[dg.MAX_RUNTIME_SECONDS_TAG]) == 3 * 3600
    assert max(seconds for seconds in longest.values() if not math.isinf(seconds)) <= 3 * 3600


def test_runs_over_hours_leave_room_for_those_that_watch_them() -> None:
    runs = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))["concurrency"]["runs"]
    (limit,) = runs["tag_concurrency_limits"]
    limited = {job.name for job in build_defs().jobs or () if job.tags.get(limit["key"]) == limit["value"]}
    assert limited == {"run_hourly_benchmark_job", "rescore_job", "rebuild_job"}
    assert limit["limit"] + 2 <= runs["max_concurrent_runs"]


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
