"""What reports are made of, read from what dbt has built, and the reports themselves.

Not here: the form of a report (reporting).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.errors import InvalidSchemaName, UndefinedTable
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from orchestration.settings import OperatorError
from orchestration.storage.bulk_insert import INSERT_NEW, Connection, RawTable, insert_rows

if TYPE_CHECKING:
    from datetime import date, datetime

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `as_of` is the newest measured hour of its period, None where nothing was measured."""

    kind: str
    period_start: datetime
    period_end: datetime
    suite_versions: str
    as_of: datetime | None
    body: dict[str, Any]
    computed_at: datetime


CHANNEL = "aibaas_marts"
_COLUMNS = ("kind", "period_start", "period_end", "suite_versions", "as_of", "body", "computed_at")
REPORTS = RawTable[Report](
    "reports",
    _COLUMNS,
    lambda row: (
        row.kind,
        row.period_start,
        row.period_end,
        row.suite_versions,
        row.as_of,
        Jsonb(row.body),
        row.computed_at,
    ),
)
_REPLACE = (
    INSERT_NEW.removesuffix("DO NOTHING")
    + "(kind, period_start) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
)
# The mart of reports is a view: it has changed as soon as the row is there.
_ANNOUNCE = "SELECT pg_notify(%s, json_build_object('mart_name', 'fct_reports', 'published_at', %s::timestamptz)::text)"

_DAILY = """
select
    target_id, suite, suite_version, score_date as first_day, is_simulated, reason, planned_count, scored_count,
    scenario_count, score_mean, score_ci95_lower, score_ci95_upper, scorer_versions
from marts.fct_scores_daily
where family = 'all' and score_date in (%(first_day)s, %(previous)s) and planned_count > 0
"""

# Means and intervals of a week are computed from its scores, not from its days.
_WEEKLY = """
select
    days.target_id, days.suite, days.suite_version, days.first_day, days.is_simulated,
    case when days.has_scores then 'not_rescored' else days.usual_reason end as reason,
    days.planned_count, coalesce(weeks.response_count, 0) as scored_count,
    coalesce(weeks.scenario_count, 0) as scenario_count, weeks.score_mean, weeks.score_ci95_lower,
    weeks.score_ci95_upper, weeks.scorer_versions
from (
    select
        target_id, suite, suite_version, date_trunc('week', score_date::timestamp)::date as first_day,
        bool_or(is_simulated) as is_simulated, bool_or(scored_count > 0) as has_scores,
        mode() within group (order by reason) as usual_reason, sum(planned_count)::bigint as planned_count
    from marts.fct_scores_daily
    where family = 'all' and planned_count > 0 and (
        score_date between %(first_day)s and %(first_day)s + 6 or score_date between %(previous)s and %(previous)s + 6
    )
    group by target_id, suite, suite_version, date_trunc('week', score_date::timestamp)::date
) as days
left join raw.score_intervals as weeks
    on weeks.grain = 'week' and weeks.family = 'all' and weeks.target_id = days.target_id
    and weeks.suite = days.suite and weeks.suite_version = days.suite_version and days.has_scores
    and weeks.period_start = days.first_day::timestamp at time zone 'UTC'
"""
_PERIODS = {"daily": _DAILY, "weekly": _WEEKLY}

# A move is told only between numbers that rest on the same suite version and the same versions of the scorers.
_STANDINGS = """
with periods as ({periods})
select
    now.suite, now.suite_version, now.target_id, targets.label, now.is_simulated, now.score_mean,
    now.score_ci95_lower, now.score_ci95_upper, now.scored_count, now.scenario_count, now.scorer_versions,
    case when now.score_mean is null then now.reason end as reason,
    before.score_mean as previous_score_mean,
    case when now.scorer_versions = before.scorer_versions then now.score_mean - before.score_mean end as move,
    case
        when now.score_mean is null then 'not_measured'
        when before.target_id is null then 'no_period_before'
        when before.score_mean is null then 'not_measured_before'
        when now.scorer_versions is distinct from before.scorer_versions then 'other_scorer_versions'
    end as move_reason
from periods as now
inner join marts.dim_targets as targets using (target_id)
left join periods as before
    on before.target_id = now.target_id and before.suite = now.suite and before.suite_version = now.suite_version
    and before.first_day = %(previous)s
where now.first_day = %(first_day)s
order by now.suite, now.suite_version, now.score_mean desc nulls last, now.target_id
"""

