-- Raw rows of %(targets)s targets, %(scenarios)s scenarios and every hour in [%(start)s, %(stop)s), drawn from %(seed)s.
-- About 3%% of the calls fail, 1%% run late, 1%% can't be graded and 1%% of the hours are not answered at all.

create or replace function pg_temp.draw(key text) returns double precision language sql immutable as $$
    select (hashtextextended(key, %(seed)s::bigint) & 1048575) / 1048576.0
$$;

insert into raw.targets (
    target_id, definition_sha256, recorded_at, label, provider, model, host, sampling, is_simulated, is_open_weights,
    lifecycle, is_enabled
)
select
    'sim-' || number, 'definition', '2020-01-01Z', 'Target ' || number, 'simulator', 'model-' || number, 'local', '{}',
    true, false, 'active', true
from generate_series(1, %(targets)s) as number
on conflict do nothing;

insert into raw.prices (
    price_id, provider, model, valid_from, input_usd_per_mtok, output_usd_per_mtok, source, checked_on
)
select 'price-' || number, 'simulator', 'model-' || number, '2020-01-01Z', number, 3 * number, 'test', '2020-01-01'
from generate_series(1, %(targets)s) as number
on conflict do nothing;

insert into raw.scenarios (
    scenario_id, scenario_version, content_sha256, family, difficulty, language, title, licence, created_on,
    max_output_tokens, recorded_at
)
select
    'family-' || number / 2 || '/task-' || number, 1, 'content', 'family-' || number / 2, 'easy', 'python',
    'Task ' || number, 'MIT', '2020-01-01', 800, '2020-01-01Z'
from generate_series(0, %(scenarios)s - 1) as number
on conflict do nothing;

insert into raw.suites (suite, suite_version, cadence, scenario_id, scenario_version, recorded_at)
select 'canary', 1, 'hourly', scenario_id, scenario_version, '2020-01-01Z' from raw.scenarios
on conflict do nothing;

insert into raw.planned_calls (
    benchmark_hour, call_id, suite, suite_version, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, status, reason, planned_at
)
select
    hour, md5(hour::text || targets.target_id || suites.scenario_id)::uuid, suites.suite, suites.suite_version,
    targets.target_id, suites.scenario_id, suites.scenario_version, 0, 0, true, 'planned', null, hour
from generate_series(%(start)s::timestamptz, %(stop)s::timestamptz - interval '1 hour', interval '1 hour') as hour
cross join raw.targets
cross join raw.suites
on conflict do nothing;

insert into raw.responses (
    benchmark_hour, call_id, attempt, target_id, scenario_id, scenario_version, variant_seed, sample_index, is_simulated,
    is_late, scheduled_for, started_at, finished_at, status, error_code, try_count, answer_sha256, answer_bytes,
    requested_model, finish_reason, input_tokens, output_tokens, time_to_first_token_ms, latency_ms, price_id, cost_usd,
    prompt_sha256, harness_version, archive_file, run_id
)
select
    drawn.benchmark_hour, drawn.call_id, 1, drawn.target_id, drawn.scenario_id, 1, 0, 0, true,
    drawn.is_late, drawn.benchmark_hour, drawn.started_at, drawn.started_at + interval '2 seconds',
    case when drawn.is_failed then 'failed' else 'answered' end,
    case when drawn.is_failed then 'timeout' end, 1,
    case when not drawn.is_failed then 'answer' end, case when not drawn.is_failed then 100 end,
    drawn.target_id, case when not drawn.is_failed then 'stop' end,
    case when not drawn.is_failed then 300 end,
    case when not drawn.is_failed then 100 + (pg_temp.draw('tokens' || drawn.call_id) * 400)::integer end,
    case when not drawn.is_failed then 100 + 400 * pg_temp.draw('ttft' || drawn.call_id) end,
    case when not drawn.is_failed then 800 + 2000 * pg_temp.draw('latency' || drawn.call_id) end,
    'price-1', case when not drawn.is_failed then round((pg_temp.draw('cost' || drawn.call_id) / 100)::numeric, 9) end,
    'prompt', '1', 'archive', 'run'
from (
    select
        planned.*,
        planned.benchmark_hour + interval '1 minute'
        + case when pg_temp.draw('late' || planned.call_id) < 0.01 then interval '2 hours' else interval '0' end
            as started_at,
        pg_temp.draw('late' || planned.call_id) < 0.01 as is_late,
        pg_temp.draw('fail' || planned.call_id) < 0.03 as is_failed
    from raw.planned_calls as planned
    where
        planned.benchmark_hour >= %(start)s and planned.benchmark_hour < %(stop)s
        and pg_temp.draw('silent' || planned.target_id || planned.benchmark_hour) >= 0.01
) as drawn
on conflict do nothing;

insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, reason, outcome, is_refusal,
    is_truncated, is_format_ok, checks_id, sandbox_level, graded_at
)
select
    responses.benchmark_hour, responses.call_id, responses.attempt, 'function', 1, 1, graded.score,
    case when graded.score is null then 'infrastructure' end, 'ok', false, false, true, gen_random_uuid(), 'process',
    responses.finished_at
from raw.responses
cross join lateral (
    select
        case
            when pg_temp.draw('ungraded' || responses.call_id || responses.attempt) >= 0.01 then
                least(10, round((
                    3 + 8 * pg_temp.draw('hard' || responses.scenario_id)
                    + 2 * pg_temp.draw('skill' || responses.target_id)
                    - 3 * pg_temp.draw('score' || responses.call_id || responses.attempt)
                )::numeric, 4))
        end as score
) as graded
where
    responses.status = 'answered'
    and responses.benchmark_hour >= %(start)s and responses.benchmark_hour < %(stop)s
on conflict do nothing;
