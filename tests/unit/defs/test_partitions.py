"""Benchmark hours as Dagster sees them."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.partitions import (
    benchmark_hours,
    hour_of,
    partition_key_of,
    partition_tags,
    touched_hours,
)
from orchestration.records import benchmark_hour_of

HOUR = datetime(2026, 11, 23, 20, tzinfo=UTC)


def read_touched_hours(tags: dict[str, str]) -> tuple[datetime, datetime] | None:
    """What an asset that is not partitioned reads from a run with these tags."""
    seen: list[tuple[datetime, datetime] | None] = []

    @dg.asset
    def follower(context: dg.AssetExecutionContext) -> None:
        seen.append(touched_hours(context))

    assert dg.materialize([follower], tags=tags).success
    return seen[0]


def test_a_key_and_its_hour_are_the_same_thing() -> None:
    assert partition_key_of(HOUR) == "2026-11-23-20:00"
    assert hour_of("2026-11-23-20:00") == HOUR


def test_the_current_hour_is_a_partition_and_the_next_is_not() -> None:
    now = benchmark_hour_of(datetime.now(UTC))
    keys = benchmark_hours.get_partition_keys()
    assert keys[-1] == partition_key_of(now)


def test_a_run_of_one_partition_touches_its_hour() -> None:
    assert read_touched_hours({"dagster/partition": "2026-11-23-20:00"}) == (HOUR, HOUR + timedelta(hours=1))


def test_a_run_of_a_range_touches_all_of_it() -> None:
    first = HOUR - timedelta(hours=23)
    assert read_touched_hours(partition_tags(first, HOUR)) == (first, HOUR + timedelta(hours=1))


def test_a_run_without_partitions_touches_no_hour_in_particular() -> None:
    assert read_touched_hours({}) is None
