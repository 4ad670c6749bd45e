"""What is compared with what in a window, against numbers of independent libraries.

Source of the vectors: shared/statistics/test_vectors.json, `paired` and `pass_at_k`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from orchestration.stats.comparisons import (
    PAIRS,
    PASS_RATES,
    STANDINGS,
    move_table,
    pair_table,
    pass_rate_table,
    standing_table,
)
from orchestration.stats.fixed_suite import fixed_suite_interval

NOW = datetime(2026, 11, 27, tzinfo=UTC)
FIRST = [8.9, 4.1, 7.0, 0.9, 9.5, 5.4, 6.6, 3.2]
SECOND = [8.1, 3.3, 7.2, 0.4, 9.1, 3.9, 5.0, 3.0]


def day(target: str, scenario: str, score: float, **changes: Any) -> dict[str, Any]:
    """One score of a target in a window of two days."""
    return {
        "window_name": "7d", "window_start": datetime(2026, 11, 20, tzinfo=UTC), "window_end": NOW, "suite": "canary",
        "suite_version": 1, "is_simulated": True, "target_id": target, "scenario_id": scenario, "scenario_version": 1,
        "scenario_family": scenario.partition("/")[0], "window_day": 0, "scorer_versions": "sql:2", "scored_count": 1,
        "solved_count": int(score == 10), "score_sum": score,
    } | changes  # fmt: skip


def scored(target: str, scores: list[float], **changes: Any) -> list[dict[str, Any]]:
    return [day(target, f"sql/{number}", score, **changes) for number, score in enumerate(scores)]


BOTH = [*scored("a", FIRST), *scored("b", SECOND)]


def of_suite(table: pl.DataFrame) -> list[dict[str, Any]]:
    return table.filter(pl.col("family") == "all").to_dicts()


def test_two_targets_differ_as_an_independent_library_says() -> None:
    (pair,) = of_suite(pair_table(pl.DataFrame(BOTH), NOW))
    assert pair["score_difference"] == pytest.approx(0.7)
    bounds = (pair["score_difference_ci95_lower"], pair["score_difference_ci95_upper"])
    assert bounds == pytest.approx((0.18464209239307805, 1.2153579076069223))
    assert pair["p_value"] == pair["holm_p_value"] == pytest.approx(0.0234375)
    assert (pair["target_id"], pair["other_target_id"], pair["scenario_count"]) == ("a", "b", 8)
    assert (pair["scorer_versions"], pair["compared_count"]) == ("sql:2", 1)


def test_the_mean_of_a_scenario_is_over_all_its_scores_and_not_over_its_days() -> None:
    uneven = [day("a", "sql/0", 3.0, scored_count=3), day("a", "sql/0", 10.0, window_day=1), day("b", "sql/0", 1.0)]
    (pair,) = of_suite(pair_table(pl.DataFrame(uneven), NOW))
    assert pair["score_difference"] == pytest.approx(13 / 4 - 1)
    assert (pair["method"], pair["p_value"], pair["compared_count"]) == ("none", None, 0)


def test_only_likes_are_compared() -> None:
    other = [
        *scored("real", FIRST, is_simulated=False), *scored("old", FIRST, suite_version=2),
        *scored("wide", FIRST, suite="core"), day("apart", "review/1", 5.0),
    ]  # fmt: skip
    pairs = pair_table(pl.DataFrame([*BOTH, *other]), NOW)
    assert set(pairs.select("family", "target_id", "other_target_id").iter_rows()) == {
        ("all", "a", "b"), ("sql", "a", "b"),
    }  # fmt: skip


def test_a_pair_rests_on_the_scorers_of_its_common_scenarios() -> None:
    days = [
        *BOTH,
        day("a", "review/1", 5.0, scorer_versions="text:1"),
        day("c", "review/1", 7.0, scorer_versions="text:1"),
    ]
    said = {(row["target_id"], row["other_target_id"]): row for row in of_suite(pair_table(pl.DataFrame(days), NOW))}
    assert {names: row["scorer_versions"] for names, row in said.items()} == {("a", "b"): "sql:2", ("a", "c"): "text:1"}


def test_who_lacks_many_scenarios_is_not_ranked_and_takes_no_rank_from_the_others() -> None:
    days = pl.DataFrame([*BOTH, *scored("thin", FIRST[:6]), *scored("nearly", FIRST[:7])])
    ranks = {row["target_id"]: row for row in of_suite(standing_table(days, NOW))}
    assert ranks["thin"]["rank_ci95_lower"] is None
    assert {name: row["ranked_count"] for name, row in ranks.items()} == dict.fromkeys(ranks, 3)
    assert ranks["b"]["rank_ci95_upper"] == 3
    assert all(
        1 <= ranks[name]["rank_ci95_lower"] <= ranks[name]["rank_ci95_upper"] <= 3 for name in ("a", "b", "nearly")
    )


def test_the_interval_on_exactly_these_tasks_is_about_the_mean_and_needs_two_days() -> None:
    days = [day("a", "sql/0", 4.0), day("a", "sql/0", 6.0, window_day=3), day("a", "sql/1", 8.0, window_day=3)]
    (standing,) = of_suite(standing_table(pl.DataFrame(days), NOW))
    by_day = fixed_suite_interval(pl.DataFrame({"0": [4.0, 6.0], "1": [float("nan"), 8.0]}).to_numpy())
    assert by_day.upper is not None
    assert standing["score_suite_ci95_upper"] == pytest.approx(6.5 + by_day.upper - by_day.mean)
    assert standing["score_suite_ci95_lower"] == pytest.approx(13 - standing["score_suite_ci95_upper"])
    assert standing["day_count"] == 2
    (alone,) = of_suite(standing_table(pl.DataFrame(days[:1]), NOW))
    assert (alone["day_count"], alone["score_suite_ci95_lower"], alone["rank_ci95_lower"]) == (1, None, None)


def test_pass_rates_are_refused_beyond_the_attempts_of_any_scenario() -> None:
    ten = day("a", "sql/0", 50.0, scored_count=10, solved_count=3)
    rates = of_suite(pass_rate_table(pl.DataFrame([ten]), NOW))
    assert [row["attempt_count"] for row in rates] == [1, 3, 5, 10]
    assert [rates[0]["pass_at_k_rate"], rates[2]["pass_at_k_rate"]] == pytest.approx([0.3, 0.9166666666666666])
    assert rates[0]["pass_hat_k_rate"] == pytest.approx(0.3)
    assert rates[0]["pass_at_k_ci95_lower"] is None
    fewer = day("a", "sql/1", 20.0, scored_count=3, solved_count=1)
    both = of_suite(pass_rate_table(pl.DataFrame([ten, fewer]), NOW))
    assert [row["attempt_count"] for row in both] == [1, 3]
    assert both[0]["pass_at_k_ci95_lower"] < both[0]["pass_at_k_rate"] < both[0]["pass_at_k_ci95_upper"]


@pytest.mark.parametrize(
    ("table", "schema"), [(pair_table, PAIRS), (standing_table, STANDINGS), (pass_rate_table, PASS_RATES)]
)
def test_the_order_of_rows_makes_no_difference_and_no_rows_give_none(table: Any, schema: dict[str, Any]) -> None:
    days = pl.DataFrame([*BOTH, *scored("a", SECOND, window_day=1)])
    assert table(days, NOW).equals(table(days.reverse(), NOW))
    assert table(days.clear(), NOW).schema == pl.Schema(schema)


def test_a_move_is_the_paired_difference_of_two_weeks_as_an_independent_library_says() -> None:
    month = {"window_name": "30d", "window_start": datetime(2026, 10, 28, tzinfo=UTC)}
    days = [*scored("a", FIRST, window_day=23, **month), *scored("a", SECOND, window_day=22, **month)]
    (move,) = of_suite(move_table(pl.DataFrame(days), NOW))
    assert move["score_change"] == pytest.approx(0.7)
    bounds = (move["score_change_ci95_lower"], move["score_change_ci95_upper"])
    assert bounds == pytest.approx((0.18464209239307805, 1.2153579076069223))
    assert move["p_value"] == move["holm_p_value"] == pytest.approx(0.0234375)
    assert (move["window_name"], move["window_start"]) == ("7d", datetime(2026, 11, 20, tzinfo=UTC))


def test_a_move_needs_scores_in_both_weeks_and_a_month_to_look_at() -> None:
    month = {"window_name": "30d", "window_start": datetime(2026, 10, 28, tzinfo=UTC)}
    newest = scored("a", FIRST, window_day=29, **month)
    assert of_suite(move_table(pl.DataFrame([*newest, *scored("a", SECOND, window_day=15, **month)]), NOW)) == []
    assert of_suite(move_table(pl.DataFrame(BOTH), NOW)) == []


def test_moves_are_adjusted_for_all_targets_that_moved() -> None:
    month = {"window_name": "30d", "window_start": datetime(2026, 10, 28, tzinfo=UTC)}
    days = [
        *scored("a", FIRST, window_day=25, **month),
        *scored("a", SECOND, window_day=18, **month),
        *scored("b", SECOND, window_day=25, **month),
        *scored("b", FIRST, window_day=18, **month),
        *scored("c", FIRST, window_day=25, **month),
        *scored("c", FIRST, window_day=18, **month),
    ]
    moves = {row["target_id"]: row for row in of_suite(move_table(pl.DataFrame(days), NOW))}
    assert moves["a"]["holm_p_value"] == pytest.approx(2 * 0.0234375)
    assert moves["b"]["score_change"] == pytest.approx(-0.7)
    assert (moves["c"]["method"], moves["c"]["holm_p_value"], moves["c"]["compared_count"]) == ("none", None, 2)
