{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='benchmark_hour',
    on_schema_change='fail',
    indexes=[{'columns': ['benchmark_hour']}],
    post_hook='{{ analyze_new_table() }}',
    meta={'is_rollup': true}
) }}

-- A continuous aggregate where the server has TimescaleDB, so it is one select from one table.
select
    target_id,
    suite,
    suite_version,
    scenario_id,
    scenario_version,
    family,
    {{ rollup_hour('benchmark_hour') }} as benchmark_hour,
    bool_or(is_simulated) as is_simulated,
    count(*) as planned_count,
    count(*) filter (where response_status = 'answered') as answered_count,
    count(*) filter (where status = 'late') as late_count,
    count(*) filter (where status = 'measured') as scored_count,
    count(*) filter (where status = 'measured' and score = 10) as solved_count,
    sum(score) filter (where status = 'measured') as score_sum,
    max(scorer) filter (where status = 'measured') as scorer,
    max(scorer_version) filter (where status = 'measured') as scorer_version,
    max(answered_at) filter (where status = 'measured') as last_answered_at
from {{ ref('int_calls_resolved') }}
where {{ is_rolled_up('benchmark_hour') }} and {{ is_measurement() }}
group by
    target_id, suite, suite_version, scenario_id, scenario_version, family, {{ rollup_hour('benchmark_hour') }}
