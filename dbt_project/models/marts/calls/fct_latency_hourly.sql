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
    {{ timely_answers(is_touched('calls.benchmark_hour')) }}
)

select
    target_id,
    suite,
    suite_version,
    benchmark_hour,
    {{ speed_measures() }},
    bool_or(is_simulated) as is_simulated
from answers
group by target_id, suite, suite_version, benchmark_hour
