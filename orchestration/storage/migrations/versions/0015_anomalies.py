"""What the detector found, what it watches, and the states from which it goes on.

Not here: how a change is found (stats), nor what is told of it to whom.

An anomaly is known by its id; what is learnt of it later is a new revision, so that no published alarm is ever deleted.
`row_number` counts revisions in the order of their recording, for readers that go by a cursor.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

ADD = """
CREATE TABLE raw.anomalies (
    anomaly_id uuid NOT NULL,
    revision integer NOT NULL CHECK (revision >= 1),
    row_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    target_id text NOT NULL,
    suite text NOT NULL,
    is_simulated boolean NOT NULL,
    metric text NOT NULL CHECK (metric IN ('quality', 'latency', 'ttft', 'cost', 'errors')),
    sign smallint NOT NULL CHECK (sign IN (-1, 1)),
    raised_hour timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'resolved', 'accepted', 'retracted')),
    severity text NOT NULL CHECK (severity IN ('minor', 'moderate', 'major', 'critical')),
    is_final boolean NOT NULL,
    onset_hour timestamptz NOT NULL,
    onset_earliest_hour timestamptz NOT NULL,
    onset_latest_hour timestamptz NOT NULL,
    resolved_hour timestamptz,
    accepted_hour timestamptz,
    before_value double precision NOT NULL,
    before_ci95_lower double precision NOT NULL,
    before_ci95_upper double precision NOT NULL,
    after_value double precision NOT NULL,
    after_ci95_lower double precision NOT NULL,
    after_ci95_upper double precision NOT NULL,
    effect double precision NOT NULL,
    effect_ci95_lower double precision NOT NULL,
    effect_ci95_upper double precision NOT NULL,
    detectable_effect double precision NOT NULL,
    statistic double precision NOT NULL,
    is_of_single_scenarios boolean NOT NULL,
    responsible_scenarios jsonb NOT NULL CHECK (jsonb_typeof(responsible_scenarios) = 'array'),
    cause text NOT NULL CHECK (
        cause IN ('harness', 'suite', 'price', 'provider_incident', 'host', 'model', 'unknown')
    ),
    evidence jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'array'),
    incident_id uuid,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (anomaly_id, revision),
    CHECK (before_ci95_lower <= before_value AND before_value <= before_ci95_upper),
    CHECK (after_ci95_lower <= after_value AND after_value <= after_ci95_upper),
    CHECK (effect_ci95_lower <= effect AND effect <= effect_ci95_upper)
);
CREATE INDEX anomalies_stream ON raw.anomalies (target_id, suite, metric, raised_hour);

CREATE TABLE raw.watched_streams (
    target_id text NOT NULL,
    suite text NOT NULL,
    is_simulated boolean NOT NULL,
    metric text NOT NULL,
    status text NOT NULL CHECK (status IN ('watched', 'insufficient_data')),
    first_hour timestamptz NOT NULL,
    last_hour timestamptz NOT NULL CHECK (last_hour >= first_hour),
    launch_value double precision,
    detectable_effect double precision,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (target_id, suite, is_simulated, metric),
    CHECK ((status = 'watched') = (launch_value IS NOT NULL AND detectable_effect IS NOT NULL))
);

CREATE TABLE raw.detection_states (
    target_id text NOT NULL,
    suite text NOT NULL,
    is_simulated boolean NOT NULL,
    state_hour timestamptz NOT NULL,
    detector_version integer NOT NULL,
    first_hour timestamptz NOT NULL,
    state bytea NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (target_id, suite, is_simulated, state_hour)
);
GRANT SELECT, INSERT ON raw.anomalies TO aibaas_collector;
GRANT SELECT, INSERT, UPDATE ON raw.watched_streams TO aibaas_collector;
GRANT SELECT, INSERT, UPDATE, DELETE ON raw.detection_states TO aibaas_collector;
GRANT SELECT ON raw.anomalies, raw.watched_streams TO aibaas_transformer;
"""

REMOVE = """
DROP TABLE raw.anomalies;
DROP TABLE raw.watched_streams;
DROP TABLE raw.detection_states
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
