"""Drawn runs in the form in which the warehouse's cells are read.

Not here: the drawing (drawn_runs).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from tests.support.drawn_runs import Runs

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)


def cells_frame(runs: Runs, hours: int | None = None) -> pl.DataFrame:
    """Cells of one target from MONDAY on, sorted by hour; nothing streams: no time to the first token is known."""
    answered, failed = runs.answered[:hours], runs.failed[:hours]
    hour, scenario = np.nonzero(answered + failed)
    at = (hour, scenario)
    measured = {
        "score_mean": runs.score[at],
        "latency_p50_ms": runs.latency_ms[at],
        "cost_mean_usd": runs.cost_microusd[at] / 1e6,
    }
    return pl.DataFrame(
        {
            "benchmark_hour": [MONDAY + timedelta(hours=number) for number in hour.tolist()],
            "scenario_id": [f"sql/s{number}" for number in scenario.tolist()],
            "suite_version": 1,
            "scenario_version": runs.versions[at],
            "variant_seed": 0,
            "answered_count": answered[at],
            "failed_count": failed[at],
            "scored_count": answered[at],
            "time_to_first_token_p50_ms": pl.Series([None] * len(hour), dtype=pl.Float64),
            **measured,
            "scorer": "sql",
            "scorer_version": 1,
        }
    ).with_columns(pl.col(*measured).fill_nan(None), pl.col("benchmark_hour").dt.replace_time_zone("UTC"))
