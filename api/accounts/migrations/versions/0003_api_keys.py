"""Keys by which programs say whose they are, and the tier of an account.

Not here: what a tier may do (api.entitlements).

A key is kept as a digest that can't be turned back. What was revoked stays as a row, so that its id is never another's.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE account.accounts
    ADD COLUMN tier text NOT NULL DEFAULT 'free',
    ADD COLUMN closed_at timestamptz,
    ADD CONSTRAINT accounts_tier_is_known CHECK (tier IN ('free', 'pro', 'enterprise'));
COMMENT ON COLUMN account.accounts.closed_at IS 'Since when its keys are refused and nothing is told to it.';

CREATE TABLE account.api_keys (
    api_key_id text PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account.accounts ON DELETE CASCADE,
    name text NOT NULL,
    digest bytea NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    rotated_from text REFERENCES account.api_keys,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_keys_id_is_the_keys CHECK (api_key_id ~ '^[0-9A-Za-z]{8}$'),
    CONSTRAINT api_keys_name_is_short CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT api_keys_digest_is_whole CHECK (octet_length(digest) = 32),
    CONSTRAINT api_keys_scopes_are_known CHECK (scopes <@ ARRAY['account', 'alerts', 'operator']),
    CONSTRAINT api_keys_expire_after_they_are_made CHECK (expires_at >= created_at)
);
CREATE INDEX api_keys_account ON account.api_keys (account_id);
COMMENT ON TABLE account.api_keys IS 'One row per API key that was ever made.';
COMMENT ON COLUMN account.api_keys.digest IS 'HMAC-SHA256 of the whole key by the server''s secret.';
COMMENT ON COLUMN account.api_keys.last_used_at IS 'To the minute; null: never.';

GRANT SELECT, INSERT, UPDATE (expires_at, last_used_at, revoked_at) ON account.api_keys TO aibaas_api
"""

REMOVE = """
DROP TABLE account.api_keys;
ALTER TABLE account.accounts DROP COLUMN tier, DROP COLUMN closed_at
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
