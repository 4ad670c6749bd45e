"""What an account wants to be told of and by which way, and the view that is all that the pipeline sees of accounts.

Not here: what was told (raw.alert_events), nor subscriptions that the pipeline stopped (raw.subscription_stops).
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE account.alert_subscriptions (
    subscription_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id uuid NOT NULL REFERENCES account.accounts ON DELETE CASCADE,
    topics text[] NOT NULL DEFAULT '{anomalies}',
    target_ids text[] NOT NULL DEFAULT '{}',
    families text[] NOT NULL DEFAULT '{}',
    providers text[] NOT NULL DEFAULT '{}',
    metrics text[] NOT NULL DEFAULT '{}',
    least_severity text NOT NULL DEFAULT 'minor',
    value_floor double precision,
    value_ceiling double precision,
    has_simulated boolean NOT NULL DEFAULT false,
    quiet_from time,
    quiet_until time,
    time_zone text NOT NULL DEFAULT 'UTC',
    is_digest boolean NOT NULL DEFAULT false,
    digest_at time NOT NULL DEFAULT '08:00',
    remind_after interval,
    channel text NOT NULL,
    channel_settings jsonb NOT NULL DEFAULT '{}',
    is_enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    enabled_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT alert_subscriptions_topics_are_known CHECK (
        topics <@ ARRAY['anomalies', 'prices', 'lifecycle', 'budget', 'pipeline'] AND topics <> '{}'
    ),
    CONSTRAINT alert_subscriptions_metrics_are_known CHECK (
        metrics <@ ARRAY['quality', 'latency', 'ttft', 'cost', 'errors']
    ),
    CONSTRAINT alert_subscriptions_severity_is_known CHECK (
        least_severity IN ('minor', 'moderate', 'major', 'critical')
    ),
    CONSTRAINT alert_subscriptions_channel_is_known CHECK (
        channel IN ('webhook', 'slack', 'email', 'in_app', 'apprise')
    ),
    CONSTRAINT alert_subscriptions_settings_are_an_object CHECK (jsonb_typeof(channel_settings) = 'object'),
    CONSTRAINT alert_subscriptions_bounds_have_one_unit CHECK (
        num_nonnulls(value_floor, value_ceiling) = 0 OR cardinality(metrics) = 1
    ),
    CONSTRAINT alert_subscriptions_quiet_hours_have_two_ends CHECK (
        num_nonnulls(quiet_from, quiet_until) IN (0, 2) AND quiet_from <> quiet_until
    ),
    -- PostgreSQL knows the zone, or refuses the row.
    CONSTRAINT alert_subscriptions_zone_is_known CHECK (timezone(time_zone, '2026-01-01Z'::timestamptz) IS NOT NULL),
    CONSTRAINT alert_subscriptions_reminders_are_rare CHECK (remind_after >= interval '1 hour'),
    CONSTRAINT alert_subscriptions_reason_of_disabled CHECK (is_enabled = (disabled_reason IS NULL))
);
CREATE INDEX alert_subscriptions_account ON account.alert_subscriptions (account_id);
COMMENT ON TABLE account.alert_subscriptions IS 'One row per wish to be told of something by one way.';
COMMENT ON COLUMN account.alert_subscriptions.target_ids IS
    'With families and providers: what any of the three names is meant; all three empty mean everything.';
COMMENT ON COLUMN account.alert_subscriptions.families IS
    'Families of scenarios: an anomaly concerns those of the scenarios that it is most due to.';
COMMENT ON COLUMN account.alert_subscriptions.value_floor IS
    'Told only when the new level of the one metric is below it, or above value_ceiling, in the metric''s unit.';
COMMENT ON COLUMN account.alert_subscriptions.remind_after IS 'How often it is said again while open; null: never.';
COMMENT ON COLUMN account.alert_subscriptions.channel_settings IS 'Addresses and secrets of the way; never logged.';
COMMENT ON COLUMN account.alert_subscriptions.enabled_at IS
    'Set anew to enable a subscription again that the pipeline stopped before.';

CREATE VIEW account.deliverable_subscriptions AS
SELECT
    subscription_id, topics, target_ids, families, providers, metrics, least_severity, value_floor, value_ceiling,
    has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel, channel_settings,
    enabled_at, accounts.email
FROM account.alert_subscriptions
INNER JOIN account.accounts USING (account_id)
WHERE is_enabled;
COMMENT ON VIEW account.deliverable_subscriptions IS 'One row per enabled subscription: all that the pipeline sees.';

GRANT SELECT, INSERT, UPDATE, DELETE ON account.alert_subscriptions TO aibaas_api;
GRANT USAGE ON SCHEMA account TO aibaas_collector;
GRANT SELECT ON account.deliverable_subscriptions TO aibaas_collector
"""

REMOVE = """
DROP VIEW account.deliverable_subscriptions;
DROP TABLE account.alert_subscriptions;
REVOKE USAGE ON SCHEMA account FROM aibaas_collector
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
