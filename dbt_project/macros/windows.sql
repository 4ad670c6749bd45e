{#- The UTC dates that lie wholly within a window; a condition on a `_date` column. -#}
{% macro is_whole_day_of(window, column) -%}
    {{ column }} >= {{ utc_date(window ~ ".window_start + interval '23 hours'") }}
    and {{ column }} < {{ utc_date(window ~ '.window_end') }}
{%- endmacro %}

{#- The hours of the two UTC days that a window cuts: `cut.first_hour`, inclusive, and `cut.end_hour`. -#}
{% macro cut_days_of(window) -%}
    (
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
    cross join lateral {{ cut_days_of('windows') }}
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

{#- What was measured of the calls of the windows of a relation, `answer_measures()` by day; family `all` too. The two days
    that a window cuts have 24 hours in it, and are one. -#}
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
    cross join lateral (
        select
            calls.target_id,
            calls.family,
            {{ answer_measures() }}
        from {{ cut_days_of('windows') }}
        cross join lateral (
            select * from {{ ref('int_calls_resolved') }} as resolved
            where
                resolved.suite = windows.suite
                and resolved.suite_version = windows.suite_version
                and resolved.benchmark_hour >= cut.first_hour
                and resolved.benchmark_hour < cut.end_hour
                and resolved.{{ is_measurement() }}
            offset 0
        ) as calls
        group by grouping sets ((calls.target_id, calls.family), (calls.target_id))
    ) as hours
{%- endmacro %}
