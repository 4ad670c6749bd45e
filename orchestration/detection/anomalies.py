"""Makes an anomaly of a change: its values with their intervals, and the scenarios that it is most due to.

Not here: its cause (causes), nor the change itself (stats).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from orchestration.detection.cells import HOUR, published_effect, published_value
from orchestration.records import id_of
from orchestration.stats.hour_values import mean_of_finite
from orchestration.stats.incidents import Z95, Change
from orchestration.storage.anomaly_rows import Anomaly, StreamKey

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from numpy.typing import NDArray

    from orchestration.stats.cells import Cells
    from orchestration.stats.detection_metrics import Metric

COMPARED_HOURS = 168
NAMED_SCENARIOS = 3
_LEARNT_LATER = {"revision", "computed_at"}


def anomaly_of(
    stream: StreamKey, metric: Metric, change: Change, cells: Cells, first_hour: datetime, now: datetime
) -> Anomaly:
    """The first revision, as yet without a cause and the version of its suite."""

    def at(hour: int) -> datetime:
        return first_hour + hour * HOUR

    raised = at(change.raised_hour)
    return Anomaly(
        anomaly_id=anomaly_id_of(stream, metric.name, raised, change.sign),
        revision=1,
        **stream._asdict(),
        suite_version=None,
        metric=metric.name,
        sign=change.sign,
        raised_hour=raised,
        state=change.state,
        severity=change.severity,
        is_final=change.is_final,
        onset_hour=at(change.onset_hour),
        onset_earliest_hour=at(change.onset_set[0]),
        onset_latest_hour=at(change.onset_set[1]),
        resolved_hour=None if change.resolved_hour is None else at(change.resolved_hour),
        accepted_hour=None if change.accepted_hour is None else at(change.accepted_hour),
        **_values(metric, change),
        before_answer_count=change.answers[0],
        after_answer_count=change.answers[1],
        statistic=change.statistic,
        is_of_single_scenarios=change.is_of_scenarios,
        responsible_scenarios=responsible_scenarios(metric, change, cells),
        cause="unknown",
        evidence=[],
        incident_id=None,
        verdict="inconclusive",
        confirming_answer_count=0,
        confirming_effect=None,
        confirming_effect_ci95_lower=None,
        confirming_effect_ci95_upper=None,
        computed_at=now,
    )


def anomaly_id_of(stream: StreamKey, metric: str, raised_hour: datetime, sign: int) -> UUID:
    """What a published alarm is known by, whatever is learnt of it later."""
    return id_of(*stream, metric, raised_hour.isoformat(), sign)


def _values(metric: Metric, change: Change) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for side, level, error in zip(("before", "after"), (change.before, change.after), change.errors, strict=True):
        for name, distance in (("value", 0.0), ("ci95_lower", -Z95 * error), ("ci95_upper", Z95 * error)):
            values[f"{side}_{name}"] = published_value(metric, change.baseline + level + distance)
    values["effect"] = published_effect(metric, change.after - change.before)
    values["effect_ci95_lower"] = published_effect(metric, change.effect_lower)
    values["effect_ci95_upper"] = published_effect(metric, change.effect_upper)
    values["detectable_effect"] = published_effect(metric, change.detectable_effect)
    return values


def responsible_scenarios(metric: Metric, change: Change, cells: Cells) -> list[dict[str, Any]]:
    """At most three scenarios that moved most in the change's direction, from the week before to that after its onset.

    `share` is a scenario's part of all that moved in that direction. Those come first that a change is of alone.
    """
    onset = change.onset_hour
    end = min(cells.hours, onset + COMPARED_HOURS, *([change.resolved_hour] if change.resolved_hour else []))
    before = mean_of_finite(cells.values[max(onset - COMPARED_HOURS, 0) : onset], 0)
    after = mean_of_finite(cells.values[onset : max(end, onset + 1)], 0)
    moved = np.maximum(np.nan_to_num((after - before) * change.sign), 0.0)
    return [
        {
            "scenario_id": cells.scenarios[column],
            "before": published_value(metric, float(before[column])),
            "after": published_value(metric, float(after[column])),
            "share": round(float(moved[column] / moved.sum()), 4),
        }
        for column in _order(change, cells, moved)[:NAMED_SCENARIOS]
    ]


def _order(change: Change, cells: Cells, moved: NDArray[np.float64]) -> list[int]:
    named = set(change.scenarios) if change.is_of_scenarios else set(cells.scenarios)
    columns = np.flatnonzero(moved > 0).tolist()
    return sorted(columns, key=lambda column: (cells.scenarios[column] not in named, -moved[column], column))


def revised(known: Anomaly | None, found: Anomaly) -> Anomaly | None:
    """The next revision, or None where nothing but the time of computing is new."""
    if known is None:
        return found
    if _content(known) == _content(found):
        return None
    return replace(found, revision=known.revision + 1)


def _content(anomaly: Anomaly) -> dict[str, Any]:
    return {name: getattr(anomaly, name) for name in Anomaly.__slots__ if name not in _LEARNT_LATER}


def retracted(known: Anomaly, now: datetime) -> Anomaly:
    """What the hours as they are now do not raise."""
    return replace(known, state="retracted", computed_at=now)
