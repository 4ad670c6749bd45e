{#- The UTC dates that lie wholly within a window; a condition on a `_date` column. -#}
{% macro is_whole_day_of(window, column) -%}
    {{ column }} >= {{ utc_date(window ~ ".window_start + interval '23 hours'") }}
    and {{ column }} < {{ utc_date(window ~ '.window_end') }}
{%- endmacro %}

{#- Beside a window, the hours of the two UTC days that it cuts: `cut.first_hour`, inclusive, and `cut.end_hour`. -#}
{% macro cut_days_of(window) -%}
    cross join lateral (
        values
        (
            {{ window }}.window_start,
            {{ utc_date(window ~ ".window_start + interval '23 hours'") }}::timestamp at time zone 'UTC'
        ),
        ({{ utc_date(window ~ '.window_end') }}::timestamp at time zone 'UTC', {{ window }}.window_end)
    ) as cut (first_hour, end_hour)
{%- endmacro %}

{#- What each scenario scored in the windows of a relation, in parts that can be added: whole days, and hours of the days
    that a window cuts. `scored_hours` has a bit for each hour of `score_date`. Each window looks its rows up by an index:
    without `offset` the planner, which takes the windows for many, would read all rows. -#}
{% macro window_scores(windows) -%}
    select
        windows.*,
        parts.*
    from {{ windows }} as windows
    cross join lateral (
        select
            {{ window_score_columns('days') }},
            days.score_date,
            days.scored_hours,
            days.last_scored_hour
        from {{ ref('int_scenario_scores_daily') }} as days
        where
            days.suite = windows.suite
            and days.suite_version = windows.suite_version
            and {{ is_whole_day_of('windows', 'days.score_date') }}
            and days.scored_count > 0
        offset 0
    ) as parts
    union all
    select
        windows.*,
        parts.*
    from {{ windows }} as windows
    {{ cut_days_of('windows') }}
    cross join lateral (
        select
            {{ window_score_columns('cells') }},
            {{ utc_date('cells.benchmark_hour') }} as score_date,
            {{ hour_bit('cells.benchmark_hour') }} as scored_hours,
            cells.benchmark_hour as last_scored_hour
        from {{ ref('int_scenario_scores_hourly') }} as cells
        where
            cells.suite = windows.suite
            and cells.suite_version = windows.suite_version
            and cells.benchmark_hour >= cut.first_hour
            and cells.benchmark_hour < cut.end_hour
            and cells.scored_count > 0
        offset 0
    ) as parts
{%- endmacro %}

{% macro window_score_columns(parts) -%}
    {%- for column in [
        'target_id', 'family', 'scenario_id', 'scenario_version', 'scorer', 'scorer_version', 'scored_count',
        'solved_count', 'score_sum', 'last_answered_at'
    ] -%}
    {{ parts }}.{{ column }}{{ ',\n            ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- A number of 24 bits of which the one of the moment's UTC hour is set. -#}
{% macro hour_bit(moment) -%} (1 << extract(hour from ({{ moment }}) at time zone 'UTC')::integer) {%- endmacro %}

{#- The number of hours in such bits. -#}
{% macro hour_count(bits) -%} bit_count(({{ bits }})::bit(24)) {%- endmacro %}

{#- The number of hours in such bits of the days of `score_week`, of the rows that satisfy `counted`. -#}
{% macro hours_of_week(bits, counted) -%}
    coalesce(
        bit_count(bit_or({{ bits }}::bit(168) << (24 * (score_date - score_week))) filter (where {{ counted }})), 0
    )
{%- endmacro %}

{#- What was measured of the calls of the windows of a relation, `answer_measures()` in such parts; family `all` too. -#}
{% macro window_measures(windows) -%}
    select
        windows.*,
        days.target_id,
        days.family,
        days.answered_count,
        days.failed_count,
        days.priced_count,
        days.answer_cost_usd,
        days.latencies_ms,
        days.times_to_first_token_ms,
        days.is_simulated
    from {{ windows }} as windows
    cross join lateral (
        select * from {{ ref('int_call_measures_daily') }} as measures
        where
            measures.suite = windows.suite
            and measures.suite_version = windows.suite_version
            and {{ is_whole_day_of('windows', 'measures.measure_date') }}
        offset 0
    ) as days
    union all
    select
        windows.*,
        hours.target_id,
        coalesce(hours.family, 'all') as family,
        {% for measure in [
            'answered_count', 'failed_count', 'priced_count', 'answer_cost_usd', 'latencies_ms',
            'times_to_first_token_ms', 'is_simulated'
        ] -%}
        hours.{{ measure }}{{ ',\n        ' if not loop.last }}
        {%- endfor %}
    from {{ windows }} as windows
    {{ cut_days_of('windows') }}
    cross join lateral (
        select
            calls.target_id,
            calls.family,
            {{ answer_measures() }}
        from {{ ref('int_calls_resolved') }} as calls
        where
            calls.suite = windows.suite
            and calls.suite_version = windows.suite_version
            and calls.benchmark_hour >= cut.first_hour
            and calls.benchmark_hour < cut.end_hour
            and calls.{{ is_measurement() }}
        group by grouping sets ((calls.target_id, calls.family), (calls.target_id))
    ) as hours
{%- endmacro %}

{#- Percentiles of all values that the sorted arrays of a window's parts have, as columns `p50` and so on. Around the mean of
    the parts' own percentiles limits are drawn; how many values each of them has below it is counted, and only the values
    between the two that enclose the ranks sought are put in order. An array is unpacked once for all that reads it. -#}
{% macro percentiles_of_parts(parts, values, percents) -%}
    {%- set key = 'target_id, suite, suite_version, family, window_name' -%}
    {%- set unpacked -%}
    cross join lateral (select {{ values }} || '{}' as ordered_values limit 1) as unpacked
    {%- endset -%}
    select
        {{ key }},
        {%- for percent in percents %}
        {{ between_ranks('nearby_' ~ percent, percent, 'value_count', '- lower_count_' ~ percent) }} as p{{ percent }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ key }},
            min(value_count) as value_count,
            {%- for percent in percents %}
            min(lower_count_{{ percent }}) as lower_count_{{ percent }},
            array_agg(nearby.value order by nearby.value) filter (where nearby.percent = {{ percent }})
                as nearby_{{ percent }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                *,
                {%- for percent in percents %}
                {%- set lower = 'width_bucket(' ~ rank_of(percent, 'value_count') ~ ' - 1, counts_' ~ percent ~ ')' %}
                {%- set upper = 'width_bucket(' ~ next_rank_of(percent, 'value_count') ~ ' - 1, counts_' ~ percent ~ ')' %}
                coalesce(counts_{{ percent }}[{{ lower }}], 0) as lower_count_{{ percent }},
                coalesce(limits_{{ percent }}[{{ lower }}], '-infinity') as lower_limit_{{ percent }},
                coalesce(limits_{{ percent }}[{{ upper }} + 1], 'infinity') as upper_limit_{{ percent }}
                {{- ',' if not loop.last }}
                {%- endfor %}
            from (
                {{ counted_limits(parts, values, percents, key, unpacked) }}
            ) as counted
        ) as enclosed
        {{ unpacked }}
        cross join lateral (
            {%- for percent in percents %}
            select
                {{ percent }} as percent,
                unnest(
                    unpacked.ordered_values[
                        width_bucket(lower_limit_{{ percent }}, unpacked.ordered_values) + 1
                        :width_bucket(upper_limit_{{ percent }}, unpacked.ordered_values)
                    ]
                ) as value
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as nearby
        group by {{ key }}
    ) as gathered
{%- endmacro %}

{#- The parts of `percentiles_of_parts` with their window's number of values, and for each percentile its limits and how
    many of the part's window's values lie below each of them. -#}
{% macro counted_limits(parts, values, percents, key, unpacked) -%}
    {%- set deviations = [-1, -0.5, -0.25, 0, 0.25, 0.5, 1] -%}
    select
        limited.*,
        {%- for percent in percents %}
        array[
            {%- for _ in deviations %}
            sum(width_bucket(limits_{{ percent }}[{{ loop.index }}], unpacked.ordered_values))
                over of_window::integer{{ ',' if not loop.last }}
            {%- endfor %}
        ] as counts_{{ percent }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ key }},
            {{ values }},
            sum(cardinality(unpacked.ordered_values)) over of_window::integer as value_count,
            {%- for percent in percents %}
            {%- set own -%}
            unpacked.ordered_values[{{ rank_of(percent, 'cardinality(unpacked.ordered_values)') }}]
            {%- endset %}
            array[
                {%- for deviation in deviations %}
                avg({{ own }}) over of_window
                + {{ deviation }} * stddev_pop({{ own }}) over of_window{{ ',' if not loop.last }}
                {%- endfor %}
            ] as limits_{{ percent }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ parts }}
        {{ unpacked }}
        where {{ values }} is not null
        window of_window as (partition by {{ key }})
    ) as limited
    {{ unpacked }}
    window of_window as (partition by {{ key }})
{%- endmacro %}
