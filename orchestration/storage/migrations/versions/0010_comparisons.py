"""How the targets of a window stand to each other: paired differences, rank ranges, and how often a task is solved.

Not here: who may read it, as columns follow their table.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SET = """
    window_name text NOT NULL,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL CHECK (window_end > window_start),
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    family text NOT NULL,
    is_simulated boolean NOT NULL,
    target_id text NOT NULL,
    computed_at timestamptz NOT NULL
"""

CREATE = f"""
CREATE TABLE raw.paired_differences ({SET},
    other_target_id text NOT NULL,
    scenario_count integer NOT NULL CHECK (scenario_count >= 1),
    score_difference double precision NOT NULL CHECK (score_difference BETWEEN -10 AND 10),
    standard_error double precision CHECK (standard_error > 0),
    score_difference_ci95_lower double precision,
    score_difference_ci95_upper double precision,
    p_value double precision CHECK (p_value BETWEEN 0 AND 1),
    holm_p_value double precision CHECK (holm_p_value BETWEEN p_value AND 1),
    compared_count integer NOT NULL CHECK (compared_count >= 0),
    method text NOT NULL,
    scorer_versions text NOT NULL,
    PRIMARY KEY (window_name, suite, suite_version, family, target_id, other_target_id),
    CHECK (target_id COLLATE "C" < other_target_id COLLATE "C"),
    CHECK (num_nulls(
        standard_error, score_difference_ci95_lower, score_difference_ci95_upper, p_value, holm_p_value
    ) IN (0, 5)),
    CHECK (score_difference_ci95_lower <= score_difference_ci95_upper)
);

CREATE TABLE raw.standings ({SET},
    rank_ci95_lower integer CHECK (rank_ci95_lower >= 1),
    rank_ci95_upper integer CHECK (rank_ci95_upper BETWEEN rank_ci95_lower AND ranked_count),
    ranked_count integer,
    day_count integer NOT NULL CHECK (day_count >= 1),
    score_suite_ci95_lower double precision,
    score_suite_ci95_upper double precision,
    PRIMARY KEY (window_name, suite, suite_version, family, target_id),
    CHECK (num_nulls(rank_ci95_lower, rank_ci95_upper) IN (0, 2)),
    CHECK (num_nulls(score_suite_ci95_lower, score_suite_ci95_upper) IN (0, 2)),
    CHECK (score_suite_ci95_lower <= score_suite_ci95_upper)
);

CREATE TABLE raw.pass_rates ({SET},
    attempt_count integer NOT NULL CHECK (attempt_count >= 1),
    scenario_count integer NOT NULL CHECK (scenario_count >= 1),
    pass_at_k_rate double precision NOT NULL CHECK (pass_at_k_rate BETWEEN 0 AND 1),
    pass_at_k_ci95_lower double precision,
    pass_at_k_ci95_upper double precision,
    pass_hat_k_rate double precision NOT NULL CHECK (pass_hat_k_rate BETWEEN 0 AND 1),
    pass_hat_k_ci95_lower double precision,
    pass_hat_k_ci95_upper double precision,
    scorer_versions text NOT NULL,
    PRIMARY KEY (window_name, suite, suite_version, family, target_id, attempt_count),
    CHECK (num_nulls(
        pass_at_k_ci95_lower, pass_at_k_ci95_upper, pass_hat_k_ci95_lower, pass_hat_k_ci95_upper
    ) IN (0, 4)),
    CHECK (0 <= pass_at_k_ci95_lower AND pass_at_k_ci95_lower <= pass_at_k_ci95_upper AND pass_at_k_ci95_upper <= 1),
    CHECK (0 <= pass_hat_k_ci95_lower AND pass_hat_k_ci95_lower <= pass_hat_k_ci95_upper AND pass_hat_k_ci95_upper <= 1)
);

GRANT SELECT, INSERT, DELETE ON raw.paired_differences, raw.standings, raw.pass_rates TO aibaas_collector;
GRANT SELECT ON raw.paired_differences, raw.standings, raw.pass_rates TO aibaas_transformer;
"""


def upgrade() -> None:
    op.execute(CREATE)


def downgrade() -> None:
    op.execute("DROP TABLE raw.paired_differences, raw.standings, raw.pass_rates")
