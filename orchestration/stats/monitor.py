"""The state of one stream's detector, and how a day of cells changes it.

Not here: the statistic (window_statistic), the life of an alarm (incidents), checkpoints and replay (change_points).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from orchestration.stats.cells import HOURS_PER_DAY, Cells
from orchestration.stats.detection_metrics import QUALITY
from orchestration.stats.hour_values import (
    MIN_HOURS,
    Control,
    admit,
    eligible_columns,
    first_control,
    hour_values,
    mean_of_finite,
)
from orchestration.stats.incidents import ONSET_BEFORE_HOURS, Z95, Change, Recovery, refine_onset
from orchestration.stats.scenario_channel import LOG_THRESHOLD, ScenarioChannel, log_evidence, onset_of
from orchestration.stats.season import Season, fit_season
from orchestration.stats.window_statistic import (
    MEAN_VARIANCES,
    MIN_REFERENCE,
    NOISE_HOURS,
    PHI,
    REFERENCE_HOURS,
    Crossing,
    Noise,
    estimate_noise,
    scan,
    weights_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.detection_metrics import Metric

THRESHOLD = 4.75
WARM_UP_HOURS = 336
ACCEPTED_AFTER_HOURS = 168
REARMED_AFTER_HOURS = 24
FINAL_AFTER_HOURS = 24
SEASON_EVERY_HOURS = 168
SEASON_HOURS = 672
MIN_YOUNG_REFERENCE = 24
SAME_CAUSE_HOURS = 48
ONSET_SEARCH_HOURS = 336
SCANNED_HOURS = NOISE_HOURS + REFERENCE_HOURS
DRIFT_SUM = (1 + PHI) / (1 - PHI)
ONSET_CLIP_SD = 2.5
NEVER = 1 << 60


@dataclass(slots=True)
class Incident:
    """An open alarm of the whole stream: the regime before it waits to come back."""

    change: Change
    recovery: Recovery
    old_regime: NDArray[np.intp]
    old_noise: Noise


@dataclass(slots=True)
class ScenarioIncident:
    """An open alarm of single scenarios: a recovery for each of the columns, which the hours' values leave out."""

    change: Change
    recoveries: dict[int, Recovery]
    centres: dict[int, float]
    null_means: dict[int, float]


