"""The tables of schema raw and what each role may do with them.

Not here: the roles themselves, which belong to the server and not to one database (database).
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CATALOGUE = """
CREATE TABLE raw.targets (
    target_id text NOT NULL CHECK (target_id ~ '^[a-z0-9][a-z0-9.-]{1,62}$'),
    definition_sha256 text NOT NULL,
    recorded_at timestamptz NOT NULL,
    label text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    host text NOT NULL,
    quantisation text,
    reasoning_effort text,
    sampling jsonb NOT NULL,
    is_simulated boolean NOT NULL,
    is_open_weights boolean NOT NULL,
    lifecycle text NOT NULL,
    training_cutoff date,
    is_enabled boolean NOT NULL,
    disabled_reason text,
    PRIMARY KEY (target_id, definition_sha256, recorded_at)
);

CREATE TABLE raw.scenarios (
    scenario_id text NOT NULL,
    scenario_version integer NOT NULL CHECK (scenario_version >= 1),
    content_sha256 text NOT NULL,
    family text NOT NULL,
    difficulty text NOT NULL CHECK (difficulty IN ('easy', 'medium', 'hard')),
    language text NOT NULL,
    title text NOT NULL,
    licence text NOT NULL,
    created_on date NOT NULL,
    max_output_tokens integer NOT NULL CHECK (max_output_tokens >= 1),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (scenario_id, scenario_version, content_sha256, recorded_at)
);

CREATE TABLE raw.suites (
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    cadence text NOT NULL,
    scenario_id text NOT NULL,
    scenario_version integer NOT NULL CHECK (scenario_version >= 1),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (suite, suite_version, scenario_id, scenario_version)
);

CREATE TABLE raw.prices (
    price_id text PRIMARY KEY,
    provider text NOT NULL,
    model text NOT NULL,
    valid_from timestamptz NOT NULL,
    input_usd_per_mtok numeric(18, 9) CHECK (input_usd_per_mtok >= 0),
    output_usd_per_mtok numeric(18, 9) CHECK (output_usd_per_mtok >= 0),
    cached_input_usd_per_mtok numeric(18, 9) CHECK (cached_input_usd_per_mtok >= 0),
    cache_write_usd_per_mtok numeric(18, 9) CHECK (cache_write_usd_per_mtok >= 0),
    reasoning_usd_per_mtok numeric(18, 9) CHECK (reasoning_usd_per_mtok >= 0),
    source text NOT NULL,
    checked_on date NOT NULL
);
"""

CALLS = """
CREATE TABLE raw.planned_calls (
    benchmark_hour timestamptz NOT NULL CHECK (mod(extract(epoch FROM benchmark_hour), 3600) = 0),
    call_id uuid NOT NULL,
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    target_id text NOT NULL,
    scenario_id text NOT NULL,
    scenario_version integer NOT NULL CHECK (scenario_version >= 1),
    variant_seed bigint NOT NULL,
    sample_index integer NOT NULL CHECK (sample_index >= 0),
    is_simulated boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('planned', 'skipped')),
    reason text,
    planned_at timestamptz NOT NULL,
    PRIMARY KEY (benchmark_hour, suite, suite_version, call_id),
    CHECK ((status = 'skipped') = (reason IS NOT NULL))
);

CREATE TABLE raw.responses (
    benchmark_hour timestamptz NOT NULL CHECK (mod(extract(epoch FROM benchmark_hour), 3600) = 0),
    call_id uuid NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    target_id text NOT NULL,
    scenario_id text NOT NULL,
    scenario_version integer NOT NULL CHECK (scenario_version >= 1),
    variant_seed bigint NOT NULL,
    sample_index integer NOT NULL CHECK (sample_index >= 0),
    is_simulated boolean NOT NULL,
    is_late boolean NOT NULL,
    scheduled_for timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('answered', 'failed')),
    error_code text,
    error_detail text,
    try_count integer NOT NULL CHECK (try_count >= 0),
    answer_sha256 text,
    answer_bytes integer CHECK (answer_bytes >= 0),
    requested_model text NOT NULL,
    served_model text,
    system_fingerprint text,
    provider_request_id text,
    finish_reason text,
    input_tokens integer CHECK (input_tokens >= 0),
    cached_input_tokens integer CHECK (cached_input_tokens >= 0),
    cache_write_tokens integer CHECK (cache_write_tokens >= 0),
    output_tokens integer CHECK (output_tokens >= 0),
    reasoning_tokens integer CHECK (reasoning_tokens >= 0),
    time_to_first_token_ms double precision CHECK (time_to_first_token_ms >= 0),
    latency_ms double precision CHECK (latency_ms >= 0),
    price_id text,
    cost_usd numeric(18, 9) CHECK (cost_usd >= 0 AND cost_usd < 'Infinity'),
    prompt_sha256 text NOT NULL,
    harness_version text NOT NULL,
    archive_file text NOT NULL,
    run_id text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (benchmark_hour, call_id, attempt),
    CHECK ((status = 'failed') = (error_code IS NOT NULL)),
    CHECK ((status = 'answered') = (answer_sha256 IS NOT NULL)),
    CHECK ((answer_bytes IS NULL) = (answer_sha256 IS NULL))
);
CREATE INDEX ix_responses_recorded_at ON raw.responses (recorded_at);
CREATE INDEX ix_responses_answer_sha256 ON raw.responses (answer_sha256) WHERE answer_sha256 IS NOT NULL;
"""

SCORES = """
CREATE TABLE raw.scores (
    benchmark_hour timestamptz NOT NULL,
    call_id uuid NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    scorer text NOT NULL,
    scorer_version integer NOT NULL CHECK (scorer_version >= 1),
    grading_attempt integer NOT NULL CHECK (grading_attempt >= 1),
    score double precision CHECK (score BETWEEN 0 AND 10),
    reason text,
    outcome text NOT NULL,
    is_refusal boolean NOT NULL,
    is_truncated boolean NOT NULL,
    is_format_ok boolean NOT NULL,
    checks jsonb NOT NULL CHECK (jsonb_typeof(checks) = 'array'),
    sandbox_level text NOT NULL,
    wall_ms double precision CHECK (wall_ms >= 0),
    peak_memory_kb bigint CHECK (peak_memory_kb >= 0),
    graded_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (benchmark_hour, call_id, attempt, scorer_version, grading_attempt),
    CHECK (score IS NOT NULL OR reason IS NOT NULL)
);
CREATE INDEX ix_scores_recorded_at ON raw.scores (recorded_at);

