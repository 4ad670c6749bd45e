"""What the command line and the checks read of the marts.

Not here: what the API reads; it has queries of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.errors import UndefinedTable
from psycopg.rows import class_row

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """One target's standing in one window over the whole suite."""

    label: str
    suite: str
    suite_version: int
    window_end: datetime
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scored_count: int
    cost_per_task_usd: float | None
    latency_p50_ms: float | None
    error_rate: float
    is_simulated: bool


_LEADERBOARD = """
select t.label, l.suite, l.suite_version, l.window_end, l.score_mean, l.score_ci95_lower, l.score_ci95_upper,
       l.scored_count, l.cost_per_task_usd::float8 as cost_per_task_usd, l.latency_p50_ms, l.error_rate, l.is_simulated
from marts.fct_leaderboard as l
inner join marts.dim_targets as t using (target_id)
where l.window_name = %s and l.family = 'all'
order by l.score_mean desc nulls last, t.label
"""


def read_leaderboard(database: Database, window: str) -> list[LeaderboardRow]:
    """Best first; empty before the marts were built."""
    with database.connect() as connection, connection.cursor(row_factory=class_row(LeaderboardRow)) as cursor:
        try:
            return cursor.execute(_LEADERBOARD, (window,)).fetchall()
        except UndefinedTable:
            return []


@dataclass(frozen=True, slots=True)
class FamilyStanding:
    """One scored target's standing in one family, in the newest version of the suite that asks most of that family."""

    family: str
    target_id: str
    suite: str
    suite_version: int
    window_end: datetime
    score_mean: float
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    latency_p50_ms: float | None
    error_rate: float | None
    is_simulated: bool
    is_preliminary: bool


_STANDINGS = """
with newest as (
    select suite, max(suite_version) as suite_version from marts.fct_leaderboard group by suite
), scored as (
    select * from marts.fct_leaderboard inner join newest using (suite, suite_version)
    where window_name = %(window)s and is_simulated = %(is_simulated)s and score_mean is not null
), widest as (
    select distinct on (family) family, suite from scored group by family, suite
    order by family, max(scenario_count) desc, sum(scored_count) desc, suite
)
select family, target_id, suite, suite_version, window_end, score_mean, score_ci95_lower, score_ci95_upper,
       scored_count, scenario_count, cost_per_task_usd::float8 as cost_per_task_usd, latency_p50_ms, error_rate,
       is_simulated, is_preliminary
from scored inner join widest using (family, suite)
order by family = 'all' desc, family, target_id
"""


def read_standings(database: Database, window: str, *, is_simulated: bool) -> list[FamilyStanding]:
    """Of simulated targets or of real ones, the whole suite (`all`) first; empty before the marts were built."""
    with database.connect() as connection, connection.cursor(row_factory=class_row(FamilyStanding)) as cursor:
        try:
            return cursor.execute(_STANDINGS, {"window": window, "is_simulated": is_simulated}).fetchall()
        except UndefinedTable:
            return []


def newest_measured_hour(connection: Connection) -> datetime | None:
    """The newest benchmark hour with a published score; None before anything was measured."""
    try:
        row = connection.execute("select max(last_benchmark_hour) from marts.fct_leaderboard").fetchone()
    except UndefinedTable:
        connection.rollback()
        return None
    return row[0] if row else None
