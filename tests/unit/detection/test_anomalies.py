"""An anomaly says how much in the units of its metric, with intervals, and which scenarios moved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from orchestration.detection.anomalies import anomaly_id_of, anomaly_of, retracted, revised
from orchestration.detection.watch import watch_from_nothing
from orchestration.stats.detection_metrics import METRICS
from orchestration.storage.anomaly_rows import StreamKey
from tests.support.drawn_cells import MONDAY, cells_frame
from tests.support.drawn_runs import EVENTS, draw_runs

if TYPE_CHECKING:
    from orchestration.storage.anomaly_rows import Anomaly
    from tests.support.drawn_runs import Runs

STREAM = StreamKey("t-1", "canary", is_simulated=False)
NOW = MONDAY + timedelta(days=60)


def found_in(event: str) -> tuple[Anomaly, Runs]:
    happening = EVENTS[event]
    runs = draw_runs((1005, 2), happening)
    watched = watch_from_nothing(cells_frame(runs))
    metric = METRICS[happening.metric]
    (change,) = watched.found[metric].changes
    return anomaly_of(STREAM, metric, change, watched.cells[metric], watched.first_hour, NOW), runs


@pytest.mark.parametrize(("event", "unit"), [("quality -1.0", "points"), ("latency x 3", "ms"), ("cost x 1.3", "USD")])
def test_levels_and_effect_are_those_of_the_runs(event: str, unit: str) -> None:
    anomaly, runs = found_in(event)
    measured = {"points": runs.score, "ms": np.log(runs.latency_ms), "USD": np.log(runs.cost_microusd / 1e6)}[unit]
    start = runs.event_hour or 0
    means = [np.nanmean(np.nanmean(part, axis=0)) for part in (measured[:start], measured[start : start + 168])]
    before, after = means if unit == "points" else np.exp(means)
    assert (anomaly.before_value, anomaly.after_value) == pytest.approx((before, after), rel=0.1)
    size = EVENTS[event].size
    assert anomaly.effect_ci95_lower < anomaly.effect < anomaly.effect_ci95_upper
    assert anomaly.effect_ci95_lower - 0.1 * abs(size) < size < anomaly.effect_ci95_upper + 0.1 * abs(size)
    assert anomaly.before_ci95_lower < anomaly.before_value < anomaly.before_ci95_upper
    assert anomaly.after_ci95_lower < anomaly.after_value < anomaly.after_ci95_upper
    least = 0 if unit == "points" else 1
    assert least < anomaly.detectable_effect < (1 if unit == "points" else size)
    assert abs(anomaly.onset_hour - (MONDAY + timedelta(hours=start))) <= timedelta(hours=6)


def test_the_levels_say_how_many_answers_they_rest_on() -> None:
    watched = watch_from_nothing(cells_frame(draw_runs((1005, 2), EVENTS["quality -1.0"])))
    (change,) = watched.found[METRICS["quality"]].changes
    counts = watched.cells[METRICS["quality"]].counts.sum(axis=1)
    before, after = change.answers
    assert change.is_final
    assert after == pytest.approx(counts[change.onset_hour : change.raised_hour + 25].sum(), rel=0.02)
    assert 168 * 0.9 < before / counts[change.onset_hour - 264 : change.onset_hour].mean() < 264


def test_a_fallen_scenario_says_how_many_answers_its_levels_rest_on() -> None:
    watched = watch_from_nothing(cells_frame(draw_runs((1005, 2), EVENTS["1 of 20 scenarios"])))
    (change,) = watched.found[METRICS["quality"]].changes
    cells = watched.cells[METRICS["quality"]]
    column = cells.scenarios.index(change.scenarios[0])
    counts = cells.counts[: change.raised_hour + 1, column]
    assert change.answers == (counts[: change.onset_hour][-672:].sum(), counts[change.onset_hour :].sum())
    assert change.answers[1] > 0


def test_the_scenario_that_fell_is_responsible_and_its_levels_are_told() -> None:
    anomaly, runs = found_in("1 of 20 scenarios")
    start = runs.event_hour or 0
    drop = np.nanmean(runs.score[:start], axis=0) - np.nanmean(runs.score[start:], axis=0)
    first, *others = anomaly.responsible_scenarios
    assert first["scenario_id"] == f"sql/s{int(drop.argmax())}"
    assert anomaly.is_of_single_scenarios
    assert first["before"] - first["after"] == pytest.approx(drop.max(), abs=1)
    assert first["share"] > 0.4
    assert all(first["share"] > other["share"] for other in others)
    assert (anomaly.before_value, anomaly.after_value) == pytest.approx((first["before"], first["after"]), abs=1)


def test_shares_are_of_all_that_moved_that_way() -> None:
    anomaly, _ = found_in("quality -1.0")
    assert not anomaly.is_of_single_scenarios
    shares = [scenario["share"] for scenario in anomaly.responsible_scenarios]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) < 1


def test_an_alarm_is_known_by_its_stream_metric_hour_and_sign_alone() -> None:
    simulated = STREAM._replace(is_simulated=True)
    given = [(STREAM, "quality", -1), (simulated, "quality", -1), (STREAM, "latency", -1), (STREAM, "quality", 1)]
    ids = {anomaly_id_of(stream, metric, MONDAY, sign) for stream, metric, sign in given}
    assert len(ids) == 4
    assert anomaly_id_of(STREAM, "quality", MONDAY, -1) in ids


def test_only_what_is_new_is_a_revision() -> None:
    anomaly, _ = found_in("quality -1.0")
    assert revised(None, anomaly) == anomaly
    assert revised(anomaly, anomaly) is None
    later = retracted(anomaly, NOW + timedelta(hours=1))
    found = revised(anomaly, later)
    assert found is not None
    assert (found.revision, found.state) == (2, "retracted")
    assert revised(later, retracted(later, NOW + timedelta(hours=2))) is None
