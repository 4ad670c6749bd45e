"""Calls that a budget leaves out, what hosts say that calls cost, tiers of prices, and what was spent in each period.

Not here: what decides about a call (collection).
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADD = """
ALTER TABLE raw.prices ADD COLUMN tiers jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tiers) = 'array');

ALTER TABLE raw.responses
    ADD COLUMN reported_cost_usd numeric(18, 9) CHECK (reported_cost_usd >= 0 AND reported_cost_usd < 'Infinity'),
    DROP CONSTRAINT responses_status_check,
    DROP CONSTRAINT responses_check,
    ADD CONSTRAINT responses_status_check CHECK (status IN ('answered', 'failed', 'budget')),
    ADD CONSTRAINT responses_check CHECK ((status = 'answered') = (error_code IS NULL)),
    ADD CONSTRAINT responses_budget_check CHECK (status <> 'budget' OR (try_count = 0 AND cost_usd IS NULL));

CREATE TABLE raw.spending (
    grain text NOT NULL CHECK (grain IN ('hour', 'day', 'month')),
    period_start timestamptz NOT NULL,
    target_id text NOT NULL,
    spent_usd numeric(18, 9) NOT NULL DEFAULT 0 CHECK (spent_usd >= 0 AND spent_usd < 'Infinity'),
    PRIMARY KEY (grain, period_start, target_id)
);
GRANT SELECT, INSERT, UPDATE ON raw.spending TO aibaas_collector;
GRANT SELECT ON raw.spending TO aibaas_transformer;

INSERT INTO raw.spending (grain, period_start, target_id, spent_usd)
SELECT periods.grain, date_trunc(periods.grain, made.started_at, 'UTC'), named.target_id, sum(made.cost_usd)
FROM raw.responses AS made
CROSS JOIN (VALUES ('hour'), ('day'), ('month')) AS periods (grain)
CROSS JOIN LATERAL (VALUES (made.target_id), ('')) AS named (target_id)
WHERE NOT made.is_simulated AND made.cost_usd IS NOT NULL
GROUP BY 1, 2, 3;
"""

REMOVE = """
DROP TABLE raw.spending;
DELETE FROM raw.responses WHERE status = 'budget';
ALTER TABLE raw.responses
    DROP COLUMN reported_cost_usd,
    DROP CONSTRAINT responses_budget_check,
    DROP CONSTRAINT responses_status_check,
    DROP CONSTRAINT responses_check,
    ADD CONSTRAINT responses_status_check CHECK (status IN ('answered', 'failed')),
    ADD CONSTRAINT responses_check CHECK ((status = 'failed') = (error_code IS NOT NULL));
ALTER TABLE raw.prices DROP COLUMN tiers;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(REMOVE)
