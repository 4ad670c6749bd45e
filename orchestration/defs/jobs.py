"""The jobs that operators see."""

from __future__ import annotations

import dagster as dg

run_hourly_benchmark_job = dg.define_asset_job(
    "run_hourly_benchmark_job",
    selection=dg.AssetSelection.all(),
    description=(
        "Measures one benchmark hour (or, as one run, a range of them) from the plan to the leaderboard. Safe to "
        "rerun: it asks only for answers that are missing and grades only what has no grade."
    ),
)
