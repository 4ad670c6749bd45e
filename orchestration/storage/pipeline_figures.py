"""What the pipeline's metrics are read from: calls, scores, spending, freshness, and Dagster's queue.

Not here: how the figures are named and served (monitoring).
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import psycopg
from psycopg.errors import InvalidSchemaName, UndefinedTable
from psycopg.rows import class_row

from orchestration.storage.database import Database, UnknownDatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal

    from orchestration.storage.bulk_insert import Connection

_CONNECT_TIMEOUT_S = 3
_STATEMENT_TIMEOUT_S = 5
_LONGEST_STATEMENT_S = 60
_NEVER = "-infinity"

Figure = TypeVar("Figure")


class FiguresUnavailableError(Exception):
    """The database was lost, or took too long."""


@dataclass(frozen=True, slots=True)
class CallCount:
    """Attempts of one target that came to one outcome: `answered`, `budget` or an error code."""

    target_id: str
    is_simulated: bool
    outcome: str
    call_count: int
    retry_count: int
    cost_usd: Decimal
    unknown_cost_count: int


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """Gradings by how the run of the answer ended, and whether they came to a score."""

    outcome: str
    is_scored: bool
    score_count: int


@dataclass(frozen=True, slots=True)
class PeriodSpending:
    """What is spent or set aside in the current hour, day or month; an empty target is all real ones together."""

    grain: str
    target_id: str
    spent_usd: Decimal


@dataclass(frozen=True, slots=True)
class RunCount:
    """Dagster's runs in one state, and when the oldest of them was requested."""

    status: str
    run_count: int
    oldest_age_s: float


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A concurrency pool: its places, those taken, and the steps that wait for one."""

    pool: str
    limit: int
    taken_count: int
    waiting_count: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The database's clock, and the newest hour that the marts have a score of."""

    now: datetime
    newest_hour: datetime | None


_NOW: LiteralString = "select now() as now, null::timestamptz as newest_hour"
_FRESHNESS: LiteralString = """
select now() as now, max(last_benchmark_hour) as newest_hour from marts.fct_leaderboard
"""
_CALLS: LiteralString = """
select
    target_id, is_simulated, coalesce(error_code, 'answered') as outcome, count(*) as call_count,
    coalesce(sum(greatest(try_count - 1, 0)), 0) as retry_count, coalesce(sum(cost_usd), 0) as cost_usd,
    count(*) filter (where status = 'answered' and cost_usd is null) as unknown_cost_count
from raw.responses
where recorded_at > %(after)s::timestamptz and recorded_at <= %(until)s::timestamptz
group by target_id, is_simulated, coalesce(error_code, 'answered')
"""
_SCORES: LiteralString = """
select outcome, score is not null as is_scored, count(*) as score_count
from raw.scores
where recorded_at > %(after)s::timestamptz and recorded_at <= %(until)s::timestamptz
group by outcome, score is not null
"""
_SPENDING: LiteralString = """
select grain, target_id, spent_usd from raw.spending
where period_start = date_trunc(grain, now(), 'UTC')
"""
_RUNS: LiteralString = """
select
    status, count(*) as run_count,
    greatest(0, extract(epoch from (now() at time zone 'UTC') - min(create_timestamp)))::float8 as oldest_age_s
from runs
group by status
"""
_POOLS: LiteralString = """
select
    limits.concurrency_key as pool, limits."limit" as "limit",
    (
        select count(*) from concurrency_slots as slots
        where slots.concurrency_key = limits.concurrency_key and slots.run_id is not null and not slots.deleted
    ) as taken_count,
    (
        select count(*) from pending_steps as steps
        where steps.concurrency_key = limits.concurrency_key and steps.assigned_timestamp is null
    ) as waiting_count
from concurrency_limits as limits
"""


class FigureReader:
    """Short read-only statements in one session. What a table that is not there yet would say is nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def moment(self) -> Moment:
        for statement in (_FRESHNESS, _NOW):
            if found := self._rows(Moment, statement):
                return found[0]
        raise FiguresUnavailableError("the database does not tell its time")

    def calls(self, after: datetime | None, until: datetime) -> list[CallCount]:
        """Attempts recorded after one moment and until another; from the first on when it is None."""
        return self._recorded(CallCount, _CALLS, after, until)

    def scores(self, after: datetime | None, until: datetime) -> list[ScoreCount]:
        return self._recorded(ScoreCount, _SCORES, after, until)

    def spending(self) -> list[PeriodSpending] | None:
        """Of the current periods; a period without a row has spent nothing."""
        return self._rows(PeriodSpending, _SPENDING)

    def runs(self) -> list[RunCount] | None:
        """Needs a session in Dagster's database."""
        return self._rows(RunCount, _RUNS)

    def pools(self) -> list[PoolUse] | None:
        """Needs a session in Dagster's database."""
        return self._rows(PoolUse, _POOLS)

    def _recorded(
        self, kind: type[Figure], statement: LiteralString, after: datetime | None, until: datetime
    ) -> list[Figure]:
        # Only the first reading, of everything, may take long.
        self._limit(_STATEMENT_TIMEOUT_S if after else _LONGEST_STATEMENT_S)
        found = self._rows(kind, statement, {"after": after or _NEVER, "until": until})
        self._limit(_STATEMENT_TIMEOUT_S)
        return found or []

    def _limit(self, seconds: int) -> None:
        self._connection.execute(f"set statement_timeout = {seconds * 1000}".encode())

    def _rows(
        self, kind: type[Figure], statement: LiteralString, parameters: Mapping[str, Any] | None = None
    ) -> list[Figure] | None:
        """None when the table is not there yet."""
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            try:
                return cursor.execute(statement, parameters).fetchall()
            except (UndefinedTable, InvalidSchemaName):
                return None


@contextmanager
def reading(database: Database) -> Iterator[FigureReader]:
    """A reader for as long as the block runs. Raises FiguresUnavailableError, and OperatorError without a server."""
    quick = replace(database, connect_timeout_s=_CONNECT_TIMEOUT_S)
    try:
        with closing(quick.connect()) as connection:
            connection.autocommit = True
            connection.execute("set default_transaction_read_only = on")
            connection.execute(f"set statement_timeout = {_STATEMENT_TIMEOUT_S * 1000}".encode())
            yield FigureReader(connection)
    except psycopg.Error as error:
        raise FiguresUnavailableError(str(error).strip() or type(error).__name__) from error


def read_queue(database: Database) -> tuple[list[RunCount], list[PoolUse]] | None:
    """Dagster's runs and pools; None before Dagster has its tables. Raises as `reading` does."""
    try:
        with reading(Database(database.dagster_url)) as reader:
            runs, pools = reader.runs(), reader.pools()
    except UnknownDatabaseError:
        return None
    return None if runs is None else (runs, pools or [])
