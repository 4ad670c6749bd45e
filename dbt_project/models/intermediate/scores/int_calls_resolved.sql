{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[
        {'columns': ['benchmark_hour', 'suite', 'suite_version', 'call_id'], 'unique': true},
        {'columns': ['target_id', 'answered_at']},
    ],
    post_hook=['{{ make_hypertable() }}', '{{ analyze_new_table() }}']
) }}

with planned as (

    select * from {{ ref('stg_collection__planned_calls') }}
    where {{ is_touched('benchmark_hour') }}

),

responses as (

    select * from {{ ref('stg_collection__responses') }}
    where {{ is_touched('benchmark_hour') }}

),

scores as (

    select * from {{ ref('stg_scoring__scores') }}
    where {{ is_touched('benchmark_hour') }}

),

scenarios as (

    select * from {{ ref('int_scenarios_deduplicated') }}

),

latest_responses as (

    select distinct on (benchmark_hour, call_id) *
    from responses
    order by benchmark_hour asc, call_id asc, attempt desc

),

latest_scores as (

    select distinct on (benchmark_hour, call_id, attempt) *
    from scores
    order by benchmark_hour asc, call_id asc, attempt asc, scorer_version desc, grading_attempt desc

),

-- Every attempt is paid for, not only the one that counts.
spending as (

    select
        benchmark_hour,
        call_id,
        ({{ known_sum(billed('cost_usd'), 'true') }})::numeric(18, 9) as cost_usd,
        {{ known_sum(billed('input_tokens'), 'true') }} as input_tokens,
        {{ known_sum(billed('output_tokens'), 'true') }} as output_tokens
    from responses
    group by benchmark_hour, call_id

),

resolved as (

    select
        planned.benchmark_hour,
        planned.suite,
        planned.suite_version,
        planned.call_id,
        planned.target_id,
        planned.scenario_id,
        planned.scenario_version,
        scenarios.family,
        planned.variant_seed,
        planned.sample_index,
        planned.is_simulated,
        case
            when latest_responses.call_id is null then 'missing'
            when latest_responses.response_status = 'budget' then 'missing'
            when latest_responses.is_late then 'late'
            when latest_responses.response_status = 'failed' then 'missing'
            when latest_scores.score is null then 'missing'
            else 'measured'
        end as status,
        case
            when latest_responses.call_id is null and planned.plan_status = 'skipped'
                then coalesce(planned.plan_reason, 'not_planned')
            when latest_responses.call_id is null then 'not_answered'
            when latest_responses.response_status = 'budget' then 'budget'
            when latest_responses.is_late then 'late'
            when latest_responses.response_status = 'failed' then coalesce(latest_responses.error_code, 'unknown')
            when latest_scores.score is null then 'not_scored'
        end as reason,
        latest_responses.attempt,
        latest_responses.response_status,
        latest_responses.try_count,
        case when latest_responses.response_status = 'answered' then latest_responses.finished_at end as answered_at,
        latest_scores.scorer,
        latest_scores.scorer_version,
        latest_scores.score,
        latest_scores.score_reason,
        latest_scores.is_refusal,
        latest_scores.is_truncated,
        latest_scores.is_format_ok,
        latest_scores.reference_overlap,
        latest_responses.latency_ms,
        latest_responses.time_to_first_token_ms,
        latest_responses.cost_usd as answer_cost_usd,
        spending.cost_usd,
        spending.input_tokens,
        spending.output_tokens
    from planned
    left join scenarios using (scenario_id, scenario_version)
    left join latest_responses using (benchmark_hour, call_id)
    left join latest_scores using (benchmark_hour, call_id, attempt)
    left join spending using (benchmark_hour, call_id)

),

-- Within an hour all targets are compared, so of each scenario only the newest version of its scorer counts.
newest_scorers as (

    select
        benchmark_hour,
        scenario_id,
        scenario_version,
        max(scorer_version) as newest_scorer_version
    from resolved
    where status = 'measured'
    group by benchmark_hour, scenario_id, scenario_version

)

select
    resolved.benchmark_hour,
    resolved.suite,
    resolved.suite_version,
    resolved.call_id,
    resolved.target_id,
    resolved.scenario_id,
    resolved.scenario_version,
    resolved.family,
    resolved.variant_seed,
    resolved.sample_index,
    resolved.is_simulated,
    {{ consistent_status('resolved') }},
    resolved.attempt,
    resolved.response_status,
    resolved.try_count,
    resolved.answered_at,
    resolved.scorer,
    resolved.scorer_version,
    resolved.score,
    resolved.score_reason,
    resolved.is_refusal,
    resolved.is_truncated,
    resolved.is_format_ok,
    resolved.reference_overlap,
    resolved.latency_ms,
    resolved.time_to_first_token_ms,
    resolved.answer_cost_usd,
    resolved.cost_usd,
    resolved.input_tokens,
    resolved.output_tokens
from resolved
left join newest_scorers using (benchmark_hour, scenario_id, scenario_version)
