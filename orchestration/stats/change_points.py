"""Says that a stream changed, and when: a pure function of its cells in the order of their hours.

A day is consumed with what was known at its first hour, so that alarms until an hour are the same whatever comes later,
and a late or rescored hour is replayed from the checkpoint before it. Not here: the state and its steps (monitor), the
statistic (window_statistic), the life of an alarm (incidents), reading rows (run_rows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestration.stats.cells import HOURS_PER_DAY, Cells
from orchestration.stats.monitor import THRESHOLD, Monitor

if TYPE_CHECKING:
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.incidents import Change

KEPT_CHECKPOINTS = 35


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found until an hour. `checkpoints` are the states at the first hours of the newest days, oldest first.

    `is_sufficient` says whether there was enough data to compare with.
    """

    changes: tuple[Change, ...]
    checkpoints: tuple[Monitor, ...]
    is_sufficient: bool


def detect(
    cells: Cells, metric: Metric, *, threshold: float = THRESHOLD, kept_checkpoints: int = KEPT_CHECKPOINTS
) -> Detection:
    """All of a stream's changes, from nothing."""
    return _advance(Monitor(metric, threshold), cells, (), kept_checkpoints)


def resume(previous: Detection, cells: Cells, changed_from: int) -> Detection:
    """The changes when the cells of `changed_from` and later hours are new, late or rescored.

    Replays from the newest checkpoint not after `changed_from` (from nothing where none is left). An alarm that was
    published and is not raised any more stays, as retracted; the others are as `detect` finds them. `cells` keeps the
    columns that there were, and may have more.
    """
    kept = tuple(state for state in previous.checkpoints if state.hour <= changed_from and _fits(state, cells))
    first = previous.checkpoints[0]
    start = kept[-1].checkpoint() if kept else Monitor(first.metric, first.threshold)
    found = _advance(start, cells, kept[:-1], KEPT_CHECKPOINTS)
    raised = {change.key for change in found.changes}
    gone = [replace(change, state="retracted") for change in previous.changes if change.key not in raised]
    return replace(found, changes=tuple(sorted((*found.changes, *gone), key=lambda change: change.key[1:])))


def _fits(state: Monitor, cells: Cells) -> bool:
    """A state that knows the columns; others, of a version that is new, are made anew."""
    return state.control is None or len(state.since) == cells.values.shape[1]


def _advance(monitor: Monitor, cells: Cells, checkpoints: tuple[Monitor, ...], kept: int) -> Detection:
    states = list(checkpoints)
    while True:
        if kept and monitor.hour % HOURS_PER_DAY == 0:
            states = [*states, monitor.checkpoint()][-kept:]
        if monitor.hour >= cells.hours:
            break
        monitor.advance(cells, min(monitor.hour + HOURS_PER_DAY, cells.hours))
    return Detection(tuple(monitor.changes), tuple(states), monitor.control is not None)
