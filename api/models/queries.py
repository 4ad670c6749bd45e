"""The statements behind models and their histories.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, LiteralString, TypedDict

from api.ordering import OrderedList

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.database import Database, Row
    from api.ordering import Position


@dataclass(frozen=True, slots=True)
class Series:
    """What a history is of: a model's numbers in one family of a suite, by hour, day or week."""

    granularity: str
    target_id: str
    suite: str
    family: str


class Span(TypedDict):
    """The time that a history is told for, its end excluded."""

    window_start: datetime
    window_end: datetime


MODELS: LiteralString = """
SELECT
    targets.target_id, targets.label, targets.provider, targets.model, targets.host, targets.quantisation,
    targets.reasoning_effort, targets.is_simulated, targets.is_open_weights, targets.lifecycle, targets.successor,
    targets.training_cutoff, targets.is_enabled, targets.disabled_reason, targets.first_answered_at,
    targets.last_answered_at, targets.input_usd_per_mtok, targets.output_usd_per_mtok, targets.price_valid_from,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_targets AS targets
WHERE (%(target_ids)s::text[] IS NULL OR targets.target_id = any(%(target_ids)s))
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(lifecycle)s::text IS NULL OR targets.lifecycle = %(lifecycle)s)
    AND (%(is_open_weights)s::boolean IS NULL OR targets.is_open_weights = %(is_open_weights)s)
    AND (%(is_enabled)s::boolean IS NULL OR targets.is_enabled = %(is_enabled)s)
    AND (%(is_simulated)s::boolean IS NULL OR targets.is_simulated = %(is_simulated)s)
"""
LISTED_MODELS = OrderedList(
    MODELS,
    sorts={
        "target_id": str,
        "label": str,
        "provider": str,
        "first_answered_at": datetime,
        "last_answered_at": datetime,
        "input_usd_per_mtok": float,
        "output_usd_per_mtok": float,
    },
    ties={"target_id": str},
)

MODEL_SCORES: LiteralString = """
SELECT
    scores.target_id, scores.suite, scores.suite_version, scores.family, scores.window_name, scores.window_start,
    scores.window_end, scores.as_of, scores.score_mean, scores.score_sd, scores.score_ci95_lower,
    scores.score_ci95_upper, scores.score_suite_ci95_lower, scores.score_suite_ci95_upper, scores.rank_ci95_lower,
    scores.rank_ci95_upper, scores.ranked_count, scores.scorer_versions, scores.asked_count, scores.response_count,
    scores.priced_count, scores.streamed_count, scores.scored_count, scores.scenario_count, scores.cost_per_task_usd,
    scores.cost_per_task_ci95_lower, scores.cost_per_task_ci95_upper, scores.cost_per_solved_task_usd,
    scores.latency_p50_ms, scores.latency_p50_ci95_lower, scores.latency_p50_ci95_upper, scores.latency_p95_ms,
    scores.latency_p95_ci95_lower, scores.latency_p95_ci95_upper, scores.time_to_first_token_p50_ms,
    scores.time_to_first_token_p50_ci95_lower, scores.time_to_first_token_p50_ci95_upper,
    scores.time_to_first_token_p95_ms, scores.time_to_first_token_p95_ci95_lower,
    scores.time_to_first_token_p95_ci95_upper, scores.error_rate, scores.error_rate_ci95_lower,
    scores.error_rate_ci95_upper, scores.last_benchmark_hour, scores.is_simulated, scores.is_preliminary
FROM marts.fct_leaderboard AS scores
WHERE scores.target_id = any(%(target_ids)s)
    AND scores.window_name = %(window)s
    AND scores.suite_version = (
        SELECT max(newest.suite_version) FROM marts.fct_leaderboard AS newest WHERE newest.suite = scores.suite
    )
ORDER BY scores.suite ASC, (scores.family <> 'all') ASC, scores.family ASC
"""

HOURLY_HISTORY: LiteralString = """
WITH newest AS MATERIALIZED (
    SELECT coalesce(%(until)s::timestamptz, max(hours.benchmark_hour) + interval '1 hour') AS window_end
    FROM marts.fct_scores_hourly AS hours
    WHERE hours.target_id = %(target_id)s AND hours.suite = %(suite)s AND hours.family = %(family)s
),

bounds AS MATERIALIZED (
    SELECT
        coalesce(%(since)s::timestamptz, newest.window_end - make_interval(days => %(days)s)) AS window_start,
        newest.window_end
    FROM newest
)

SELECT
    points.benchmark_hour AS period_start, points.suite_version, points.status, points.reason,
    points.planned_count, points.answered_count, points.failed_count, points.scored_count, points.scenario_count,
    points.score_mean, points.score_sd, points.score_ci95_lower, points.score_ci95_upper, points.scorer_versions,
    points.cost_usd, points.input_tokens, points.output_tokens, points.latency_p50_ms,
    points.time_to_first_token_p50_ms, NULL AS planned_hour_count, NULL AS measured_hour_count, points.is_simulated,
    (SELECT bounds.window_start FROM bounds) AS window_start, (SELECT bounds.window_end FROM bounds) AS window_end,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_scores_hourly AS points
WHERE points.target_id = %(target_id)s
    AND points.suite = %(suite)s
    AND points.family = %(family)s
    AND points.benchmark_hour >= (SELECT bounds.window_start FROM bounds)
    AND points.benchmark_hour < (SELECT bounds.window_end FROM bounds)
ORDER BY points.benchmark_hour ASC, points.suite_version ASC
"""


