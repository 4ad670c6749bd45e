"""`synth`: drawn history in an empty database, and never beside what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import psycopg

from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

SMALL_HISTORY = ("synth", "--days", "2", "--targets", "3", "--scenarios", "5", "--last-day", "2026-11-20")
CALLS = 2 * 24 * 3 * 5


def test_a_history_has_every_hour_and_equal_seeds_draw_equal_rows(
    aibaas: RunAibaas, home: Path, tmp_path: Path
) -> None:
    result = aibaas(*SMALL_HISTORY, "--parquet", str(tmp_path / "first"))
    assert result.returncode == 0, result.stderr
    assert f"{CALLS} calls of 2 days to 2026-11-20" in result.stdout
    with psycopg.connect(EmbeddedPostgres(home).url) as connection:
        stored = connection.execute(
            "SELECT count(DISTINCT benchmark_hour), count(*), bool_and(is_simulated) FROM raw.planned_calls"
        ).fetchone()
        graded = connection.execute(
            "SELECT count(*), count(score), min(score), max(score) FROM raw.scores JOIN raw.responses "
            "USING (benchmark_hour, call_id, attempt) WHERE status = 'answered'"
        ).fetchone()
    assert stored == (48, CALLS, True)
    assert graded is not None
    answered = pl.read_parquet(tmp_path / "first" / "responses").filter(pl.col("status") == "answered").height
    assert graded[0] == answered
    assert 0.9 * answered < graded[1] <= answered
    assert 0 <= graded[2] < graded[3] <= 10

    refused = aibaas(*SMALL_HISTORY)
    assert refused.returncode == 2
    assert "holds measurements" in refused.stderr

    aibaas("down")
    again = aibaas(*SMALL_HISTORY, "--parquet", str(tmp_path / "again"), AIBAAS_HOME=str(home.parent / "other"))
    EmbeddedPostgres(home.parent / "other").stop()
    assert again.returncode == 0, again.stderr
    for table in ("planned_calls", "responses", "scores"):
        assert pl.read_parquet(tmp_path / "first" / table).equals(pl.read_parquet(tmp_path / "again" / table))
