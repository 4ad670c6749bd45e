{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='score_date',
    on_schema_change='fail',
    indexes=[
        {'columns': ['score_date', 'suite', 'suite_version']},
        {'columns': ['target_id', 'suite', 'suite_version', 'family', 'first_planned_hour']},
        {'columns': ['suite', 'suite_version', 'first_planned_hour']},
        {'columns': ['suite', 'suite_version', 'last_planned_hour']},
        {'columns': ['suite', 'suite_version', 'last_scored_hour']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

-- Sums, so that days, weeks and windows need not add up the hours again.
with cells as (

    select
        *,
        {{ utc_date('benchmark_hour') }} as score_date,
        {{ hour_bit('benchmark_hour') }} as hour_bit
    from {{ ref('int_scenario_scores_hourly') }}
    where {{ is_on_touched_days('benchmark_hour') }}

)

select
    target_id,
    suite,
    suite_version,
    scenario_id,
    scenario_version,
    family,
    score_date,
    scorer,
    scorer_version,
    bool_or(is_simulated) as is_simulated,
    sum(planned_count)::bigint as planned_count,
    sum(answered_count)::bigint as answered_count,
    sum(late_count)::bigint as late_count,
    sum(scored_count)::bigint as scored_count,
    sum(solved_count)::bigint as solved_count,
    sum(score_sum) as score_sum,
    bit_or(hour_bit) as planned_hours,
    bit_or(case when scored_count > 0 then hour_bit else 0 end) as scored_hours,
    min(benchmark_hour) as first_planned_hour,
    max(benchmark_hour) as last_planned_hour,
    max(benchmark_hour) filter (where scored_count > 0) as last_scored_hour,
    max(last_answered_at) as last_answered_at
from cells
group by
    target_id, suite, suite_version, scenario_id, scenario_version, family, score_date, scorer, scorer_version
