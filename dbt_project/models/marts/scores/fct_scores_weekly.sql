{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    unique_key='score_week',
    on_schema_change='fail',
    indexes=[
        {'columns': ['target_id', 'family', 'score_week', 'suite', 'suite_version'], 'unique': true},
        {'columns': ['score_week']},
    ],
    post_hook='{{ analyze_new_table() }}',
    meta={'is_spine': true}
) }}

with series as (

    select
        *,
        {{ utc_week('first_hour') }} as first_week,
        {{ utc_week('last_hour') }} as last_week
    from {{ ref('int_series_spanned') }}

),

spine as (

    {{ spine_of('series', 'score_week', 'first_week', 'last_week') }}

),

days as (

    select
        *,
        date_trunc('week', score_date::timestamp)::date as score_week
    from {{ ref('int_scenario_scores_daily') }}
    where {{ is_date_within_spine('score_date', 'score_week') }}

),

-- Of the week's scores those by the newest version of the scorer count, for every target.
ranked as (

    select
        *,
        scored_count > 0 and scorer_version = max(scorer_version) over (
            partition by score_week, suite, suite_version, scenario_id, scenario_version
        ) as is_counted
    from days

),

sums as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        score_week,
        sum(planned_count)::bigint as planned_count,
        sum(answered_count)::bigint as answered_count,
        sum(late_count)::bigint as late_count,
        coalesce(sum(scored_count) filter (where is_counted), 0)::bigint as scored_count,
        count(distinct scenario_id) filter (where is_counted) as scenario_count,
        {{ hours_of_week('scored_hours', 'is_counted') }} as measured_hour_count,
        {{ hours_of_week('planned_hours', 'true') }} as planned_hour_count
    from ranked
    group by grouping sets (
        (target_id, suite, suite_version, score_week, family),
        (target_id, suite, suite_version, score_week)
    )

),

missing_days as (

    select
        target_id,
        suite,
        suite_version,
        family,
        date_trunc('week', score_date::timestamp)::date as score_week,
        reason,
        sum(planned_count) as call_count
    from {{ ref('fct_scores_daily') }}
    where
        status = 'missing' and planned_hour_count > 0
        and {{ is_date_within_spine('score_date', 'score_week') }}
    group by target_id, suite, suite_version, family, date_trunc('week', score_date::timestamp)::date, reason

),

usual_reasons as (

    select distinct on (target_id, suite, suite_version, family, score_week)
        target_id,
        suite,
        suite_version,
        family,
        score_week,
        reason as usual_reason
    from missing_days
    order by
        target_id asc, suite asc, suite_version asc, family asc, score_week asc, call_count desc, reason collate "C" asc

),

-- Days that all were measured, and don't count, were so by an older version of the scorer than another's of the week.
measures as (

    select
        sums.*,
        coalesce(usual_reasons.usual_reason, 'not_rescored') as usual_reason
    from sums
    left join usual_reasons using (target_id, suite, suite_version, family, score_week)

),

unbuilt as (

    {{ unbuilt_calls('score_week') }}

),

intervals as (

    select
        *,
        {{ utc_date('period_start') }} as score_week
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'week'

)

select
    spine.target_id,
    spine.suite,
    spine.suite_version,
    spine.family,
    spine.score_week,
    {{ spine_status() }} as status,
    {{ spine_reason('score_week') }} as reason,
    {{ spine_counts('score_week', ['planned', 'answered', 'scored', 'scenario', 'measured_hour', 'planned_hour']) }},
    {{ interval_columns() }},
    spine.is_simulated
from spine
left join measures using (target_id, suite, suite_version, family, score_week)
left join intervals using (target_id, suite, suite_version, family, score_week)
where {{ is_own_step('score_week') }}
