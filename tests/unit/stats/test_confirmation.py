"""What extra answers say of a change: on drawn series, true ones are confirmed and chance is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orchestration.stats.change_points import detect
from orchestration.stats.confirmation import Signal, confirmation_of, is_asked_about, signal_of
from orchestration.stats.detection_metrics import LATENCY, METRICS, QUALITY
from orchestration.stats.run_rows import checked_runs, series_of
from tests.benchmarks.confirmed_alarms import extra_cells, told_alarms
from tests.support.drawn_runs import EVENTS, draw_runs

FALLING = (1005, 2)
SIGNAL = Signal(-1, 500, 490, 0.1, -0.9, 0.05, 4.8, is_alarm=True)


@pytest.mark.parametrize("event", ["quality -1.0", "quality -2.0", "latency x 3", "cost x 1.3", "1 of 20 scenarios"])
def test_a_change_that_is_there_is_confirmed_within_two_hours(event: str) -> None:
    metric = METRICS[EVENTS[event].metric]
    runs = draw_runs(FALLING, EVENTS[event])
    cells = next(series_of(checked_runs(runs.frame()), [metric.name])).streams[metric.name]
    (told,) = told_alarms(runs, cells, metric, 7)
    assert told.verdict == "degraded"
    assert 0 <= told.hour - told.change.raised_hour <= 2


def seen(size: float, answers: int = 3) -> tuple[Signal, str, float]:
    """A drop of a quiet stream's cells by `size`, and what extra answers that did not change say of it."""
    runs = draw_runs((4242, 2))
    cells = next(series_of(checked_runs(runs.frame()), ["quality"])).streams["quality"]
    values = cells.values.copy()
    values[600:] -= size
    found = detect(replace(cells, values=values).until(660), QUALITY)
    (change,) = found.changes
    found = detect(replace(cells, values=values).until(change.raised_hour + 1), QUALITY)
    signal = signal_of(found)
    assert signal is not None
    assert signal.is_alarm
    extra = extra_cells(runs, cells, QUALITY, 7)
    extra = replace(extra, counts=np.where(extra.counts > 0, answers, 0)).until(signal.hour + 3)
    assert found.newest.watch is not None
    said = confirmation_of(signal, extra, found.newest.watch)
    assert said.effect_lower < said.effect < said.effect_upper
    return signal, said.verdict, said.effect


def test_answers_that_did_not_change_refute_a_large_drop() -> None:
    signal, verdict, effect = seen(2.5)
    assert verdict == "stable"
    assert abs(effect) < abs(signal.after - signal.before) / 2


def test_without_answers_nothing_is_said() -> None:
    runs = draw_runs(FALLING, EVENTS["quality -2.0"])
    cells = next(series_of(checked_runs(runs.frame()), ["quality"])).streams["quality"]
    change = detect(cells, QUALITY).changes[0]
    found = detect(cells.until(change.raised_hour + 1), QUALITY)
    signal, watch = signal_of(found), found.newest.watch
    assert signal is not None
    assert watch is not None
    empty = replace(cells, values=np.full_like(cells.values, np.nan), counts=np.zeros_like(cells.counts))
    said = confirmation_of(signal, empty, watch)
    assert (said.verdict, said.answer_count, said.hour_count) == ("inconclusive", 0, 0)
    few = replace(empty, values=empty.values.copy(), counts=empty.counts.copy())
    few.values[signal.hour + 1, :2], few.counts[signal.hour + 1, :2] = 0.0, 1
    assert confirmation_of(signal, few, watch).verdict == "inconclusive"


def test_a_signal_comes_before_its_alarm_and_none_while_it_is_open() -> None:
    runs = draw_runs(FALLING, EVENTS["latency x 1.2"])
    cells = next(series_of(checked_runs(runs.frame()), ["latency"])).streams["latency"]
    change = next(found for found in detect(cells, LATENCY).changes if found.raised_hour >= (runs.event_hour or 0))
    signals = {
        hour: signal
        for hour in range(change.raised_hour - 12, change.raised_hour + 6)
        if (signal := signal_of(detect(cells.until(hour + 1), LATENCY))) is not None
    }
    assert signals[change.raised_hour].is_alarm
    assert max(signals) == change.raised_hour
    assert not any(signal.is_alarm for hour, signal in signals.items() if hour < change.raised_hour)
    assert all(abs(signal.statistic) >= 4 for signal in signals.values())


def test_a_signal_is_asked_about_once_a_day_and_again_as_an_alarm_where_it_was_not_confirmed() -> None:
    early = replace(SIGNAL, is_alarm=False)
    later = replace(SIGNAL, hour=505)
    assert all(is_asked_about(early, verdict, later) for verdict in (None, "degraded", "improved"))
    assert not any(is_asked_about(early, verdict, later) for verdict in ("stable", "inconclusive"))
    assert is_asked_about(early, "stable", replace(later, is_alarm=False))
    assert is_asked_about(SIGNAL, "stable", later)
    assert not is_asked_about(SIGNAL, None, replace(later, hour=524))
    assert not is_asked_about(SIGNAL, None, replace(later, sign=1))
