with cells as (

    select * from {{ ref('int_scenario_scores_hourly') }}
    where scored_count > 0

),

windows as (

    select * from {{ ref('int_windows_anchored') }}

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

days as (

    select
        'day' as grain,
        '' as period_name,
        date_trunc('day', benchmark_hour, 'UTC') as period_start,
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
    from cells
    group by
        date_trunc('day', benchmark_hour, 'UTC'), target_id, suite, suite_version, family, scenario_id,
        scenario_version, scorer, scorer_version

),

weeks as (

    select
        'week' as grain,
        '' as period_name,
        date_trunc('week', benchmark_hour, 'UTC') as period_start,
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
    from cells
    group by
        date_trunc('week', benchmark_hour, 'UTC'), target_id, suite, suite_version, family, scenario_id,
        scenario_version, scorer, scorer_version

),

windowed as (

    select
        'window' as grain,
        windows.window_name as period_name,
        windows.window_start as period_start,
        cells.target_id,
        cells.suite,
        cells.suite_version,
        cells.family,
        cells.scenario_id,
        cells.scenario_version,
        cells.scorer,
        cells.scorer_version,
        sum(cells.scored_count) as scored_count,
        sum(cells.score_sum) as score_sum
    from windows
    inner join cells
        on
            windows.suite = cells.suite
            and windows.suite_version = cells.suite_version
            and windows.window_start <= cells.benchmark_hour
            and windows.window_end > cells.benchmark_hour
    group by
        windows.window_name, windows.window_start, cells.target_id, cells.suite, cells.suite_version, cells.family,
        cells.scenario_id, cells.scenario_version, cells.scorer, cells.scorer_version

),

-- A longer period may hold scores by several versions of a scorer: of each scenario the newest one counts, for every
-- target. Within an hour int_calls_resolved has seen to it.
longer as (

    select * from days
    union all
    select * from weeks
    union all
    select * from windowed

),

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
