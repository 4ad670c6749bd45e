"""What builds changed of the published tables, in the order in which it became visible.

Not here: what people are told of it (raw.alert_events).
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.published_events (
    event_number bigint PRIMARY KEY CHECK (event_number >= 1),
    topic text NOT NULL CHECK (topic IN ('hours', 'leaderboard', 'anomalies')),
    kind text NOT NULL,
    subject text NOT NULL,
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    is_simulated boolean,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX published_events_subject ON raw.published_events (topic, subject, event_number);
GRANT SELECT, INSERT ON raw.published_events TO aibaas_collector;
GRANT SELECT ON raw.published_events TO aibaas_transformer
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("DROP TABLE raw.published_events CASCADE")
