"""What people are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.alerting.change_events import FailedRun
from orchestration.alerting.delivery import deliver_due
from orchestration.alerting.news import record_later_news, record_news
from orchestration.alerting.requests import take_up_requests
from orchestration.defs.resources import AlertsResource, DatabaseResource, ProviderResource
from orchestration.storage.alert_rows import server_time
from orchestration.storage.turns import take_turns

ALERTS = "alerts"
"""The turn that a step takes. It is no pool: a place of a run that died together with its code location stays taken."""
UNNAMED = "__"
"""What the names of jobs of Dagster's own begin with, by which a person materialises single assets and sees the end."""
FAILED_SINCE = timedelta(days=1)


@dg.multi_asset(
    name="alert_deliveries",
    group_name="alerting",
    specs=[
        dg.AssetSpec(
            ["raw", "alert_events"],
            deps=[["raw", "anomalies"], ["raw", "changes"]],
            kinds={"python", "postgres"},
            description="One row per thing that people may want to hear of.",
        ),
        dg.AssetSpec(
            ["raw", "alert_deliveries"],
            deps=[["raw", "alert_events"]],
            kinds={"python", "postgres"},
            description="One row per attempt to deliver a message.",
        ),
    ],
)
def alert_deliveries(
    context: dg.AssetExecutionContext, database: DatabaseResource, provider: ProviderResource, alerts: AlertsResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """What was asked of alerts, what is new, who is to hear of it, and the messages that are due. Safe to rerun."""
    with database.connect() as connection:
        take_turns(connection, [ALERTS])
        now = server_time(connection)
        take_up_requests(connection, now)
        failed = failed_runs(context.instance, now)
        events = record_news(connection, provider.budget_limits(now), failed, now)
        events += record_later_news(connection, now)
        connection.commit()
        counts = deliver_due(connection, alerts.leave(), alerts.places(), server_time(connection), database.open)
    yield dg.MaterializeResult(asset_key=["raw", "alert_events"], metadata={"new": events})
    yield dg.MaterializeResult(asset_key=["raw", "alert_deliveries"], metadata=dict(counts))


def failed_runs(instance: dg.DagsterInstance, now: datetime) -> list[FailedRun]:
    """Runs of all jobs of the last day that failed, after which no other of the same job and hours has been begun.

    A failed delivery of alerts is told by nothing but the next one, which takes its place.
    """
    records = instance.get_run_records(dg.RunsFilter(created_after=now - FAILED_SINCE))
    newest: dict[tuple[str, str], dg.RunRecord] = {}
    for record in sorted(records, key=lambda record: record.storage_id):
        newest[record.dagster_run.job_name, _hours(record.dagster_run)] = record
    return [
        FailedRun(record.dagster_run.run_id, job, hours, record.update_timestamp)
        for (job, hours), record in newest.items()
        if record.dagster_run.status == dg.DagsterRunStatus.FAILURE and not job.startswith(UNNAMED)
    ]


def _hours(run: dg.DagsterRun) -> str:
    tags = run.tags
    ends = [tags[name] for end in ("start", "end") if (name := f"dagster/asset_partition_range_{end}") in tags]
    return tags.get("dagster/partition") or " to ".join(ends)
