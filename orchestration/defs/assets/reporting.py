"""What a day and a week have shown, kept as documents, and what the pipeline's own runs came to."""

from datetime import UTC, date, datetime
from typing import Any, Literal

import dagster as dg
from dagster._core.storage.dagster_run import RunRecord
from pydantic import Field

from orchestration.collection.installation import overall_budget
from orchestration.defs.partitions import HOUR, hours_of_tags
from orchestration.defs.resources import DatabaseResource, ProviderResource
from orchestration.reporting.document import report_of
from orchestration.reporting.markdown import markdown_of
from orchestration.reporting.period import last_period, period_of
from orchestration.settings import settings
from orchestration.storage.bulk_insert import Connection
from orchestration.storage.operation_rows import SeenRun, record_runs
from orchestration.storage.report_rows import replace_report


class ReportConfig(dg.Config):
    """Which report to write."""

    kind: Literal["daily", "weekly"] = Field(default="daily", description="A day, or an ISO week from Monday on (UTC).")
    day: str = Field(default="", description="The day, or one of the week, like 2026-11-23; empty: the last to end.")

    @property
    def asked_day(self) -> date | None:
        return date.fromisoformat(self.day) if self.day else None


@dg.asset(
    key=["raw", "reports"],
    group_name="reporting",
    deps=[["marts", "fct_scores_hourly"], ["marts", "fct_scores_daily"], ["raw", "score_intervals"]],
    kinds={"postgres"},
)
def reports(config: ReportConfig, provider: ProviderResource, database: DatabaseResource) -> dg.MaterializeResult[Any]:
    """One row per kind and period: standings, moves, coverage, spend, budgets, changes, late hours. Written anew."""
    asked = config.asked_day
    period = period_of(config.kind, asked) if asked else last_period(config.kind, datetime.now(UTC))
    budgets = {target.target_id: target.budget for target in provider.targets()} | {"": overall_budget(settings())}
    with database.connect() as connection:
        report = report_of(connection, period, budgets)
        replace_report(connection, report)
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.md(markdown_of(report)),
            "period": period.name,
            "suite_versions": report.suite_versions or "none",
        }
    )


RUNS_SEEN = 100


@dg.asset(key=["raw", "runs"], group_name="reporting", kinds={"postgres"})
def runs(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[Any]:
    """One row per run of Dagster's, with the state in which it was seen last. The newest hundred are looked at."""
    with database.connect() as connection:
        return dg.MaterializeResult(metadata={"runs": note_runs(context.instance, connection)})


def note_runs(instance: dg.DagsterInstance, connection: Connection) -> int:
    """Record the newest runs in the state that they have now. Returns their number."""
    now = datetime.now(UTC)
    return record_runs(connection, [seen_run(record, now) for record in instance.get_run_records(limit=RUNS_SEEN)])


def seen_run(record: RunRecord, now: datetime) -> SeenRun:
    run, hours = record.dagster_run, hours_of_tags(record.dagster_run.tags)
    return SeenRun(
        run_id=run.run_id,
        job=run.job_name,
        first_hour=hours and hours[0],
        last_hour=hours and hours[1] - HOUR,
        status=run.status.value.lower(),
        requested_at=record.create_timestamp,
        started_at=_moment(record.start_time),
        ended_at=_moment(record.end_time),
        recorded_at=now,
    )


def _moment(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)