_COVERAGE = """
select
    suite, suite_version, status, reason, count(*) as target_hour_count, sum(planned_count)::bigint as planned_count,
    sum(answered_count)::bigint as answered_count, sum(failed_count)::bigint as failed_count,
    sum(scored_count)::bigint as scored_count
from marts.fct_scores_hourly
where family = 'all' and benchmark_hour >= %(start)s and benchmark_hour < %(end)s
group by suite, suite_version, status, reason
order by suite, suite_version, status = 'measured' desc, status, target_hour_count desc, reason
"""

_LATE = """
select suite, suite_version, benchmark_hour, array_agg(target_id order by target_id) as target_ids
from marts.fct_scores_hourly
where family = 'all' and status = 'late' and benchmark_hour >= %(start)s and benchmark_hour < %(end)s
group by suite, suite_version, benchmark_hour
order by benchmark_hour, suite, suite_version
"""

# A call that two suites plan is paid for once.
_SPEND = """
with calls as (
    select distinct on (benchmark_hour, call_id) target_id, is_simulated, attempt, cost_usd
    from intermediate.int_calls_resolved
    where benchmark_hour >= %(start)s and benchmark_hour < %(end)s
    order by benchmark_hour, call_id
)
select
    target_id, bool_or(is_simulated) as is_simulated, count(attempt) as asked_count,
    count(*) filter (where attempt is not null and cost_usd is null) as unknown_count,
    sum(cost_usd)::float8 as known_usd
from calls
group by target_id
order by bool_or(is_simulated), sum(cost_usd) desc nulls last, target_id
"""

_ACCOUNTS = """
select grain, period_start, target_id, spent_usd::float8 as spent_usd
from raw.spending
where grain in ('day', 'month') and period_start >= date_trunc(grain, %(start)s, 'UTC') and period_start < %(end)s
order by grain, period_start, target_id
"""

_CHANGES = """
select kind, subject, effective_at, old_value, new_value, source
from raw.changes
where coalesce(new_value ->> 'suspicion', old_value ->> 'suspicion') is null
    and effective_at >= %(start)s and effective_at < %(end)s
order by effective_at, kind, subject
"""

_NEWEST = """
select max(benchmark_hour) filter (where status = 'measured') as as_of
from marts.fct_scores_hourly
where family = 'all' and benchmark_hour >= %(start)s and benchmark_hour < %(end)s
"""


@dataclass(frozen=True, slots=True)
class ReportSources:
    """The rows behind one report."""

    standings: Rows
    coverage: Rows
    late_hours: Rows
    spend: Rows
    accounts: Rows
    changes: Rows
    as_of: datetime | None


def read_sources(
    connection: Connection, kind: str, *, first_day: date, previous: date, start: datetime, end: datetime
) -> ReportSources:
    """Raises OperatorError before the marts were built."""
    bounds = {"first_day": first_day, "previous": previous, "start": start, "end": end}
    standings = _STANDINGS.format(periods=_PERIODS[kind])
    try:
        return ReportSources(
            standings=_rows(connection, standings, bounds),
            coverage=_rows(connection, _COVERAGE, bounds),
            late_hours=_rows(connection, _LATE, bounds),
            spend=_rows(connection, _SPEND, bounds),
            accounts=_rows(connection, _ACCOUNTS, bounds),
            changes=_rows(connection, _CHANGES, bounds),
            as_of=_rows(connection, _NEWEST, bounds)[0]["as_of"],
        )
    except (UndefinedTable, InvalidSchemaName):
        raise OperatorError("there are no marts to report from: measure an hour first (./aibaas run)") from None


def replace_report(connection: Connection, report: Report) -> None:
    """Write a report in place of the one of the same period, and tell whoever has read reports."""
    insert_rows(connection, REPORTS, [report], _REPLACE)
    connection.execute(_ANNOUNCE, (CHANNEL, report.computed_at))


def _rows(connection: Connection, query: str, bounds: dict[str, Any]) -> Rows:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), bounds).fetchall()
