"""Which failed runs are told: those of every job of the project whose work no later run has taken up."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
from dagster._core.test_utils import create_run_for_test

from orchestration.defs.assets.alerting import failed_runs

HOUR = {"dagster/partition": "2026-11-23-05:00"}
RANGE = {
    "dagster/asset_partition_range_start": "2026-11-23-05:00",
    "dagster/asset_partition_range_end": "2026-11-23-09:00",
}


def test_a_failed_run_of_any_job_is_told_until_another_takes_up_its_work() -> None:
    failure, success = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS
    with dg.DagsterInstance.ephemeral() as instance:
        create_run_for_test(instance, "run_hourly_benchmark_job", status=failure, tags=HOUR)
        create_run_for_test(instance, "rescore_job", status=failure, tags=RANGE)
        for job in ("watch_prices_job", "discover_models_job", "retention_job", "__ASSET_JOB"):
            create_run_for_test(instance, job, status=failure)
        create_run_for_test(instance, "discover_models_job", status=success)
        told = {(run.job, run.partition) for run in failed_runs(instance, datetime.now(UTC))}
    assert told == {
        ("run_hourly_benchmark_job", "2026-11-23-05:00"),
        ("rescore_job", "2026-11-23-05:00 to 2026-11-23-09:00"),
        ("watch_prices_job", ""),
        ("retention_job", ""),
    }
