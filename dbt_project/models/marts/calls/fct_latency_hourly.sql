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

with answers as (

    select
        *,
        {{ output_speed() }} as output_tokens_per_s
    from {{ ref('int_calls_resolved') }}
    where {{ is_touched('benchmark_hour') }} and {{ is_timely_answer() }} and {{ is_measurement() }}

)

select
    target_id,
    suite,
    suite_version,
    benchmark_hour,
    count(*) as answered_count,
    count(time_to_first_token_ms) as streamed_count,
    {{ percentiles_of('time_to_first_token_ms', 'time_to_first_token', 'ms') }},
    {{ percentiles_of('latency_ms', 'latency', 'ms') }},
    {{ percentiles_of('output_tokens_per_s', 'output_speed', 'tokens_per_s') }},
    bool_or(is_simulated) as is_simulated
from answers
group by target_id, suite, suite_version, benchmark_hour
