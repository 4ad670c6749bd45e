"""Runs a candidate's query on PostgreSQL: throw-away databases of the storage, outcomes of the sandbox.

Not here: making the databases (storage), nor comparing rows (sql).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.sandbox.cell import codec
from orchestration.sandbox.cell.query import plain
from orchestration.sandbox.interface import QueryResult, QueryRows
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.sandbox.text import OF_THE_HOST
from orchestration.sandbox.values import read_value
from orchestration.settings import OperatorError
from orchestration.storage.throwaway_databases import StatementEnd, StatementLimits, ThrowawayDatabases

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.sandbox.interface import QueryRun
    from orchestration.sandbox.profiles import Level


@dataclass(frozen=True, slots=True)
class PostgresqlQueryServer:
    """See `QueryServer` for the contract."""

    databases: ThrowawayDatabases

    def run_query(self, run: QueryRun) -> QueryResult:
        limits = StatementLimits(run.limits.wall_s, run.limits.result_kb)
        try:
            ends = [self.databases.run(setup, run.query, limits) for setup in run.setups]
        except OperatorError as error:
            nothing = tuple(QueryRows(outcome="infrastructure") for _ in run.setups)
            return QueryResult(outcome="infrastructure", reason=OF_THE_HOST.line(str(error)), results=nothing)
        results = tuple(rows_of(end) for end in ends)
        first = next((rows for rows in results if rows.outcome != "ok"), None)
        return QueryResult(
            outcome=first.outcome if first else "ok",
            reason=first.reason if first else "",
            wall_ms=round(sum(end.wall_ms for end in ends), 3),
            results=results,
        )

    def close(self) -> None:
        self.databases.close()


def sandbox_with_postgresql(home: Path, level: Level | None = None) -> NamespaceSandbox:
    """The sandbox that graders use; its server for queries lives under `home` and starts with the first of them."""
    server = PostgresqlQueryServer(ThrowawayDatabases(home / "grading"))
    return NamespaceSandbox(level=level, postgresql=server)


def rows_of(end: StatementEnd) -> QueryRows:
    if end.ending == "ok":
        rows = tuple(tuple(read_value(codec.encode(plain(value))) for value in row) for row in end.rows)
        return QueryRows(outcome="ok", columns=end.columns, rows=rows)
    if end.ending == "broken":
        return QueryRows(outcome="infrastructure", reason=f"the setup fails: {OF_THE_HOST.line(end.error[1])}")
    reason = f"stopped: {end.ending}" if end.ending in {"timeout", "output"} else ": ".join(end.error)
    return QueryRows(outcome=end.ending, reason=OF_THE_HOST.line(reason))
