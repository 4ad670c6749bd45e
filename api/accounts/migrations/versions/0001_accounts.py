"""The table of accounts and what the role of the API may do with it.

Not here: the role itself, which belongs to the server and not to one database.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE account.accounts (
            account_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            email text NOT NULL UNIQUE,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT accounts_email_is_lower_case CHECK (email = lower(email)),
            CONSTRAINT accounts_email_has_an_address CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
            CONSTRAINT accounts_email_is_short CHECK (length(email) <= 254)
        )
        """
    )
    op.execute("COMMENT ON TABLE account.accounts IS 'One row per account.'")
    op.execute("GRANT USAGE ON SCHEMA account TO aibaas_api")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON account.accounts TO aibaas_api")


def downgrade() -> None:
    op.execute("DROP TABLE account.accounts")
    op.execute("REVOKE USAGE ON SCHEMA account FROM aibaas_api")
