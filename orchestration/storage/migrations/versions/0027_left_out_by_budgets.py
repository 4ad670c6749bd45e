"""Since when a period's budget has left calls out: it ends below its limit, so what is spent of it does not say so.

Not here: the calls that were left out (raw.responses).
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE raw.spending ADD COLUMN left_out_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE raw.spending DROP COLUMN left_out_at")
