"""The jobs that operators see."""

from __future__ import annotations

import dagster as dg

from orchestration.defs.run_log import RUN_LOG

_LISTED_MODELS = dg.AssetSelection.assets(["raw", "listed_models"])

run_hourly_benchmark_job = dg.define_asset_job(
    "run_hourly_benchmark_job",
    selection=dg.AssetSelection.all() - _LISTED_MODELS,
    config=RUN_LOG,
    description=(
        "Measures one benchmark hour (or, as one run, a range of them) from the plan to the leaderboard. Safe to "
        "rerun: it asks only for answers that are missing and grades only what has no grade."
    ),
)

discover_models_job = dg.define_asset_job(
    "discover_models_job",
    selection=_LISTED_MODELS,
    config=RUN_LOG,
    description=(
        "Asks every host which models it has, notes those that came and went, and enrols what the rules of the targets "
        "file give leave for. Safe to rerun."
    ),
)
