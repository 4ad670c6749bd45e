"""Whose tier has no alerts any more is told nothing: the pipeline does not see its subscriptions until it has again.

Not here: which tiers have alerts, which the API writes down when it starts (api.accounts.alert_tiers).
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE account.alert_tiers (tier text PRIMARY KEY);
COMMENT ON TABLE account.alert_tiers IS 'One row per tier whose accounts are told of what they subscribe to.';
INSERT INTO account.alert_tiers (tier) VALUES ('pro'), ('enterprise');
GRANT SELECT, INSERT, DELETE ON account.alert_tiers TO aibaas_api
"""
VIEW = """
CREATE OR REPLACE VIEW account.deliverable_subscriptions AS
SELECT
    subscription_id, topics, target_ids, families, providers, metrics, least_severity, value_floor, value_ceiling,
    has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel, channel_settings,
    enabled_at, accounts.email
FROM account.alert_subscriptions
INNER JOIN account.accounts USING (account_id)
WHERE is_enabled AND accounts.closed_at IS NULL AND coalesce(muted_until <= now(), true)
"""
ENTITLED = "AND EXISTS (SELECT 1 FROM account.alert_tiers AS entitled WHERE entitled.tier = accounts.tier)"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(VIEW + ENTITLED)


def downgrade() -> None:
    op.execute(VIEW)
    op.execute("DROP TABLE account.alert_tiers")
