"""What people are told: events, the notices of them that subscriptions get, each attempt to deliver, and feedback.

Not here: who wants to be told what (account.alert_subscriptions).

An event and its notices are written before anything is delivered, and each attempt after it; what has a notice and no
attempt that ended it is still to be delivered, whatever was killed in between.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.alert_events (
    event_id uuid PRIMARY KEY,
    thread_id uuid NOT NULL,
    topic text NOT NULL CHECK (topic IN ('anomalies', 'prices', 'lifecycle', 'budget', 'pipeline', 'test')),
    kind text NOT NULL,
    target_ids text[] NOT NULL,
    families text[] NOT NULL,
    provider text,
    metric text,
    severity text CHECK (severity IN ('minor', 'moderate', 'major', 'critical')),
    value double precision,
    is_simulated boolean NOT NULL,
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX alert_events_thread ON raw.alert_events (thread_id);

CREATE TABLE raw.alert_notices (
    event_id uuid NOT NULL REFERENCES raw.alert_events,
    subscription_id uuid NOT NULL,
    message_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, subscription_id)
);
CREATE INDEX alert_notices_message ON raw.alert_notices (message_id);

CREATE TABLE raw.alert_deliveries (
    message_id uuid NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    subscription_id uuid NOT NULL,
    channel text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL CHECK (finished_at >= started_at),
    outcome text NOT NULL CHECK (outcome IN ('sent', 'failed', 'refused')),
    reason text,
    retry_at timestamptz,
    PRIMARY KEY (message_id, attempt),
    CHECK ((outcome = 'sent') = (reason IS NULL)),
    CHECK (outcome = 'failed' OR retry_at IS NULL)
);

CREATE TABLE raw.subscription_stops (
    subscription_id uuid NOT NULL,
    stopped_at timestamptz NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (subscription_id, stopped_at)
);

CREATE TABLE raw.alert_feedback (
    thread_id uuid NOT NULL,
    given_at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('acknowledged', 'false_alarm', 'muted', 'note')),
    note text CHECK (note <> ''),
    PRIMARY KEY (thread_id, given_at),
    CHECK (kind <> 'note' OR note IS NOT NULL)
);

GRANT SELECT, INSERT ON
    raw.alert_events, raw.alert_notices, raw.alert_deliveries, raw.subscription_stops, raw.alert_feedback
TO aibaas_collector;
GRANT SELECT ON raw.alert_feedback TO aibaas_transformer
"""

REMOVE = """
DROP TABLE raw.alert_feedback;
DROP TABLE raw.subscription_stops;
DROP TABLE raw.alert_deliveries;
DROP TABLE raw.alert_notices;
DROP TABLE raw.alert_events
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
