"""What the detector promises of any small series, as properties of drawn ones.

Not here: series as they are measured, and how soon a change is found (test_change_points).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.stats.cells import Cells
from orchestration.stats.change_points import detect, resume
from orchestration.stats.detection_metrics import QUALITY
from orchestration.stats.run_rows import alarms, checked_runs

SCENARIOS, WARM_UP = 6, 336
NAMES = tuple(f"s{number}" for number in range(SCENARIOS))
FEW = settings(max_examples=12, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def series(draw: st.DrawFn) -> np.ndarray:
    """Scores of hours by scenarios with a step of any size at any hour, or none; some cells were never measured."""
    rng = np.random.default_rng(draw(SEEDS))
    hours, step_at = draw(st.integers(420, 560)), draw(st.integers(WARM_UP, 540))
    step, spread, lost = draw(st.floats(-5, 5)), draw(st.sampled_from([0.2, 1.0])), draw(st.floats(0, 0.3))
    levels = 7 - 0.3 * np.arange(SCENARIOS) + step * (np.arange(hours) >= step_at)[:, None]
    scores = np.clip(np.round(rng.normal(levels, spread), 1), 0, 10)
    return np.where(rng.random(scores.shape) < lost, np.nan, scores)


def cells(scores: np.ndarray) -> Cells:
    return Cells(scores, np.ones_like(scores), NAMES, ("1",) * SCENARIOS)


def rows(scores: np.ndarray, versions: np.ndarray | None = None) -> pl.DataFrame:
    """In the format of `aibaas detect`: calls without a score did not take place."""
    hour, scenario = np.nonzero(np.isfinite(scores))
    version = np.ones(len(hour), dtype=int) if versions is None else versions[hour, scenario]
    return pl.DataFrame(
        {
            "hour": hour,
            "scenario": np.array(NAMES)[scenario],
            "version": version,
            "score_x10": scores[hour, scenario] * 10,
        }
    ).with_columns(series_id=pl.lit("drawn"), n_ok=1, n_err=0, latency_ms=-1.0, cost_microusd=-1.0)


@FEW
@given(series(), SEEDS)
def test_the_order_of_rows_and_duplicates_change_nothing(scores: np.ndarray, seed: int) -> None:
    frame = rows(scores)
    doubled = frame.vstack(frame.sample(fraction=0.2, seed=seed)).sample(fraction=1.0, shuffle=True, seed=seed)
    assert alarms(checked_runs(doubled)).equals(alarms(checked_runs(frame)))


@FEW
@given(st.floats(0, 10), st.floats(0, 0.5), SEEDS)
def test_a_level_that_never_moves_raises_nothing_whatever_is_missing(level: float, lost: float, seed: int) -> None:
    scores = np.full((500, SCENARIOS), round(level, 1))
    scores[np.random.default_rng(seed).random(scores.shape) < lost] = np.nan
    assert detect(cells(scores), QUALITY).changes == ()


@FEW
@given(series(), st.floats(0, 1))
def test_alarms_until_an_hour_are_the_same_whatever_comes_later(scores: np.ndarray, part: float) -> None:
    whole, hour = cells(scores), WARM_UP + round(part * (len(scores) - WARM_UP))
    found, early = detect(whole, QUALITY).changes, detect(whole.until(hour), QUALITY).changes
    before = [change for change in found if change.raised_hour < hour]
    assert [change.key for change in early] == [change.key for change in before]
    for one, later in zip(early, before, strict=True):
        if later.raised_hour + 24 < hour:
            assert (one.onset_hour, one.severity) == (later.onset_hour, later.severity)


@FEW
@given(SEEDS, st.floats(-5, 5), st.integers(WARM_UP, 480), st.sets(st.integers(0, SCENARIOS - 1), min_size=1))
def test_a_revision_alone_raises_nothing(seed: int, shift: float, hour: int, revised: set[int]) -> None:
    scores = np.clip(np.round(np.random.default_rng(seed).normal(6, 0.5, (560, SCENARIOS)), 1), 0, 10)
    versions, columns = np.ones(scores.shape, dtype=int), sorted(revised)
    versions[hour:, columns] = 2
    scores[hour:, columns] = np.clip(scores[hour:, columns] + shift, 0, 10)
    assert alarms(checked_runs(rows(scores, versions))).is_empty()


@FEW
@given(series(), st.lists(st.integers(WARM_UP, 419), min_size=1, max_size=3, unique=True))
def test_hours_that_come_late_in_any_order_lead_to_the_same_alarms(scores: np.ndarray, late: list[int]) -> None:
    whole = cells(scores)
    state = detect(without(whole, late), QUALITY)
    for position, hour in enumerate(late, 1):
        state = resume(state, without(whole, late[position:]), hour)
    kept = [change for change in state.changes if change.state != "retracted"]
    assert kept == list(detect(whole, QUALITY).changes)


def without(found: Cells, hours: list[int]) -> Cells:
    values = found.values.copy()
    values[hours] = np.nan
    return replace(found, values=values)
