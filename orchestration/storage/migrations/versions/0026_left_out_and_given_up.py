"""Since when a period's budget has left calls out, which it does below its limit; how a subscription's messages ended.

Not here: the calls that were left out (raw.responses), nor who is shown what became of messages (schema account).
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.spending ADD COLUMN left_out_at timestamptz;
CREATE INDEX alert_deliveries_final ON raw.alert_deliveries (subscription_id, finished_at) WHERE retry_at IS NULL
"""
REMOVE = """
DROP INDEX raw.alert_deliveries_final;
ALTER TABLE raw.spending DROP COLUMN left_out_at
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
