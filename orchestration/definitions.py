"""The table of contents: every asset, job, schedule and sensor in the order in which data flow.

Not here: what they do (defs and the domain packages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.defs.assets.alerting import alert_deliveries
from orchestration.defs.assets.catalog import budgets, listed_models, prices, scenarios, targets
from orchestration.defs.assets.collection import changes, planned_calls, responses
from orchestration.defs.assets.detection import anomalies
from orchestration.defs.assets.modelling import modelling_assets
from orchestration.defs.assets.reporting import reports, runs
from orchestration.defs.assets.scoring import scores
from orchestration.defs.checks import CHECKS
from orchestration.defs.dbt_translator import dbt_resource, parsed_project
from orchestration.defs.executor import executor_of
from orchestration.defs.jobs import (
    check_freshness_job,
    daily_report_job,
    deliver_alerts_job,
    discover_models_job,
    rebuild_job,
    rescore_job,
    run_hourly_benchmark_job,
    watch_prices_job,
    weekly_report_job,
)
from orchestration.defs.resources import (
    AlertsResource,
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
    SandboxResource,
)
from orchestration.defs.retention import daily_retention_schedule, retention_job
from orchestration.defs.run_log import run_log
from orchestration.defs.schedules import (
    daily_discovery_schedule,
    daily_price_watch_schedule,
    daily_report_schedule,
    freshness_schedule,
    hourly_benchmark_schedule,
    weekly_report_schedule,
)
from orchestration.defs.sensors import new_anomalies_sensor, orphaned_runs_sensor
from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_defs(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All definitions. `resources` replaces those of the same name."""
    project = parsed_project()
    return dg.Definitions(
        assets=[
            scenarios,
            targets,
            budgets,
            prices,
            listed_models,
            planned_calls,
            responses,
            changes,
            scores,
            *modelling_assets(project),
            anomalies,
            alert_deliveries,
            reports,
            runs,
        ],
        asset_checks=CHECKS,
        jobs=[
            run_hourly_benchmark_job,
            rescore_job,
            rebuild_job,
            watch_prices_job,
            discover_models_job,
            check_freshness_job,
            daily_report_job,
            weekly_report_job,
            retention_job,
            deliver_alerts_job,
        ],
        schedules=[
            hourly_benchmark_schedule,
            daily_price_watch_schedule,
            daily_discovery_schedule,
            freshness_schedule,
            daily_report_schedule,
            weekly_report_schedule,
            daily_retention_schedule,
        ],
        sensors=[new_anomalies_sensor, orphaned_runs_sensor],
        resources={
            "database": DatabaseResource(),
            "archive": ArchiveResource(),
            "catalogue": CatalogueResource(),
            "provider": ProviderResource(),
            "rerun": RerunResource(),
            "sandbox": SandboxResource(),
            "progress": ProgressResource(),
            "alerts": AlertsResource(),
            "dbt": dbt_resource(project),
            **(resources or {}),
        },
        loggers={"console": run_log},
        executor=executor_of(settings()),
    )


@dg.definitions
def defs() -> dg.Definitions:
    return build_defs()
