with windows as (

    select * from {{ ref('int_windows_anchored') }}

),

cells as (

    select * from {{ ref('int_scenario_scores_hourly') }}
    where scored_count > 0

),

targets as (

    select * from {{ ref('int_targets_deduplicated') }}

),

days as (

    select
        windows.window_name,
        windows.window_start,
        windows.window_end,
        cells.suite,
        cells.suite_version,
        cells.target_id,
        cells.scenario_id,
        cells.scenario_version,
        cells.family as scenario_family,
        cells.scorer,
        cells.scorer_version,
        extract(epoch from cells.benchmark_hour - windows.window_start)::integer / 86400 as window_day,
        sum(cells.scored_count)::bigint as scored_count,
        sum(cells.solved_count)::bigint as solved_count,
        sum(cells.score_sum)::double precision as score_sum
    from windows
    inner join cells
        on
            windows.suite = cells.suite
            and windows.suite_version = cells.suite_version
            and windows.window_start <= cells.benchmark_hour
            and windows.window_end > cells.benchmark_hour
    group by
        windows.window_name, windows.window_start, windows.window_end, cells.suite, cells.suite_version,
        cells.target_id, cells.scenario_id, cells.scenario_version, cells.family, cells.scorer, cells.scorer_version,
        extract(epoch from cells.benchmark_hour - windows.window_start)::integer / 86400

),

-- Of each scenario the newest version of its scorer counts in the whole window, for every target.
ranked as (

    select
        *,
        max(scorer_version) over (
            partition by window_name, suite, suite_version, scenario_id, scenario_version
        ) as newest_scorer_version
    from days

)

select
    ranked.window_name,
    ranked.window_start,
    ranked.window_end,
    ranked.suite,
    ranked.suite_version,
    targets.is_simulated,
    ranked.target_id,
    ranked.scenario_id,
    ranked.scenario_version,
    ranked.scenario_family,
    ranked.window_day,
    ranked.scorer || ':' || ranked.scorer_version as scorer_versions,
    ranked.scored_count,
    ranked.solved_count,
    ranked.score_sum
from ranked
inner join targets using (target_id)
where ranked.scorer_version = ranked.newest_scorer_version
