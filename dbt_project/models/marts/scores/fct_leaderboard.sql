{{ config(
    indexes=[{'columns': ['window_name', 'family', 'target_id', 'suite', 'suite_version'], 'unique': true}]
) }}
{%- set times = {'latency': 'latencies_ms', 'time_to_first_token': 'times_to_first_token_ms'} %}
{%- set key = 'target_id, suite, suite_version, family, window_name' %}
{%- set asked = '(answered_count + failed_count)' %}

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

window_scores as (

    {{ window_scores('windows') }}

),

-- Of each scenario the newest version of its scorer counts in the whole window, for every target.
ranked as (

    select
        *,
        scorer_version = max(scorer_version) over (
            partition by window_name, suite, suite_version, scenario_id, scenario_version
        ) as is_counted
    from window_scores

),

hours_of_days as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        window_name,
        score_date,
        {{ hour_count('bit_or(scored_hours)') }} as measured_hour_count
    from ranked
    where is_counted
    group by grouping sets (
        (target_id, suite, suite_version, window_name, score_date, family),
        (target_id, suite, suite_version, window_name, score_date)
    )

),

measured_hours as (

    select
        target_id,
        suite,
        suite_version,
        family,
        window_name,
        sum(measured_hour_count)::bigint as measured_hour_count
    from hours_of_days
    group by target_id, suite, suite_version, family, window_name

),

scores as (

    select
        target_id,
        suite,
        suite_version,
        coalesce(family, 'all') as family,
        window_name,
        sum(scored_count)::bigint as scored_count,
        sum(solved_count)::bigint as solved_count,
        count(distinct scenario_id) as scenario_count,
        max(last_scored_hour) as last_benchmark_hour,
        max(last_answered_at) as last_measured_at
    from ranked
    where is_counted
    group by grouping sets (
        (target_id, suite, suite_version, window_name, family),
        (target_id, suite, suite_version, window_name)
    )

),

window_measures as (

    {{ window_measures('windows') }}

),

answers as (

    select
        target_id,
        suite,
        suite_version,
        family,
        window_name,
        window_start,
        window_end,
        sum(answered_count)::bigint as response_count,
        sum({{ asked }})::bigint as asked_count,
        sum(failed_count)::bigint as failed_count,
        sum(priced_count)::bigint as priced_count,
        sum(answer_cost_usd) as priced_cost_usd,
        (count(*) filter (where {{ asked }} > 0))::integer as asked_day_count,
        (count(*) filter (where priced_count > 0))::integer as priced_day_count,
        {{ squared_distances('failed_count', asked) }} as failed_distances,
        {{ squared_distances('answer_cost_usd', 'priced_count') }} as cost_distances,
        (sum(answer_cost_usd) / nullif(sum(priced_count), 0))::numeric(18, 9) as cost_per_task_usd,
        case when sum(priced_count) = sum(answered_count) then sum(answer_cost_usd) end as answers_cost_usd,
        bool_or(is_simulated) as is_simulated
    from window_measures
    group by target_id, suite, suite_version, family, window_name, window_start, window_end

),

{%- for name, values in times.items() %}

{{ name }} as (

    {{ percentiles_of_parts('window_measures', values, [50, 95], key, is_bounded=true) }}

),
{%- endfor %}

measures as (

    select
        answers.*,
        least(
            answers.asked_count,
            {{ effective_count('failed_count', 'asked_count', 'failed_distances', 'asked_day_count') }}
        ) as asked_effective_count,
        {{ t_quantile('asked_day_count - 1') }} as t_of_asked_days,
        {{ t_quantile('priced_day_count - 1') }} as t_of_priced_days,
        coalesce(scores.scored_count, 0) as scored_count,
        coalesce(scores.solved_count, 0) as solved_count,
        coalesce(scores.scenario_count, 0) as scenario_count,
        coalesce(measured_hours.measured_hour_count, 0) as measured_hour_count,
        scores.last_benchmark_hour,
        scores.last_measured_at,
        coalesce(time_to_first_token.value_count, 0)::bigint as streamed_count,
        {{ time_columns(times) }}
    from answers
    left join scores using (target_id, suite, suite_version, family, window_name)
    left join measured_hours using (target_id, suite, suite_version, family, window_name)
    {%- for name in times %}
    left join {{ name }} using (target_id, suite, suite_version, family, window_name)
    {%- endfor %}

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
    measures.asked_count,
    measures.response_count,
    measures.priced_count,
    measures.streamed_count,
    measures.scored_count,
    measures.scenario_count,
    measures.measured_hour_count,
    measures.cost_per_task_usd,
    {%- for end, sign in [('lower', '-'), ('upper', '+')] %}
    ({{ ratio_bound(
        sign, 'priced_cost_usd', 'nullif(priced_count, 0)', 'cost_distances', 'priced_day_count', 't_of_priced_days'
    ) }})::double precision as cost_per_task_ci95_{{ end }},
    {%- endfor %}
    (measures.answers_cost_usd / nullif(measures.solved_count, 0))::numeric(18, 9) as cost_per_solved_task_usd,
    measures.solved_count,
    {%- for name in times %}
    {%- for percent in ['p50', 'p95'] %}
    measures.{{ name }}_{{ percent }}_ms,
    measures.{{ name }}_{{ percent }}_ci95_lower,
    measures.{{ name }}_{{ percent }}_ci95_upper,
    {%- endfor %}
    {%- endfor %}
    measures.failed_count::double precision / nullif(measures.asked_count, 0) as error_rate,
    {%- set share = 'failed_count::double precision / nullif(asked_count, 0)' %}
    {%- for end, sign in [('lower', '-'), ('upper', '+')] %}
    round(
        ({{ share_bound(sign, share, 'asked_effective_count', 't_of_asked_days') }})::numeric, 12
    )::double precision as error_rate_ci95_{{ end }},
    {%- endfor %}
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
