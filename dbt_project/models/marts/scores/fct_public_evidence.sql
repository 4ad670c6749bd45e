{{ config(
    indexes=[{'columns': ['scenario_id', 'scenario_version', 'target_id'], 'unique': true}]
) }}

with newest as (

    select max(benchmark_hour) as benchmark_hour
    from {{ ref('int_calls_resolved') }}

),

-- A call that two suites plan is one answer.
answers as (

    select distinct on (target_id, scenario_id, scenario_version) *
    from {{ ref('int_calls_resolved') }}
    where
        benchmark_hour > (select newest.benchmark_hour - interval '7 days' from newest)
        and variant_seed = 0
        and response_status = 'answered'
        and scorer is not null
        and {{ is_measurement() }}
    order by target_id asc, scenario_id asc, scenario_version asc, benchmark_hour desc, call_id asc

),

gradings as (

    select distinct on (benchmark_hour, call_id, attempt) *
    from {{ ref('stg_scoring__scores') }}
    where benchmark_hour > (select newest.benchmark_hour - interval '7 days' from newest)
    order by benchmark_hour asc, call_id asc, attempt asc, scorer_version desc, grading_attempt desc

)

select
    answers.target_id,
    answers.scenario_id,
    answers.scenario_version,
    answers.family,
    answers.benchmark_hour,
    answers.answered_at,
    gradings.score::double precision as score,
    gradings.score_reason,
    gradings.outcome,
    gradings.is_refusal,
    gradings.is_truncated,
    gradings.is_format_ok,
    gradings.scorer,
    gradings.scorer_version,
    checks.checks,
    gradings.sandbox_level,
    gradings.wall_ms::double precision as wall_ms,
    gradings.peak_memory_kb::bigint as peak_memory_kb,
    answers.latency_ms,
    answers.time_to_first_token_ms,
    answers.cost_usd,
    answers.input_tokens::bigint as input_tokens,
    answers.output_tokens::bigint as output_tokens,
    answers.is_simulated
from answers
inner join gradings using (benchmark_hour, call_id, attempt)
left join {{ ref('stg_scoring__checks') }} as checks using (checks_id)
