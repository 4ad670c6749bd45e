"""Who scores better on published variants, or on tasks from before its training ended, is told; chance tells nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from math import sqrt
from statistics import fmean, variance
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import t as student_t

from orchestration.stats.contamination import CUTOFF_GAPS, cutoff_gap_table, variant_gap_table, welch_gap
from orchestration.stats.intervals import stratified_interval

NOW = datetime(2026, 11, 27, tzinfo=UTC)
OLDER, NEWER = [1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0, 0.5]
SCENARIOS = 24
"""The first half of which is from before the cut-off."""


def scored(target: str, scores: list[float], **changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "window_name": "30d", "window_start": datetime(2026, 10, 28, tzinfo=UTC), "window_end": NOW,
            "suite": "core", "suite_version": 1, "is_simulated": True, "target_id": target,
            "scenario_id": f"sql/{number:02}", "scenario_family": "sql", "is_before_cutoff": number < SCENARIOS // 2,
            "score_mean": score,
        } | changes
        for number, score in enumerate(scores)
    ]  # fmt: skip


def of_suite(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    table = cutoff_gap_table(pl.DataFrame(rows), NOW)
    assert table.schema == pl.Schema(CUTOFF_GAPS)
    return {row["target_id"]: row for row in table.filter(pl.col("family") == "all").to_dicts()}


def fleet(seed: int, *, knows: float) -> list[dict[str, Any]]:
    """Six targets, newer tasks three points harder for all; one scores `knows` points more on the older ones."""
    draw = np.random.default_rng(seed)
    ease = np.where(np.arange(SCENARIOS) < SCENARIOS // 2, 7.0, 4.0) + draw.normal(0, 0.8, SCENARIOS)
    rows = []
    for number in range(6):
        scores = ease + draw.normal(0, 0.4, SCENARIOS)
        if number == 0:
            scores[: SCENARIOS // 2] += knows
        rows += scored(f"target-{number}", scores.tolist())
    return rows


def test_the_gap_is_that_of_the_formula() -> None:
    gap = welch_gap(OLDER, NEWER)
    assert gap is not None
    older, newer = variance(OLDER) / len(OLDER), variance(NEWER) / len(NEWER)
    error = sqrt(older + newer)
    df = (older + newer) ** 2 / (older**2 / (len(OLDER) - 1) + newer**2 / (len(NEWER) - 1))
    half_width = student_t.ppf(0.975, df) * error
    assert (gap.mean, gap.lower, gap.upper) == pytest.approx((2.0, 2.0 - half_width, 2.0 + half_width))
    assert gap.p_value == pytest.approx(student_t.sf(2.0 / error, df))


@pytest.mark.parametrize(("older", "newer"), [(OLDER, NEWER[:2]), ([], NEWER), ([1.0] * 4, [2.0] * 3)])
def test_a_gap_that_can_not_be_told_is_none(older: list[float], newer: list[float]) -> None:
    assert welch_gap(older, newer) is None


def test_who_knows_older_tasks_better_than_others_do_is_told_by_how_much() -> None:
    gaps = of_suite(fleet(1, knows=2.0))
    knowing = gaps.pop("target-0")
    assert knowing["gap_ci95_lower"] > 0.5
    assert knowing["gap_mean"] == pytest.approx(2.0, abs=0.6)
    assert knowing["holm_p_value"] < 0.01
    assert (knowing["reference_count"], knowing["before_count"], knowing["after_count"]) == (5, 12, 12)
    assert all(gap["holm_p_value"] > 0.01 and gap["gap_ci95_lower"] < 0.5 for gap in gaps.values())


def test_harder_newer_tasks_accuse_hardly_anybody() -> None:
    """Of 300 fleets of six that know nothing, one in a hundred may have a target with an adjusted p-value below .01."""
    accused = 0
    for seed in range(300):
        lowest = min(gap["holm_p_value"] for gap in of_suite(fleet(1000 + seed, knows=0.0)).values())
        accused += lowest < 0.01
    assert accused <= 9  # P(X > 9) is .001 for Binomial(300, .01)


def test_targets_are_tested_with_their_like_and_need_a_known_cutoff() -> None:
    rows = [row for row in fleet(1, knows=2.0) if row["target_id"] in {"target-0", "target-1", "target-2"}]
    rows = [row | {"is_before_cutoff": None} if row["target_id"] == "target-2" else row for row in rows]
    alone = scored("alone", [5.0 + number % 3 for number in range(SCENARIOS)], is_simulated=False)
    gaps = of_suite(rows + alone)
    assert set(gaps) == {"target-0", "target-1"}
    assert {(gap["reference_count"], gap["tested_count"]) for gap in gaps.values()} == {(2, 2)}
    for gap in gaps.values():
        assert gap["holm_p_value"] >= gap["p_value"]


def test_a_target_that_was_asked_few_of_the_tasks_is_no_reference() -> None:
    rows = fleet(1, knows=2.0)
    few = [row for row in rows if row["target_id"] != "target-5" or row["scenario_id"] < "sql/05"]
    assert of_suite(few)["target-0"]["reference_count"] == 4
    assert fmean(gap["before_count"] for name, gap in of_suite(few).items() if name != "target-5") == 12


def variant_differences(targets: dict[str, list[float]], **changes: Any) -> pl.DataFrame:
    return pl.DataFrame([
        {
            "grain": "window", "period_name": "30d", "period_start": NOW, "target_id": target, "suite": "core",
            "suite_version": 1, "family": "sql", "scenario_id": f"sql/{number:02}", "scenario_family": "sql",
            "scorer_versions": "sql:1", "mean_score": difference, "scored_count": 20, "is_simulated": True,
        } | changes
        for target, differences in targets.items()
        for number, difference in enumerate(differences)
    ])  # fmt: skip


def test_public_minus_fresh_is_tested_one_sided_for_all_targets_of_a_family_together() -> None:
    targets = {"higher": [2.0, 3.0, 2.5, 3.5], "equal": [1.0, -1.0, 0.5, 0.5], "lower": [-2.0, -3.0, -2.5, -3.5]}
    still = {"still": [1.0, 1.0]}
    table = variant_gap_table(variant_differences(targets | still), NOW)
    gaps = {row["target_id"]: row for row in table.to_dicts()}
    for target, differences in targets.items():
        error = sqrt(variance(differences) / 4)
        assert gaps[target]["p_value"] == pytest.approx(student_t.sf(fmean(differences) / error, 3))
        expected = stratified_interval({"sql": differences})
        assert gaps[target]["score_ci95_lower"] == pytest.approx(expected.lower)
    assert gaps["higher"]["holm_p_value"] == pytest.approx(3 * gaps["higher"]["p_value"])
    assert gaps["lower"]["holm_p_value"] == gaps["lower"]["p_value"] > 0.99
    assert {gap["tested_count"] for gap in gaps.values()} == {3}
    assert (gaps["still"]["p_value"], gaps["still"]["holm_p_value"]) == (None, None)


def test_families_and_simulated_targets_are_tested_apart() -> None:
    higher = [2.0, 3.0, 2.5, 3.5]
    sets = [
        variant_differences({"one": higher, "two": higher}),
        variant_differences({"one": higher, "two": higher, "three": higher}, family="all"),
        variant_differences({"real": higher}, is_simulated=False),
    ]
    table = variant_gap_table(pl.concat(sets), NOW)
    counts = {(row["target_id"], row["family"]): row["tested_count"] for row in table.to_dicts()}
    assert counts == {
        ("one", "sql"): 2, ("two", "sql"): 2, ("real", "sql"): 1,
        ("one", "all"): 3, ("two", "all"): 3, ("three", "all"): 3,
    }  # fmt: skip
    assert variant_gap_table(variant_differences({"one": higher}).clear(), NOW).is_empty()


def test_public_variants_of_models_that_know_nothing_accuse_hardly_any_fleet() -> None:
    """Twelve models, 24 tasks: the bare interval accuses somebody in every fourth fleet, the adjusted p hardly ever."""
    draw = np.random.default_rng(5)
    fleets = [
        variant_differences(
            {f"target-{number}": draw.normal(0, 1, SCENARIOS).tolist() for number in range(12)}, suite=f"fleet-{fleet}"
        )
        for fleet in range(200)
    ]
    table = variant_gap_table(pl.concat(fleets), NOW)
    bare = table.filter(pl.col("score_ci95_lower") > 0)["suite"].n_unique()
    adjusted = table.filter(pl.col("holm_p_value") < 0.01)["suite"].n_unique()
    assert bare >= 30  # P(X < 30) is .00005 for Binomial(200, 1 - .975^12)
    assert adjusted <= 8  # P(X > 8) is .0002 for Binomial(200, .01)
