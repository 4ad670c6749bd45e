"""Whether a gap between public and fresh variants is more than chance, and whether an answer tells a canary string.

Not here: how many answers were graded before, whose canary is unknown.
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Gaps are computed anew with the next hour, so that those of before need no test.
ADD = """
DELETE FROM raw.variant_gaps;
ALTER TABLE raw.variant_gaps
    ADD COLUMN p_value double precision CHECK (p_value BETWEEN 0 AND 1),
    ADD COLUMN holm_p_value double precision CHECK (holm_p_value BETWEEN p_value AND 1),
    ADD COLUMN tested_count integer NOT NULL CHECK (tested_count >= 0),
    ADD CHECK (num_nulls(p_value, holm_p_value, gap_ci95_lower) IN (0, 3));
ALTER TABLE raw.scores ADD COLUMN has_canary boolean;
"""
REMOVE = """
ALTER TABLE raw.scores DROP COLUMN has_canary;
ALTER TABLE raw.variant_gaps DROP COLUMN p_value, DROP COLUMN holm_p_value, DROP COLUMN tested_count;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
