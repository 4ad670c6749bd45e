"""A target's history as the rows that figures over time draw.

Not here: which history is asked for (each page).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.app_pages.wording import count_of, reason_in_words
from dashboard.charts.rows import TrendPoint

if TYPE_CHECKING:
    from dashboard.api_client.models import HistoryPoint


def trend_point(row: HistoryPoint) -> TrendPoint:
    return TrendPoint(
        start=row.period_start,
        status=row.status,
        reason=None if row.reason is None else reason_in_words(row.reason),
        score=row.score_mean,
        lower=row.score_ci95_lower,
        upper=row.score_ci95_upper,
        latency_ms=row.latency_p50_ms,
        time_to_first_token_ms=row.time_to_first_token_p50_ms,
        latency_p95_ms=None if row.percentiles is None else row.percentiles.latency_p95_ms,
        time_to_first_token_p95_ms=None if row.percentiles is None else row.percentiles.time_to_first_token_p95_ms,
        baseline=row.baseline_score_mean,
        cost_per_answer_usd=_cost_per_answer(row),
        error_rate=None if row.reliability is None else row.reliability.error_rate,
        first_try_rate=None if row.reliability is None else row.reliability.first_try_rate,
        suite_version=row.suite_version,
        coverage=_coverage(row),
    )


def _coverage(row: HistoryPoint) -> str:
    measured, planned = row.measured_hour_count, row.planned_hour_count
    if measured is None or planned is None or measured >= planned:
        return ""
    return f"{measured} of {count_of(planned, 'hour')}"


def _cost_per_answer(row: HistoryPoint) -> float | None:
    return None if row.cost_usd is None or not row.answered_count else row.cost_usd / row.answered_count
