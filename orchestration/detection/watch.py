"""One target's streams under watch: on from the newest kept states while they hold, or from nothing.

Not here: which streams there are and what is written of them (detect).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestration.detection.cells import HOUR, columns_of, first_hour_of, streams_of
from orchestration.detection.launch import NO_LAUNCH, Launch
from orchestration.stats.change_points import DETECTOR_VERSION, Checkpoint, Detection, detect, resume
from orchestration.stats.detection_metrics import WATCHED
from orchestration.stats.state_codec import from_bytes, to_bytes
from orchestration.storage.anomaly_rows import DetectionState, StreamKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    import polars as pl

    from orchestration.detection.cells import Columns
    from orchestration.stats.cells import Cells
    from orchestration.stats.detection_metrics import Metric

METRICS = {metric.name: metric for metric in WATCHED}


@dataclass(frozen=True, slots=True)
class Watched:
    """What was found in a target's streams by metric; hour 0 of their hours is `first_hour`."""

    first_hour: datetime
    cells: Mapping[Metric, Cells]
    found: Mapping[Metric, Detection]

    @property
    def last_hour(self) -> datetime:
        return self.first_hour + (next(iter(self.cells.values())).hours - 1) * HOUR


def watch_from_nothing(frame: pl.DataFrame, launched: Launch = NO_LAUNCH) -> Watched:
    """All cells of a target, in order; where there were earlier ones, against the baseline that these gave."""
    first_hour = first_hour_of(frame["benchmark_hour"][0])
    cells = seen_streams(frame, first_hour, columns_of(frame))
    baselines = launched.before(first_hour)
    found = {metric: detect(stream, metric, baseline=baselines.get(metric.name)) for metric, stream in cells.items()}
    return Watched(first_hour, cells, found)


def watch_on(kept: DetectionState, frame: pl.DataFrame, launched: Launch = NO_LAUNCH) -> Watched:
    """As from nothing, with all cells of the target, of which those before the kept state are as they were then.

    The first ones may be gone: the state knows what is needed of them, but not what a new version needs.
    """
    states, present = states_by_metric(kept), columns_of(frame)
    begins_earlier = first_hour_of(frame["benchmark_hour"][0]) < kept.first_hour
    if begins_earlier or not know_all(states, present):
        return watch_from_nothing(frame, launched)
    columns = present | columns_known(states)
    cells, baselines = seen_streams(frame, kept.first_hour, columns), launched.before(kept.first_hour)
    return Watched(
        kept.first_hour,
        cells,
        {
            metric: resume(Detection.at(states[metric], metric), stream, states[metric].hour)
            if metric in states
            else detect(stream, metric, baseline=baselines.get(metric.name))
            for metric, stream in cells.items()
        },
    )


def watch_quiet_hours(kept: DetectionState, frame: pl.DataFrame) -> Watched | None:
    """As `watch_on`, from the cells since the kept state alone: None where something is open, new, or begins."""
    states, present = states_by_metric(kept), columns_of(frame)
    if not know_all(states, present):
        return None
    cells = streams_of(frame, kept.first_hour, present | columns_known(states))
    known = {metric: Detection.at(state, metric) for metric, state in states.items()}
    if not all(found.is_quiet(cells[metric]) for metric, found in known.items()):
        return None
    if any(metric not in states and np.isfinite(stream.values).any() for metric, stream in cells.items()):
        return None
    found = {metric: resume(before, cells[metric], states[metric].hour) for metric, before in known.items()}
    stays_quiet = all(
        after.is_quiet(cells[metric]) and len(after.changes) == len(known[metric].changes)
        for metric, after in found.items()
    )
    return Watched(kept.first_hour, {metric: cells[metric] for metric in states}, found) if stays_quiet else None


def columns_known(states: Mapping[Metric, Checkpoint]) -> dict[Metric, Columns]:
    return {metric: state.columns for metric, state in states.items()}


def know_all(states: Mapping[Metric, Checkpoint], present: Mapping[Metric, Columns]) -> bool:
    """Whether no metric that has a state has cells of a version that its state does not know."""
    return all({*present[metric]} <= {*state.columns} for metric, state in states.items())


def seen_streams(frame: pl.DataFrame, first_hour: datetime, columns: Mapping[Metric, Columns]) -> dict[Metric, Cells]:
    """Those in which anything was ever observed; hosts that do not stream have no time to the first token."""
    streams = streams_of(frame, first_hour, columns)
    return {metric: stream for metric, stream in streams.items() if np.isfinite(stream.values).any()}


def states_by_metric(kept: DetectionState) -> dict[Metric, Checkpoint]:
    return {METRICS[name]: state for name, state in from_bytes(kept.state).items()}


def daily_states(
    stream: StreamKey, watched: Watched, after: datetime | None, now: datetime
) -> Iterable[DetectionState]:
    """The states at the first hours of days that all metrics have, without those until `after`."""
    by_hour: dict[int, dict[str, Checkpoint]] = {}
    for metric, found in watched.found.items():
        for state in found.checkpoints:
            by_hour.setdefault(state.hour, {})[metric.name] = state
    for hour, states in sorted(by_hour.items()):
        moment = watched.first_hour + hour * HOUR
        if len(states) == len(watched.found) and hour and (after is None or moment > after):
            yield DetectionState(*stream, moment, DETECTOR_VERSION, watched.first_hour, to_bytes(states), now)
