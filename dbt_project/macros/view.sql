{#- A view takes the place of the one before while its columns stay. dbt's own way drops that one, and with it every view
    that reads it, until those are built again: their readers would find none meanwhile, or for as long as a test fails. -#}
{% materialization view, adapter='postgres' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if existing is not none and (should_full_refresh() or not is_view_with_columns_of(existing, sql)) -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif %}
    {% call statement('main') -%}
        {{ get_replace_view_sql(target_relation, sql) }}
    {%- endcall %}

    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=False)) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Whether a relation is a view whose columns have the names, the order and the types of a query's. -#}
{% macro is_view_with_columns_of(relation, query) %}
    {%- if not relation.is_view -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set there = get_column_schema_from_query('select * from ' ~ relation) -%}
    {%- set wanted = get_column_schema_from_query(query) -%}
    {{ return(there | map(attribute='name') | list == wanted | map(attribute='name') | list
        and there | map(attribute='dtype') | list == wanted | map(attribute='dtype') | list) }}
{% endmacro %}
