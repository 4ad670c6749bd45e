"""What waiting for extra answers does to alarms: fewer false ones, and how much later the true ones are told.

The same series and alarms as without it. As in the pipeline a signal of one hour has its extra answers in the next one,
or the next two, and what they refute is told a day later if it is still open. Not here: the rates of the detector
itself (detector_rates).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from orchestration.stats.cells import Cells
from orchestration.stats.change_points import detect, resume
from orchestration.stats.confirmation import (
    CONFIRMING_HOURS,
    SAME_SIGNAL_HOURS,
    confirmation_of,
    is_asked_about,
    signal_of,
)
from orchestration.stats.stream_watch import FINAL_AFTER_HOURS

if TYPE_CHECKING:
    from orchestration.stats.change_points import Detection
    from orchestration.stats.confirmation import Signal, Verdict
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.incidents import Change
    from tests.support.drawn_runs import Runs

SAMPLES = 3
"""Extra calls for each of 20 scenarios."""
NEVER = float("inf")


@dataclass
class Asked:
    """A signal and what is said of it; None while that is open."""

    signal: Signal
    verdict: Verdict | None = None


@dataclass
class Told:
    """An alarm, the verdict with which it is told, and the hour of that (NEVER: it is not)."""

    change: Change
    verdict: Verdict
    hour: float


@dataclass
class Follower:
    """Goes through the hours of one stream as the pipeline does."""

    cells: Cells
    extra: Cells
    metric: Metric
    asked: list[Asked] = field(default_factory=list)

    def look(self, found: Detection) -> None:
        hour, watch = found.newest.hour - 1, found.newest.watch
        if watch is None:
            return
        for entry in self.asked:
            last = entry.signal.hour + CONFIRMING_HOURS
            if entry.verdict is None and entry.signal.hour < hour <= last:
                said = confirmation_of(entry.signal, self.extra.until(hour + 1), watch).verdict
                entry.verdict = None if said == "inconclusive" and hour < last else said
        signal = signal_of(found)
        if signal and not any(is_asked_about(entry.signal, entry.verdict, signal) for entry in self.asked):
            self.asked.append(Asked(signal))

    def verdict(self, change: Change) -> Verdict | None:
        """None while it is open."""
        own = [
            entry
            for entry in self.asked
            if entry.signal.sign == change.sign and 0 <= change.raised_hour - entry.signal.hour < SAME_SIGNAL_HOURS
        ]
        return own[-1].verdict if own else "inconclusive"


def extra_cells(runs: Runs, cells: Cells, metric: Metric, seed: int) -> Cells:
    """Of all hours; only those of the hours after a signal are looked at."""
    drawn = runs.extra(metric.name, SAMPLES, seed)
    order = [int(name.removeprefix("s")) for name in cells.scenarios]
    values = drawn[: cells.hours, order]
    return Cells(values, np.where(np.isfinite(values), SAMPLES, 0), cells.scenarios, cells.versions)


def told_alarms(runs: Runs, cells: Cells, metric: Metric, seed: int) -> list[Told]:
    """Each alarm of a stream with its verdict and the hour in which it is told."""
    changes = detect(cells, metric).changes
    extra = extra_cells(runs, cells, metric, seed)
    return [_told(cells, extra, metric, change) for change in changes]


def _told(cells: Cells, extra: Cells, metric: Metric, change: Change) -> Told:
    first = change.raised_hour - SAME_SIGNAL_HOURS
    follower, found = Follower(cells, extra, metric), detect(cells.until(first), metric)
    for hour in range(first, min(change.raised_hour + CONFIRMING_HOURS + 1, cells.hours)):
        found = resume(found, cells.until(hour + 1), hour)
        follower.look(found)
        if hour >= change.raised_hour and (verdict := follower.verdict(change)) is not None:
            return Told(change, verdict, _hour_of_telling(change, verdict, hour))
    return Told(change, "inconclusive", change.raised_hour + CONFIRMING_HOURS)


def _hour_of_telling(change: Change, verdict: Verdict, hour: int) -> float:
    if verdict != "stable":
        return hour
    if change.is_of_scenarios:
        return NEVER if change.accepted_hour is None else change.accepted_hour
    final = change.raised_hour + FINAL_AFTER_HOURS
    return NEVER if change.resolved_hour is not None and change.resolved_hour < final else final


def signal_count(cells: Cells, extra: Cells, metric: Metric, first: int) -> int:
    """How many signals the hours from `first` on ask about."""
    follower, found = Follower(cells, extra, metric), detect(cells.until(first), metric)
    for hour in range(first, cells.hours):
        found = resume(found, cells.until(hour + 1), hour)
        follower.look(found)
    return len(follower.asked)
