"""Results about what is measured: targets, their providers, and their history over time.

Not here: how targets stand beside each other (standings).
"""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - pydantic reads them at run time
from typing import Literal

from dashboard.api_client.result import Result


class Model(Result):
    """What is measured, as its latest definition states it."""

    target_id: str
    label: str
    provider: str
    model: str
    host: str
    quantisation: str | None
    reasoning_effort: str | None
    is_simulated: bool
    is_open_weights: bool
    lifecycle: str
    successor: str | None
    training_cutoff: date | None
    is_enabled: bool
    disabled_reason: str | None
    first_answered_at: datetime | None
    last_answered_at: datetime | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None


class ModelPage(Result):
    data: tuple[Model, ...]
    next_cursor: str | None


class _FamilyOfScores(Result):
    family: str


class _ModelScores(Result):
    scores: tuple[_FamilyOfScores, ...]


class ModelAnswer(Result):
    data: _ModelScores


class Provider(Result):
    provider: str


class ProviderPage(Result):
    data: tuple[Provider, ...]
    next_cursor: str | None


class SpeedPercentiles(Result):
    """How long answers of one period took."""

    answered_count: int
    latency_p50_ms: float | None
    latency_p90_ms: float | None
    latency_p95_ms: float | None
    latency_p99_ms: float | None
    time_to_first_token_p50_ms: float | None
    time_to_first_token_p90_ms: float | None
    time_to_first_token_p95_ms: float | None
    time_to_first_token_p99_ms: float | None
    output_speed_p50_tokens_per_s: float | None


class Reliability(Result):
    """What calls of one period came to."""

    asked_count: int
    failed_count: int
    first_try_count: int
    retry_count: int
    error_rate: float | None
    first_try_rate: float | None
    graded_count: int
    refusal_count: int
    truncated_count: int
    format_ok_count: int


class HistoryPoint(Result):
    """One hour, day or week: measured, missing or late, and why. Counts of hours are None for an hour."""

    period_start: datetime
    suite_version: int
    status: Literal["measured", "missing", "late"]
    reason: str | None
    planned_count: int
    answered_count: int
    failed_count: int
    scored_count: int
    scenario_count: int
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scorer_versions: str | None
    cost_usd: float | None
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    planned_hour_count: int | None
    measured_hour_count: int | None
    percentiles: SpeedPercentiles | None
    reliability: Reliability | None
    baseline_score_mean: float | None


class HistoryMeta(Result):
    """What is of the whole history."""

    launch_score_mean: float | None


class History(Result):
    meta: HistoryMeta
    data: tuple[HistoryPoint, ...]
