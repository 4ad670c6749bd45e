"""The prompts of public variants, to be read beside how models answered them.

Not here: fresh variants, which are never recorded.
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.scenarios
    ADD COLUMN public_prompt text,
    ADD COLUMN public_prompt_length integer CHECK (public_prompt_length >= length(public_prompt))
"""
REMOVE = "ALTER TABLE raw.scenarios DROP COLUMN public_prompt, DROP COLUMN public_prompt_length"


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
