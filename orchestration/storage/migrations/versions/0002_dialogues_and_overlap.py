"""What grading measures beside the score, and how far the scores of public and fresh variants lie apart.

Not here: who may read it, as columns follow their table.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.scores
    ADD COLUMN tool_call_count integer CHECK (tool_call_count >= 0),
    ADD COLUMN valid_tool_call_count integer CHECK (valid_tool_call_count BETWEEN 0 AND tool_call_count),
    ADD COLUMN reference_overlap double precision CHECK (reference_overlap BETWEEN 0 AND 1),
    ADD CHECK ((tool_call_count IS NULL) = (valid_tool_call_count IS NULL));

CREATE TABLE raw.variant_gaps (
    window_name text NOT NULL,
    window_start timestamptz NOT NULL,
    target_id text NOT NULL,
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    family text NOT NULL,
    scenario_count integer NOT NULL CHECK (scenario_count >= 1),
    gap_mean double precision NOT NULL CHECK (gap_mean BETWEEN -10 AND 10),
    gap_ci95_lower double precision,
    gap_ci95_upper double precision,
    method text NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (window_name, target_id, suite, suite_version, family),
    CHECK ((gap_ci95_lower IS NULL) = (gap_ci95_upper IS NULL)),
    CHECK (gap_ci95_lower <= gap_ci95_upper)
);
GRANT SELECT, INSERT, DELETE ON raw.variant_gaps TO aibaas_collector;
GRANT SELECT ON raw.variant_gaps TO aibaas_transformer;
"""

REMOVE = """
DROP TABLE raw.variant_gaps;
ALTER TABLE raw.scores
    DROP COLUMN tool_call_count,
    DROP COLUMN valid_tool_call_count,
    DROP COLUMN reference_overlap
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
