"""What extra answers say of a change that has begun to show: confirmed, refuted, or neither.

They are asked after the hours that showed it, because of them: they judge that one signal and are part of no hour's
value. Not here: when a change shows (change_points), which answers are asked (collection).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from orchestration.stats.detection_metrics import QUALITY
from orchestration.stats.hour_values import hour_values
from orchestration.stats.incidents import Z95
from orchestration.stats.window_statistic import MEAN_VARIANCES, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from orchestration.stats.cells import Cells
    from orchestration.stats.change_points import Detection
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.stream_watch import StreamWatch

Verdict = Literal["degraded", "improved", "stable", "inconclusive"]

CONFIRMING_HOURS: Final = 2
"""In so many hours after a signal extra answers are asked, in the second one only where the first settles nothing."""
SAME_SIGNAL_HOURS: Final = 24
REFUTED_SHARE: Final = 0.5
"""A signal is refuted when this share of its change lies beyond the interval: as it was picked for being large, what
it claims is more than there is even where it is true."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A change that shows in the newest hour. Levels are relative to launch, in the unit of the metric.

    `scenarios` names those that changed alone; empty where the whole stream did.
    """

    sign: int
    hour: int
    onset_hour: int
    before: float
    after: float
    reference_error: float
    statistic: float
    is_alarm: bool
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The effect that extra answers show, with its 95% interval; nan where there are none."""

    verdict: Verdict
    answer_count: int = 0
    hour_count: int = 0
    effect: float = math.nan
    effect_lower: float = math.nan
    effect_upper: float = math.nan


def is_asked_about(earlier: Signal, verdict: Verdict | None, signal: Signal) -> bool:
    """Whether an earlier signal of the stream, with what is said of it so far, stands for this one.

    For a day it does, unless it was refuted or left open and has become an alarm since.
    """
    if earlier.sign != signal.sign or not 0 <= signal.hour - earlier.hour < SAME_SIGNAL_HOURS:
        return False
    is_settled = verdict in {None, "degraded", "improved"}
    return is_settled or earlier.is_alarm or not signal.is_alarm


def signal_of(found: Detection) -> Signal | None:
    """What the newest hour shows: an alarm that it raised, or a change on its way to one."""
    watch, hour = found.newest.watch, found.newest.hour - 1
    if watch is None:
        return None
    raised = [change for change in found.changes if change.raised_hour == hour and change.state == "open"]
    if raised:
        change = raised[-1]
        names = change.scenarios if change.is_of_scenarios else ()
        return Signal(
            change.sign, hour, change.onset_hour, change.before, change.after, change.errors[0], change.statistic,
            is_alarm=True, scenarios=names,
        )  # fmt: skip
    rising = watch.rising
    if rising is None or rising.position != hour:
        return None
    sign = 1 if rising.after > rising.before else -1
    error = watch.values.error_before(rising.start)
    return Signal(
        sign, hour, rising.start, rising.before, rising.after, error, rising.statistic, is_alarm=False
    )  # fmt: skip


def confirmation_of(signal: Signal, extra: Cells, watch: StreamWatch) -> Confirmation:
    """By the extra answers of the hours after the signal; the columns of `extra` are those of the watch."""
    hours = range(signal.hour + 1, min(signal.hour + CONFIRMING_HOURS + 1, extra.hours))
    look = _of_scenarios if signal.scenarios else _of_stream
    seen = look(signal, extra, watch, hours)
    return Confirmation("inconclusive") if seen is None else _judged(signal, watch.values.metric, *seen)


def _of_stream(
    signal: Signal, extra: Cells, watch: StreamWatch, hours: Iterable[int]
) -> tuple[int, int, float, float] | None:
    """Answers, hours, effect and its standard error: the hours' values are made as those of ordinary answers are."""
    values, found, relative, answers = watch.values, [], [], 0
    for hour in hours:
        value, share = hour_values(extra, hour, hour + 1, values.control, values.metric)
        if np.isfinite(value[0]):
            found.append(float(value[0]) - float(values.season.at(np.array([hour]))[0]))
            relative.append(float(1 / weights_of(share)[0]))
            answers += int(extra.counts[hour].sum())
    if not found:
        return None
    count, noise = len(found), values.noise
    variance = noise.independent**2 * sum(relative) / count**2 + noise.drift**2 * float(MEAN_VARIANCES[count])
    return answers, count, sum(found) / count - signal.before, math.hypot(math.sqrt(variance), signal.reference_error)


def _of_scenarios(
    signal: Signal, extra: Cells, watch: StreamWatch, hours: Iterable[int]
) -> tuple[int, int, float, float] | None:
    """As of the stream, by the scenarios that are left out of it alone, each against its own level before."""
    held = {} if watch.scenarios is None else watch.scenarios.held
    rows, control = list(hours), watch.values.control
    effects, variances, answers = [], [], 0
    for column, entry in held.items():
        counts = extra.counts[rows, column]
        if extra.scenarios[column] in signal.scenarios and counts.sum() > 0:
            effects.append(_weighted_mean(extra.values[rows, column], counts) - entry.recovery.old)
            variances.append(float(control.spread[column] ** 2 * control.typical_count[column] / counts.sum()))
            answers += int(counts.sum())
    if not effects:
        return None
    count, observed = len(effects), int((extra.counts[rows].sum(axis=1) > 0).sum())
    error = math.hypot(math.sqrt(sum(variances)) / count, signal.reference_error)
    return answers, observed, sum(effects) / count, error


def _weighted_mean(values: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    return float((np.where(counts > 0, values, 0.0) * counts).sum() / counts.sum())


def _judged(signal: Signal, metric: Metric, answers: int, hours: int, effect: float, error: float) -> Confirmation:
    half = Z95 * error
    verdict: Verdict = "inconclusive"
    if effect * signal.sign - half > 0:
        verdict = "degraded" if (signal.sign < 0) == (metric.name == QUALITY.name) else "improved"
    elif effect * signal.sign + half < REFUTED_SHARE * abs(signal.after - signal.before):
        verdict = "stable"
    return Confirmation(verdict, answers, hours, effect, effect - half, effect + half)
