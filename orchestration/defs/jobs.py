"""The jobs that operators see."""

from __future__ import annotations

from typing import Any

import dagster as dg

from orchestration.defs.assets.reporting import ReportConfig, reports
from orchestration.defs.checks import measurements_are_fresh
from orchestration.defs.run_log import RUN_LOG

_LISTED_MODELS = dg.AssetSelection.assets(["raw", "listed_models"])
_SCORES = dg.AssetSelection.assets(["raw", "scores"])
_ALERTING = dg.AssetSelection.groups("alerting")
_RUNS = dg.AssetSelection.assets(["raw", "runs"])
_REPORTS = dg.AssetSelection.assets(["raw", "reports"])
_FOLLOWS_SCORES = dg.AssetSelection.groups("modelling", "detection")
"""What is computed anew when scores are."""

_FRESHNESS = dg.AssetSelection.checks(measurements_are_fresh)

OVER_HOURS = {"aibaas/work": "hours"}
"""The tag of runs that take long: `dagster.yaml` lets fewer of them run at once than of all, so that the others run."""

SHORT = {dg.MAX_RUNTIME_SECONDS_TAG: "1800"}
"""The tag of runs that take a minute or two: one that hangs makes room for the next."""

run_hourly_benchmark_job = dg.define_asset_job(
    "run_hourly_benchmark_job",
    selection=dg.AssetSelection.all() - _LISTED_MODELS - _REPORTS - _ALERTING - _FRESHNESS,
    config=RUN_LOG,
    tags=OVER_HOURS,
    description=(
        "Measures one benchmark hour (or, as one run, a range of them) from the plan to the leaderboard. The hour "
        "decides which suites are due: canary every hour, core at 00, 06, 12 and 18 h, full at 00 h (UTC). Safe to "
        "rerun: it asks only for answers that are missing and grades only what has no grade. To run a part of it "
        "again, or to ask again what was answered, set the resource `rerun` in the launchpad."
    ),
)

rescore_job = dg.define_asset_job(
    "rescore_job",
    selection=_SCORES | _FOLLOWS_SCORES,
    config=RUN_LOG,
    tags=OVER_HOURS,
    description=(
        "Grades the archived answers of an hour or a range of hours that the current version of their scorer has not "
        "graded, and builds the marts of these hours anew. Asks no model and costs nothing. Run it over the history "
        "after a scorer's version has changed: until then comparisons rest on what the new version has graded."
    ),
)

REBUILD: dict[str, Any] = RUN_LOG | {
    "ops": {name: {"config": {"is_full_refresh": True}} for name in ("resolved_models", "published_models")}
}

rebuild_job = dg.define_asset_job(
    "rebuild_job",
    selection=_FOLLOWS_SCORES,
    config=REBUILD,
    tags=OVER_HOURS,
    description=(
        "Makes all marts and intervals anew from the raw rows, with the columns that this release has. Run it when an "
        "hour fails because the marts have other columns. Asks no model and grades nothing; afterwards the marts hold "
        "what they held. Refuses where months of raw rows were dropped."
    ),
)

watch_prices_job = dg.define_asset_job(
    "watch_prices_job",
    selection=dg.AssetSelection.assets(["raw", "prices"]),
    config=RUN_LOG | {"ops": {"raw__prices": {"config": {"asks_all_hosts": True}}}},
    tags=SHORT,
    description=(
        "Asks every host that publishes its prices for them, and writes an event for each that changed or looks like a "
        "mistake. Safe to rerun."
    ),
)

discover_models_job = dg.define_asset_job(
    "discover_models_job",
    selection=_LISTED_MODELS,
    config=RUN_LOG,
    tags=SHORT,
    description=(
        "Asks every host which models it has, notes those that came and went, and enrols what the rules of the targets "
        "file give leave for. Safe to rerun."
    ),
)

check_freshness_job = dg.define_asset_job(
    "check_freshness_job",
    selection=_FRESHNESS | _RUNS,
    config=RUN_LOG,
    tags=SHORT,
    description=(
        "Looks how old the newest measured hour is, and warns past 90 minutes: then hours are not measured, or their "
        "runs fail or wait. Notes what has become of runs, for the status page. Asks no model."
    ),
)

daily_report_job = dg.define_asset_job(
    "daily_report_job",
    selection=_REPORTS,
    config=dg.RunConfig(ops={reports.node_def.name: ReportConfig(kind="daily")}, **RUN_LOG),
    tags=SHORT,
    description=(
        "Writes the report of one day (UTC): standings and their moves, coverage, spend, budgets, changes and late "
        "hours. Without a `day` in its configuration that of yesterday. Safe to rerun: a report takes the place of the "
        "one before."
    ),
)

weekly_report_job = dg.define_asset_job(
    "weekly_report_job",
    selection=_REPORTS,
    config=dg.RunConfig(ops={reports.node_def.name: ReportConfig(kind="weekly")}, **RUN_LOG),
    tags=SHORT,
    description=(
        "Writes the report of one ISO week (Monday to Sunday, UTC), as the daily one does of a day. Without a `day` in "
        "its configuration that of the last week which has ended. Safe to rerun."
    ),
)

deliver_alerts_job = dg.define_asset_job(
    "deliver_alerts_job",
    selection=_ALERTING,
    config=RUN_LOG,
    tags=SHORT,
    description=(
        "Records what is new (anomalies, prices, models, budgets, the pipeline itself) with who is to hear of it, and "
        "delivers the messages that are due. Safe to rerun: what was delivered is not sent again."
    ),
)
