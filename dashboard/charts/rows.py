"""What charts draw: rows without a notion of where they came from.

Not here: the API's answers (api_client) and how they become these rows (app_pages).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """One model's score, 0-10, with the interval that it is known to; None is unknown."""

    label: str
    provider: str
    score: float
    lower: float | None
    upper: float | None
    is_simulated: bool
    note: str


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One hour, day or week of one model. What was not measured is None and has a `reason`."""

    start: datetime
    status: str
    reason: str | None
    score: float | None = None
    lower: float | None = None
    upper: float | None = None
    latency_ms: float | None = None
    time_to_first_token_ms: float | None = None
    cost_per_answer_usd: float | None = None
    error_rate: float | None = None
    first_try_rate: float | None = None
    latency_p95_ms: float | None = None
    time_to_first_token_p95_ms: float | None = None
    baseline: float | None = None
    """Mean of the days before."""
    suite_version: int = 1
    coverage: str = ""
    """What part of a day was measured, in words, where it was not all."""

    @property
    def is_measured(self) -> bool:
        return self.status == "measured"


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at one moment; `kind` is a key of LOOKS in markers."""

    at: datetime
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level that held before a change, for as long as the change lasts."""

    start: datetime
    end: datetime
    value: float


@dataclass(frozen=True, slots=True)
class NamedTrend:
    """One of several models over time."""

    label: str
    is_simulated: bool
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much one model scores above another, with the interval that it is known to."""

    label: str
    value: float
    lower: float
    upper: float
    words: str


@dataclass(frozen=True, slots=True)
class ScenarioScores:
    """One scenario's mean of each model with its interval, in the models' order; None is unknown."""

    label: str
    scores: tuple[float | None, ...]
    counts: tuple[int, ...]
    intervals: tuple[tuple[float, float] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """What one model takes, in money or time, and what it scores, 0-10."""

    label: str
    is_simulated: bool
    takes: float
    score: float
    lower: float | None
    upper: float | None
    words: str
    takes_lower: float | None = None
    takes_upper: float | None = None


@dataclass(frozen=True, slots=True)
class PriceStep:
    """What a million tokens cost from one moment on; None is unknown."""

    start: datetime
    input_usd: float | None
    output_usd: float | None


@dataclass(frozen=True, slots=True)
class FamilyChange:
    """How far one model moved in one family; `value` is None where that is not known, and chance is not told apart."""

    value: float | None
    is_told: bool
    words: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One model's changes, in the order of the families."""

    label: str
    is_simulated: bool
    changes: tuple[FamilyChange, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time in which one model was worse or better in one measure; `end` is exclusive."""

    label: str
    measure: str
    start: datetime
    end: datetime
    is_worse: bool
    is_open: bool
    words: str


@dataclass(frozen=True, slots=True)
class HourCoverage:
    """What the planned calls of one hour came to; `reason` says why calls are missing, empty when none is."""

    start: datetime
    planned_count: int
    answered_count: int
    late_count: int
    reason: str

    @property
    def share(self) -> float:
        """Of the planned calls, those answered on time; 0 without a plan."""
        return self.answered_count / self.planned_count if self.planned_count else 0.0

    @property
    def is_gap(self) -> bool:
        return not self.answered_count and not self.late_count


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One model's hours, oldest first and without a hole."""

    label: str
    is_simulated: bool
    hours: tuple[HourCoverage, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time without a measurement; `end` is exclusive."""

    start: datetime
    end: datetime
    reason: str


def stamp(moment: datetime) -> str:
    """UTC without its offset: Plotly draws the clock that it reads."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def is_next(before: TrendPoint, after: TrendPoint, step: timedelta) -> bool:
    """Whether a line may lead on: the next step, and of the same suite version, since others are not comparable."""
    return after.start - before.start <= step and before.suite_version == after.suite_version


def runs_of(
    points: Sequence[TrendPoint], step: timedelta, holds: Callable[[TrendPoint], bool]
) -> Iterator[list[TrendPoint]]:
    """Stretches of points one `step` apart for all of which `holds`; a point absent from `points` ends a stretch."""
    run: list[TrendPoint] = []
    for point in points:
        if run and not (holds(point) and is_next(run[-1], point, step)):
            yield run
            run = []
        if holds(point):
            run.append(point)
    if run:
        yield run


def gaps_of(points: Sequence[TrendPoint], step: timedelta) -> list[Gap]:
    """Every stretch without a measurement and why, in order; hours that have no row at all included."""
    gaps: list[Gap] = []
    for index, point in enumerate(points):
        if index and point.start - points[index - 1].start > step:
            gaps.append(Gap(points[index - 1].start + step, point.start, "no record"))
        if not point.is_measured:
            gaps.append(Gap(point.start, point.start + step, point.reason or point.status))
    return _joined(gaps)


def suite_changes_of(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """The first point of every suite version after the first."""
    return [after for before, after in pairwise(points) if after.suite_version != before.suite_version]


def _joined(gaps: Sequence[Gap]) -> list[Gap]:
    joined: list[Gap] = []
    for gap in gaps:
        if joined and joined[-1].end == gap.start and joined[-1].reason == gap.reason:
            joined[-1] = Gap(joined[-1].start, gap.end, gap.reason)
        else:
            joined.append(gap)
    return joined
