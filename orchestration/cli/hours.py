"""How benchmark hours are written on the command line.

Not here: what is done with them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from orchestration.records import FIRST_BENCHMARK_HOUR, benchmark_hour_of
from orchestration.settings import OperatorError


class BenchmarkHour(click.ParamType[datetime]):
    """A UTC hour: `2026-11-23T20`, `2026-11-23 20:00` or `now`."""

    name = "hour"

    def convert(  # click's signature
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        hour = benchmark_hour_of(datetime.now(UTC)) if text == "now" else parsed_hour(text)
        return known_hour(hour)


def parsed_hour(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text if "T" in text or " " in text else f"{text}T00")
    except ValueError:
        raise OperatorError(f"{text!r} is not an hour: write it like 2026-11-23T20 (UTC), or now") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    hour = benchmark_hour_of(moment)
    if hour != moment:
        raise OperatorError(f"{text!r} is not a whole hour: {hour:%Y-%m-%dT%H} is the hour that it lies in")
    return hour


def known_hour(hour: datetime) -> datetime:
    now = benchmark_hour_of(datetime.now(UTC))
    if not FIRST_BENCHMARK_HOUR <= hour <= now:
        raise OperatorError(
            f"{hour:%Y-%m-%dT%H} is not a partition: hours run from {FIRST_BENCHMARK_HOUR:%Y-%m-%dT%H} to the current "
            f"one, {now:%Y-%m-%dT%H} (UTC)"
        )
    return hour


def check_range(first: datetime, last: datetime) -> int:
    """The number of hours from `first` to `last`, both included. Raises OperatorError when they are the wrong way."""
    if first > last:
        raise OperatorError(f"the range runs backwards: --from {first:%Y-%m-%dT%H} is after --to {last:%Y-%m-%dT%H}")
    return (last - first) // timedelta(hours=1) + 1
