{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='latency_date',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'latency_date', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['latency_date']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

with answers as (
    {{ timely_answers(is_on_touched_days('calls.benchmark_hour')) }}
),

dated as (

    select
        *,
        {{ utc_date('benchmark_hour') }} as latency_date
    from answers

)

select
    target_id,
    suite,
    suite_version,
    coalesce(family, 'all') as family,
    latency_date,
    {{ speed_measures() }},
    bool_or(is_simulated) as is_simulated
from dated
group by grouping sets (
    (target_id, suite, suite_version, latency_date, family),
    (target_id, suite, suite_version, latency_date)
)
