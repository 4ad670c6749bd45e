"""Answers to alerts by who is signed in, beside those by links: an account says each thing once.

Not here: what becomes of an answer (schema raw).
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE account.alert_answers
    ADD COLUMN account_id uuid REFERENCES account.accounts ON DELETE SET NULL;
CREATE UNIQUE INDEX alert_answers_are_said_once ON account.alert_answers (thread_id, account_id, kind)
    WHERE kind <> 'note' AND account_id IS NOT NULL;
COMMENT ON TABLE account.alert_answers IS 'One row per answer to an alert, by a link in it or by an account.';
COMMENT ON COLUMN account.alert_answers.account_id IS 'Who gave it; null by a link, or once the account is gone.'
"""

REMOVE = """
DROP INDEX account.alert_answers_are_said_once;
ALTER TABLE account.alert_answers DROP COLUMN account_id;
COMMENT ON TABLE account.alert_answers IS 'One row per answer to an alert that was given by a link in it.'
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
