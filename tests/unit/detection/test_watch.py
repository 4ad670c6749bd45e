"""Cells of the warehouse become streams, and kept states go on only where that makes no difference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from orchestration.detection.cells import HOUR, columns_of, first_hour_of, streams_of
from orchestration.detection.watch import (
    Watched,
    daily_states,
    watch_from_nothing,
    watch_on,
    watch_quiet_hours,
)
from orchestration.stats.detection_metrics import COST, ERRORS, LATENCY, QUALITY, TTFT
from orchestration.storage.anomaly_rows import DetectionState, StreamKey
from tests.support.drawn_cells import MONDAY, cells_frame
from tests.support.drawn_runs import EVENTS, draw_runs

if TYPE_CHECKING:
    from orchestration.stats.incidents import Change

STREAM = StreamKey("t-1", "canary", is_simulated=True)
QUIET, FALLING = (4242, 2), (1005, 2)


@pytest.fixture(scope="module")
def quiet() -> pl.DataFrame:
    return cells_frame(draw_runs(QUIET))


@pytest.fixture(scope="module")
def falling() -> pl.DataFrame:
    return cells_frame(draw_runs(FALLING, EVENTS["quality -1.0"]))


def until(frame: pl.DataFrame, hours: int) -> pl.DataFrame:
    return frame.filter(pl.col("benchmark_hour") < MONDAY + hours * HOUR)


def since(frame: pl.DataFrame, kept: DetectionState) -> pl.DataFrame:
    return frame.filter(pl.col("benchmark_hour") >= kept.state_hour)


def newest_state(watched: Watched) -> DetectionState:
    return list(daily_states(STREAM, watched, None, MONDAY))[-1]


def changes(watched: Watched) -> dict[str, tuple[Change, ...]]:
    return {metric.name: found.changes for metric, found in watched.found.items()}


def test_hours_are_counted_from_a_monday_so_that_the_weekend_is_one() -> None:
    assert first_hour_of(datetime(2026, 9, 13, 23, tzinfo=UTC)) == MONDAY
    assert first_hour_of(MONDAY) == MONDAY


def test_cells_have_the_units_and_counts_of_their_metric(quiet: pl.DataFrame) -> None:
    frame = quiet.head(1).with_columns(answered_count=3, failed_count=1, scored_count=2, score_mean=7.5)
    streams = streams_of(frame, MONDAY, columns_of(frame))
    values = {metric: (stream.values[-1, 0], stream.counts[-1, 0]) for metric, stream in streams.items()}
    row = frame.row(0, named=True)
    assert values[QUALITY] == (7.5, 2)
    assert values[LATENCY] == (pytest.approx(np.log(row["latency_p50_ms"])), 3)
    assert values[COST] == (pytest.approx(np.log(row["cost_mean_usd"] * 1e6)), 3)
    assert values[ERRORS] == (0.25, 4)
    assert np.isnan(values[TTFT][0])


def test_another_version_of_suite_scenario_or_variant_is_another_control(quiet: pl.DataFrame) -> None:
    frame = quiet.head(1)
    others = [
        frame.with_columns(pl.lit(2).alias(name)) for name in ("suite_version", "scenario_version", "variant_seed")
    ]
    both = pl.concat([frame, *others], how="vertical_relaxed")
    columns = columns_of(both)
    assert [version for _, version in columns[LATENCY]] == ["1.1.0", "1.1.2", "1.2.0", "2.1.0"]
    assert [version for _, version in columns[QUALITY]] == ["1.1.0.1", "1.1.2.1", "1.2.0.1", "2.1.0.1"]


def test_another_version_of_the_scorer_is_another_control_of_scores_alone(quiet: pl.DataFrame) -> None:
    cell = quiet.head(1)
    unscored = cell.with_columns(scorer=None, scorer_version=None, score_mean=None, scored_count=0)
    frame = pl.concat([cell, cell.with_columns(scorer_version=2), unscored], how="vertical_relaxed")
    columns = columns_of(frame)
    assert [version for _, version in columns[QUALITY]] == ["1.1.0.1", "1.1.0.2"]
    assert {len(columns[metric]) for metric in (LATENCY, TTFT, COST, ERRORS)} == {1}


def test_a_new_version_of_the_scorer_alone_raises_nothing_and_leaves_the_other_streams(quiet: pl.DataFrame) -> None:
    """It is two points stricter from an hour on: that is no change of the model."""
    bumped = MONDAY + 600 * HOUR
    stricter = quiet.with_columns(
        scorer_version=pl.when(pl.col("benchmark_hour") >= bumped).then(2).otherwise(1),
        score_mean=pl.when(pl.col("benchmark_hour") >= bumped)
        .then((pl.col("score_mean") - 2).clip(0))
        .otherwise("score_mean"),
    )
    watched = watch_from_nothing(stricter)
    assert changes(watched)["quality"] == ()
    assert changes(watched) == changes(watch_from_nothing(quiet))
    kept = newest_state(watch_from_nothing(until(quiet, 600)))
    assert watch_quiet_hours(kept, since(until(stricter, 610), kept)) is None
    assert changes(watch_on(kept, stricter)) == changes(watched)


def test_a_suite_revision_alone_raises_nothing(quiet: pl.DataFrame) -> None:
    """Its scenarios have become harder by two points: that is no change of the model."""
    revised = quiet.with_columns(
        suite_version=pl.when(pl.col("benchmark_hour") >= MONDAY + 600 * HOUR).then(2).otherwise(1),
        score_mean=pl.when(pl.col("benchmark_hour") >= MONDAY + 600 * HOUR)
        .then((pl.col("score_mean") - 2).clip(0))
        .otherwise("score_mean"),
    )
    assert changes(watch_from_nothing(revised))["quality"] == ()


def test_what_is_never_observed_is_no_stream_and_too_little_is_said_to_be(quiet: pl.DataFrame) -> None:
    early = watch_from_nothing(until(quiet, 300))
    assert {metric.name for metric in early.found} == {"quality", "latency", "cost", "errors"}
    assert not any(found.is_sufficient for found in early.found.values())
    assert early.last_hour == MONDAY + 299 * HOUR
    assert all(found.is_sufficient for found in watch_from_nothing(until(quiet, 400)).found.values())


@pytest.mark.parametrize("hours", [400, 650, 1000])
def test_quiet_hours_give_what_all_cells_give(quiet: pl.DataFrame, hours: int) -> None:
    kept = newest_state(watch_from_nothing(until(quiet, hours)))
    later = until(quiet, hours + 60)
    fast = watch_quiet_hours(kept, since(later, kept))
    assert fast is not None
    whole = watch_from_nothing(later)
    assert changes(fast) == changes(whole)
    assert newest_state(fast).state == newest_state(whole).state


def test_an_alarm_a_new_version_or_a_new_metric_needs_all_cells(quiet: pl.DataFrame, falling: pl.DataFrame) -> None:
    event = draw_runs(FALLING, EVENTS["quality -1.0"]).event_hour or 0
    before = newest_state(watch_from_nothing(until(falling, event)))
    assert watch_quiet_hours(before, since(until(falling, event + 40), before)) is None
    during = newest_state(watch_from_nothing(until(falling, event + 40)))
    assert watch_quiet_hours(during, since(until(falling, event + 48), during)) is None
    kept = newest_state(watch_from_nothing(until(quiet, 500)))
    fresh = since(until(quiet, 510), kept)
    assert watch_quiet_hours(kept, fresh) is not None
    assert watch_quiet_hours(kept, fresh.with_columns(scenario_version=2)) is None
    assert watch_quiet_hours(kept, fresh.with_columns(time_to_first_token_p50_ms=250.0)) is None


def test_with_all_cells_a_kept_state_gives_what_a_replay_gives(falling: pl.DataFrame) -> None:
    whole = watch_from_nothing(falling)
    assert len(changes(whole)["quality"]) == 1
    for hours in (200, 520, 700, 1000):
        kept = newest_state(watch_from_nothing(until(falling, hours)))
        assert changes(watch_on(kept, falling)) == changes(whole)


def test_cells_older_than_all_that_were_known_begin_everything_anew(falling: pl.DataFrame) -> None:
    kept = newest_state(watch_from_nothing(until(falling, 700)))
    older = falling.head(20).with_columns(pl.col("benchmark_hour") - timedelta(days=7))
    frame = pl.concat([older, falling])
    assert watch_on(kept, frame).first_hour == MONDAY - timedelta(days=7)
