"""Recovery, the onset's refinement, severity."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.detection_metrics import COST, LATENCY, QUALITY
from orchestration.stats.incidents import Change, Recovery, refine_onset


def hours_until_back(recovery: Recovery, values: list[float], variance: float = 0.3) -> int | None:
    for hour, value in enumerate(values):
        if recovery.consume(hour, value, variance):
            return hour
    return None


def test_the_old_level_is_back_after_three_hours_of_it_at_the_earliest() -> None:
    recovery = Recovery(old=0.0, new=-1.5, weight=5)
    assert hours_until_back(recovery, [-1.4, -1.6, -1.5, 0.1, 0.0, 0.1]) == 5
    assert recovery.since == 3


def test_one_good_hour_is_no_recovery() -> None:
    assert hours_until_back(Recovery(0.0, -1.5, 5), [-1.5, 0.4, -1.5, -1.5] * 40) is None


def test_the_incidents_level_is_followed_but_not_into_the_old_one() -> None:
    recovery = Recovery(old=0.0, new=-1.5, weight=4)
    hours_until_back(recovery, [-1.0] * 60)
    assert recovery.new == pytest.approx(-1.0, abs=0.05)
    assert abs(recovery.new) >= recovery.least_gap


def test_an_onset_is_found_with_the_hours_that_are_plausible_too() -> None:
    rng = np.random.default_rng(4)
    hours = np.flatnonzero(rng.random(300) > 0.1)
    values = rng.normal(0, 0.4, len(hours)) - 1.0 * (hours >= 200)
    found = refine_onset(hours, values, np.full(len(hours), 0.16), 160, 230)
    assert abs(found.onset_hour - 200) <= 3
    assert found.onset_set[0] <= found.onset_hour <= found.onset_set[1]
    assert found.before == pytest.approx(0.0, abs=0.1)
    assert found.after == pytest.approx(-1.0, abs=0.15)
    assert found.count_before == np.count_nonzero(hours < found.onset_hour)


@pytest.mark.parametrize(
    ("metric", "effect", "severity"),
    [
        (QUALITY, (-0.9, 0.1), "minor"), (QUALITY, (-0.9, -0.4), "minor"), (QUALITY, (-1.9, -0.5), "moderate"),
        (QUALITY, (-1.9, -1.0), "major"), (QUALITY, (-4.0, -2.0), "critical"), (QUALITY, (0.6, 1.4), "moderate"),
        (LATENCY, (0.2, 0.4), "minor"), (LATENCY, (0.23, 0.4), "moderate"), (COST, (0.42, 0.8), "major"),
        (COST, (-0.9, -0.7), "critical"),
    ],
)  # fmt: skip
def test_severity_is_of_the_bound_nearer_zero(metric: object, effect: tuple[float, float], severity: str) -> None:
    change = Change.of(metric, 1, (400, 398), (0.0, 1.0), effect, 5.0)  # type: ignore[arg-type]
    assert change.severity == severity
