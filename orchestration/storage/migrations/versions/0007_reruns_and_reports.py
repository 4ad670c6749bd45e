"""Attempts that a run was told to make, hours planned in part, versions behind an interval, and reports.

Not here: what decides about a call (collection), nor what a report says (reporting).
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.responses ADD COLUMN forced_by text;
ALTER TABLE raw.planned_calls ADD COLUMN is_partial boolean NOT NULL DEFAULT false;
ALTER TABLE raw.score_intervals
    ADD COLUMN scorer_versions text,
    DROP CONSTRAINT score_intervals_grain_check,
    ADD CONSTRAINT score_intervals_grain_check CHECK (grain IN ('hour', 'day', 'week', 'window'));
-- An answer to a scenario that is gone is graded by nobody: scorer `none`, version 0.
ALTER TABLE raw.scores
    DROP CONSTRAINT scores_scorer_version_check,
    ADD CONSTRAINT scores_scorer_version_check CHECK (scorer_version >= 0);

CREATE TABLE raw.reports (
    kind text NOT NULL CHECK (kind IN ('daily', 'weekly')),
    period_start timestamptz NOT NULL,
    period_end timestamptz NOT NULL CHECK (period_end > period_start),
    suite_versions text NOT NULL,
    as_of timestamptz,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (kind, period_start)
);
GRANT SELECT, INSERT, UPDATE ON raw.reports TO aibaas_collector;
GRANT SELECT ON raw.reports TO aibaas_transformer;
"""

REMOVE = """
DROP TABLE raw.reports;
DELETE FROM raw.scores WHERE scorer_version = 0;
ALTER TABLE raw.scores
    DROP CONSTRAINT scores_scorer_version_check,
    ADD CONSTRAINT scores_scorer_version_check CHECK (scorer_version >= 1);
DELETE FROM raw.score_intervals WHERE grain = 'week';
ALTER TABLE raw.score_intervals
    DROP COLUMN scorer_versions,
    DROP CONSTRAINT score_intervals_grain_check,
    ADD CONSTRAINT score_intervals_grain_check CHECK (grain IN ('hour', 'day', 'window'));
ALTER TABLE raw.planned_calls DROP COLUMN is_partial;
ALTER TABLE raw.responses DROP COLUMN forced_by;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
