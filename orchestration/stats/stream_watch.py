"""A stream under watch: its alarms, and what becomes of them, hour by hour.

Not here: the values (stream_values), single scenarios (scenario_watch), checkpoints and replay (change_points).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from orchestration.stats.detection_metrics import QUALITY
from orchestration.stats.hour_values import MIN_HOURS
from orchestration.stats.incidents import ONSET_BEFORE_HOURS, Z95, Change, Recovery, refine_onset
from orchestration.stats.scenario_watch import Fallen, ScenarioWatch
from orchestration.stats.stream_values import StreamValues
from orchestration.stats.window_statistic import MIN_REFERENCE, PHI, Crossing, Noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.cells import Cells
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.hour_values import Baseline

ACCEPTED_AFTER_HOURS = 168
REARMED_AFTER_HOURS = 24
FINAL_AFTER_HOURS = 24
MIN_YOUNG_REFERENCE = 24
SAME_CAUSE_HOURS = 48
DRIFT_SUM = (1 + PHI) / (1 - PHI)
ONSET_CLIP_SD = 2.5
FORGET_EVERY_HOURS = 168
SIGNAL_BELOW = 0.75
"""How far below the threshold a change shows: it is asked about before it is an alarm."""
NEVER = 1 << 60


@dataclass(slots=True)
class Incident:
    """An open alarm of the whole stream: the regime before it waits to come back."""

    change: Change
    recovery: Recovery
    old_regime: NDArray[np.intp]
    old_noise: Noise


class StreamWatch:
    """Exists from the hour on in which there is enough to compare with. `incidents` are the open ones, oldest first.

    `rising` is what the newest hours show of a change that is no alarm as yet, while none is open.
    """

    def __init__(self, values: StreamValues, scenarios: ScenarioWatch | None, threshold: float) -> None:
        self.values, self.scenarios, self.threshold = values, scenarios, threshold
        self.changes: list[Change] = []
        self.incidents: list[Incident] = []
        self.rearmed_hour = 0
        self.rising: Crossing | None = None

    @classmethod
    def launch(
        cls, cells: Cells, hour: int, metric: Metric, threshold: float, baseline: Baseline | None = None
    ) -> Self | None:
        values = StreamValues.launch(cells, hour, metric, baseline)
        if values is None:
            return None
        return cls(values, ScenarioWatch.of(values, cells, hour) if metric == QUALITY else None, threshold)

    def copy(self) -> Self:
        """One that later days leave alone."""
        memo: dict[int, object] = {}
        twin = copy.copy(self)
        twin.values = self.values.copy()
        twin.changes, twin.incidents = copy.deepcopy((self.changes, self.incidents), memo)
        if self.scenarios is not None:
            twin.scenarios = self.scenarios.copy()
            twin.scenarios.change = copy.deepcopy(self.scenarios.change, memo)
        return twin

    def begin_day(self, cells: Cells, hour: int) -> None:
        """What is learnt at a checkpoint: new versions, the season, the noise."""
        waiting = self.values.waiting(cells, hour, [] if self.scenarios is None else list(self.scenarios.held))
        for since in np.unique(self.values.since[waiting]).tolist():
            columns = np.flatnonzero(waiting & (self.values.since == since))
            if self.values.admit(cells, columns, since, hour):
                self._accept_all(hour)
            if self.scenarios is not None:
                self.scenarios.admit(self.values, cells, columns, since, hour)
        self.values.fit_season(hour)
        self.values.estimate_noise()
        if hour % FORGET_EVERY_HOURS == 0:
            self.values.forget([incident.old_regime for incident in self.incidents])

    def is_quiet(self, cells: Cells) -> bool:
        """Whether nothing is open and no seen version waits: then the cells of past days make no difference."""
        values = self.values
        waiting = ~values.control.admitted & (values.since < len(values.raw))
        return len(values.since) == len(cells.columns) and not waiting.any() and not self._open_changes()

    def consume_hours(self, cells: Cells, start: int, stop: int) -> None:
        """The hours of (a part of) one day, in order."""
        self.values.append_hours(cells, start, stop)
        hour = start
        while hour < stop:
            hour = self._consume(cells, hour, stop) + 1

    def _consume(self, cells: Cells, hour: int, stop: int) -> int:
        """Everything until the next event in [hour, stop), and that event; its hour, or the last one without any."""
        least = MIN_YOUNG_REFERENCE if self.incidents else MIN_REFERENCE
        signal_threshold = self.threshold - SIGNAL_BELOW
        armed = max(hour, self.rearmed_hour)
        crossing, newest = self.values.crossings(armed, self.threshold, signal_threshold, least)
        fallen = None if self.scenarios is None else self.scenarios.look_ahead(cells, hour, stop)
        due = min((self._due(change) for change in self._open_changes()), default=NEVER)
        crossing_hour = NEVER if crossing is None else crossing.position
        fallen_hour = NEVER if fallen is None else fallen.hour
        planned = min(crossing_hour, fallen_hour, max(due, hour), stop - 1)
        recovered = self._follow_recoveries(cells, hour, planned)
        last = planned if recovered is None else recovered
        if self.scenarios is not None:
            self.scenarios.consume(last)
        is_accepted = self._settle(cells, last)
        if recovered is None and crossing is not None and crossing_hour == last:
            self._raise(cells, crossing)
        elif recovered is None and fallen is not None and fallen_hour == last and not is_accepted:
            self._raise_scenarios(cells, fallen)
        self.rising = None if self._open_changes() else newest
        return last

    # -- alarms

    def _raise(self, cells: Cells, crossing: Crossing) -> None:
        sign = 1 if crossing.after > crossing.before else -1
        if self._is_way_back(crossing, sign):
            self._resolve(cells, self.incidents[-1], crossing.position, crossing.start)
            return
        effect, half = crossing.after - crossing.before, Z95 * crossing.error
        change = Change.of(
            self.values.metric,
            sign,
            (crossing.position, crossing.start),
            (crossing.before, crossing.after),
            (effect - half, effect + half),
            crossing.statistic,
        )
        self._add_evidence(cells, change, crossing)
        wider = self._widened(cells, change)
        if wider is None:
            self.changes.append(change)
        self._open(change if wider is None else wider, crossing)

    def _add_evidence(self, cells: Cells, change: Change, crossing: Crossing) -> None:
        values, regime = self.values, self.values.regime
        inside = regime[(regime >= crossing.start) & (regime <= crossing.position)]
        change.baseline = values.launch_level
        change.errors = values.error_before(crossing.start), values.noise.error_of_mean(len(inside))
        change.answers = values.answers(cells, values.hours_before(crossing.start)), values.answers(cells, inside)
        change.detectable_effect = values.detectable_effect(self.threshold, crossing.position)

    def _is_way_back(self, crossing: Crossing, sign: int) -> bool:
        """Whether the new level lies within half the gap of the level before the newest incident."""
        if not self.incidents or self.incidents[-1].change.sign == sign:
            return False
        recovery = self.incidents[-1].recovery
        return abs(crossing.after - recovery.old) <= abs(recovery.new - recovery.old) / 2

    def _open(self, change: Change, crossing: Crossing) -> None:
        regime = self.values.regime
        inside = regime >= crossing.start
        weight = int(np.count_nonzero(inside & (regime <= crossing.position)))
        recovery = Recovery(crossing.before, crossing.after, weight)
        self.incidents.append(Incident(change, recovery, regime[~inside], self.values.noise))
        self.values.regime = regime[inside]
        self.values.noise = self.values.noise.about(crossing.after)
        self.rearmed_hour = crossing.position + REARMED_AFTER_HOURS

    def _widened(self, cells: Cells, found: Change) -> Change | None:
        """The scenarios' open alarm, where it turns out to concern the whole stream: it goes on as `found`."""
        change = None if self.scenarios is None else self.scenarios.change
        if self.scenarios is None or change is None or found.sign > 0:
            return None
        if abs(change.onset_hour - found.onset_hour) > SAME_CAUSE_HOURS:
            return None
        self.scenarios.hand_over(self.values, cells)
        change.widen(found)
        return change

    def _raise_scenarios(self, cells: Cells, fallen: Fallen) -> None:
        if self.scenarios is None:
            return
        falling = [incident.change for incident in self.incidents if incident.change.sign < 0]
        if falling:
            self.scenarios.attach(cells, fallen.columns, falling[-1])
        elif (change := self.scenarios.hold(self.values, cells, fallen)) is not None:
            self.changes.append(change)

    # -- what becomes of them

    def _open_changes(self) -> list[Change]:
        changes = [incident.change for incident in self.incidents]
        single = None if self.scenarios is None else self.scenarios.change
        return changes if single is None else [*changes, single]

    def _due(self, change: Change) -> int:
        return change.raised_hour + (ACCEPTED_AFTER_HOURS if change.is_final else FINAL_AFTER_HOURS)

    def _settle(self, cells: Cells, hour: int) -> bool:
        """What is due at `hour`: final figures, or acceptance of a new level, with which single scenarios begin anew.

        Whether a level of the whole was accepted.
        """
        is_accepted = False
        for incident in [entry for entry in self.incidents if self._due(entry.change) <= hour]:
            if incident.change.is_final:
                self._accept(cells, incident, hour)
                is_accepted = True
            else:
                self._finish(cells, incident, hour)
        single = self.scenarios
        if single is not None and single.change is not None and self._due(single.change) <= hour:
            single.accept(self.values, hour)
        return is_accepted

    def _accept(self, cells: Cells, incident: Incident, hour: int) -> None:
        incident.change.accept(hour)
        self.incidents.remove(incident)
        if self.scenarios is not None:
            self.scenarios.restart(self.values, cells, incident.change.onset_hour, hour + 1)

    def _accept_all(self, hour: int) -> None:
        """There is nothing left that the levels before could be compared with."""
        for incident in self.incidents:
            incident.change.accept(hour)
        self.incidents = []

    def _finish(self, cells: Cells, incident: Incident, last: int) -> None:
        """The final onset, effect and severity, from the hours until `last`; the regimes are parted there."""
        change, values = incident.change, self.values
        change.is_final = True
        if incident is not self.incidents[-1]:
            return
        hours = np.union1d(incident.old_regime[-MIN_HOURS - ONSET_BEFORE_HOURS :], values.regime[values.regime <= last])
        after = hours >= change.onset_hour
        middles = [float(np.median(values.at(hours[side]))) for side in (~after, after)]
        bound = ONSET_CLIP_SD * np.sqrt(values.variances(hours))
        clipped = np.clip(values.at(hours), min(middles) - bound, max(middles) + bound)
        earliest = change.onset_hour - ONSET_BEFORE_HOURS
        split = refine_onset(hours, clipped, values.variances(hours), earliest, change.raised_hour)
        if (split.after - split.before) * change.sign <= 0:
            return
        sides = hours[: split.count_before], hours[split.count_before :]
        errors = values.noise.error_of_mean(len(sides[0])), values.noise.error_of_mean(len(sides[1]))
        change.finish(split, errors, (values.answers(cells, sides[0]), values.answers(cells, sides[1])))
        change.severity = values.metric.severity(change.smallest_effect)
        incident.recovery.new = split.after
        together = np.union1d(incident.old_regime, values.regime)
        incident.old_regime = together[together < split.onset_hour]
        values.regime = together[together >= split.onset_hour]
        values.noise = values.noise.for_young(values.at(values.regime[values.regime <= last]))

    def _follow_recoveries(self, cells: Cells, hour: int, last: int) -> int | None:
        """Consume the hours until one in which something came back; that hour."""
        if not self._open_changes():
            return None
        for now in range(hour, last + 1):
            recovered = self._follow_incidents(cells, now)
            single = self.scenarios is not None and self.scenarios.follow(self.values, cells, now)
            if recovered or single:
                return now
        return None

    def _follow_incidents(self, cells: Cells, hour: int) -> bool:
        if not np.isfinite(self.values.raw[hour]):
            return False
        at = np.array([hour])
        value, variance = float(self.values.at(at)[0]), float(self.values.variances(at, DRIFT_SUM)[0])
        back = [incident for incident in self.incidents if incident.recovery.consume(hour, value, variance)]
        if back:
            self._resolve(cells, back[0], hour, back[0].recovery.since)
        return bool(back)

    def _resolve(self, cells: Cells, incident: Incident, hour: int, since: int) -> None:
        """The regime before the incident comes back without the incident's hours; those opened after it end too."""
        if not incident.change.is_final and since > incident.change.onset_hour:
            self._finish(cells, incident, since - 1)
        place = self.incidents.index(incident)
        for ended in self.incidents[place:]:
            ended.change.resolve(hour)
        self.incidents = self.incidents[:place]
        regime = self.values.regime
        self.values.regime = np.union1d(incident.old_regime, regime[regime >= since])
        self.values.noise = incident.old_noise
