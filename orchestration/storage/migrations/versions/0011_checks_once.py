"""Results of checks are stored once per content, in raw.checks; the rows of raw.scores name them and are narrower.

Not here: who computes the names (raw_tables).

Answers mostly pass or fail the same checks as others did, and the results were more than half of a score's bytes. The
table is made anew, with its wide columns first so that nothing is lost between them, and moved month by month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHECKS = """
CREATE TABLE raw.checks (
    checks_id uuid PRIMARY KEY,
    checks jsonb NOT NULL CHECK (jsonb_typeof(checks) = 'array'),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON raw.checks TO aibaas_collector;
GRANT SELECT ON raw.checks TO aibaas_transformer;
"""

SCORES = """
CREATE TABLE raw.scores (
    benchmark_hour timestamptz NOT NULL,
    call_id uuid NOT NULL,
    {checks},
    graded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    score double precision CHECK (score BETWEEN 0 AND 10),
    wall_ms double precision CHECK (wall_ms >= 0),
    peak_memory_kb bigint CHECK (peak_memory_kb >= 0),
    reference_overlap double precision CHECK (reference_overlap BETWEEN 0 AND 1),
    attempt integer NOT NULL CHECK (attempt >= 1),
    scorer_version integer NOT NULL CHECK (scorer_version >= 0),
    grading_attempt integer NOT NULL CHECK (grading_attempt >= 1),
    tool_call_count integer CHECK (tool_call_count >= 0),
    valid_tool_call_count integer CHECK (valid_tool_call_count BETWEEN 0 AND tool_call_count),
    is_refusal boolean NOT NULL,
    is_truncated boolean NOT NULL,
    is_format_ok boolean NOT NULL,
    scorer text NOT NULL,
    outcome text NOT NULL,
    sandbox_level text NOT NULL,
    reason text,
    PRIMARY KEY (benchmark_hour, call_id, attempt, scorer_version, grading_attempt),
    CHECK (score IS NOT NULL OR reason IS NOT NULL),
    CHECK ((tool_call_count IS NULL) = (valid_tool_call_count IS NULL))
) PARTITION BY RANGE (benchmark_hour);
CREATE INDEX ix_scores_recorded_at ON raw.scores (recorded_at);
"""
GRANTS = """
GRANT SELECT, INSERT ON raw.scores TO aibaas_collector;
GRANT SELECT ON raw.scores TO aibaas_transformer;
"""

BY_NAME = "checks_id uuid NOT NULL"
BY_VALUE = "checks jsonb NOT NULL CHECK (jsonb_typeof(checks) = 'array')"

COLUMNS = (
    "benchmark_hour, call_id, graded_at, recorded_at, score, wall_ms, peak_memory_kb, reference_overlap, attempt, "
    "scorer_version, grading_attempt, tool_call_count, valid_tool_call_count, is_refusal, is_truncated, is_format_ok, "
    "scorer, outcome, sandbox_level, reason"
)
NAME_OF = "encode(substr(sha256(convert_to(checks::text, 'UTF8')), 1, 16), 'hex')::uuid"
NEW_CHECKS = f"INSERT INTO raw.checks SELECT DISTINCT {NAME_OF}, checks FROM raw.{{month}} ON CONFLICT DO NOTHING"  # noqa: S608
CHECKS_OF = "(SELECT known.checks FROM raw.checks AS known WHERE known.checks_id = before.checks_id)"
COPY_MONTH = f"""
INSERT INTO raw.scores ({COLUMNS}, {{column}})
SELECT {COLUMNS}, {{value}} FROM raw.{{month}} AS before ORDER BY benchmark_hour, call_id
"""  # noqa: S608 - names of columns
PARTITIONS = """
SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = 'raw.{table}'::regclass ORDER BY 1
"""
PLAIN_NAMES = """
DO $$
DECLARE
    numbered text;
BEGIN
    FOR numbered IN
        SELECT conname FROM pg_constraint
        WHERE conrelid = 'raw.scores'::regclass AND contype = 'c' AND conname ~ '^scores_[a-z_]+_check1$'
    LOOP
        EXECUTE format('ALTER TABLE raw.scores RENAME CONSTRAINT %I TO %I', numbered, left(numbered, -1));
    END LOOP;
END
$$
"""
HOURS = "SELECT min(benchmark_hour)::text, max(benchmark_hour)::text FROM raw.{month}"


def upgrade() -> None:
    op.execute("SET LOCAL timezone = 'UTC'")
    op.execute(CHECKS)
    _exchange(BY_NAME)
    for month in _partitions("scores_before"):
        op.execute(NEW_CHECKS.format(month=month))
        _move(month, "checks_id", NAME_OF)
    _end()


def downgrade() -> None:
    op.execute("SET LOCAL timezone = 'UTC'")
    _exchange(BY_VALUE)
    for month in _partitions("scores_before"):
        _move(month, "checks", CHECKS_OF)
    _end()
    op.execute("DROP TABLE raw.checks")


def _exchange(checks: str) -> None:
    """Put an empty table in the place of raw.scores, which is then `_before`, as its partitions are."""
    for month in _partitions("scores"):
        op.execute(f"ALTER TABLE raw.{month} RENAME TO {month}_before")
    op.execute("ALTER TABLE raw.scores RENAME TO scores_before")
    op.execute("ALTER INDEX raw.scores_pkey RENAME TO scores_before_pkey")
    op.execute("ALTER INDEX raw.ix_scores_recorded_at RENAME TO ix_scores_before_recorded_at")
    op.execute(SCORES.format(checks=checks) + GRANTS)


def _move(month: str, column: str, value: str) -> None:
    """Copy a month of the table before in the order of its key, which leaves the index of the key narrow."""
    ((first, last),) = _rows(HOURS.format(month=month))
    if first is not None:
        op.execute(f"SELECT raw.ensure_partitions('{first}', '{last}')")
        op.execute(COPY_MONTH.format(column=column, value=value, month=month))


def _end() -> None:
    """Views of dbt go with the table before, and dbt makes them anew; its constraints had the names without number."""
    op.execute("DROP TABLE raw.scores_before CASCADE")
    op.execute(PLAIN_NAMES)
    op.execute("SELECT raw.ensure_partitions(now(), now() + interval '3 months')")


def _partitions(table: str) -> list[str]:
    return [row[0] for row in _rows(PARTITIONS.format(table=table))]


def _rows(query: str) -> Sequence[Any]:
    return op.get_bind().exec_driver_sql(query).fetchall()
