"""The jobs that operators see."""

from __future__ import annotations

import dagster as dg

from orchestration.defs.checks import measurements_are_fresh

_LISTED_MODELS = dg.AssetSelection.assets(["raw", "listed_models"])

_FRESHNESS = dg.AssetSelection.checks(measurements_are_fresh)

run_hourly_benchmark_job = dg.define_asset_job(
    "run_hourly_benchmark_job",
    selection=dg.AssetSelection.all() - _LISTED_MODELS - _FRESHNESS,
    description=(
        "Measures one benchmark hour (or, as one run, a range of them) from the plan to the leaderboard. Safe to "
        "rerun: it asks only for answers that are missing and grades only what has no grade."
    ),
)

watch_prices_job = dg.define_asset_job(
    "watch_prices_job",
    selection=dg.AssetSelection.assets(["raw", "prices"]),
    config={"ops": {"raw__prices": {"config": {"asks_all_hosts": True}}}},
    description=(
        "Asks every host that publishes its prices for them, and writes an event for each that changed or looks like a "
        "mistake. Safe to rerun."
    ),
)

discover_models_job = dg.define_asset_job(
    "discover_models_job",
    selection=_LISTED_MODELS,
    description=(
        "Asks every host which models it has, notes those that came and went, and enrols what the rules of the targets "
        "file give leave for. Safe to rerun."
    ),
)

check_freshness_job = dg.define_asset_job(
    "check_freshness_job",
    selection=_FRESHNESS,
    description=(
        "Looks how old the newest measured hour is, and warns past 90 minutes: then hours are not measured, or their "
        "runs fail or wait. Asks no model."
    ),
)
