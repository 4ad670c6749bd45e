"""Whether a target does better on published variants than on fresh ones, or on tasks from before its training ended.

Not here: the signals that need no test (int_variant_scores), nor when a target is flagged (fct_contamination).

The plain gap between older and newer tasks says little: they differ in difficulty too. What other targets score on the
same tasks tells how hard each is. Of many targets that know nothing some have a gap by chance, so both gaps are tested
for all targets together.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

import polars as pl
from scipy.stats import t as student_t
from scipy.stats import ttest_ind

from orchestration.stats.comparisons import MIN_RANKED_SHARE, SET_KEY
from orchestration.stats.intervals import CONFIDENCE, interval_table
from orchestration.stats.paired import holm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    Row = dict[str, Any]
    Means = Mapping[str, Mapping[str, float]]

MIN_SCENARIOS = 3
"""On either side of the day on which the training ended."""

CUTOFF_GAPS = SET_KEY | {
    "target_id": pl.String,
    "reference_count": pl.Int64,
    "before_count": pl.Int64,
    "after_count": pl.Int64,
    "gap_mean": pl.Float64,
    "gap_ci95_lower": pl.Float64,
    "gap_ci95_upper": pl.Float64,
    "p_value": pl.Float64,
    "holm_p_value": pl.Float64,
    "tested_count": pl.Int64,
    "computed_at": pl.Datetime("us", "UTC"),
}


_TESTED_TOGETHER = ("period_name", "period_start", "suite", "suite_version", "family", "is_simulated")


def variant_gap_table(differences: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """What interval_table tells of public minus fresh scores, with a test of each gap.

    `differences` is in the form that interval_table asks for, with `is_simulated`. `p_value` is one-sided, for no
    better scores of the public variants: t with the interval's degrees of freedom, null where there is none. Holm's
    adjustment is over the `tested_count` targets of one window, suite version and family, simulated or real.
    """
    kinds = differences.select("target_id", "is_simulated").unique()
    gaps = interval_table(differences, computed_at).join(kinds, on="target_id", maintain_order="left")
    ratio = (gaps["score_mean"] / gaps["standard_error"]).to_numpy()
    tested = gaps.with_columns(
        p_value=pl.Series(student_t.sf(ratio, gaps["degrees_of_freedom"].to_numpy()), dtype=pl.Float64).fill_nan(None)
    )
    return tested.with_columns(
        holm_p_value=pl.col("p_value").map_batches(_adjusted_together, return_dtype=pl.Float64).over(_TESTED_TOGETHER),
        tested_count=pl.col("p_value").count().over(_TESTED_TOGETHER).cast(pl.Int64),
    )


def _adjusted_together(p_values: pl.Series) -> pl.Series:
    return pl.Series(holm(p_values.to_list()), dtype=pl.Float64)


@dataclass(frozen=True, slots=True)
class CutoffGap:
    """Mean of what a target scores above the references on older tasks, minus the same on newer ones, in points.

    `p_value` is one-sided, for no more on the older ones; the interval is two-sided, 95%.
    """

    mean: float
    lower: float
    upper: float
    p_value: float


def welch_gap(before: Sequence[float], after: Sequence[float]) -> CutoffGap | None:
    """D = mean(before) - mean(after), SE^2 = v_b / n_b + v_a / n_a, t with Welch's (1947) degrees of freedom.

    None with fewer than MIN_SCENARIOS values on either side, or without any spread.
    """
    if min(len(before), len(after)) < MIN_SCENARIOS or len({*before}) == len({*after}) == 1:
        return None
    interval = ttest_ind(before, after, equal_var=False).confidence_interval(CONFIDENCE)
    tested = ttest_ind(before, after, equal_var=False, alternative="greater")
    return CutoffGap(fmean(before) - fmean(after), float(interval.low), float(interval.high), float(tested.pvalue))


def cutoff_gap_table(scores: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of CUTOFF_GAPS for every target of a set whose gap can be told.

    `scores` has a row per window, target and scenario with SET_KEY but for `family`, `scenario_id`, `scenario_family`,
    `score_mean` of the public variant and `is_before_cutoff`, null where the target's cut-off is not known. Holm's
    adjustment is over the `tested_count` targets of the set: one window, suite version and family, simulated or real.
    """
    families = [scores.with_columns(family.alias("family")) for family in (pl.lit("all"), pl.col("scenario_family"))]
    rows = pl.concat(families).sort(*SET_KEY, "target_id", "scenario_id")
    sets = rows.partition_by(*SET_KEY, as_dict=True, maintain_order=True).items()
    found = [row for key, part in sets for row in _adjusted(dict(zip(SET_KEY, key, strict=True)), part)]
    return pl.DataFrame([row | {"computed_at": computed_at} for row in found], schema=CUTOFF_GAPS)


def _adjusted(key: Row, scores: pl.DataFrame) -> Iterator[Row]:
    gaps = list(_gaps(scores))
    for row, adjusted in zip(gaps, holm([row["p_value"] for row in gaps]), strict=True):
        yield key | row | {"holm_p_value": adjusted, "tested_count": len(gaps)}


def _gaps(scores: pl.DataFrame) -> Iterator[Row]:
    means: dict[str, dict[str, float]] = {}
    for target, scenario, mean in scores.select("target_id", "scenario_id", "score_mean").iter_rows():
        means.setdefault(target, {})[scenario] = mean
    dated = scores.filter(pl.col("is_before_cutoff").is_not_null())
    for (target,), part in dated.partition_by("target_id", as_dict=True, maintain_order=True).items():
        references = _references(str(target), means)
        residuals = _residuals(str(target), references, means)
        is_before = dict(part.select("scenario_id", "is_before_cutoff").iter_rows())
        before = [value for scenario, value in residuals.items() if is_before[scenario]]
        after = [value for scenario, value in residuals.items() if not is_before[scenario]]
        if references and (gap := welch_gap(before, after)):
            yield {
                "target_id": target,
                "reference_count": len(references),
                "before_count": len(before),
                "after_count": len(after),
                "gap_mean": gap.mean,
                "gap_ci95_lower": gap.lower,
                "gap_ci95_upper": gap.upper,
                "p_value": gap.p_value,
            }


def _references(target: str, means: Means) -> list[str]:
    """Other targets with scores for most of the target's scenarios."""
    own = means[target].keys()
    return [
        other
        for other, known in means.items()
        if other != target and len(own & known.keys()) >= MIN_RANKED_SHARE * len(own)
    ]


def _residuals(target: str, references: Sequence[str], means: Means) -> dict[str, float]:
    """What the target scores above the references' mean, by scenario that it and all of them have scores for."""
    common = set(means[target]).intersection(*(means[other] for other in references))
    return {
        scenario: means[target][scenario] - fmean(means[other][scenario] for other in references)
        for scenario in sorted(common)
        if references
    }
