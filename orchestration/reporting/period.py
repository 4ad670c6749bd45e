"""The days and ISO weeks (UTC) that reports are about.

Not here: what a report says of them (document).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from orchestration.records import FIRST_BENCHMARK_HOUR
from orchestration.settings import OperatorError

Kind = Literal["daily", "weekly"]
DAYS: dict[Kind, int] = {"daily": 1, "weekly": 7}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A day, or the seven days from a Monday on."""

    kind: Kind
    first_day: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first_day, time(), UTC)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=DAYS[self.kind])

    @property
    def previous(self) -> ReportPeriod:
        return ReportPeriod(self.kind, self.first_day - timedelta(days=DAYS[self.kind]))

    @property
    def name(self) -> str:
        if self.kind == "daily":
            return self.first_day.isoformat()
        year, week, _ = self.first_day.isocalendar()
        return f"{year}-W{week:02d}"


def period_of(kind: Kind, day: date) -> ReportPeriod:
    """The day, or the week that it lies in."""
    return ReportPeriod(kind, day if kind == "daily" else day - timedelta(days=day.weekday()))


def last_period(kind: Kind, now: datetime) -> ReportPeriod:
    """The newest day or week that has ended."""
    return period_of(kind, now.astimezone(UTC).date()).previous


def named_period(kind: Kind, name: str, now: datetime) -> ReportPeriod:
    """A day like 2026-11-23 or a week like 2026-W47. Raises OperatorError for any other, and for one without hours."""
    period = period_of(kind, _parsed(kind, name))
    if period.start > now or period.end <= FIRST_BENCHMARK_HOUR:
        raise OperatorError(
            f"{name} can have no report: hours run from {FIRST_BENCHMARK_HOUR:%Y-%m-%d} to now, {now:%Y-%m-%dT%H} (UTC)"
        )
    return period


def _parsed(kind: Kind, name: str) -> date:
    is_week = "W" in name.upper()
    try:
        if is_week == (kind == "weekly"):
            return date.fromisoformat(f"{name.upper()}-1" if is_week else name)
    except ValueError:
        pass
    form = "a day: write it like 2026-11-23" if kind == "daily" else "an ISO week: write it like 2026-W47"
    raise OperatorError(f"{name!r} is not {form}")
