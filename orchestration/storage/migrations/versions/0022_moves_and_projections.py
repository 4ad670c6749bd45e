"""How far scores moved within a week, and what a task of each kind will cost.

Not here: who may read it, as columns follow their table.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CREATE = """
CREATE TABLE raw.score_moves (
    window_name text NOT NULL,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL CHECK (window_end > window_start),
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    family text NOT NULL,
    is_simulated boolean NOT NULL,
    target_id text NOT NULL,
    computed_at timestamptz NOT NULL,
    scenario_count integer NOT NULL CHECK (scenario_count >= 1),
    score_change double precision NOT NULL CHECK (score_change BETWEEN -10 AND 10),
    standard_error double precision CHECK (standard_error > 0),
    score_change_ci95_lower double precision,
    score_change_ci95_upper double precision,
    p_value double precision CHECK (p_value BETWEEN 0 AND 1),
    holm_p_value double precision CHECK (holm_p_value BETWEEN p_value AND 1),
    compared_count integer NOT NULL CHECK (compared_count >= 0),
    method text NOT NULL,
    scorer_versions text NOT NULL,
    PRIMARY KEY (window_name, suite, suite_version, family, target_id),
    CHECK (num_nulls(
        standard_error, score_change_ci95_lower, score_change_ci95_upper, p_value, holm_p_value
    ) IN (0, 5)),
    CHECK (score_change_ci95_lower <= score_change_ci95_upper)
);

CREATE TABLE raw.cost_projections (
    target_id text NOT NULL,
    family text NOT NULL,
    horizon_days integer NOT NULL CHECK (horizon_days >= 1),
    first_date date NOT NULL,
    last_date date NOT NULL CHECK (last_date >= first_date),
    day_count integer NOT NULL CHECK (day_count >= 1),
    answered_count bigint NOT NULL CHECK (answered_count >= 1),
    cost_per_task_usd double precision NOT NULL CHECK (cost_per_task_usd >= 0),
    cost_per_task_ci95_lower double precision CHECK (cost_per_task_ci95_lower >= 0),
    cost_per_task_ci95_upper double precision,
    input_tokens_per_task double precision CHECK (input_tokens_per_task >= 0),
    output_tokens_per_task double precision CHECK (output_tokens_per_task >= 0),
    is_simulated boolean NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (target_id, family, horizon_days),
    CHECK (num_nulls(cost_per_task_ci95_lower, cost_per_task_ci95_upper) IN (0, 2)),
    CHECK (cost_per_task_ci95_lower <= cost_per_task_ci95_upper)
);

GRANT SELECT, INSERT, DELETE ON raw.score_moves, raw.cost_projections TO aibaas_collector;
GRANT SELECT ON raw.score_moves, raw.cost_projections TO aibaas_transformer;
"""


def upgrade() -> None:
    op.execute(CREATE)


def downgrade() -> None:
    op.execute("DROP TABLE raw.score_moves, raw.cost_projections")
