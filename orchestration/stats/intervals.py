"""Confidence intervals of mean scores that generalise to tasks like these: a scenario is a cluster, a family a stratum.

Not here: the scenario means themselves, which the model int_scenario_period_scores computes.

An interval is never cut to the range of scores: near 0 or 10 with few scenarios it may reach beyond, and a cut one
would hide how little is known. Who draws it may stop at the axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student_t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

Method = Literal["stratified_t", "unstratified_t", "none"]

CONFIDENCE = 0.95

PERIOD_KEY = ("grain", "period_name", "period_start", "target_id", "suite", "suite_version", "family")
"""What identifies one mean and its interval."""

_Floats = NDArray[np.float64]
_Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean score and its interval, in score points.

    `standard_error`, `degrees_of_freedom`, `lower` and `upper` are None together, with method `none`, when the spread
    can't be estimated: fewer than two scenarios, or scenarios that all have the same mean. Ten out of ten twice is no
    proof of certainty, so a spread of zero gives no interval instead of one without width.
    """

    mean: float
    standard_deviation: float | None
    scenario_count: int
    standard_error: float | None
    degrees_of_freedom: float | None
    lower: float | None
    upper: float | None
    method: Method


def stratified_interval(scenario_means: Mapping[str, Sequence[float]]) -> Interval:
    """The interval of the mean over all scenarios, from the scenarios' means by stratum.

    With S_h scenarios of mean m_h and variance v_h in stratum h, S in all and W_h = S_h / S: mean = sum W_h m_h,
    SE^2 = sum W_h^2 v_h / S_h, and t with Satterthwaite's df = SE^4 / sum (W_h^2 v_h / S_h)^2 / (S_h - 1); one stratum
    has S - 1. Source: Miller 2024, arXiv 2411.00640, with Satterthwaite 1946 for small samples.

    A stratum of one scenario has no variance of its own, and borrowing that of the others would be an invention; strata
    without any spread have an error of zero. Both fall back to one stratum for all scenarios (`unstratified_t`): its
    variance holds the differences between strata too, so it errs on the wide side.

    Raises ValueError without a scenario, for an empty stratum and for a mean that is not finite.
    """
    strata = [np.sort(np.asarray(means, dtype=np.float64)) for means in scenario_means.values()]
    if not strata or any(len(means) == 0 for means in strata):
        raise ValueError("an interval needs at least one scenario in every stratum")
    stratum = np.repeat(np.arange(len(strata)), [len(means) for means in strata])
    table = _intervals(np.concatenate(strata), stratum, np.zeros(len(strata), dtype=np.intp))
    mean, spread, count, error, df, lower, upper, method = table.row(0)
    return Interval(mean, spread, count, error, df, lower, upper, method)


def interval_table(scenario_means: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """One row of raw.score_intervals for each period, target, suite version and family in `scenario_means`.

    `scenario_means` has a row per scenario with PERIOD_KEY, `scenario_family`, `mean_score` (points), `scored_count`
    (answers behind the mean) and `scorer_versions` (who graded them, like `sql:2`), as int_scenario_period_scores gives
    it. The rows of one key are one interval with the scenario families as strata: several for the family `all`, one for
    a family's own row. The result does not depend on the order of the rows, to the last bit.
    """
    rows = scenario_means.sort(*PERIOD_KEY, "scenario_family", "mean_score")
    keys = rows.group_by(PERIOD_KEY, maintain_order=True).agg(
        pl.col("scored_count").sum().alias("response_count"),
        pl.col("scorer_versions").unique().sort().str.join(", "),
    )
    row_of = _codes(rows, PERIOD_KEY)
    stratum = _codes(rows, (*PERIOD_KEY, "scenario_family"))
    row_of_stratum = row_of[np.flatnonzero(np.diff(stratum, prepend=-1))]
    intervals = _intervals(rows["mean_score"].to_numpy(), stratum, row_of_stratum)
    return keys.hstack(intervals).select(
        *PERIOD_KEY,
        pl.col("mean").alias("score_mean"),
        pl.col("standard_deviation").alias("score_sd"),
        "response_count",
        "scenario_count",
        "standard_error",
        "degrees_of_freedom",
        pl.col("lower").alias("score_ci95_lower"),
        pl.col("upper").alias("score_ci95_upper"),
        "method",
        "scorer_versions",
        pl.lit(computed_at).alias("computed_at"),
    )


def _codes(rows: pl.DataFrame, columns: Sequence[str]) -> _Codes:
    """0 for the first run of equal values in `columns`, 1 for the second, and so on; shape (rows,)."""
    return (rows.select(pl.struct(columns).rle_id()).to_series().cast(pl.Int64)).to_numpy()


def _intervals(means: _Floats, stratum: _Codes, row_of_stratum: _Codes) -> pl.DataFrame:
    """One interval per row. `means` and `stratum` have shape (scenarios,), `row_of_stratum` (strata,); codes ascend."""
    if not np.isfinite(means).all():
        raise ValueError("a scenario's mean score is not a finite number")
    row_mean, row_variance, row_count = _moments(means, row_of_stratum[stratum])
    error, df = _stratified_error(*_moments(means, stratum)[1:], row_of_stratum)
    is_stratified = (np.bincount(row_of_stratum) > 1) & (error > 0)
    error = np.where(is_stratified, error, np.sqrt(row_variance / row_count))
    df = np.where(is_stratified, df, row_count - 1.0)
    has_interval = error > 0
    half_width = student_t.ppf((1 + CONFIDENCE) / 2, np.where(has_interval, df, np.nan)) * error
    method = np.select([~has_interval, is_stratified], ["none", "stratified_t"], "unstratified_t")
    return pl.DataFrame(
        {
            "mean": row_mean,
            "standard_deviation": np.sqrt(row_variance),
            "scenario_count": row_count,
            "standard_error": np.where(has_interval, error, np.nan),
            "degrees_of_freedom": np.where(has_interval, df, np.nan),
            "lower": row_mean - half_width,
            "upper": row_mean + half_width,
            "method": method,
        },
        schema_overrides={"method": pl.String},
    ).fill_nan(None)


def _stratified_error(variance: _Floats, count: _Codes, row_of: _Codes) -> tuple[_Floats, _Floats]:
    """Standard error and Satterthwaite's df of each row, NaN where a stratum has one scenario; inputs (strata,)."""
    share = count / np.bincount(row_of, weights=count)[row_of]
    part = share**2 * variance / count
    squared = np.bincount(row_of, weights=part)
    with np.errstate(invalid="ignore", divide="ignore"):
        df = squared**2 / np.bincount(row_of, weights=part**2 / (count - 1))
    return np.sqrt(squared), df


def _moments(values: _Floats, group: _Codes) -> tuple[_Floats, _Floats, _Codes]:
    """Mean, variance (n - 1; NaN for one value) and count of each group; shape (groups,).

    Values are taken relative to the first of their group, so that equal values have a variance of exactly zero.
    """
    count = np.bincount(group)
    origin = values[np.flatnonzero(np.diff(group, prepend=-1))]
    offset = np.bincount(group, weights=values - origin[group]) / count
    squares = np.bincount(group, weights=(values - origin[group] - offset[group]) ** 2)
    with np.errstate(invalid="ignore"):
        return origin + offset, squares / np.where(count > 1, count - 1.0, np.nan), count
