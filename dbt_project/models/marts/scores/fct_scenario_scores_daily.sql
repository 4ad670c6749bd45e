{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='score_date',
    on_schema_change='fail',
    indexes=[
        {
            'columns': ['target_id', 'scenario_id', 'score_date', 'scenario_version', 'suite', 'suite_version'],
            'unique': true
        },
        {'columns': ['target_id', 'suite', 'score_date']},
        {'columns': ['score_date']},
    ],
    post_hook='{{ analyze_new_table() }}'
) }}

with days as (

    select * from {{ ref('int_scenario_scores_daily') }}
    where {{ is_touched('score_date') }}

),

-- Of the day's scores those by the newest version of the scorer count, for every target.
ranked as (

    select
        *,
        scorer_version = max(scorer_version) over (
            partition by score_date, suite, suite_version, scenario_id, scenario_version
        ) as is_counted
    from days

)

select
    target_id,
    suite,
    suite_version,
    scenario_id,
    scenario_version,
    family,
    score_date,
    sum(planned_count)::bigint as planned_count,
    sum(answered_count)::bigint as answered_count,
    coalesce(sum(scored_count) filter (where is_counted), 0)::bigint as scored_count,
    (sum(score_sum) filter (where is_counted))::double precision
    / nullif(sum(scored_count) filter (where is_counted), 0)::double precision as score_mean,
    max(scorer || ':' || scorer_version) filter (where is_counted) as scorer_versions,
    bool_or(is_simulated) as is_simulated
from ranked
group by target_id, suite, suite_version, scenario_id, scenario_version, family, score_date
