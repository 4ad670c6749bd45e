"""What tasks will cost, materialised as the pipeline's own role from calls that were resolved.

Not here: the formula (unit.stats.test_task_costs), nor the marts (integration.dbt_project).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.defs.assets.modelling import cost_projections
from orchestration.settings import settings
from tests.support.materialised import materialised

if TYPE_CHECKING:
    from orchestration.storage.database import Database

RESOLVED = """
CREATE SCHEMA IF NOT EXISTS intermediate;
GRANT USAGE ON SCHEMA intermediate TO aibaas_collector;
CREATE TABLE intermediate.int_calls_resolved AS
SELECT
    hour AS benchmark_hour, md5(hour::text || suite)::uuid AS call_id, suite, 1 AS suite_version, 'a' AS target_id,
    'sql' AS family, true AS is_simulated, 1 AS attempt, 'answered' AS response_status,
    0.25::numeric(18, 9) AS cost_usd,
    300::bigint AS input_tokens, 100::bigint AS output_tokens
FROM generate_series('2026-11-01Z'::timestamptz, '2026-11-20T21:00Z'::timestamptz, interval '6 hours') AS hour
CROSS JOIN unnest(ARRAY['canary', 'core']) AS suite;
UPDATE intermediate.int_calls_resolved SET call_id = md5(benchmark_hour::text)::uuid;
GRANT SELECT ON intermediate.int_calls_resolved TO aibaas_collector;
"""
PROJECTED = """
SELECT family, horizon_days, first_date::text, last_date::text, day_count, answered_count, cost_per_task_usd
FROM raw.cost_projections ORDER BY family, horizon_days
"""


def test_whole_days_of_calls_that_are_paid_once_become_projections(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)
    settings.cache_clear()
    with psycopg.connect(database.url) as connection:
        connection.execute(RESOLVED)
    for _ in range(2):
        assert materialised([cost_projections], hour=None).success
    settings.cache_clear()
    with psycopg.connect(database.url) as connection:
        rows = connection.execute(PROJECTED).fetchall()
    assert rows == [
        (family, days, "2026-11-01", "2026-11-19", 19, 19 * 4, pytest.approx(0.25))
        for family in ("all", "sql")
        for days in (1, 7, 30, 90)
    ]