class Monitor:
    """Consumes whole days in order; `control` is None while there is too little data to compare with."""

    def __init__(self, metric: Metric, threshold: float = THRESHOLD) -> None:
        self.metric, self.threshold = metric, threshold
        self.hour = 0
        self.changes: list[Change] = []
        self.control: Control | None = None
        self.season: Season
        self.noise: Noise
        self.channel: ScenarioChannel | None = None
        self.raw = np.empty(0)
        self.weights = np.empty(0)
        self.regime = np.empty(0, dtype=np.intp)
        self.since = np.empty(0, dtype=np.intp)
        self.incidents: list[Incident] = []
        self.scenario_incident: ScenarioIncident | None = None
        self.rearmed_hour = 0

    def checkpoint(self) -> Monitor:
        """A copy that later days leave alone."""
        twin = copy.copy(self)
        open_things = (self.changes, self.incidents, self.scenario_incident)
        twin.changes, twin.incidents, twin.scenario_incident = copy.deepcopy(open_things)
        return twin

    # -- a day ---------------------------------------------------------------------------------------------------

    def advance(self, cells: Cells, stop: int) -> None:
        """Consume the hours from where it stands (the first of a day) to before `stop` (within that day)."""
        start, self.hour = self.hour, stop
        self.raw = np.concatenate([self.raw[:start], np.full(stop - start, np.nan)])
        self.weights = np.concatenate([self.weights[:start], np.ones(stop - start)])
        if not self._begin_day(cells, start):
            return
        self._value_hours(cells, start, stop)
        self.regime = np.concatenate([self.regime, start + np.flatnonzero(np.isfinite(self.raw[start:stop]))])
        hour = start
        while hour < stop:
            hour = self._consume(cells, hour, stop) + 1

    def _begin_day(self, cells: Cells, hour: int) -> bool:
        if self.control is None:
            return self._launch(cells, hour)
        self._admit_versions(cells, hour)
        if hour % SEASON_EVERY_HOURS == 0:
            self._fit_season(hour)
        self._estimate_noise()
        return True

    def _launch(self, cells: Cells, hour: int) -> bool:
        """Fix the baseline after 14 days, or when there are 168 observed hours."""
        if hour < WARM_UP_HOURS:
            return False
        self.control = first_control(cells, hour, self.metric)
        if self.control is None:
            return False
        self._value_hours(cells, 0, hour)
        self.regime = np.flatnonzero(np.isfinite(self.raw[:hour]))
        if len(self.regime) < MIN_HOURS:
            self.control = None
            return False
        self.since = cells.first_hours.copy()
        self.season = fit_season(self.regime, self.raw[self.regime])
        noise = estimate_noise(self.regime, self._values(self.regime), self.weights[self.regime], self.metric)
        assert noise is not None  # 168 hours are enough for it
        self.noise = noise
        if self.metric == QUALITY:
            self.channel = ScenarioChannel.of(*self._scenario_means(cells, 0, hour))
        return True

    def _admit_versions(self, cells: Cells, hour: int) -> None:
        assert self.control is not None
        self.since = np.where(self.since >= hour, cells.first_hours, self.since)
        waiting = ~self.control.admitted & (self.since <= hour - MIN_HOURS)
        if self.scenario_incident is not None:
            waiting[list(self.scenario_incident.recoveries)] = False
        if not waiting.any():
            return
        waiting &= eligible_columns(cells, self.since, hour)
        for since in np.unique(self.since[waiting]):
            self._admit(cells, np.flatnonzero(waiting & (self.since == since)), int(since), hour)

    def _admit(self, cells: Cells, columns: NDArray[np.intp], since: int, hour: int) -> None:
        assert self.control is not None
        self.control, alone = admit(cells, columns, since, hour, self.control, self.metric)
        if alone:
            for incident in self.incidents:
                self._accept(incident.change, hour)
            self.incidents = []
        known = np.isfinite(self.raw[since:hour])
        self._value_hours(cells, since, hour)
        fresh = since + np.flatnonzero(np.isfinite(self.raw[since:hour]) & ~known)
        regime = np.union1d(self.regime, fresh[fresh >= self.regime[0]] if len(self.regime) else fresh)
        self.regime = regime[regime >= since] if alone else regime
        if self.channel is not None:
            means, errors = self._scenario_means(cells, since, hour)
            fresh = ScenarioChannel.of(means[columns], errors[columns])
            self.channel = self.channel.watching(columns, fresh.null_means)

    def _fit_season(self, hour: int) -> None:
        """Anew from the last four weeks of the regime, once these hold two."""
        recent = self.regime[self.regime >= hour - SEASON_HOURS]
        if len(recent) >= WARM_UP_HOURS // 2 and recent[0] <= hour - WARM_UP_HOURS:
            self.season = fit_season(recent, self.raw[recent])

    def _estimate_noise(self) -> None:
        recent = self.regime[-SCANNED_HOURS:]
        noise = estimate_noise(recent, self._values(recent), self.weights[recent], self.metric)
        if noise is None and len(recent):
            noise = replace(self.noise, centre=float(np.median(self._values(recent))))
        self.noise = self.noise if noise is None else noise

    # -- values --------------------------------------------------------------------------------------------------

    def _value_hours(self, cells: Cells, start: int, stop: int) -> None:
        assert self.control is not None
        value, variance = hour_values(cells, start, stop, self.control, self.metric)
        self.raw[start:stop] = value
        self.weights[start:stop] = weights_of(np.where(np.isfinite(variance), variance, 1.0))

    def _revalue_hours(self, cells: Cells, start: int) -> None:
        self._value_hours(cells, start, self.hour)
        self.regime = self.regime[np.isfinite(self.raw[self.regime])]

    def _values(self, hours: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(self.raw[hours] - self.season.at(hours))

    def _variances(self, hours: NDArray[np.intp], drift_share: float = 1.0) -> NDArray[np.float64]:
        return np.asarray(self.noise.independent**2 / self.weights[hours] + drift_share * self.noise.drift**2)

    def _scenario_means(
        self, cells: Cells, start: int, stop: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of the compared versions, with their standard errors."""
        assert self.control is not None
        values = np.where(self.control.admitted, cells.values[start:stop], np.nan)
        count = np.isfinite(values).sum(axis=0)
        return mean_of_finite(values, 0), self.control.spread / np.sqrt(np.maximum(count, 1))

    # -- an hour -------------------------------------------------------------------------------------------------

    def _consume(self, cells: Cells, hour: int, stop: int) -> int:
        """Everything until the next event in [hour, stop), and that event; its hour, or the last one without any."""
        crossing, crossing_hour = self._first_crossing(hour, stop)
        path, columns, scenario_hour = self._first_scenarios(cells, hour, stop)
        due = min((self._due(change) for change in self._unsettled()), default=NEVER)
        last = min(crossing_hour, scenario_hour, max(due, hour), stop - 1)
        recovered = self._follow_recoveries(cells, hour, last)
        last = last if recovered is None else recovered
        if self.channel is not None and path is not None:
            self.channel = self.channel.after(path[last - hour])
        self._settle(cells, last)
        if recovered is not None:
            return last
        if crossing is not None and crossing_hour == last:
            self._raise(cells, crossing)
        elif scenario_hour == last:
            self._raise_scenarios(cells, columns, last)
        return last

    def _first_crossing(self, hour: int, stop: int) -> tuple[Crossing | None, int]:
        hours = self.regime[-SCANNED_HOURS:]
        positions = np.flatnonzero(hours >= max(hour, self.rearmed_hour))
        if not len(positions) or hours[-1] >= stop:
            return None, NEVER
        least = MIN_YOUNG_REFERENCE if self.incidents else MIN_REFERENCE
        found = scan(self._values(hours), self.weights[hours], positions, self.noise, least).first_crossing(
            self.threshold, self.metric.least_effect
        )
        if found is None:
            return None, NEVER
        moved = replace(found, position=int(hours[found.position]), start=int(hours[found.start]))
        return moved, moved.position

    def _first_scenarios(
        self, cells: Cells, hour: int, stop: int
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.intp], int]:
        if self.channel is None:
            return None, np.empty(0, dtype=np.intp), NEVER
        path = self.channel.path(cells.values[hour:stop])
        above = log_evidence(path) >= LOG_THRESHOLD
        rows = np.flatnonzero(above.any(axis=1))
        if not len(rows):
            return path, np.empty(0, dtype=np.intp), NEVER
        return path, np.flatnonzero(above[rows[0]]), hour + int(rows[0])

    # -- alarms --------------------------------------------------------------------------------------------------

    def _raise(self, cells: Cells, crossing: Crossing) -> None:
        hour, sign = crossing.position, 1 if crossing.after > crossing.before else -1
        if self._is_way_back(crossing, sign):
            self._resolve(self.incidents[-1], hour, crossing.start)
            return
        change = self._change(crossing, sign)
        held = self.scenario_incident
        if held is not None and sign < 0 and abs(held.change.onset_hour - crossing.start) <= SAME_CAUSE_HOURS:
            change = self._widen(cells, held, change)
        else:
            self.changes.append(change)
        weight = float(np.count_nonzero((self.regime >= crossing.start) & (self.regime <= hour)))
        recovery = Recovery(crossing.before, crossing.after, weight)
        self.incidents.append(Incident(change, recovery, self.regime[self.regime < crossing.start], self.noise))
        self.regime = self.regime[self.regime >= crossing.start]
        self.noise = replace(self.noise, centre=crossing.after)
        self.rearmed_hour = hour + REARMED_AFTER_HOURS

    def _is_way_back(self, crossing: Crossing, sign: int) -> bool:
        """Whether the new level lies within half the gap of the level before the newest incident."""
        if not self.incidents or self.incidents[-1].change.sign == sign:
            return False
        recovery = self.incidents[-1].recovery
        return abs(crossing.after - recovery.old) <= abs(recovery.new - recovery.old) / 2

    def _change(self, crossing: Crossing, sign: int) -> Change:
        effect, half = crossing.after - crossing.before, Z95 * crossing.error
        change = Change(
            metric=self.metric.name,
            sign=sign,
            raised_hour=crossing.position,
            onset_hour=crossing.start,
            onset_set=(crossing.start, crossing.position),
            before=crossing.before,
            after=crossing.after,
            effect_lower=effect - half,
            effect_upper=effect + half,
            severity="minor",
            statistic=crossing.statistic,
        )
        change.severity = self.metric.severity(change.smallest_effect)
        return change

    def _widen(self, cells: Cells, held: ScenarioIncident, found: Change) -> Change:
        """What the scenario channel raised turns out to concern the whole stream: the same alarm goes on."""
        for column in list(held.centres):
            self._release(held, column)
        self.scenario_incident = None
        self._revalue_hours(cells, held.change.onset_hour)
        change = held.change
        change.before, change.after, change.statistic = found.before, found.after, found.statistic
        change.effect_lower, change.effect_upper = found.effect_lower, found.effect_upper
        change.onset_hour, change.onset_set = min(change.onset_hour, found.onset_hour), found.onset_set
        change.severity, change.is_final = found.severity, False
        return change

    def _raise_scenarios(self, cells: Cells, columns: NDArray[np.intp], hour: int) -> None:
        assert self.channel is not None
        names = tuple(sorted({cells.scenarios[column] for column in columns}))
        falling = [incident.change for incident in self.incidents if incident.change.sign < 0]
        nulls = self.channel.null_means[columns]
        if falling:
            self.channel = self.channel.silenced(columns)
            falling[-1].scenarios = tuple(sorted({*falling[-1].scenarios, *names}))
            return
        self.channel = self.channel.watching(columns, np.full(len(columns), np.nan))
        for column, null in zip(columns.tolist(), nulls.tolist(), strict=True):
            self._hold(cells, column, null, hour)

    def _hold(self, cells: Cells, column: int, null_mean: float, hour: int) -> None:
        """Leave the scenario out of the hours' values from its onset on, and wait for it."""
        assert self.control is not None
        start = max(hour - ONSET_SEARCH_HOURS, 0)
        onset = start + onset_of(cells.values[start : hour + 1, column], null_mean)
        before = mean_of_finite(cells.values[:onset, [column]][-REFERENCE_HOURS:], 0)[0]
        since = cells.values[onset : hour + 1, column]
        after, count = mean_of_finite(since[:, None], 0)[0], float(np.isfinite(since).sum())
        if self.scenario_incident is None:
            self.scenario_incident = ScenarioIncident(self._drop(hour, onset, before, after, count, column), {}, {}, {})
            self.changes.append(self.scenario_incident.change)
        held = self.scenario_incident
        held.change.scenarios = tuple(sorted({*held.change.scenarios, cells.scenarios[column]}))
        held.recoveries[column] = Recovery(float(before), float(after), count)
        held.centres[column], held.null_means[column] = float(self.control.centre[column]), null_mean
        self.control = self.control.having(column, np.nan)
        self._revalue_hours(cells, onset)

    def _drop(self, hour: int, onset: int, before: float, after: float, count: float, column: int) -> Change:
        assert self.control is not None
        half = Z95 * float(self.control.spread[column]) / np.sqrt(max(count, 1.0))
        lower, upper = after - before - half, after - before + half
        change = Change(
            self.metric.name, -1, hour, onset, (onset, onset), before, after, lower, upper, "minor", LOG_THRESHOLD,
            is_final=True,
        )  # fmt: skip
        change.severity = self.metric.severity(change.smallest_effect)
        return change

    # -- what becomes of them ------------------------------------------------------------------------------------

    def _unsettled(self) -> list[Change]:
        changes = [incident.change for incident in self.incidents]
        return changes if self.scenario_incident is None else [*changes, self.scenario_incident.change]

    def _due(self, change: Change) -> int:
        return change.raised_hour + (ACCEPTED_AFTER_HOURS if change.is_final else FINAL_AFTER_HOURS)

    def _settle(self, cells: Cells, hour: int) -> None:
        """What is due at `hour`: final figures, or acceptance of the new level."""
        for incident in [entry for entry in self.incidents if self._due(entry.change) <= hour]:
            if not incident.change.is_final:
                self._finish(incident, hour)
            else:
                self._accept(incident.change, hour)
                self.incidents.remove(incident)
                self._watch_anew(cells, incident.change.onset_hour, hour + 1)
        held = self.scenario_incident
        if held is not None and self._due(held.change) <= hour:
            self._accept(held.change, hour)
            self.since = self.since.copy()
            self.since[list(held.recoveries)] = held.change.onset_hour
            self.scenario_incident = None

    def _watch_anew(self, cells: Cells, since: int, before: int) -> None:
        """Scenarios are compared with what they give at the accepted level."""
        if self.channel is not None:
            self.channel = ScenarioChannel.of(*self._scenario_means(cells, since, before))

    def _accept(self, change: Change, hour: int) -> None:
        change.state, change.accepted_hour = "accepted", hour

    def _finish(self, incident: Incident, last: int) -> None:
        """The final onset, effect and severity, from the hours until `last`; the regimes are parted there."""
        change = incident.change
        change.is_final = True
        newest = incident is self.incidents[-1]
        hours = np.union1d(incident.old_regime[-MIN_HOURS - ONSET_BEFORE_HOURS :], self.regime[self.regime <= last])
        values, bound = self._values(hours), ONSET_CLIP_SD * np.sqrt(self._variances(hours))
        middles = [float(np.median(values[side])) for side in (hours < change.onset_hour, hours >= change.onset_hour)]
        low, high = min(middles), max(middles)
        clipped = np.clip(values, low - bound, high + bound)
        earliest = max(change.onset_hour - ONSET_BEFORE_HOURS, int(hours[0]) + 1)
        found = refine_onset(hours, clipped, self._variances(hours), earliest, change.raised_hour)
        if not newest or found is None:
            return
        onset, plausible, before, after = found
        if (after - before) * change.sign <= 0:
            return
        count = np.searchsorted(hours, onset)
        self._write_final(change, onset, plausible, (before, after), (int(count), len(hours) - int(count)))
        self.noise = replace(self.noise, centre=middles[1])
        incident.recovery.new = after
        together = np.union1d(incident.old_regime, self.regime)
        incident.old_regime, self.regime = together[together < onset], together[together >= onset]

    def _write_final(
        self, change: Change, onset: int, plausible: tuple[int, int], levels: tuple[float, float], counts: tuple[int, int]
    ) -> None:
        spread = sum(
            self.noise.independent**2 / count + self.noise.drift**2 * float(MEAN_VARIANCES[min(count, REFERENCE_HOURS)])
            for count in counts
        )
        change.onset_hour, change.onset_set, (change.before, change.after) = onset, plausible, levels
        effect, half = change.after - change.before, Z95 * float(np.sqrt(spread))
        change.effect_lower, change.effect_upper = effect - half, effect + half
        change.severity = self.metric.severity(change.smallest_effect)

    def _follow_recoveries(self, cells: Cells, hour: int, last: int) -> int | None:
        """Consume the hours until one in which something came back; that hour."""
        if not self.incidents and self.scenario_incident is None:
            return None
        for now in range(hour, last + 1):
            recovered = self._follow_incidents(now)
            if self._follow_scenarios(cells, now) or recovered:
                return now
        return None

    def _follow_incidents(self, hour: int) -> bool:
        if not np.isfinite(self.raw[hour]) or hour not in self.regime[-HOURS_PER_DAY * 2 :]:
            return False
        at = np.array([hour])
        value, variance = float(self._values(at)[0]), float(self._variances(at, DRIFT_SUM)[0])
        back = [incident for incident in self.incidents if incident.recovery.consume(hour, value, variance)]
        for incident in back[:1]:
            self._resolve(incident, hour, incident.recovery.since)
        return bool(back)

    def _resolve(self, incident: Incident, hour: int, since: int) -> None:
        """The regime before the incident comes back without the incident's hours; those within it end too."""
        if not incident.change.is_final and since > incident.change.onset_hour:
            self._finish(incident, since - 1)
        place = self.incidents.index(incident)
        for ended in self.incidents[place:]:
            ended.change.state, ended.change.resolved_hour, ended.change.is_final = "resolved", hour, True
        self.incidents = self.incidents[:place]
        self.regime = np.union1d(incident.old_regime, self.regime[self.regime >= since])
        self.noise = incident.old_noise

    def _follow_scenarios(self, cells: Cells, hour: int) -> bool:
        held = self.scenario_incident
        if held is None:
            return False
        assert self.control is not None
        back = [
            column
            for column, recovery in held.recoveries.items()
            if np.isfinite(value := cells.values[hour, column])
            and recovery.consume(hour, float(value), float(self.control.spread[column]) ** 2)
        ]
        for column in back:
            self._release(held, column)
            self._revalue_hours(cells, held.recoveries.pop(column).since)
        if back and not held.recoveries:
            held.change.state, held.change.resolved_hour, self.scenario_incident = "resolved", hour, None
        return bool(back)

    def _release(self, held: ScenarioIncident, column: int) -> None:
        """Compare and watch the scenario again, as before its incident."""
        assert self.control is not None
        assert self.channel is not None
        self.control = self.control.having(column, held.centres.pop(column))
        self.channel = self.channel.watching(np.array([column]), np.array([held.null_means.pop(column)]))
