with windows as (

    select
        *,
        extract(epoch from window_end - window_start)::integer / 86400 as day_count
    from {{ ref('int_windows_anchored') }}

),

targets as (

    select * from {{ ref('int_targets_deduplicated') }}

),

-- Windows of a suite end together, so that the days of the longest are those of the others too.
longest as (

    select
        suite,
        suite_version,
        window_end,
        min(window_start) as window_start
    from windows
    group by suite, suite_version, window_end

),

-- Once for all windows, and one day at a time, so that there is never much to put in order.
past_days as materialized (

    select
        longest.suite,
        longest.suite_version,
        longest.window_end,
        ends.days_before_end,
        summed.*
    from longest
    cross join
        lateral
        generate_series(
            0, extract(epoch from longest.window_end - longest.window_start)::integer / 86400 - 1
        ) as ends (days_before_end)
    cross join lateral (
        select
            cells.target_id,
            cells.scenario_id,
            cells.scenario_version,
            cells.family,
            cells.scorer,
            cells.scorer_version,
            sum(cells.scored_count)::bigint as scored_count,
            sum(cells.solved_count)::bigint as solved_count,
            sum(cells.score_sum)::double precision as score_sum
        from {{ ref('int_scenario_scores_hourly') }} as cells
        where
            cells.suite = longest.suite
            and cells.suite_version = longest.suite_version
            and cells.benchmark_hour >= longest.window_end - interval '24 hours' * (ends.days_before_end + 1)
            and cells.benchmark_hour < longest.window_end - interval '24 hours' * ends.days_before_end
            and cells.scored_count > 0
        group by
            cells.target_id, cells.scenario_id, cells.scenario_version, cells.family, cells.scorer, cells.scorer_version
    ) as summed

),

days as (

    select
        windows.window_name,
        windows.window_start,
        windows.window_end,
        past_days.suite,
        past_days.suite_version,
        past_days.target_id,
        past_days.scenario_id,
        past_days.scenario_version,
        past_days.family as scenario_family,
        past_days.scorer,
        past_days.scorer_version,
        windows.day_count - 1 - past_days.days_before_end as window_day,
        past_days.scored_count,
        past_days.solved_count,
        past_days.score_sum
    from windows
    inner join past_days
        on
            windows.suite = past_days.suite
            and windows.suite_version = past_days.suite_version
            and windows.window_end = past_days.window_end
            and windows.day_count > past_days.days_before_end

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
