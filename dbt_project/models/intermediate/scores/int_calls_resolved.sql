{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[
        {'columns': ['benchmark_hour', 'call_id', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['target_id', 'answered_at']},
    ],
    post_hook=['{{ make_hypertable() }}', '{{ index_fresh_variants() }}', '{{ analyze_new_table() }}']
) }}

with planned as (

    select * from {{ ref('stg_collection__planned_calls') }}
    where {{ is_touched('benchmark_hour') }}

),

-- Read more than once, and cheaper so than kept aside.
responses as not materialized (

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

asked_again as (

    select
        benchmark_hour,
        call_id,
        max(attempt) as last_attempt
    from responses
    where attempt > 1
    group by benchmark_hour, call_id

),

latest_responses as (

    select
        responses.*,
        {{ billed('responses.cost_usd') }} as billed_cost_usd,
        {{ billed('responses.input_tokens') }} as billed_input_tokens,
        {{ billed('responses.output_tokens') }} as billed_output_tokens
    from responses
    left join asked_again using (benchmark_hour, call_id)
    where asked_again.last_attempt is null or asked_again.last_attempt = responses.attempt

),

-- The key backwards, which needs no sorting.
latest_scores as (

    select distinct on (benchmark_hour, call_id, attempt) *
    from scores
    order by benchmark_hour desc, call_id desc, attempt desc, scorer_version desc, grading_attempt desc

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
    inner join asked_again using (benchmark_hour, call_id)
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
        latest_scores.has_canary,
        latest_responses.latency_ms,
        latest_responses.time_to_first_token_ms,
        latest_responses.cost_usd as answer_cost_usd,
        latest_responses.output_tokens as answer_output_tokens,
        (
            case when spending.call_id is null then latest_responses.billed_cost_usd else spending.cost_usd end
        )::numeric(18, 9) as cost_usd,
        case when spending.call_id is null then latest_responses.billed_input_tokens else spending.input_tokens end
            as input_tokens,
        case when spending.call_id is null then latest_responses.billed_output_tokens else spending.output_tokens end
            as output_tokens
    from planned
    left join scenarios using (scenario_id, scenario_version)
    left join latest_responses using (benchmark_hour, call_id)
    left join latest_scores using (benchmark_hour, call_id, attempt)
    left join spending using (benchmark_hour, call_id)

),

-- Within an hour all targets are compared, so of each scenario only the newest version of its scorer counts.
compared as (

    select
        *,
        max(scorer_version) filter (where status = 'measured') over (
            partition by benchmark_hour, scenario_id, scenario_version
        ) as newest_scorer_version
    from resolved

)

select
    compared.benchmark_hour,
    compared.suite,
    compared.suite_version,
    compared.call_id,
    compared.target_id,
    compared.scenario_id,
    compared.scenario_version,
    compared.family,
    compared.variant_seed,
    compared.sample_index,
    compared.is_simulated,
    {{ consistent_status('compared') }},
    compared.attempt,
    compared.response_status,
    compared.try_count,
    compared.answered_at,
    compared.scorer,
    compared.scorer_version,
    compared.score,
    compared.score_reason,
    compared.is_refusal,
    compared.is_truncated,
    compared.is_format_ok,
    compared.reference_overlap,
    compared.has_canary,
    compared.latency_ms,
    compared.time_to_first_token_ms,
    compared.answer_cost_usd,
    compared.answer_output_tokens,
    compared.cost_usd,
    compared.input_tokens,
    compared.output_tokens
from compared
