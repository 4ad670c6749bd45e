-- Each part reads its own periods by an index, also when few are asked for.
with suites as (

    select * from {{ ref('int_suites_spanned') }}

),

hours as (

    select
        'hour' as grain,
        '' as period_name,
        benchmark_hour as period_start,
        target_id,
        suite,
        suite_version,
        family,
        scenario_id,
        scenario_version,
        scorer,
        scorer_version,
        scored_count,
        score_sum
    from {{ ref('int_scenario_scores_hourly') }}
    where scored_count > 0

),

windows as (

    select * from {{ ref('int_windows_anchored') }}

),

window_scores as (

    {{ window_scores('windows') }}

),

windowed as (

    select
        'window' as grain,
        window_name as period_name,
        window_start as period_start,
        target_id,
        suite,
        suite_version,
        family,
        scenario_id,
        scenario_version,
        scorer,
        scorer_version,
        sum(scored_count) as scored_count,
        sum(score_sum) as score_sum
    from window_scores
    group by
        window_name, window_start, target_id, suite, suite_version, family, scenario_id, scenario_version, scorer,
        scorer_version

),

calendar as (

    select
        grains.grain,
        suites.suite,
        suites.suite_version,
        steps.moment as period_start,
        {{ utc_date('steps.moment') }} as first_date,
        {{ utc_date('steps.moment') }} + grains.day_count as end_date
    from suites
    cross join (values ('day', 1), ('week', 7)) as grains (grain, day_count)
    cross join
        lateral
        generate_series(
            date_trunc(grains.grain, suites.first_hour, 'UTC'), suites.last_hour, interval '1 day' * grains.day_count
        ) as steps (moment)

),

dated as (

    select
        calendar.grain,
        '' as period_name,
        calendar.period_start,
        summed.target_id,
        calendar.suite,
        calendar.suite_version,
        summed.family,
        summed.scenario_id,
        summed.scenario_version,
        summed.scorer,
        summed.scorer_version,
        summed.scored_count,
        summed.score_sum
    from calendar
    cross join lateral (
        select
            days.target_id,
            days.family,
            days.scenario_id,
            days.scenario_version,
            days.scorer,
            days.scorer_version,
            sum(days.scored_count) as scored_count,
            sum(days.score_sum) as score_sum
        from {{ ref('int_scenario_scores_daily') }} as days
        where
            days.suite = calendar.suite
            and days.suite_version = calendar.suite_version
            and days.score_date >= calendar.first_date
            and days.score_date < calendar.end_date
            and days.scored_count > 0
        group by
            days.target_id, days.family, days.scenario_id, days.scenario_version, days.scorer, days.scorer_version
    ) as summed

),

longer as (

    select * from windowed
    union all
    select * from dated

),

-- A longer period may hold scores by several versions of a scorer: of each scenario the newest one counts, for every
-- target. Within an hour int_calls_resolved has seen to it.
ranked as (

    select
        *,
        max(scorer_version) over (
            partition by grain, period_name, period_start, suite, suite_version, scenario_id, scenario_version
        ) as newest_scorer_version
    from longer

),

periods as (

    select
        *,
        scorer_version as newest_scorer_version
    from hours
    union all
    select * from ranked

)

select
    periods.grain,
    periods.period_name,
    periods.period_start,
    periods.target_id,
    periods.suite,
    periods.suite_version,
    families.family,
    periods.scenario_id,
    periods.scenario_version,
    periods.family as scenario_family,
    periods.scorer || ':' || periods.scorer_version as scorer_versions,
    (periods.score_sum / periods.scored_count)::double precision as mean_score,
    periods.scored_count::bigint as scored_count
from periods
cross join lateral (values (periods.family), ('all')) as families (family)
where periods.scorer_version = periods.newest_scorer_version
