"""The one partitions definition: benchmark hours in UTC, and how a run's partitions are read.

Not here: which hours are measured when (schedules).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from orchestration.defs.resources import DatabaseResource
from orchestration.records import FIRST_BENCHMARK_HOUR
from orchestration.settings import OperatorError, settings
from orchestration.storage.alert_rows import server_time
from orchestration.storage.partitions import kept_since

HOUR = timedelta(hours=1)
CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""At most: an hour that is measured by a wrong clock is another hour's row."""

benchmark_hours = dg.HourlyPartitionsDefinition(
    start_date=FIRST_BENCHMARK_HOUR,
    end_offset=1,  # the hour that runs now is a partition already: it is measured while it lasts
)

single_run = dg.BackfillPolicy.single_run()


def partition_key_of(hour: datetime) -> str:
    return hour.astimezone(UTC).strftime(benchmark_hours.fmt)


def hour_of(partition_key: str) -> datetime:
    return datetime.strptime(partition_key, benchmark_hours.fmt).replace(tzinfo=UTC)


def hours_of(context: dg.AssetExecutionContext | dg.OpExecutionContext) -> list[datetime]:
    """The benchmark hours of this run, oldest first.

    Raises OperatorError for one that has not begun or is too old, and where nobody can say what time it is.
    """
    with DatabaseResource().connect() as connection:
        refuse_other_clock(datetime.now(UTC), server_time(connection))
    hours = begun_hours(context.partition_keys, datetime.now(UTC))
    refuse_dropped(hours, settings().measurements_kept_months, datetime.now(UTC))
    return hours


def refuse_other_clock(here: datetime, there: datetime) -> None:
    """Raises OperatorError when the clocks of this machine and of the database are too far apart: one has jumped."""
    if abs(here - there) > CLOCKS_DIFFER_BY:
        raise OperatorError(
            f"the clock of this machine says {here:%Y-%m-%dT%H:%M:%S} and that of the database "
            f"{there:%Y-%m-%dT%H:%M:%S} (UTC): set the wrong one right (NTP) and run the hour again"
        )


def begun_hours(partition_keys: Iterable[str], now: datetime) -> list[datetime]:
    hours = sorted(map(hour_of, partition_keys))
    if not hours:
        raise OperatorError(
            f"the range of this run ends before it begins: exchange the tags {ASSET_PARTITION_RANGE_START_TAG} and "
            f"{ASSET_PARTITION_RANGE_END_TAG} and launch it again"
        )
    if hours[-1] > now:
        raise OperatorError(
            f"{hours[-1]:%Y-%m-%dT%H} has not begun by the clock of this machine ({now:%Y-%m-%dT%H:%M:%S}, UTC): wait "
            "for it, or set the clock right and run the hour again"
        )
    return hours


def refuse_dropped(hours: Sequence[datetime], kept_months: int | None, now: datetime) -> None:
    """Raises OperatorError for hours whose rows are dropped by policy: the marts know more of them than a run would."""
    if kept_months is not None and hours and hours[0] < (since := kept_since(kept_months, now)):
        raise OperatorError(
            f"{hours[0]:%Y-%m-%dT%H} is older than measurements are kept "
            f"(AIBAAS_MEASUREMENTS_KEPT_MONTHS={kept_months}): choose hours from {since:%Y-%m-%dT%H} on"
        )


def touched_hours(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
) -> tuple[datetime, datetime] | None:
    """First touched hour and the hour after the last, read from the run's tags; None when the run names none.

    For assets that are not partitioned themselves but follow partitioned ones in the same run.
    """
    return hours_of_tags(context.run.tags)


def hours_of_tags(tags: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """First hour of a run's partitions and the hour after the last; None when its tags name none."""
    first = tags.get(ASSET_PARTITION_RANGE_START_TAG, tags.get(PARTITION_NAME_TAG))
    last = tags.get(ASSET_PARTITION_RANGE_END_TAG, tags.get(PARTITION_NAME_TAG))
    if first is None or last is None:
        return None
    return hour_of(first), hour_of(last) + HOUR


def partition_tags(first: datetime, last: datetime) -> dict[str, str]:
    """The run tags of one run over all hours from `first` to `last`, both included."""
    if first == last:
        return {PARTITION_NAME_TAG: partition_key_of(first)}
    return {
        ASSET_PARTITION_RANGE_START_TAG: partition_key_of(first),
        ASSET_PARTITION_RANGE_END_TAG: partition_key_of(last),
    }
