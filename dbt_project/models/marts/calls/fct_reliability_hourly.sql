{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'benchmark_hour', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['benchmark_hour']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

with calls as (

    select
        *,
        coalesce(response_status in ('answered', 'failed') and try_count > 0, false) as is_asked,
        coalesce(response_status = 'answered', false) as is_answered,
        case
            when response_status = 'answered' then 'answered'
            when response_status is null or status = 'missing' then reason
            else 'late_failure'
        end as outcome
    from {{ ref('int_calls_resolved') }}
    where {{ is_touched('benchmark_hour') }} and {{ is_measurement() }}

),

outcomes as (

    select
        target_id,
        suite,
        suite_version,
        benchmark_hour,
        jsonb_object_agg(outcome, call_count) as calls_by_outcome
    from (
        select
            target_id,
            suite,
            suite_version,
            benchmark_hour,
            outcome,
            count(*) as call_count
        from calls
        group by target_id, suite, suite_version, benchmark_hour, outcome
    ) as counted
    group by target_id, suite, suite_version, benchmark_hour

),

measures as (

    select
        target_id,
        suite,
        suite_version,
        benchmark_hour,
        count(*) as planned_count,
        count(*) filter (where is_asked) as asked_count,
        count(*) filter (where is_answered) as answered_count,
        count(*) filter (where is_asked and not is_answered) as failed_count,
        count(*) filter (where is_answered and try_count = 1) as first_try_count,
        coalesce(sum(try_count - 1) filter (where is_asked), 0) as retry_count,
        count(*) filter (where is_refusal) as refusal_count,
        count(*) filter (where is_truncated) as truncated_count,
        count(*) filter (where is_format_ok) as format_ok_count,
        count(*) filter (where is_format_ok is not null) as graded_count,
        bool_or(is_simulated) as is_simulated
    from calls
    group by target_id, suite, suite_version, benchmark_hour

)

select
    measures.target_id,
    measures.suite,
    measures.suite_version,
    measures.benchmark_hour,
    measures.planned_count,
    measures.asked_count,
    measures.answered_count,
    measures.failed_count,
    measures.first_try_count,
    measures.retry_count,
    measures.failed_count::double precision / nullif(measures.asked_count, 0) as error_rate,
    measures.first_try_count::double precision / nullif(measures.asked_count, 0) as first_try_rate,
    measures.graded_count,
    measures.refusal_count,
    measures.truncated_count,
    measures.format_ok_count,
    outcomes.calls_by_outcome,
    measures.is_simulated
from measures
inner join outcomes using (target_id, suite, suite_version, benchmark_hour)
