"""The scores of the targets in each window by day or scenario, and how the targets stand to each other by them.

Not here: the computation (stats.comparisons, stats.contamination).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from orchestration.storage.bulk_insert import RawTable, insert_rows

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

_DAYS: dict[str, Any] = {
    "window_name": pl.String,
    "window_start": pl.Datetime("us", "UTC"),
    "window_end": pl.Datetime("us", "UTC"),
    "suite": pl.String,
    "suite_version": pl.Int64,
    "is_simulated": pl.Boolean,
    "target_id": pl.String,
    "scenario_id": pl.String,
    "scenario_version": pl.Int64,
    "scenario_family": pl.String,
    "window_day": pl.Int64,
    "scorer_versions": pl.String,
    "scored_count": pl.Int64,
    "solved_count": pl.Int64,
    "score_sum": pl.Float64,
}
_SET = ("window_name", "window_start", "window_end", "suite", "suite_version", "family", "is_simulated")


def _replaced(name: str, *columns: str) -> RawTable[tuple[Any, ...]]:
    """A table whose rows are written anew all together, as their windows move on together."""
    return RawTable(name, (*_SET, *columns, "computed_at"), tuple)


PAIRED_DIFFERENCES = _replaced(
    "paired_differences",
    "target_id",
    "other_target_id",
    "scenario_count",
    "score_difference",
    "standard_error",
    "score_difference_ci95_lower",
    "score_difference_ci95_upper",
    "p_value",
    "holm_p_value",
    "compared_count",
    "method",
    "scorer_versions",
)
STANDINGS = _replaced(
    "standings",
    "target_id",
    "rank_ci95_lower",
    "rank_ci95_upper",
    "ranked_count",
    "day_count",
    "score_suite_ci95_lower",
    "score_suite_ci95_upper",
)
PASS_RATES = _replaced(
    "pass_rates",
    "target_id",
    "attempt_count",
    "scenario_count",
    "pass_at_k_rate",
    "pass_at_k_ci95_lower",
    "pass_at_k_ci95_upper",
    "pass_hat_k_rate",
    "pass_hat_k_ci95_lower",
    "pass_hat_k_ci95_upper",
    "scorer_versions",
)
SCORE_MOVES = _replaced(
    "score_moves",
    "target_id",
    "scenario_count",
    "score_change",
    "standard_error",
    "score_change_ci95_lower",
    "score_change_ci95_upper",
    "p_value",
    "holm_p_value",
    "compared_count",
    "method",
    "scorer_versions",
)
CUTOFF_GAPS = _replaced(
    "cutoff_gaps",
    "target_id",
    "reference_count",
    "before_count",
    "after_count",
    "gap_mean",
    "gap_ci95_lower",
    "gap_ci95_upper",
    "p_value",
    "holm_p_value",
    "tested_count",
)
TABLES = (PAIRED_DIFFERENCES, STANDINGS, PASS_RATES, SCORE_MOVES, CUTOFF_GAPS)

_PUBLIC: dict[str, Any] = {
    "window_name": pl.String,
    "window_start": pl.Datetime("us", "UTC"),
    "window_end": pl.Datetime("us", "UTC"),
    "suite": pl.String,
    "suite_version": pl.Int64,
    "is_simulated": pl.Boolean,
    "target_id": pl.String,
    "scenario_id": pl.String,
    "scenario_family": pl.String,
    "is_before_cutoff": pl.Boolean,
    "score_mean": pl.Float64,
}
_PUBLIC_SCORES = f"""
select {", ".join(list(_PUBLIC)[:-1])}, public_score_mean from intermediate.int_variant_scores
where family = 'all' and public_count > 0
"""  # noqa: S608 - fixed names


def read_window_days(connection: Connection) -> pl.DataFrame:
    """A row per window, day of it, target and scenario that was scored, with the sum of its scores in points."""
    query = f"select {', '.join(_DAYS)} from intermediate.int_scenario_window_days"  # noqa: S608 - fixed names
    return _frame(connection, query, _DAYS)


def read_public_scores(connection: Connection) -> pl.DataFrame:
    """A row per window, target and scenario whose public variant was scored, of suites that ask fresh ones too."""
    return _frame(connection, _PUBLIC_SCORES, _PUBLIC)


def _frame(connection: Connection, query: str, schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(connection.execute(query.encode()).fetchall(), schema=schema, orient="row")


def replace_rows(connection: Connection, table: RawTable[tuple[Any, ...]], computed: pl.DataFrame) -> int:
    """Write computed rows in place of all that there are, and return their number."""
    with connection.transaction():
        connection.execute(f"DELETE FROM raw.{table.name}".encode())  # noqa: S608 - fixed names
        return insert_rows(connection, table, computed.select(table.columns).iter_rows())
