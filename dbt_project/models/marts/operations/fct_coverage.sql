{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[
        {
            'columns': ['benchmark_hour', 'target_id', 'suite', 'suite_version', 'outcome', 'reason'],
            'unique': true
        },
        {'columns': ['target_id', 'benchmark_hour']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

with calls as (

    select * from {{ ref('int_calls_resolved') }}
    where {{ is_touched('benchmark_hour') }}

),

outcomes as (

    select
        *,
        case
            when response_status = 'answered' and status = 'late' then 'late'
            when response_status = 'answered' then 'answered'
            else 'missing'
        end as outcome
    from calls

)

select
    target_id,
    suite,
    suite_version,
    benchmark_hour,
    outcome,
    case when outcome = 'missing' then reason else '' end as reason,
    count(*) as call_count,
    count(*) filter (where status = 'measured') as scored_count,
    bool_and(is_simulated) as is_simulated
from outcomes
group by target_id, suite, suite_version, benchmark_hour, outcome, case when outcome = 'missing' then reason else '' end
