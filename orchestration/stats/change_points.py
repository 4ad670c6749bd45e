"""Says that a stream changed, and when: a pure function of its cells in the order of their hours.

A day is consumed with what was known at its first hour, so that alarms until an hour are the same whatever comes later,
and a late or rescored hour is replayed from the checkpoint before it. Not here: what happens in a day (stream_watch),
the statistic (window_statistic), the life of an alarm (incidents), reading rows (run_rows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from orchestration.stats.cells import HOURS_PER_DAY, Cells
from orchestration.stats.stream_watch import StreamWatch

if TYPE_CHECKING:
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.hour_values import Baseline
    from orchestration.stats.incidents import Change

THRESHOLD = 4.75
KEPT_CHECKPOINTS = 35
DETECTOR_VERSION = 3
"""Goes up when states or results are others than before: then kept states are of no use, and all is replayed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state before `hour`; `watch` is None while there is too little data to compare with."""

    hour: int
    watch: StreamWatch | None
    columns: tuple[tuple[str, str], ...] = ()

    def advance(
        self, cells: Cells, metric: Metric, threshold: float, baseline: Baseline | None, *, is_kept: bool = True
    ) -> Checkpoint:
        """The state at the end of the day or of the cells; this one is of no use then, unless it `is_kept`."""
        begins_day = self.hour % HOURS_PER_DAY == 0
        stop = min(self.hour - self.hour % HOURS_PER_DAY + HOURS_PER_DAY, cells.hours)
        watch = self.watch.copy() if self.watch is not None and is_kept else self.watch
        if begins_day and watch is None:
            watch = StreamWatch.launch(cells, self.hour, metric, threshold, baseline)
        elif begins_day and watch is not None:
            watch.begin_day(cells, self.hour)
        if watch is not None:
            watch.consume_hours(cells, self.hour, stop)
        return Checkpoint(stop, watch, cells.columns)

    def knows(self, cells: Cells) -> bool:
        """Whether it has the same columns; one that lacks the column of a new version is of no use."""
        return self.watch is None or self.columns == cells.columns


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found, with the states at the first hours of the newest days, oldest first, and at the end (`newest`).

    `is_sufficient` says whether there was enough data to compare with; `baseline` is that of cells which are gone.
    """

    metric: Metric
    threshold: float
    changes: tuple[Change, ...]
    checkpoints: tuple[Checkpoint, ...]
    newest: Checkpoint
    baseline: Baseline | None = None

    @property
    def is_sufficient(self) -> bool:
        return self.newest.watch is not None

    @classmethod
    def at(cls, state: Checkpoint, metric: Metric, threshold: float = THRESHOLD) -> Self:
        """What was known when that state was taken."""
        changes = () if state.watch is None else tuple(state.watch.changes)
        return cls(metric, threshold, changes, (state,), state)

    def is_quiet(self, cells: Cells) -> bool:
        """Whether the cells of past days make no difference to what comes next."""
        return self.newest.watch is not None and self.newest.watch.is_quiet(cells)


def detect(
    cells: Cells, metric: Metric, *, threshold: float = THRESHOLD, baseline: Baseline | None = None
) -> Detection:
    """All of a stream's changes, from nothing; where its first cells are gone, against the baseline that they gave."""
    return _advance((Checkpoint(0, None),), cells, metric, threshold, baseline)


def resume(previous: Detection, cells: Cells, changed_from: int) -> Detection:
    """The changes when the cells of `changed_from` and later hours are new, late or rescored.

    Replays from the newest checkpoint not after `changed_from`, from nothing where none is left. An alarm that was
    published and is not raised any more stays, as retracted; the others are as `detect` finds them.
    """
    known = (*previous.checkpoints, previous.newest)
    kept = tuple(state for state in known if state.hour <= changed_from and state.knows(cells))
    beginning = kept or (Checkpoint(0, None),)
    found = _advance(beginning, cells, previous.metric, previous.threshold, previous.baseline)
    raised = {change.key for change in found.changes}
    gone = [replace(change, state="retracted") for change in previous.changes if change.key not in raised]
    return replace(found, changes=tuple(sorted((*found.changes, *gone), key=lambda change: change.key)))


def _advance(
    checkpoints: tuple[Checkpoint, ...], cells: Cells, metric: Metric, threshold: float, baseline: Baseline | None
) -> Detection:
    state = checkpoints[-1]
    kept = [known for known in checkpoints if known.hour % HOURS_PER_DAY == 0]
    first_kept = cells.hours - KEPT_CHECKPOINTS * HOURS_PER_DAY
    while state.hour < cells.hours:
        is_kept = state is checkpoints[-1] or state.hour >= first_kept
        state = state.advance(cells, metric, threshold, baseline, is_kept=is_kept)
        if state.hour >= first_kept and state.hour % HOURS_PER_DAY == 0:
            kept.append(state)
    changes = () if state.watch is None else tuple(state.watch.changes)
    return Detection(metric, threshold, changes, tuple(kept[-KEPT_CHECKPOINTS:]), state, baseline)
