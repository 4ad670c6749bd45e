"""Which models hosts list, which of them were enrolled as targets, and what a target's definition says besides.

Not here: what notices it (collection).
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.listed_models (
    host text NOT NULL,
    model text NOT NULL,
    provider text NOT NULL,
    has_published_price boolean NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL CHECK (last_seen_at >= first_seen_at),
    missed_since timestamptz CHECK (missed_since > last_seen_at),
    vanished_at timestamptz CHECK (vanished_at > missed_since),
    PRIMARY KEY (host, model),
    CHECK (vanished_at IS NULL OR missed_since IS NOT NULL)
);

CREATE TABLE raw.enrolments (
    target_id text NOT NULL CHECK (target_id ~ '^[a-z0-9][a-z0-9.-]{1,62}$'),
    recorded_at timestamptz NOT NULL,
    is_enrolled boolean NOT NULL,
    definition jsonb NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (target_id, recorded_at)
);

ALTER TABLE raw.targets
    ADD COLUMN limits jsonb,
    ADD COLUMN price_source text,
    ADD COLUMN successor text;

CREATE INDEX ix_responses_target_id ON raw.responses (target_id, benchmark_hour);

GRANT SELECT, INSERT, UPDATE ON raw.listed_models TO aibaas_collector;
GRANT SELECT, INSERT ON raw.enrolments TO aibaas_collector;
GRANT SELECT ON raw.listed_models, raw.enrolments TO aibaas_transformer;
-- What follows from responses is computed again when an hour between two others is measured later.
GRANT UPDATE, DELETE ON raw.changes TO aibaas_collector;
"""

REMOVE = """
REVOKE UPDATE, DELETE ON raw.changes FROM aibaas_collector;
DROP INDEX raw.ix_responses_target_id;
ALTER TABLE raw.targets DROP COLUMN limits, DROP COLUMN price_source, DROP COLUMN successor;
DROP TABLE raw.enrolments, raw.listed_models;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
