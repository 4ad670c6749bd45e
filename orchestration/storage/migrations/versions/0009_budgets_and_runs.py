"""What may be spent, as it was stated, and the runs of the pipeline, as they were seen last: for whoever watches.

Not here: what was spent (raw.spending).
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.budgets (
    target_id text NOT NULL,
    usd_per_hour numeric(18, 9) CHECK (usd_per_hour > 0 AND usd_per_hour < 'Infinity'),
    usd_per_day numeric(18, 9) CHECK (usd_per_day > 0 AND usd_per_day < 'Infinity'),
    usd_per_month numeric(18, 9) CHECK (usd_per_month > 0 AND usd_per_month < 'Infinity'),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (target_id, recorded_at)
);
GRANT SELECT, INSERT ON raw.budgets TO aibaas_collector;
GRANT SELECT ON raw.budgets TO aibaas_transformer;

CREATE TABLE raw.runs (
    run_id text PRIMARY KEY,
    job text NOT NULL,
    first_hour timestamptz,
    last_hour timestamptz,
    status text NOT NULL,
    requested_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz NOT NULL,
    CHECK ((first_hour IS NULL) = (last_hour IS NULL))
);
CREATE INDEX runs_by_request ON raw.runs (requested_at);
GRANT SELECT, INSERT, UPDATE ON raw.runs TO aibaas_collector;
GRANT SELECT ON raw.runs TO aibaas_transformer;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("DROP TABLE raw.budgets, raw.runs CASCADE")