def _dated_bounds(mart: LiteralString, column: LiteralString, length: int) -> LiteralString:
    """The span of a history by periods of `length` days that `column` begins, up to the end of the newest one."""
    return f"""newest AS MATERIALIZED (
    SELECT coalesce((%(until)s::timestamptz AT TIME ZONE 'UTC')::date, max(periods.{column}) + {length}) AS end_date
    FROM marts.{mart} AS periods
    WHERE periods.target_id = %(target_id)s AND periods.suite = %(suite)s AND periods.family = %(family)s
),

bounds AS MATERIALIZED (
    SELECT
        coalesce((%(since)s::timestamptz AT TIME ZONE 'UTC')::date, newest.end_date - %(days)s::integer) AS start_date,
        newest.end_date
    FROM newest
)"""  # noqa: S608 - fixed names


DAILY_HISTORY: LiteralString = f"""
WITH {_dated_bounds("fct_scores_daily", "score_date", 1)}

SELECT
    points.score_date::timestamp AT TIME ZONE 'UTC' AS period_start, points.suite_version, points.status,
    points.reason, points.planned_count, points.answered_count, points.failed_count, points.scored_count,
    points.scenario_count, points.score_mean, points.score_sd, points.score_ci95_lower, points.score_ci95_upper,
    points.scorer_versions, points.cost_usd, points.input_tokens, points.output_tokens, points.latency_p50_ms,
    points.time_to_first_token_p50_ms, points.planned_hour_count, points.measured_hour_count, points.is_simulated,
    bounds.start_date::timestamp AT TIME ZONE 'UTC' AS window_start,
    bounds.end_date::timestamp AT TIME ZONE 'UTC' AS window_end,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_scores_daily AS points
CROSS JOIN bounds
WHERE points.target_id = %(target_id)s
    AND points.suite = %(suite)s
    AND points.family = %(family)s
    AND points.score_date >= bounds.start_date
    AND points.score_date < bounds.end_date
ORDER BY points.score_date ASC, points.suite_version ASC
"""  # noqa: S608 - fixed names

WEEKLY_HISTORY: LiteralString = f"""
WITH {_dated_bounds("fct_scores_weekly", "score_week", 7)},

sums AS (
    SELECT
        date_trunc('week', days.score_date::timestamp)::date AS score_week, days.suite_version,
        sum(days.failed_count)::bigint AS failed_count,
        CASE
            WHEN count(*) FILTER (WHERE days.answered_count > 0 AND days.cost_usd IS NULL) = 0 THEN sum(days.cost_usd)
        END AS cost_usd,
        CASE
            WHEN count(*) FILTER (WHERE days.answered_count > 0 AND days.input_tokens IS NULL) = 0
                THEN sum(days.input_tokens)::bigint
        END AS input_tokens,
        CASE
            WHEN count(*) FILTER (WHERE days.answered_count > 0 AND days.output_tokens IS NULL) = 0
                THEN sum(days.output_tokens)::bigint
        END AS output_tokens
    FROM marts.fct_scores_daily AS days
    CROSS JOIN bounds
    WHERE days.target_id = %(target_id)s
        AND days.suite = %(suite)s
        AND days.family = %(family)s
        AND days.score_date >= date_trunc('week', bounds.start_date::timestamp)::date
        AND days.score_date < bounds.end_date + 7
    GROUP BY date_trunc('week', days.score_date::timestamp)::date, days.suite_version
)

SELECT
    points.score_week::timestamp AT TIME ZONE 'UTC' AS period_start, points.suite_version, points.status,
    points.reason, points.planned_count, points.answered_count, coalesce(sums.failed_count, 0) AS failed_count,
    points.scored_count, points.scenario_count, points.score_mean, points.score_sd, points.score_ci95_lower,
    points.score_ci95_upper, points.scorer_versions, sums.cost_usd, sums.input_tokens, sums.output_tokens,
    speeds.latency_p50_ms, speeds.time_to_first_token_p50_ms, points.planned_hour_count, points.measured_hour_count,
    points.is_simulated,
    bounds.start_date::timestamp AT TIME ZONE 'UTC' AS window_start,
    bounds.end_date::timestamp AT TIME ZONE 'UTC' AS window_end,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_scores_weekly AS points
CROSS JOIN bounds
LEFT JOIN sums ON points.score_week = sums.score_week AND points.suite_version = sums.suite_version
LEFT JOIN marts.fct_latency_weekly AS speeds
    ON points.target_id = speeds.target_id
    AND points.suite = speeds.suite
    AND points.suite_version = speeds.suite_version
    AND points.family = speeds.family
    AND points.score_week = speeds.latency_week
WHERE points.target_id = %(target_id)s
    AND points.suite = %(suite)s
    AND points.family = %(family)s
    AND points.score_week > bounds.start_date - 7
    AND points.score_week < bounds.end_date
ORDER BY points.score_week ASC, points.suite_version ASC
"""  # noqa: S608 - fixed names

