"""What a day and a week have shown, kept as documents."""

from datetime import UTC, date, datetime
from typing import Any, Literal

import dagster as dg
from pydantic import Field

from orchestration.collection.installation import overall_budget
from orchestration.defs.resources import DatabaseResource, ProviderResource
from orchestration.reporting.document import report_of
from orchestration.reporting.markdown import markdown_of
from orchestration.reporting.period import last_period, period_of
from orchestration.settings import settings
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
