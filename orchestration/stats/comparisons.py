"""How the targets of a window stand to each other and to the week before: paired differences, rank ranges, pass rates.

Not here: the formulas (paired, ranking, fixed_suite, repeated_attempts), nor the mean of a window itself (intervals).

Targets are compared within a comparison set: one window, suite version and family (`all` for the whole suite),
simulated targets apart from real ones. Of each scenario all scores in a window are by one version of its scorer.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from orchestration.stats.fixed_suite import fixed_suite_interval
from orchestration.stats.paired import all_pairs, holm, paired_difference
from orchestration.stats.ranking import RankRange, rank_ranges
from orchestration.stats.repeated_attempts import pass_at_k_interval, pass_hat_k_interval

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numpy.typing import NDArray

    Row = dict[str, Any]
    Means = dict[str, dict[str, float]]

ATTEMPTS = (1, 3, 5, 10)
"""The numbers k of attempts that pass@k and pass^k are given for."""

MIN_RANKED_SHARE = 0.8
"""Of the scenarios, what a target must have scores for to be ranked: ranges rest on those that all ranked ones have."""

MOVE_DAYS = 7
MOVE_WINDOW = "30d"
"""The window whose days hold the two weeks that a move is told between."""

_SEED = 1
"""Equal scores give equal ranges."""

_TIME = pl.Datetime("us", "UTC")
SET_KEY: dict[str, Any] = {
    "window_name": pl.String,
    "window_start": _TIME,
    "window_end": _TIME,
    "suite": pl.String,
    "suite_version": pl.Int64,
    "family": pl.String,
    "is_simulated": pl.Boolean,
}
PAIRS = SET_KEY | {
    "target_id": pl.String,
    "other_target_id": pl.String,
    "scenario_count": pl.Int64,
    "score_difference": pl.Float64,
    "standard_error": pl.Float64,
    "score_difference_ci95_lower": pl.Float64,
    "score_difference_ci95_upper": pl.Float64,
    "p_value": pl.Float64,
    "holm_p_value": pl.Float64,
    "compared_count": pl.Int64,
    "method": pl.String,
    "scorer_versions": pl.String,
    "computed_at": _TIME,
}
STANDINGS = SET_KEY | {
    "target_id": pl.String,
    "rank_ci95_lower": pl.Int64,
    "rank_ci95_upper": pl.Int64,
    "ranked_count": pl.Int64,
    "day_count": pl.Int64,
    "score_suite_ci95_lower": pl.Float64,
    "score_suite_ci95_upper": pl.Float64,
    "computed_at": _TIME,
}
PASS_RATES = SET_KEY | {
    "target_id": pl.String,
    "attempt_count": pl.Int64,
    "scenario_count": pl.Int64,
    "pass_at_k_rate": pl.Float64,
    "pass_at_k_ci95_lower": pl.Float64,
    "pass_at_k_ci95_upper": pl.Float64,
    "pass_hat_k_rate": pl.Float64,
    "pass_hat_k_ci95_lower": pl.Float64,
    "pass_hat_k_ci95_upper": pl.Float64,
    "scorer_versions": pl.String,
    "computed_at": _TIME,
}

MOVES = SET_KEY | {
    "target_id": pl.String,
    "scenario_count": pl.Int64,
    "score_change": pl.Float64,
    "standard_error": pl.Float64,
    "score_change_ci95_lower": pl.Float64,
    "score_change_ci95_upper": pl.Float64,
    "p_value": pl.Float64,
    "holm_p_value": pl.Float64,
    "compared_count": pl.Int64,
    "method": pl.String,
    "scorer_versions": pl.String,
    "computed_at": _TIME,
}


def pair_table(days: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of PAIRS for every two targets of a set that share a scenario; `target_id` sorts before `other_target_id`.

    `days` is what int_scenario_window_days gives: a row per window, day, target and scenario. The difference is the
    first target's mean minus the other's, in points. Holm's adjustment is over all `compared_count` pairs of the set.
    """
    rows = [row for key, part in _comparison_sets(days) for row in _pairs(key, part)]
    return _table(rows, PAIRS, computed_at)


