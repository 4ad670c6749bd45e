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

with measures as (

    select * from {{ ref('int_call_measures_daily') }}
    where answered_count > 0 and {{ is_touched('measure_date') }}

)

select
    target_id,
    suite,
    suite_version,
    family,
    measure_date as latency_date,
    answered_count,
    coalesce(cardinality(times_to_first_token_ms), 0)::bigint as streamed_count,
    {{ percentiles_of_sorted('times_to_first_token_ms', 'time_to_first_token', 'ms') }},
    {{ percentiles_of_sorted('latencies_ms', 'latency', 'ms') }},
    {{ percentiles_of_sorted('output_speeds_tokens_per_s', 'output_speed', 'tokens_per_s') }},
    is_simulated
from measures