HISTORIES: dict[str, LiteralString] = {"hour": HOURLY_HISTORY, "day": DAILY_HISTORY, "week": WEEKLY_HISTORY}

_SPEEDS: LiteralString = """
    speeds.suite_version, speeds.answered_count, speeds.streamed_count,
    speeds.latency_p50_ms, speeds.latency_p90_ms, speeds.latency_p95_ms, speeds.latency_p99_ms,
    speeds.time_to_first_token_p50_ms, speeds.time_to_first_token_p90_ms, speeds.time_to_first_token_p95_ms,
    speeds.time_to_first_token_p99_ms, speeds.output_speed_p50_tokens_per_s"""

HOURLY_PERCENTILES: LiteralString = f"""
SELECT
    speeds.benchmark_hour AS period_start, {_SPEEDS}
FROM marts.fct_latency_hourly AS speeds
WHERE speeds.target_id = %(target_id)s
    AND speeds.suite = %(suite)s
    AND %(family)s::text = 'all'
    AND speeds.benchmark_hour >= %(window_start)s
    AND speeds.benchmark_hour < %(window_end)s
"""  # noqa: S608 - fixed names

DAILY_PERCENTILES: LiteralString = f"""
SELECT
    speeds.latency_date::timestamp AT TIME ZONE 'UTC' AS period_start, {_SPEEDS}
FROM marts.fct_latency_daily AS speeds
WHERE speeds.target_id = %(target_id)s
    AND speeds.suite = %(suite)s
    AND speeds.family = %(family)s
    AND speeds.latency_date >= (%(window_start)s::timestamptz AT TIME ZONE 'UTC')::date
    AND speeds.latency_date < (%(window_end)s::timestamptz AT TIME ZONE 'UTC')::date
"""  # noqa: S608 - fixed names

WEEKLY_PERCENTILES: LiteralString = f"""
SELECT
    speeds.latency_week::timestamp AT TIME ZONE 'UTC' AS period_start, {_SPEEDS}
FROM marts.fct_latency_weekly AS speeds
WHERE speeds.target_id = %(target_id)s
    AND speeds.suite = %(suite)s
    AND speeds.family = %(family)s
    AND speeds.latency_week > (%(window_start)s::timestamptz AT TIME ZONE 'UTC')::date - 7
    AND speeds.latency_week < (%(window_end)s::timestamptz AT TIME ZONE 'UTC')::date
"""  # noqa: S608 - fixed names

PERCENTILES: dict[str, LiteralString] = {
    "hour": HOURLY_PERCENTILES,
    "day": DAILY_PERCENTILES,
    "week": WEEKLY_PERCENTILES,
}

RELIABILITY: LiteralString = """
SELECT
    date_trunc(%(granularity)s::text, hours.benchmark_hour, 'UTC') AS period_start, hours.suite_version,
    sum(hours.asked_count)::bigint AS asked_count, sum(hours.failed_count)::bigint AS failed_count,
    sum(hours.first_try_count)::bigint AS first_try_count, sum(hours.retry_count)::bigint AS retry_count,
    sum(hours.failed_count)::double precision / nullif(sum(hours.asked_count), 0)::double precision AS error_rate,
    sum(hours.first_try_count)::double precision / nullif(sum(hours.asked_count), 0)::double precision
        AS first_try_rate,
    sum(hours.graded_count)::bigint AS graded_count, sum(hours.refusal_count)::bigint AS refusal_count,
    sum(hours.truncated_count)::bigint AS truncated_count, sum(hours.format_ok_count)::bigint AS format_ok_count
FROM marts.fct_reliability_hourly AS hours
WHERE hours.target_id = %(target_id)s
    AND hours.suite = %(suite)s
    AND %(family)s::text = 'all'
    AND hours.benchmark_hour >= date_trunc(%(granularity)s::text, %(window_start)s::timestamptz, 'UTC')
    AND hours.benchmark_hour < %(window_end)s
GROUP BY date_trunc(%(granularity)s::text, hours.benchmark_hour, 'UTC'), hours.suite_version
"""

