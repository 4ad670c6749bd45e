"""Whether only what got worse is told, and word of messages that were given up.

Not here: when a message is given up (the pipeline).
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Subscriptions that there are were told of improvements too, and go on being told.
DIRECTION = """
ALTER TABLE account.alert_subscriptions
    ADD COLUMN direction text NOT NULL DEFAULT 'any',
    ADD CONSTRAINT alert_subscriptions_direction_is_known CHECK (direction IN ('worse', 'better', 'any'));
ALTER TABLE account.alert_subscriptions ALTER COLUMN direction SET DEFAULT 'worse';
COMMENT ON COLUMN account.alert_subscriptions.direction IS
    'Of anomalies: only those to the user''s harm (less quality, more of all else), only those to the good, or any.'
"""
DELIVERABLE = """
CREATE OR REPLACE VIEW account.deliverable_subscriptions AS
SELECT
    subscription_id, topics, target_ids, families, providers, metrics, least_severity, value_floor, value_ceiling,
    has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel, channel_settings,
    enabled_at, accounts.email{also}
FROM account.alert_subscriptions
INNER JOIN account.accounts USING (account_id)
WHERE is_enabled AND accounts.closed_at IS NULL AND coalesce(muted_until <= now(), true)
    AND EXISTS (SELECT 1 FROM account.alert_tiers AS entitled WHERE entitled.tier = accounts.tier)
"""
FAILING = """
CREATE VIEW account.failing_subscriptions AS
SELECT subscriptions.subscription_id, newest.finished_at AS given_up_at, newest.reason
FROM account.alert_subscriptions AS subscriptions
CROSS JOIN LATERAL (
    SELECT deliveries.finished_at, deliveries.outcome, deliveries.reason
    FROM raw.alert_deliveries AS deliveries
    WHERE deliveries.subscription_id = subscriptions.subscription_id AND deliveries.retry_at IS NULL
    ORDER BY deliveries.finished_at DESC
    LIMIT 1
) AS newest
WHERE newest.outcome = 'failed' AND newest.finished_at >= subscriptions.enabled_at;
COMMENT ON VIEW account.failing_subscriptions IS
    'One row per subscription whose newest message was given up: none of a later one has arrived.';
GRANT SELECT ON account.failing_subscriptions TO aibaas_api
"""
NOTIFICATIONS = """
CREATE OR REPLACE VIEW account.notifications AS
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
INNER JOIN account.alert_subscriptions AS subscriptions ON stops.subscription_id = subscriptions.subscription_id
"""
GIVEN_UP = """
UNION ALL
SELECT
    tries.message_id AS notification_id, subscriptions.account_id, tries.subscription_id, 'message_given_up' AS kind,
    tries.finished_at AS told_at,
    subscriptions.name || ' by ' || tries.channel || ': a message was given up after ' || tries.attempt
    || ' attempts: ' || tries.reason AS title,
    '[]'::jsonb AS parts
FROM raw.alert_deliveries AS tries
INNER JOIN account.alert_subscriptions AS subscriptions ON tries.subscription_id = subscriptions.subscription_id
WHERE tries.outcome = 'failed' AND tries.retry_at IS NULL
"""
GRANTED = """
COMMENT ON VIEW account.deliverable_subscriptions IS 'One row per enabled subscription: all that the pipeline sees.';
GRANT SELECT ON account.deliverable_subscriptions TO aibaas_collector
"""


def upgrade() -> None:
    op.execute(DIRECTION)
    op.execute(DELIVERABLE.format(also=", direction"))
    op.execute(FAILING)
    op.execute(NOTIFICATIONS + GIVEN_UP)


def downgrade() -> None:
    op.execute(NOTIFICATIONS)
    op.execute("DROP VIEW account.failing_subscriptions")
    op.execute("DROP VIEW account.deliverable_subscriptions")
    op.execute(DELIVERABLE.format(also=""))
    op.execute(GRANTED)
    op.execute("ALTER TABLE account.alert_subscriptions DROP COLUMN direction")