def _pairs(key: Row, days: pl.DataFrame) -> Iterator[Row]:
    means, versions = _scenario_means(days), dict(days.select("scenario", "scorer_versions").iter_rows())
    compared = all_pairs(means)
    tested = sum(pair.holm_p_value is not None for pair in compared)
    for pair in compared:
        common, found = means[pair.first].keys() & means[pair.second].keys(), pair.difference
        yield key | {
            "target_id": pair.first,
            "other_target_id": pair.second,
            "scenario_count": found.scenario_count,
            "score_difference": found.mean,
            "standard_error": found.standard_error,
            "score_difference_ci95_lower": found.lower,
            "score_difference_ci95_upper": found.upper,
            "p_value": found.p_value,
            "holm_p_value": pair.holm_p_value,
            "compared_count": tested,
            "method": found.method,
            "scorer_versions": ", ".join(sorted({versions[scenario] for scenario in common})),
        }


def standing_table(days: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of STANDINGS for every target of a set: its rank range, and its mean's interval on exactly these tasks.

    A target is ranked that has scores for at least MIN_RANKED_SHARE of the set's scenarios; `ranked_count` is how many
    are. `day_count` counts the window's days of 24 hours that have a score. `days` as in `pair_table`.
    """
    rows = [row for key, part in _comparison_sets(days) for row in _standings(key, part)]
    return _table(rows, STANDINGS, computed_at)


def _standings(key: Row, days: pl.DataFrame) -> Iterator[Row]:
    means = _scenario_means(days)
    ranks = _ranks(means)
    for (target,), part in days.partition_by("target_id", as_dict=True, maintain_order=True).items():
        rank = ranks.get(target)
        fixed = fixed_suite_interval(_day_means(part))
        half_width = None if fixed.upper is None else fixed.upper - fixed.mean
        mean = fmean(means[target].values())
        yield key | {
            "target_id": target,
            "rank_ci95_lower": rank and rank.best,
            "rank_ci95_upper": rank and rank.worst,
            "ranked_count": len(ranks) or None,
            "day_count": fixed.day_count,
            "score_suite_ci95_lower": None if half_width is None else mean - half_width,
            "score_suite_ci95_upper": None if half_width is None else mean + half_width,
        }


def _ranks(means: Means) -> dict[str, RankRange]:
    asked = len(set().union(*means.values()))
    ranked = {target: known for target, known in means.items() if len(known) >= MIN_RANKED_SHARE * asked}
    return rank_ranges(ranked, seed=_SEED) or {}


def _day_means(days: pl.DataFrame) -> NDArray[np.float64]:
    """Mean scores of one target by day and scenario, shape (days, scenarios), NaN where there is none."""
    row = days["window_day"].rank("dense").to_numpy() - 1
    column = days["scenario"].rank("dense").to_numpy() - 1
    table = np.full((row.max() + 1, column.max() + 1), np.nan)
    table[row, column] = (days["score_sum"] / days["scored_count"]).to_numpy()
    return table


def pass_rate_table(days: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of PASS_RATES for every target of a set and k of ATTEMPTS that each of its scenarios has as many scores of.

    A scenario's attempts are its scored answers in the window; one is solved with the full score. `days` as in
    `pair_table`.
    """
    rows = [row for key, part in _comparison_sets(days) for row in _pass_rates(key, part)]
    return _table(rows, PASS_RATES, computed_at)


def _pass_rates(key: Row, days: pl.DataFrame) -> Iterator[Row]:
    for (target,), part in days.partition_by("target_id", as_dict=True, maintain_order=True).items():
        counts = part.group_by("scenario", maintain_order=True).agg(pl.col("scored_count", "solved_count").sum())
        attempts = list(counts.select("scored_count", "solved_count").iter_rows())
        known = [k for k in ATTEMPTS if all(count >= k for count, _ in attempts)]
        for k in known:
            once, always = pass_at_k_interval(attempts, k), pass_hat_k_interval(attempts, k)
            yield key | {
                "target_id": target,
                "attempt_count": k,
                "scenario_count": once.scenario_count,
                "pass_at_k_rate": once.share,
                "pass_at_k_ci95_lower": once.lower,
                "pass_at_k_ci95_upper": once.upper,
                "pass_hat_k_rate": always.share,
                "pass_hat_k_ci95_lower": always.lower,
                "pass_hat_k_ci95_upper": always.upper,
                "scorer_versions": ", ".join(sorted(set(part["scorer_versions"]))),
            }


def move_table(days: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of MOVES for every target of a set with a scenario that was scored in its last seven days and those before.

    The change is the mean of the last seven days minus that of the seven before, paired by scenario, in points. Holm's
    adjustment is over all `compared_count` targets of the set. `days` as in `pair_table`.
    """
    rows = [
        row for key, part in _comparison_sets(days) if key["window_name"] == MOVE_WINDOW for row in _moves(key, part)
    ]
    return _table(rows, MOVES, computed_at)


def _moves(key: Row, days: pl.DataFrame) -> Iterator[Row]:
    end = key["window_end"]
    length = (end - key["window_start"]).days
    now = _scenario_means(days.filter(pl.col("window_day") >= length - MOVE_DAYS))
    before = _scenario_means(
        days.filter(pl.col("window_day").is_between(length - 2 * MOVE_DAYS, length - MOVE_DAYS - 1))
    )
    versions = dict(days.select("scenario", "scorer_versions").iter_rows())
    found = {target: paired_difference(now[target], before[target]) for target in now if target in before}
    moved = {target: change for target, change in found.items() if change is not None}
    adjusted = holm([change.p_value for change in moved.values()])
    tested_count = sum(p_value is not None for p_value in adjusted)
    week = {"window_name": f"{MOVE_DAYS}d", "window_start": end - timedelta(days=MOVE_DAYS)}
    for (target, change), holm_p_value in zip(moved.items(), adjusted, strict=True):
        common = now[target].keys() & before[target].keys()
        yield (
            key
            | week
            | {
                "target_id": target,
                "scenario_count": change.scenario_count,
                "score_change": change.mean,
                "standard_error": change.standard_error,
                "score_change_ci95_lower": change.lower,
                "score_change_ci95_upper": change.upper,
                "p_value": change.p_value,
                "holm_p_value": holm_p_value,
                "compared_count": tested_count,
                "method": change.method,
                "scorer_versions": ", ".join(sorted({versions[scenario] for scenario in common})),
            }
        )


def _comparison_sets(days: pl.DataFrame) -> Iterator[tuple[Row, pl.DataFrame]]:
    """Every set's key and its rows, in an order that does not depend on theirs."""
    named = days.with_columns(pl.format("{}@{}", "scenario_id", "scenario_version").alias("scenario"))
    families = [named.with_columns(family.alias("family")) for family in (pl.lit("all"), pl.col("scenario_family"))]
    rows = pl.concat(families).sort(*SET_KEY, "target_id", "scenario", "window_day")
    for values, part in rows.partition_by(*SET_KEY, as_dict=True, maintain_order=True).items():
        yield dict(zip(SET_KEY, values, strict=True)), part


def _scenario_means(days: pl.DataFrame) -> Means:
    """Target to scenario to its mean score in the window, in points."""
    mean = pl.col("score_sum").sum() / pl.col("scored_count").sum()
    means: Means = {}
    for target, scenario, value in days.group_by("target_id", "scenario", maintain_order=True).agg(mean).iter_rows():
        means.setdefault(target, {})[scenario] = value
    return means


def _table(rows: list[Row], schema: dict[str, Any], computed_at: datetime) -> pl.DataFrame:
    return pl.DataFrame([row | {"computed_at": computed_at} for row in rows], schema=schema)
