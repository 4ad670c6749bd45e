"""What was otherwise before: prices, listings, targets, served models, libraries.

Not here: what notices it (collection, pricing, providers).
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.changes (
    kind text NOT NULL,
    subject text NOT NULL,
    effective_at timestamptz NOT NULL,
    old_value jsonb,
    new_value jsonb,
    source text NOT NULL,
    noticed_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, subject, effective_at),
    CHECK (old_value IS DISTINCT FROM new_value)
);
GRANT SELECT, INSERT ON raw.changes TO aibaas_collector;
GRANT SELECT ON raw.changes TO aibaas_transformer;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("DROP TABLE raw.changes")
