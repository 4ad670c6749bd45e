"""A launch baseline stays the level that changes are told against when the months that it came of are gone."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from orchestration.detection.cells import HOUR
from orchestration.detection.launch import Launch, known_launch, launch_baselines
from orchestration.detection.watch import Watched, daily_states, watch_from_nothing, watch_on
from orchestration.stats.detection_metrics import COST, LATENCY, QUALITY
from orchestration.storage.anomaly_rows import StreamKey
from tests.support.drawn_cells import MONDAY, cells_frame
from tests.support.drawn_runs import EVENTS, draw_runs

STREAM = StreamKey("t-1", "canary", is_simulated=True)
FALLING = (1005, 2)


@pytest.fixture(scope="module")
def falling() -> pl.DataFrame:
    """With a level of quality that is 1 point lower than at launch from a day between the third and fifth week on."""
    return cells_frame(draw_runs(FALLING, EVENTS["quality -1.0"]))


def launched(frame: pl.DataFrame) -> Launch:
    return known_launch(launch_baselines(STREAM, watch_from_nothing(frame), (), MONDAY))


def without_first_weeks(frame: pl.DataFrame, weeks: int) -> pl.DataFrame:
    return frame.filter(pl.col("benchmark_hour") >= MONDAY + timedelta(weeks=weeks))


def levels(watched: Watched) -> list[float]:
    found = [watched.found[metric].newest.watch for metric in (QUALITY, LATENCY, COST)]
    return [watch.values.launch_level for watch in found if watch is not None]


def test_the_level_of_launch_is_kept_and_changes_are_told_against_it(falling: pl.DataFrame) -> None:
    whole, kept = watch_from_nothing(falling), launched(falling)
    left = watch_from_nothing(without_first_weeks(falling, 1), kept)
    assert levels(left) == levels(whole)
    (before,), (after,) = whole.found[QUALITY].changes, left.found[QUALITY].changes
    assert (after.sign, after.baseline) == (before.sign, before.baseline)
    assert (after.before, after.after) == pytest.approx((before.before, before.after), abs=0.15)
    assert levels(watch_from_nothing(without_first_weeks(falling, 1))) != levels(whole)


def test_a_level_that_was_reached_before_the_cells_that_are_left_is_no_change(falling: pl.DataFrame) -> None:
    event = draw_runs(FALLING, EVENTS["quality -1.0"]).event_hour or 0
    weeks = event // 168 + 1
    left = watch_from_nothing(without_first_weeks(falling, weeks), launched(falling))
    watch = left.found[QUALITY].newest.watch
    assert left.found[QUALITY].changes == ()
    assert watch is not None
    assert float(watch.values.at(watch.values.regime).mean()) == pytest.approx(-1.0, abs=0.3)


def test_cells_before_the_baseline_replace_it(falling: pl.DataFrame) -> None:
    later = launched(without_first_weeks(falling, 1))
    assert levels(watch_from_nothing(falling, later)) == levels(watch_from_nothing(falling))


def test_a_kept_state_goes_on_without_the_first_weeks(falling: pl.DataFrame) -> None:
    until = falling.filter(pl.col("benchmark_hour") < MONDAY + 1000 * HOUR)
    state = list(daily_states(STREAM, watch_from_nothing(until), None, MONDAY))[-1]
    whole = watch_from_nothing(falling)
    on = watch_on(state, without_first_weeks(falling, 1))
    assert on.first_hour == whole.first_hour
    assert {metric: found.changes for metric, found in on.found.items()} == {
        metric: found.changes for metric, found in whole.found.items()
    }


def test_what_joined_later_and_what_is_left_out_just_now_stay_in_the_baseline(falling: pl.DataFrame) -> None:
    (first,) = [
        row for row in launch_baselines(STREAM, watch_from_nothing(falling), (), MONDAY) if row.metric == "cost"
    ]
    fewer = falling.filter(pl.col("scenario_id") != "sql/s3")
    (second,) = [
        row
        for row in launch_baselines(STREAM, watch_from_nothing(without_first_weeks(fewer, 1)), [first], MONDAY)
        if row.metric == "cost"
    ]
    assert [version[:2] for version in second.versions] == [version[:2] for version in first.versions]
    assert second.first_hour == first.first_hour
