"""What numbers rest on: an anomaly's version of its suite and how many answers, a projection's suites.

Not here: rows that are recorded already, of which it is unknown.
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.cost_projections ADD COLUMN suite_versions text;
ALTER TABLE raw.anomalies
    ADD COLUMN suite_version integer CHECK (suite_version >= 1),
    ADD COLUMN before_answer_count bigint CHECK (before_answer_count >= 0),
    ADD COLUMN after_answer_count bigint CHECK (after_answer_count >= 0)
"""
REMOVE = """
ALTER TABLE raw.cost_projections DROP COLUMN suite_versions;
ALTER TABLE raw.anomalies
    DROP COLUMN suite_version,
    DROP COLUMN before_answer_count,
    DROP COLUMN after_answer_count
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
