"""What is noticed without a clock. A sensor notices and requests a run; the run does the work."""

import dagster as dg

from orchestration.alerting.delivery import KEPT_FOR
from orchestration.alerting.requests import TEST_WAITS
from orchestration.defs.jobs import deliver_alerts_job
from orchestration.defs.orphaned_runs import mark_failed, runs_without_process
from orchestration.defs.resources import DatabaseResource
from orchestration.settings import settings
from orchestration.storage.alert_requests import requests_mark
from orchestration.storage.alert_rows import next_due, server_time
from orchestration.storage.alert_sources import news_mark

LOOK_AROUND_MINUTES = 30
"""Budgets, lateness, failed runs and reminders have no rows that announce them."""


@dg.sensor(
    job=deliver_alerts_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Notices new revisions of anomalies and new changes by its cursor, messages that are due, tests and answers "
        "that came through the API, and every half hour that it is time to look at budgets and at the pipeline itself. "
        "What a failed run left is taken up by the next."
    ),
)
def new_anomalies_sensor(
    context: dg.SensorEvaluationContext, database: DatabaseResource
) -> dg.SensorResult | dg.SkipReason:
    with database.open() as connection:
        now = server_time(connection)
        mark, due = news_mark(connection), next_due(connection, now, now - KEPT_FOR)
        asked = requests_mark(connection, now - TEST_WAITS)
    half_hour = int(now.timestamp()) // (60 * LOOK_AROUND_MINUTES)
    cursor = f"{mark}-{half_hour}"
    if cursor == context.cursor and due is None and asked is None:
        return dg.SkipReason("nothing is new and nothing is due")
    run_key = f"alerts-{cursor}" + (f"-{due[0]}-{due[1]}" if due else "")
    run_key += f"-asked-{asked}" if asked else ""
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=run_key)], cursor=cursor)


@dg.sensor(
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Notices runs whose process is gone in two looks, 15 seconds apart, and marks them as failed: then the daemon "
        "begins them again, at most twice. Requests no run itself."
    ),
)
def orphaned_runs_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    gone = runs_without_process(context.instance, settings().code_port)
    noticed = (context.cursor or "").split()
    orphans = [run for run in gone if run.run_id in noticed]
    ended = mark_failed(context.instance, orphans, "the process of this run is gone, and nobody said how it ended")
    return dg.SensorResult(
        skip_reason=f"marked as failed: {', '.join(ended)}" if ended else "no run was left behind",
        cursor=" ".join(run.run_id for run in gone if run.run_id not in ended),
    )
