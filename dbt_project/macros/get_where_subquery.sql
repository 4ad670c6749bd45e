{#- What dbt's data tests look at: the touched part of a model that is built by touched hours, or that names the column of
    its hours as `step` in its meta; else all of it. What was not touched was tested when it was. -#}
{% macro get_where_subquery(relation) -%}
    {%- set step = step_of(relation) if execute and touched('start') is not none and not flags.FULL_REFRESH -%}
    {%- if step -%}
        (select * from {{ relation }} where {{ in_touched(step) }}) as tested
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{% macro step_of(relation) -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.name == relation.identifier and node.schema == relation.schema -%}
        {{ return(node.config.unique_key if node.config.incremental_strategy == 'touched' else node.config.meta.step) }}
    {%- endfor -%}
{%- endmacro %}
