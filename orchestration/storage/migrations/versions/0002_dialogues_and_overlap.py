"""What grading measures beside the score: calls of tools in a dialogue, and how much of the public reference is told.

Not here: who may read it, as columns follow their table.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.scores
    ADD COLUMN tool_call_count integer CHECK (tool_call_count >= 0),
    ADD COLUMN valid_tool_call_count integer CHECK (valid_tool_call_count BETWEEN 0 AND tool_call_count),
    ADD COLUMN reference_overlap double precision CHECK (reference_overlap BETWEEN 0 AND 1),
    ADD CHECK ((tool_call_count IS NULL) = (valid_tool_call_count IS NULL))
"""

REMOVE = """
ALTER TABLE raw.scores
    DROP COLUMN tool_call_count,
    DROP COLUMN valid_tool_call_count,
    DROP COLUMN reference_overlap
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
