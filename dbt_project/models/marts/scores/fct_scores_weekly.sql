{{ config(materialized='view') }}

with weeks as (

    select
        target_id,
        suite,
        suite_version,
        family,
        date_trunc('week', score_date::timestamp)::date as week_start_date,
        bool_or(is_simulated) as is_simulated,
        sum(planned_count)::bigint as planned_count,
        sum(answered_count)::bigint as answered_count,
        sum(failed_count)::bigint as failed_count,
        sum(scored_count)::bigint as day_scored_count,
        sum(measured_hour_count)::bigint as measured_hour_count,
        count(*) filter (where status = 'measured') as measured_day_count,
        bool_or(status = 'late') as has_late,
        mode() within group (order by reason collate "C") as usual_reason,
        case
            when count(*) filter (where answered_count > 0 and cost_usd is null) = 0 then sum(cost_usd)
        end::numeric(18, 9) as cost_usd
    from {{ ref('fct_scores_daily') }}
    group by target_id, suite, suite_version, family, date_trunc('week', score_date::timestamp)::date

),

intervals as (

    select
        *,
        {{ utc_date('period_start') }} as week_start_date
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'week'

),

joined as (

    select
        weeks.*,
        (case when weeks.day_scored_count > 0 then coalesce(intervals.response_count, 0) else 0 end)::bigint
            as scored_count,
        intervals.scenario_count,
        intervals.score_mean,
        intervals.score_sd,
        intervals.score_ci95_lower,
        intervals.score_ci95_upper,
        intervals.scorer_versions
    from weeks
    left join intervals using (target_id, suite, suite_version, family, week_start_date)

)

select
    target_id,
    suite,
    suite_version,
    family,
    week_start_date,
    case when scored_count > 0 then 'measured' when has_late then 'late' else 'missing' end as status,
    case
        when scored_count > 0 then null
        when has_late then 'late'
        when measured_day_count > 0 then 'not_rescored'
        else usual_reason
    end as reason,
    planned_count,
    answered_count,
    failed_count,
    scored_count,
    (case when scored_count > 0 then scenario_count else 0 end)::bigint as scenario_count,
    measured_hour_count,
    case when scored_count > 0 then score_mean end as score_mean,
    case when scored_count > 0 then score_sd end as score_sd,
    case when scored_count > 0 then score_ci95_lower end as score_ci95_lower,
    case when scored_count > 0 then score_ci95_upper end as score_ci95_upper,
    case when scored_count > 0 then scorer_versions end as scorer_versions,
    cost_usd,
    is_simulated
from joined
