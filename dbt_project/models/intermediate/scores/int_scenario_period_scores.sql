-- Each part reads its own periods of the cells by an index, also when few are asked for.
with cells as not materialized (

    select * from {{ ref('int_scenario_scores_hourly') }}
    where scored_count > 0

),

suites as (

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
    from cells

),

longer_periods as (

    select
        'window' as grain,
        window_name as period_name,
        suite,
        suite_version,
        window_start as period_start,
        window_end as period_end
    from {{ ref('int_windows_anchored') }}
    union all
    select
        grains.grain,
        '' as period_name,
        suites.suite,
        suites.suite_version,
        steps.moment as period_start,
        steps.moment + grains.step as period_end
    from suites
    cross join (
        values ('day', interval '24 hours'), ('week', interval '168 hours')
    ) as grains (grain, step)
    cross join
        lateral
        generate_series(date_trunc(grains.grain, suites.first_hour, 'UTC'), suites.last_hour, grains.step)
            as steps (moment)

),

longer as (

    select
        longer_periods.grain,
        longer_periods.period_name,
        longer_periods.period_start,
        summed.target_id,
        longer_periods.suite,
        longer_periods.suite_version,
        summed.family,
        summed.scenario_id,
        summed.scenario_version,
        summed.scorer,
        summed.scorer_version,
        summed.scored_count,
        summed.score_sum
    from longer_periods
    cross join lateral (
        select
            cells.target_id,
            cells.family,
            cells.scenario_id,
            cells.scenario_version,
            cells.scorer,
            cells.scorer_version,
            sum(cells.scored_count) as scored_count,
            sum(cells.score_sum) as score_sum
        from cells
        where
            cells.suite = longer_periods.suite
            and cells.suite_version = longer_periods.suite_version
            and cells.benchmark_hour >= longer_periods.period_start
            and cells.benchmark_hour < longer_periods.period_end
        group by
            cells.target_id, cells.family, cells.scenario_id, cells.scenario_version, cells.scorer, cells.scorer_version
    ) as summed

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
