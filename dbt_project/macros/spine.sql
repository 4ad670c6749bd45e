{#- One row per series and step, from its first to its last moment: a gap in the plan is a row too.
    A build upon an older one has the touched steps, and those between the rows that are there and the ends of the
    series: `is_own_step` keeps of the latter those without a plan. -#}
{% macro spine_of(series, column, first, last) -%}
    {%- set grain = column.rsplit('_', 1)[1] -%}
    {%- set step = step_of_grain(column) -%}
    {%- set type = 'timestamptz' if grain == 'hour' else 'timestamp' -%}
    select
        {{ series }}.target_id,
        {{ series }}.suite,
        {{ series }}.suite_version,
        {{ series }}.family,
        {{ series }}.is_simulated,
        steps.moment::{{ 'timestamptz' if grain == 'hour' else 'date' }} as {{ column }}
    from {{ series }}
    {%- if not (is_partial_build() and is_incremental()) %}
    cross join lateral
        generate_series({{ series }}.{{ first }}::{{ type }}, {{ series }}.{{ last }}::{{ type }}, {{ step }})
            as steps (moment)
    {%- else %}
    {%- set low = step_at(column, from_hour()) %}
    {%- set high = step_at(column, last_hour()) %}
    cross join lateral (
        select
            min(existing.{{ column }})::{{ type }} as oldest,
            max(existing.{{ column }})::{{ type }} as newest
        from {{ this }} as existing
        where
            existing.target_id = {{ series }}.target_id
            and existing.family = {{ series }}.family
            and existing.suite = {{ series }}.suite
            and existing.suite_version = {{ series }}.suite_version
    ) as built
    cross join lateral generate_series(
        case
            when built.oldest <= {{ series }}.{{ first }}
                then greatest({{ series }}.{{ first }}, least({{ low }}, built.newest + {{ step }}))
            else {{ series }}.{{ first }}
        end::{{ type }},
        case
            when built.newest >= {{ series }}.{{ last }}
                then least({{ series }}.{{ last }}, greatest({{ high }}, built.oldest))
            else {{ series }}.{{ last }}
        end::{{ type }},
        {{ step }}
    ) as steps (moment)
    where
        steps.moment between {{ low }} and {{ high }}
        or coalesce(steps.moment not between built.oldest and built.newest, true)
    {%- endif %}
{%- endmacro %}

{% macro step_of_grain(column) -%}
    {%- set steps = {'hour': "interval '1 hour'", 'date': "interval '1 day'", 'week': "interval '7 days'"} -%}
    {{ steps[column.rsplit('_', 1)[1]] }}
{%- endmacro %}

{#- The step of a moment: the hour itself, its date, or the Monday of its week. -#}
{% macro step_at(column, hour) -%}
    {{ {'hour': hour, 'date': utc_date(hour), 'week': utc_week(hour)}[column.rsplit('_', 1)[1]] }}
{%- endmacro %}

{#- Deletes what lies behind the ends of the series since the touched hours lost their plan: gaps are rows too. The rows of
    a series have no hole, so those that are left over are next to the touched ones. -#}
{% macro delete_beyond_ends(relation, column) -%}
    {%- set key = 'target_id, suite, suite_version, family' -%}
    {%- set outside -%}
    between {{ step_at(column, 'series.first_hour') }} and {{ step_at(column, 'series.last_hour') }}) is not true
    {%- endset %}
    delete from {{ relation }} where ctid = any (array(
        select beyond.ctid
        from (
            select distinct {{ key }}, series.first_hour, series.last_hour
            from {{ relation }} as beside
            left join {{ ref('int_series_spanned') }} as series using ({{ key }})
            where
                beside.{{ column }} in (
                    {{ step_at(column, from_hour()) }} - {{ step_of_grain(column) }},
                    {{ step_at(column, last_hour()) }} + {{ step_of_grain(column) }}
                )
                and (beside.{{ column }} {{ outside }}
        ) as series
        cross join lateral (
            select existing.ctid from {{ relation }} as existing
            where
                {%- for name in key.split(', ') %}
                existing.{{ name }} = series.{{ name }} and
                {%- endfor %}
                (existing.{{ column }} {{ outside }}
            offset 0
        ) as beyond
    ));
{%- endmacro %}

{#- A step that is planned but not touched belongs to another run: its intervals may not be there yet. -#}
{% macro is_own_step(column) -%}
    {{ is_touched('spine.' ~ column) }}{{ ' or measures.planned_count is null' if is_partial_build() }}
{%- endmacro %}

{#- What a spine row counts; a row without a plan counts nothing, and one that is not built what was planned. -#}
{% macro spine_counts(column, counted=['planned', 'answered', 'failed', 'scored', 'scenario']) -%}
    {%- for count in counted -%}
    coalesce(measures.{{ count }}_count, {{ unbuilt_count(column) ~ ', ' if count == 'planned' }}0) as {{ count }}_count
    {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Calls of a spine row that are planned and not built, as `unbuilt_calls()` has them under that name. No join: it is asked
    for rows without measures alone, and the planner would make of a year's joins one that compares all with all. -#}
{% macro unbuilt_count(column) -%}
    (
        select unbuilt.planned_count from unbuilt
        where
            unbuilt.target_id = spine.target_id and unbuilt.suite = spine.suite
            and unbuilt.suite_version = spine.suite_version and unbuilt.family = spine.family
            and unbuilt.{{ column }} = spine.{{ column }}
    )
{%- endmacro %}

{% macro spine_measures() -%}
    measures.cost_usd,
    measures.input_tokens,
    measures.output_tokens,
    measures.latency_p50_ms,
    measures.time_to_first_token_p50_ms
{%- endmacro %}

{#- The mean and its interval come from one place. An interval that outlived its scores is not shown. -#}
{% macro interval_columns() -%}
    {%- for column in ['score_mean', 'score_sd', 'score_ci95_lower', 'score_ci95_upper', 'scorer_versions'] -%}
    case when measures.scored_count > 0 then intervals.{{ column }} end as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- A condition on a moment: within the steps of the spine. A build of everything has all of them and does not ask,
    else the planner would take their hours for few. -#}
{% macro is_within_spine(column, moment='benchmark_hour') -%}
    {%- if not (is_partial_build() and is_incremental()) -%}
        true
    {%- elif column.endswith('_date') -%}
        {{ moment }} >= (select min(spine.{{ column }}) from spine)::timestamp at time zone 'UTC'
        and {{ moment }} < ((select max(spine.{{ column }}) from spine) + 1)::timestamp at time zone 'UTC'
    {%- else -%}
        {{ moment }} >= (select min(spine.{{ column }}) from spine)
        and {{ moment }} <= (select max(spine.{{ column }}) from spine)
    {%- endif -%}
{%- endmacro %}

{#- Calls by plan of the spine's steps, of hours that no build has resolved: that of such an hour failed, and it is for that
    of a later one to say so. A build of everything leaves none. Each hour is looked up by an index, as the planner takes
    the hours for many. -#}
{% macro unbuilt_calls(column) -%}
    {%- set days = {'hour': none, 'date': 1, 'week': 7}[column.rsplit('_', 1)[1]] -%}
    select
        plans.target_id,
        plans.suite,
        plans.suite_version,
        families.family,
        steps.{{ column }},
        count(distinct plans.call_id) as planned_count
    from (select distinct spine.{{ column }} from spine) as steps
    {%- if days %}
    cross join lateral generate_series(
        steps.{{ column }}::timestamp at time zone 'UTC',
        (steps.{{ column }} + {{ days }})::timestamp at time zone 'UTC' - interval '1 hour',
        interval '1 hour'
    ) as hours (moment)
    {%- else %}
    cross join lateral (values (steps.{{ column }})) as hours (moment)
    {%- endif %}
    cross join lateral (
        select planned.* from {{ ref('stg_collection__planned_calls') }} as planned
        where planned.benchmark_hour = hours.moment and planned.{{ is_measurement() }}
        offset 0
    ) as plans
    inner join {{ ref('int_scenarios_deduplicated') }} as scenarios
        on plans.scenario_id = scenarios.scenario_id and plans.scenario_version = scenarios.scenario_version
    cross join lateral (values (scenarios.family), ('all')) as families (family)
    where
        {{ 'true' if is_partial_build() and is_incremental() else 'false' }}
        and (
            select calls.benchmark_hour from {{ ref('int_calls_resolved') }} as calls
            where calls.benchmark_hour = hours.moment
            limit 1
        ) is null
    group by plans.target_id, plans.suite, plans.suite_version, families.family, steps.{{ column }}
{%- endmacro %}

{#- The same on a column of dates, for a spine of dates or weeks. -#}
{% macro is_date_within_spine(date, column) -%}
    {%- if not (is_partial_build() and is_incremental()) -%}
        true
    {%- else -%}
        {{ date }} >= (select min(spine.{{ column }}) from spine)
        and {{ date }} < (select max(spine.{{ column }}) from spine) + {{ 7 if column.endswith('_week') else 1 }}
    {%- endif -%}
{%- endmacro %}
