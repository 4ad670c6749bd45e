"""When the benchmark runs by itself."""

import dagster as dg

from orchestration.defs.jobs import (
    check_freshness_job,
    discover_models_job,
    run_hourly_benchmark_job,
    watch_prices_job,
)
from orchestration.defs.partitions import partition_key_of
from orchestration.records import benchmark_hour_of


@dg.schedule(
    job=run_hourly_benchmark_job,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Measures the current hour, five minutes into it.",
)
def hourly_benchmark_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    key = partition_key_of(benchmark_hour_of(context.scheduled_execution_time))
    return dg.RunRequest(run_key=f"hourly-{key}", partition_key=key)


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