BASELINES: LiteralString = """
WITH days AS (
    SELECT scores.score_date, scores.suite_version, scores.scorer_versions, scores.score_mean, scores.scored_count
    FROM marts.fct_scores_daily AS scores
    WHERE scores.target_id = %(target_id)s
        AND scores.suite = %(suite)s
        AND scores.family = %(family)s
        AND scores.scored_count > 0
        AND scores.score_date >= (%(window_start)s::timestamptz AT TIME ZONE 'UTC')::date - 14
        AND scores.score_date <= (%(window_end)s::timestamptz AT TIME ZONE 'UTC')::date
)
SELECT
    days.score_date::timestamp AT TIME ZONE 'UTC' AS period_start, days.suite_version,
    sum(earlier.score_mean * earlier.scored_count) / sum(earlier.scored_count) AS baseline_score_mean
FROM days
INNER JOIN days AS earlier
    ON days.suite_version = earlier.suite_version
    AND days.scorer_versions IS NOT DISTINCT FROM earlier.scorer_versions
    AND days.score_date - earlier.score_date BETWEEN 1 AND 7
GROUP BY days.score_date, days.suite_version
HAVING count(*) >= 3
"""

LAUNCH: LiteralString = """
SELECT streams.launch_value AS launch_score_mean, streams.first_hour
FROM marts.fct_watched_streams AS streams
WHERE streams.target_id = %(target_id)s
    AND streams.suite = %(suite)s
    AND streams.metric = 'quality'
    AND %(family)s::text = 'all'
ORDER BY streams.last_hour DESC
LIMIT 1
"""

MODEL_NAMES: LiteralString = """
SELECT targets.target_id, targets.model, targets.label FROM marts.dim_targets AS targets
ORDER BY targets.target_id DESC
"""


async def model_rows(
    database: Database,
    *,
    target_ids: Collection[str] | None = None,
    provider: str | None = None,
    lifecycle: str | None = None,
    is_open_weights: bool | None = None,
    is_enabled: bool | None = None,
    is_simulated: bool | None = None,
    sort: str = "target_id",
    after: Position | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Models in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_MODELS.statement(sort),
        {
            "target_ids": None if target_ids is None else list(target_ids),
            "provider": provider,
            "lifecycle": lifecycle,
            "is_open_weights": is_open_weights,
            "is_enabled": is_enabled,
            "is_simulated": is_simulated,
            **LISTED_MODELS.parameters(after, row_limit),
        },
    )


async def model_score_rows(database: Database, target_ids: Collection[str], window: str) -> list[Row]:
    """One row per model, suite, in its newest version, and family; the whole suite before its families."""
    return await database.fetch_all(MODEL_SCORES, {"target_ids": list(target_ids), "window": window})


async def history_rows(
    database: Database, series: Series, *, days: int, since: datetime | None = None, until: datetime | None = None
) -> list[Row]:
    """Hours, days or weeks, oldest first, gaps included, from `since` on or of the `days` days before the end.

    The end is `until`, or that of the newest planned hour. Days and weeks are those that lie in the span, a week also
    in part.
    """
    span = {"days": days, "since": since, "until": until}
    return await database.fetch_all(HISTORIES[series.granularity], {**asdict(series), **span})


async def percentile_rows(database: Database, series: Series, span: Span) -> list[Row]:
    """How fast answers were by hour, of the whole suite only, by day or by week."""
    return await database.fetch_all(PERCENTILES[series.granularity], {**asdict(series), **span})


async def reliability_rows(database: Database, series: Series, span: Span) -> list[Row]:
    """What became of calls by hour, day or week, of the whole suite only."""
    return await database.fetch_all(RELIABILITY, {**asdict(series), **span})


async def baseline_rows(database: Database, series: Series, span: Span) -> list[Row]:
    """The mean of the seven days before each day, where three of them were scored by the same scorers.

    A baseline is that of a day, whatever period begins in it.
    """
    return await database.fetch_all(BASELINES, {**asdict(series), **span})


async def launch_score_mean(database: Database, series: Series, history_start: datetime | None) -> float | None:
    """The level that changes are told against, of the whole suite only; None of what is not watched, or was first
    before `history_start`.
    """
    row = await database.fetch_one(LAUNCH, asdict(series))
    is_told = row is not None and (history_start is None or row["first_hour"] >= history_start)
    return row["launch_score_mean"] if row and is_told else None


async def ids_by_name(database: Database) -> dict[str, str]:
    """Target ids by everything a model is called, in lower case; the id itself wins."""
    rows = await database.fetch_all(MODEL_NAMES)
    names = {str(row[column]).lower(): str(row["target_id"]) for column in ("label", "model") for row in rows}
    return names | {str(row["target_id"]): str(row["target_id"]) for row in rows}
