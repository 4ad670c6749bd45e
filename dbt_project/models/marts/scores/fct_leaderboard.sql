{{ config(
    indexes=[{'columns': ['window_name', 'family', 'target_id', 'suite', 'suite_version'], 'unique': true}]
) }}

with intervals as (

    select
        *,
        period_name as window_name,
        period_start as window_start
    from {{ ref('stg_statistics__score_intervals') }}
    where grain = 'window'

),

standings as (

    select * from {{ ref('stg_statistics__standings') }}

),

-- The windows are those that have intervals: by now another run may have moved the newest hour on.
windows as (

    select
        intervals.suite,
        intervals.suite_version,
        intervals.window_name,
        max(intervals.window_start) as window_start,
        max(intervals.window_start) + max(anchored.window_end - anchored.window_start) as window_end
    from intervals
    inner join {{ ref('int_windows_anchored') }} as anchored using (suite, suite_version, window_name)
    group by intervals.suite, intervals.suite_version, intervals.window_name

),

newest_scorers as (

    select
        windows.window_name,
        cells.suite,
        cells.suite_version,
        cells.scenario_id,
        cells.scenario_version,
        max(cells.scorer_version) as newest_scorer_version
    from windows
    inner join {{ ref('int_scenario_scores_hourly') }} as cells
        on
            windows.suite = cells.suite
            and windows.suite_version = cells.suite_version
            and windows.window_start <= cells.benchmark_hour
            and windows.window_end > cells.benchmark_hour
    where cells.scored_count > 0
    group by windows.window_name, cells.suite, cells.suite_version, cells.scenario_id, cells.scenario_version

),

calls as (

    select
        windows.window_name,
        windows.window_start,
        windows.window_end,
        resolved.target_id,
        resolved.suite,
        resolved.suite_version,
        resolved.family,
        resolved.benchmark_hour,
        resolved.scenario_id,
        {{ consistent_status('resolved') }},
        resolved.response_status,
        resolved.try_count,
        resolved.answered_at,
        resolved.score,
        resolved.answer_cost_usd,
        resolved.latency_ms,
        resolved.time_to_first_token_ms,
        resolved.is_simulated
    from windows
    inner join {{ ref('int_calls_resolved') }} as resolved
        on
            windows.suite = resolved.suite
            and windows.suite_version = resolved.suite_version
            and windows.window_start <= resolved.benchmark_hour
            and windows.window_end > resolved.benchmark_hour
            and resolved.{{ is_measurement() }}
    left join newest_scorers
        on
            windows.window_name = newest_scorers.window_name
            and resolved.suite = newest_scorers.suite
            and resolved.suite_version = newest_scorers.suite_version
            and resolved.scenario_id = newest_scorers.scenario_id
            and resolved.scenario_version = newest_scorers.scenario_version

),

measures as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        window_name,
        window_start,
        window_end,
        max(answered_at) filter (where status = 'measured') as last_measured_at,
        max(benchmark_hour) filter (where status = 'measured') as last_benchmark_hour,
        count(distinct benchmark_hour) filter (where status = 'measured') as measured_hour_count,
        count(*) filter (where {{ is_timely_answer() }}) as response_count,
        count(*) filter (
            where response_status = 'failed' and status != 'late' and try_count > 0
        ) as failed_count,
        count(*) filter (where status = 'measured') as scored_count,
        count(distinct scenario_id) filter (where status = 'measured') as scenario_count,
        (avg(answer_cost_usd) filter (where {{ is_timely_answer() }}))::numeric(18, 9) as cost_per_task_usd,
        case
            when count(*) filter (where {{ is_timely_answer() }} and answer_cost_usd is null) = 0
                then sum(answer_cost_usd) filter (where {{ is_timely_answer() }})
        end as answers_cost_usd,
        count(*) filter (where status = 'measured' and score = 10) as solved_count,
        {{ median_of_timely('latency_ms') }} as latency_p50_ms,
        percentile_disc(0.95) within group (order by latency_ms) filter (where {{ is_timely_answer() }})
            as latency_p95_ms,
        {{ median_of_timely('time_to_first_token_ms') }} as time_to_first_token_p50_ms,
        percentile_disc(0.95) within group (order by time_to_first_token_ms) filter (where {{ is_timely_answer() }})
            as time_to_first_token_p95_ms,
        bool_or(is_simulated) as is_simulated
    from calls
    group by grouping sets (
        (target_id, suite, suite_version, window_name, window_start, window_end, family),
        (target_id, suite, suite_version, window_name, window_start, window_end)
    )

)

select
    measures.target_id,
    measures.suite,
    measures.suite_version,
    measures.family,
    measures.window_name,
    measures.window_start,
    measures.window_end,
    max(measures.last_measured_at) over (partition by measures.suite, measures.suite_version) as as_of,
    {{ interval_columns() }},
    standings.score_suite_ci95_lower,
    standings.score_suite_ci95_upper,
    standings.rank_ci95_lower,
    standings.rank_ci95_upper,
    standings.ranked_count,
    measures.response_count,
    measures.scored_count,
    measures.scenario_count,
    measures.measured_hour_count,
    measures.cost_per_task_usd,
    (measures.answers_cost_usd / nullif(measures.solved_count, 0))::numeric(18, 9) as cost_per_solved_task_usd,
    measures.solved_count,
    measures.latency_p50_ms,
    measures.latency_p95_ms,
    measures.time_to_first_token_p50_ms,
    measures.time_to_first_token_p95_ms,
    measures.failed_count::double precision / nullif(measures.response_count + measures.failed_count, 0) as error_rate,
    measures.last_benchmark_hour,
    measures.is_simulated,
    (
        measures.scenario_count < 3
        or measures.measured_hour_count < 24
        or intervals.score_ci95_lower is null
    ) as is_preliminary
from measures
left join intervals using (target_id, suite, suite_version, family, window_name, window_start)
left join standings using (target_id, suite, suite_version, family, window_name, window_start)
