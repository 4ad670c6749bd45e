"""Intervals against numbers of independent libraries, and the properties that any data must have."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.stats.intervals import PERIOD_KEY, Interval, interval_table, stratified_interval

if TYPE_CHECKING:
    import random

COMPUTED_AT = datetime(2026, 11, 23, tzinfo=UTC)

# Six scenarios with three samples each; mean, standard error and t interval by statsmodels and SciPy.
# Source: shared/statistics/test_vectors.json, `leaderboard`.
SAMPLES = [[9.1, 8.7, 9.4], [2.0, 7.9, 2.5], [8.8, 9.0, 3.1], [0.5, 1.2, 0.9], [9.5, 9.3, 9.6], [6.0, 2.2, 8.1]]
PUBLISHED_MEAN = 5.988888888888889
PUBLISHED_ERROR = 1.3230342977740289
PUBLISHED_INTERVAL = (2.587920955107121, 9.389856822670655)

points = st.integers(0, 100_000).map(lambda ten_thousandths: ten_thousandths / 10_000)
strata = st.dictionaries(
    st.text("abcdef", min_size=1), st.lists(points, min_size=1, max_size=6), min_size=1, max_size=6
)


def rows_of(scenario_means: dict[str, list[float]], **key: object) -> list[dict[str, object]]:
    """Input rows of one `all` interval, one scenario a row."""
    period = {
        "grain": "hour",
        "period_name": "",
        "period_start": COMPUTED_AT,
        "target_id": "sim-atlas",
        "suite": "canary",
    }
    return [
        {**period, "suite_version": 1, "family": "all", **key, "scenario_id": f"{family}/{number}",
         "scenario_family": family, "scorer_versions": f"{family}:2", "mean_score": mean, "scored_count": 2}
        for family, means in scenario_means.items()
        for number, mean in enumerate(means)
    ]  # fmt: skip


def values_of(interval: Interval) -> list[float | None]:
    return [interval.mean, interval.standard_error, interval.degrees_of_freedom, interval.lower, interval.upper]


def test_one_stratum_is_the_published_interval_clustered_by_scenario() -> None:
    interval = stratified_interval({"all": [math.fsum(scenario) / 3 for scenario in SAMPLES]})
    assert interval.mean == pytest.approx(PUBLISHED_MEAN, rel=1e-12)
    assert interval.standard_error == pytest.approx(PUBLISHED_ERROR, rel=1e-12)
    assert interval.degrees_of_freedom == 5
    assert (interval.lower, interval.upper) == pytest.approx(PUBLISHED_INTERVAL, rel=1e-12)
    assert interval.method == "unstratified_t"
    assert interval.scenario_count == 6


def test_strata_follow_satterthwaite_worked_by_hand() -> None:
    # W = 2/5 and 3/5, variances 2 and 7, parts .16 * 2 / 2 = .16 and .36 * 7 / 3 = .84; SE^2 = 1;
    # df = 1 / (.16^2 / 1 + .84^2 / 2) = 2.6427; t quantile .975 of it from SciPy 1.17.
    interval = stratified_interval({"easy": [8.0, 10.0], "hard": [1.0, 2.0, 6.0]})
    assert interval.mean == pytest.approx(5.4)
    assert interval.standard_error == pytest.approx(1.0)
    assert interval.degrees_of_freedom == pytest.approx(1 / (0.16**2 + 0.84**2 / 2))
    assert interval.upper == pytest.approx(5.4 + 3.441, abs=0.01)
    assert interval.method == "stratified_t"


@pytest.mark.parametrize(
    "scenario_means", [{"sql": [4.5]}, {"sql": [10.0, 10.0]}, {"sql": [0.1] * 3, "api": [0.1] * 7}]
)
def test_without_an_estimable_spread_there_is_a_mean_and_no_interval(scenario_means: dict[str, list[float]]) -> None:
    interval = stratified_interval(scenario_means)
    assert interval.mean == next(iter(scenario_means.values()))[0]
    assert values_of(interval)[1:] == [None] * 4
    assert interval.method == "none"


def test_one_scenario_has_no_standard_deviation() -> None:
    assert stratified_interval({"sql": [4.5]}).standard_deviation is None


@pytest.mark.parametrize("scenario_means", [{"sql": [4.0, 6.0], "api": [9.0]}, {"sql": [4.0, 4.0], "api": [9.0, 9.0]}])
def test_a_stratum_without_a_spread_of_its_own_falls_back_to_one_stratum(
    scenario_means: dict[str, list[float]],
) -> None:
    pooled = stratified_interval({"all": [mean for means in scenario_means.values() for mean in means]})
    assert values_of(stratified_interval(scenario_means)) == pytest.approx(values_of(pooled))
    assert stratified_interval(scenario_means).method == "unstratified_t"


def test_an_interval_is_not_cut_at_the_ends_of_the_scale() -> None:
    interval = stratified_interval({"sql": [9.0, 10.0]})
    assert interval.upper is not None
    assert interval.upper > 10


@pytest.mark.parametrize("scenario_means", [{}, {"sql": []}, {"sql": [1.0, math.nan]}, {"sql": [1.0, math.inf]}])
def test_what_is_no_score_is_refused(scenario_means: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match=r"scenario"):
        stratified_interval(scenario_means)


@settings(deadline=None)
@given(strata)
def test_the_mean_is_that_of_all_scenarios_and_lies_within_its_interval(scenario_means: dict[str, list[float]]) -> None:
    interval = stratified_interval(scenario_means)
    everything = [mean for means in scenario_means.values() for mean in means]
    assert interval.mean == pytest.approx(math.fsum(everything) / len(everything), abs=1e-9)
    assert interval.scenario_count == len(everything)
    if interval.lower is None or interval.upper is None or interval.degrees_of_freedom is None:
        assert interval.method == "none"
        assert len(set(everything)) == 1
        return
    assert interval.lower < interval.mean < interval.upper
    fewest = min(len(means) for means in scenario_means.values()) - 1
    assert max(fewest, 1) - 1e-9 <= interval.degrees_of_freedom <= len(everything) - 1 + 1e-9


@settings(deadline=None)
@given(strata, st.sampled_from([-3.0, 0.5, 100.0]), st.sampled_from([0.25, 2.0, 10.0]))
def test_shift_and_scale_carry_over_to_the_interval(
    scenario_means: dict[str, list[float]], shift: float, scale: float
) -> None:
    interval = stratified_interval(scenario_means)
    moved = stratified_interval({family: [scale * mean for mean in means] for family, means in scenario_means.items()})
    assert moved.method == interval.method
    assert moved.degrees_of_freedom == pytest.approx(interval.degrees_of_freedom)
    if interval.standard_error is not None:
        assert moved.standard_error == pytest.approx(scale * interval.standard_error)
        assert moved.upper == pytest.approx(scale * (interval.upper or 0))
        shifted = stratified_interval(
            {name: [mean + shift for mean in means] for name, means in scenario_means.items()}
        )
        assert shifted.mean == pytest.approx(interval.mean + shift)
        assert shifted.standard_error == pytest.approx(interval.standard_error, rel=1e-6)


@settings(deadline=None)
@given(strata, st.randoms())
def test_the_order_of_scenarios_and_strata_changes_no_bit(
    scenario_means: dict[str, list[float]], order: random.Random
) -> None:
    rows = rows_of(scenario_means)
    table = interval_table(pl.DataFrame(rows), COMPUTED_AT)
    order.shuffle(rows)
    assert interval_table(pl.DataFrame(rows), COMPUTED_AT).equals(table)


@settings(deadline=None)
@given(st.lists(strata, min_size=1, max_size=4))
def test_a_table_has_the_interval_of_each_of_its_keys(histories: list[dict[str, list[float]]]) -> None:
    rows = [row for number, means in enumerate(histories) for row in rows_of(means, target_id=f"sim-{number}")]
    table = interval_table(pl.DataFrame(rows), COMPUTED_AT)
    assert table["target_id"].to_list() == [f"sim-{number}" for number in range(len(histories))]
    for row, means in zip(table.iter_rows(named=True), histories, strict=True):
        alone = stratified_interval(means)
        columns = ("score_mean", "standard_error", "degrees_of_freedom", "score_ci95_lower", "score_ci95_upper")
        assert [row[name] for name in columns] == [
            None if value is None else pytest.approx(value, rel=1e-6, abs=1e-9) for value in values_of(alone)
        ]
        assert (row["method"], row["scenario_count"]) == (alone.method, alone.scenario_count)
        assert row["response_count"] == 2 * alone.scenario_count


def test_a_table_has_the_columns_of_the_stored_intervals() -> None:
    table = interval_table(pl.DataFrame(rows_of({"sql": [1.0, 2.0]})), COMPUTED_AT)
    assert table.columns == [
        *PERIOD_KEY, "score_mean", "score_sd", "response_count", "scenario_count", "standard_error",
        "degrees_of_freedom", "score_ci95_lower", "score_ci95_upper", "method", "scorer_versions",
        "computed_at",
    ]  # fmt: skip
    assert table["computed_at"].to_list() == [COMPUTED_AT]
    both = interval_table(pl.DataFrame(rows_of({"sql": [1.0, 2.0], "code": [3.0]})), COMPUTED_AT)
    assert both["scorer_versions"].to_list() == ["code:2, sql:2"]


def test_a_table_of_nothing_is_empty() -> None:
    rows = pl.DataFrame(rows_of({"sql": [1.0, 2.0]})).clear()
    assert interval_table(rows, COMPUTED_AT).is_empty()


def test_two_weeks_of_hours_take_less_than_two_seconds() -> None:
    hours = pl.DataFrame({"period_start": [COMPUTED_AT + timedelta(hours=hour) for hour in range(14 * 24)]})
    draw = np.random.default_rng(1)
    scenarios = pl.DataFrame(rows_of({f"family-{number}": [0.0, 0.0] for number in range(6)})).drop("period_start")
    own = scenarios.with_columns(family="scenario_family")
    targets = pl.DataFrame({"target_id": [f"sim-{number}" for number in range(6)]})
    rows = pl.concat([scenarios, own]).drop("target_id").join(targets, how="cross").join(hours, how="cross")
    rows = rows.with_columns(mean_score=pl.Series(draw.uniform(0, 10, rows.height)))
    started = time.monotonic()
    table = interval_table(rows, COMPUTED_AT)
    assert time.monotonic() - started < 2
    assert table.height == 14 * 24 * 6 * 7


def test_nine_in_ten_five_intervals_of_drawn_suites_hold_the_true_mean() -> None:
    # Six families of four scenarios, as a suite of 24; family levels are fixed, scenarios are drawn. Seeded.
    draw = np.random.default_rng(20261123)
    levels = np.array([3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    truth = float(levels.mean())
    suites = draw.normal(levels[None, :, None], 1.5, (2000, 6, 4))
    rows = pl.DataFrame(
        [
            row
            for number, suite in enumerate(suites)
            for row in rows_of(
                {str(family): means.tolist() for family, means in enumerate(suite)}, suite_version=number
            )
        ]
    )
    table = interval_table(rows, COMPUTED_AT)
    held = table.select((pl.col("score_ci95_lower") <= truth) & (truth <= pl.col("score_ci95_upper")))
    assert 0.93 <= held.to_series().sum() / held.height <= 0.97
