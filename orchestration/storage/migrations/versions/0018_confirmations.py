"""What extra answers say of a change that shows, and which suites are too seldom asked to be watched.

Not here: the extra calls themselves, which are planned and answered as others are (a sample_index above 0).
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

VERDICTS = "('pending', 'degraded', 'improved', 'stable', 'inconclusive')"
ADD = f"""
CREATE TABLE raw.confirmations (
    confirmation_id uuid PRIMARY KEY,
    target_id text NOT NULL,
    suite text NOT NULL,
    is_simulated boolean NOT NULL,
    metric text NOT NULL CHECK (metric IN ('quality', 'latency', 'ttft', 'cost', 'errors')),
    sign smallint NOT NULL CHECK (sign IN (-1, 1)),
    signal_hour timestamptz NOT NULL,
    onset_hour timestamptz NOT NULL,
    statistic double precision NOT NULL,
    is_alarm boolean NOT NULL,
    scenario_ids text[] NOT NULL,
    before_level double precision NOT NULL,
    after_level double precision NOT NULL,
    reference_error double precision NOT NULL,
    signal_effect double precision NOT NULL,
    verdict text NOT NULL CHECK (verdict IN {VERDICTS}),
    answer_count integer NOT NULL CHECK (answer_count >= 0),
    hour_count integer NOT NULL CHECK (hour_count >= 0),
    effect double precision,
    effect_ci95_lower double precision,
    effect_ci95_upper double precision,
    computed_at timestamptz NOT NULL,
    CHECK (onset_hour <= signal_hour),
    CHECK ((answer_count > 0) = (hour_count > 0)),
    CHECK ((answer_count > 0) = (effect IS NOT NULL)),
    CHECK (answer_count > 0 OR verdict IN ('pending', 'inconclusive')),
    CHECK (effect_ci95_lower <= effect AND effect <= effect_ci95_upper)
);
CREATE INDEX confirmations_stream ON raw.confirmations (target_id, suite, metric, signal_hour);
CREATE INDEX confirmations_pending ON raw.confirmations (signal_hour) WHERE verdict = 'pending';
GRANT SELECT, INSERT, UPDATE ON raw.confirmations TO aibaas_collector;
GRANT SELECT ON raw.confirmations TO aibaas_transformer;

ALTER TABLE raw.anomalies
    ADD COLUMN verdict text NOT NULL DEFAULT 'inconclusive' CHECK (verdict IN {VERDICTS}),
    ADD COLUMN confirming_answer_count integer NOT NULL DEFAULT 0 CHECK (confirming_answer_count >= 0),
    ADD COLUMN confirming_effect double precision,
    ADD COLUMN confirming_effect_ci95_lower double precision,
    ADD COLUMN confirming_effect_ci95_upper double precision;

ALTER TABLE raw.watched_streams DROP CONSTRAINT watched_streams_status_check;
ALTER TABLE raw.watched_streams
    ADD CONSTRAINT watched_streams_status_check CHECK (status IN ('watched', 'insufficient_data', 'not_hourly'));

GRANT SELECT ON raw.subscription_stops TO aibaas_transformer
"""

REMOVE = """
REVOKE SELECT ON raw.subscription_stops FROM aibaas_transformer;
DELETE FROM raw.watched_streams WHERE status = 'not_hourly';
ALTER TABLE raw.watched_streams DROP CONSTRAINT watched_streams_status_check;
ALTER TABLE raw.watched_streams
    ADD CONSTRAINT watched_streams_status_check CHECK (status IN ('watched', 'insufficient_data'));
DROP VIEW IF EXISTS staging.stg_detection__anomalies CASCADE;
ALTER TABLE raw.anomalies
    DROP COLUMN verdict,
    DROP COLUMN confirming_answer_count,
    DROP COLUMN confirming_effect,
    DROP COLUMN confirming_effect_ci95_lower,
    DROP COLUMN confirming_effect_ci95_upper;
DROP TABLE raw.confirmations CASCADE
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
