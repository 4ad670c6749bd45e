"""Monthly partitions of the tables that grow with every hour: planned_calls, responses, scores.

Not here: the columns, which stay as they are, nor who has months made (bulk_insert, partitions).

There is no default partition: a month could not be attached while it holds rows of it. A row of a month that was not
made is an error, and writers have the months of their rows made first. The function has the rights of the schema's
owner, so that the collector needs none to create tables. A table without partitions, as a hypertable, is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("planned_calls", "responses", "scores")

FUNCTION = """
CREATE FUNCTION raw.ensure_partitions(first_hour timestamptz, last_hour timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    parent text;
    month timestamptz;
    name text;
    made integer := 0;
BEGIN
    IF last_hour - first_hour > interval '11000 days' THEN
        RAISE EXCEPTION 'from % to % are too many months', first_hour, last_hour;
    END IF;
    FOREACH parent IN ARRAY ARRAY['planned_calls', 'responses', 'scores'] LOOP
        CONTINUE WHEN (SELECT relkind FROM pg_class WHERE oid = format('raw.%I', parent)::regclass) <> 'p';
        FOR month IN
            SELECT generate_series(date_trunc('month', first_hour), date_trunc('month', last_hour), interval '1 month')
        LOOP
            name := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
            CONTINUE WHEN to_regclass(format('raw.%I', name)) IS NOT NULL;
            PERFORM pg_advisory_xact_lock(hashtext('aibaas partitions'));
            CONTINUE WHEN to_regclass(format('raw.%I', name)) IS NOT NULL;
            -- Attached, not created as a partition, so that others read and write the table meanwhile.
            EXECUTE format('CREATE TABLE raw.%I (LIKE raw.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, parent);
            EXECUTE format(
                'ALTER TABLE raw.%I ATTACH PARTITION raw.%I FOR VALUES FROM (%L) TO (%L)',
                parent, name, month, month + interval '1 month'
            );
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION raw.ensure_partitions(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.ensure_partitions(timestamptz, timestamptz) TO aibaas_collector;
"""

INDEXES = """
SELECT index_class.relname, pg_get_indexdef(indexrelid), pg_get_constraintdef(con.oid)
FROM pg_index JOIN pg_class AS index_class ON index_class.oid = indexrelid
LEFT JOIN pg_constraint AS con ON con.conindid = indexrelid AND con.conrelid = indrelid
WHERE indrelid = 'raw.{table}'::regclass
"""
GRANTS = """
SELECT 'GRANT ' || privilege_type || ' ON raw.{table} TO ' || quote_ident(rolname)
FROM pg_class, aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee
WHERE pg_class.oid = 'raw.{table}'::regclass AND grantee <> relowner
"""
KIND = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'raw.{table}'::regclass"
MONTHS = "SELECT DISTINCT date_trunc('month', benchmark_hour)::text FROM raw.{table}_before ORDER BY 1"
COPY_MONTH = """
INSERT INTO raw.{table} SELECT * FROM raw.{table}_before
WHERE benchmark_hour >= '{month}' AND benchmark_hour < '{month}'::timestamptz + interval '1 month'
"""


class Index(NamedTuple):
    """An index, or the constraint that it keeps."""

    name: str
    definition: str
    constraint: str | None


def upgrade() -> None:
    op.execute("SET LOCAL timezone = 'UTC'")
    for table in TABLES:
        _exchange(table, " PARTITION BY RANGE (benchmark_hour)")
    op.execute(FUNCTION)
    for table in TABLES:
        _move_rows(table)
    op.execute("SELECT raw.ensure_partitions(now(), now() + interval '3 months')")


def downgrade() -> None:
    op.execute("SET LOCAL timezone = 'UTC'")
    for table in TABLES:
        _exchange(table, "")
        _move_rows(table)
    op.execute("DROP FUNCTION raw.ensure_partitions")


def _exchange(table: str, partitioning: str) -> None:
    """Put an empty table of the same columns, checks, indexes, grants in the place of one, which is then `_before`."""
    indexes = [Index(*row) for row in _rows(INDEXES.format(table=table))]
    grants = [row[0] for row in _rows(GRANTS.format(table=table))]
    op.execute(f"ALTER TABLE raw.{table} RENAME TO {table}_before")
    for index in indexes:
        op.execute(f"ALTER INDEX raw.{index.name} RENAME TO {index.name}_before")
    like = f"LIKE raw.{table}_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    op.execute(f"CREATE TABLE raw.{table} ({like}){partitioning}")
    for index in indexes:
        constraint = f"ALTER TABLE raw.{table} ADD CONSTRAINT {index.name} {index.constraint}"
        op.execute(constraint if index.constraint else index.definition.replace(" ON ONLY ", " ON "))
    for grant in grants:
        op.execute(grant)


def _move_rows(table: str) -> None:
    """Month by month, each in the time of a statement. dbt's views over the old table go; it makes them anew."""
    for (month,) in _rows(MONTHS.format(table=table)):
        if _is_partitioned(table):
            op.execute(f"SELECT raw.ensure_partitions('{month}', '{month}')")
        op.execute(COPY_MONTH.format(table=table, month=month))
    op.execute(f"DROP TABLE raw.{table}_before CASCADE")


def _is_partitioned(table: str) -> bool:
    ((found,),) = _rows(KIND.format(table=table))
    return bool(found)


def _rows(query: str) -> Sequence[Any]:
    return op.get_bind().exec_driver_sql(query).fetchall()
