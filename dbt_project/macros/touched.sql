{#- Whether this build is confined to the touched hours: they are given as --event-time-start and --event-time-end (UTC,
    the end excluded), and it is no full refresh. Vars are no place for them: other vars make dbt parse everything anew.
    A unit test has no table of its own (`this` is none) and builds from its rows alone. -#}
{% macro is_partial_build() -%}
    {{ return(this is not none and touched('start') is not none and not should_full_refresh()) }}
{%- endmacro %}

{% macro touched(side) -%} {{ return(invocation_args_dict.get('event_time_' ~ side)) }} {%- endmacro %}

{% macro from_hour() -%} timestamptz '{{ touched("start") }}+00' {%- endmacro %}

{% macro to_hour() -%} timestamptz '{{ touched("end") }}+00' {%- endmacro %}

{% macro from_date() -%} {{ utc_date(from_hour()) }} {%- endmacro %}

{#- The last touched hour, inclusive. -#}
{% macro last_hour() -%} {{ to_hour() }} - interval '1 hour' {%- endmacro %}

{#- The last touched date, inclusive. -#}
{% macro to_date() -%} {{ utc_date(last_hour()) }} {%- endmacro %}

{% macro utc_date(moment) -%} (({{ moment }}) at time zone 'UTC')::date {%- endmacro %}

{#- The Monday that the moment's week begins with. -#}
{% macro utc_week(moment) -%} date_trunc('week', ({{ moment }}) at time zone 'UTC')::date {%- endmacro %}

{#- A condition on a `_hour`, `_date` or `_week` column: within the touched hours, days or weeks; true when every hour is
    built. -#}
{% macro is_touched(column) -%} {{ in_touched(column) if is_partial_build() else 'true' }} {%- endmacro %}

{% macro in_touched(column) -%}
    {%- if column.endswith('_date') -%}
        {{ column }} between {{ from_date() }} and {{ to_date() }}
    {%- elif column.endswith('_week') -%}
        {{ column }} between {{ utc_week(from_hour()) }} and {{ utc_week(last_hour()) }}
    {%- else -%}
        {{ column }} >= {{ from_hour() }} and {{ column }} < {{ to_hour() }}
    {%- endif -%}
{%- endmacro %}

{#- A condition on a `_hour` column: on one of the touched UTC days; an index on the column serves it. -#}
{% macro is_on_touched_days(column) -%}
    {%- if not is_partial_build() -%}
        true
    {%- else -%}
        {{ column }} >= {{ from_date() }}::timestamp at time zone 'UTC'
        and {{ column }} < ({{ to_date() }} + 1)::timestamp at time zone 'UTC'
    {%- endif -%}
{%- endmacro %}

{#- A condition on a `_date` column: in one of the touched weeks; an index on the column serves it. -#}
{% macro is_in_touched_weeks(column) -%}
    {%- if not is_partial_build() -%}
        true
    {%- else -%}
        {{ column }} >= {{ utc_week(from_hour()) }} and {{ column }} < {{ utc_week(last_hour()) }} + 7
    {%- endif -%}
{%- endmacro %}

{#- Incremental strategy `touched`: rows whose unique_key (one `_hour`, `_date` or `_week` column) lies in the touched
    range are deleted, also those that the new rows no longer have, and the new rows are inserted. -#}
{% macro get_incremental_touched_sql(arg_dict) -%}
    delete from {{ arg_dict['target_relation'] }} where {{ is_touched(arg_dict['unique_key']) }};
    {% if config.get('meta', {}).get('is_spine') and is_partial_build() -%}
    {{ delete_beyond_ends(arg_dict['target_relation'], arg_dict['unique_key']) }}
    {%- endif %}
    {{ get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns']) }}
{%- endmacro %}

{#- The planner knows nothing of a table that was made a moment ago, and the next models join it. -#}
{% macro analyze_new_table() -%}
    {% if not is_incremental() %} analyze {{ this }} {% endif %}
{%- endmacro %}

{#- The hours that are not built are few, and the coverage of all targets asks for them. -#}
{% macro index_unbuilt_hours() -%}
    {% if not is_incremental() %} create index on {{ this }} (benchmark_hour) where reason = 'not_built' {% endif %}
{%- endmacro %}

{#- Few suites ask fresh variants of their scenarios; dbt itself makes no index of a part of a table. -#}
{% macro index_fresh_variants() -%}
    {% if not is_incremental() %} create index on {{ this }} (suite) where variant_seed != 0 {% endif %}
{%- endmacro %}
