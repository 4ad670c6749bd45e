{#- Status and reason of a call of `calls` beside `newest_scorer_version`, the version of the scenario's scorer that counts
    in the period: a score by an older one is no measurement there. -#}
{% macro consistent_status(calls) -%}
    {%- set is_outdated = calls ~ ".status = 'measured' and " ~ calls ~ ".scorer_version < newest_scorer_version" -%}
    case when {{ is_outdated }} then 'missing' else {{ calls }}.status end as status,
    case when {{ is_outdated }} then 'not_rescored' else {{ calls }}.reason end as reason
{%- endmacro %}