CREATE TABLE raw.score_intervals (
    grain text NOT NULL CHECK (grain IN ('hour', 'day', 'window')),
    target_id text NOT NULL,
    suite text NOT NULL,
    suite_version integer NOT NULL CHECK (suite_version >= 1),
    family text NOT NULL,
    period_start timestamptz NOT NULL,
    period_name text NOT NULL CHECK (period_name IN ('', '24h', '7d', '30d', '90d')),
    score_mean double precision NOT NULL CHECK (score_mean BETWEEN 0 AND 10),
    score_sd double precision CHECK (score_sd >= 0),
    response_count integer NOT NULL CHECK (response_count >= 1),
    scenario_count integer NOT NULL CHECK (scenario_count >= 1),
    standard_error double precision CHECK (standard_error >= 0),
    degrees_of_freedom double precision CHECK (degrees_of_freedom > 0),
    score_ci95_lower double precision,
    score_ci95_upper double precision,
    method text NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (grain, period_name, period_start, target_id, suite, suite_version, family),
    CHECK ((grain = 'window') = (period_name <> '')),
    CHECK ((score_ci95_lower IS NULL) = (score_ci95_upper IS NULL)),
    CHECK (score_ci95_lower <= score_ci95_upper)
);
"""

GRANTS = """
GRANT USAGE ON SCHEMA raw TO aibaas_collector, aibaas_transformer;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA raw TO aibaas_collector;
GRANT UPDATE, DELETE ON raw.score_intervals TO aibaas_collector;
GRANT SELECT ON ALL TABLES IN SCHEMA raw TO aibaas_transformer;
REVOKE ALL ON raw.alembic_version FROM aibaas_collector, aibaas_transformer;

CREATE SCHEMA IF NOT EXISTS staging AUTHORIZATION aibaas_transformer;
CREATE SCHEMA IF NOT EXISTS intermediate AUTHORIZATION aibaas_transformer;
CREATE SCHEMA IF NOT EXISTS marts AUTHORIZATION aibaas_transformer;

GRANT USAGE ON SCHEMA intermediate TO aibaas_collector;
ALTER DEFAULT PRIVILEGES FOR ROLE aibaas_transformer IN SCHEMA intermediate GRANT SELECT ON TABLES TO aibaas_collector;
GRANT USAGE ON SCHEMA marts TO aibaas_api;
ALTER DEFAULT PRIVILEGES FOR ROLE aibaas_transformer IN SCHEMA marts GRANT SELECT ON TABLES TO aibaas_api;
"""

REVOKES = """
ALTER DEFAULT PRIVILEGES FOR ROLE aibaas_transformer IN SCHEMA marts REVOKE SELECT ON TABLES FROM aibaas_api;
ALTER DEFAULT PRIVILEGES FOR ROLE aibaas_transformer IN SCHEMA intermediate
    REVOKE SELECT ON TABLES FROM aibaas_collector;
DROP SCHEMA marts CASCADE;
DROP SCHEMA intermediate CASCADE;
DROP SCHEMA staging CASCADE;
DROP TABLE raw.score_intervals, raw.scores, raw.responses, raw.planned_calls;
DROP TABLE raw.prices, raw.suites, raw.scenarios, raw.targets;
REVOKE USAGE ON SCHEMA raw FROM aibaas_collector, aibaas_transformer;
"""


def upgrade() -> None:
    for statements in (CATALOGUE, CALLS, SCORES, GRANTS):
        op.execute(statements)


def downgrade() -> None:
    op.execute(REVOKES)
