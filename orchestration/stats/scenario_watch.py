"""Single scenarios under watch: those that got worse are left out of the hours' values until they come back.

Not here: the test (scenario_channel), nor changes of all scenarios together (stream_watch).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from orchestration.stats.hour_values import mean_of_finite
from orchestration.stats.incidents import Z95, Change, Recovery
from orchestration.stats.scenario_channel import FULL_SCORE, LOG_THRESHOLD, ScenarioChannel, log_evidence, onset_of
from orchestration.stats.window_statistic import REFERENCE_HOURS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.cells import Cells
    from orchestration.stats.stream_values import StreamValues

ONSET_SEARCH_HOURS = 336


@dataclass(frozen=True, slots=True)
class Fallen:
    """The first hour in which evidence suffices, and against which columns."""

    hour: int
    columns: NDArray[np.intp]


@dataclass(slots=True)
class Held:
    """One column that is left out: how it may come back, and what it is compared with then."""

    recovery: Recovery
    centre: float
    null_mean: float


class ScenarioWatch:
    """`change` is the open alarm of the `held` columns, None while there is none."""

    def __init__(self, channel: ScenarioChannel) -> None:
        self.channel = channel
        self.change: Change | None = None
        self.held: dict[int, Held] = {}
        self._path = np.empty(0)
        self._path_start = 0

    @classmethod
    def of(cls, values: StreamValues, cells: Cells, hour: int) -> Self:
        return cls(ScenarioChannel.of(*values.scenario_means(cells, 0, hour)))

    def copy(self) -> Self:
        twin = copy.copy(self)
        twin.change, twin.held = copy.deepcopy((self.change, self.held))
        return twin

    def look_ahead(self, cells: Cells, hour: int, stop: int) -> Fallen | None:
        """What the hours until `stop` would raise first; nothing is consumed yet."""
        self._path, self._path_start = self.channel.path(cells.values[hour:stop]), hour
        above = log_evidence(self._path) >= LOG_THRESHOLD
        rows = np.flatnonzero(above.any(axis=1))
        return Fallen(hour + int(rows[0]), np.flatnonzero(above[rows[0]])) if len(rows) else None

    def consume(self, hour: int) -> None:
        """The evidence of the hours looked at, until this one."""
        self.channel = self.channel.after(self._path[hour - self._path_start])

    def attach(self, cells: Cells, columns: NDArray[np.intp], change: Change) -> None:
        """They are part of a change of the whole stream."""
        self.channel = self.channel.silenced(columns)
        change.scenarios = _names(cells, columns, change.scenarios)

    def hold(self, values: StreamValues, cells: Cells, fallen: Fallen) -> Change | None:
        """Leave these columns out from their onset on; the change, if it is a new one."""
        known = self.change
        null_means = self.channel.null_means[fallen.columns]
        self.channel = self.channel.watching(fallen.columns, np.full(len(fallen.columns), np.nan))
        for column, null_mean in zip(fallen.columns.tolist(), null_means.tolist(), strict=True):
            self._hold_one(values, cells, column, null_mean, fallen.hour)
        if self.change is not None:
            self.change.scenarios = _names(cells, fallen.columns, self.change.scenarios)
        return self.change if known is None else None

    def _hold_one(self, values: StreamValues, cells: Cells, column: int, null_mean: float, hour: int) -> None:
        start = max(hour - ONSET_SEARCH_HOURS, 0)
        onset = start + onset_of(cells.values[start : hour + 1, column], null_mean)
        reference = cells.values[:onset, [column]][-REFERENCE_HOURS:]
        before, known = float(mean_of_finite(reference, 0)[0]), int(np.isfinite(reference).sum())
        fallen = cells.values[onset : hour + 1, column]
        after, count = float(mean_of_finite(fallen[:, None], 0)[0]), int(np.isfinite(fallen).sum())
        spread = float(values.control.spread[column])
        half = Z95 * spread / max(count, 1) ** 0.5
        if self.change is None:
            effect = (after - before - half, after - before + half)
            self.change = Change.of(values.metric, -1, (hour, onset), (before, after), effect, LOG_THRESHOLD)
            self.change.is_final = self.change.is_of_scenarios = True
            counts = cells.counts[: hour + 1, column]
            self.change.answers = int(counts[:onset][-REFERENCE_HOURS:].sum()), int(counts[onset:].sum())
            self.change.errors = spread / max(known, 1) ** 0.5, spread / max(count, 1) ** 0.5
            self.change.detectable_effect = before - FULL_SCORE * null_mean
        self.held[column] = Held(Recovery(before, after, count), float(values.control.centre[column]), null_mean)
        values.control = values.control.having(column, np.nan)
        values.recompute(cells, onset)

    def follow(self, values: StreamValues, cells: Cells, hour: int) -> bool:
        """Consume an hour of the columns that are left out; whether one came back."""
        back = [
            column
            for column, held in self.held.items()
            if np.isfinite(value := cells.values[hour, column])
            and held.recovery.consume(hour, float(value), float(values.control.spread[column]) ** 2)
        ]
        for column in back:
            since = self.held[column].recovery.since
            self._release(values, column)
            values.recompute(cells, since)
        if back and not self.held and self.change is not None:
            self.change.resolve(hour)
            self.change = None
        return bool(back)

    def hand_over(self, values: StreamValues, cells: Cells) -> None:
        """The change turned out to concern the whole stream: all columns are compared again, from its onset on."""
        if self.change is None:
            return
        for column in list(self.held):
            self._release(values, column)
        values.recompute(cells, self.change.onset_hour)
        self.change = None

    def accept(self, values: StreamValues, hour: int) -> None:
        """What they give since the onset becomes their control, as that of a new version would."""
        if self.change is None:
            return
        self.change.accept(hour)
        values.since = values.since.copy()
        values.since[list(self.held)] = self.change.onset_hour
        self.change, self.held = None, {}

    def _release(self, values: StreamValues, column: int) -> None:
        held = self.held.pop(column)
        values.control = values.control.having(column, held.centre)
        self.channel = self.channel.watching(np.array([column]), np.array([held.null_mean]))

    def admit(self, values: StreamValues, cells: Cells, columns: NDArray[np.intp], since: int, hour: int) -> None:
        """Watch these columns by what they gave since then."""
        means, errors = values.scenario_means(cells, since, hour)
        self.channel = self.channel.watching(columns, ScenarioChannel.of(means[columns], errors[columns]).null_means)

    def restart(self, values: StreamValues, cells: Cells, since: int, hour: int) -> None:
        """Watch all by what they give at an accepted level."""
        self.channel = ScenarioChannel.of(*values.scenario_means(cells, since, hour))


def _names(cells: Cells, columns: NDArray[np.intp], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*known, *(cells.scenarios[column] for column in columns)}))
