"""When the benchmark runs by itself."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.defs.assets.reporting import ReportConfig, reports
from orchestration.defs.jobs import (
    check_freshness_job,
    daily_report_job,
    discover_models_job,
    run_hourly_benchmark_job,
    watch_prices_job,
    weekly_report_job,
)
from orchestration.defs.partitions import HOUR, partition_key_of
from orchestration.defs.run_log import RUN_LOG
from orchestration.records import benchmark_hour_of
from orchestration.reporting.period import Kind, last_period

LONGEST_HOUR = {dg.MAX_RUNTIME_SECONDS_TAG: str(3 * 60 * 60)}
"""The tag of an hour's run. Asking ends after AIBAAS_HOUR_DEADLINE_S, grading and building take minutes."""

WHILE_IT_LASTS: dict[str, Any] = RUN_LOG | {"resources": {"provider": {"config": {"spare_past": True}}}}
"""The config of a run that may have to wait: when its turn comes after its hour, it pays for nothing."""


@dg.schedule(
    job=run_hourly_benchmark_job,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Measures the current hour, five minutes into it: the suite canary in every hour, core also at 00, 06, 12 and "
        "18 h, full also at 00 h (UTC). An hour that was missed is not made up for: a model cannot be measured in the "
        "past."
    ),
)
def hourly_benchmark_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    hour = benchmark_hour_of(context.scheduled_execution_time)
    if datetime.now(UTC) >= hour + HOUR:
        return dg.SkipReason(f"{hour:%Y-%m-%dT%H} has ended meanwhile: its answers would be late")
    key = partition_key_of(hour)
    return dg.RunRequest(run_key=f"hourly-{key}", partition_key=key, run_config=WHILE_IT_LASTS, tags=LONGEST_HOUR)


daily_price_watch_schedule = dg.ScheduleDefinition(
    name="daily_price_watch_schedule",
    job=watch_prices_job,
    cron_schedule="30 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Asks the hosts that publish prices for all of them, between two benchmark hours.",
)

daily_discovery_schedule = dg.ScheduleDefinition(
    name="daily_discovery_schedule",
    job=discover_models_job,
    cron_schedule="40 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Asks every host for its models, between two benchmark hours.",
)

freshness_schedule = dg.ScheduleDefinition(
    name="freshness_schedule",
    job=check_freshness_job,
    cron_schedule="25,55 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Looks every half hour whether the newest measured hour is fresh.",
)


@dg.schedule(
    job=daily_report_job,
    cron_schedule="20 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Writes the report of the day before, at 06:20 UTC.",
)
def daily_report_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return _report_request("daily", context)


@dg.schedule(
    job=weekly_report_job,
    cron_schedule="40 6 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Writes the report of the ISO week before, on Mondays at 06:40 UTC.",
)
def weekly_report_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return _report_request("weekly", context)


def _report_request(kind: Kind, context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Of the period before the scheduled moment, whenever the run begins."""
    period = last_period(kind, context.scheduled_execution_time.astimezone(UTC))
    config = ReportConfig(kind=kind, day=period.first_day.isoformat())
    return dg.RunRequest(
        run_key=f"{kind}-report-{period.name}", run_config=dg.RunConfig(ops={reports.node_def.name: config}, **RUN_LOG)
    )
