"""Raw rows can be let go of after their time, and what grading took is kept in the width that it needs.

Not here: for how long rows are kept (settings) and who lets go of them (partitions).

The function has the rights of the schema's owner, so that the collector can delete nothing else. It takes whole months,
on a server with partitions and on one with hypertables alike. Numbers of a new width need the columnstore's 37 bytes a
score instead of 41; views over a table keep its columns from changing, and dbt makes them anew.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0008"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION raw.expire_rows(before timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
    first_kept CONSTANT timestamptz := date_trunc('month', before);
    parent text;
    month text;
BEGIN
    IF before > now() - interval '100 days' THEN
        RAISE EXCEPTION 'rows of the last 100 days are kept: windows of 90 days are measured by them';
    END IF;
    FOREACH parent IN ARRAY ARRAY['planned_calls', 'responses', 'scores'] LOOP
        FOR month IN
            SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
            WHERE inhparent = format('raw.%I', parent)::regclass AND child.relispartition
                AND child.relname < format('%s_%s', parent, to_char(first_kept, 'YYYY_MM'))
        LOOP
            EXECUTE format('DROP TABLE raw.%I', month);
        END LOOP;
        IF (SELECT relkind FROM pg_class WHERE oid = format('raw.%I', parent)::regclass) <> 'p' THEN
            PERFORM set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true);
            EXECUTE format(
                'SELECT %I.drop_chunks(%L::regclass, older_than => %L::timestamptz)',
                (SELECT nspname FROM pg_extension JOIN pg_namespace AS space ON space.oid = extnamespace
                    WHERE extname = 'timescaledb'),
                format('raw.%I', parent), first_kept
            );
            EXECUTE format('DELETE FROM raw.%I WHERE benchmark_hour < %L', parent, first_kept);
        END IF;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION raw.expire_rows(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.expire_rows(timestamptz) TO aibaas_collector;
"""


def upgrade() -> None:
    _alter("wall_ms TYPE real", "peak_memory_kb TYPE integer")
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION raw.expire_rows")
    _alter("wall_ms TYPE double precision", "peak_memory_kb TYPE bigint")


def _alter(*columns: str) -> None:
    op.execute("DROP VIEW IF EXISTS staging.stg_scoring__scores CASCADE")
    op.execute("ALTER TABLE raw.scores " + ", ".join(f"ALTER COLUMN {column}" for column in columns))
