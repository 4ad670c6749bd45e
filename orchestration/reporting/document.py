"""Makes the body of a report from the rows of the marts: what is missing is null, with a reason.

Not here: the rows (storage.report_rows), nor the text (markdown).
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from orchestration.storage.report_rows import Report, ReportSources, read_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.providers.target_file import Budget
    from orchestration.reporting.period import ReportPeriod
    from orchestration.storage.bulk_insert import Connection

    Body = dict[str, Any]

ALL_TARGETS = ""


def report_of(connection: Connection, period: ReportPeriod, budgets: Mapping[str, Budget | None]) -> Report:
    """`budgets` are those of now by target id, under the empty id that of all real targets together."""
    sources = read_sources(
        connection,
        period.kind,
        first_day=period.first_day,
        previous=period.previous.first_day,
        start=period.start,
        end=period.end,
    )
    now = datetime.now(UTC)
    suites = _suites(sources)
    body: Body = {
        "kind": period.kind,
        "period": period.name,
        "is_complete": now >= period.end,
        "suites": suites,
        "late_hours": _told(sources.late_hours),
        "spend": _spend(sources),
        "budgets": _budgets(sources, budgets),
        "changes": _told(sources.changes),
    }
    versions = ", ".join(f"{suite['suite']}:{suite['suite_version']}" for suite in suites)
    return Report(period.kind, period.start, period.end, versions, sources.as_of, body, now)


def _suites(sources: ReportSources) -> list[Body]:
    standings = {key: list(rows) for key, rows in groupby(sources.standings, _suite_version)}
    coverage = {key: list(rows) for key, rows in groupby(sources.coverage, _suite_version)}
    return [
        {
            "suite": suite,
            "suite_version": version,
            "standings": _without_suite(standings.get((suite, version), [])),
            "coverage": _coverage(coverage.get((suite, version), [])),
        }
        for suite, version in sorted({*standings, *coverage})
    ]


def _coverage(rows: list[Body]) -> Body:
    counts = ("target_hour_count", "planned_count", "answered_count", "failed_count", "scored_count")
    total = {name: sum(row[name] for row in rows) for name in counts}
    return total | {"by_reason": _without_suite(rows)}


def _spend(sources: ReportSources) -> list[Body]:
    """What is partly unknown is no amount: it is null, and the known part stands beside it."""
    return [
        row
        | {
            "cost_usd": None if row["unknown_count"] or not row["asked_count"] else row["known_usd"],
            "reason": _unknown(row),
        }
        for row in sources.spend
    ]


def _unknown(row: Body) -> str | None:
    if not row["asked_count"]:
        return "not_asked"
    return "unknown_price" if row["unknown_count"] else None


def _budgets(sources: ReportSources, budgets: Mapping[str, Budget | None]) -> list[Body]:
    told = []
    for row in _told(sources.accounts):
        limit = getattr(budgets.get(row["target_id"]), f"usd_per_{row['grain']}", None)
        told.append(row | {"limit_usd": None if limit is None else float(limit)})
    return told


def _without_suite(rows: list[Body]) -> list[Body]:
    left_out = {"suite", "suite_version"}
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def _told(rows: list[Body]) -> list[Body]:
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows
    ]


def _suite_version(row: Body) -> tuple[str, int]:
    return row["suite"], row["suite_version"]
