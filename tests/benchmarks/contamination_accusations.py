"""Counts how often one of a fleet of models that know nothing is flagged for contamination, and one that knows.

usage: python -m tests.benchmarks.contamination_accusations [--fleets 400] [--targets 12] [--seed 1]

A fleet is asked 12 families of 4 scenarios, each in its public and in a fresh variant, 60 times either. A fresh variant
is a little harder or easier than the public one, for all models and for each. Half of the scenarios are from before the
cut-off, and those after it are harder. One that knows was trained on the public variants from before the cut-off: its
chance to solve these is that of a model 3 logits more able.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import numpy as np
import polars as pl
from scipy.special import expit
from scipy.stats import binomtest

from orchestration.stats.contamination import cutoff_gap_table, variant_gap_table

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
FAMILIES, SCENARIOS, ANSWERS = 12, 4, 60
KNOWN_LOGITS = 3.0
LEAST_POINTS, MOST_CHANCE = 0.5, 0.01
"""The bound and the adjusted p-value of a flag, as in fct_contamination."""


def scores(draw: np.random.Generator, skill: np.ndarray) -> np.ndarray:
    """Mean scores of ANSWERS answers each: 10 x Beta(18, 2) where solved, else 10 x Beta(1.2, 3.5)."""
    solved = draw.binomial(ANSWERS, expit(skill))
    high, low = 18 / 20, 1.2 / 4.7
    noise = draw.normal(0, 0.15 / np.sqrt(ANSWERS), skill.shape)
    return np.clip(10 * ((solved * high + (ANSWERS - solved) * low) / ANSWERS + noise), 0, 10)


def fleet(draw: np.random.Generator, number: int, targets: int, *, is_known: bool) -> pl.DataFrame:
    """A row per target and scenario: its public and fresh mean scores."""
    count = FAMILIES * SCENARIOS
    is_before = np.arange(count) % 2 == 0
    ability = draw.normal(0.8, 0.5, (targets, 1))
    ease = -draw.normal(0, 1.8, count) + np.where(is_before, 0.3, -0.3)
    own = draw.normal(0, 0.6, (targets, count))
    variant = draw.normal(0, 0.2, count) + draw.normal(0, 0.2, (targets, count))
    public = ability + ease + own
    if is_known:
        public[0, is_before] += KNOWN_LOGITS
    fresh = ability + ease + own + variant
    cells = [(target, scenario) for target in range(targets) for scenario in range(count)]
    return pl.DataFrame(
        {
            "suite": f"fleet-{number}",
            "target_id": [f"target-{target:02}" for target, _ in cells],
            "scenario_id": [f"task-{scenario:02}" for _, scenario in cells],
            "scenario_family": [f"family-{scenario // SCENARIOS:02}" for _, scenario in cells],
            "is_before_cutoff": [bool(is_before[scenario]) for _, scenario in cells],
            "public": scores(draw, public).ravel(),
            "fresh": scores(draw, fresh).ravel(),
        }
    )


def variant_gaps(fleets: pl.DataFrame) -> pl.DataFrame:
    common = {
        "grain": "window",
        "period_name": "30d",
        "period_start": START,
        "suite_version": 1,
        "is_simulated": True,
        "scorer_versions": "sql:1",
        "scored_count": 2 * ANSWERS,
    }
    differences = fleets.with_columns(
        mean_score=pl.col("public") - pl.col("fresh"), **{name: pl.lit(value) for name, value in common.items()}
    )
    rows = [differences.with_columns(family=family) for family in (pl.lit("all"), pl.col("scenario_family"))]
    return variant_gap_table(pl.concat(rows), END).rename(
        {"score_ci95_lower": "gap_ci95_lower", "score_mean": "gap_mean"}
    )


def cutoff_gaps(fleets: pl.DataFrame) -> pl.DataFrame:
    common = {
        "window_name": pl.lit("30d"),
        "window_start": pl.lit(START),
        "window_end": pl.lit(END),
        "suite_version": pl.lit(1),
        "is_simulated": pl.lit(value=True),
        "score_mean": pl.col("public"),
    }
    return cutoff_gap_table(fleets.with_columns(**common), END)


def told(gaps: pl.DataFrame, rule: pl.Expr, fleet_count: int, only: str | None = None) -> str:
    """The share of fleets of which any target, or that one, is flagged in any of the rows, with its Wilson interval."""
    flagged = gaps.filter(rule) if only is None else gaps.filter(rule & (pl.col("target_id") == only))
    count = flagged["suite"].n_unique()
    own = binomtest(count, fleet_count).proportion_ci(method="wilson")
    return f"{count / fleet_count:.3f} [{own.low:.3f}, {own.high:.3f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fleets", type=int, default=400)
    parser.add_argument("--targets", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    beyond_doubt = (pl.col("holm_p_value") < MOST_CHANCE) & (pl.col("gap_ci95_lower") > LEAST_POINTS)
    rules = {
        "interval above 0": pl.col("gap_ci95_lower") > 0,
        f"adjusted p < {MOST_CHANCE}": pl.col("holm_p_value") < MOST_CHANCE,
        f"adjusted p < {MOST_CHANCE}, interval above {LEAST_POINTS}": beyond_doubt,
    }
    for is_known in (False, True):
        draw = np.random.default_rng([asked.seed, is_known])
        fleets = pl.concat(fleet(draw, number, asked.targets, is_known=is_known) for number in range(asked.fleets))
        for name, gaps in (("public - fresh", variant_gaps(fleets)), ("at the cut-off", cutoff_gaps(fleets))):
            for family, part in (("all", gaps.filter(pl.col("family") == "all")), ("any family", gaps)):
                for rule_name, rule in rules.items():
                    only = "target-00" if is_known else None
                    who = "one that knows is told" if is_known else "clean fleets accused"
                    print(
                        f"{who:<24} {name:<15} {family:<11} {rule_name:<38} {told(part, rule, asked.fleets, only)}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
