{#- Whether this server has TimescaleDB with continuous aggregates: its community edition, created in this database. -#}
{% macro has_timescaledb() -%}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set found = run_query(
        "select 1 from pg_extension"
        " where extname = 'timescaledb' and current_setting('timescaledb.license', true) = 'timescale'"
    ) -%}
    {{ return(found.rows | length > 0) }}
{%- endmacro %}

{#- Post hook: where the server has TimescaleDB, the built table is a hypertable, which a rollup needs. Does it once. -#}
{% macro make_hypertable() -%}
    {%- if has_timescaledb() -%}
    select create_hypertable(
        '{{ this }}', by_range('benchmark_hour', interval '7 days'),
        create_default_indexes => false, if_not_exists => true, migrate_data => true
    )
    {%- endif -%}
{%- endmacro %}

{#- The hour that a rollup groups by: an hour already, which a continuous aggregate wants said in its own words. -#}
{% macro rollup_hour(column) -%}
    {{ "time_bucket(interval '1 hour', " ~ column ~ ")" if has_timescaledb() else column }}
{%- endmacro %}

{#- Rows that a rollup reads: a continuous aggregate is defined over all of them, and knows which have changed. -#}
{% macro is_rolled_up(column) -%}
    {{ 'true' if has_timescaledb() else is_touched(column) }}
{%- endmacro %}

{#- dbt's own, but for a model whose meta says `is_rollup`, where the server has TimescaleDB. -#}
{% materialization incremental, adapter='postgres' -%}
    {%- if config.get('meta', {}).get('is_rollup') and has_timescaledb() -%}
        {{ return(refreshed_continuous_aggregate()) }}
    {%- endif -%}
    {{ return(dbt.materialization_incremental_default()) }}
{%- endmaterialization %}

{#- Makes the aggregate where it is missing or has another definition, which its comment tells, and refreshes what has
    changed in the hypertable since. A refresh is no part of a transaction; psycopg2 begins one by itself, so the first
    statement behind the commit ends it, as dbt's hooks outside a transaction do. -#}
{% macro refreshed_continuous_aggregate() -%}
    {%- set digest = local_md5(sql) -%}
    {%- set found = run_query(
        "select relkind, coalesce(obj_description(oid), '') from pg_class where oid = to_regclass('" ~ this ~ "')"
    ).rows -%}
    {%- if not found or found[0][1] != digest or should_full_refresh() -%}
        {%- call statement('create') -%}
            {%- if found -%}
            drop {{ 'table' if found[0][0] == 'r' else 'materialized view' }} {{ this }} cascade;
            {%- endif -%}
            create materialized view {{ this }}
            with (timescaledb.continuous, timescaledb.create_group_indexes = false) as
            {{ sql }}
            with no data;
            comment on view {{ this }} is '{{ digest }}';
            {%- for index in config.get('indexes') -%}
            create index on {{ this }} ({{ index.columns | join(', ') }});
            {%- endfor -%}
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
    {%- call statement('end_transaction', auto_begin=False) -%} commit {%- endcall -%}
    {%- call statement('main', auto_begin=False) -%}
    call refresh_continuous_aggregate('{{ this }}', null, null)
    {%- endcall -%}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{%- endmacro %}
