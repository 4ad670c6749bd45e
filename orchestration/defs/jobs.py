"""The jobs that operators see."""

from __future__ import annotations

import dagster as dg

_LISTED_MODELS = dg.AssetSelection.assets(["raw", "listed_models"])

run_hourly_benchmark_job = dg.define_asset_job(
    "run_hourly_benchmark_job",
    selection=dg.AssetSelection.all() - _LISTED_MODELS,
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
