"""Messages that are read where they are listed, in the words in which they were told.

Not here: whether they were read (schema account).
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.in_app_messages (
    message_id uuid PRIMARY KEY,
    subscription_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    title text NOT NULL,
    parts jsonb NOT NULL CHECK (jsonb_typeof(parts) = 'array')
);
CREATE INDEX in_app_messages_subscription ON raw.in_app_messages (subscription_id, told_at);
GRANT SELECT, INSERT ON raw.in_app_messages TO aibaas_collector
"""

REMOVE = "DROP TABLE raw.in_app_messages"


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
