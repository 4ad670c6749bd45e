"""Which hours of a soak meet which faults, and when memory counts as grown."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.cli.soaking.fault_plan import IN_FIRST_HALF, STAGES, FaultKind, fault_plan
from orchestration.cli.soaking.memory import MemorySamples
from orchestration.cli.soaking.stretches import stretches_of

HOURS = [datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=number) for number in range(168)]


def test_a_week_meets_every_kind_of_fault_and_each_stage_loses_a_worker() -> None:
    planned = fault_plan(HOURS, list(FaultKind), seed=1)
    counts = Counter(fault.kind for fault in planned.values())
    assert counts == {
        FaultKind.PROVIDER_ERRORS: 21,
        FaultKind.KILLED_WORKER: 6,
        FaultKind.KILLED_DAEMON: 2,
        FaultKind.KILLED_CODE_SERVER: 2,
        FaultKind.RESTARTED_DATABASE: 2,
        FaultKind.HANG: 1,
        FaultKind.FULL_DISK: 1,
    }
    assert {fault.stage for fault in planned.values() if fault.kind is FaultKind.KILLED_WORKER} == set(STAGES)


@pytest.mark.parametrize("seed", range(20))
def test_the_first_hour_is_spared_and_the_second_half_keeps_its_processes(seed: int) -> None:
    planned = fault_plan(HOURS, list(FaultKind), seed)
    assert HOURS[0] not in planned
    assert all(hour == fault.hour for hour, fault in planned.items())
    assert all(fault.hour < HOURS[84] for fault in planned.values() if fault.kind in IN_FIRST_HALF)


def test_the_same_seed_draws_the_same_faults_and_another_one_others() -> None:
    first, same, other = (fault_plan(HOURS, list(FaultKind), seed) for seed in (1, 1, 2))
    assert first == same
    assert first != other


def test_a_short_soak_meets_each_wanted_kind_once() -> None:
    kinds = [FaultKind.KILLED_WORKER, FaultKind.PROVIDER_ERRORS]
    planned = fault_plan(HOURS[:4], kinds, seed=3)
    assert Counter(fault.kind for fault in planned.values()) == dict.fromkeys(kinds, 1)


def test_memory_grows_by_its_medians_and_a_process_started_again_begins_anew() -> None:
    samples = MemorySamples()
    for number in range(100):
        samples.add("webserver", 1, 200.0 + number / 10)
        samples.add("daemon", 2 if number < 50 else 3, 500.0 if number < 50 else 100.0)
    growth = {one.name: one for one in samples.growth()}
    assert growth["webserver"].before_mb == pytest.approx(200.95)
    assert growth["webserver"].after_mb == pytest.approx(208.95)
    assert growth["daemon"].share == 0


def test_runs_take_all_hours_once_and_the_last_run_what_is_left() -> None:
    stretches = stretches_of(HOURS[:8], 3)
    assert [hour for stretch in stretches for hour in stretch.hours] == HOURS[:8]
    assert stretches[1].key == "2026-11-20-03:00"
    assert stretches[1].tags == {
        "dagster/asset_partition_range_start": "2026-11-20-03:00",
        "dagster/asset_partition_range_end": "2026-11-20-05:00",
    }
    assert stretches_of(HOURS[:1], 6)[0].tags == {"dagster/partition": "2026-11-20-00:00"}
