"""What people are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.alerting.change_events import FailedRun
from orchestration.alerting.delivery import deliver_due
from orchestration.alerting.news import record_news, record_reminders
from orchestration.alerting.requests import take_up_requests
from orchestration.defs.resources import AlertsResource, DatabaseResource, ProviderResource
from orchestration.storage.alert_rows import server_time
from orchestration.storage.turns import take_turns

ALERTS = "alerts"
"""The turn that a step takes. It is no pool: a place of a run that died together with its code location stays taken."""
WATCHED_JOB = "run_hourly_benchmark_job"
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
        events += record_reminders(connection, now)
        connection.commit()
        counts = deliver_due(connection, alerts.leave(), alerts.places(), server_time(connection), database.open)
    yield dg.MaterializeResult(asset_key=["raw", "alert_events"], metadata={"new": events})
    yield dg.MaterializeResult(asset_key=["raw", "alert_deliveries"], metadata=dict(counts))


def failed_runs(instance: dg.DagsterInstance, now: datetime) -> list[FailedRun]:
    """Hourly runs of the last day that failed, after which no other run of the same hours has been begun."""
    records = instance.get_run_records(dg.RunsFilter(job_name=WATCHED_JOB, created_after=now - FAILED_SINCE))
    newest: dict[str, dg.RunRecord] = {}
    for record in sorted(records, key=lambda record: record.storage_id):
        newest[_hours(record.dagster_run)] = record
    return [
        FailedRun(record.dagster_run.run_id, WATCHED_JOB, hours, record.update_timestamp)
        for hours, record in newest.items()
        if record.dagster_run.status == dg.DagsterRunStatus.FAILURE
    ]


def _hours(run: dg.DagsterRun) -> str:
    tags = run.tags
    first, last = (tags.get(f"dagster/asset_partition_range_{end}", "") for end in ("start", "end"))
    return tags.get("dagster/partition") or f"{first} to {last}"
