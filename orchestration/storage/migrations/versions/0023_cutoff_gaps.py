"""What targets score, beside others, on tasks from before their training ended and on later ones.

Not here: what it is computed from (int_variant_scores).
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CREATE = """
CREATE TABLE raw.cutoff_gaps (
    window_name text NOT NULL,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL CHECK (window_end > window_start),
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    family text NOT NULL,
    is_simulated boolean NOT NULL,
    target_id text NOT NULL,
    reference_count integer NOT NULL CHECK (reference_count >= 1),
    before_count integer NOT NULL CHECK (before_count >= 1),
    after_count integer NOT NULL CHECK (after_count >= 1),
    gap_mean double precision NOT NULL CHECK (gap_mean BETWEEN -20 AND 20),
    gap_ci95_lower double precision NOT NULL CHECK (gap_ci95_lower <= gap_ci95_upper),
    gap_ci95_upper double precision NOT NULL,
    p_value double precision NOT NULL CHECK (p_value BETWEEN 0 AND 1),
    holm_p_value double precision NOT NULL CHECK (holm_p_value BETWEEN p_value AND 1),
    tested_count integer NOT NULL CHECK (tested_count >= 1),
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (window_name, suite, suite_version, family, target_id)
);
GRANT SELECT, INSERT, DELETE ON raw.cutoff_gaps TO aibaas_collector;
GRANT SELECT ON raw.cutoff_gaps TO aibaas_transformer;
"""


def upgrade() -> None:
    op.execute(CREATE)


def downgrade() -> None:
    op.execute("DROP TABLE raw.cutoff_gaps")
