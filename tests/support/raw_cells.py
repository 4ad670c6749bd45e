"""Raw rows of targets, scenarios and graded answers of chosen hours, as statements: what cells are made of.

Not here: the scores and times that are drawn (the tests).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 9, 7, tzinfo=UTC)
"""A Monday."""

CATALOGUE = """
insert into raw.targets (
    target_id, definition_sha256, recorded_at, label, provider, model, host, sampling, is_simulated, is_open_weights,
    lifecycle, is_enabled
)
select
    target_id, 'd', '2020-01-01Z', target_id, provider, model, provider || '.example', '{}', true, false, 'active', true
from unnest(%(targets)s::text[], %(providers)s::text[], %(models)s::text[]) as given (target_id, provider, model);
insert into raw.scenarios (
    scenario_id, scenario_version, content_sha256, family, difficulty, language, title, licence, created_on,
    max_output_tokens, recorded_at
)
select 'sql/task-' || number, 1, 'c', 'sql', 'easy', 'sql', 'Task', 'MIT', '2020-01-01', 800, '2020-01-01Z'
from generate_series(0, %(scenarios)s - 1) as number;
insert into raw.suites (suite, suite_version, cadence, scenario_id, scenario_version, recorded_at)
select 'canary', 1, 'hourly', scenario_id, scenario_version, '2020-01-01Z' from raw.scenarios;
select raw.ensure_partitions(%(start)s, %(start)s + interval '40 days');
"""
CELLS = """
create temp table drawn as
select
    %(start)s::timestamptz + number * interval '1 hour' as benchmark_hour,
    md5(concat_ws('/', given.target_id, number, scenario, %(sample)s))::uuid as call_id,
    given.target_id, 'sql/task-' || scenario as scenario_id, score, latency, cost
from unnest(
    %(targets)s::text[], %(hours)s::integer[], %(numbers)s::integer[], %(scores)s::float8[], %(latencies)s::float8[],
    %(costs)s::float8[]
) as given (target_id, number, scenario, score, latency, cost);
insert into raw.planned_calls (
    benchmark_hour, call_id, suite, suite_version, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, status, planned_at
)
select benchmark_hour, call_id, 'canary', 1, target_id, scenario_id, 1, 0, %(sample)s, true, 'planned', benchmark_hour
from drawn;
insert into raw.responses (
    benchmark_hour, call_id, attempt, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, is_late, scheduled_for, started_at, finished_at, status, try_count, answer_sha256, answer_bytes,
    requested_model, finish_reason, latency_ms, cost_usd, prompt_sha256, harness_version, archive_file, run_id
)
select
    benchmark_hour, call_id, 1, target_id, scenario_id, 1, 0, %(sample)s, true, false, benchmark_hour, benchmark_hour,
    benchmark_hour + interval '2 seconds', 'answered', 1, 'answer', 100, target_id, 'stop', latency, cost, 'prompt',
    '1', 'archive', 'run'
from drawn;
insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, outcome, is_refusal, is_truncated,
    is_format_ok, checks_id, sandbox_level, graded_at
)
select
    benchmark_hour, call_id, 1, 'sql', 1, 1, score, 'ok', false, false, true, gen_random_uuid(), 'process',
    benchmark_hour
from drawn;
drop table drawn
"""


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)
