"""The level at which each stream was launched, for when the months that it was taken from are dropped.

Not here: the states of the detector (0015), of which the newest days are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.launch_baselines (
    target_id text NOT NULL,
    suite text NOT NULL,
    is_simulated boolean NOT NULL,
    metric text NOT NULL CHECK (metric IN ('quality', 'latency', 'ttft', 'cost', 'errors')),
    first_hour timestamptz NOT NULL,
    launch_level double precision NOT NULL,
    typical_variance double precision NOT NULL,
    versions jsonb NOT NULL CHECK (jsonb_typeof(versions) = 'array'),
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (target_id, suite, is_simulated, metric)
);
GRANT SELECT, INSERT, UPDATE ON raw.launch_baselines TO aibaas_collector
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("DROP TABLE raw.launch_baselines")
