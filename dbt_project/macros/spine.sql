{#- One row per series and step, from its first to its last moment: a gap in the plan is a row too.
    A build upon an older one has the touched steps, and those between the rows that are there and the ends of the
    series: `is_own_step` keeps of the latter those without a plan. -#}
{% macro spine_of(series, column, first, last) -%}
    {%- set grain = column.rsplit('_', 1)[1] -%}
    {%- set step = {'hour': "interval '1 hour'", 'date': "interval '1 day'", 'week': "interval '7 days'"}[grain] -%}
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
    {%- set low = {'hour': from_hour(), 'date': from_date(), 'week': utc_week(from_hour())}[grain] %}
    {%- set high = {'hour': last_hour(), 'date': to_date(), 'week': utc_week(last_hour())}[grain] %}
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

{#- A step that is planned but not touched belongs to another run: its intervals may not be there yet. -#}
{% macro is_own_step(column) -%}
    {{ is_touched('spine.' ~ column) }}{{ ' or measures.planned_count is null' if is_partial_build() }}
{%- endmacro %}

{#- What a spine row counts; a row without a plan counts nothing. -#}
{% macro spine_counts(counted=['planned', 'answered', 'failed', 'scored', 'scenario']) -%}
    {%- for count in counted -%}
    coalesce(measures.{{ count }}_count, 0) as {{ count }}_count{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
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

{#- The same on a column of dates, for a spine of dates or weeks. -#}
{% macro is_date_within_spine(date, column) -%}
    {%- if not (is_partial_build() and is_incremental()) -%}
        true
    {%- else -%}
        {{ date }} >= (select min(spine.{{ column }}) from spine)
        and {{ date }} < (select max(spine.{{ column }}) from spine) + {{ 7 if column.endswith('_week') else 1 }}
    {%- endif -%}
{%- endmacro %}
