"""Two writers of a new month make it once, whatever the second had looked up before it waited for the first.

`to_regclass` answers from a session's cache of names, which may still say that there is no such table when the lock
is granted; the catalogue itself does not.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE OR REPLACE FUNCTION raw.ensure_partitions(first_hour timestamptz, last_hour timestamptz) RETURNS integer
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
            CONTINUE WHEN {is_there};
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
"""
CACHED = "to_regclass(format('raw.%I', name)) IS NOT NULL"
STORED = "EXISTS (SELECT FROM pg_class WHERE relnamespace = 'raw'::regnamespace AND relname = name)"


def upgrade() -> None:
    op.execute(FUNCTION.format(is_there=STORED))


def downgrade() -> None:
    op.execute(FUNCTION.format(is_there=CACHED))
