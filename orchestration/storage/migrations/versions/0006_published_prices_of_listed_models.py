"""What a host's listing says of a model's price, whether a target measures the model or not.

Not here: the prices that calls are reckoned at (raw.prices).
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE raw.listed_models ADD COLUMN pricing jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE raw.listed_models DROP COLUMN pricing")
