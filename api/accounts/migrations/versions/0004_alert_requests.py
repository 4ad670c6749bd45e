"""What people ask of alerts (a test, silence, an answer to one), and all that the API sees of what was told.

Not here: what was told (schema raw), of which the views here are the only sight that the API has.

The pipeline takes asked tests and given answers up by itself, and records in its own schema that it did.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE account.alert_subscriptions
    ADD COLUMN name text NOT NULL DEFAULT 'alerts',
    ADD COLUMN muted_until timestamptz,
    ADD CONSTRAINT alert_subscriptions_name_is_short CHECK (length(name) BETWEEN 1 AND 100);
COMMENT ON COLUMN account.alert_subscriptions.muted_until IS 'Nothing is told until then.';
CREATE OR REPLACE VIEW account.deliverable_subscriptions AS
SELECT
    subscription_id, topics, target_ids, families, providers, metrics, least_severity, value_floor, value_ceiling,
    has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel, channel_settings,
    enabled_at, accounts.email
FROM account.alert_subscriptions
INNER JOIN account.accounts USING (account_id)
WHERE is_enabled AND accounts.closed_at IS NULL AND coalesce(muted_until <= now(), true);

CREATE TABLE account.alert_tests (
    test_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id uuid NOT NULL REFERENCES account.alert_subscriptions ON DELETE CASCADE,
    requested_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_tests_subscription ON account.alert_tests (subscription_id, requested_at);
COMMENT ON TABLE account.alert_tests IS 'One row per test of a subscription that was asked for.';

CREATE TABLE account.alert_answers (
    thread_id uuid NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    note text,
    PRIMARY KEY (thread_id, given_at),
    CONSTRAINT alert_answers_kind_is_known CHECK (kind IN ('acknowledged', 'false_alarm', 'muted', 'note')),
    CONSTRAINT alert_answers_note_is_short CHECK (length(note) BETWEEN 1 AND 500),
    CONSTRAINT alert_answers_note_is_one CHECK (kind <> 'note' OR note IS NOT NULL)
);
COMMENT ON TABLE account.alert_answers IS 'One row per answer to an alert that was given by a link in it.';

CREATE TABLE account.read_notifications (
    notification_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account.accounts ON DELETE CASCADE,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, notification_id)
);
COMMENT ON TABLE account.read_notifications IS 'One row per notification that was marked as read.';

CREATE VIEW account.stopped_subscriptions AS
SELECT DISTINCT ON (stops.subscription_id) stops.subscription_id, stops.stopped_at, stops.reason
FROM raw.subscription_stops AS stops
INNER JOIN account.alert_subscriptions AS subscriptions ON stops.subscription_id = subscriptions.subscription_id
WHERE stops.stopped_at >= subscriptions.enabled_at
ORDER BY stops.subscription_id ASC, stops.stopped_at DESC;
COMMENT ON VIEW account.stopped_subscriptions IS
    'One row per subscription that the pipeline stopped and its account has not enabled since.';

CREATE VIEW account.told_tests AS
SELECT
    tests.test_id, tests.subscription_id, tests.requested_at, tries.attempt AS attempt_count, tries.outcome,
    tries.reason, tries.finished_at, tries.retry_at
FROM account.alert_tests AS tests
LEFT JOIN raw.alert_notices AS notices ON tests.test_id = notices.event_id
LEFT JOIN LATERAL (
    SELECT deliveries.attempt, deliveries.outcome, deliveries.reason, deliveries.finished_at, deliveries.retry_at
    FROM raw.alert_deliveries AS deliveries
    WHERE deliveries.message_id = notices.message_id
    ORDER BY deliveries.attempt DESC
    LIMIT 1
) AS tries ON true;
COMMENT ON VIEW account.told_tests IS 'One row per asked test, with its newest attempt.';

CREATE VIEW account.notifications AS
SELECT
    messages.message_id AS notification_id, subscriptions.account_id, messages.subscription_id, 'alert' AS kind,
    messages.told_at, messages.title, messages.parts
FROM raw.in_app_messages AS messages
INNER JOIN account.alert_subscriptions AS subscriptions ON messages.subscription_id = subscriptions.subscription_id
UNION ALL
SELECT
    md5(stops.subscription_id::text || extract(epoch FROM stops.stopped_at)::text)::uuid AS notification_id,
    subscriptions.account_id, stops.subscription_id, 'subscription_stopped' AS kind, stops.stopped_at AS told_at,
    subscriptions.name || ' by ' || subscriptions.channel || ' was stopped: ' || stops.reason AS title,
    '[]'::jsonb AS parts
FROM raw.subscription_stops AS stops
INNER JOIN account.alert_subscriptions AS subscriptions ON stops.subscription_id = subscriptions.subscription_id;
COMMENT ON VIEW account.notifications IS 'One row per message in the app, and per subscription that was stopped.';

GRANT SELECT, INSERT, DELETE ON account.alert_tests TO aibaas_api;
GRANT SELECT, INSERT ON account.alert_answers TO aibaas_api;
GRANT SELECT, INSERT, DELETE ON account.read_notifications TO aibaas_api;
GRANT SELECT ON account.stopped_subscriptions, account.told_tests, account.notifications TO aibaas_api;
GRANT SELECT ON account.alert_tests, account.alert_answers TO aibaas_collector
"""

REMOVE = """
DROP VIEW account.notifications, account.told_tests, account.stopped_subscriptions;
DROP TABLE account.read_notifications, account.alert_answers, account.alert_tests;
CREATE OR REPLACE VIEW account.deliverable_subscriptions AS
SELECT
    subscription_id, topics, target_ids, families, providers, metrics, least_severity, value_floor, value_ceiling,
    has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel, channel_settings,
    enabled_at, accounts.email
FROM account.alert_subscriptions
INNER JOIN account.accounts USING (account_id)
WHERE is_enabled;
ALTER TABLE account.alert_subscriptions DROP COLUMN name, DROP COLUMN muted_until
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
